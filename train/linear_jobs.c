/* SPDX-License-Identifier: Apache-2.0
 *
 * A linear fit as a job. Weights come in pieces of rising terms: a piece of the fit of all rows goes into the model, one of a fit without a
 * fold is added to the margins of the articles held out, each of which keeps its place in its row.
 *
 * A multiclass task of two labels is one fit, with a prior that takes both sides alike: against each other, the labels' weights then
 * differ in sign alone.
 */
#include "train/training.h"

#include "base/alloc.h"
#include "train/calibrate_fit.h"
#include "train/pass.h"

#include <string.h>

static bool has_grams(const nv_training *training, const nv_training_task *task)
{
	return training->subwords && task->recipe.subwords;
}

/* ---- Into the model ---- */

typedef struct model_columns {
	nv_training *training;
	size_t score, stride, width; /* the model's first column; columns of a piece, and how many of them count */
} model_columns;

/* [n][stride] -> the model's columns, from row `first` on. */
static void put_columns(const model_columns *m, float *to, size_t first, const float *from, size_t n)
{
	size_t stride = m->training->stride;
	for (size_t i = 0; i < n; i++)
		memcpy(to + (first + i) * stride + m->score, from + i * m->stride, m->width * sizeof *from);
}

static int put_weights(void *context, size_t first, size_t n, const float *u, nv_error *err)
{
	const model_columns *m = context;
	int code = nv_training_weights(m->training, err);
	if (code == NV_OK)
		put_columns(m, m->training->built->weight, first, u, n);
	return code;
}

/* The second of two labels is the first with its sign turned. */
static void mirror(const nv_training *training, float *weight, size_t score, size_t n)
{
	for (size_t i = 0; i < n; i++)
		weight[i * training->stride + score + 1] = -weight[i * training->stride + score];
}

static void put_never(nv_training *training, size_t score)
{
	nv_built *built = training->built;
	for (size_t t = 0; t < training->rows.n_column; t++)
		built->weight[t * training->stride + score] = 0;
	for (size_t g = 0; g <= training->share.n_column; g++)
		built->gram_weight[g * training->stride + score] = 0;
	built->bias[score] = NV_NEVER;
}

static void put_rest(const model_columns *m, const nv_training_task *task, const nv_training_block *b,
                     const nv_linear_fitted *fitted)
{
	nv_training *training = m->training;
	nv_built *built = training->built;
	size_t n_gram = has_grams(training, task) ? training->share.n_column + 1 : 0;
	put_columns(m, built->gram_weight, 0, fitted->gram, n_gram);
	memcpy(built->bias + m->score, fitted->bias, b->width * sizeof *fitted->bias);
	for (size_t k = 0; k < b->width; k++)
		if (task->count[b->first_label + k] == 0)
			put_never(training, m->score + k);
	if (nv_training_mirrored(task)) {
		mirror(training, built->weight, m->score, training->rows.n_column);
		mirror(training, built->gram_weight, m->score, n_gram);
		built->bias[m->score + 1] = -built->bias[m->score];
	}
}

static int fit_model(nv_training *training, const nv_training_block *b, const nv_linear_problem *problem,
                     nv_ticker *ticker, nv_solver_result *result, nv_error *err)
{
	const nv_training_task *task = &training->task[b->task];
	model_columns m = {training, task->first_score + b->first_label, nv_pass_width(b->width), b->width};
	nv_linear_fitted fitted;
	int code = nv_linear_fit(problem, NULL, &(nv_weights_taker){put_weights, &m}, ticker, &fitted, err);
	*result = fitted.result;
	if (code == NV_OK)
		put_rest(&m, task, b, &fitted);
	nv_linear_fitted_release(&fitted);
	return code;
}

/* ---- Into the margins of what is held out ---- */

typedef struct held {
	const nv_matrix *rows;
	nv_training_task *task;
	size_t n, width, stride; /* articles; labels, and columns of a piece */
	uint32_t *number;        /* [n] in the task */
	uint64_t *next;          /* [n] first entry of the row that is not added yet */
	double *margin;          /* [n][width] */
} held;

static int held_init(held *h, nv_training *training, const nv_training_block *b, size_t fold, nv_error *err)
{
	nv_training_task *task = &training->task[b->task];
	*h = (held){.rows = &training->rows, .task = task, .width = b->width, .stride = nv_pass_width(b->width)};
	for (size_t i = 0; i < task->n; i++)
		h->n += task->fold[i] == fold;
	h->number = nv_alloc(h->n, sizeof *h->number);
	h->next = nv_alloc(h->n, sizeof *h->next);
	h->margin = nv_alloc_zero(h->n, h->width * sizeof *h->margin);
	if (!h->number || !h->next || !h->margin)
		return nv_fail_memory(err);
	for (size_t i = 0, at = 0; i < task->n; i++)
		if (task->fold[i] == fold) {
			h->number[at] = (uint32_t)i;
			h->next[at++] = h->rows->start[task->row[i]];
		}
	return NV_OK;
}

static void held_release(held *h)
{
	nv_free(h->number);
	nv_free(h->next);
	nv_free(h->margin);
}

static int add_margins(void *context, size_t first, size_t n, const float *u, nv_error *err)
{
	(void)err;
	const held *h = context;
	const nv_matrix *x = h->rows;
	for (size_t i = 0; i < h->n; i++) {
		uint64_t end = x->start[h->task->row[h->number[i]] + 1], j = h->next[i];
		double *sum = h->margin + i * h->width;
		for (; j < end && x->term[j] < first + n; j++) {
			const float *weight = u + (x->term[j] - first) * h->stride;
			for (size_t k = 0; k < h->width; k++)
				sum[k] += (double)x->value[j] * (double)weight[k];
		}
		h->next[i] = j;
	}
	return NV_OK;
}

static void put_margins(const held *h, const nv_training_block *b, const nv_linear_fitted *fitted)
{
	const nv_training_task *task = h->task;
	for (size_t i = 0; i < h->n; i++) {
		double *out = task->margin + h->number[i] * task->n_label + b->first_label;
		for (size_t k = 0; k < h->width; k++)
			out[k] = task->count[b->first_label + k] ? h->margin[i * h->width + k] + fitted->bias[k] : NV_NEVER;
		if (nv_training_mirrored(task))
			out[1] = -out[0];
	}
}

static int fit_fold(nv_training *training, const nv_training_block *b, size_t fold, const nv_linear_problem *problem,
                    nv_ticker *ticker, nv_solver_result *result, nv_error *err)
{
	held h;
	nv_linear_fitted fitted = {0};
	int code = held_init(&h, training, b, fold, err);
	if (code == NV_OK)
		code = nv_linear_fit(problem, NULL, &(nv_weights_taker){add_margins, &h}, ticker, &fitted, err);
	*result = fitted.result;
	if (code == NV_OK)
		put_margins(&h, b, &fitted);
	nv_linear_fitted_release(&fitted);
	held_release(&h);
	return code;
}

/* ---- Fits ---- */

/* Rows of the task outside the fold. */
static size_t rows_without(const nv_training_task *task, size_t fold, uint32_t *row)
{
	size_t n = 0;
	for (size_t i = 0; i < task->n; i++)
		if (fold == task->n_fold || task->fold[i] != fold)
			row[n++] = task->row[i];
	return n;
}

static nv_linear_problem problem_of(const nv_training *training, const nv_training_block *b, const uint32_t *row,
                                    size_t n)
{
	const nv_training_task *task = &training->task[b->task];
	const nv_recipe *r = &task->recipe;
	return (nv_linear_problem){.rows = &training->rows,
	                           .share = has_grams(training, task) ? &training->share : NULL,
	                           .share_columns = &training->share_columns,
	                           .mean_share = training->mean_share,
	                           .subset = row,
	                           .n = n,
	                           .gold = task->gold,
	                           .n_label = task->n_label,
	                           .first_label = b->first_label,
	                           .width = b->width,
	                           .spread = r->has_spread ? &r->spread : NULL,
	                           .label_weight = task->weight,
	                           .loss = r->loss,
	                           .c = r->c,
	                           .l1_ratio = r->l1_ratio,
	                           .intercept_scale = r->intercept_scale,
	                           .tolerance = r->tolerance,
	                           .max_iteration = r->max_iteration};
}

int nv_training_linear(nv_training *training, const nv_training_block *block, size_t fold, nv_ticker *ticker,
                       nv_solver_result *result, nv_error *err)
{
	const nv_training_task *task = &training->task[block->task];
	uint32_t *row = nv_alloc(task->n, sizeof *row);
	if (!row)
		return nv_fail_memory(err);
	const nv_linear_problem problem = problem_of(training, block, row, rows_without(task, fold, row));
	int code = fold == task->n_fold ? fit_model(training, block, &problem, ticker, result, err)
	                                : fit_fold(training, block, fold, &problem, ticker, result, err);
	nv_free(row);
	return code;
}
