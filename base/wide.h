/* SPDX-License-Identifier: Apache-2.0
 *
 * wide.h: the 128-bit product of two 64-bit numbers, for hashing and the generator.
 */
#ifndef NV_BASE_WIDE_H
#define NV_BASE_WIDE_H

#include <stdint.h>

/* Low half of a * b; the high half into *high. */
static inline uint64_t nv_mul_wide(uint64_t a, uint64_t b, uint64_t *high)
{
#ifdef __SIZEOF_INT128__
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;
	*high = (uint64_t)(product >> 64);
	return (uint64_t)product;
#else
	uint64_t a0 = a & 0xFFFFFFFFu, a1 = a >> 32, b0 = b & 0xFFFFFFFFu, b1 = b >> 32;
	uint64_t low = a0 * b0, cross = a1 * b0 + (low >> 32), other = a0 * b1 + (cross & 0xFFFFFFFFu);
	*high = a1 * b1 + (cross >> 32) + (other >> 32);
	return (other << 32) | (low & 0xFFFFFFFFu);
#endif
}

#endif
