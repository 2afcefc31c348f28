/* SPDX-License-Identifier: Apache-2.0
 *
 * pass.h: passes over the rows of a problem (linear_fit.h) for a block of up to NV_MAX_WIDTH labels side by side: folded weights from
 * row coefficients, margins from folded weights, and their composition, the product with K of solver.h.
 *
 * A row's features are its terms, the character n-grams of its words, and a constant. Character n-grams are never written out: with X the
 * rows, C the words' shares less their mean, and V the prior variances,
 *   g = C' (X' v) restricted to words,   u = V X' v + C (V_gram g),   margin = X u + intercept_scale^2 * sum v.
 * All sums are in the order of rows and terms. A pass is one thread's.
 */
#ifndef NV_TRAIN_PASS_H
#define NV_TRAIN_PASS_H

#include "train/linear_fit.h"

typedef struct nv_pass {
	const nv_linear_problem *problem;
	size_t width;        /* columns stored: 1, 2, 4 or 8, at least problem->width */
	size_t n_term, n_gram, n_word;
	const float *variance, *gram_variance; /* [n_term][width], [n_gram][width]; NULL: 1 */
	double *u;           /* [n_term][width] folded weights */
	double *gram;        /* [n_gram + 1][width] n-gram weights (V_gram g); then -(mean_share . weights), which every word gets */
	double bias[NV_MAX_WIDTH];
	nv_ticker *ticker;   /* may be NULL */
} nv_pass;

size_t nv_pass_width(size_t n_label); /* columns stored for a block of so many labels */

/* variance arrays are the caller's and are kept. */
int nv_pass_init(nv_pass *pass, const nv_linear_problem *problem, const float *variance, const float *gram_variance,
                 nv_ticker *ticker, nv_error *err);
void nv_pass_release(nv_pass *pass);

/* The row of the matrix that is the problem's i-th. */
static inline size_t nv_pass_row(const nv_pass *pass, size_t i)
{
	return pass->problem->subset ? pass->problem->subset[i] : i;
}

/* Coefficients v[n][width] -> u, gram, bias. */
int nv_pass_weights(nv_pass *pass, const double *v, nv_error *err);
/* Sums over rows alone: u = X' v, bias = sum of v, without variances and n-grams. */
int nv_pass_gather(nv_pass *pass, const double *v, nv_error *err);
/* u, bias -> margins[n][width]. */
int nv_pass_margins(const nv_pass *pass, double *margin, nv_error *err);

#endif
