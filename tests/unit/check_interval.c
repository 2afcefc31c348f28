/* SPDX-License-Identifier: Apache-2.0 */
#include "check_main.h"

#include "eval/interval.h"

#include <math.h>

#define CLOSE(a, b) ck_assert_double_eq_tol((a), (b), 5e-5)

START_TEST(test_wilson)
{
	/* 8 of 10: [.4902, .9433]; 29 of 30: [.8333, .9941] (Brown, Cai and DasGupta's formula by hand). */
	nv_figure figure = nv_proportion(8, 10);
	CLOSE(figure.value, 0.8);
	CLOSE(figure.low, 0.4902);
	CLOSE(figure.high, 0.9433);
	figure = nv_proportion(29, 30);
	CLOSE(figure.low, 0.8333);
	CLOSE(figure.high, 0.9941);
	ck_assert_str_eq(figure.method, "wilson");
}
END_TEST

START_TEST(test_f1)
{
	nv_figure figure = nv_f1_figure(8, 1, 1);
	CLOSE(figure.value, 16.0 / 18);
	CLOSE(figure.low, 2 * 0.4902 / 1.4902);
	CLOSE(figure.high, 2 * 0.9433 / 1.9433);
}
END_TEST

START_TEST(test_auc)
{
	nv_figure figure = nv_auc_figure(0.8, 40, 60);
	ck_assert(figure.low > 0.68 && figure.low < 0.72);
	ck_assert(figure.high > 0.86 && figure.high < 0.90);
	/* The bound solves the score equation: more articles, a narrower interval. */
	nv_figure more = nv_auc_figure(0.8, 400, 600);
	ck_assert(more.high - more.low < (figure.high - figure.low) / 2.5);
}
END_TEST

START_TEST(test_spearman)
{
	nv_figure figure = nv_spearman_figure(0.5, 103);
	double half = 1.959964 * sqrt(1.125 / 100), z = atanh(0.5);
	CLOSE(figure.low, tanh(z - half));
	CLOSE(figure.high, tanh(z + half));
}
END_TEST

START_TEST(test_ends)
{
	nv_figure all = nv_proportion(30, 30), none = nv_proportion(0, 30), best = nv_auc_figure(1, 10, 10);
	ck_assert(all.high == 1 && all.low > 0.88 && all.low < 0.89);
	ck_assert(none.low == 0 && none.high > 0.11 && none.high < 0.12);
	ck_assert(best.high == 1 && best.low > 0.6 && best.low < 1);
	ck_assert(nv_f1_figure(0, 1, 1).value == 0);
}
END_TEST

START_TEST(test_undefined)
{
	ck_assert(isnan(nv_proportion(0, 0).value));
	ck_assert(isnan(nv_f1_figure(0, 0, 0).value));
	ck_assert(isnan(nv_auc_figure(NAN, 0, 4).value));
	ck_assert(isnan(nv_spearman_figure(0.5, 3).low));
	ck_assert_ptr_null(nv_figure_undefined().method);
}
END_TEST

static Suite *interval_suite(void)
{
	Suite *suite = suite_create("interval");
	NV_CASE(suite, "Core", test_wilson, test_f1, test_auc, test_spearman);
	NV_CASE(suite, "Limits", test_ends, test_undefined);
	return suite;
}

NV_CHECK_MAIN(interval_suite)
