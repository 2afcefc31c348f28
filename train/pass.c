/* SPDX-License-Identifier: Apache-2.0
 *
 * Word n-grams are most of the terms and take no part in folding: their variances are multiplied in where margins read their weights,
 * which saves a walk over all of them.
 */
#include "train/pass.h"

#include "base/alloc.h"

#include <string.h>

size_t nv_pass_width(size_t n_label)
{
	size_t width = 1;
	while (width < n_label)
		width *= 2;
	return width;
}

static int init_columns(nv_pass *pass, nv_error *err)
{
	const nv_linear_problem *p = pass->problem;
	int code = nv_columns_init(&pass->rows, p->rows, p->subset, p->n, pass->ticker, err);
	return code == NV_OK && p->share ? nv_columns_init(&pass->share, p->share, NULL, p->share->n_row, pass->ticker, err)
	                                 : code;
}

int nv_pass_init(nv_pass *pass, const nv_linear_problem *problem, nv_ticker *ticker, nv_error *err)
{
	*pass = (nv_pass){.problem = problem, .width = nv_pass_width(problem->width), .ticker = ticker};
	pass->n_term = problem->rows->n_column;
	pass->n_word = problem->share ? problem->share->n_row : 0;
	pass->n_gram = problem->share ? problem->share->n_column : 0;
	pass->u = nv_alloc_aligned(pass->n_term * pass->width, sizeof *pass->u);
	pass->gram = nv_alloc_aligned((pass->n_gram + 1) * pass->width, sizeof *pass->gram);
	pass->by_row = nv_alloc_aligned(problem->n * pass->width, sizeof *pass->by_row);
	return pass->u && pass->gram && pass->by_row ? init_columns(pass, err) : nv_fail_memory(err);
}

void nv_pass_set_variance(nv_pass *pass, const float *variance, const float *gram_variance)
{
	pass->variance = variance;
	pass->gram_variance = gram_variance;
}

void nv_pass_release(nv_pass *pass)
{
	nv_columns_release(&pass->rows);
	nv_columns_release(&pass->share);
	nv_free_aligned(pass->u);
	nv_free_aligned(pass->gram);
	nv_free_aligned(pass->by_row);
	pass->u = pass->gram = pass->by_row = NULL;
}

/* ---- Rows -> sums by term ---- */

/* u = X' v, bias = sum of v. A term that no row holds has the sum 0: behind the words nothing else is ever written there, but words have weights through
 * their n-grams. */
static int gather(nv_pass *pass, const double *v, nv_error *err)
{
	memset(pass->bias, 0, sizeof pass->bias);
	memset(pass->u, 0, pass->n_word * pass->width * sizeof *pass->u);
	for (size_t i = 0, at = 0; i < pass->problem->n; i++)
		for (size_t k = 0; k < pass->width; k++, at++) {
			pass->bias[k] += v[at];
			pass->by_row[at] = (float)v[at];
		}
	return nv_columns_sums(&pass->rows, pass->by_row, pass->width, pass->u, pass->ticker, err);
}

/* ---- Sums by term -> folded weights ---- */

static void scale(float *x, const float *by, size_t n)
{
	if (by)
		for (size_t i = 0; i < n; i++)
			x[i] *= by[i];
}

/* gram -= mean_share' (sum of u over words): the transpose of what takes the mean off every word's share. */
static void take_mean_off_sums(nv_pass *pass)
{
	const double *mean = pass->problem->mean_share;
	double total[NV_MAX_WIDTH] = {0};
	for (size_t word = 0, at = 0; word < pass->n_word; word++)
		for (size_t k = 0; k < pass->width; k++, at++)
			total[k] += (double)pass->u[at];
	for (size_t g = 0, at = 0; g < pass->n_gram; g++)
		for (size_t k = 0; k < pass->width; k++, at++)
			pass->gram[at] = (float)((double)pass->gram[at] - mean[g] * total[k]);
}

/* The row behind the n-grams' weights: what every word gets. */
static void fill_common_row(nv_pass *pass)
{
	const double *mean = pass->problem->mean_share;
	double common[NV_MAX_WIDTH] = {0};
	for (size_t g = 0, at = 0; mean && g < pass->n_gram; g++)
		for (size_t k = 0; k < pass->width; k++, at++)
			common[k] -= mean[g] * (double)pass->gram[at];
	for (size_t k = 0; k < pass->width; k++)
		pass->gram[pass->n_gram * pass->width + k] = (float)common[k];
}

static void add_common_row(nv_pass *pass)
{
	const float *common = pass->gram + pass->n_gram * pass->width;
	for (size_t word = 0, at = 0; word < pass->n_word; word++)
		for (size_t k = 0; k < pass->width; k++, at++)
			pass->u[at] += common[k];
}

static int fold_words(nv_pass *pass, nv_error *err)
{
	int code = nv_columns_sums(&pass->share, pass->u, pass->width, pass->gram, pass->ticker, err);
	if (code != NV_OK)
		return code;
	if (pass->problem->mean_share)
		take_mean_off_sums(pass);
	scale(pass->gram, pass->gram_variance, pass->n_gram * pass->width);
	fill_common_row(pass);
	scale(pass->u, pass->variance, pass->n_word * pass->width);
	add_common_row(pass);
	return nv_columns_add(&pass->share, pass->gram, NULL, 0, pass->width, pass->u, pass->ticker, err);
}

int nv_pass_weights(nv_pass *pass, const double *v, nv_error *err)
{
	int code = gather(pass, v, err);
	if (code == NV_OK && pass->n_gram > 0)
		code = fold_words(pass, err);
	double scale2 = pass->problem->intercept_scale * pass->problem->intercept_scale;
	for (size_t k = 0; k < pass->width; k++)
		pass->bias[k] *= scale2;
	return code;
}

void nv_pass_finish(nv_pass *pass)
{
	size_t first = pass->n_word * pass->width;
	if (pass->variance)
		scale(pass->u + first, pass->variance + first, pass->n_term * pass->width - first);
}

/* ---- Folded weights -> margins ---- */

int nv_pass_margins(nv_pass *pass, double *margin, nv_error *err)
{
	size_t n = pass->problem->n;
	memset(pass->by_row, 0, n * pass->width * sizeof *pass->by_row);
	int code = nv_columns_add(&pass->rows, pass->u, pass->variance, pass->n_word, pass->width, pass->by_row,
	                          pass->ticker, err);
	for (size_t i = 0, at = 0; i < n; i++)
		for (size_t k = 0; k < pass->width; k++, at++)
			margin[at] = (double)pass->by_row[at] + pass->bias[k];
	return code;
}
