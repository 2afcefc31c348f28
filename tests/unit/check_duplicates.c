/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "data/duplicates.h"
#include "tests/unit/check_main.h"

/* Words low .. high - 1 of an endless text without repetition. */
static void make_tokens(nv_token_list *list, nv_token *token, uint64_t low, uint64_t high)
{
	*list = (nv_token_list){.token = token, .n = (size_t)(high - low)};
	for (uint64_t i = low; i < high; i++)
		token[i - low] = (nv_token){nv_hash_pair(i, 99), 0, 1};
}

static void sign(uint64_t low, uint64_t high, uint32_t signature[NV_N_MINHASH])
{
	static nv_token token[4096];
	nv_token_list list;
	make_tokens(&list, token, low, high);
	nv_minhash(&list, signature);
}

static double similarity(const uint32_t *a, const uint32_t *b)
{
	double equal = 0;
	for (size_t i = 0; i < NV_N_MINHASH; i++)
		equal += a[i] == b[i];
	return equal / NV_N_MINHASH;
}

START_TEST(fingerprints_tell_order)
{
	nv_token token[3];
	nv_token_list list;
	make_tokens(&list, token, 1, 4);
	uint64_t forward = nv_text_fingerprint(&list);
	ck_assert_uint_eq(forward, nv_text_fingerprint(&list));
	nv_token first = token[0];
	token[0] = token[2];
	token[2] = first;
	ck_assert_uint_ne(forward, nv_text_fingerprint(&list));
	list.n = 0;
	ck_assert_uint_eq(nv_text_fingerprint(&list), 0);
}
END_TEST

/* Two stretches of 1,000 words that share `shared`: the mean estimate over many pairs is near the true Jaccard
 * similarity. */
START_TEST(estimates_are_near_the_truth)
{
	for (uint64_t shared = 0; shared <= 1000; shared += 250) {
		double sum = 0, truth = (double)shared / (2000.0 - (double)shared);
		for (uint64_t pair = 0; pair < 50; pair++) {
			uint32_t a[NV_N_MINHASH], b[NV_N_MINHASH];
			sign(pair * 10000, pair * 10000 + 1000, a);
			sign(pair * 10000 + 1000 - shared, pair * 10000 + 2000 - shared, b);
			sum += similarity(a, b) / 50;
		}
		ck_assert_double_eq_tol(sum, truth, 0.03);
	}
}
END_TEST

START_TEST(short_texts_estimate_too)
{
	uint32_t a[NV_N_MINHASH], b[NV_N_MINHASH];
	double sum = 0;
	for (uint64_t pair = 0; pair < 200; pair++) {
		sign(pair * 100, pair * 100 + 22, a); /* 20 grams, 15 of them shared: 15 / 25 */
		sign(pair * 100 + 5, pair * 100 + 27, b);
		sum += similarity(a, b) / 200;
	}
	ck_assert_double_eq_tol(sum, 0.6, 0.03);
}
END_TEST

START_TEST(near_texts_share_a_group)
{
	enum { N_TEXT = 9 };
	/* 0, 3 and 8 chained near (8 by 3), 1 and 4 equal, 2 alone, 5 and 6 empty, 7 half of 2. */
	static const uint64_t range[N_TEXT][2] = {{0, 1000}, {5000, 5400}, {9000, 9800}, {60, 1060}, {5000, 5400},
	                                          {1, 1},    {1, 1},       {9400, 9800}, {120, 1120}};
	const uint32_t expected[N_TEXT] = {0, 1, 2, 0, 1, 5, 6, 7, 0};
	uint32_t signature[N_TEXT][NV_N_MINHASH], group[N_TEXT];
	nv_error err = {0};
	for (size_t i = 0; i < N_TEXT; i++)
		sign(range[i][0], range[i][1], signature[i]);
	ck_assert_int_eq(nv_near_duplicates(N_TEXT, (const uint32_t(*)[NV_N_MINHASH])signature, group, &err), 0);
	ck_assert_mem_eq(group, expected, sizeof expected);
}
END_TEST

START_TEST(one_and_two_words)
{
	uint32_t signature[4][NV_N_MINHASH], group[4];
	const uint32_t expected[4] = {0, 0, 2, 3};
	nv_error err = {0};
	sign(1, 3, signature[0]);
	sign(1, 3, signature[1]);
	sign(2, 4, signature[2]);
	sign(1, 2, signature[3]);
	ck_assert_int_eq(nv_near_duplicates(4, (const uint32_t(*)[NV_N_MINHASH])signature, group, &err), 0);
	ck_assert_mem_eq(group, expected, sizeof expected);
	ck_assert_int_eq(nv_near_duplicates(0, NULL, NULL, &err), 0);
}
END_TEST

static Suite *duplicates_suite(void)
{
	Suite *suite = suite_create("duplicates");
	NV_CASE(suite, "Core", fingerprints_tell_order, estimates_are_near_the_truth, near_texts_share_a_group);
	NV_CASE(suite, "Limits", short_texts_estimate_too, one_and_two_words);
	return suite;
}

NV_CHECK_MAIN(duplicates_suite)
