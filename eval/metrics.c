/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/metrics.h"

#include "base/numeric.h"

#include <math.h>

#define SMALLEST_P 1e-15

/* A running sum with a compensated total (Neumaier 1974), so that long inputs lose nothing. */
typedef struct nv_total {
	double sum, lost;
} nv_total;

static void total_add(nv_total *total, double x)
{
	double sum = total->sum + x;
	total->lost += fabs(total->sum) >= fabs(x) ? (total->sum - sum) + x : (x - sum) + total->sum;
	total->sum = sum;
}

static double total_mean(const nv_total *total, size_t n)
{
	return n == 0 ? NAN : (total->sum + total->lost) / (double)n;
}

static double clipped(double p)
{
	return p < SMALLEST_P ? SMALLEST_P : p > 1 - SMALLEST_P ? 1 - SMALLEST_P : p;
}

static double log_loss_of(double p_of_gold)
{
	return -nv_log(clipped(p_of_gold));
}

double nv_log_loss_row(size_t n_label, const double *p, const uint8_t *gold)
{
	for (size_t l = 0; l < n_label; l++)
		if (gold[l])
			return log_loss_of(p[l]);
	return log_loss_of(0);
}

double nv_brier_row(size_t n_label, const double *p, const uint8_t *gold)
{
	double sum = 0;
	bool any = false;
	for (size_t l = 0; l < n_label; l++) {
		double d = p[l] - (gold[l] ? 1 : 0);
		any |= gold[l] != 0;
		sum += d * d;
	}
	return any ? sum : sum + 1;
}

double nv_log_loss_binary(size_t n, const double *p, const uint8_t *gold)
{
	nv_total total = {0, 0};
	for (size_t i = 0; i < n; i++)
		total_add(&total, -nv_log(gold[i] ? clipped(p[i]) : 1 - clipped(p[i])));
	return total_mean(&total, n);
}

double nv_brier_binary(size_t n, const double *p, const uint8_t *gold)
{
	nv_total total = {0, 0};
	for (size_t i = 0; i < n; i++) {
		double d = p[i] - (gold[i] ? 1 : 0);
		total_add(&total, d * d);
	}
	return total_mean(&total, n);
}
