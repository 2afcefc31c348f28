/* SPDX-License-Identifier: Apache-2.0
 *
 * The fits of naive Bayes of one task, with all rows and without each fold, as a job: weights come term by term and go at once into
 * the model, or into the margins of the articles held out. A multilabel task has a job for each label, of two classes, whose
 * difference is the label's weight.
 */
#include "train/nb_fit.h"
#include "train/training.h"

#include "base/alloc.h"
#include "train/calibrate_fit.h"

typedef struct job {
	nv_training *training;
	nv_training_task *task;
	const nv_task_rows *rows;
	size_t first, n; /* labels: so many from as many classes, or (binary) one from two */
	bool binary;
	size_t n_class;
	nv_nb_row *row; /* [task->n] */
	double *weight; /* [n_fold + 1][n_class] of the term under way, of the fits that need it */
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

static int job_init(job *j, nv_error *err)
{
	j->row = nv_alloc(j->task->n, sizeof *j->row);
	j->weight = nv_alloc((j->task->n_fold + 1) * j->n_class, sizeof *j->weight);
	if (!j->row || !j->weight)
		return nv_fail_memory(err);
	fill_rows(j);
	return NV_OK;
}

static void job_release(job *j)
{
	nv_free(j->row);
	nv_free(j->weight);
}

/* The labels' weights of the term under way in a fit. */
static const double *label_weights(const job *j, nv_nb *nb, size_t fit)
{
	double *weight = j->weight + fit * j->n_class;
	const uint64_t *count = j->task->count + j->first;
	nv_nb_weights(nb, fit, weight);
	if (j->binary)
		weight[0] = weight[1] - weight[0];
	for (size_t c = 0; c < j->n; c++)
		weight[c] = count[c] ? weight[c] : 0;
	return weight;
}

static double label_bias(const job *j, const nv_nb *nb, size_t fit, size_t c)
{
	const double *bias = nb->bias + fit * j->n_class;
	if (j->task->count[j->first + c] == 0)
		return NV_NEVER;
	return j->binary ? bias[1] - bias[0] : bias[c];
}

static void put_biases(const job *j, const nv_nb *nb)
{
	nv_training_task *task = j->task;
	for (size_t c = 0; c < j->n; c++)
		j->training->built->bias[task->first_score + j->first + c] = label_bias(j, nb, task->n_fold, c);
	for (size_t i = 0; i < task->n && task->n_fold > 0; i++)
		for (size_t c = 0; c < j->n; c++)
			task->margin[i * task->n_label + j->first + c] = label_bias(j, nb, task->fold[i], c);
}

/* A row's margin takes the weights of the fit that has not seen its fold. */
static void add_to_held(const job *j, nv_column_part part)
{
	const nv_training_task *task = j->task;
	for (size_t e = 0; e < part.n; e++) {
		size_t row = part.first_row + part.row[e];
		const double *weight = j->weight + j->row[row].fold * j->n_class;
		double *margin = task->margin + row * task->n_label + j->first, value = part.value[e];
		for (size_t c = 0; c < j->n; c++)
			margin[c] += value * weight[c];
	}
}

static void put_term(const job *j, nv_nb *nb, size_t term)
{
	size_t n_fold = j->task->n_fold;
	float *out = j->training->built->weight + term * j->training->stride + j->task->first_score + j->first;
	const double *weight = label_weights(j, nb, n_fold);
	for (size_t c = 0; c < j->n; c++)
		out[c] = (float)weight[c];
	for (size_t f = 0; f < n_fold; f++)
		if (nv_nb_touches(nb, f))
			(void)label_weights(j, nb, f);
	for (size_t k = 0; n_fold > 0 && k < nb->problem->columns->n_stretch; k++)
		add_to_held(j, nb->part[k]);
}

static int fit(job *j, nv_ticker *ticker, nv_error *err)
{
	const nv_columns *columns = &j->rows->columns;
	const nv_recipe *recipe = &j->task->recipe;
	const nv_nb_problem problem = {columns,       j->row, j->n_class, j->task->n_fold, recipe->nb_variant,
	                               recipe->alpha, true};
	nv_nb nb;
	int code = nv_nb_init(&nb, &problem, ticker, err);
	if (code == NV_OK)
		put_biases(j, &nb);
	for (size_t t = 0; t < columns->n_column && code == NV_OK; t++) {
		code = nv_nb_next(&nb, err);
		if (code == NV_OK)
			put_term(j, &nb, t);
	}
	nv_nb_release(&nb);
	return code;
}

int nv_training_nb(nv_training *training, const nv_training_block *block, const nv_task_rows *rows, nv_ticker *ticker,
                   nv_error *err)
{
	job j = {.training = training, .task = &training->task[block->task], .rows = rows, .first = block->first_label};
	j.binary = j.task->task->kind == NV_MULTILABEL;
	j.n = block->width;
	j.n_class = j.binary ? 2 : j.task->n_label;
	int code = job_init(&j, err);
	if (code == NV_OK)
		code = nv_training_weights(training, err);
	if (code == NV_OK)
		code = fit(&j, ticker, err);
	job_release(&j);
	return code;
}
