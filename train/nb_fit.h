/* SPDX-License-Identifier: Apache-2.0
 *
 * nb_fit.h: naive Bayes as linear weights over counts (or other non-negative values), classes 0 .. n_class - 1:
 *   multinomial  log theta = log((N_tc + alpha) / (N_c + alpha n_term)), bias = log prior      (Manning et al. 2008, 13.2)
 *   bernoulli    on presence; folded: weight = log p - log(1 - p), bias = log prior + sum log(1 - p)   (ibid., 13.3)
 *   complement   weight = -log of the complement's theta (Rennie et al. 2003), bias 0, as in scikit-learn's ComplementNB, whose prior
 *                counts only with a single class. With `normalize` each class's weights are divided by their absolute sum (their
 *                section 3.2), so that no class wins by the size of its weights, and multiplied by the mean of these sums, so
 *                that margins keep their scale.
 * Weights are given term by term, for one class beside the other, so that no table of all terms and classes is needed: fitting walks over
 * the columns once or twice for the sums that all terms share, and a third time gives the weights.
 *
 * Call order: nv_nb_init -> nv_nb_weights for terms 0, 1, 2, … -> nv_nb_release. One thread for each fit.
 *
 * Rows are weighted 1. A term that is a prefix only (n-grams below the shortest asked for) does not appear in rows.
 */
#ifndef NV_TRAIN_NB_FIT_H
#define NV_TRAIN_NB_FIT_H

#include "train/columns.h"

typedef struct nv_nb_problem {
	const nv_columns *rows; /* [n_row][n_term] */
	const uint8_t *counted; /* [n_row] whether the row takes part; NULL: all do */
	const uint32_t *label;  /* [n_row] class, of rows that take part */
	size_t n_class;
	int variant; /* NV_NB_* */
	double alpha;
	bool normalize; /* complement alone */
} nv_nb_problem;

typedef struct nv_nb {
	const nv_nb_problem *problem;
	nv_column_reader reader;
	size_t term;          /* that comes next */
	double *bias;         /* [n_class]; a class without rows: -700 in the place of -infinity */
	double *n_row;        /* [n_class] */
	double *total;        /* [n_class] sum of all values */
	double *log_of_total; /* [n_class] */
	double *length;       /* [n_class] what weights are multiplied by: 1 unless normalised */
	double *sum;          /* [n_class] of the term under way */
	double n;
} nv_nb;

/* The problem and what it points to must stay. */
int nv_nb_init(nv_nb *nb, const nv_nb_problem *problem, nv_error *err);
void nv_nb_release(nv_nb *nb);
/* weight[n_class] of the next term. A class without rows has the smoothed weights of no counts. */
void nv_nb_weights(nv_nb *nb, double *weight);

#endif
