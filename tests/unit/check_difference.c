/* SPDX-License-Identifier: Apache-2.0 */
#include "check_main.h"

#include "eval/difference.h"
#include "faulty_alloc.h"

#include <math.h>

enum { DRAWS = 200 };

/* Draws of two figures that move alike (step 1) or apart (step -1). */
static void make_draws(double *a, double *b, double step)
{
	for (int d = 0; d < DRAWS; d++) {
		a[d] = 0.5 + 0.001 * (d % 21 - 10);
		b[d] = 0.6 + step * 0.001 * (d % 21 - 10);
	}
}

START_TEST(test_mcnemar)
{
	/* 2 (1 + 12 + 66) / 2^12, 2 / 2^6, and the middle. */
	ck_assert_double_eq_tol(nv_mcnemar_of(10, 2).p, 2 * 79 / 4096.0, 1e-12);
	ck_assert_double_eq_tol(nv_mcnemar_of(0, 6).p, 2 / 64.0, 1e-12);
	ck_assert_double_eq(nv_mcnemar_of(4, 4).p, 1);
	ck_assert_double_eq(nv_mcnemar_of(0, 0).p, 1);
	ck_assert(nv_mcnemar_of(0, NV_MCNEMAR_LEAST).p < 0.05 && nv_mcnemar_of(0, NV_MCNEMAR_LEAST - 1).p > 0.05);
}
END_TEST

START_TEST(test_holm)
{
	const double p[] = {0.04, 0.01, 0.03, 0.9};
	const double wanted[] = {0.09, 0.04, 0.09, 0.9};
	double adjusted[4];
	ck_assert_int_eq(nv_holm(p, 4, adjusted, NULL), NV_OK);
	for (int i = 0; i < 4; i++)
		ck_assert_double_eq_tol(adjusted[i], wanted[i], 1e-12);
	ck_assert_int_eq(nv_holm(p, 0, adjusted, NULL), NV_OK);
}
END_TEST

START_TEST(test_mover)
{
	double a[DRAWS], b[DRAWS];
	const nv_figure of_a = {0.5, 0.4, 0.6, "wilson"}, of_b = {0.6, 0.5, 0.7, "wilson"};
	make_draws(a, b, 1);
	nv_difference alike = nv_difference_mover(of_a, of_b, a, b, DRAWS, 1e18);
	ck_assert_double_eq_tol(alike.b_less_a.value, 0.1, 1e-12);
	ck_assert_double_eq_tol(alike.b_less_a.low, 0.1, 1e-6);
	ck_assert_str_eq(alike.b_less_a.method, "mover");
	make_draws(a, b, -1);
	nv_difference apart = nv_difference_mover(of_a, of_b, a, b, DRAWS, 1e18);
	ck_assert_double_eq_tol(apart.b_less_a.low, -0.1, 1e-6);
	ck_assert_double_eq_tol(apart.b_less_a.high, 0.3, 1e-6);
	/* From few trials the correlation counts for less. */
	make_draws(a, b, 1);
	nv_difference few = nv_difference_mover(of_a, of_b, a, b, DRAWS, 10);
	ck_assert(few.b_less_a.low < 0.1 - 0.04 && few.b_less_a.high > 0.1 + 0.04);
}
END_TEST

START_TEST(test_percentile)
{
	double a[DRAWS], b[DRAWS];
	for (int d = 0; d < DRAWS; d++) {
		a[d] = d;
		b[d] = d + d / (double)(DRAWS - 1);
	}
	nv_difference difference = nv_difference_percentile(1, 1.5, a, b, DRAWS);
	ck_assert_double_eq_tol(difference.b_less_a.low, 0.025, 1e-9);
	ck_assert_double_eq_tol(difference.b_less_a.high, 0.975, 1e-9);
}
END_TEST

START_TEST(test_undefined)
{
	double a[DRAWS], b[DRAWS];
	const nv_figure plain = nv_figure_plain(0.5), figure = {0.6, 0.5, 0.7, "wilson"};
	make_draws(a, b, 1);
	ck_assert(isnan(nv_difference_mover(plain, figure, a, b, DRAWS, 9).b_less_a.low));
	ck_assert(isnan(nv_difference_mover(nv_figure_undefined(), figure, a, b, DRAWS, 9).b_less_a.value));
	ck_assert(isnan(nv_difference_mover(figure, figure, a, b, 10, 9).b_less_a.low));
	ck_assert(isnan(nv_difference_mover(figure, figure, a, b, 0, 9).b_less_a.low));
	for (int d = 1; d < DRAWS; d++)
		a[d] = NAN;
	ck_assert(isnan(nv_difference_mover(figure, figure, a, b, DRAWS, 9).b_less_a.low));
	/* Figures that no draw moves: without correlation, and inside [-1, 1]. */
	for (int d = 0; d < DRAWS; d++)
		a[d] = b[d] = 1;
	const nv_figure none = {0, 0, 0.9, "wilson"}, all = {1, 0.1, 1, "wilson"};
	nv_difference still = nv_difference_mover(none, all, a, b, DRAWS, 1);
	ck_assert_double_eq(still.b_less_a.high, 1);
	ck_assert_double_eq_tol(still.b_less_a.low, 1 - sqrt(0.81 + 0.81), 1e-12);
}
END_TEST

START_TEST(test_out_of_memory)
{
	const double p[] = {0.5};
	double adjusted;
	faulty_on(0);
	int code = nv_holm(p, 1, &adjusted, NULL);
	ck_assert_int_eq(faulty_off(), 0);
	ck_assert_int_eq(code, NV_E_MEMORY);
}
END_TEST

static Suite *difference_suite(void)
{
	Suite *suite = suite_create("difference");
	NV_CASE(suite, "Core", test_mcnemar, test_holm, test_mover, test_percentile);
	NV_CASE(suite, "Limits", test_undefined);
	NV_CASE(suite, "Errors", test_out_of_memory);
	return suite;
}

NV_CHECK_MAIN(difference_suite)
