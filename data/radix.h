/* SPDX-License-Identifier: Apache-2.0
 *
 * radix.h: sorting numbers by their low bits, digit by digit from the lowest up (LSD radix sort; Knuth, The Art of Computer
 * Programming, volume 3, section 5.2.5).
 */
#ifndef NV_DATA_RADIX_H
#define NV_DATA_RADIX_H

#include <stddef.h>
#include <stdint.h>

/* Sorts (*key)[n] by the low `bits` bits, at most 32; equal ones stay in their order, higher bits move along. (*other)[n] is
 * working memory; the two may come back exchanged. n is below 2^32. */
void nv_radix_sort(uint32_t **key, uint32_t **other, size_t n, unsigned bits);

/* count[i] becomes the sum of those before it; n is a multiple of 4. The portable twin does the same. */
void nv_prefix_sums(uint32_t *count, size_t n);
void nv_prefix_sums_portable(uint32_t *count, size_t n);

#endif
