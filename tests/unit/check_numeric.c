/* SPDX-License-Identifier: Apache-2.0 */
#include "base/numeric.h"

#include "check_main.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Distance from the exact value in units of its last place. */
static double ulps(double got, long double want)
{
	double near = fabs((double)want);
	double unit = near < DBL_MIN ? DBL_TRUE_MIN : nextafter(near, INFINITY) - near;
	return (double)(fabsl((long double)got - want) / unit);
}

START_TEST(exp_is_within_two_ulp)
{
	double worst = 0;
	for (double x = -745; x < 709.7; x += 0.0137)
		worst = fmax(worst, ulps(nv_exp(x), expl(x)));
	for (double x = -1; x < 1; x += 0.000137)
		worst = fmax(worst, ulps(nv_exp(x), expl(x)));
	ck_assert_msg(worst < 2, "%g", worst);
}
END_TEST

START_TEST(log_is_within_two_ulp)
{
	double worst = 0;
	for (double x = 1e-320; x < 1e308; x *= 1.0137)
		worst = fmax(worst, ulps(nv_log(x), logl(x)));
	for (double x = 0.5; x < 2; x += 0.0000137)
		worst = fmax(worst, ulps(nv_log(x), logl(x)));
	for (double d = 1e-16; d < 0.1; d *= 1.1)
		worst = fmax(worst, fmax(ulps(nv_log(1 + d), logl(1 + d)), ulps(nv_log(1 - d), logl(1 - d))));
	ck_assert_msg(worst < 2, "%g", worst);
}
END_TEST

START_TEST(derived_functions_agree_with_libm)
{
	for (double x = -60; x < 60; x += 0.037) {
		ck_assert_double_eq_tol(nv_sigmoid(x) * (1 + exp(-x)), 1.0, 1e-14);
		ck_assert_double_eq_tol(nv_log1p_exp(x) / (x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))), 1.0, 1e-14);
	}
	double x[3] = {1, 2, 3};
	nv_softmax(x, 3);
	ck_assert_double_eq_tol(x[0], 0.09003057317038046, 1e-15);
	ck_assert_double_eq_tol(x[0] + x[1] + x[2], 1.0, 1e-15);
}
END_TEST

START_TEST(sum_loses_little)
{
	enum { N = 100001 };
	static double x[N];
	long double want = 0;
	nv_rng rng;
	nv_rng_init(&rng, 3, 0);
	for (size_t i = 0; i < N; i++) {
		x[i] = (nv_rng_uniform(&rng) - 0.5) * (i % 7 == 0 ? 1e6 : 1);
		want += x[i];
	}
	ck_assert_double_eq_tol(nv_sum(x, N), (double)want, 1e-7);
	ck_assert_double_eq(nv_sum(x, 0), 0);
	ck_assert_double_eq(nv_sum(x, 1), x[0]);
}
END_TEST

/* First values of xoshiro256++ from the state {1, 2, 3, 4}, the first of which are simple shifts and sums. */
START_TEST(generator_follows_its_definition)
{
	nv_rng rng = {{1, 2, 3, 4}}, other;
	ck_assert_uint_eq(nv_rng_next(&rng), 41943041);
	ck_assert_uint_eq(nv_rng_next(&rng), 58720359);
	ck_assert_uint_eq(nv_rng_next(&rng), 3588806011781223);
	nv_rng_init(&rng, 1, 0);
	nv_rng_init(&other, 1, 1);
	ck_assert_uint_ne(nv_rng_next(&rng), nv_rng_next(&other));
}
END_TEST

START_TEST(draws_are_uniform)
{
	int count[7] = {0};
	uint32_t order[5], place[5][5] = {{0}};
	double sum = 0;
	nv_rng rng;
	nv_rng_init(&rng, 7, 0);
	for (int i = 0; i < 70000; i++) {
		count[nv_rng_below(&rng, 7)]++;
		sum += nv_rng_uniform(&rng);
	}
	for (int i = 0; i < 7; i++) /* standard deviation 93 */
		ck_assert(abs(count[i] - 10000) < 450);
	ck_assert_double_eq_tol(sum / 70000, 0.5, 0.006);
	for (int i = 0; i < 20000; i++) {
		for (uint32_t j = 0; j < 5; j++)
			order[j] = j;
		nv_rng_shuffle(&rng, order, 5);
		for (uint32_t j = 0; j < 5; j++)
			place[j][order[j]]++;
	}
	for (int i = 0; i < 25; i++) /* standard deviation 57 */
		ck_assert(abs((int)place[i / 5][i % 5] - 4000) < 280);
}
END_TEST

START_TEST(distributions)
{
	ck_assert_double_eq_tol(nv_normal_quantile(0.975), 1.959963984540054, 1e-9);
	ck_assert_double_eq_tol(nv_normal_cdf(1.959963984540054), 0.975, 1e-12);
	ck_assert_double_eq_tol(nv_beta_quantile(0.5, 2, 2), 0.5, 1e-9);
	ck_assert_double_eq_tol(nv_beta_quantile(0.975, 1, 10), 1 - pow(0.025, 0.1), 1e-9);
	ck_assert_double_eq_tol(nv_binomial_two_sided(2, 10), 2 * 56.0 / 1024, 1e-12);
	ck_assert_double_eq_tol(nv_binomial_two_sided(8, 10), 2 * 56.0 / 1024, 1e-12);
	ck_assert_double_eq(nv_binomial_two_sided(5, 10), 1);
	ck_assert_double_eq_tol(nv_binomial_two_sided(0, 10), 2.0 / 1024, 1e-15);
	ck_assert_double_eq(nv_binomial_two_sided(5, 11), 1);
}
END_TEST

START_TEST(ends_of_the_line)
{
	ck_assert_double_eq(nv_exp(0), 1);
	ck_assert(isinf(nv_exp(710)) && isinf(nv_exp(INFINITY)));
	ck_assert_double_eq(nv_exp(-746), 0);
	ck_assert_double_eq(nv_exp(-INFINITY), 0);
	ck_assert_double_gt(nv_exp(-745), 0);
	ck_assert_double_gt(nv_exp(709.78271289338), 1e308);
	ck_assert_double_eq(nv_log(1), 0);
	ck_assert(nv_log(0) == -INFINITY && isinf(nv_log(INFINITY)));
	ck_assert_double_eq(nv_sigmoid(-800), 0);
	ck_assert_double_eq(nv_sigmoid(800), 1);
	ck_assert_double_eq(nv_log1p_exp(800), 800);
	ck_assert_double_eq(nv_log1p_exp(-800), 0);
	double x[2] = {-INFINITY, -INFINITY}, y[2] = {INFINITY, 3};
	nv_softmax(x, 2);
	nv_softmax(y, 2);
	nv_softmax(y, 0);
	ck_assert(x[0] == 0.5 && x[1] == 0.5 && y[0] == 1 && y[1] == 0);
	double big[2] = {INFINITY, 1};
	ck_assert(isinf(nv_sum(big, 2)));
	ck_assert_double_eq(nv_beta_quantile(0, 1, 1), 0);
	ck_assert_double_eq(nv_binomial_two_sided(0, 0), 1);
}
END_TEST

START_TEST(outside_the_domain)
{
	double x[2] = {NAN, 1};
	nv_numeric_init();
	nv_numeric_init();
	ck_assert(isnan(nv_exp(NAN)) && isnan(nv_log(-1)) && isnan(nv_log(NAN)) && isnan(nv_log(-INFINITY)));
	ck_assert(isnan(nv_sigmoid(NAN)));
	nv_softmax(x, 2);
	ck_assert(isnan(x[0]));
	ck_assert(isnan(nv_normal_quantile(1.1)) && isnan(nv_normal_quantile(NAN)) && isnan(nv_normal_cdf(NAN)));
	ck_assert(isnan(nv_beta_quantile(0.5, 0, 1)) && isnan(nv_beta_quantile(-0.1, 1, 1)));
	ck_assert(isnan(nv_binomial_two_sided(3, 2)));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("numeric");
	NV_CASE(s, "Core", exp_is_within_two_ulp, log_is_within_two_ulp, derived_functions_agree_with_libm,
	        sum_loses_little, generator_follows_its_definition, draws_are_uniform, distributions);
	NV_CASE(s, "Limits", ends_of_the_line);
	NV_CASE(s, "Errors", outside_the_domain);
	return s;
}

NV_CHECK_MAIN(suite)
