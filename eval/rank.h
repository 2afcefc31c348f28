/* SPDX-License-Identifier: Apache-2.0
 *
 * rank.h: scores in falling order, sorted once, for the figures that look at ranks alone, on the articles as they are or weighted
 * (bootstrap). metrics.h has a one-call form.
 */
#ifndef NV_EVAL_RANK_H
#define NV_EVAL_RANK_H

#include "base/error.h"

typedef struct nv_ranking {
	size_t n;
	uint32_t *order;   /* [n] article, by falling score, ties by number */
	uint8_t *positive; /* [n] gold of order[i] */
	uint8_t *last;     /* [n] 1 where the next score is lower: the end of a run of ties */
} nv_ranking;

/* gold[i * stride] is read for article i, and score[i * stride]. NaN scores are the lowest. */
int nv_ranking_init(nv_ranking *ranking, size_t n, const double *score, const uint8_t *gold, size_t stride, nv_error *err);
void nv_ranking_release(nv_ranking *ranking);

/* weight[n] by article number; NULL: all 1. NaN where positives or negatives weigh nothing. */
double nv_ranking_average_precision(const nv_ranking *ranking, const uint32_t *weight);
double nv_ranking_roc_auc(const nv_ranking *ranking, const uint32_t *weight);

#endif
