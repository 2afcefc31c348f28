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
#define TICK_TERMS 1024

static size_t n_part(const nv_nb_problem *p)
{
	return p->n_fold > 0 ? p->n_fold : 1;
}

/* ---- The walk ---- */

static void clear_term(nv_nb *nb)
{
	const nv_nb_problem *p = nb->problem;
	for (size_t f = 0; f < n_part(p); f++) {
		if (nb->n_entry[f] > 0)
			memset(nb->sum + f * p->n_class, 0, p->n_class * sizeof *nb->sum);
		nb->n_entry[f] = 0;
	}
}

static void add_part(nv_nb *nb, nv_column_part part)
{
	const nv_nb_problem *p = nb->problem;
	bool presence = p->variant == NV_NB_BERNOULLI;
	const nv_nb_row *row = p->row + part.first_row;
	for (size_t j = 0; j < part.n; j++) {
		nv_nb_row r = row[part.row[j]];
		nb->n_entry[r.fold]++;
		nb->sum[r.fold * p->n_class + r.label] += presence ? 1 : (double)part.value[j];
	}
}

int nv_nb_next(nv_nb *nb, nv_error *err)
{
	const nv_nb_problem *p = nb->problem;
	clear_term(nb);
	for (size_t k = 0; k < p->columns->n_stretch; k++) {
		nb->part[k] = nv_column_read(&nb->reader, nb->term, k);
		add_part(nb, nb->part[k]);
	}
	memset(nb->all, 0, p->n_class * sizeof *nb->all);
	for (size_t f = 0; f < n_part(p); f++)
		for (size_t c = 0; nb->n_entry[f] > 0 && c < p->n_class; c++)
			nb->all[c] += nb->sum[f * p->n_class + c];
	nb->term++;
	return nb->ticker && nb->term % TICK_TERMS == 0 ? nv_tick(nb->ticker, 0, err) : NV_OK;
}

static void rewind_terms(nv_nb *nb)
{
	nb->term = 0;
	memset(nb->reader.next, 0, nb->problem->columns->n_stretch * sizeof *nb->reader.next);
}

/* count[n_class] of the term under way in a fit; returns their sum. */
static double count_term(nv_nb *nb, size_t fit)
{
	const nv_nb_problem *p = nb->problem;
	const double *held = fit < p->n_fold && nb->n_entry[fit] > 0 ? nb->sum + fit * p->n_class : NULL;
	double sum = 0;
	for (size_t c = 0; c < p->n_class; c++) {
		double count = held ? nb->all[c] - held[c] : nb->all[c];
		nb->count[c] = count > 0 ? count : 0;
		sum += nb->count[c];
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

static int add_up_totals(nv_nb *nb, nv_error *err)
{
	const nv_nb_problem *p = nb->problem;
	int code = NV_OK;
	for (size_t t = 0; t < p->columns->n_column && code == NV_OK; t++) {
		code = nv_nb_next(nb, err);
		for (size_t f = 0; f < n_part(p); f++)
			for (size_t c = 0; nb->n_entry[f] > 0 && c < p->n_class; c++)
				nb->total[f * p->n_class + c] += nb->sum[f * p->n_class + c];
	}
	to_fits(p, nb->total);
	rewind_terms(nb);
	return code;
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

static int add_absences(nv_nb *nb, nv_error *err)
{
	const nv_nb_problem *p = nb->problem;
	double without;
	int code = NV_OK;
	for (size_t t = 0; t < p->columns->n_column && code == NV_OK; t++) {
		code = nv_nb_next(nb, err);
		for (size_t fit = 0; fit < nb->n_fit; fit++) {
			(void)count_term(nb, fit);
			for (size_t c = 0; c < p->n_class; c++) {
				(void)bernoulli(nb, nb->n_row[fit * p->n_class + c], nb->count[c], &without);
				nb->bias[fit * p->n_class + c] += without;
			}
		}
	}
	rewind_terms(nb);
	return code;
}

/* ---- Weights of a term ---- */

static double log_smoothed(const nv_nb *nb, double count)
{
	return count > 0 ? nv_log(count + nb->problem->alpha) : nb->log_alpha;
}

static void multinomial(nv_nb *nb, size_t fit, double *weight)
{
	const double *log_of_total = nb->log_of_total + fit * nb->problem->n_class;
	(void)count_term(nb, fit);
	for (size_t c = 0; c < nb->problem->n_class; c++)
		weight[c] = log_smoothed(nb, nb->count[c]) - log_of_total[c];
}

/* log[n_class] of what the complement of each class counts of the term, smoothed. */
static void log_complements(nv_nb *nb, size_t fit, double *log)
{
	double all = count_term(nb, fit), none = log_smoothed(nb, all);
	for (size_t c = 0; c < nb->problem->n_class; c++)
		log[c] = nb->count[c] > 0 ? log_smoothed(nb, all - nb->count[c]) : none;
}

static void complement(nv_nb *nb, size_t fit, double *weight)
{
	size_t first = fit * nb->problem->n_class;
	log_complements(nb, fit, weight);
	for (size_t c = 0; c < nb->problem->n_class; c++)
		weight[c] = nb->length[first + c] * (nb->log_of_total[first + c] - weight[c]);
}

void nv_nb_weights(nv_nb *nb, size_t fit, double *weight)
{
	const nv_nb_problem *p = nb->problem;
	double without;
	if (p->variant == NV_NB_MULTINOMIAL) {
		multinomial(nb, fit, weight);
	} else if (p->variant == NV_NB_COMPLEMENT) {
		complement(nb, fit, weight);
	} else {
		(void)count_term(nb, fit);
		for (size_t c = 0; c < p->n_class; c++) {
			weight[c] = bernoulli(nb, nb->n_row[fit * p->n_class + c], nb->count[c], &without);
			weight[c] -= without;
		}
	}
}

/* ---- Complement's normalisation ---- */

/* Adds the logarithms of the term under way: of all rows to the last fit, of the others how they differ from it. */
static void add_logs(nv_nb *nb, double *log, double *log_sum)
{
	const nv_nb_problem *p = nb->problem;
	double *full = log + p->n_class, *full_sum = log_sum + p->n_fold * p->n_class;
	log_complements(nb, p->n_fold, full);
	for (size_t c = 0; c < p->n_class; c++)
		full_sum[c] += full[c];
	for (size_t f = 0; f < p->n_fold; f++) {
		if (!nv_nb_touches(nb, f))
			continue;
		log_complements(nb, f, log);
		for (size_t c = 0; c < p->n_class; c++)
			log_sum[f * p->n_class + c] += log[c] - full[c];
	}
}

/* Every class's weights get the same absolute sum, the mean of what they had. All are positive. */
static void set_lengths(nv_nb *nb, size_t fit, double *log_sum)
{
	size_t n_class = nb->problem->n_class, first = fit * n_class;
	const double *full = log_sum + nb->problem->n_fold * n_class;
	double mean = 0;
	for (size_t c = 0; c < n_class; c++) {
		double sum_of_logs = full[c] + (fit < nb->problem->n_fold ? log_sum[first + c] : 0);
		nb->length[first + c] = (double)nb->problem->columns->n_column * nb->log_of_total[first + c] - sum_of_logs;
		mean += nb->length[first + c] / (double)n_class;
	}
	for (size_t c = 0; c < n_class; c++)
		nb->length[first + c] = mean / nb->length[first + c];
}

static int normalize(nv_nb *nb, nv_error *err)
{
	size_t n_class = nb->problem->n_class;
	double *log = nv_alloc(2 * n_class, sizeof *log), *log_sum = nv_alloc_zero(nb->n_fit * n_class, sizeof *log_sum);
	int code = log && log_sum ? NV_OK : nv_fail_memory(err);
	for (size_t t = 0; t < nb->problem->columns->n_column && code == NV_OK; t++) {
		code = nv_nb_next(nb, err);
		add_logs(nb, log, log_sum);
	}
	for (size_t fit = 0; fit < nb->n_fit && code == NV_OK; fit++)
		set_lengths(nb, fit, log_sum);
	rewind_terms(nb);
	nv_free(log);
	nv_free(log_sum);
	return code;
}

/* ---- Fitting ---- */

static int allocate(nv_nb *nb, const nv_nb_problem *problem, nv_ticker *ticker, nv_error *err)
{
	size_t n = problem->n_class, n_stretch = problem->columns->n_stretch, n_fit = problem->n_fold + 1;
	*nb = (nv_nb){.problem = problem, .ticker = ticker, .reader = {problem->columns, NULL}, .n_fit = n_fit};
	nb->reader.next = nv_alloc_zero(n_stretch, sizeof *nb->reader.next);
	nb->part = nv_alloc_zero(n_stretch, sizeof *nb->part);
	nb->n_entry = nv_alloc_zero(n_part(problem), sizeof *nb->n_entry);
	nb->bias = nv_alloc_zero(5 * n_fit * n, sizeof *nb->bias);
	nb->sum = nv_alloc_zero((n_part(problem) + 2) * n, sizeof *nb->sum);
	if (!nb->reader.next || !nb->part || !nb->n_entry || !nb->bias || !nb->sum)
		return nv_fail_memory(err);
	nb->n_row = nb->bias + n_fit * n;
	nb->total = nb->bias + 2 * n_fit * n;
	nb->log_of_total = nb->bias + 3 * n_fit * n;
	nb->length = nb->bias + 4 * n_fit * n;
	nb->all = nb->sum + n_part(problem) * n;
	nb->count = nb->all + n;
	nb->log_alpha = nv_log(problem->alpha);
	for (size_t i = 0; i < n_fit * n; i++)
		nb->length[i] = 1;
	return NV_OK;
}

int nv_nb_init(nv_nb *nb, const nv_nb_problem *problem, nv_ticker *ticker, nv_error *err)
{
	int code = allocate(nb, problem, ticker, err);
	if (code != NV_OK)
		return code;
	count_rows(nb);
	if (problem->variant == NV_NB_BERNOULLI)
		return add_absences(nb, err);
	code = add_up_totals(nb, err);
	log_totals(nb);
	if (code == NV_OK && problem->variant == NV_NB_COMPLEMENT && problem->normalize)
		code = normalize(nb, err);
	if (problem->variant == NV_NB_COMPLEMENT && problem->n_class > 1)
		memset(nb->bias, 0, nb->n_fit * problem->n_class * sizeof *nb->bias);
	return code;
}

void nv_nb_release(nv_nb *nb)
{
	nv_free(nb->reader.next);
	nv_free(nb->part);
	nv_free(nb->n_entry);
	nv_free(nb->bias);
	nv_free(nb->sum);
	*nb = (nv_nb){0};
}
