/* SPDX-License-Identifier: Apache-2.0
 *
 * utf8.h: code points out of and into UTF-8.
 */
#ifndef NV_DATA_UTF8_H
#define NV_DATA_UTF8_H

#include "base/str.h"

#define NV_REPLACEMENT 0xFFFDu

/* Bytes in ill-formed parts, each of which reads as U+FFFD. */
uint64_t nv_utf8_ill_formed(nv_str text);

/* The code point at p (len > 0) and its bytes. An ill-formed one gives U+FFFD, *bad true, and the bytes of its maximal
 * ill-formed part (Unicode 15, table 3-7 and section 3.9: "substitution of maximal subparts"). *bad is not reset. */
static inline size_t nv_utf8_decode(const unsigned char *p, size_t len, uint32_t *code_point, bool *bad)
{
	unsigned lead = p[0], low = 0x80, high = 0xBF;
	if (lead < 0x80) {
		*code_point = lead;
		return 1;
	}
	size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2, i = 1;
	uint32_t value = lead & (0x7Fu >> need);
	if (lead == 0xE0 || lead == 0xF0)
		low = lead == 0xE0 ? 0xA0 : 0x90;
	if (lead == 0xED || lead == 0xF4)
		high = lead == 0xED ? 0x9F : 0x8F;
	if (lead >= 0xC2 && lead <= 0xF4) {
		for (; i < need && i < len && p[i] >= low && p[i] <= high; i++, low = 0x80, high = 0xBF)
			value = value << 6 | (p[i] & 0x3Fu);
		if (i == need) {
			*code_point = value;
			return need;
		}
	}
	*bad = true;
	*code_point = NV_REPLACEMENT;
	return i;
}

/* Writes up to 4 bytes; returns how many. */
static inline size_t nv_utf8_encode(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

#endif
