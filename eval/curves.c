/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/curves.h"

#include "base/alloc.h"
#include "eval/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- One label ---- */

static void count_at_thresholds(nv_label_curve *curve, const nv_task_predictions *predictions, size_t label)
{
	for (size_t row = 0; row < predictions->n; row++) {
		size_t at = row * predictions->n_label + label;
		for (size_t k = 0; k < NV_N_THRESHOLD && predictions->p[at] >= (double)k / (NV_N_THRESHOLD - 1); k++) {
			curve->tp[k] += predictions->gold[at] != 0;
			curve->fp[k] += predictions->gold[at] == 0;
		}
	}
}

/* One point at the first end of a run of ties past each step of recall, and one at the end. */
static void recall_points(nv_label_curve *curve, const nv_ranking *ranking)
{
	uint64_t tp = 0;
	double next = 0;
	for (size_t i = 0; i < ranking->n && curve->n_point < NV_N_RECALL; i++) {
		tp += ranking->positive[i];
		double recall = (double)tp / (double)curve->positive;
		if (!ranking->last[i] || tp == 0 || recall < next)
			continue;
		curve->recall[curve->n_point] = recall;
		curve->precision[curve->n_point++] = (double)tp / (double)(i + 1);
		next = recall + 1.0 / (NV_N_RECALL - 1);
		if (tp < curve->positive && next > 1)
			next = 1;
		if (tp == curve->positive)
			return;
	}
}

/* A threshold between the largest p not given and the smallest one given. */
static double threshold_of(const nv_task_predictions *predictions, size_t label)
{
	double below = 0, above = 1;
	for (size_t row = 0; row < predictions->n; row++) {
		size_t at = row * predictions->n_label + label;
		if (predictions->chosen[at])
			above = fmin(above, predictions->p[at]);
		else
			below = fmax(below, predictions->p[at]);
	}
	return below < 0.5 && 0.5 <= above ? 0.5 : above;
}

int nv_label_curve_compute(nv_label_curve *curve, const nv_task_predictions *predictions, size_t label, nv_error *err)
{
	nv_ranking ranking;
	memset(curve, 0, sizeof *curve);
	if (predictions->n == 0)
		return NV_OK;
	curve->n = predictions->n;
	int code = nv_ranking_init(&ranking, predictions->n, predictions->p + label, predictions->gold + label,
	                           predictions->n_label, err);
	if (code != NV_OK)
		return code;
	count_at_thresholds(curve, predictions, label);
	for (size_t i = 0; i < ranking.n; i++)
		curve->positive += ranking.positive[i];
	curve->threshold = threshold_of(predictions, label);
	if (curve->positive > 0)
		recall_points(curve, &ranking);
	nv_ranking_release(&ranking);
	return NV_OK;
}

/* ---- Certainty ---- */

/* How certain an answer is: the chosen label's p; for multilabel tasks that of the least certain yes or no. */
static double row_certainty(nv_task_kind kind, const nv_task_predictions *predictions, size_t row)
{
	const double *p = predictions->p + row * predictions->n_label;
	const uint8_t *chosen = predictions->chosen + row * predictions->n_label;
	double least = 1;
	if (predictions->n_label == 0)
		return 0;
	if (kind != NV_MULTILABEL)
		return p[nv_top_label(predictions, row)];
	for (size_t l = 0; l < predictions->n_label; l++)
		least = fmin(least, chosen[l] ? p[l] : 1 - p[l]);
	return least;
}

typedef struct nv_certain {
	double certainty;
	uint32_t row;
} nv_certain;

static int by_falling_certainty(const void *a, const void *b)
{
	const nv_certain *x = a, *y = b;
	if (x->certainty != y->certainty)
		return x->certainty < y->certainty ? 1 : -1;
	return x->row < y->row ? -1 : x->row > y->row;
}

int nv_keep_curve_compute(nv_keep_curve *curve, nv_task_kind kind, const nv_task_predictions *predictions, const uint8_t *right,
                          nv_error *err)
{
	size_t n = predictions->n, row = 0;
	uint32_t sum = 0;
	memset(curve, 0, sizeof *curve);
	nv_certain *sorted = nv_alloc(n, sizeof *sorted);
	if (!sorted)
		return nv_fail_memory(err);
	for (size_t i = 0; i < n; i++) {
		double certainty = row_certainty(kind, predictions, i);
		sorted[i] = (nv_certain){isnan(certainty) ? 0 : certainty, (uint32_t)i};
	}
	qsort(sorted, n, sizeof *sorted, by_falling_certainty);
	for (size_t k = 0; n > 0 && k < NV_N_KEEP; k++) {
		size_t keep = (n * (k + 1) + NV_N_KEEP - 1) / NV_N_KEEP;
		for (; row < keep; row++)
			sum += right[sorted[row].row];
		curve->kept[k] = (uint32_t)keep;
		curve->right[k] = sum;
		curve->certainty[k] = sorted[keep - 1].certainty;
	}
	nv_free(sorted);
	return NV_OK;
}

/* ---- Stance scores ---- */

static size_t score_bin(double score)
{
	double at = (score + 1) / 2 * NV_N_SCORE_BIN;
	return !(at > 0) ? 0 : at >= NV_N_SCORE_BIN ? NV_N_SCORE_BIN - 1 : (size_t)at;
}

void nv_score_bins_compute(nv_score_bins *bins, const nv_task_predictions *predictions)
{
	uint64_t count[NV_N_STANCE] = {0};
	double sum[NV_N_STANCE] = {0};
	memset(bins, 0, sizeof *bins);
	for (size_t row = 0; row < predictions->n; row++) {
		const double *p = predictions->p + row * NV_N_STANCE;
		double score = p[NV_FAVOR] - p[NV_AGAINST];
		for (size_t g = 0; g < NV_N_STANCE; g++) {
			if (!predictions->gold[row * NV_N_STANCE + g])
				continue;
			bins->n[g][score_bin(score)]++;
			sum[g] += score;
			count[g]++;
		}
	}
	for (size_t g = 0; g < NV_N_STANCE; g++)
		bins->mean[g] = count[g] ? sum[g] / (double)count[g] : NAN;
}
