/* SPDX-License-Identifier: Apache-2.0
 *
 * spread.h: the naive Bayes prior of the linear models: how far each term's weight may spread for a label. Wang and Manning (2012) scale
 * features by the log-count ratio r of naive Bayes; learning on [x, r o x] side by side with one Gaussian prior is the same as
 * learning on x with the prior variance base + strength * r^2 of a term's weight, and the ratio then only eases, never
 * hides, a term. The ratios count the given rows alone.
 *
 *   r[t][l] = log((P + alpha) / (n1 + 2 alpha)) - log((A - P + alpha) / (n0 + 2 alpha)),  divided by the root mean square length of r o x;
 *             with one_sided a negative r, of a term that speaks against the label, counts as 0
 *   P, A: rows of the label, and all rows, that hold term t; n1, n0: rows of the label and the others. For character n-grams
 *   P and A are sums of the rows' n-gram values.
 */
#ifndef NV_TRAIN_SPREAD_H
#define NV_TRAIN_SPREAD_H

#include "base/parallel.h"
#include "train/row_set.h"

struct nv_pass;

typedef struct nv_spread_options {
	double base, strength, alpha;                /* terms */
	double gram_base, gram_strength, gram_alpha; /* character n-grams */
	bool one_sided;
	/* A label's strengths are multiplied by |log10((n1 + 1) / (n0 + 1))|: 0 for a label of half the rows, 1 for a tenth. */
	bool by_odds;
} nv_spread_options;

/* Prior variances. Terms of equal counts have equal variances, and most terms are in a few rows only: each row of variances that differs from
 * the others is kept once. */
typedef struct nv_variance {
	nv_row_set term; /* rows [width] */
	uint32_t *of;    /* [n_term] a term's row of the set */
	float *gram;     /* [n_gram][width] */
} nv_variance;

/* Of the pass's problem, width as the pass's, whose array of words' weights is scratch. Release in any case. */
int nv_spread(struct nv_pass *pass, nv_variance *variance, nv_error *err);
void nv_variance_release(nv_variance *variance);

#endif
