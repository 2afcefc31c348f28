/* SPDX-License-Identifier: Apache-2.0
 *
 * difference.h: two models, A and B, on the same articles: the difference B - A of a figure with its 95% interval, and McNemar's test.
 *
 * Intervals ("mover"): the two figures' own intervals joined by the method of variance estimates recovery for a difference (Zou and Donner
 * 2008; for paired proportions Newcombe 1998, method 8), with the correlation of the two figures over paired bootstrap draws: the same
 * resampled articles for both. The correlation is multiplied by n / (n + z^2 / 2), n the trials behind the figure, since few articles
 * make two models look more alike than they are (docs/compare.md). Losses are means over articles: their interval is the percentile one
 * ("bootstrap").
 */
#ifndef NV_EVAL_DIFFERENCE_H
#define NV_EVAL_DIFFERENCE_H

#include "base/error.h"
#include "eval/interval.h"

typedef struct nv_difference {
	double a, b;        /* the two figures; NaN: undefined */
	nv_figure b_less_a; /* NaN unless both are defined */
} nv_difference;

nv_difference nv_difference_plain(double a, double b); /* without an interval */
/* a, b: the figures with their own intervals; draw_a[draws], draw_b[draws]: the same draws, NaN where undefined; trials: what the figures
 * are made of, of the model with fewer. Without an interval of both, or from too few draws, it has none. */
nv_difference nv_difference_mover(nv_figure a, nv_figure b, const double *draw_a, const double *draw_b, size_t draws,
                                  double trials);
/* The middle 95% of the draws' differences; draw_b is overwritten. */
nv_difference nv_difference_percentile(double a, double b, const double *draw_a, double *draw_b, size_t draws);

/* McNemar's test in its exact form (McNemar 1947; Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13, 2013): of the articles on which one model alone is right,
 * the number for either is binomial with 1/2 where both are right equally often. */
typedef struct nv_mcnemar {
	uint64_t only_a, only_b; /* articles on which that model alone is right */
	double p;                /* two-sided: twice the smaller tail, at most 1; 1 without such articles */
} nv_mcnemar;
nv_mcnemar nv_mcnemar_of(uint64_t only_a, uint64_t only_b);
/* Fewer articles than this can't give a p below .05: 2 / 2^5 is .0625. */
#define NV_MCNEMAR_LEAST 6

/* Holm's adjustment (1979) of p[n], none NaN, for all n being looked at together: adjusted[n] in their order, each at most 1. */
int nv_holm(const double *p, size_t n, double *adjusted, nv_error *err);

#endif
