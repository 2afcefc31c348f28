/* SPDX-License-Identifier: Apache-2.0 */
#include "base/numeric.h"
#include "data/radix.h"
#include "tests/unit/check_main.h"

#include <stdlib.h>

enum { MOST = 1500 };
static uint32_t key[MOST], other[MOST], want[MOST], low_bits;

/* By the low bits, then as they stood: the order of a stable sort. The number in the order is in the high bits. */
static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b, x_low = x & low_bits, y_low = y & low_bits;
	return x_low != y_low ? (x_low < y_low ? -1 : 1) : (x > y) - (x < y);
}

static void check_sort(nv_rng *rng, size_t n, unsigned bits)
{
	uint32_t *sorted = key, *room = other, below = bits < 32 ? UINT32_C(1) << bits : 0;
	low_bits = below - 1;
	for (size_t i = 0; i < n; i++) {
		uint32_t mark = bits <= 19 ? (uint32_t)i << 19 : 0;
		want[i] = (uint32_t)nv_rng_below(rng, UINT64_C(1) << 32) & low_bits & (i % 3 ? 0xFFFF00FFu : 0xFFu);
		key[i] = want[i] |= mark;
	}
	qsort(want, n, sizeof *want, compare);
	nv_radix_sort(&sorted, &room, n, bits);
	ck_assert((sorted == key && room == other) || (sorted == other && room == key));
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(sorted[i], want[i]);
}

START_TEST(sorts_stably_by_the_low_bits)
{
	nv_rng rng;
	nv_rng_init(&rng, 1, 1);
	for (unsigned bits = 0; bits <= 32; bits++) {
		check_sort(&rng, 0, bits);
		check_sort(&rng, 1, bits);
		check_sort(&rng, 700, bits);
		check_sort(&rng, MOST, bits);
	}
}
END_TEST

START_TEST(the_portable_twin_agrees)
{
	nv_rng rng;
	nv_rng_init(&rng, 2, 1);
	for (size_t n = 0; n <= 1024; n += 4) {
		uint32_t total = 0;
		for (size_t i = 0; i < n; i++)
			key[i] = other[i] = (uint32_t)nv_rng_below(&rng, n % 8 ? 3 : 1000000);
		nv_prefix_sums(key, n);
		for (size_t i = 0; i < n; total += other[i++])
			ck_assert_uint_eq(key[i], total);
		nv_prefix_sums_portable(other, n);
		for (size_t i = 0; i < n; i++)
			ck_assert_uint_eq(key[i], other[i]);
	}
}
END_TEST

static Suite *radix_suite(void)
{
	Suite *suite = suite_create("radix");
	NV_CASE(suite, "Core", sorts_stably_by_the_low_bits);
	NV_CASE(suite, "Limits", the_portable_twin_agrees);
	return suite;
}

NV_CHECK_MAIN(radix_suite)
