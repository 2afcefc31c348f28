/* SPDX-License-Identifier: Apache-2.0
 *
 * Most sums of a term and a class are zero: such classes share the term's or the class's logarithm.
 */
#include "train/nb_fit.h"

#include "base/alloc.h"
#include "base/numeric.h"
#include "train/train.h"

#include <string.h>

#define NO_ROWS_BIAS (-700.0)

/* sum[class] of the next term's values, or rows that hold it. */
static void next_term(nv_nb *nb)
{
	const nv_nb_problem *p = nb->problem;
	bool presence = p->variant == NV_NB_BERNOULLI;
	memset(nb->sum, 0, p->n_class * sizeof *nb->sum);
	for (size_t k = 0; k < p->rows->n_stretch; k++) {
		nv_column_part part = nv_column_read(&nb->reader, nb->term, k);
		for (size_t j = 0; j < part.n; j++) {
			size_t row = part.first_row + part.row[j];
			if (!p->counted || p->counted[row])
				nb->sum[p->label[row]] += presence ? 1 : (double)part.value[j];
		}
	}
	nb->term++;
}

static void rewind_terms(nv_nb *nb)
{
	nb->term = 0;
	memset(nb->reader.next, 0, nb->problem->rows->n_stretch * sizeof *nb->reader.next);
}

/* ---- What all terms share ---- */

static void count_rows(nv_nb *nb)
{
	const nv_nb_problem *p = nb->problem;
	for (size_t row = 0; row < p->rows->n_row; row++)
		if (!p->counted || p->counted[row]) {
			nb->n_row[p->label[row]]++;
			nb->n++;
		}
	for (size_t c = 0; c < p->n_class; c++)
		nb->bias[c] = nb->n_row[c] > 0 ? nv_log(nb->n_row[c]) - nv_log(nb->n) : NO_ROWS_BIAS;
}

static void add_up_totals(nv_nb *nb)
{
	for (size_t t = 0; t < nb->problem->rows->n_column; t++) {
		next_term(nb);
		for (size_t c = 0; c < nb->problem->n_class; c++)
			nb->total[c] += nb->sum[c];
	}
	rewind_terms(nb);
}

static void log_totals(nv_nb *nb)
{
	const nv_nb_problem *p = nb->problem;
	double smoothing = p->alpha * (double)p->rows->n_column, grand = 0;
	for (size_t c = 0; c < p->n_class; c++)
		grand += nb->total[c];
	for (size_t c = 0; c < p->n_class; c++)
		nb->log_of_total[c] =
			nv_log((p->variant == NV_NB_COMPLEMENT ? grand - nb->total[c] : nb->total[c]) + smoothing);
}

/* Smoothed with alpha for "holds the term" and alpha for "does not": log p of both. */
static double bernoulli(const nv_nb *nb, size_t c, double *without)
{
	double alpha = nb->problem->alpha, all = nv_log(nb->n_row[c] + 2 * alpha);
	*without = nv_log(nb->n_row[c] - nb->sum[c] + alpha) - all;
	return nv_log(nb->sum[c] + alpha) - all;
}

static void add_absences(nv_nb *nb)
{
	double without;
	for (size_t t = 0; t < nb->problem->rows->n_column; t++) {
		next_term(nb);
		for (size_t c = 0; c < nb->problem->n_class; c++) {
			(void)bernoulli(nb, c, &without);
			nb->bias[c] += without;
		}
	}
	rewind_terms(nb);
}

/* ---- Weights of a term ---- */

static void multinomial(const nv_nb *nb, double *weight)
{
	double alpha = nb->problem->alpha, none = nv_log(alpha);
	for (size_t c = 0; c < nb->problem->n_class; c++)
		weight[c] = (nb->sum[c] > 0 ? nv_log(nb->sum[c] + alpha) : none) - nb->log_of_total[c];
}

static void complement(const nv_nb *nb, double *weight)
{
	double alpha = nb->problem->alpha, all = 0;
	for (size_t c = 0; c < nb->problem->n_class; c++)
		all += nb->sum[c];
	double none = nv_log(all + alpha);
	for (size_t c = 0; c < nb->problem->n_class; c++) {
		double rest = all - nb->sum[c] > 0 ? all - nb->sum[c] : 0;
		weight[c] = nb->length[c] * (nb->log_of_total[c] - (nb->sum[c] > 0 ? nv_log(rest + alpha) : none));
	}
}

void nv_nb_weights(nv_nb *nb, double *weight)
{
	double without;
	next_term(nb);
	if (nb->problem->variant == NV_NB_MULTINOMIAL) {
		multinomial(nb, weight);
	} else if (nb->problem->variant == NV_NB_COMPLEMENT) {
		complement(nb, weight);
	} else {
		for (size_t c = 0; c < nb->problem->n_class; c++) {
			weight[c] = bernoulli(nb, c, &without);
			weight[c] -= without;
		}
	}
}

/* Every class's weights get the same absolute sum, the mean of what they had. All are positive. */
static int normalize(nv_nb *nb, nv_error *err)
{
	size_t n_class = nb->problem->n_class;
	double mean = 0, *weight = nv_alloc(n_class, sizeof *weight), *sum = nv_alloc_zero(n_class, sizeof *sum);
	int code = weight && sum ? NV_OK : nv_fail_memory(err);
	for (size_t t = 0; t < nb->problem->rows->n_column && code == NV_OK; t++) {
		nv_nb_weights(nb, weight);
		for (size_t c = 0; c < n_class; c++)
			sum[c] += weight[c];
	}
	for (size_t c = 0; c < n_class && code == NV_OK; c++)
		mean += sum[c] / (double)n_class;
	for (size_t c = 0; c < n_class && code == NV_OK; c++)
		nb->length[c] = mean / sum[c];
	rewind_terms(nb);
	nv_free(weight);
	nv_free(sum);
	return code;
}

/* ---- Fitting ---- */

static int allocate(nv_nb *nb, const nv_nb_problem *problem, nv_error *err)
{
	size_t n = problem->n_class;
	*nb = (nv_nb){.problem = problem, .reader = {problem->rows, NULL}};
	nb->reader.next = nv_alloc_zero(problem->rows->n_stretch, sizeof *nb->reader.next);
	nb->bias = nv_alloc_zero(6 * n, sizeof *nb->bias);
	if (!nb->reader.next || !nb->bias)
		return nv_fail_memory(err);
	nb->n_row = nb->bias + n;
	nb->total = nb->bias + 2 * n;
	nb->log_of_total = nb->bias + 3 * n;
	nb->length = nb->bias + 4 * n;
	nb->sum = nb->bias + 5 * n;
	for (size_t c = 0; c < n; c++)
		nb->length[c] = 1;
	return NV_OK;
}

int nv_nb_init(nv_nb *nb, const nv_nb_problem *problem, nv_error *err)
{
	int code = allocate(nb, problem, err);
	if (code != NV_OK)
		return code;
	count_rows(nb);
	if (problem->variant == NV_NB_BERNOULLI) {
		add_absences(nb);
		return NV_OK;
	}
	add_up_totals(nb);
	log_totals(nb);
	if (problem->variant == NV_NB_COMPLEMENT && problem->normalize)
		code = normalize(nb, err);
	if (problem->variant == NV_NB_COMPLEMENT && problem->n_class > 1)
		memset(nb->bias, 0, problem->n_class * sizeof *nb->bias);
	return code;
}

void nv_nb_release(nv_nb *nb)
{
	nv_free(nb->reader.next);
	nv_free(nb->bias);
	nb->reader.next = NULL;
	nb->bias = NULL;
}
