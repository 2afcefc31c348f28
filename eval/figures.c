/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/figures.h"

#include "base/alloc.h"
#include "base/hash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Labels: the model's, then the gold ones that it lacks, by bytes ---- */

static int by_bytes(const void *a, const void *b)
{
	return nv_str_cmp(*(const nv_str *)a, *(const nv_str *)b);
}

/* names[*n]: the distinct unknown labels. Freed by the caller. */
static int unknown_names(const nv_task_predictions *predictions, nv_str **names, size_t *n, nv_error *err)
{
	*n = 0;
	*names = nv_alloc(predictions->n_unknown, sizeof **names);
	if (!*names)
		return nv_fail_memory(err);
	for (size_t i = 0; i < predictions->n_unknown; i++)
		(*names)[i] = predictions->unknown[i].label;
	qsort(*names, predictions->n_unknown, sizeof **names, by_bytes);
	for (size_t i = 0; i < predictions->n_unknown; i++)
		if (i == 0 || !nv_str_eq((*names)[i], (*names)[*n - 1]))
			(*names)[(*n)++] = (*names)[i];
	return NV_OK;
}

static int make_labels(nv_task_figures *figures, const nv_str *unknown, size_t n_unknown, nv_arena *arena,
                       nv_error *err)
{
	figures->n_known = figures->task->n_label;
	figures->n_label = figures->n_known + n_unknown;
	figures->label = nv_arena_alloc(arena, figures->n_label, sizeof *figures->label);
	if (!figures->label)
		return nv_fail_memory(err);
	memset(figures->label, 0, figures->n_label * sizeof *figures->label);
	for (size_t l = 0; l < figures->n_label; l++) {
		nv_label_figures *label = &figures->label[l];
		label->known = l < figures->n_known;
		label->id = label->known ? figures->task->label[l].id : nv_arena_dup(arena, unknown[l - figures->n_known]);
		label->title = label->known ? figures->task->label[l].title : label->id;
		label->average_precision = label->roc_auc = nv_figure_undefined();
		if (!label->id)
			return nv_fail_memory(err);
	}
	return NV_OK;
}

/* ---- Outcomes ---- */

/* Unknown gold labels of article `article` as cells; `at` walks along predictions->unknown, which is in the articles' order. */
static size_t unknown_cells(const nv_task_predictions *predictions, uint32_t article, const nv_str *names,
                            size_t n_name, size_t n_known, size_t *at, nv_cell *cell)
{
	size_t n = 0;
	for (; *at < predictions->n_unknown && predictions->unknown[*at].article == article; ++*at) {
		const nv_str *name = bsearch(&predictions->unknown[*at].label, names, n_name, sizeof *names, by_bytes);
		cell[n++] = NV_CELL(n_known + (size_t)(name - names), true, false);
	}
	return n;
}

static int add_outcomes(nv_outcomes *outcomes, const nv_task_predictions *predictions, const nv_str *names,
                        size_t n_name, nv_error *err)
{
	size_t n_known = predictions->n_label, at = 0;
	nv_cell *cell = nv_alloc(n_known + predictions->n_unknown, sizeof *cell);
	int code = cell ? NV_OK : nv_fail_memory(err);
	for (size_t row = 0; code == NV_OK && row < predictions->n; row++) {
		const uint8_t *gold = predictions->gold + row * n_known, *chosen = predictions->chosen + row * n_known;
		size_t n = 0;
		for (size_t l = 0; l < n_known; l++)
			if (gold[l] || chosen[l])
				cell[n++] = NV_CELL(l, gold[l], chosen[l]);
		n += unknown_cells(predictions, predictions->article[row], names, n_name, n_known, &at, cell + n);
		code = nv_outcomes_add(outcomes, cell, n, err);
	}
	nv_free(cell);
	return code;
}

/* ---- Figures of counts ---- */

static void label_rates(nv_task_figures *figures, const nv_confusion *count)
{
	for (size_t l = 0; l < figures->n_label; l++) {
		nv_label_figures *label = &figures->label[l];
		const nv_confusion *c = &count[l];
		label->count = *c;
		label->precision = nv_proportion(c->tp, c->tp + c->fp);
		label->recall = nv_proportion(c->tp, c->tp + c->fn);
		label->f1 = nv_f1_figure(c->tp, c->fp, c->fn);
	}
}

static nv_figure rate_of(const nv_label_figures *label, nv_rate rate)
{
	return rate == NV_RATE_PRECISION ? label->precision : rate == NV_RATE_RECALL ? label->recall : label->f1;
}

static int macro_rate(const nv_task_figures *figures, nv_rate rate, const uint8_t *part, nv_figure *mean, nv_error *err)
{
	nv_figure *item = nv_alloc(figures->n_label, sizeof *item);
	if (!item)
		return nv_fail_memory(err);
	for (size_t l = 0; l < figures->n_label; l++)
		item[l] = rate_of(&figures->label[l], rate);
	int code = nv_outcomes_macro(&figures->outcomes, figures->outcomes.weight, rate, item, part, mean, err);
	nv_free(item);
	return code;
}

static int averages(nv_task_figures *figures, nv_error *err)
{
	const nv_outcomes *o = &figures->outcomes;
	nv_figure *micro[] = {&figures->micro.precision, &figures->micro.recall, &figures->micro.f1};
	nv_figure *macro[] = {&figures->macro.precision, &figures->macro.recall, &figures->macro.f1};
	for (nv_rate rate = NV_RATE_PRECISION; rate <= NV_RATE_F1; rate++) {
		*micro[rate] = nv_outcomes_rate(o, o->weight, rate, NV_ALL_LABELS);
		int code = macro_rate(figures, rate, NULL, macro[rate], err);
		if (code != NV_OK)
			return code;
	}
	figures->accuracy = nv_proportion(nv_outcomes_exact(o, o->weight), o->n);
	figures->f1_favor_against = nv_figure_undefined();
	if (figures->task->kind != NV_STANCE)
		return NV_OK;
	uint8_t *part = nv_alloc_zero(figures->n_label, 1);
	if (!part)
		return nv_fail_memory(err);
	part[NV_FAVOR] = part[NV_AGAINST] = 1;
	int code = macro_rate(figures, NV_RATE_F1, part, &figures->f1_favor_against, err);
	nv_free(part);
	return code;
}

/* ---- The most frequent answer ---- */

typedef struct nv_answer {
	uint64_t hash; /* of the gold labels */
	uint32_t pattern, weight;
} nv_answer;

static int by_hash(const void *a, const void *b)
{
	const nv_answer *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->pattern < y->pattern ? -1 : x->pattern > y->pattern;
}

static uint64_t gold_hash(const nv_outcomes *o, size_t pattern)
{
	uint64_t hash = 1;
	for (size_t i = o->start[pattern]; i < o->start[pattern + 1]; i++)
		if (NV_CELL_GOLD(o->cell[i]))
			hash = nv_hash_pair(hash, NV_CELL_LABEL(o->cell[i]));
	return hash;
}

static const char *answer_text(const nv_task_figures *figures, size_t pattern, nv_arena *arena)
{
	nv_buf text = NV_BUF_INIT;
	const nv_outcomes *o = &figures->outcomes;
	for (size_t i = o->start[pattern]; i < o->start[pattern + 1]; i++) {
		if (!NV_CELL_GOLD(o->cell[i]))
			continue;
		if (text.len > 0)
			nv_buf_add_char(&text, '|');
		nv_buf_add_str(&text, figures->label[NV_CELL_LABEL(o->cell[i])].id);
	}
	const char *copy = text.failed ? NULL : nv_arena_dup(arena, (nv_str){text.ptr, text.len});
	nv_buf_release(&text);
	return copy;
}

/* Ties go to the answer that appeared first. */
static int find_majority(nv_task_figures *figures, nv_arena *arena, nv_error *err)
{
	const nv_outcomes *o = &figures->outcomes;
	uint64_t best = 0;
	uint32_t best_pattern = 0;
	figures->majority_accuracy = NAN;
	if (o->n == 0)
		return NV_OK;
	nv_answer *answer = nv_alloc(o->n_pattern, sizeof *answer);
	if (!answer)
		return nv_fail_memory(err);
	for (size_t p = 0; p < o->n_pattern; p++)
		answer[p] = (nv_answer){gold_hash(o, p), (uint32_t)p, o->weight[p]};
	qsort(answer, o->n_pattern, sizeof *answer, by_hash);
	for (size_t from = 0, to; from < o->n_pattern; from = to) {
		uint64_t weight = 0;
		for (to = from; to < o->n_pattern && answer[to].hash == answer[from].hash; to++)
			weight += answer[to].weight;
		if (weight > best || (weight == best && answer[from].pattern < best_pattern)) {
			best = weight;
			best_pattern = answer[from].pattern;
		}
	}
	nv_free(answer);
	figures->majority_accuracy = (double)best / (double)o->n;
	figures->majority = answer_text(figures, best_pattern, arena);
	return figures->majority ? NV_OK : nv_fail_memory(err);
}

/* ---- Confusion matrix ---- */

/* Gold and chosen label of a pattern of a task with one answer an article; n_label where there is none. */
static void one_answer(const nv_outcomes *o, size_t pattern, size_t *gold, size_t *chosen)
{
	*gold = *chosen = o->n_label;
	for (size_t i = o->start[pattern]; i < o->start[pattern + 1]; i++) {
		if (NV_CELL_GOLD(o->cell[i]))
			*gold = NV_CELL_LABEL(o->cell[i]);
		if (NV_CELL_CHOSEN(o->cell[i]))
			*chosen = NV_CELL_LABEL(o->cell[i]);
	}
}

static int fill_matrix(nv_task_figures *figures, nv_arena *arena, nv_error *err)
{
	const nv_outcomes *o = &figures->outcomes;
	size_t gold, chosen;
	figures->n_axis = figures->n_label;
	for (size_t p = 0; p < o->n_pattern; p++) {
		one_answer(o, p, &gold, &chosen);
		if (gold == o->n_label || chosen == o->n_label)
			figures->n_axis = figures->n_label + 1;
	}
	size_t n;
	figures->matrix =
		nv_mul_size(figures->n_axis, figures->n_axis, &n) ? nv_arena_alloc(arena, n, sizeof *figures->matrix) : NULL;
	if (!figures->matrix)
		return nv_fail_memory(err);
	memset(figures->matrix, 0, n * sizeof *figures->matrix);
	for (size_t p = 0; p < o->n_pattern; p++) {
		one_answer(o, p, &gold, &chosen);
		figures->matrix[gold * figures->n_axis + chosen] += o->weight[p];
	}
	return NV_OK;
}

static int count_figures(nv_task_figures *figures, nv_arena *arena, nv_error *err)
{
	nv_confusion *count = nv_alloc(figures->n_label, sizeof *count);
	if (!count)
		return nv_fail_memory(err);
	nv_outcomes_count(&figures->outcomes, figures->outcomes.weight, count);
	label_rates(figures, count);
	nv_free(count);
	int code = averages(figures, err);
	if (code == NV_OK)
		code = find_majority(figures, arena, err);
	if (code == NV_OK && figures->task->kind != NV_MULTILABEL)
		code = fill_matrix(figures, arena, err);
	return code;
}

int nv_task_figures_compute(nv_task_figures *figures, const nv_task *task, const nv_task_predictions *predictions,
                            const nv_figure_options *options, nv_arena *arena, nv_ticker *ticker, nv_error *err)
{
	nv_str *names = NULL;
	size_t n_name = 0;
	memset(figures, 0, sizeof *figures);
	figures->task = task;
	figures->n = predictions->n;
	int code = unknown_names(predictions, &names, &n_name, err);
	if (code == NV_OK)
		code = make_labels(figures, names, n_name, arena, err);
	if (code == NV_OK)
		code = nv_outcomes_init(&figures->outcomes, figures->n_label, err);
	if (code == NV_OK)
		code = add_outcomes(&figures->outcomes, predictions, names, n_name, err);
	if (code == NV_OK)
		code = count_figures(figures, arena, err);
	if (code == NV_OK)
		code = nv_task_score_figures(figures, predictions, options, arena, ticker, err);
	nv_free(names);
	return code;
}

void nv_task_figures_release(nv_task_figures *figures)
{
	nv_outcomes_release(&figures->outcomes);
}
