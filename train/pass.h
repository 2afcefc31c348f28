/* SPDX-License-Identifier: Apache-2.0
 *
 * pass.h: passes over the rows of a problem (linear_fit.h) for a block of up to NV_MAX_WIDTH labels side by side: folded weights from
 * row coefficients, margins from folded weights, and their composition, the product with K of solver.h.
 *
 * A row's features are its terms, the character n-grams of its words, and a constant. Character n-grams are never written out: with X the
 * rows, C the words' shares less their mean, and V the prior variances,
 *   g = C' (X' v) restricted to words,   u = V X' v + C (V_gram g),   margin = X u + intercept_scale^2 * sum v.
 * Sums are in single precision and in the fixed order of columns.h; sums over all rows or all words at once, in double. A pass is
 * one thread's.
 *
 * A product is of the columns of v that are not all zero, packed side by side, with others up to a power of two: near its end a fit has
 * few labels left, and a narrow product is a cheap one. A label's sums are the same to the last bit, whatever stands beside it.
 *
 * The weights of all terms are never there at once: those of the words are, for the folding, and those behind them, which are word n-grams, go
 * from sums to margins by blocks of terms.
 *
 * Call order: nv_pass_init -> nv_pass_set_variance -> nv_pass_product … -> nv_pass_weights -> take gram -> nv_pass_release.
 */
#ifndef NV_TRAIN_PASS_H
#define NV_TRAIN_PASS_H

#include "train/columns.h"
#include "train/linear_fit.h"

typedef struct nv_pass {
	const nv_linear_problem *problem;
	size_t width;                 /* columns stored: a power of two, at least problem->width */
	size_t packed;                /* columns of the product under way: a power of two, at most width */
	uint8_t column[NV_MAX_WIDTH]; /* [packed] which of the stored ones they are */
	size_t n_term, n_gram, n_word;
	const nv_variance *variance; /* NULL: 1 */
	/* These have room for `width` columns; a product fills `packed`. */
	float *word;  /* [n_word][packed] words' folded weights */
	float *block; /* [n_block][packed] those of some other terms */
	size_t n_block;
	float
		*gram; /* [n_gram + 1][packed] n-gram weights (V_gram g); then -(mean_share . weights), which every word gets */
	float *coefficient, *margin; /* [n][packed] */
	double bias[NV_MAX_WIDTH];   /* [packed] */
	nv_ticker *ticker;           /* may be NULL */
} nv_pass;

size_t nv_pass_width(size_t n_label); /* columns stored for a block of so many labels */

int nv_pass_init(nv_pass *pass, const nv_linear_problem *problem, nv_ticker *ticker, nv_error *err);
/* The caller's, and is kept; without this call variances are 1. */
void nv_pass_set_variance(nv_pass *pass, const nv_variance *variance);
void nv_pass_release(nv_pass *pass);

/* The number of the problem's i-th row. */
static inline size_t nv_pass_row(const nv_pass *pass, size_t i)
{
	return pass->problem->row ? pass->problem->row[i] : i;
}

/* Whether the problem's i-th row takes part. */
static inline bool nv_pass_uses(const nv_linear_problem *problem, size_t i)
{
	return !problem->fold || problem->fold[i] != problem->held;
}

/* Rows that take part. */
size_t nv_pass_rows(const nv_linear_problem *problem);

/* Coefficients v[n][width], 0 for rows held out -> margins out[n][width]. */
int nv_pass_product(nv_pass *pass, const double *v, double *out, nv_error *err);
/* Coefficients v[n][width] -> folded weights of all columns, given to `take` in pieces; gram, bias. */
int nv_pass_weights(nv_pass *pass, const double *v, const nv_weights_taker *taker, nv_error *err);

#endif
