/* SPDX-License-Identifier: Apache-2.0
 *
 * A linear fit as a job. Weights come in pieces of rising terms: a piece of the fit of all rows goes into the model, one of a fit without a
 * fold is added to the margins of the fold's articles.
 *
 * A multiclass task of two labels is one fit, with a prior that takes both sides alike: against each other, the labels' weights then
 * differ in sign alone.
 */
#include "train/training.h"

#include "base/alloc.h"
#include "train/calibrate_fit.h"
#include "train/pass.h"

#include <string.h>

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
	size_t n_gram = nv_training_has_grams(training, task) ? training->share.n_column + 1 : 0;
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

typedef struct margins {
	const nv_columns *columns;
	size_t stride; /* columns of a piece */
	float *margin; /* [n][stride] of all rows of the task */
} margins;

static int add_margins(void *context, size_t first, size_t n, const float *u, nv_error *err)
{
	const margins *m = context;
	return nv_columns_add(m->columns, first, first + n, u, m->stride, m->margin, NULL, err);
}

static void put_margins(const nv_training_task *task, const nv_training_block *b, size_t fold, const margins *m,
                        const double *bias)
{
	for (size_t i = 0; i < task->n; i++) {
		if (task->fold[i] != fold)
			continue;
		double *out = task->margin + i * task->n_label + b->first_label;
		for (size_t k = 0; k < b->width; k++)
			out[k] = task->count[b->first_label + k] ? (double)m->margin[i * m->stride + k] + bias[k] : NV_NEVER;
		if (nv_training_mirrored(task))
			out[1] = -out[0];
	}
}

static int fit_fold(const nv_training_task *task, const nv_training_block *b, size_t fold, nv_linear_problem *problem,
                    nv_ticker *ticker, nv_solver_result *result, nv_error *err)
{
	margins m = {.columns = problem->columns, .stride = nv_pass_width(b->width)};
	nv_linear_fitted fitted;
	m.margin = nv_alloc_aligned(task->n * m.stride, sizeof *m.margin);
	if (!m.margin)
		return nv_fail_memory(err);
	problem->fold = task->fold;
	problem->held = (uint32_t)fold;
	int code = nv_linear_fit(problem, NULL, &(nv_weights_taker){add_margins, &m}, ticker, &fitted, err);
	*result = fitted.result;
	if (code == NV_OK)
		put_margins(task, b, fold, &m, fitted.bias);
	nv_linear_fitted_release(&fitted);
	nv_free_aligned(m.margin);
	return code;
}

/* ---- Fits ---- */

static nv_linear_problem problem_of(const nv_training *training, const nv_training_block *b, const nv_task_rows *rows)
{
	const nv_training_task *task = &training->task[b->task];
	const nv_recipe *r = &task->recipe;
	return (nv_linear_problem){.columns = &rows->columns,
	                           .n = task->n,
	                           .row = task->row,
	                           .matrix = r->l1_ratio > 0 ? &training->rows : NULL,
	                           .share = nv_training_has_grams(training, task) ? &training->share_columns : NULL,
	                           .mean_share = training->mean_share,
	                           .sample = &rows->sample,
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

int nv_training_linear(nv_training *training, const nv_training_block *block, const nv_task_rows *rows, size_t fold,
                       nv_ticker *ticker, nv_solver_result *result, nv_error *err)
{
	const nv_training_task *task = &training->task[block->task];
	nv_linear_problem problem = problem_of(training, block, rows);
	return fold == task->n_fold ? fit_model(training, block, &problem, ticker, result, err)
	                            : fit_fold(task, block, fold, &problem, ticker, result, err);
}
