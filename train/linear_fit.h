/* SPDX-License-Identifier: Apache-2.0
 *
 * linear_fit.h: linear models over the rows of a sparse matrix, or those outside a fold: log loss or squared hinge, one label against the rest, with a
 * Gaussian prior on the folded weights u:
 *
 *   minimise over (w, g, b):  1/2 |w|^2 + 1/2 |g|^2 + 1/2 b^2 / intercept_scale^2 + sum_i c_i * loss(y_i * (x_i . u + b))
 *   with u[t] = s[t] * w[t] + sum over the character n-grams k of (share[t][k] - mean_share[k]) * s_gram[k] * g[k],
 *   and c_i = c times the weight of the row's side (label_weight)
 *
 * The variance s[t]^2 is that of the prior of term t's weight for a label: 1 for plain models, larger for terms whose naive Bayes
 * log-count ratio is large (spread.h); the n-gram part gives words of like spelling weights alike. Only u, and s_gram * g for
 * unknown words, is kept. The intercept is penalised like the weight of a feature of value intercept_scale (as in liblinear).
 *
 * With an l1 share the penalty is (1 - l1_ratio) / 2 |w|^2 + l1_ratio |w|_1, for plain models alone (no variances, no n-grams),
 * and the intercept is free (as in glmnet).
 *
 * Call order: nv_linear_fit, which gives the weights away in pieces -> use the fit's arrays -> nv_linear_fitted_release. One thread for each
 * fit.
 */
#ifndef NV_TRAIN_LINEAR_FIT_H
#define NV_TRAIN_LINEAR_FIT_H

#include "base/parallel.h"
#include "train/columns.h"
#include "train/gram_sample.h"
#include "train/solver.h"
#include "train/spread.h"

enum { NV_LOSS_LOG, NV_LOSS_SQUARED_HINGE };

typedef struct nv_linear_problem {
	const nv_columns *columns;  /* [n][n_term] the rows by columns */
	size_t n;
	const uint32_t *fold;       /* [n] rows of the fold `held` take no part; NULL: all rows do */
	uint32_t held;
	const uint32_t *row;        /* [n] their numbers in gold, in nv_linear_start, in `matrix`; NULL: 0 .. n - 1 */
	const nv_matrix *matrix;    /* the rows once more, where l1_ratio is above 0; else NULL */
	const nv_columns *share;    /* [n_word][n_gram] shares of character n-grams of the first n_word terms; NULL: none */
	const double *mean_share;   /* [n_gram] taken off every word's share, so that n-grams tell words apart and say nothing of how
	                             * long an article is (training.h); NULL: nothing is taken off */
	const nv_gram_sample *sample; /* of the rows; only where there are both spread and share */
	const uint8_t *gold;        /* [row number][n_label] 0 or 1 */
	size_t n_label;
	size_t first_label, width;  /* the block of labels to fit, width at most NV_MAX_WIDTH */
	const nv_spread_options *spread; /* NULL: all variances 1 */
	const double *label_weight; /* [n_label][2]: weight of negatives and positives; NULL: 1 */
	int loss;                   /* NV_LOSS_* */
	double c, l1_ratio, intercept_scale, tolerance;
	int max_iteration;
} nv_linear_problem;

/* Solution of the block; column k is label first_label + k, stride the columns stored. */
typedef struct nv_linear_fitted {
	size_t stride;
	float *gram;  /* [n_gram + 1][stride] n-gram weights, then what every word gets beside them: -(mean_share . weights) */
	double bias[NV_MAX_WIDTH];
	nv_solver_result result;
} nv_linear_fitted;

/* coefficient: [row number][n_label] row coefficients (solver.h), the block's columns of which are the start when
 * warm, and the solution's afterwards unless keep is false. Ignored with l1_ratio > 0. It is for callers that fit the same rows again
 * with other options, as along a path of c; the jobs of a training start from zero, for jobs.c's reason. */
typedef struct nv_linear_start {
	double *coefficient;
	bool warm, keep;
} nv_linear_start;

/* What folded weights go to, piece by piece of rising terms: term first + i has u[i][stride], valid during the call, stride being
 * nv_pass_width(width). The first piece may be empty. */
typedef struct nv_weights_taker {
	int (*take)(void *context, size_t first, size_t n, const float *u, nv_error *err);
	void *context;
} nv_weights_taker;

/* start NULL: from zero. A fit that stopped early is one (fitted->result); one whose loss is not finite is NV_E_USAGE, and gives no weights. */
int nv_linear_fit(const nv_linear_problem *problem, const nv_linear_start *start, const nv_weights_taker *taker,
                  nv_ticker *ticker, nv_linear_fitted *fitted, nv_error *err);
void nv_linear_fitted_release(nv_linear_fitted *fitted);

#endif
