/* SPDX-License-Identifier: Apache-2.0
 *
 * nb_fit.h: naive Bayes as linear weights over counts (or other non-negative values), classes 0 .. n_class - 1:
 *   multinomial  log theta = log((N_tc + alpha) / (N_c + alpha n_term)), bias = log prior      (Manning et al. 2008, 13.2)
 *   bernoulli    on presence; folded: weight = log p - log(1 - p), bias = log prior + sum log(1 - p)   (ibid., 13.3)
 *   complement   weight = -log of the complement's theta (Rennie et al. 2003), bias 0, as in scikit-learn's ComplementNB, whose prior
 *                counts only with a single class. With `normalize` each class's weights are divided by their absolute sum (their
 *                section 3.2), so that no class wins by the size of its weights, and multiplied by the mean of these sums, so
 *                that margins keep their scale.
 * The counts of a fit without one fold are those of all rows less the fold's, so one walk over the columns serves the fit of all
 * rows and those without each fold: n_fold + 1 fits, number n_fold that of all rows. A fold without rows that hold a term shares
 * what can be shared of it. Weights are given term by term, for one class beside the other, so that no table of all terms and
 * classes is needed: fitting walks once or twice for the sums that all terms share, and a last time gives the weights.
 *
 * Call order: nv_nb_init -> (nv_nb_next -> nv_nb_weights) for every term -> nv_nb_release. One thread for each.
 *
 * Rows are weighted 1. A term that is a prefix only (n-grams below the shortest asked for) does not appear in rows.
 */
#ifndef NV_TRAIN_NB_FIT_H
#define NV_TRAIN_NB_FIT_H

#include "train/columns.h"

typedef struct nv_nb_row {
	uint32_t label; /* class */
	uint32_t fold;  /* 0 .. n_fold - 1, 0 where there are none */
} nv_nb_row;

typedef struct nv_nb_problem {
	const nv_columns *columns; /* [n_row][n_term] */
	const nv_nb_row *row;      /* [n_row] */
	size_t n_class, n_fold;    /* n_fold 0: the fit of all rows alone */
	int variant;               /* NV_NB_* */
	double alpha;
	bool normalize;            /* complement alone */
} nv_nb_problem;

typedef struct nv_nb {
	const nv_nb_problem *problem;
	nv_ticker *ticker; /* may be NULL */
	nv_column_reader reader;
	size_t n_fit;
	/* [n_fit][n_class] */
	double *bias;         /* a class without rows: -700 in the place of -infinity */
	double *n_row, *total, *log_of_total;
	double log_alpha;     /* what no count at all gives */
	double *length;       /* what weights are multiplied by: 1 unless normalised */
	/* The term under way. */
	size_t term;          /* that comes next */
	nv_column_part *part; /* [n_stretch] its rows; n 0: none */
	uint32_t *n_entry;    /* [n_fold, at least 1] its rows of each fold */
	double *sum;          /* [n_fold, at least 1][n_class] its values, or rows that hold it, in each fold */
	double *all;          /* [n_class] the same in all folds */
	double *count;        /* [n_class] scratch: what one fit counts */
} nv_nb;

/* The problem and what it points to must stay; ticker may be NULL. NV_E_MEMORY, NV_E_CANCELLED; release in any case. */
int nv_nb_init(nv_nb *nb, const nv_nb_problem *problem, nv_ticker *ticker, nv_error *err);
void nv_nb_release(nv_nb *nb);
/* Goes to the next term. NV_E_CANCELLED. */
int nv_nb_next(nv_nb *nb, nv_error *err);
/* Whether rows of the fold hold the term under way: nothing else needs its weights without the fold. */
static inline bool nv_nb_touches(const nv_nb *nb, size_t fold)
{
	return nb->n_entry[fold] > 0;
}
/* weight[n_class] of the term under way in a fit. A class without rows has the smoothed weights of no counts. */
void nv_nb_weights(nv_nb *nb, size_t fit, double *weight);

#endif
