/* SPDX-License-Identifier: Apache-2.0
 *
 * Values are single precision and sums double: a fit's counts, all less the fold's, are exact while a sum is below 2^29 times its
 * smallest value. What rounding leaves beyond that is far below alpha, and cut at 0. Most sums of a term and a class are zero: such
 * classes share the term's or the class's logarithm. Most terms are in one class alone, or in the rows of one fold alone, so that what
 * is left is zero as well.
 */
#include "train/nb_fit.h"

#include "base/alloc.h"
#include "base/numeric.h"
#include "train/train.h"

#include <string.h>

#define NO_ROWS_BIAS (-700.0)

static size_t n_part(const nv_nb_problem *p)
{
	return p->n_fold > 0 ? p->n_fold : 1;
}

/* ---- The walk ---- */

static void clear_term(nv_nb_walk *w)
{
	const nv_nb_problem *p = w->nb->problem;
	for (size_t f = 0; f < n_part(p); f++) {
		if (w->n_entry[f] > 0)
			memset(w->sum + f * p->n_class, 0, p->n_class * sizeof *w->sum);
		w->n_entry[f] = 0;
	}
}

static void add_part(nv_nb_walk *w, nv_column_part part)
{
	const nv_nb_problem *p = w->nb->problem;
	bool presence = p->variant == NV_NB_BERNOULLI;
	const nv_nb_row *row = p->row + part.first_row;
	for (size_t j = 0; j < part.n; j++) {
		nv_nb_row r = row[part.row[j]];
		w->n_entry[r.fold]++;
		w->sum[r.fold * p->n_class + r.label] += presence ? 1 : (double)part.value[j];
	}
}

void nv_nb_next(nv_nb_walk *w)
{
	const nv_nb_problem *p = w->nb->problem;
	clear_term(w);
	for (size_t k = 0; k < p->columns->n_stretch; k++) {
		w->part[k] = nv_column_read(&w->reader, w->term, k);
		add_part(w, w->part[k]);
	}
	memset(w->all, 0, p->n_class * sizeof *w->all);
	for (size_t f = 0; f < n_part(p); f++)
		for (size_t c = 0; w->n_entry[f] > 0 && c < p->n_class; c++)
			w->all[c] += w->sum[f * p->n_class + c];
	w->term++;
}

int nv_nb_walk_init(nv_nb_walk *w, const nv_nb *nb, size_t term, nv_error *err)
{
	const nv_nb_problem *p = nb->problem;
	const nv_columns *columns = p->columns;
	*w = (nv_nb_walk){.nb = nb, .reader = {columns, NULL}, .term = term};
	w->reader.next = nv_alloc(columns->n_stretch, sizeof *w->reader.next);
	w->part = nv_alloc_zero(columns->n_stretch, sizeof *w->part);
	w->n_entry = nv_alloc_zero(n_part(p), sizeof *w->n_entry);
	w->sum = nv_alloc_zero((n_part(p) + 2) * p->n_class, sizeof *w->sum);
	if (!w->reader.next || !w->part || !w->n_entry || !w->sum)
		return nv_fail_memory(err);
	w->all = w->sum + n_part(p) * p->n_class;
	w->count = w->all + p->n_class;
	for (size_t k = 0; k < columns->n_stretch; k++)
		w->reader.next[k] = nv_columns_find_run(columns, &columns->stretch[k], term);
	return NV_OK;
}

void nv_nb_walk_release(nv_nb_walk *w)
{
	nv_free(w->reader.next);
	nv_free(w->part);
	nv_free(w->n_entry);
	nv_free(w->sum);
	*w = (nv_nb_walk){0};
}

/* count[n_class] of the term under way in a fit; returns their sum. */
static double count_term(nv_nb_walk *w, size_t fit)
{
	const nv_nb_problem *p = w->nb->problem;
	const double *held = fit < p->n_fold && w->n_entry[fit] > 0 ? w->sum + fit * p->n_class : NULL;
	double sum = 0;
	for (size_t c = 0; c < p->n_class; c++) {
		double count = held ? w->all[c] - held[c] : w->all[c];
		w->count[c] = count > 0 ? count : 0;
		sum += w->count[c];
	}
	return sum;
}

/* ---- What all terms share ---- */

/* table[fold][n_class] hold what the folds have: each becomes what all others have, and the last row what all have. */
static void to_fits(const nv_nb_problem *p, double *table)
{
	double *all = table + p->n_fold * p->n_class;
	for (size_t f = 0; f < p->n_fold; f++)
		for (size_t c = 0; c < p->n_class; c++)
			all[c] += table[f * p->n_class + c];
	for (size_t f = 0; f < p->n_fold; f++)
		for (size_t c = 0; c < p->n_class; c++)
			table[f * p->n_class + c] = all[c] - table[f * p->n_class + c];
}

static void count_rows(nv_nb *nb)
{
	const nv_nb_problem *p = nb->problem;
	for (size_t row = 0; row < p->columns->n_row; row++)
		nb->n_row[p->row[row].fold * p->n_class + p->row[row].label]++;
	to_fits(p, nb->n_row);
	for (size_t fit = 0; fit < nb->n_fit; fit++) {
		double n = 0, *n_row = nb->n_row + fit * p->n_class, *bias = nb->bias + fit * p->n_class;
		for (size_t c = 0; c < p->n_class; c++)
			n += n_row[c];
		for (size_t c = 0; c < p->n_class; c++)
			bias[c] = n_row[c] > 0 ? nv_log(n_row[c]) - nv_log(n) : NO_ROWS_BIAS;
	}
}

/* In the order of the entries: no term needs a sum of its own. */
static void add_up_totals(nv_nb *nb)
{
	const nv_nb_problem *p = nb->problem;
	const nv_columns *columns = p->columns;
	for (const nv_stretch *s = columns->stretch; s < columns->stretch + columns->n_stretch; s++) {
		size_t n = s->n_run > 0 ? columns->run[s->first_run + s->n_run - 1].end : 0;
		for (size_t j = s->first_entry; j < s->first_entry + n; j++) {
			nv_nb_row r = p->row[s->first_row + columns->row[j]];
			nb->total[r.fold * p->n_class + r.label] += (double)columns->value[j];
		}
	}
	to_fits(p, nb->total);
}

static void log_totals(nv_nb *nb)
{
	const nv_nb_problem *p = nb->problem;
	double smoothing = p->alpha * (double)p->columns->n_column;
	for (size_t fit = 0; fit < nb->n_fit; fit++) {
		double grand = 0, *total = nb->total + fit * p->n_class;
		for (size_t c = 0; c < p->n_class; c++)
			grand += total[c];
		for (size_t c = 0; c < p->n_class; c++)
			nb->log_of_total[fit * p->n_class + c] =
				nv_log((p->variant == NV_NB_COMPLEMENT ? grand - total[c] : total[c]) + smoothing);
	}
}

/* Smoothed with alpha for "holds the term" and alpha for "does not": log p of both. */
static double bernoulli(const nv_nb *nb, double n_row, double count, double *without)
{
	double alpha = nb->problem->alpha, all = nv_log(n_row + 2 * alpha);
	*without = nv_log(n_row - count + alpha) - all;
	return nv_log(count + alpha) - all;
}

static int add_absences(nv_nb *nb, nv_ticker *ticker, nv_error *err)
{
	const nv_nb_problem *p = nb->problem;
	double without;
	nv_nb_walk walk;
	int code = nv_nb_walk_init(&walk, nb, 0, err);
	for (size_t t = 0; t < p->columns->n_column && code == NV_OK; t++) {
		nv_nb_next(&walk);
		for (size_t fit = 0; fit < nb->n_fit; fit++) {
			(void)count_term(&walk, fit);
			for (size_t c = 0; c < p->n_class; c++) {
				(void)bernoulli(nb, nb->n_row[fit * p->n_class + c], walk.count[c], &without);
				nb->bias[fit * p->n_class + c] += without;
			}
		}
		code = nv_nb_tick(ticker, t, err);
	}
	nv_nb_walk_release(&walk);
	return code;
}

/* ---- Weights of a term ---- */

static double log_smoothed(const nv_nb *nb, double count)
{
	return count > 0 ? nv_log(count + nb->problem->alpha) : nb->log_alpha;
}

static void multinomial(nv_nb_walk *w, size_t fit, double *weight)
{
	const nv_nb *nb = w->nb;
	const double *log_of_total = nb->log_of_total + fit * nb->problem->n_class;
	(void)count_term(w, fit);
	for (size_t c = 0; c < nb->problem->n_class; c++)
		weight[c] = log_smoothed(nb, w->count[c]) - log_of_total[c];
}

static void complement(nv_nb_walk *w, size_t fit, double *weight)
{
	const nv_nb *nb = w->nb;
	double all = count_term(w, fit), none = log_smoothed(nb, all);
	const double *length = nb->length + fit * nb->problem->n_class;
	const double *log_of_total = nb->log_of_total + fit * nb->problem->n_class;
	for (size_t c = 0; c < nb->problem->n_class; c++) {
		double log = w->count[c] > 0 ? log_smoothed(nb, all - w->count[c]) : none;
		weight[c] = length[c] * (log_of_total[c] - log);
	}
}

void nv_nb_weights(nv_nb_walk *w, size_t fit, double *weight)
{
	const nv_nb *nb = w->nb;
	const nv_nb_problem *p = nb->problem;
	double without;
	if (p->variant == NV_NB_MULTINOMIAL) {
		multinomial(w, fit, weight);
	} else if (p->variant == NV_NB_COMPLEMENT) {
		complement(w, fit, weight);
	} else {
		(void)count_term(w, fit);
		for (size_t c = 0; c < p->n_class; c++) {
			weight[c] = bernoulli(nb, nb->n_row[fit * p->n_class + c], w->count[c], &without);
			weight[c] -= without;
		}
	}
}

/* ---- Fitting ---- */

static int allocate(nv_nb *nb, const nv_nb_problem *problem, nv_error *err)
{
	size_t n_fit = problem->n_fold + 1, n = n_fit * problem->n_class;
	*nb = (nv_nb){.problem = problem, .n_fit = n_fit, .log_alpha = nv_log(problem->alpha)};
	nb->bias = nv_alloc_zero(5 * n, sizeof *nb->bias);
	if (!nb->bias)
		return nv_fail_memory(err);
	nb->n_row = nb->bias + n;
	nb->total = nb->bias + 2 * n;
	nb->log_of_total = nb->bias + 3 * n;
	nb->length = nb->bias + 4 * n;
	for (size_t i = 0; i < n; i++)
		nb->length[i] = 1;
	return NV_OK;
}

int nv_nb_init(nv_nb *nb, const nv_nb_problem *problem, nv_ticker *ticker, nv_error *err)
{
	int code = allocate(nb, problem, err);
	if (code != NV_OK)
		return code;
	count_rows(nb);
	if (problem->variant == NV_NB_BERNOULLI)
		return add_absences(nb, ticker, err);
	add_up_totals(nb);
	log_totals(nb);
	if (problem->variant == NV_NB_COMPLEMENT && problem->n_class > 1)
		memset(nb->bias, 0, nb->n_fit * problem->n_class * sizeof *nb->bias);
	return NV_OK;
}

void nv_nb_release(nv_nb *nb)
{
	nv_free(nb->bias);
	*nb = (nv_nb){0};
}
