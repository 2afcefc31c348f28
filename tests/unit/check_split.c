/* SPDX-License-Identifier: Apache-2.0 */
#include "data/split.h"
#include "tests/unit/check_main.h"
#include "tests/unit/faulty_alloc.h"

#include <string.h>

#define N_ARTICLE 300

static void split(size_t n, size_t k, const uint32_t *group, const uint32_t *stratum, uint64_t seed, uint32_t *fold)
{
	nv_error err = {0};
	ck_assert_int_eq(nv_split_folds(n, k, group, stratum, seed, fold, &err), 0);
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_lt(fold[i], k);
}

/* Articles of stratum s (all: UINT32_MAX) in fold f. */
static size_t count(const uint32_t *fold, const uint32_t *stratum, uint32_t f, uint32_t s)
{
	size_t n = 0;
	for (size_t i = 0; i < N_ARTICLE; i++)
		n += fold[i] == f && (s == UINT32_MAX || stratum[i] == s);
	return n;
}

START_TEST(strata_are_spread_evenly)
{
	uint32_t stratum[N_ARTICLE], fold[N_ARTICLE];
	for (uint32_t i = 0; i < N_ARTICLE; i++)
		stratum[i] = i % 10 < 7 ? 500 : i % 10 < 9 ? 3 : 9;
	split(N_ARTICLE, 5, NULL, stratum, 1, fold);
	for (uint32_t f = 0; f < 5; f++) {
		ck_assert_uint_eq(count(fold, stratum, f, 500), 42);
		ck_assert_uint_eq(count(fold, stratum, f, 3), 12);
		ck_assert_uint_eq(count(fold, stratum, f, 9), 6);
	}
	split(N_ARTICLE, 7, NULL, NULL, 1, fold);
	for (uint32_t f = 0; f < 7; f++)
		ck_assert_uint_le(count(fold, NULL, f, UINT32_MAX), N_ARTICLE / 7 + 1);
}
END_TEST

START_TEST(groups_stay_together)
{
	uint32_t group[N_ARTICLE], fold[N_ARTICLE], where[40];
	for (uint32_t i = 0; i < N_ARTICLE; i++)
		group[i] = 1000 + i * 7 % 40;
	split(N_ARTICLE, 4, group, NULL, 1, fold);
	memset(where, 0xFF, sizeof where);
	for (uint32_t i = 0; i < N_ARTICLE; i++) {
		uint32_t *first = &where[group[i] - 1000];
		ck_assert(*first == UINT32_MAX || *first == fold[i]);
		*first = fold[i];
	}
	for (uint32_t f = 0; f < 4; f++)
		ck_assert_uint_le(count(fold, NULL, f, UINT32_MAX), 80);
}
END_TEST

START_TEST(as_many_groups_as_folds)
{
	const uint32_t group[] = {9, 9, 2, 9, 5, 2, 7};
	const uint32_t expected[] = {0, 0, 1, 0, 2, 1, 3};
	uint32_t fold[7];
	split(7, 4, group, NULL, 1, fold);
	ck_assert_mem_eq(fold, expected, sizeof expected);
}
END_TEST

START_TEST(the_seed_alone_decides)
{
	uint32_t a[N_ARTICLE], b[N_ARTICLE];
	split(N_ARTICLE, 5, NULL, NULL, 7, a);
	split(N_ARTICLE, 5, NULL, NULL, 7, b);
	ck_assert_mem_eq(a, b, sizeof a);
	split(N_ARTICLE, 5, NULL, NULL, 8, b);
	ck_assert_mem_ne(a, b, sizeof a);
}
END_TEST

START_TEST(too_many_folds_are_refused)
{
	const uint32_t group[] = {1, 1, 2, 2};
	uint32_t fold[4];
	nv_error err = {0};
	ck_assert_int_eq(nv_split_folds(4, 3, group, NULL, 1, fold, &err), NV_E_USAGE);
	ck_assert_int_eq(nv_split_folds(4, 5, NULL, NULL, 1, fold, &err), NV_E_USAGE);
	ck_assert_int_eq(nv_split_folds(4, 1, NULL, NULL, 1, fold, &err), NV_E_USAGE);
	ck_assert_int_eq(nv_split_folds(0, 2, NULL, NULL, 1, fold, NULL), NV_E_USAGE);
}
END_TEST

START_TEST(failed_allocations_are_told)
{
	const uint32_t group[] = {1, 2, 3, 1, 5}, stratum[] = {1, 2, 1, 2, 1};
	int code = NV_E_MEMORY;
	for (long n = 0; code != 0 && n < 50; n++) {
		uint32_t fold[5];
		nv_error err = {0};
		faulty_on(n);
		code = nv_split_folds(5, 2, group, stratum, 1, fold, &err);
		ck_assert_int_eq(faulty_off(), 0);
		ck_assert(code == 0 || code == NV_E_MEMORY);
	}
	ck_assert_int_eq(code, 0);
}
END_TEST

static Suite *split_suite(void)
{
	Suite *suite = suite_create("split");
	NV_CASE(suite, "Core", strata_are_spread_evenly, groups_stay_together, as_many_groups_as_folds,
	        the_seed_alone_decides);
	NV_CASE(suite, "Errors", too_many_folds_are_refused, failed_allocations_are_told);
	return suite;
}

NV_CHECK_MAIN(split_suite)
