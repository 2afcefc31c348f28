/* SPDX-License-Identifier: Apache-2.0
 *
 * From the labels as they came to tables: which rows a task has, and 0 or 1 for each label. Labels of no article are left out
 * of the model, since nothing is known of them; a stance keeps its three labels, which mean something by their places.
 */
#include "train/training.h"

#include "base/alloc.h"
#include "base/numeric.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void nv_note(const nv_training *training, const char *format, ...)
{
	char text[NV_ERROR_TEXT];
	va_list args;
	if (!training->notes || !training->notes->note)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	nv_make_printable(text);
	training->notes->note(training->notes->user, text);
}

static const uint32_t *labels_of(const nv_gold_list *gold, size_t row, size_t *n)
{
	size_t start = row > 0 ? gold->end[row - 1] : 0;
	*n = gold->end[row] - start;
	return gold->label + start;
}

/* ---- Labels ---- */

/* Articles of each final label, before any is left out; place: provisional -> final. */
static void count_labels(const nv_training *training, size_t t, const uint32_t *place, uint64_t *count)
{
	const nv_gold_list *gold = &training->trainer->gold[t];
	for (size_t row = 0; row < training->n_row; row++) {
		size_t n;
		const uint32_t *label = labels_of(gold, row, &n);
		for (size_t i = 0; i < n; i++)
			count[place[label[i]]]++;
	}
}

enum { NOTED_LABELS = 20 }; /* a schema may list very many */

static void note_labels(const nv_training *training, const nv_task *task, const uint64_t *count)
{
	size_t n = 0;
	for (size_t l = 0; l < task->n_label; l++)
		if (count[l] == 0 && n++ < NOTED_LABELS)
			nv_note(training, "task %s: no article has the label %s; %s", task->name, task->label[l].id,
			        task->kind == NV_STANCE ? "it is never given" : "the model leaves it out");
	if (n > NOTED_LABELS)
		nv_note(training, "task %s: the same of %zu more labels", task->name, n - NOTED_LABELS);
}

/* Drops labels without articles from the schema; kept[old] is the new index, or UINT32_MAX. */
static void drop_labels(nv_task *task, uint64_t *count, uint32_t *kept)
{
	uint32_t n = 0;
	for (size_t l = 0; l < task->n_label; l++) {
		bool keep = count[l] > 0 || task->kind == NV_STANCE;
		kept[l] = keep ? n : UINT32_MAX;
		if (!keep)
			continue;
		task->label[n] = task->label[l];
		count[n++] = count[l];
	}
	task->n_label = n;
}

/* ---- Rows ---- */

static int list_rows(nv_training *training, size_t t, nv_error *err)
{
	const uint8_t *labelled = training->trainer->gold[t].labelled;
	nv_training_task *task = &training->task[t];
	for (size_t row = 0; row < training->n_row; row++)
		task->n += labelled[row];
	task->row = nv_alloc(task->n, sizeof *task->row);
	if (!task->row)
		return nv_fail_memory(err);
	size_t n = 0;
	for (size_t row = 0; row < training->n_row; row++)
		if (labelled[row])
			task->row[n++] = (uint32_t)row;
	return NV_OK;
}

int nv_training_room(const nv_training *training, double bytes, nv_error *err)
{
	double there = (double)nv_memory_limit(), labels = 0;
	for (size_t t = 0; t < training->n_task; t++)
		labels += (double)training->task[t].n_label;
	if (bytes <= there)
		return NV_OK;
	return nv_fail(err, NV_E_MEMORY,
	               "training on %zu articles and %.0f labels would take %.1f GB of memory, and there are %.1f GB: take "
	               "fewer labels or articles",
	               training->n_row, labels, bytes / 1e9, there / 1e9);
}

/* Gold in a byte, by row and again in order, and margins out of fold, before they are asked for. */
static int count_cells(nv_training *training, const nv_training_task *task, nv_error *err)
{
	bool calibrates = training->trainer->options.calibrate != NV_CALIBRATE_OFF;
	double cells = (double)training->n_row * (double)task->n_label;
	training->cell_bytes += cells * (calibrates ? 2 + sizeof *task->margin : 1);
	return nv_training_room(training, training->cell_bytes, err);
}

static int fill_gold(nv_training *training, size_t t, const uint32_t *place, const uint32_t *kept, nv_error *err)
{
	nv_training_task *task = &training->task[t];
	size_t size;
	if (!nv_mul_size(training->n_row, task->n_label, &size) || !(task->gold = nv_alloc_zero(size, 1)))
		return nv_fail_memory(err);
	for (size_t i = 0; i < task->n; i++) {
		size_t n;
		const uint32_t *label = labels_of(&training->trainer->gold[t], task->row[i], &n);
		for (size_t k = 0; k < n; k++)
			task->gold[task->row[i] * task->n_label + kept[place[label[k]]]] = 1;
	}
	return NV_OK;
}

/* (n / (2 n_side))^balance, by our own logarithm. */
static double side_weight(double n, double side, double balance)
{
	return side > 0 && balance > 0 ? nv_exp(balance * nv_log(n / (2 * side))) : 1;
}

static int fill_weights(nv_training_task *task, nv_error *err)
{
	double n = (double)task->n;
	task->weight = nv_alloc(2 * task->n_label, sizeof *task->weight);
	if (!task->weight)
		return nv_fail_memory(err);
	for (size_t l = 0; l < task->n_label; l++) {
		double positive = (double)task->count[l];
		task->weight[2 * l] = side_weight(n, n - positive, task->recipe.balance);
		task->weight[2 * l + 1] = side_weight(n, positive, task->recipe.balance);
	}
	return NV_OK;
}

static int prepare_task(nv_training *training, size_t t, const uint32_t *place, nv_error *err)
{
	nv_task *schema_task = &training->trainer->schema->task[t];
	nv_training_task *task = &training->task[t];
	task->task = schema_task;
	task->count = nv_alloc_zero(schema_task->n_label, sizeof *task->count);
	uint32_t *kept = nv_alloc(schema_task->n_label, sizeof *kept);
	int code = task->count && kept ? list_rows(training, t, err) : nv_fail_memory(err);
	if (code == NV_OK) {
		count_labels(training, t, place, task->count);
		if (task->n == 0) {
			nv_note(training, "task %s: no article is labelled; it is not trained", schema_task->name);
			for (size_t l = 0; l < schema_task->n_label; l++)
				kept[l] = (uint32_t)l;
		} else {
			note_labels(training, schema_task, task->count);
			drop_labels(schema_task, task->count, kept);
		}
		task->n_label = schema_task->n_label;
		task->recipe = nv_recipe_of(&training->trainer->task_options[t], schema_task->kind, task->n_label);
		code = count_cells(training, task, err);
		if (code == NV_OK)
			code = fill_gold(training, t, place, kept, err);
	}
	nv_free(kept);
	return code == NV_OK ? fill_weights(task, err) : code;
}

int nv_training_tasks(nv_training *training, nv_error *err)
{
	nv_schema *schema = training->trainer->schema;
	size_t n_labelled = 0;
	const uint32_t **place = nv_alloc_zero(schema->n_task, sizeof *place);
	training->n_task = schema->n_task;
	training->task = nv_alloc_zero(schema->n_task, sizeof *training->task);
	int code = place && training->task ? nv_schema_freeze(schema, place, err) : nv_fail_memory(err);
	for (size_t t = 0; t < schema->n_task && code == NV_OK; t++) {
		code = prepare_task(training, t, place[t], err);
		training->task[t].first_score = training->n_score;
		training->n_score += training->task[t].n_label;
		n_labelled += training->task[t].n;
	}
	nv_free(place);
	if (code == NV_OK && n_labelled == 0)
		return nv_fail(err, NV_E_SCHEMA, "no article has a label for any task of the schema (first field: \"%s\")",
		               schema->task[0].field);
	training->stride = nv_model_stride((uint32_t)training->n_score);
	return code;
}
