/* SPDX-License-Identifier: Apache-2.0
 *
 * One pass over the rows counts; the logarithms follow by term. A term that no row of a label holds, the common case, shares
 * its logarithms with the other such labels. The mean square length of r o x needs no second pass over the rows for terms: it is
 * sum_t r^2 (sum_i x_it^2) / n. For character n-grams, whose values add up over a row's words, it is measured on up to
 * SAMPLE rows, evenly spaced.
 */
#include "train/spread.h"

#include "base/alloc.h"
#include "base/numeric.h"
#include "train/pass.h"

#include <string.h>

enum { SAMPLE = 500, TICK_ROWS = 256 };

typedef struct counts {
	const nv_linear_problem *problem;
	size_t width, n_term, n_word, n_gram;
	uint32_t *with;    /* [n_term] rows that hold the term */
	uint32_t *positive; /* [n_term][width] of these, the label's */
	double *square;    /* [n_term] sum of squared values */
	double *sum;       /* [n_word] sum of values */
	double *label_sum; /* [n_word][width] of the label's rows */
	double n_positive[NV_MAX_WIDTH];
} counts;

static int counts_init(counts *c, const nv_linear_problem *problem, nv_error *err)
{
	*c = (counts){.problem = problem, .width = nv_pass_width(problem->width), .n_term = problem->rows->n_column};
	c->n_word = problem->share ? problem->share->n_row : 0;
	c->n_gram = problem->share ? problem->share->n_column : 0;
	c->with = nv_alloc_zero(c->n_term, sizeof *c->with);
	c->positive = nv_alloc_zero(c->n_term * c->width, sizeof *c->positive);
	c->square = nv_alloc_zero(c->n_term, sizeof *c->square);
	c->sum = nv_alloc_zero(c->n_word, sizeof *c->sum);
	c->label_sum = nv_alloc_zero(c->n_word * c->width, sizeof *c->label_sum);
	return c->with && c->positive && c->square && c->sum && c->label_sum ? NV_OK : nv_fail_memory(err);
}

static void counts_release(counts *c)
{
	nv_free(c->with);
	nv_free(c->positive);
	nv_free(c->square);
	nv_free(c->sum);
	nv_free(c->label_sum);
}

static void count_row(counts *c, size_t row)
{
	const nv_matrix *x = c->problem->rows;
	for (uint64_t j = x->start[row]; j < x->start[row + 1]; j++) {
		double value = x->value[j];
		c->with[x->term[j]]++;
		c->square[x->term[j]] += value * value;
		if (x->term[j] < c->n_word)
			c->sum[x->term[j]] += value;
	}
}

static void count_label(counts *c, size_t row, size_t k)
{
	const nv_matrix *x = c->problem->rows;
	c->n_positive[k]++;
	for (uint64_t j = x->start[row]; j < x->start[row + 1]; j++) {
		size_t at = x->term[j] * c->width + k;
		c->positive[at]++;
		if (x->term[j] < c->n_word)
			c->label_sum[at] += x->value[j];
	}
}

static int count(counts *c, nv_ticker *ticker, nv_error *err)
{
	const nv_linear_problem *p = c->problem;
	int code = NV_OK;
	for (size_t i = 0; i < p->n && code == NV_OK; i++) {
		size_t row = p->subset ? p->subset[i] : i;
		count_row(c, row);
		for (size_t k = 0; k < p->width; k++)
			if (p->gold[row * p->n_label + p->first_label + k])
				count_label(c, row, k);
		if (ticker && i % TICK_ROWS == 0)
			code = nv_tick(ticker, 0, err);
	}
	return code;
}

/* Logarithms of one label's row counts, and the smoothing. */
typedef struct log_rows {
	double log_in, log_out; /* of n1 + 2 alpha, n0 + 2 alpha */
} log_rows;

static void priors(const counts *c, double alpha, log_rows *out)
{
	for (size_t k = 0; k < c->width; k++) {
		double in = c->n_positive[k];
		out[k].log_in = nv_log(in + 2 * alpha);
		out[k].log_out = nv_log((double)c->problem->n - in + 2 * alpha);
	}
}

typedef struct ratio_options {
	double alpha;
	bool one_sided;
} ratio_options;

/* r^2 of one term and all labels: all in all rows, in[k] in the label's. */
static void squared_ratios(const log_rows *prior, ratio_options o, double all, const double *in, float *out, size_t width)
{
	double alpha = o.alpha;
	double none = nv_log(alpha), rest = nv_log(all + alpha);
	for (size_t k = 0; k < width; k++) {
		double outside = all - in[k] > 0 ? all - in[k] : 0;
		double r = in[k] > 0 ? nv_log(in[k] + alpha) - nv_log(outside + alpha) : none - rest;
		r -= prior[k].log_in - prior[k].log_out;
		out[k] = o.one_sided && r < 0 ? 0 : (float)(r * r);
	}
}

/* variance = base + strength * r^2 / mean[k], in place. */
static void to_variance(float *square, size_t n, size_t width, double base, double strength, const double *mean)
{
	for (size_t t = 0; t < n; t++)
		for (size_t k = 0; k < width; k++) {
			double relative = mean[k] > 0 ? square[t * width + k] / mean[k] : 0;
			square[t * width + k] = (float)(base + strength * relative);
		}
}

static void term_variance(const counts *c, const nv_spread_options *o, float *variance)
{
	log_rows prior[NV_MAX_WIDTH];
	double in[NV_MAX_WIDTH], mean[NV_MAX_WIDTH] = {0};
	priors(c, o->alpha, prior);
	for (size_t t = 0; t < c->n_term; t++) {
		float *r2 = variance + t * c->width;
		for (size_t k = 0; k < c->width; k++)
			in[k] = c->positive[t * c->width + k];
		squared_ratios(prior, (ratio_options){o->alpha, o->one_sided}, c->with[t], in, r2, c->width);
		for (size_t k = 0; k < c->width; k++)
			mean[k] += (double)r2[k] * c->square[t] / (double)c->problem->n;
	}
	to_variance(variance, c->n_term, c->width, o->base, o->strength, mean);
}

/* ---- Character n-grams ---- */

/* Sums by word -> sums by n-gram: out[n_gram][width] += share' * in[n_word][width]. */
static void sums_by_gram(const counts *c, const double *in, size_t width, double *out)
{
	const nv_matrix *share = c->problem->share;
	for (size_t word = 0; word < c->n_word; word++)
		for (uint64_t j = share->start[word]; j < share->start[word + 1]; j++)
			for (size_t k = 0; k < width; k++)
				out[share->term[j] * width + k] += (double)share->value[j] * in[word * width + k];
}

/* Adds sum over n-grams of value^2 r^2 of one row; value[n_gram] and touched[n_gram] are scratch, value all zero. */
static void add_gram_length(const counts *c, size_t row, const float *r2, double *value, uint32_t *touched, double *mean)
{
	const nv_matrix *x = c->problem->rows, *share = c->problem->share;
	size_t n = 0;
	for (uint64_t j = x->start[row]; j < x->start[row + 1] && x->term[j] < c->n_word; j++)
		for (uint64_t g = share->start[x->term[j]]; g < share->start[x->term[j] + 1]; g++) {
			if (value[share->term[g]] <= 0)
				touched[n++] = share->term[g];
			value[share->term[g]] += (double)x->value[j] * (double)share->value[g];
		}
	for (size_t i = 0; i < n; i++) {
		double v = value[touched[i]];
		for (size_t k = 0; k < c->width; k++)
			mean[k] += v * v * (double)r2[touched[i] * c->width + k];
		value[touched[i]] = 0;
	}
}

static int mean_gram_length(const counts *c, const float *r2, double *mean, nv_error *err)
{
	size_t n = c->problem->n, step = n > SAMPLE ? n / SAMPLE : 1, used = 0;
	double *value = nv_alloc_zero(c->n_gram, sizeof *value);
	uint32_t *touched = nv_alloc(c->n_gram, sizeof *touched);
	int code = value && touched ? NV_OK : nv_fail_memory(err);
	memset(mean, 0, NV_MAX_WIDTH * sizeof *mean);
	for (size_t i = 0; i < n && code == NV_OK; i += step, used++)
		add_gram_length(c, c->problem->subset ? c->problem->subset[i] : i, r2, value, touched, mean);
	for (size_t k = 0; k < c->width && used > 0; k++)
		mean[k] /= (double)used;
	nv_free(value);
	nv_free(touched);
	return code;
}

static int gram_variance(const counts *c, const nv_spread_options *o, float *variance, nv_error *err)
{
	log_rows prior[NV_MAX_WIDTH];
	double mean[NV_MAX_WIDTH];
	const ratio_options ratio = {o->gram_alpha, o->one_sided};
	double *all = nv_alloc_zero(c->n_gram, sizeof *all), *in = nv_alloc_zero(c->n_gram * c->width, sizeof *in);
	int code = all && in ? NV_OK : nv_fail_memory(err);
	if (code == NV_OK) {
		priors(c, o->gram_alpha, prior);
		sums_by_gram(c, c->sum, 1, all);
		sums_by_gram(c, c->label_sum, c->width, in);
		for (size_t g = 0; g < c->n_gram; g++)
			squared_ratios(prior, ratio, all[g], in + g * c->width, variance + g * c->width, c->width);
		code = mean_gram_length(c, variance, mean, err);
	}
	if (code == NV_OK)
		to_variance(variance, c->n_gram, c->width, o->gram_base, o->gram_strength, mean);
	nv_free(all);
	nv_free(in);
	return code;
}

int nv_spread(const nv_linear_problem *problem, nv_ticker *ticker, float *variance, float *gram_variance_out, nv_error *err)
{
	counts c;
	int code = counts_init(&c, problem, err);
	if (code == NV_OK)
		code = count(&c, ticker, err);
	if (code == NV_OK)
		term_variance(&c, problem->spread, variance);
	if (code == NV_OK && c.n_gram > 0)
		code = gram_variance(&c, problem->spread, gram_variance_out, err);
	counts_release(&c);
	return code;
}
