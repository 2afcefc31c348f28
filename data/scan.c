/* SPDX-License-Identifier: Apache-2.0
 *
 * A block of 64 bytes gives a mask for each kind of byte; what wants a closer look follows from the masks by shifts, with the
 * last block's highest bits carried over (the idea of Langdale and Lemire: Parsing gigabytes of JSON per second, 2019).
 */
#include "data/scan.h"

#include "data/bytes.h"
#include "data/bytes_16.h"

#include <stdbool.h>
#include <string.h>

typedef struct masks {
	uint64_t word, digit, dot, comma, line;
	uint64_t low;  /* white space and control characters */
	uint64_t rare; /* & ' # @ ! ? and what is not ASCII */
} masks;

/* What the blocks before tell of the next one's lowest byte. */
typedef struct carry {
	bool digit, dot, joint, line;
} carry;

static masks masks_portable(const unsigned char *p, unsigned char *folded)
{
	masks m = {0};
	for (unsigned i = 0; i < 64; i++) {
		const unsigned char c = p[i];
		const uint64_t bit = UINT64_C(1) << i;
		folded[i] = (unsigned char)nv_byte_fold(c);
		m.word |= nv_byte_class[c] == NV_BYTE_WORD ? bit : 0;
		m.digit |= nv_byte_is_digit(c) ? bit : 0;
		m.dot |= c == '.' ? bit : 0;
		m.comma |= c == ',' ? bit : 0;
		m.line |= c == '\n' ? bit : 0;
		m.low |= c <= ' ' ? bit : 0;
		m.rare |= c >= 0x80 || (c != '\0' && strchr("&'#@!?", c)) ? bit : 0;
	}
	return m;
}

#ifdef __SSE2__
static inline uint64_t bits_of(__m128i bytes)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(bytes);
}

static inline masks masks_16(const unsigned char *p, unsigned char *folded)
{
	const __m128i raw = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i digit, word;
	_mm_storeu_si128((__m128i *)(void *)folded, nv_fold_16(raw, &digit, &word));
	/* '&' and apostrophe, '!' and '#' differ in one bit; '?' and '@' are neighbours; the sign of raw: not ASCII. */
	__m128i and_quote = nv_are(_mm_or_si128(raw, _mm_set1_epi8(1)), '\'');
	__m128i hash_bang = nv_are(_mm_or_si128(raw, _mm_set1_epi8(2)), '#');
	__m128i rare = _mm_or_si128(_mm_or_si128(and_quote, hash_bang), _mm_or_si128(nv_are_in(raw, '?', 2), raw));
	return (masks){
		.word = bits_of(word),
		.digit = bits_of(digit),
		.dot = bits_of(nv_are(raw, '.')),
		.comma = bits_of(nv_are(raw, ',')),
		.line = bits_of(nv_are(raw, '\n')),
		.low = bits_of(nv_are_in(raw, 0, 0x21)),
		.rare = bits_of(rare),
	};
}

static inline masks masks_64(const unsigned char *p, unsigned char *folded)
{
	masks m = masks_16(p, folded);
	for (unsigned i = 16; i < 64; i += 16) {
		masks next = masks_16(p + i, folded + i);
		m.word |= next.word << i;
		m.digit |= next.digit << i;
		m.dot |= next.dot << i;
		m.comma |= next.comma << i;
		m.line |= next.line << i;
		m.low |= next.low << i;
		m.rare |= next.rare << i;
	}
	return m;
}
#else
#define masks_64 masks_portable
#endif

static inline uint64_t shifted_in(uint64_t bits, bool before)
{
	return bits << 1 | before;
}

static inline uint64_t special_of(const masks *m, carry *c)
{
	uint64_t blank = m->low & ~m->line, joint = (m->dot | m->comma) & shifted_in(m->digit, c->digit), behind_run;
	/* Blanks that begin behind a line feed: added to the blanks, each run of them carries into the byte behind it. */
	uint64_t behind_line = shifted_in(m->line, c->line);
	bool run_goes_on = __builtin_add_overflow(behind_line & blank, blank, &behind_run);
	uint64_t special = m->rare | (shifted_in(m->dot, c->dot) & ~m->word) | (shifted_in(joint, c->joint) & m->digit) |
	                   (m->line & (behind_line | (behind_run & ~blank)));
	*c = (carry){m->digit >> 63, m->dot >> 63, joint >> 63, m->line >> 63 || run_goes_on};
	return special;
}

static inline void scan_by(masks (*masks_of)(const unsigned char *, unsigned char *), nv_scan *scan,
                           const unsigned char *from, size_t n)
{
	carry c = {0};
	size_t k = 0;
	scan->from = from;
	scan->n = n;
	for (; 64 * k < n; k++) {
		unsigned char last[64] = {0};
		const unsigned char *p = from + 64 * k;
		if (n - 64 * k < 64)
			p = memcpy(last, p, n - 64 * k);
		masks m = masks_of(p, scan->folded + 64 * k);
		scan->word[k] = m.word;
		scan->special[k] = special_of(&m, &c);
	}
	scan->word[k] = scan->special[k] = 0;
	memset(scan->folded + 64 * k, 0, 16);
}

void nv_scan_bytes(nv_scan *scan, const unsigned char *from, size_t n)
{
	scan_by(masks_64, scan, from, n);
}

void nv_scan_bytes_portable(nv_scan *scan, const unsigned char *from, size_t n)
{
	scan_by(masks_portable, scan, from, n);
}
