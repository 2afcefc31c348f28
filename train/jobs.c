/* SPDX-License-Identifier: Apache-2.0
 *
 * A job is one fit of a block of labels, on all rows of a task or without one fold; naive Bayes' fits share a job (nb_fit.h). Blocks do
 * not depend on the number of threads, and each job writes columns or rows of its own, so neither does the result. Each starts from zero:
 * the full fit's solution without the fold left out is no nearer to the goal, by the number of products, and this way no trace of an
 * article can be in the scores of the models that have not seen it.
 *
 * The model's weights take memory when the first full fit has them: a block's fits without a fold come before it.
 */
#include "train/training.h"

#include "base/alloc.h"
#include "base/parallel.h"

typedef struct item {
	size_t block, fold; /* fold n_fold of the task: all rows */
	nv_solver_result result;
} item;

typedef struct jobs {
	nv_training *training;
	nv_training_block *block; /* [n_block] task by task */
	item *item;               /* [n_item] block by block */
	size_t n_block, cap_block, n_item;
	nv_task_rows rows; /* of the task under way */
	size_t first_item; /* its */
	nv_ticker ticker;
} jobs;

/* ---- Blocks ---- */

static bool add_block(jobs *j, size_t task, size_t first, size_t width)
{
	if (!nv_grow(&j->block, &j->cap_block, j->n_block + 1, sizeof *j->block))
		return false;
	j->block[j->n_block++] = (nv_training_block){task, first, width};
	return true;
}

static bool cut_naive_bayes(jobs *j, size_t t)
{
	const nv_training_task *task = &j->training->task[t];
	size_t width = task->task->kind == NV_MULTILABEL ? 1 : task->n_label;
	bool ok = true;
	for (size_t first = 0; first < task->n_label && ok; first += width)
		ok = add_block(j, t, first, width);
	return ok;
}

/* Full blocks, and one of the rest: a wide product costs less than two narrow ones (docs/performance.md). */
static bool cut_task(jobs *j, size_t t)
{
	const nv_training_task *task = &j->training->task[t];
	size_t n = nv_training_mirrored(task) ? 1 : task->n_label, most = task->recipe.l1_ratio > 0 ? 1 : NV_MAX_WIDTH;
	bool ok = true;
	if (task->n == 0)
		return true;
	if (task->recipe.naive_bayes)
		return cut_naive_bayes(j, t);
	for (size_t first = 0; first < n && ok; first += most)
		ok = add_block(j, t, first, n - first < most ? n - first : most);
	return ok;
}

/* ---- The run ---- */

static int work(void *context, size_t number, size_t worker, nv_error *err)
{
	(void)worker;
	jobs *j = context;
	item *it = &j->item[j->first_item + number];
	const nv_training_block *b = &j->block[it->block];
	int code = j->training->task[b->task].recipe.naive_bayes
	               ? nv_training_nb(j->training, b, &j->rows, &j->ticker, err)
	               : nv_training_linear(j->training, b, &j->rows, it->fold, &j->ticker, &it->result, err);
	return code == NV_OK ? nv_tick(&j->ticker, 1, err) : code;
}

int nv_training_weights(nv_training *training, nv_error *err)
{
	nv_built *built = training->built;
	pthread_mutex_lock(&training->weights_lock);
	if (!built->weight)
		built->weight = nv_alloc_aligned(training->rows.n_column, training->stride * sizeof *built->weight);
	if (!built->gram_weight)
		built->gram_weight =
			nv_alloc_aligned(training->share.n_column + 1, training->stride * sizeof *built->gram_weight);
	bool ok = built->weight && built->gram_weight;
	pthread_mutex_unlock(&training->weights_lock);
	return ok ? NV_OK : nv_fail_memory(err);
}

static int allocate(nv_training *training, nv_error *err)
{
	nv_built *built = training->built;
	double columns = (double)training->rows.n_column + (double)training->share.n_column;
	int code =
		nv_training_room(training, training->cell_bytes + columns * training->stride * sizeof *built->weight, err);
	if (code != NV_OK)
		return code;
	built->bias = nv_alloc_zero(training->n_score, sizeof *built->bias);
	bool ok = built->bias != NULL;
	for (size_t t = 0; t < training->n_task && ok; t++) {
		nv_training_task *task = &training->task[t];
		if (task->n_fold == 0)
			continue;
		task->margin = nv_alloc_zero(task->n, task->n_label * sizeof *task->margin);
		ok = task->margin != NULL;
	}
	return ok ? NV_OK : nv_fail_memory(err);
}

/* A job for each fit of a block; one for all fits of naive Bayes. */
static size_t count_items(const jobs *j, size_t b)
{
	const nv_training_task *task = &j->training->task[j->block[b].task];
	return task->recipe.naive_bayes ? 1 : task->n_fold + 1;
}

static int make_items(jobs *j, nv_error *err)
{
	size_t n = 0;
	for (size_t b = 0; b < j->n_block; b++)
		n += count_items(j, b);
	j->item = nv_alloc(n, sizeof *j->item);
	if (!j->item)
		return nv_fail_memory(err);
	for (size_t b = 0; b < j->n_block; b++)
		for (size_t f = 0; f < count_items(j, b); f++)
			j->item[j->n_item++] = (item){b, f, {NV_CONVERGED, 0, 0}};
	nv_ticker_init(&j->ticker, j->training->progress, "fit", n);
	return NV_OK;
}

static size_t task_of(const jobs *j, size_t number)
{
	return j->block[j->item[number].block].task;
}

/* Once the last task has its columns, only an l1 penalty reads rows. */
static void release_rows(nv_training *training, size_t task)
{
	for (size_t t = task + 1; t < training->n_task; t++)
		if (training->task[t].n > 0)
			return;
	if (training->task[task].recipe.l1_ratio > 0)
		return;
	nv_matrix_release(&training->rows);
	nv_matrix_release(&training->share);
}

static int run_task(jobs *j, size_t n, nv_error *err)
{
	size_t task = task_of(j, j->first_item);
	int code = nv_task_rows_init(&j->rows, j->training, &j->training->task[task], &j->ticker, err);
	if (code == NV_OK) {
		release_rows(j->training, task);
		code = nv_parallel_for(j->training->n_thread, n, work, j, err);
	}
	nv_task_rows_release(&j->rows);
	return code;
}

/* Task by task, so that the columns of one are there at a time. */
static int run(jobs *j, nv_error *err)
{
	int code = make_items(j, err);
	for (size_t n; j->first_item < j->n_item && code == NV_OK; j->first_item += n) {
		n = 1;
		while (j->first_item + n < j->n_item && task_of(j, j->first_item + n) == task_of(j, j->first_item))
			n++;
		code = run_task(j, n, err);
	}
	return code;
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
			nv_note(training,
			        "task %s: %llu of %llu fits stopped before they converged, after at most %d step%s; a smaller --c "
			        "helps",
			        training->task[t].task->name, (unsigned long long)solver->stopped_early,
			        (unsigned long long)solver->fits, solver->iterations, solver->iterations == 1 ? "" : "s");
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
