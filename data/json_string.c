/* SPDX-License-Identifier: Apache-2.0 */
#include "data/json_string.h"

#include "data/utf8.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* ---- Finding ---- */

static inline bool is_special(char c)
{
	return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

/* Non-zero when one of the word's bytes is zero (Warren, Hacker's Delight, 6-1); exact as a yes or no. */
static inline uint64_t has_zero(uint64_t word)
{
	return (word - 0x0101010101010101u) & ~word & 0x8080808080808080u;
}

const char *nv_find_special_portable(const char *at, const char *end)
{
	const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
	for (; end - at >= 8; at += 8) {
		uint64_t word;
		memcpy(&word, at, sizeof word);
		uint64_t control = (word - ones * 0x20) & ~word & high;
		if (control | has_zero(word ^ ones * '"') | has_zero(word ^ ones * '\\'))
			break;
	}
	while (at < end && !is_special(*at))
		at++;
	return at;
}

#ifdef __SSE2__
static inline int special_mask(const char *at)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
	__m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
	return _mm_movemask_epi8(_mm_or_si128(hit, control));
}

const char *nv_find_special(const char *at, const char *end)
{
	for (; end - at >= 16; at += 16) {
		int mask = special_mask(at);
		if (mask)
			return at + __builtin_ctz((unsigned)mask);
	}
	return nv_find_special_portable(at, end);
}
#else
const char *nv_find_special(const char *at, const char *end)
{
	return nv_find_special_portable(at, end);
}
#endif

/* ---- Escapes ---- */

static uint32_t hex4(const char *p)
{
	uint32_t value = 0;
	for (int i = 0; i < 4; i++) {
		char c = p[i];
		value = value << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

static bool is_low_surrogate(const char *p, const char *end)
{
	return end - p >= 6 && p[0] == '\\' && p[1] == 'u' && (hex4(p + 2) & 0xFC00) == 0xDC00;
}

/* p stands on \uXXXX; returns the code point and moves p behind it, or behind both of a pair. */
static uint32_t take_unicode(const char **p, const char *end)
{
	uint32_t unit = hex4(*p + 2);
	*p += 6;
	if ((unit & 0xF800) != 0xD800)
		return unit;
	if (unit >= 0xDC00 || !is_low_surrogate(*p, end))
		return 0xFFFD;
	uint32_t low = hex4(*p + 2);
	*p += 6;
	return 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF);
}

static char plain_escape(char c)
{
	switch (c) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return c;
	}
}

/* Copies up to the next backslash or end, whole words at a time: what is left of out is never shorter than what is left of
 * raw, so that a word may be written before it is known to be free of a backslash. Returns what has been copied. */
static size_t copy_plain(const char *at, const char *end, char *to)
{
	const char *start = at;
#ifdef __SSE2__
	for (; end - at >= 16; at += 16, to += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		_mm_storeu_si128((__m128i *)(void *)to, bytes);
		int mask = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
		if (mask)
			return (size_t)(at - start) + (size_t)__builtin_ctz((unsigned)mask);
	}
#endif
	for (; end - at >= 8; at += 8, to += 8) {
		uint64_t word;
		memcpy(&word, at, sizeof word);
		if (has_zero(word ^ 0x0101010101010101u * '\\'))
			break;
		memcpy(to, &word, sizeof word);
	}
	while (at < end && *at != '\\')
		*to++ = *at++;
	return (size_t)(at - start);
}

size_t nv_pull_decode(nv_str raw, char *out)
{
	const char *at = raw.ptr, *end = raw.ptr + raw.len;
	char *to = out;
	for (;;) {
		size_t len = copy_plain(at, end, to);
		at += len;
		to += len;
		if (at == end)
			break;
		if (at[1] == 'u') {
			to += nv_utf8_encode(take_unicode(&at, end), to);
		} else {
			*to++ = plain_escape(at[1]);
			at += 2;
		}
	}
	return (size_t)(to - out);
}
