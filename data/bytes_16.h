/* SPDX-License-Identifier: Apache-2.0
 *
 * bytes_16.h: what bytes.h tells of a byte, of 16 at once, where the machine has SSE2. Answers are bytes of 0xFF (yes) and 0.
 */
#ifndef NV_DATA_BYTES_16_H
#define NV_DATA_BYTES_16_H

#ifdef __SSE2__
#include <emmintrin.h>

static inline __m128i nv_are(__m128i bytes, char c)
{
	return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}

/* first <= byte < first + count: x - first < count, unsigned, as a signed comparison of shifted values. */
static inline __m128i nv_are_in(__m128i bytes, int first, int count)
{
	__m128i shifted = _mm_add_epi8(bytes, _mm_set1_epi8((char)(-128 - first)));
	return _mm_cmplt_epi8(shifted, _mm_set1_epi8((char)(-128 + count)));
}

/* nv_byte_fold of each; which are digits, and which word characters. */
static inline __m128i nv_fold_16(__m128i bytes, __m128i *digit, __m128i *word)
{
	const __m128i blank = _mm_set1_epi8(0x20), letter = nv_are_in(_mm_or_si128(bytes, blank), 'a', 26);
	*digit = nv_are_in(bytes, '0', 10);
	*word = _mm_or_si128(_mm_or_si128(letter, *digit), nv_are(bytes, '_'));
	return _mm_or_si128(bytes, _mm_and_si128(letter, blank));
}
#endif

#endif
