/* SPDX-License-Identifier: Apache-2.0
 *
 * Few long digits: an article has some hundred keys, so that a pass over them costs about as much as the sums over 1,024 counts,
 * of which SSE2 does four at a time. The counts of a digit stay in the first-level cache.
 */
#include "data/radix.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define MAX_WIDTH 10 /* bits of a digit */

void nv_prefix_sums_portable(uint32_t *count, size_t n)
{
	uint32_t total = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t own = count[i];
		count[i] = total;
		total += own;
	}
}

#ifdef __SSE2__
void nv_prefix_sums(uint32_t *count, size_t n)
{
	__m128i before = _mm_setzero_si128(); /* all four: the sum of what has been passed */
	for (size_t i = 0; i < n; i += 4) {
		__m128i *at = (__m128i *)(void *)(count + i);
		__m128i own = _mm_loadu_si128(at), sum = _mm_add_epi32(own, _mm_slli_si128(own, 4));
		sum = _mm_add_epi32(sum, _mm_slli_si128(sum, 8));
		_mm_storeu_si128(at, _mm_add_epi32(_mm_sub_epi32(sum, own), before));
		before = _mm_add_epi32(before, _mm_shuffle_epi32(sum, 0xFF));
	}
}
#else
void nv_prefix_sums(uint32_t *count, size_t n)
{
	nv_prefix_sums_portable(count, n);
}
#endif

void nv_radix_sort(uint32_t **key, uint32_t **other, size_t n, unsigned bits)
{
	unsigned n_digit = (bits + MAX_WIDTH - 1) / MAX_WIDTH, width = n_digit > 0 ? (bits + n_digit - 1) / n_digit : 0;
	for (unsigned shift = 0; shift < bits; shift += width) {
		uint32_t place[1 << MAX_WIDTH], *from = *key, *to = *other;
		const uint32_t mask = (UINT32_C(1) << (width < bits - shift ? width : bits - shift)) - 1;
		const size_t n_place = mask < 4 ? 4 : (size_t)mask + 1;
		memset(place, 0, n_place * sizeof *place);
		for (size_t i = 0; i < n; i++)
			place[from[i] >> shift & mask]++;
		nv_prefix_sums(place, n_place);
		for (size_t i = 0; i < n; i++)
			to[place[from[i] >> shift & mask]++] = from[i];
		*key = to;
		*other = from;
	}
}
