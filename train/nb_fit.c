/* SPDX-License-Identifier: Apache-2.0
 *
 * One pass adds up a table [n_term][n_class], which then becomes the weights in place. Most entries of the table are zero, and
 * zeros of a term or a class share their logarithm.
 */
#include "train/nb_fit.h"

#include "base/alloc.h"
#include "base/numeric.h"
#include "train/train.h"

#include <string.h>

#define NO_ROWS_BIAS (-700.0)

typedef struct sums {
	const nv_nb_problem *problem;
	double *table;  /* [n_term][n_class] the caller's */
	double *n_row;  /* [n_class] */
	double *total;  /* [n_class] of the table's columns */
	double *log_of_total; /* [n_class] */
	double *log_of_none; /* [n_class] logarithm of an entry without any count */
	double *buffer;
	size_t n_term, n_class;
} sums;

static int sums_init(sums *s, const nv_nb_problem *problem, double *table, nv_error *err)
{
	*s = (sums){.problem = problem, .table = table, .n_term = problem->rows->n_column, .n_class = problem->n_class};
	s->buffer = nv_alloc_zero(4 * s->n_class, sizeof *s->buffer);
	if (!s->buffer)
		return nv_fail_memory(err);
	s->n_row = s->buffer;
	s->total = s->buffer + s->n_class;
	s->log_of_total = s->buffer + 2 * s->n_class;
	s->log_of_none = s->buffer + 3 * s->n_class;
	memset(table, 0, s->n_term * s->n_class * sizeof *table);
	return NV_OK;
}

static void add_up(sums *s)
{
	const nv_nb_problem *p = s->problem;
	bool presence = p->variant == NV_NB_BERNOULLI;
	for (size_t i = 0; i < p->n; i++) {
		size_t row = p->subset ? p->subset[i] : i, class = p->label[row];
		s->n_row[class]++;
		for (uint64_t j = p->rows->start[row]; j < p->rows->start[row + 1]; j++)
			s->table[p->rows->term[j] * s->n_class + class] += presence ? 1 : (double)p->rows->value[j];
	}
	for (size_t t = 0; t < s->n_term; t++)
		for (size_t c = 0; c < s->n_class; c++)
			s->total[c] += s->table[t * s->n_class + c];
}

static void class_priors(const sums *s, double *bias)
{
	double n = (double)s->problem->n;
	for (size_t c = 0; c < s->n_class; c++)
		bias[c] = s->n_row[c] > 0 ? nv_log(s->n_row[c]) - nv_log(n) : NO_ROWS_BIAS;
}

static void multinomial(sums *s)
{
	double alpha = s->problem->alpha;
	for (size_t c = 0; c < s->n_class; c++) {
		s->log_of_total[c] = nv_log(s->total[c] + alpha * (double)s->n_term);
		s->log_of_none[c] = nv_log(alpha) - s->log_of_total[c];
	}
	for (size_t i = 0; i < s->n_term * s->n_class; i++) {
		size_t c = i % s->n_class;
		s->table[i] = s->table[i] > 0 ? nv_log(s->table[i] + alpha) - s->log_of_total[c] : s->log_of_none[c];
	}
}

/* Smoothed with alpha for "holds the term" and alpha for "does not". */
static void bernoulli(sums *s, double *bias)
{
	double alpha = s->problem->alpha;
	for (size_t i = 0; i < s->n_term * s->n_class; i++) {
		size_t c = i % s->n_class;
		double all = nv_log(s->n_row[c] + 2 * alpha);
		double with = nv_log(s->table[i] + alpha) - all, without = nv_log(s->n_row[c] - s->table[i] + alpha) - all;
		s->table[i] = with - without;
		bias[c] += without;
	}
}

/* Every class's weights get the same absolute sum, the mean of what they had. All are positive. */
static void normalize_classes(sums *s)
{
	double mean = 0;
	memset(s->total, 0, s->n_class * sizeof *s->total);
	for (size_t i = 0; i < s->n_term * s->n_class; i++)
		s->total[i % s->n_class] += s->table[i];
	for (size_t c = 0; c < s->n_class; c++)
		mean += s->total[c] / (double)s->n_class;
	for (size_t i = 0; i < s->n_term * s->n_class; i++)
		s->table[i] *= mean / s->total[i % s->n_class];
}

static void complement(sums *s, double *bias)
{
	double alpha = s->problem->alpha, grand = 0;
	for (size_t c = 0; c < s->n_class; c++)
		grand += s->total[c];
	for (size_t c = 0; c < s->n_class; c++)
		s->log_of_total[c] = nv_log(grand - s->total[c] + alpha * (double)s->n_term);
	for (size_t t = 0; t < s->n_term; t++) {
		double *entry = s->table + t * s->n_class, all = 0;
		for (size_t c = 0; c < s->n_class; c++)
			all += entry[c];
		double none = nv_log(all + alpha);
		for (size_t c = 0; c < s->n_class; c++) {
			double rest = all - entry[c] > 0 ? all - entry[c] : 0;
			entry[c] = s->log_of_total[c] - (entry[c] > 0 ? nv_log(rest + alpha) : none);
		}
	}
	if (s->problem->normalize)
		normalize_classes(s);
	if (s->n_class > 1)
		memset(bias, 0, s->n_class * sizeof *bias);
}

int nv_nb_fit(const nv_nb_problem *problem, double *weight, double *bias, nv_error *err)
{
	sums s;
	int code = sums_init(&s, problem, weight, err);
	if (code != NV_OK)
		return code;
	add_up(&s);
	class_priors(&s, bias);
	if (problem->variant == NV_NB_MULTINOMIAL)
		multinomial(&s);
	else if (problem->variant == NV_NB_BERNOULLI)
		bernoulli(&s, bias);
	else
		complement(&s, bias);
	nv_free(s.buffer);
	return NV_OK;
}
