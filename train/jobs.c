/* SPDX-License-Identifier: Apache-2.0
 *
 * A job is one fit of a block of labels, on all rows of a task or without one fold. Blocks do not depend on the number of threads, and each
 * job writes columns or rows of its own, so neither does the result. Each starts from zero: the full fit's solution without the
 * fold left out is no nearer to the goal, by the number of products, and this way no trace of an article can be in the
 * scores of the models that have not seen it.
 *
 * A multiclass task of two labels is one fit, with a prior that takes both sides alike: against each other, the labels' weights then
 * differ in sign alone.
 */
#include "train/training.h"

#include "base/alloc.h"
#include "base/parallel.h"
#include "train/calibrate_fit.h"
#include "train/nb_fit.h"

#include <string.h>

typedef struct block {
	size_t task, first_label, width;
} block;

typedef struct item {
	size_t block, fold; /* fold n_fold of the task: all rows */
	nv_solver_result result;
} item;

typedef struct jobs {
	nv_training *training;
	block *block; /* [n_block] */
	item *item;   /* [n_item] */
	size_t n_block, cap_block, n_item;
	nv_ticker ticker;
} jobs;

/* ---- Blocks ---- */

static bool add_block(jobs *j, size_t task, size_t first, size_t width)
{
	if (!nv_grow(&j->block, &j->cap_block, j->n_block + 1, sizeof *j->block))
		return false;
	j->block[j->n_block++] = (block){task, first, width};
	return true;
}

static bool mirrored(const nv_training_task *task)
{
	return task->task->kind == NV_MULTICLASS && task->n_label == 2;
}

static bool has_grams(const nv_training *training, const nv_training_task *task)
{
	return training->subwords && task->recipe.subwords;
}

/* Eight labels a block, and the rest in powers of two, so that few columns are empty. */
static bool cut_task(jobs *j, size_t t)
{
	const nv_training_task *task = &j->training->task[t];
	size_t n = mirrored(task) ? 1 : task->n_label, most = NV_MAX_WIDTH;
	if (task->n == 0)
		return true;
	if (task->recipe.naive_bayes)
		return add_block(j, t, 0, task->n_label);
	if (task->recipe.l1_ratio > 0)
		most = 1;
	for (size_t first = 0; first < n;) {
		size_t left = n - first, width = left < most ? left : most;
		if (width < most && width > 4)
			width = 4;
		if (!add_block(j, t, first, width))
			return false;
		first += width;
	}
	return true;
}

/* ---- Results ---- */

static void put_column(nv_training *training, size_t score, const double *u, size_t stride, double bias, double sign)
{
	nv_built *built = training->built;
	for (size_t t = 0; t < training->rows.n_column; t++)
		built->weight[t * training->stride + score] = (float)(sign * u[t * stride]);
	built->bias[score] = sign * bias;
}

static void put_grams(nv_training *training, const nv_training_task *task, size_t score, const double *gram, size_t stride,
                      double sign)
{
	if (!has_grams(training, task))
		return;
	for (size_t g = 0; g <= training->share.n_column; g++)
		training->built->gram_weight[g * training->stride + score] = (float)(sign * gram[g * stride]);
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

static void put_model(nv_training *training, const block *b, const nv_linear_fitted *fitted)
{
	const nv_training_task *task = &training->task[b->task];
	for (size_t k = 0; k < b->width; k++) {
		size_t score = task->first_score + b->first_label + k;
		if (task->count[b->first_label + k] == 0) {
			put_never(training, score);
			continue;
		}
		put_column(training, score, fitted->u + k, fitted->stride, fitted->bias[k], 1);
		put_grams(training, task, score, fitted->gram + k, fitted->stride, 1);
		if (mirrored(task)) {
			put_column(training, score + 1, fitted->u + k, fitted->stride, fitted->bias[k], -1);
			put_grams(training, task, score + 1, fitted->gram + k, fitted->stride, -1);
		}
	}
}

static void put_margins(nv_training *training, const block *b, size_t fold, const nv_linear_fitted *fitted)
{
	nv_training_task *task = &training->task[b->task];
	double margin[NV_MAX_WIDTH];
	for (size_t i = 0; i < task->n; i++) {
		if (task->fold[i] != fold)
			continue;
		double *out = task->margin + i * task->n_label + b->first_label;
		nv_linear_margins(fitted, &training->rows, task->row[i], b->width, margin);
		for (size_t k = 0; k < b->width; k++)
			out[k] = task->count[b->first_label + k] ? margin[k] : NV_NEVER;
		if (mirrored(task))
			out[1] = -out[0];
	}
}

/* ---- Linear fits ---- */

/* Rows of the task outside the fold. */
static size_t rows_without(const nv_training_task *task, size_t fold, uint32_t *row)
{
	size_t n = 0;
	for (size_t i = 0; i < task->n; i++)
		if (fold == task->n_fold || task->fold[i] != fold)
			row[n++] = task->row[i];
	return n;
}

static nv_linear_problem problem_of(const nv_training *training, const block *b, const uint32_t *row, size_t n)
{
	const nv_training_task *task = &training->task[b->task];
	const nv_recipe *r = &task->recipe;
	return (nv_linear_problem){.rows = &training->rows,
	                           .share = has_grams(training, task) ? &training->share : NULL,
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

static int fit_linear(jobs *j, const block *b, size_t fold, uint32_t *row, nv_solver_result *result, nv_error *err)
{
	nv_training *training = j->training;
	const nv_training_task *task = &training->task[b->task];
	bool full = fold == task->n_fold;
	const nv_linear_problem problem = problem_of(training, b, row, rows_without(task, fold, row));
	nv_linear_fitted fitted;
	int code = nv_linear_fit(&problem, NULL, &j->ticker, &fitted, err);
	if (code != NV_OK)
		return code;
	*result = fitted.result;
	if (full)
		put_model(training, b, &fitted);
	else
		put_margins(training, b, fold, &fitted);
	nv_linear_fitted_release(&fitted);
	return NV_OK;
}

/* ---- Naive Bayes ---- */

static void nb_margins(const nv_matrix *rows, size_t row, const double *weight, const double *bias, size_t n, double *out)
{
	memcpy(out, bias, n * sizeof *out);
	for (uint64_t k = rows->start[row]; k < rows->start[row + 1]; k++)
		for (size_t c = 0; c < n; c++)
			out[c] += (double)rows->value[k] * weight[rows->term[k] * n + c];
}

/* A model of n_class columns: its columns into the model, or its margins out of fold. From two classes of a label of a multilabel
 * task (label < n_label), the difference is the label's. */
static void put_nb(nv_training *training, size_t t, size_t fold, size_t label, size_t n_class, double *weight, double *bias)
{
	nv_training_task *task = &training->task[t];
	bool binary = label < task->n_label;
	size_t first = binary ? label : 0, n = binary ? 1 : n_class;
	if (binary) {
		for (size_t i = 0; i < training->rows.n_column; i++)
			weight[i] = weight[2 * i + 1] - weight[2 * i];
		bias[0] = bias[1] - bias[0];
	}
	for (size_t c = 0; c < n && fold == task->n_fold; c++) {
		if (task->count[first + c] == 0)
			put_never(training, task->first_score + first + c);
		else
			put_column(training, task->first_score + first + c, weight + c, n, bias[c], 1);
	}
	for (size_t i = 0; i < task->n && fold < task->n_fold; i++) {
		if (task->fold[i] != fold)
			continue;
		double *out = task->margin + i * task->n_label + first;
		nb_margins(&training->rows, task->row[i], weight, bias, n, out);
		for (size_t c = 0; c < n; c++)
			out[c] = task->count[first + c] ? out[c] : NV_NEVER;
	}
}

static void classes_of(const nv_training_task *task, size_t label, uint32_t *class)
{
	bool binary = label < task->n_label;
	for (size_t i = 0; i < task->n; i++) {
		const uint8_t *gold = task->gold + task->row[i] * task->n_label;
		size_t c = 0;
		while (!binary && c + 1 < task->n_label && !gold[c])
			c++;
		class[task->row[i]] = binary ? gold[label] : (uint32_t)c;
	}
}

static int fit_nb(jobs *j, const block *b, size_t fold, uint32_t *row, nv_error *err)
{
	nv_training *training = j->training;
	const nv_training_task *task = &training->task[b->task];
	bool binary = task->task->kind == NV_MULTILABEL;
	size_t n_class = binary ? 2 : task->n_label, n_fit = binary ? task->n_label : 1, size;
	if (!nv_mul_size(training->rows.n_column, n_class, &size))
		return nv_fail_memory(err);
	double *weight = nv_alloc(size, sizeof *weight), *bias = nv_alloc(n_class, sizeof *bias);
	uint32_t *class = nv_alloc(training->n_row, sizeof *class);
	int code = weight && bias && class ? NV_OK : nv_fail_memory(err);
	const nv_nb_problem problem = {&training->rows, row, rows_without(task, fold, row), class, n_class, task->recipe.nb_variant, task->recipe.alpha, true};
	for (size_t i = 0; i < n_fit && code == NV_OK; i++) {
		size_t label = binary ? i : task->n_label;
		classes_of(task, label, class);
		code = nv_nb_fit(&problem, weight, bias, err);
		if (code == NV_OK)
			put_nb(training, b->task, fold, label, n_class, weight, bias);
		if (code == NV_OK)
			code = nv_tick(&j->ticker, 0, err);
	}
	nv_free(weight);
	nv_free(bias);
	nv_free(class);
	return code;
}

/* ---- The run ---- */

static int work(void *context, size_t number, size_t worker, nv_error *err)
{
	(void)worker;
	jobs *j = context;
	item *it = &j->item[number];
	size_t fold = it->fold;
	const block *b = &j->block[it->block];
	const nv_training_task *task = &j->training->task[b->task];
	uint32_t *row = nv_alloc(task->n, sizeof *row);
	if (!row)
		return nv_fail_memory(err);
	int code = task->recipe.naive_bayes ? fit_nb(j, b, fold, row, err) : fit_linear(j, b, fold, row, &it->result, err);
	nv_free(row);
	return code == NV_OK ? nv_tick(&j->ticker, 1, err) : code;
}

static int allocate(nv_training *training, nv_error *err)
{
	nv_built *built = training->built;
	built->weight = nv_alloc_aligned(training->rows.n_column, training->stride * sizeof *built->weight);
	built->gram_weight = nv_alloc_aligned(training->share.n_column + 1, training->stride * sizeof *built->gram_weight);
	built->bias = nv_alloc_zero(training->n_score, sizeof *built->bias);
	bool ok = built->weight && built->gram_weight && built->bias;
	for (size_t t = 0; t < training->n_task && ok; t++) {
		nv_training_task *task = &training->task[t];
		if (task->n_fold == 0)
			continue;
		task->margin = nv_alloc_zero(task->n, task->n_label * sizeof *task->margin);
		ok = task->margin != NULL;
	}
	return ok ? NV_OK : nv_fail_memory(err);
}

static size_t count_fold_items(const jobs *j)
{
	size_t n = 0;
	for (size_t b = 0; b < j->n_block; b++)
		n += j->training->task[j->block[b].task].n_fold;
	return n;
}

static int run(jobs *j, nv_error *err)
{
	size_t n = j->n_block + count_fold_items(j);
	j->item = nv_alloc(n, sizeof *j->item);
	if (!j->item)
		return nv_fail_memory(err);
	for (size_t b = 0; b < j->n_block; b++)
		for (size_t f = 0; f <= j->training->task[j->block[b].task].n_fold; f++)
			j->item[j->n_item++] = (item){b, f, {NV_CONVERGED, 0, 0}};
	nv_ticker_init(&j->ticker, j->training->progress, "fit", n);
	return nv_parallel_for(j->training->n_thread, n, work, j, err);
}

static void record_outcomes(const jobs *j)
{
	for (size_t i = 0; i < j->n_item; i++) {
		nv_training_task *task = &j->training->task[j->block[j->item[i].block].task];
		const nv_solver_result *result = &j->item[i].result;
		if (task->recipe.naive_bayes)
			continue;
		task->solver.fits++;
		task->solver.stopped_early += result->outcome == NV_STOPPED_EARLY;
		if (task->solver.iterations < result->iterations)
			task->solver.iterations = result->iterations;
	}
}

static void note_outcomes(const nv_training *training)
{
	for (size_t t = 0; t < training->n_task; t++) {
		const nv_solver_record *solver = &training->task[t].solver;
		if (solver->stopped_early > 0)
			nv_note(training, "task %s: %llu of %llu fits stopped before they converged, after at most %d step%s; a smaller --c helps",
			        training->task[t].task->name, (unsigned long long)solver->stopped_early, (unsigned long long)solver->fits,
			        solver->iterations, solver->iterations == 1 ? "" : "s");
	}
}

int nv_training_jobs(nv_training *training, nv_error *err)
{
	jobs j = {.training = training};
	int code = allocate(training, err);
	for (size_t t = 0; t < training->n_task && code == NV_OK; t++)
		if (!cut_task(&j, t))
			code = nv_fail_memory(err);
	if (code == NV_OK)
		code = run(&j, err);
	if (code == NV_OK) {
		record_outcomes(&j);
		note_outcomes(training);
	}
	nv_free(j.block);
	nv_free(j.item);
	return code;
}
