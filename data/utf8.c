/* SPDX-License-Identifier: Apache-2.0 */
#include "data/utf8.h"

#include <string.h>

static const unsigned char *skip_ascii(const unsigned char *p, const unsigned char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t word;
		memcpy(&word, p, sizeof word);
		if (word & 0x8080808080808080u)
			break;
	}
	while (p < end && *p < 0x80)
		p++;
	return p;
}

uint64_t nv_utf8_ill_formed(nv_str text)
{
	if (text.len == 0)
		return 0;
	const unsigned char *p = (const unsigned char *)text.ptr, *end = p + text.len;
	uint64_t n_ill = 0;
	while ((p = skip_ascii(p, end)) < end) {
		uint32_t code_point;
		bool bad = false;
		size_t n = nv_utf8_decode(p, (size_t)(end - p), &code_point, &bad);
		n_ill += bad ? n : 0;
		p += n;
	}
	return n_ill;
}
