/* SPDX-License-Identifier: Apache-2.0 */
#include "models/calibration.h"

#include "check_main.h"

#include <math.h>

#define EPS 1e-12

START_TEST(test_off)
{
	nv_calibration c = {NV_CALIBRATE_OFF, 3, NULL, NULL, NULL, NULL, NULL};
	const double margin[] = {0, 1, -2};
	double p[3];
	nv_calibration_apply(&c, NV_MULTILABEL, margin, p);
	for (int i = 0; i < 3; i++)
		ck_assert_double_eq_tol(p[i], 1 / (1 + exp(-margin[i])), EPS);
	nv_calibration_apply(&c, NV_STANCE, margin, p);
	double sum = exp(0) + exp(1) + exp(-2);
	for (int i = 0; i < 3; i++)
		ck_assert_double_eq_tol(p[i], exp(margin[i]) / sum, EPS);
}
END_TEST

START_TEST(test_platt)
{
	const double a[] = {2, 0.5}, b[] = {-1, 1}, margin[] = {0.75, -3};
	nv_calibration c = {NV_CALIBRATE_PLATT, 2, a, b, NULL, NULL, NULL};
	double p[2];
	nv_calibration_apply(&c, NV_MULTILABEL, margin, p);
	ck_assert_double_eq_tol(p[0], 1 / (1 + exp(-0.5)), EPS);
	ck_assert_double_eq_tol(p[1], 1 / (1 + exp(0.5)), EPS);
	nv_calibration_apply(&c, NV_MULTICLASS, margin, p);
	ck_assert_double_eq_tol(p[0], exp(0.5) / (exp(0.5) + exp(-0.5)), EPS);
	ck_assert_double_eq_tol(p[0] + p[1], 1, EPS);
}
END_TEST

START_TEST(test_loglog)
{
	const double a[] = {2, 0.5}, b[] = {-1, 1}, margin[] = {0.75, -3}, low[] = {-900, -1000};
	nv_calibration c = {NV_CALIBRATE_LOGLOG, 2, a, b, NULL, NULL, NULL};
	double p[2], first = exp(-exp(-1 - 2 * 0.75)), second = exp(-exp(1 + 0.5 * 3));
	nv_calibration_apply(&c, NV_MULTICLASS, margin, p);
	ck_assert_double_eq_tol(p[0], first / (first + second), EPS);
	ck_assert_double_eq_tol(p[0] + p[1], 1, EPS);
	nv_calibration_apply(&c, NV_MULTICLASS, low, p);
	ck_assert_double_eq_tol(p[0] + p[1], 1, EPS);
}
END_TEST

/* Label 0: knots (-1, 0.1) (0, 0.3) (1, 0.9); label 1: none, which leaves the logistic function. */
START_TEST(test_isotonic)
{
	const uint32_t start[] = {0, 3, 3};
	const double x[] = {-1, 0, 1}, y[] = {0.1, 0.3, 0.9};
	const double at[] = {-5, -1, -0.5, 0, 0.25, 1, 9}, want[] = {0.1, 0.1, 0.2, 0.3, 0.45, 0.9, 0.9};
	nv_calibration c = {NV_CALIBRATE_ISOTONIC, 2, NULL, NULL, start, x, y};
	for (int i = 0; i < 7; i++) {
		double p[2], margin[] = {at[i], 0};
		nv_calibration_apply(&c, NV_MULTILABEL, margin, p);
		ck_assert_double_eq_tol(p[0], want[i], EPS);
		ck_assert_double_eq_tol(p[1], 0.5, EPS);
		nv_calibration_apply(&c, NV_MULTICLASS, margin, p);
		ck_assert_double_eq_tol(p[0], want[i] / (want[i] + 0.5), EPS);
	}
}
END_TEST

START_TEST(test_isotonic_all_zero)
{
	const uint32_t start[] = {0, 1, 2, 3};
	const double x[] = {0, 0, 0}, y[] = {0, 0, 0}, margin[] = {1, 2, 3};
	nv_calibration c = {NV_CALIBRATE_ISOTONIC, 3, NULL, NULL, start, x, y};
	double p[3];
	nv_calibration_apply(&c, NV_MULTICLASS, margin, p);
	for (int i = 0; i < 3; i++)
		ck_assert_double_eq_tol(p[i], 1.0 / 3, EPS);
}
END_TEST

START_TEST(test_equal_knots)
{
	const uint32_t start[] = {0, 3};
	const double x[] = {0, 0, 0}, y[] = {0.2, 0.4, 0.6}, far[] = {0};
	nv_calibration c = {NV_CALIBRATE_ISOTONIC, 1, NULL, NULL, start, x, y};
	double p[1];
	nv_calibration_apply(&c, NV_MULTILABEL, far, p);
	ck_assert(p[0] >= 0.2 && p[0] <= 0.6);
}
END_TEST

START_TEST(test_large_margins)
{
	nv_calibration c = {NV_CALIBRATE_OFF, 2, NULL, NULL, NULL, NULL, NULL};
	const double margin[] = {1e6, -1e6};
	double p[2];
	nv_calibration_apply(&c, NV_MULTICLASS, margin, p);
	ck_assert_double_eq(p[0], 1);
	ck_assert_double_eq(p[1], 0);
	nv_calibration_apply(&c, NV_MULTILABEL, margin, p);
	ck_assert_double_eq(p[0], 1);
	ck_assert_double_eq(p[1], 0);
}
END_TEST

static Suite *calibration_suite(void)
{
	Suite *suite = suite_create("calibration");
	NV_CASE(suite, "Core", test_off, test_platt, test_loglog, test_isotonic);
	NV_CASE(suite, "Limits", test_isotonic_all_zero, test_equal_knots, test_large_margins);
	return suite;
}

NV_CHECK_MAIN(calibration_suite)
