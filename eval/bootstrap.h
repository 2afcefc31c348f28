/* SPDX-License-Identifier: Apache-2.0
 *
 * bootstrap.h: seeded bootstrap over articles (Efron and Tibshirani 1993): each draw takes n of the n articles with replacement. Draws
 * have a random stream each, so the result does not depend on the number of threads. Articles that are alike for all figures may be put
 * into classes: a draw then weighs classes.
 */
#ifndef NV_EVAL_BOOTSTRAP_H
#define NV_EVAL_BOOTSTRAP_H

#include "base/parallel.h"
#include "eval/interval.h"

/* Figures from one draw: weight[n_class] -> figure[n_figure]; worker names the thread, for its scratch. */
typedef void nv_draw_figures(const void *context, size_t worker, const uint32_t *weight, double *figure);

typedef struct nv_bootstrap {
	size_t n;                 /* articles; below 2^32 */
	const uint32_t *class_of; /* [n]; NULL: each article is its own class */
	size_t n_class;           /* n without classes */
	size_t n_figure, draws, n_thread;
	uint64_t seed;
	nv_draw_figures *figures;
	const void *context;
} nv_bootstrap;

/* draw[n_figure][draws]. ticker (may be NULL) counts draws and cancels. */
int nv_bootstrap_run(const nv_bootstrap *bootstrap, nv_ticker *ticker, double *draw, nv_error *err);

/* The middle 95% of the draws (percentile interval) about value; draws that are NaN are left out; sorts them. */
nv_figure nv_bootstrap_interval(double value, double *draw, size_t draws);

/* An average precision from its draws: Wilson's interval with as many trials as would have the draws' variance, between the number of
 * positives and twice it (Boyd, Eng and Page 2013 take the number of positives itself, which is wider than it must be). */
nv_figure nv_bootstrap_average_precision(double value, uint64_t n_positive, const double *draw, size_t draws);
/* The mean of figure[n_figure] (NaN left out), their intervals joined as in nv_outcomes_macro, with the draws' correlations;
 * draw[n_figure][draws]. */
int nv_bootstrap_macro(size_t n_figure, const nv_figure *figure, const double *draw, size_t draws, nv_figure *mean,
                       nv_error *err);

/* One draw's weights. */
void nv_bootstrap_weights(const nv_bootstrap *bootstrap, size_t draw, uint32_t *weight);

#endif
