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
 * what can be shared of it. Weights are reckoned term by term, for one class beside the other, so that no table of all terms and
 * classes is needed; those of a fit without a fold are needed for the fold's rows alone, and become their margins at once.
 *
 * Call order: nv_nb_init -> nv_nb_hold_out -> (nv_nb_walk_init -> (nv_nb_next -> nv_nb_weights) for every term ->
 * nv_nb_walk_release) -> nv_nb_release. After nv_nb_hold_out the fits are constant, and each thread may have a walk.
 *
 * Rows are weighted 1. A term that is a prefix only (n-grams below the shortest asked for) does not appear in rows.
 */
#ifndef NV_TRAIN_NB_FIT_H
#define NV_TRAIN_NB_FIT_H

#include "base/parallel.h"
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
	bool normalize; /* complement alone */
} nv_nb_problem;

typedef struct nv_nb {
	const nv_nb_problem *problem;
	size_t n_fit;
	/* [n_fit][n_class] */
	double *bias; /* a class without rows: -700 in the place of -infinity */
	double *n_row, *total, *log_of_total;
	double *length;   /* what weights are multiplied by: 1 unless normalised */
	double log_alpha; /* what no count at all gives */
} nv_nb;

/* The problem and what it points to must stay; ticker may be NULL. NV_E_MEMORY, NV_E_CANCELLED; release in any case. */
int nv_nb_init(nv_nb *nb, const nv_nb_problem *problem, nv_ticker *ticker, nv_error *err);
/* The lengths, and, with folds, margin[n_row][n_class] of each row by the fit without its fold: to be zeroed by the caller. n_thread changes no result. */
int nv_nb_hold_out(nv_nb *nb, double *margin, size_t n_thread, nv_ticker *ticker, nv_error *err);
void nv_nb_release(nv_nb *nb);

/* Goes over the terms. */
typedef struct nv_nb_walk {
	const nv_nb *nb;
	nv_column_reader reader;
	/* The term under way. */
	size_t term;          /* that comes next */
	nv_column_part *part; /* [n_stretch] its rows; n 0: none */
	uint32_t *n_entry;    /* [n_fold, at least 1] its rows of each fold */
	double *sum;          /* [n_fold, at least 1][n_class] its values, or rows that hold it, in each fold */
	double *all;          /* [n_class] the same in all folds */
	double *count;        /* [n_class] scratch: what one fit counts */
} nv_nb_walk;

static inline int nv_nb_tick(nv_ticker *ticker, size_t term, nv_error *err)
{
	return ticker && term % 1024 == 0 ? nv_tick(ticker, 0, err) : NV_OK;
}

/* So that nv_nb_next goes to `term` first. NV_E_MEMORY; release in any case. */
int nv_nb_walk_init(nv_nb_walk *walk, const nv_nb *nb, size_t term, nv_error *err);
void nv_nb_walk_release(nv_nb_walk *walk);
void nv_nb_next(nv_nb_walk *walk);
/* weight[n_class] of the term under way in a fit. A class without rows has the smoothed weights of no counts. */
void nv_nb_weights(nv_nb_walk *walk, size_t fit, double *weight);

#endif
