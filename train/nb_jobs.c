/* SPDX-License-Identifier: Apache-2.0
 *
 * A fit of naive Bayes as a job: weights come term by term and go at once into the model, or into the margins of the articles
 * held out. A multilabel task is one fit of two classes a label, whose difference is the label's weight.
 */
#include "train/nb_fit.h"
#include "train/training.h"

#include "base/alloc.h"
#include "train/calibrate_fit.h"

typedef struct job {
	nv_training *training;
	nv_training_task *task;
	const nv_columns *rows;
	size_t fold;
	uint8_t *counted; /* [n_row] */
	uint32_t *class;  /* [n_row] */
	uint32_t *held;   /* [n_row] number of a held-out article in the task; NONE: another */
	double *weight;   /* [n_class] */
	size_t *next;     /* [n_stretch] of the margins' reader */
	size_t n_class;
} job;

static const uint32_t NONE = UINT32_MAX;

static int job_init(job *j, nv_error *err)
{
	size_t n_row = j->training->n_row;
	j->counted = nv_alloc_zero(n_row, sizeof *j->counted);
	j->class = nv_alloc_zero(n_row, sizeof *j->class);
	j->held = nv_alloc(n_row, sizeof *j->held);
	j->weight = nv_alloc(j->n_class, sizeof *j->weight);
	j->next = nv_alloc(j->rows->n_stretch, sizeof *j->next);
	if (!j->counted || !j->class || !j->held || !j->weight || !j->next)
		return nv_fail_memory(err);
	for (size_t row = 0; row < n_row; row++)
		j->held[row] = NONE;
	for (size_t i = 0; i < j->task->n; i++) {
		bool held = j->fold < j->task->n_fold && j->task->fold[i] == j->fold;
		j->counted[j->task->row[i]] = !held;
		j->held[j->task->row[i]] = held ? (uint32_t)i : NONE;
	}
	return NV_OK;
}

static void job_release(job *j)
{
	nv_free(j->counted);
	nv_free(j->class);
	nv_free(j->held);
	nv_free(j->weight);
	nv_free(j->next);
}

/* One fit's share of the task's labels: `first` and so many, from as many classes, or one from two. */
typedef struct labels {
	size_t first, n;
	bool binary;
} labels;

static void fill_classes(job *j, labels l)
{
	const nv_training_task *task = j->task;
	for (size_t i = 0; i < task->n; i++) {
		const uint8_t *gold = task->gold + task->row[i] * task->n_label;
		size_t c = 0;
		while (!l.binary && c + 1 < task->n_label && !gold[c])
			c++;
		j->class[task->row[i]] = l.binary ? gold[l.first] : (uint32_t)c;
	}
}

/* The next term's weights of the labels, in j->weight. */
static void label_weights(const job *j, nv_nb *nb, labels l)
{
	nv_nb_weights(nb, j->weight);
	if (l.binary)
		j->weight[0] = j->weight[1] - j->weight[0];
}

static double label_bias(const nv_nb *nb, labels l, size_t c)
{
	return l.binary ? nb->bias[1] - nb->bias[0] : nb->bias[c];
}

static void put_model(const job *j, nv_nb *nb, labels l)
{
	nv_built *built = j->training->built;
	size_t score = j->task->first_score + l.first;
	const uint64_t *count = j->task->count + l.first;
	for (size_t t = 0; t < j->rows->n_column; t++) {
		label_weights(j, nb, l);
		for (size_t c = 0; c < l.n; c++)
			built->weight[t * j->training->stride + score + c] = count[c] ? (float)j->weight[c] : 0;
	}
	for (size_t c = 0; c < l.n; c++)
		built->bias[score + c] = count[c] ? label_bias(nb, l, c) : NV_NEVER;
}

static void add_to_held(const job *j, nv_column_part part, labels l)
{
	for (size_t e = 0; e < part.n; e++) {
		uint32_t i = j->held[part.first_row + part.row[e]];
		if (i == NONE)
			continue;
		double *margin = j->task->margin + i * j->task->n_label + l.first, value = part.value[e];
		for (size_t c = 0; c < l.n; c++)
			margin[c] += value * j->weight[c];
	}
}

static void put_margins(const job *j, nv_nb *nb, labels l)
{
	const nv_column_reader reader = {j->rows, j->next};
	nv_training_task *task = j->task;
	for (size_t k = 0; k < j->rows->n_stretch; k++)
		j->next[k] = 0;
	for (size_t i = 0; i < task->n; i++)
		for (size_t c = 0; c < l.n && task->fold[i] == j->fold; c++)
			task->margin[i * task->n_label + l.first + c] = task->count[l.first + c] ? label_bias(nb, l, c) : NV_NEVER;
	for (size_t t = 0; t < j->rows->n_column; t++) {
		label_weights(j, nb, l);
		for (size_t c = 0; c < l.n; c++)
			j->weight[c] = task->count[l.first + c] ? j->weight[c] : 0;
		for (size_t k = 0; k < j->rows->n_stretch; k++)
			add_to_held(j, nv_column_read(&reader, t, k), l);
	}
}

static int fit(job *j, labels l, nv_error *err)
{
	const nv_recipe *recipe = &j->task->recipe;
	const nv_nb_problem problem = {j->rows, j->counted, j->class, j->n_class, recipe->nb_variant, recipe->alpha, true};
	nv_nb nb;
	fill_classes(j, l);
	int code = nv_nb_init(&nb, &problem, err);
	if (code == NV_OK && j->fold == j->task->n_fold)
		put_model(j, &nb, l);
	else if (code == NV_OK)
		put_margins(j, &nb, l);
	nv_nb_release(&nb);
	return code;
}

int nv_training_nb(nv_training *training, const nv_columns *rows, size_t task, size_t fold, nv_ticker *ticker,
                   nv_error *err)
{
	job j = {.training = training, .task = &training->task[task], .rows = rows, .fold = fold};
	bool binary = j.task->task->kind == NV_MULTILABEL;
	size_t n_fit = binary ? j.task->n_label : 1;
	j.n_class = binary ? 2 : j.task->n_label;
	int code = job_init(&j, err);
	for (size_t i = 0; i < n_fit && code == NV_OK; i++) {
		code = fit(&j, (labels){binary ? i : 0, binary ? 1 : j.n_class, binary}, err);
		if (code == NV_OK)
			code = nv_tick(ticker, 0, err);
	}
	job_release(&j);
	return code;
}
