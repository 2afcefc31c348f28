/* SPDX-License-Identifier: Apache-2.0
 *
 * The generator of numeric.h: xoshiro256++, with its state filled by SplitMix64 as its authors advise.
 */
#include "base/hash.h"
#include "base/numeric.h"
#include "base/str.h"
#include "base/wide.h"

static uint64_t split_mix(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

void nv_rng_init(nv_rng *rng, uint64_t seed, uint64_t stream)
{
	uint64_t state = nv_hash_pair(seed, stream);
	for (size_t i = 0; i < 4; i++)
		rng->s[i] = split_mix(&state);
}

static uint64_t rotate(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

uint64_t nv_rng_next(nv_rng *rng)
{
	uint64_t *s = rng->s, result = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

/* The high half of a product with n; low halves that would make some values likelier are drawn again (Lemire 2019). */
uint64_t nv_rng_below(nv_rng *rng, uint64_t n)
{
	uint64_t high, low = nv_mul_wide(nv_rng_next(rng), n, &high);
	if (low < n) {
		uint64_t reject = (0 - n) % n;
		while (low < reject)
			low = nv_mul_wide(nv_rng_next(rng), n, &high);
	}
	return high;
}

double nv_rng_uniform(nv_rng *rng)
{
	return (double)(nv_rng_next(rng) >> 11) * 0x1p-53;
}

void nv_rng_shuffle(nv_rng *rng, uint32_t *x, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)nv_rng_below(rng, i);
		uint32_t swap = x[i - 1];
		x[i - 1] = x[j];
		x[j] = swap;
	}
}
