/* SPDX-License-Identifier: Apache-2.0
 *
 * A task's folds, and the order in which its fits read its rows.
 */
#include "train/training.h"

#include "base/alloc.h"
#include "data/split.h"

#include <string.h>

/* One number for a row's labels: the rarest label's, so that it is spread evenly above all; 0 for none. */
static uint32_t stratum_of(const nv_training_task *task, size_t row)
{
	const uint8_t *gold = task->gold + row * task->n_label;
	size_t best = task->n_label;
	for (size_t l = 0; l < task->n_label; l++)
		if (gold[l] && (best == task->n_label || task->count[l] < task->count[best]))
			best = l;
	return best == task->n_label ? 0 : (uint32_t)best + 1;
}

static uint32_t *strata_of(const nv_training_task *task)
{
	uint32_t *stratum = nv_alloc(task->n, sizeof *stratum);
	for (size_t i = 0; stratum && i < task->n; i++)
		stratum[i] = stratum_of(task, task->row[i]);
	return stratum;
}

/* ---- Folds ---- */

/* Groups up to `enough`. */
static size_t count_groups(const uint32_t *group, size_t n, size_t enough)
{
	size_t found = 0;
	uint32_t seen[NV_MAX_FOLDS];
	for (size_t i = 0; i < n && found < enough; i++) {
		size_t k = 0;
		while (k < found && seen[k] != group[i])
			k++;
		if (k == found)
			seen[found++] = group[i];
	}
	return found;
}

/* Articles that stand together in the input are often of one day, story or thread: folds of stretches of the input, label by label, come
 * nearer to articles that are new than folds drawn at random do. Each label begins with a fold of its own, so that rare ones spread. A group
 * follows its first article. */
static int split_in_stretches(nv_training_task *task, const uint32_t *group, const uint32_t *stratum, size_t n_row,
                              nv_error *err)
{
	size_t n_stratum = task->n_label + 1;
	uint64_t *size = nv_alloc_zero(n_stratum, sizeof *size), *seen = nv_alloc_zero(n_stratum, sizeof *seen);
	uint32_t *fold_of = nv_alloc_zero(n_row, sizeof *fold_of); /* of a group, + 1 */
	int code = size && seen && fold_of ? NV_OK : nv_fail_memory(err);
	for (size_t i = 0; i < task->n && code == NV_OK; i++)
		size[stratum[i]]++;
	for (size_t i = 0; i < task->n && code == NV_OK; i++) {
		uint64_t stretch = seen[stratum[i]]++ * task->n_fold / size[stratum[i]];
		if (fold_of[group[i]] == 0)
			fold_of[group[i]] = (uint32_t)((stretch + stratum[i]) % task->n_fold) + 1;
		task->fold[i] = fold_of[group[i]] - 1;
	}
	nv_free(size);
	nv_free(seen);
	nv_free(fold_of);
	return code;
}

/* near: groups are near-duplicates, numbered by rows. */
static int split_task(nv_training *training, nv_training_task *task, const uint32_t *group_of_row, bool near,
                      nv_error *err)
{
	const nv_train_options *o = &training->trainer->options;
	uint32_t *group = nv_alloc(task->n, sizeof *group), *stratum = strata_of(task);
	task->fold = nv_alloc(task->n, sizeof *task->fold);
	int code = group && stratum && task->fold ? NV_OK : nv_fail_memory(err);
	for (size_t i = 0; i < task->n && code == NV_OK; i++)
		group[i] = group_of_row[task->row[i]];
	if (code == NV_OK)
		task->n_fold = count_groups(group, task->n, (size_t)o->inner_folds);
	if (code == NV_OK && task->n_fold < 2) {
		task->n_fold = 0;
		nv_note(training, "task %s: too few groups of articles for folds; its probabilities are not calibrated",
		        task->task->name);
	} else if (code == NV_OK && near) {
		code = split_in_stretches(task, group, stratum, training->n_row, err);
	} else if (code == NV_OK) {
		code = nv_split_folds(task->n, task->n_fold, group, stratum, (uint64_t)o->seed, task->fold, err);
	}
	nv_free(group);
	nv_free(stratum);
	return code;
}

int nv_training_folds(nv_training *training, nv_error *err)
{
	nv_trainer *trainer = training->trainer;
	if (trainer->options.calibrate == NV_CALIBRATE_OFF)
		return NV_OK;
	uint32_t *near = NULL;
	int code = NV_OK;
	if (!trainer->group) {
		near = nv_alloc(trainer->n, sizeof *near);
		code = near ? nv_near_duplicates(trainer->n, (const uint32_t(*)[NV_N_MINHASH])trainer->signature, near, err)
		            : nv_fail_memory(err);
		nv_free(trainer->signature);
		trainer->signature = NULL;
	}
	for (size_t t = 0; t < training->n_task && code == NV_OK; t++)
		if (training->task[t].n > 0)
			code = split_task(training, &training->task[t], near ? near : trainer->group, near != NULL, err);
	nv_free(near);
	return code;
}

/* ---- Order ---- */

static void sort_rows(const nv_training_task *task, const uint32_t *stratum, size_t *next, uint32_t *row,
                      uint32_t *fold)
{
	for (size_t i = 0; i < task->n; i++)
		next[stratum[i] + 1]++;
	for (size_t l = 0; l < task->n_label; l++)
		next[l + 1] += next[l];
	for (size_t i = 0; i < task->n; i++) {
		size_t at = next[stratum[i]]++;
		row[at] = task->row[i];
		if (fold)
			fold[at] = task->fold[i];
	}
}

/* Articles of a label share words. Label by label, a word's entries lie in fewer stretches (columns.h), and a product reads and writes what it
 * has for the word once for each. */
static int order_task(nv_training_task *task, nv_error *err)
{
	uint32_t *stratum = strata_of(task), *row = nv_alloc(task->n, sizeof *row);
	uint32_t *fold = task->n_fold > 0 ? nv_alloc(task->n, sizeof *fold) : NULL;
	size_t *next = nv_alloc_zero(task->n_label + 2, sizeof *next);
	int code = stratum && row && next && (fold || task->n_fold == 0) ? NV_OK : nv_fail_memory(err);
	if (code == NV_OK) {
		sort_rows(task, stratum, next, row, fold);
		memcpy(task->row, row, task->n * sizeof *row);
		if (fold)
			memcpy(task->fold, fold, task->n * sizeof *fold);
	}
	nv_free(stratum);
	nv_free(row);
	nv_free(fold);
	nv_free(next);
	return code;
}

int nv_training_order(nv_training *training, nv_error *err)
{
	int code = NV_OK;
	for (size_t t = 0; t < training->n_task && code == NV_OK; t++)
		if (training->task[t].n > NV_STRETCH_ROWS)
			code = order_task(&training->task[t], err);
	return code;
}
