/* SPDX-License-Identifier: Apache-2.0
 *
 * The fits of naive Bayes of one task, with all rows and without each fold, as a job: the margins of the articles held out, then the
 * weights of all rows, which go term by term into the model, on several threads. A multilabel task has a job for each label, of two
 * classes, whose difference is the label's weight.
 */
#include "train/nb_fit.h"
#include "train/training.h"

#include "base/alloc.h"
#include "base/parallel.h"
#include "train/calibrate_fit.h"

enum { RANGES_A_THREAD = 4 }; /* so that none waits long for another */

typedef struct job {
	nv_training *training;
	nv_training_task *task;
	const nv_task_rows *rows;
	size_t first, n; /* labels: so many from as many classes, or (binary) one from two */
	bool binary;
	size_t n_class;
	nv_nb_row *row; /* [task->n] */
	nv_nb nb;
	size_t n_thread; /* a multilabel task's jobs share the training's */
	size_t n_range;  /* of terms */
} job;

static void fill_rows(job *j)
{
	const nv_training_task *task = j->task;
	for (size_t i = 0; i < task->n; i++) {
		const uint8_t *gold = task->gold + task->row[i] * task->n_label;
		uint32_t c = 0;
		while (!j->binary && c + 1 < task->n_label && !gold[c])
			c++;
		j->row[i] = (nv_nb_row){j->binary ? gold[j->first] : c, task->n_fold > 0 ? task->fold[i] : 0};
	}
}

static double label_bias(const job *j, size_t c)
{
	const double *bias = j->nb.bias + j->task->n_fold * j->n_class;
	if (j->task->count[j->first + c] == 0)
		return NV_NEVER;
	return j->binary ? bias[1] - bias[0] : bias[c];
}

/* ---- Rows held out ---- */

/* margin[task->n][n_class]: the task's own where each label is a class. */
static void put_margins(const job *j, const double *margin)
{
	const nv_training_task *task = j->task;
	for (size_t i = 0; i < task->n; i++) {
		const double *own = margin + i * j->n_class;
		double *to = task->margin + i * task->n_label + j->first;
		for (size_t c = 0; c < j->n; c++)
			to[c] = task->count[j->first + c] == 0 ? NV_NEVER : j->binary ? own[1] - own[0] : own[c];
	}
}

static int hold_out(job *j, nv_ticker *ticker, nv_error *err)
{
	if (j->task->n_fold == 0)
		return nv_nb_hold_out(&j->nb, NULL, j->n_thread, ticker, err);
	double *pairs = j->binary ? nv_alloc_zero(j->task->n, 2 * sizeof *pairs) : NULL;
	double *margin = j->binary ? pairs : j->task->margin;
	int code = margin ? nv_nb_hold_out(&j->nb, margin, j->n_thread, ticker, err) : nv_fail_memory(err);
	if (code == NV_OK)
		put_margins(j, margin);
	nv_free(pairs);
	return code;
}

/* ---- Weights of all rows ---- */

/* The labels' weights of the term under way, into the model. */
static void put_term(const job *j, nv_nb_walk *walk, size_t term, double *weight)
{
	const uint64_t *count = j->task->count + j->first;
	float *out = j->training->built->weight + term * j->training->stride + j->task->first_score + j->first;
	nv_nb_weights(walk, j->task->n_fold, weight);
	if (j->binary)
		weight[0] = weight[1] - weight[0];
	for (size_t c = 0; c < j->n; c++)
		out[c] = count[c] ? (float)weight[c] : 0;
}

static int put_range(void *context, size_t item, size_t worker, nv_error *err)
{
	const job *j = context;
	size_t n = j->rows->columns.n_column, first = n * item / j->n_range, end = n * (item + 1) / j->n_range;
	nv_nb_walk walk;
	(void)worker;
	int code = nv_nb_walk_init(&walk, &j->nb, first, err);
	double *weight = nv_alloc(j->n_class, sizeof *weight);
	if (code == NV_OK && !weight)
		code = nv_fail_memory(err);
	for (size_t t = first; t < end && code == NV_OK; t++) {
		nv_nb_next(&walk);
		put_term(j, &walk, t, weight);
	}
	nv_free(weight);
	nv_nb_walk_release(&walk);
	return code;
}

static int put_weights(job *j, nv_error *err)
{
	for (size_t c = 0; c < j->n; c++)
		j->training->built->bias[j->task->first_score + j->first + c] = label_bias(j, c);
	j->n_range = RANGES_A_THREAD * j->n_thread;
	return nv_parallel_for(j->n_thread, j->n_range, put_range, j, err);
}

static int fit(job *j, nv_ticker *ticker, nv_error *err)
{
	const nv_recipe *recipe = &j->task->recipe;
	const nv_nb_problem problem = {&j->rows->columns,  j->row,        j->n_class, j->task->n_fold,
	                               recipe->nb_variant, recipe->alpha, true};
	int code = nv_nb_init(&j->nb, &problem, ticker, err);
	if (code == NV_OK)
		code = hold_out(j, ticker, err);
	if (code == NV_OK)
		code = nv_training_weights(j->training, err);
	if (code == NV_OK)
		code = put_weights(j, err);
	nv_nb_release(&j->nb);
	return code;
}

int nv_training_nb(nv_training *training, const nv_training_block *block, const nv_task_rows *rows, nv_ticker *ticker,
                   nv_error *err)
{
	job j = {.training = training, .task = &training->task[block->task], .rows = rows, .first = block->first_label};
	j.binary = j.task->task->kind == NV_MULTILABEL;
	j.n = block->width;
	j.n_class = j.binary ? 2 : j.task->n_label;
	size_t n_job = j.binary ? j.task->n_label : 1;
	j.n_thread = (training->n_thread + n_job - 1) / n_job;
	j.row = nv_alloc(j.task->n, sizeof *j.row);
	if (!j.row)
		return nv_fail_memory(err);
	fill_rows(&j);
	int code = fit(&j, ticker, err);
	nv_free(j.row);
	return code;
}
