/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/metrics.h"

#include "base/numeric.h"

#include <math.h>

#define SMALLEST_P 1e-15

static double ratio(uint64_t part, uint64_t whole)
{
	return whole == 0 ? NAN : (double)part / (double)whole;
}

double nv_precision(const nv_confusion *c)
{
	return ratio(c->tp, c->tp + c->fp);
}

double nv_recall(const nv_confusion *c)
{
	return ratio(c->tp, c->tp + c->fn);
}

double nv_f1(const nv_confusion *c)
{
	return ratio(2 * c->tp, 2 * c->tp + c->fp + c->fn);
}

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

double nv_log_loss_of(double p_of_gold)
{
	return -nv_log(clipped(p_of_gold));
}

double nv_log_loss_row(size_t n_label, const double *p, const uint8_t *gold)
{
	for (size_t l = 0; l < n_label; l++)
		if (gold[l])
			return nv_log_loss_of(p[l]);
	return nv_log_loss_of(0);
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

double nv_log_loss_multiclass(size_t n, size_t n_label, const double *p, const uint8_t *gold)
{
	nv_total total = {0, 0};
	for (size_t i = 0; i < n; i++)
		total_add(&total, nv_log_loss_row(n_label, p + i * n_label, gold + i * n_label));
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

double nv_brier_multiclass(size_t n, size_t n_label, const double *p, const uint8_t *gold)
{
	nv_total total = {0, 0};
	for (size_t i = 0; i < n; i++)
		total_add(&total, nv_brier_row(n_label, p + i * n_label, gold + i * n_label));
	return total_mean(&total, n);
}
