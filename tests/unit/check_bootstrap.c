/* SPDX-License-Identifier: Apache-2.0 */
#include "check_main.h"

#include "eval/bootstrap.h"

#include <math.h>
#include <string.h>

enum { N = 400, DRAWS = 1000 };

/* The mean of 0 and 1 by article number. */
static void draw_share(const void *context, size_t worker, const uint32_t *weight, double *figure)
{
	const size_t *n = context;
	double odd = 0;
	(void)worker;
	for (size_t i = 1; i < *n; i += 2)
		odd += weight[i];
	figure[0] = odd / (double)*n;
	figure[1] = NAN;
}

static nv_bootstrap share_of(const size_t *n, size_t n_thread)
{
	return (nv_bootstrap){.n = *n,
	                      .n_class = *n,
	                      .n_figure = 2,
	                      .draws = DRAWS,
	                      .n_thread = n_thread,
	                      .seed = 7,
	                      .figures = draw_share,
	                      .context = n};
}

START_TEST(test_spread)
{
	const size_t n = N;
	static double draw[2 * DRAWS];
	nv_bootstrap b = share_of(&n, 1);
	ck_assert_int_eq(nv_bootstrap_run(&b, NULL, draw, NULL), NV_OK);
	nv_figure figure = nv_bootstrap_interval(0.5, draw, DRAWS);
	/* A fair coin thrown 400 times: standard deviation .025. */
	ck_assert_double_eq_tol(figure.low, 0.5 - 1.96 * 0.025, 0.006);
	ck_assert_double_eq_tol(figure.high, 0.5 + 1.96 * 0.025, 0.006);
	ck_assert_str_eq(figure.method, "bootstrap");
}
END_TEST

START_TEST(test_same_for_any_threads)
{
	const size_t n = 33;
	static double one[2 * DRAWS], three[2 * DRAWS];
	nv_bootstrap a = share_of(&n, 1), b = share_of(&n, 3);
	ck_assert_int_eq(nv_bootstrap_run(&a, NULL, one, NULL), NV_OK);
	ck_assert_int_eq(nv_bootstrap_run(&b, NULL, three, NULL), NV_OK);
	ck_assert_mem_eq(one, three, DRAWS * sizeof *one);
}
END_TEST

START_TEST(test_classes_add_up)
{
	uint32_t class_of[N], single[N], classes[3], sum[3] = {0, 0, 0}, total = 0;
	for (size_t i = 0; i < N; i++)
		class_of[i] = i % 7 == 0 ? 0 : i % 2 + 1;
	nv_bootstrap articles = {.n = N, .n_class = N, .seed = 3},
				 by_class = {.n = N, .n_class = 3, .class_of = class_of, .seed = 3};
	nv_bootstrap_weights(&articles, 5, single);
	nv_bootstrap_weights(&by_class, 5, classes);
	for (size_t i = 0; i < N; i++) {
		sum[class_of[i]] += single[i];
		total += single[i];
	}
	ck_assert_uint_eq(total, N);
	ck_assert_mem_eq(sum, classes, sizeof sum);
}
END_TEST

static int stop(void *user, const char *phase, uint64_t done, uint64_t total)
{
	(void)user;
	(void)phase;
	(void)done;
	(void)total;
	return 1;
}

START_TEST(test_cancelled)
{
	const size_t n = 9;
	static double draw[2 * DRAWS];
	const nv_progress progress = {stop, NULL};
	nv_ticker ticker;
	nv_error err = {0};
	nv_ticker_init(&ticker, &progress, "bootstrap", DRAWS);
	ticker.next_ns = 0;
	nv_bootstrap b = share_of(&n, 2);
	ck_assert_int_eq(nv_bootstrap_run(&b, &ticker, draw, &err), NV_E_CANCELLED);
	ck_assert_int_eq(err.code, NV_E_CANCELLED);
}
END_TEST

START_TEST(test_few_draws)
{
	double few[10] = {0}, undefined[DRAWS];
	for (size_t i = 0; i < DRAWS; i++)
		undefined[i] = NAN;
	ck_assert(isnan(nv_bootstrap_interval(0.5, few, 10).low));
	ck_assert(isnan(nv_bootstrap_interval(0.5, undefined, DRAWS).high));
}
END_TEST

static Suite *bootstrap_suite(void)
{
	Suite *suite = suite_create("bootstrap");
	NV_CASE(suite, "Core", test_spread, test_same_for_any_threads, test_classes_add_up);
	NV_CASE(suite, "Limits", test_few_draws);
	NV_CASE(suite, "Errors", test_cancelled);
	return suite;
}

NV_CHECK_MAIN(bootstrap_suite)
