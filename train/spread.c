/* SPDX-License-Identifier: Apache-2.0
 *
 * One walk over the columns counts each term and takes its ratios. Counts are whole numbers, most of them small, so that logarithms come
 * from a table. A term that no row of a label holds, the common case, shares its logarithms with the other such labels. The mean
 * square length of r o x needs no second walk for terms: it is sum_t r^2 (sum_i x_it^2) / n. For character n-grams, whose
 * values add up over a row's words, it is measured on a sample of the rows.
 */
#include "train/spread.h"

#include "base/alloc.h"
#include "base/numeric.h"
#include "train/pass.h"

#include <math.h>
#include <string.h>

enum { TICK_TERMS = 4096, LOGS = 4096, HELD = 1 << NV_MAX_WIDTH };

typedef struct counts {
	const nv_pass *pass;
	const nv_linear_problem *problem;
	size_t width, n_term, n_word, n_gram;
	uint32_t *labels; /* [n] bit k: the row is of label first_label + k; HELD: it takes no part */
	float *sum;       /* [n_word] sum of values */
	float *label_sum; /* [n_word][width] of the label's rows; the pass's array for words' weights */
	nv_column_reader reader;
	double *log_count;                  /* [LOGS] logarithm of n + alpha */
	double n, n_positive[NV_MAX_WIDTH]; /* rows that take part, and the labels' */
} counts;

static void fill_labels(counts *c)
{
	const nv_linear_problem *p = c->problem;
	c->n = (double)nv_pass_rows(p);
	for (size_t i = 0; i < p->n; i++) {
		const uint8_t *gold = p->gold + nv_pass_row(c->pass, i) * p->n_label + p->first_label;
		c->labels[i] = nv_pass_uses(p, i) ? 0 : HELD;
		if (c->labels[i] == HELD)
			continue;
		for (size_t k = 0; k < p->width; k++) {
			c->labels[i] |= (uint32_t)(gold[k] != 0) << k;
			c->n_positive[k] += gold[k] != 0;
		}
	}
}

static int counts_init(counts *c, nv_pass *pass, nv_error *err)
{
	const nv_linear_problem *problem = pass->problem;
	*c = (counts){.pass = pass, .problem = problem, .width = pass->width, .n_term = pass->n_term};
	c->n_word = pass->n_word;
	c->n_gram = pass->n_gram;
	c->labels = nv_alloc(c->problem->n, sizeof *c->labels);
	c->sum = nv_alloc_aligned(c->n_word, sizeof *c->sum);
	c->label_sum = pass->word;
	c->reader = (nv_column_reader){problem->columns, nv_alloc_zero(problem->columns->n_stretch, sizeof(size_t))};
	c->log_count = nv_alloc(LOGS, sizeof *c->log_count);
	if (!c->labels || !c->sum || !c->reader.next || !c->log_count)
		return nv_fail_memory(err);
	for (size_t n = 0; n < LOGS; n++)
		c->log_count[n] = nv_log((double)n + c->problem->spread->alpha);
	fill_labels(c);
	return NV_OK;
}

static void counts_release(counts *c)
{
	nv_free(c->labels);
	nv_free_aligned(c->sum);
	nv_free(c->reader.next);
	nv_free(c->log_count);
}

/* One term's rows. */
typedef struct term_count {
	uint32_t with, positive[NV_MAX_WIDTH]; /* rows that hold the term, and the label's among them */
	double square;                         /* sum of squared values */
	double sum, label_sum[NV_MAX_WIDTH];   /* of values */
} term_count;

static void count_entry(term_count *t, double value, unsigned labels)
{
	t->with++;
	t->square += value * value;
	t->sum += value;
	for (; labels; labels &= labels - 1) {
		int k = __builtin_ctz(labels);
		t->positive[k]++;
		t->label_sum[k] += value;
	}
}

static void count_term(const counts *c, size_t term, term_count *out)
{
	*out = (term_count){0};
	for (size_t k = 0; k < c->reader.columns->n_stretch; k++) {
		nv_column_part part = nv_column_read(&c->reader, term, k);
		for (size_t j = 0; j < part.n; j++) {
			uint32_t labels = c->labels[part.first_row + part.row[j]];
			if (labels != HELD)
				count_entry(out, part.value[j], labels);
		}
	}
}

static void keep_sums(const counts *c, size_t word, const term_count *t)
{
	c->sum[word] = (float)t->sum;
	for (size_t k = 0; k < c->width; k++)
		c->label_sum[word * c->width + k] = (float)t->label_sum[k];
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
		out[k].log_out = nv_log(c->n - in + 2 * alpha);
	}
}

/* r^2 from the logarithms of P + alpha and A - P + alpha. */
static float squared_ratio(const log_rows *prior, bool one_sided, double log_in, double log_out)
{
	double r = log_in - log_out - (prior->log_in - prior->log_out);
	return one_sided && r < 0 ? 0 : (float)(r * r);
}

/* What multiplies the strengths for label k. */
static double strength_factor(const counts *c, size_t k)
{
	const double ln_10 = 2.302585092994046;
	double in = c->n_positive[k];
	return c->problem->spread->by_odds ? fabs(nv_log((in + 1) / (c->n - in + 1))) / ln_10 : 1;
}

/* variance = base + strength * factor * r^2 / mean[k], in place. */
static void to_variance(const counts *c, float *square, size_t n, double base, double strength, const double *mean)
{
	size_t width = c->width;
	double by[NV_MAX_WIDTH];
	for (size_t k = 0; k < width; k++)
		by[k] = mean[k] > 0 ? strength * strength_factor(c, k) / mean[k] : 0;
	for (size_t t = 0; t < n; t++)
		for (size_t k = 0; k < width; k++)
			square[t * width + k] = (float)(base + by[k] * (double)square[t * width + k]);
}

static double log_count(const counts *c, uint32_t n)
{
	return n < LOGS ? c->log_count[n] : nv_log(n + c->problem->spread->alpha);
}

static void term_ratios(const counts *c, const log_rows *prior, const term_count *t, float *r2)
{
	bool one_sided = c->problem->spread->one_sided;
	double none = c->log_count[0], all = log_count(c, t->with);
	for (size_t k = 0; k < c->width; k++) {
		uint32_t in = t->positive[k];
		r2[k] = in > 0 ? squared_ratio(&prior[k], one_sided, log_count(c, in), log_count(c, t->with - in))
		               : squared_ratio(&prior[k], one_sided, none, all);
	}
}

static int term_variance(const counts *c, nv_variance *out, nv_error *err)
{
	const nv_spread_options *o = c->problem->spread;
	log_rows prior[NV_MAX_WIDTH];
	double mean[NV_MAX_WIDTH] = {0};
	float r2[NV_MAX_WIDTH] = {0};
	term_count count;
	int code = NV_OK;
	priors(c, o->alpha, prior);
	for (size_t t = 0; t < c->n_term && code == NV_OK; t++) {
		count_term(c, t, &count);
		term_ratios(c, prior, &count, r2);
		for (size_t k = 0; k < c->width; k++)
			mean[k] += (double)r2[k] * count.square / c->n;
		if (t < c->n_word)
			keep_sums(c, t, &count);
		if (!nv_row_set_add(&out->term, r2, &out->of[t]))
			code = nv_fail_memory(err);
		else if (c->pass->ticker && t % TICK_TERMS == 0)
			code = nv_tick(c->pass->ticker, 0, err);
	}
	to_variance(c, out->term.row, out->term.n, o->base, o->strength, mean);
	return code;
}

/* ---- Character n-grams ---- */

static void mean_gram_length(const counts *c, const float *r2, double *mean)
{
	const nv_linear_problem *p = c->problem;
	const nv_matrix *x = &p->sample->gram;
	size_t used = 0;
	memset(mean, 0, NV_MAX_WIDTH * sizeof *mean);
	for (size_t i = 0; i < x->n_row; i++) {
		if (!nv_pass_uses(p, p->sample->row[i]))
			continue;
		used++;
		for (uint64_t j = x->start[i]; j < x->start[i + 1]; j++) {
			double v = (double)x->value[j];
			for (size_t k = 0; k < c->width; k++)
				mean[k] += v * v * (double)r2[x->term[j] * c->width + k];
		}
	}
	for (size_t k = 0; k < c->width && used > 0; k++)
		mean[k] /= (double)used;
}

/* variance: sums of the labels' rows in, squared ratios out. */
static void gram_ratios(const counts *c, const float *all, float *variance)
{
	const nv_spread_options *o = c->problem->spread;
	log_rows prior[NV_MAX_WIDTH];
	priors(c, o->gram_alpha, prior);
	double none = nv_log(o->gram_alpha);
	for (size_t g = 0, at = 0; g < c->n_gram; g++) {
		double log_all = nv_log((double)all[g] + o->gram_alpha);
		for (size_t k = 0; k < c->width; k++, at++) {
			double with = variance[at], without = all[g] > variance[at] ? (double)all[g] - with : 0;
			variance[at] = with > 0 ? squared_ratio(&prior[k], o->one_sided, nv_log(with + o->gram_alpha),
			                                        nv_log(without + o->gram_alpha))
			                        : squared_ratio(&prior[k], o->one_sided, none, log_all);
		}
	}
}

static int gram_variance(const counts *c, float *variance, nv_error *err)
{
	const nv_spread_options *o = c->problem->spread;
	const nv_columns *share = c->problem->share;
	double mean[NV_MAX_WIDTH];
	float *all = nv_alloc_aligned(c->n_gram, sizeof *all);
	int code = all ? NV_OK : nv_fail_memory(err);
	if (code == NV_OK)
		code = nv_columns_sums(share, 0, c->n_gram, c->sum, 1, all, c->pass->ticker, err);
	if (code == NV_OK)
		code = nv_columns_sums(share, 0, c->n_gram, c->label_sum, c->width, variance, c->pass->ticker, err);
	if (code == NV_OK) {
		gram_ratios(c, all, variance);
		mean_gram_length(c, variance, mean);
		to_variance(c, variance, c->n_gram, o->gram_base, o->gram_strength, mean);
	}
	nv_free_aligned(all);
	return code;
}

int nv_spread(nv_pass *pass, nv_variance *variance, nv_error *err)
{
	counts c;
	nv_row_set_init(&variance->term, pass->width);
	variance->of = nv_alloc(pass->n_term, sizeof *variance->of);
	variance->gram = nv_alloc_aligned(pass->n_gram * pass->width, sizeof *variance->gram);
	int code = counts_init(&c, pass, err);
	if (code == NV_OK && (!variance->of || !variance->gram))
		code = nv_fail_memory(err);
	if (code == NV_OK)
		code = term_variance(&c, variance, err);
	if (code == NV_OK && c.n_gram > 0)
		code = gram_variance(&c, variance->gram, err);
	counts_release(&c);
	return code;
}

void nv_variance_release(nv_variance *variance)
{
	nv_row_set_release(&variance->term);
	nv_free(variance->of);
	nv_free_aligned(variance->gram);
	*variance = (nv_variance){0};
}
