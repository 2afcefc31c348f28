/* SPDX-License-Identifier: Apache-2.0
 *
 * The kernels below are written for vectors of two doubles, one to four of them a row, so that every compiler keeps a row's
 * columns in registers; each column's sum is the same as if it stood alone.
 */
#include "train/pass.h"

#include "base/alloc.h"

#include <string.h>

typedef double pair __attribute__((vector_size(16), may_alias));

enum { TICK_ROWS = 256, AHEAD = 12 }; /* AHEAD: terms whose weights are fetched before they are needed */

#define ALWAYS_INLINE static inline __attribute__((always_inline))

size_t nv_pass_width(size_t n_label)
{
	size_t width = 1;
	while (width < n_label)
		width *= 2;
	return width;
}

int nv_pass_init(nv_pass *pass, const nv_linear_problem *problem, const float *variance, const float *gram_variance,
                 nv_ticker *ticker, nv_error *err)
{
	*pass = (nv_pass){.problem = problem, .width = nv_pass_width(problem->width), .ticker = ticker};
	pass->n_term = problem->rows->n_column;
	pass->n_word = problem->share ? problem->share->n_row : 0;
	pass->n_gram = problem->share ? problem->share->n_column : 0;
	pass->variance = variance;
	pass->gram_variance = gram_variance;
	pass->u = nv_alloc_aligned(pass->n_term * pass->width, sizeof *pass->u);
	pass->gram = nv_alloc_aligned((pass->n_gram + 1) * pass->width, sizeof *pass->gram);
	if (!pass->u || !pass->gram)
		return nv_fail_memory(err);
	return NV_OK;
}

void nv_pass_release(nv_pass *pass)
{
	nv_free_aligned(pass->u);
	nv_free_aligned(pass->gram);
	pass->u = pass->gram = NULL;
}

static int tick(const nv_pass *pass, size_t i, nv_error *err)
{
	return pass->ticker && i % TICK_ROWS == 0 ? nv_tick(pass->ticker, 0, err) : NV_OK;
}

/* ---- to[k] += x * from[k] and acc[k] += x * from[k], width doubles ---- */

ALWAYS_INLINE void add_scaled(double *to, const double *from, double x, size_t width)
{
	if (width == 1) {
		*to += x * *from;
		return;
	}
	pair *t = (pair *)to;
	const pair *f = (const pair *)from;
	for (size_t k = 0; k < width / 2; k++)
		t[k] += x * f[k];
}

typedef struct columns {
	pair at[NV_MAX_WIDTH / 2];
} columns;

ALWAYS_INLINE columns row_times(const nv_matrix *x, size_t row, const double *u, size_t width)
{
	columns sum = {{{0}}};
	for (uint64_t j = x->start[row], end = x->start[row + 1]; j < end; j++) {
		double value = x->value[j];
		const double *at = u + x->term[j] * width;
		__builtin_prefetch(u + x->term[j + AHEAD < end ? j + AHEAD : j] * width);
		if (width == 1) {
			sum.at[0][0] += value * *at;
			continue;
		}
		const pair *from = (const pair *)at;
		for (size_t k = 0; k < width / 2; k++)
			sum.at[k] += value * from[k];
	}
	return sum;
}

ALWAYS_INLINE void add_row(const nv_matrix *x, size_t row, const double *v, double *u, size_t width)
{
	for (uint64_t j = x->start[row], end = x->start[row + 1]; j < end; j++) {
		__builtin_prefetch(u + x->term[j + AHEAD < end ? j + AHEAD : j] * width, 1);
		add_scaled(u + x->term[j] * width, v, x->value[j], width);
	}
}

static bool all_zero(const double *v, size_t width)
{
	for (size_t k = 0; k < width; k++)
		if (v[k] != 0)
			return false;
	return true;
}

/* ---- Rows -> sums by term ---- */

ALWAYS_INLINE int gather(nv_pass *pass, const double *v, size_t width, nv_error *err)
{
	int code = NV_OK;
	for (size_t i = 0; i < pass->problem->n && code == NV_OK; i++, v += width) {
		code = tick(pass, i, err);
		if (all_zero(v, width))
			continue;
		add_row(pass->problem->rows, nv_pass_row(pass, i), v, pass->u, width);
		for (size_t k = 0; k < width; k++)
			pass->bias[k] += v[k];
	}
	return code;
}

int nv_pass_gather(nv_pass *pass, const double *v, nv_error *err)
{
	memset(pass->u, 0, pass->n_term * pass->width * sizeof *pass->u);
	memset(pass->bias, 0, sizeof pass->bias);
	switch (pass->width) {
	case 1:
		return gather(pass, v, 1, err);
	case 2:
		return gather(pass, v, 2, err);
	case 4:
		return gather(pass, v, 4, err);
	default:
		return gather(pass, v, 8, err);
	}
}

/* ---- Sums by term -> folded weights ---- */

static void scale(double *x, const float *by, size_t n)
{
	if (by)
		for (size_t i = 0; i < n; i++)
			x[i] *= (double)by[i];
}

/* gram -= mean_share' (sum of u over words): the transpose of what takes the mean off every word's share. */
ALWAYS_INLINE void take_mean_off_sums(nv_pass *pass, size_t width)
{
	const double *mean = pass->problem->mean_share;
	double total[NV_MAX_WIDTH] = {0};
	for (size_t word = 0; word < pass->n_word; word++)
		for (size_t k = 0; k < width; k++)
			total[k] += pass->u[word * width + k];
	for (size_t g = 0; g < pass->n_gram; g++)
		for (size_t k = 0; k < width; k++)
			pass->gram[g * width + k] -= mean[g] * total[k];
}

/* The row behind the n-grams' weights: what every word gets. */
ALWAYS_INLINE double *common_row(nv_pass *pass, size_t width)
{
	const double *mean = pass->problem->mean_share;
	double *common = pass->gram + pass->n_gram * width;
	memset(common, 0, width * sizeof *common);
	for (size_t g = 0; mean && g < pass->n_gram; g++)
		for (size_t k = 0; k < width; k++)
			common[k] -= mean[g] * pass->gram[g * width + k];
	return common;
}

ALWAYS_INLINE void add_grams(nv_pass *pass, size_t width)
{
	const nv_matrix *share = pass->problem->share;
	memset(pass->gram, 0, pass->n_gram * width * sizeof *pass->gram);
	for (size_t word = 0; word < pass->n_word; word++)
		if (!all_zero(pass->u + word * width, width))
			add_row(share, word, pass->u + word * width, pass->gram, width);
	if (pass->problem->mean_share)
		take_mean_off_sums(pass, width);
	scale(pass->gram, pass->gram_variance, pass->n_gram * width);
	const double *common = common_row(pass, width);
	scale(pass->u, pass->variance, pass->n_term * width);
	for (size_t word = 0; word < pass->n_word; word++) {
		columns sum = row_times(share, word, pass->gram, width);
		double *to = pass->u + word * width;
		for (size_t k = 0; k < width; k++)
			to[k] += sum.at[k / 2][k % 2] + common[k];
	}
}

static void fold(nv_pass *pass)
{
	switch (pass->n_gram > 0 ? pass->width : 0) {
	case 0:
		scale(pass->u, pass->variance, pass->n_term * pass->width);
		return;
	case 1:
		add_grams(pass, 1);
		return;
	case 2:
		add_grams(pass, 2);
		return;
	case 4:
		add_grams(pass, 4);
		return;
	default:
		add_grams(pass, 8);
	}
}

int nv_pass_weights(nv_pass *pass, const double *v, nv_error *err)
{
	int code = nv_pass_gather(pass, v, err);
	if (code != NV_OK)
		return code;
	fold(pass);
	double scale2 = pass->problem->intercept_scale * pass->problem->intercept_scale;
	for (size_t k = 0; k < pass->width; k++)
		pass->bias[k] *= scale2;
	return NV_OK;
}

/* ---- Folded weights -> margins ---- */

ALWAYS_INLINE int margins(const nv_pass *pass, double *margin, size_t width, nv_error *err)
{
	int code = NV_OK;
	for (size_t i = 0; i < pass->problem->n && code == NV_OK; i++, margin += width) {
		code = tick(pass, i, err);
		columns sum = row_times(pass->problem->rows, nv_pass_row(pass, i), pass->u, width);
		for (size_t k = 0; k < width; k++)
			margin[k] = sum.at[k / 2][k % 2] + pass->bias[k];
	}
	return code;
}

int nv_pass_margins(const nv_pass *pass, double *margin, nv_error *err)
{
	switch (pass->width) {
	case 1:
		return margins(pass, margin, 1, err);
	case 2:
		return margins(pass, margin, 2, err);
	case 4:
		return margins(pass, margin, 4, err);
	default:
		return margins(pass, margin, 8, err);
	}
}
