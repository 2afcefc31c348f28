/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/rank.h"

#include "base/alloc.h"
#include "eval/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct nv_scored {
	double score;
	uint32_t article;
} nv_scored;

static int by_falling_score(const void *a, const void *b)
{
	const nv_scored *x = a, *y = b;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return x->article < y->article ? -1 : x->article > y->article;
}

static void fill_ranking(nv_ranking *ranking, const nv_scored *sorted, const uint8_t *gold, size_t stride)
{
	for (size_t i = 0; i < ranking->n; i++) {
		ranking->order[i] = sorted[i].article;
		ranking->positive[i] = gold[sorted[i].article * stride] != 0;
		ranking->last[i] = i + 1 == ranking->n || sorted[i + 1].score < sorted[i].score;
	}
}

int nv_ranking_init(nv_ranking *ranking, size_t n, const double *score, const uint8_t *gold, size_t stride,
                    nv_error *err)
{
	int code = NV_OK;
	memset(ranking, 0, sizeof *ranking);
	nv_scored *sorted = nv_alloc(n, sizeof *sorted);
	ranking->n = n;
	ranking->order = nv_alloc(n, sizeof *ranking->order);
	ranking->positive = nv_alloc(n, 1);
	ranking->last = nv_alloc(n, 1);
	if (!sorted || !ranking->order || !ranking->positive || !ranking->last) {
		nv_ranking_release(ranking);
		code = nv_fail_memory(err);
		goto done;
	}
	for (size_t i = 0; i < n; i++) {
		double s = score[i * stride];
		sorted[i] = (nv_scored){isnan(s) ? -INFINITY : s, (uint32_t)i};
	}
	qsort(sorted, n, sizeof *sorted, by_falling_score);
	fill_ranking(ranking, sorted, gold, stride);
done:
	nv_free(sorted);
	return code;
}

void nv_ranking_release(nv_ranking *ranking)
{
	nv_free(ranking->order);
	nv_free(ranking->positive);
	nv_free(ranking->last);
	memset(ranking, 0, sizeof *ranking);
}

/* Sum over runs of ties, from the top, of the recall gained in the run times the precision at its end. */
double nv_ranking_average_precision(const nv_ranking *ranking, const uint32_t *weight)
{
	uint64_t seen = 0, hits = 0, run_hits = 0;
	double sum = 0;
	for (size_t i = 0; i < ranking->n; i++) {
		uint64_t w = weight ? weight[ranking->order[i]] : 1;
		seen += w;
		run_hits += ranking->positive[i] ? w : 0;
		if (ranking->last[i] && run_hits > 0) {
			hits += run_hits;
			sum += (double)run_hits * ((double)hits / (double)seen);
			run_hits = 0;
		}
	}
	return hits == 0 || hits == seen ? NAN : sum / (double)hits;
}

/* The share of (positive, negative) pairs in the right order, ties counting half: Mann and Whitney's U over the number of pairs. */
double nv_ranking_roc_auc(const nv_ranking *ranking, const uint32_t *weight)
{
	uint64_t positives = 0, negatives = 0, run_positives = 0, run_negatives = 0;
	double pairs = 0;
	for (size_t i = 0; i < ranking->n; i++) {
		uint64_t w = weight ? weight[ranking->order[i]] : 1;
		run_positives += ranking->positive[i] ? w : 0;
		run_negatives += ranking->positive[i] ? 0 : w;
		if (ranking->last[i]) {
			pairs += (double)run_negatives * ((double)positives + 0.5 * (double)run_positives);
			positives += run_positives;
			negatives += run_negatives;
			run_positives = run_negatives = 0;
		}
	}
	return positives == 0 || negatives == 0 ? NAN : pairs / ((double)positives * (double)negatives);
}

double nv_roc_auc(size_t n, const double *score, const uint8_t *gold, nv_error *err)
{
	nv_ranking ranking;
	if (nv_ranking_init(&ranking, n, score, gold, 1, err) != NV_OK)
		return NAN;
	double value = nv_ranking_roc_auc(&ranking, NULL);
	nv_ranking_release(&ranking);
	return value;
}

/* rank[n]: 1-based, the mean rank for ties. */
static void mean_ranks(size_t n, const double *x, nv_scored *sorted, double *rank)
{
	for (size_t i = 0; i < n; i++)
		sorted[i] = (nv_scored){x[i], (uint32_t)i};
	qsort(sorted, n, sizeof *sorted, by_falling_score);
	for (size_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && sorted[to].score == sorted[from].score; to++)
			;
		for (size_t i = from; i < to; i++)
			rank[sorted[i].article] = (double)(from + to + 1) / 2;
	}
}

/* Pearson's correlation of two rank vectors, whose means are both (n + 1) / 2. */
static double rank_correlation(size_t n, const double *a, const double *b)
{
	double mean = ((double)n + 1) / 2, ab = 0, aa = 0, bb = 0;
	for (size_t i = 0; i < n; i++) {
		ab += (a[i] - mean) * (b[i] - mean);
		aa += (a[i] - mean) * (a[i] - mean);
		bb += (b[i] - mean) * (b[i] - mean);
	}
	return aa > 0 && bb > 0 ? ab / (sqrt(aa) * sqrt(bb)) : NAN;
}

double nv_spearman(size_t n, const double *x, const double *y, nv_error *err)
{
	nv_scored *sorted = nv_alloc(n, sizeof *sorted);
	double *rank = nv_alloc(n, 2 * sizeof *rank), value = NAN;
	if (sorted && rank) {
		mean_ranks(n, x, sorted, rank);
		mean_ranks(n, y, sorted, rank + n);
		value = rank_correlation(n, rank, rank + n);
	} else {
		nv_fail_memory(err);
	}
	nv_free(rank);
	nv_free(sorted);
	return value;
}
