/* SPDX-License-Identifier: Apache-2.0
 *
 * nb_fit.h: naive Bayes as linear weights over counts (or other non-negative values), classes 0 .. n_class - 1:
 *   multinomial  log theta = log((N_tc + alpha) / (N_c + alpha n_term)), bias = log prior      (Manning et al. 2008, 13.2)
 *   bernoulli    on presence; folded: weight = log p - log(1 - p), bias = log prior + sum log(1 - p)   (ibid., 13.3)
 *   complement   weight = -log of the complement's theta (Rennie et al. 2003), bias 0, as in scikit-learn's ComplementNB, whose prior
 *                counts only with a single class. With `normalize` each class's weights are divided by their absolute sum (their
 *                section 3.2), so that no class wins by the size of its weights, and multiplied by the mean of these sums, so
 *                that margins keep their scale.
 * Rows are weighted 1. A term that is a prefix only (n-grams below the shortest asked for) does not appear in rows.
 */
#ifndef NV_TRAIN_NB_FIT_H
#define NV_TRAIN_NB_FIT_H

#include "data/matrix.h"

typedef struct nv_nb_problem {
	const nv_matrix *rows;
	const uint32_t *subset; /* [n] rows; NULL: all */
	size_t n;
	const uint32_t *label;  /* [n_row] class, by row number of the matrix */
	size_t n_class;
	int variant;            /* NV_NB_* */
	double alpha;
	bool normalize;         /* complement alone */
} nv_nb_problem;

/* weight[n_term][n_class], bias[n_class]. A class without rows is given the smoothed weights of no counts and bias -infinity replaced by
 * -700. */
int nv_nb_fit(const nv_nb_problem *problem, double *weight, double *bias, nv_error *err);

#endif
