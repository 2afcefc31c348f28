/* SPDX-License-Identifier: Apache-2.0 */
#include "check_main.h"
#include "faulty_alloc.h"

#include "train/thresholds.h"

START_TEST(best_of_one_label)
{
	const double p[] = {0.9, 0.8, 0.3, 0.25, 0.1, 0.05};
	const uint8_t gold[] = {1, 0, 1, 1, 0, 0}, none[6] = {0}, all[] = {1, 1, 1, 1, 1, 1};
	double t;
	ck_assert_int_eq(nv_best_f1_threshold(6, 1, p, gold, &t, NULL), NV_OK);
	ck_assert_double_eq_tol(t, 0.175, 1e-12);
	ck_assert_int_eq(nv_best_f1_threshold(6, 1, p, none, &t, NULL), NV_OK);
	ck_assert_double_eq_tol(t, 0.5, 1e-12);
	ck_assert_int_eq(nv_best_f1_threshold(6, 1, p, all, &t, NULL), NV_OK);
	ck_assert_double_eq_tol(t, 0.05, 1e-12);
}
END_TEST

/* 10 articles have the first label, found from .6 on; the one of the second is found from .15 on; together .6 is best. */
START_TEST(rare_labels_are_drawn_to_the_common_threshold)
{
	enum { N = 40 };
	double p[N][2], t[2];
	uint8_t gold[N][2] = {{0}};
	for (size_t i = 0; i < N; i++) {
		gold[i][0] = i < 10;
		p[i][0] = i < 10 ? 0.8 : 0.4;
		p[i][1] = i == 0 ? 0.2 : 0.1;
	}
	gold[0][1] = 1;
	ck_assert_int_eq(nv_f1_thresholds(N, 2, p[0], gold[0], t, NULL), NV_OK);
	ck_assert_double_eq_tol(t[0], 0.6, 1e-12);
	ck_assert_double_eq_tol(t[1], 0.15 / 11 + 0.6 * 10 / 11, 1e-12);
}
END_TEST

START_TEST(ties_are_not_parted)
{
	const double p[] = {0.7, 0.4, 0.4, 0.1};
	const uint8_t gold[] = {1, 1, 0, 0};
	double t;
	ck_assert_int_eq(nv_best_f1_threshold(4, 1, p, gold, &t, NULL), NV_OK);
	ck_assert_double_eq_tol(t, 0.25, 1e-12); /* F1 .8 with both of .4, .67 with neither */
}
END_TEST

START_TEST(out_of_memory)
{
	const double p[] = {0.7, 0.4, 0.4, 0.1};
	const uint8_t gold[] = {1, 1, 0, 0};
	double t[2];
	for (long n = 0;; n++) {
		nv_error err = {0};
		faulty_on(n);
		int code = nv_f1_thresholds(2, 2, p, gold, t, &err);
		ck_assert_int_eq(faulty_off(), 0);
		if (code == NV_OK)
			break;
		ck_assert_int_eq(code, NV_E_MEMORY);
	}
}
END_TEST

static Suite *thresholds_suite(void)
{
	Suite *suite = suite_create("thresholds");
	NV_CASE(suite, "Core", best_of_one_label, rare_labels_are_drawn_to_the_common_threshold);
	NV_CASE(suite, "Limits", ties_are_not_parted);
	NV_CASE(suite, "Errors", out_of_memory);
	return suite;
}

NV_CHECK_MAIN(thresholds_suite)
