/* SPDX-License-Identifier: Apache-2.0
 *
 * Word n-grams are most of the terms and take no part in folding. A block of them is summed, multiplied by its variances and added to the
 * margins while it lies in the cache. Blocks are no shorter than a part of all terms, so that each reads enough entries of a stretch of
 * rows to be worth the coefficients that it brings into the cache.
 */
#include "train/pass.h"

#include "base/alloc.h"
#include "train/block_math.h"

#include <string.h>

size_t nv_pass_width(size_t n_label)
{
	size_t width = 1;
	while (width < n_label)
		width *= 2;
	return width;
}

size_t nv_pass_rows(const nv_linear_problem *problem)
{
	size_t n = 0;
	for (size_t i = 0; i < problem->n; i++)
		n += nv_pass_uses(problem, i);
	return n;
}

enum { BLOCK_BYTES = 1 << 20, BLOCKS_MOST = 16 };

static size_t block_length(const nv_pass *pass)
{
	size_t n = pass->n_term - pass->n_word, length = BLOCK_BYTES / (pass->width * sizeof *pass->block);
	if (length < n / BLOCKS_MOST)
		length = n / BLOCKS_MOST;
	return length < n ? length : n;
}

int nv_pass_init(nv_pass *pass, const nv_linear_problem *problem, nv_ticker *ticker, nv_error *err)
{
	*pass = (nv_pass){.problem = problem, .width = nv_pass_width(problem->width), .ticker = ticker};
	pass->n_term = problem->columns->n_column;
	pass->n_word = problem->share ? problem->share->n_row : 0;
	pass->n_gram = problem->share ? problem->share->n_column : 0;
	pass->n_block = block_length(pass);
	pass->word = nv_alloc_aligned(pass->n_word * pass->width, sizeof *pass->word);
	pass->block = nv_alloc_aligned(pass->n_block * pass->width, sizeof *pass->block);
	pass->gram = nv_alloc_aligned((pass->n_gram + 1) * pass->width, sizeof *pass->gram);
	pass->coefficient = nv_alloc_aligned(problem->n * pass->width, sizeof *pass->coefficient);
	pass->margin = nv_alloc_aligned(problem->n * pass->width, sizeof *pass->margin);
	bool ok = pass->word && pass->block && pass->gram && pass->coefficient && pass->margin;
	return ok ? NV_OK : nv_fail_memory(err);
}

void nv_pass_set_variance(nv_pass *pass, const nv_variance *variance)
{
	pass->variance = variance;
}

void nv_pass_release(nv_pass *pass)
{
	nv_free_aligned(pass->word);
	nv_free_aligned(pass->block);
	nv_free_aligned(pass->gram);
	nv_free_aligned(pass->coefficient);
	nv_free_aligned(pass->margin);
	*pass = (nv_pass){0};
}

/* ---- Columns of a product ---- */

static void pack_all(nv_pass *pass)
{
	pass->packed = pass->width;
	for (size_t k = 0; k < pass->width; k++)
		pass->column[k] = (uint8_t)k;
}

/* The columns of v that are not all zero, and as many others as fill a power of two. */
static void pack_live(nv_pass *pass, const double *v)
{
	bool live[NV_MAX_WIDTH] = {false};
	size_t n_live = 0, n = 0;
	for (size_t i = 0; i < pass->problem->n; i++)
		for (size_t k = 0; k < pass->width; k++)
			live[k] |= v[i * pass->width + k] != 0;
	for (size_t k = 0; k < pass->width; k++)
		n_live += live[k];
	pass->packed = nv_pass_width(n_live);
	size_t spare = pass->packed - n_live;
	for (size_t k = 0; k < pass->width; k++)
		if (live[k] || spare > 0) {
			spare -= !live[k];
			pass->column[n++] = (uint8_t)k;
		}
}

/* ---- Rows -> sums by term ---- */

static void take_coefficients(nv_pass *pass, const double *v)
{
	double scale2 = pass->problem->intercept_scale * pass->problem->intercept_scale;
	memset(pass->bias, 0, sizeof pass->bias);
	for (size_t i = 0, at = 0; i < pass->problem->n; i++)
		for (size_t k = 0; k < pass->packed; k++, at++) {
			double x = v[i * pass->width + pass->column[k]];
			pass->bias[k] += x;
			pass->coefficient[at] = (float)x;
		}
	for (size_t k = 0; k < pass->packed; k++)
		pass->bias[k] *= scale2;
}

static int sum_terms(nv_pass *pass, size_t first, size_t end, float *out, nv_error *err)
{
	return nv_columns_sums(pass->problem->columns, first, end, pass->coefficient, pass->packed, out, pass->ticker, err);
}

/* ---- Sums by term -> folded weights ---- */

static void scale_terms(const nv_pass *pass, size_t first, size_t n, float *x)
{
	if (!pass->variance)
		return;
	const nv_block_factors by = {pass->variance->term.row, pass->width, pass->variance->of + first};
	nv_block_scale(x, n, pass->packed, &by, pass->column);
}

static void scale_grams(const nv_pass *pass)
{
	if (!pass->variance)
		return;
	const nv_block_factors by = {pass->variance->gram, pass->width, NULL};
	nv_block_scale(pass->gram, pass->n_gram, pass->packed, &by, pass->column);
}

/* gram -= mean_share' (sum of u over words): the transpose of what takes the mean off every word's share. */
static void take_mean_off_sums(nv_pass *pass)
{
	double total[NV_MAX_WIDTH] = {0};
	nv_block_sum(pass->word, pass->n_word, pass->packed, NULL, total);
	nv_block_subtract(pass->gram, pass->n_gram, pass->packed, pass->problem->mean_share, total);
}

/* The row behind the n-grams' weights: what every word gets. */
static void fill_common_row(nv_pass *pass)
{
	double sum[NV_MAX_WIDTH] = {0};
	if (pass->problem->mean_share)
		nv_block_sum(pass->gram, pass->n_gram, pass->packed, pass->problem->mean_share, sum);
	for (size_t k = 0; k < pass->packed; k++)
		pass->gram[pass->n_gram * pass->packed + k] = (float)(0 - sum[k]); /* not -sum: no zero has a sign */
}

static int fold_words(nv_pass *pass, nv_error *err)
{
	const nv_columns *share = pass->problem->share;
	int code = nv_columns_sums(share, 0, pass->n_gram, pass->word, pass->packed, pass->gram, pass->ticker, err);
	if (code != NV_OK)
		return code;
	if (pass->problem->mean_share)
		take_mean_off_sums(pass);
	scale_grams(pass);
	fill_common_row(pass);
	scale_terms(pass, 0, pass->n_word, pass->word);
	nv_block_add(pass->word, pass->n_word, pass->packed, pass->gram + pass->n_gram * pass->packed);
	return nv_columns_add(share, 0, pass->n_gram, pass->gram, pass->packed, pass->word, pass->ticker, err);
}

static int weigh_words(nv_pass *pass, nv_error *err)
{
	int code = sum_terms(pass, 0, pass->n_word, pass->word, err);
	return code == NV_OK && pass->n_word > 0 ? fold_words(pass, err) : code;
}

/* Of the packed columns. */
static int give_weights(nv_pass *pass, const double *v, const nv_weights_taker *taker, nv_error *err)
{
	take_coefficients(pass, v);
	int code = weigh_words(pass, err);
	if (code == NV_OK)
		code = taker->take(taker->context, 0, pass->n_word, pass->word, err);
	for (size_t first = pass->n_word, end; first < pass->n_term && code == NV_OK; first = end) {
		end = pass->n_term - first < pass->n_block ? pass->n_term : first + pass->n_block;
		code = sum_terms(pass, first, end, pass->block, err);
		if (code != NV_OK)
			return code;
		scale_terms(pass, first, end - first, pass->block);
		code = taker->take(taker->context, first, end - first, pass->block, err);
	}
	return code;
}

int nv_pass_weights(nv_pass *pass, const double *v, const nv_weights_taker *taker, nv_error *err)
{
	pack_all(pass);
	return give_weights(pass, v, taker, err);
}

/* ---- Folded weights -> margins ---- */

static int add_margins(void *context, size_t first, size_t n, const float *u, nv_error *err)
{
	nv_pass *pass = context;
	return nv_columns_add(pass->problem->columns, first, first + n, u, pass->packed, pass->margin, pass->ticker, err);
}

int nv_pass_product(nv_pass *pass, const double *v, double *out, nv_error *err)
{
	size_t n = pass->problem->n;
	pack_live(pass, v);
	memset(pass->margin, 0, n * pass->packed * sizeof *pass->margin);
	int code = give_weights(pass, v, &(nv_weights_taker){add_margins, pass}, err);
	memset(out, 0, n * pass->width * sizeof *out);
	for (size_t i = 0, at = 0; i < n; i++)
		for (size_t k = 0; k < pass->packed; k++, at++)
			out[i * pass->width + pass->column[k]] = (double)pass->margin[at] + pass->bias[k];
	return code;
}
