/* SPDX-License-Identifier: Apache-2.0
 *
 * hash.h: 64-bit hashes, the same on every machine and in every run (they are written into model files). Not meant to withstand
 * keys chosen to collide. Inline: they are taken for every word, word pair and character n-gram.
 *
 * 128-bit products of pairs of words, folded (the idea of wyhash, Wang Yi 2019); up to 16 bytes take two loads and two
 * products. Odd constants with balanced bits, from the digits of the square roots of 2, 3, 5 and 7.
 */
#ifndef NV_BASE_HASH_H
#define NV_BASE_HASH_H

#include "base/wide.h"

#include <stddef.h>

#define NV_HASH_A 0x6A09E667F3BCC909u
#define NV_HASH_B 0xBB67AE8584CAA73Bu
#define NV_HASH_C 0x3C6EF372FE94F82Bu
#define NV_HASH_D 0xA54FF53A5F1D36F1u

/* Written out byte by byte: one load on little-endian machines, the same value on the others. */
static inline uint64_t nv_load_64(const unsigned char *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
	       (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

static inline uint64_t nv_load_32(const unsigned char *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24;
}

static inline uint64_t nv_hash_fold(uint64_t a, uint64_t b)
{
	uint64_t high, low = nv_mul_wide(a, b, &high);
	return low ^ high;
}

static inline uint64_t nv_hash_end(uint64_t a, uint64_t b, uint64_t state, size_t len)
{
	return nv_hash_fold(NV_HASH_C ^ len, nv_hash_fold(a ^ NV_HASH_B, b ^ state));
}

/* Of bytes[len]. */
static inline uint64_t nv_hash(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t a = 0, b = 0, state = NV_HASH_A;
	size_t left = len;
	if (len >= 8) {
		for (; left > 16; left -= 16, p += 16)
			state = nv_hash_fold(nv_load_64(p) ^ NV_HASH_B, nv_load_64(p + 8) ^ state);
		/* The last 16 bytes, overlapping what came before; of 8 to 16 bytes, both ends. */
		p += left;
		a = nv_load_64(len >= 16 ? p - 16 : p - left);
		b = nv_load_64(p - 8);
	} else if (len >= 4) {
		a = nv_load_32(p);
		b = nv_load_32(p + len - 4);
	} else if (len > 0) {
		a = (uint64_t)p[0] | (uint64_t)p[len / 2] << 8 | (uint64_t)p[len - 1] << 16;
	}
	return nv_hash_end(a, b, state, len);
}

/* The same of 1 to 16 bytes, of which 8 at least can be read whatever len is: without a branch, since the lengths of words
 * are as good as chance to the processor. */
static inline uint64_t nv_hash_short(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t x = nv_load_64(p), long_b = nv_load_64(p + (len > 8 ? len - 8 : 0));
	uint64_t middle_b = x >> (8 * (len - 4) & 63) & 0xFFFFFFFFu;
	uint64_t short_a = (x & 0xFF) | (x >> (8 * (len / 2) & 63) & 0xFF) << 8 | (x >> (8 * (len - 1) & 63) & 0xFF) << 16;
	uint64_t is_long = 0 - (uint64_t)(len >= 8), is_short = 0 - (uint64_t)(len < 4), is_middle = ~(is_long | is_short);
	uint64_t a = (x & is_long) | (x & 0xFFFFFFFFu & is_middle) | (short_a & is_short);
	return nv_hash_end(a, (long_b & is_long) | (middle_b & is_middle), NV_HASH_A, len);
}

/* Mixes two numbers into one well-spread one (for pairs of ids). */
static inline uint64_t nv_hash_pair(uint64_t a, uint64_t b)
{
	return nv_hash_fold(NV_HASH_D, nv_hash_fold(a ^ NV_HASH_B, b ^ NV_HASH_A) ^ NV_HASH_C);
}

#endif
