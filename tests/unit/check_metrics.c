/* SPDX-License-Identifier: Apache-2.0 */
#include "check_main.h"

#include "base/numeric.h"
#include "eval/metrics.h"
#include "eval/rank.h"

#include <math.h>

#define NEAR(a, b) ck_assert_double_eq_tol((a), (b), 1e-12)

static double average_precision(size_t n, const double *score, const uint8_t *gold)
{
	nv_ranking ranking;
	ck_assert_int_eq(nv_ranking_init(&ranking, n, score, gold, 1, NULL), NV_OK);
	double value = nv_ranking_average_precision(&ranking, NULL);
	nv_ranking_release(&ranking);
	return value;
}

/* The 95th percentile. */
static double error_by_chance(size_t n, const double *p, size_t draws)
{
	double *error = calloc(draws, sizeof *error);
	ck_assert_ptr_nonnull(error);
	ck_assert_int_eq(nv_calibration_error_draws(n, p, 10, draws, 1, 0, error, NULL), NV_OK);
	double value = nv_quantile(error, draws, 0.95);
	free(error);
	return value;
}

START_TEST(test_ranks)
{
	const double score[] = {0.9, 0.8, 0.7, 0.6};
	const uint8_t gold[] = {1, 0, 1, 1};
	NEAR(average_precision(4, score, gold), (1 + 2.0 / 3 + 3.0 / 4) / 3);
	NEAR(nv_roc_auc(4, score, gold, NULL), 1.0 / 3);
}
END_TEST

START_TEST(test_tied_ranks)
{
	const double score[] = {0.5, 0.5, 0.5, 0.5, 0.1};
	const uint8_t gold[] = {1, 0, 0, 1, 0};
	NEAR(average_precision(5, score, gold), 0.5);
	NEAR(nv_roc_auc(5, score, gold, NULL), (2 * 1 + 2 * 2 * 0.5) / 6);
}
END_TEST

START_TEST(test_spearman)
{
	const double x[] = {1, 2, 3, 4}, y[] = {1, 3, 2, 4}, tied[] = {1, 1, 2, 2};
	NEAR(nv_spearman(4, x, y, NULL), 0.8);
	NEAR(nv_spearman(4, x, tied, NULL), 4 / sqrt(5.0 * 4));
}
END_TEST

START_TEST(test_losses)
{
	const double p[] = {0.8, 0.3};
	const uint8_t gold[] = {1, 0};
	NEAR(nv_log_loss_binary(2, p, gold), -(log(0.8) + log(0.7)) / 2);
	NEAR(nv_brier_binary(2, p, gold), (0.04 + 0.09) / 2);
	const double q[] = {0.5, 0.3, 0.2, 0.1, 0.1, 0.8};
	const uint8_t answer[] = {1, 0, 0, 0, 1, 0};
	NEAR(nv_log_loss_row(3, q, answer), -log(0.5));
	NEAR(nv_log_loss_row(3, q + 3, answer + 3), -log(0.1));
	NEAR(nv_brier_row(3, q, answer), 0.25 + 0.09 + 0.04);
	NEAR(nv_brier_row(3, q + 3, answer + 3), 0.01 + 0.81 + 0.64);
}
END_TEST

START_TEST(test_calibration_error)
{
	const double p[] = {0.2, 0.8, 0.2, 0.8};
	const uint8_t hit[] = {0, 1, 1, 1};
	nv_calibration_bin bins[2];
	size_t used;
	NEAR(nv_calibration_error(4, p, hit, 2, bins, &used, NULL), (0.6 + 0.4) / 4);
	ck_assert_uint_eq(used, 2);
	ck_assert_uint_eq(bins[0].n, 2);
	NEAR(bins[0].mean_hit, 0.5);
	NEAR(bins[1].low_p, 0.8);
}
END_TEST

START_TEST(test_calibration_by_chance)
{
	double sure[50], half[400];
	for (size_t i = 0; i < 50; i++)
		sure[i] = i % 2;
	for (size_t i = 0; i < 400; i++)
		half[i] = 0.5;
	NEAR(error_by_chance(50, sure, 200), 0);
	/* One bin: |hits - 200| / 400 of a fair coin; its 95th percentile is 1.96 * 10 / 400 = .049. */
	ck_assert_double_eq_tol(error_by_chance(400, half, 2000), 0.049, 0.004);
}
END_TEST

START_TEST(test_undefined)
{
	const double score[] = {0.1, 0.2};
	const uint8_t all[] = {1, 1}, nothing[] = {0, 0};
	ck_assert(isnan(average_precision(2, score, nothing)) && isnan(nv_roc_auc(2, score, all, NULL)));
	ck_assert(isnan(nv_spearman(1, score, score, NULL)));
	ck_assert(isnan(nv_log_loss_binary(0, score, all)));
	ck_assert(isnan(nv_calibration_error(0, score, all, 10, NULL, NULL, NULL)));
}
END_TEST

START_TEST(test_limits)
{
	const double p[] = {0, 1};
	const uint8_t wrong[] = {1, 0}, no_gold[] = {0, 0};
	ck_assert_double_eq_tol(nv_log_loss_binary(2, p, wrong), -log(1e-15), 0.1);
	NEAR(nv_brier_row(2, p, no_gold), 2);
	ck_assert_double_eq_tol(nv_log_loss_row(2, p, no_gold), -log(1e-15), 1e-9);
	/* Equal p stay in one bin, whatever its share. */
	double same[7] = {0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.9};
	uint8_t hit[7] = {1, 0, 0, 0, 0, 0, 1};
	size_t used;
	nv_calibration_bin bins[7];
	NEAR(nv_calibration_error(7, same, hit, 7, bins, &used, NULL), (0.8 + 0.1) / 7);
	ck_assert_uint_eq(used, 2);
}
END_TEST

START_TEST(test_quantile)
{
	double x[] = {4, 1, 3, 2};
	NEAR(nv_quantile(x, 4, 0.5), 2.5);
	NEAR(nv_quantile(x, 4, 1), 4);
	ck_assert(isnan(nv_quantile(x, 0, 0.5)));
}
END_TEST

static Suite *metrics_suite(void)
{
	Suite *suite = suite_create("metrics");
	NV_CASE(suite, "Core", test_ranks, test_tied_ranks, test_spearman, test_losses, test_calibration_error,
	        test_calibration_by_chance, test_quantile);
	NV_CASE(suite, "Limits", test_undefined, test_limits);
	return suite;
}

NV_CHECK_MAIN(metrics_suite)
