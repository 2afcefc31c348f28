/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows and labels on which two models are compared: the predictions as they are where the labels are the same, else
 * copies without the rest.
 */
#include "base/alloc.h"
#include "eval/compare.h"

#include <string.h>

static bool is_one_of(nv_str label, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (nv_str_is(label, list[i]))
			return true;
	return false;
}

/* Walks the rows of A's predictions and the unknown gold labels of each, which stand in the articles' order. */
typedef struct nv_row_walk {
	const nv_task_comparison *task;
	const nv_task_predictions *from;
	const uint8_t *shared;     /* [from->n_label] */
	size_t unknown, n_unknown; /* of the row: first, and how many */
} nv_row_walk;

static void step(nv_row_walk *walk, size_t row)
{
	const nv_task_predictions *from = walk->from;
	walk->unknown += walk->n_unknown;
	walk->n_unknown = 0;
	while (walk->unknown + walk->n_unknown < from->n_unknown &&
	       from->unknown[walk->unknown + walk->n_unknown].article == from->article[row])
		walk->n_unknown++;
}

/* A gold label that one model alone has: of a task with one answer the article then says nothing of both. */
static bool is_left_out(const nv_row_walk *walk, size_t row)
{
	const uint8_t *gold = walk->from->gold + row * walk->from->n_label;
	if (walk->task->task.kind == NV_MULTILABEL)
		return false;
	for (size_t l = 0; l < walk->from->n_label; l++)
		if (gold[l] && !walk->shared[l])
			return true;
	for (size_t i = 0; i < walk->n_unknown; i++)
		if (is_one_of(walk->from->unknown[walk->unknown + i].label, walk->task->only_b, walk->task->n_only_b))
			return true;
	return false;
}

static bool make_room(nv_arena *arena, nv_task_predictions *to, const nv_task_predictions *from, size_t n_label)
{
	size_t n;
	*to = (nv_task_predictions){.n_label = n_label};
	if (!nv_mul_size(from->n + 1, n_label, &n))
		return false;
	to->article = nv_arena_alloc(arena, from->n + 1, sizeof *to->article);
	to->gold = nv_arena_alloc(arena, n, 1);
	to->chosen = nv_arena_alloc(arena, n, 1);
	to->p = nv_arena_alloc(arena, n, sizeof *to->p);
	to->unknown = nv_arena_alloc(arena, from->n_unknown + 1, sizeof *to->unknown);
	return to->article && to->gold && to->chosen && to->p && to->unknown;
}

static void copy_row(const nv_row_walk *walk, const nv_task_predictions *from, size_t row, nv_task_predictions *to)
{
	const nv_task_comparison *task = walk->task;
	for (size_t l = 0; l < to->n_label; l++) {
		size_t at = row * from->n_label + task->label_of[l], into = to->n * to->n_label + l;
		to->gold[into] = from->gold[at];
		to->chosen[into] = from->chosen[at];
		to->p[into] = from->p[at];
	}
	for (size_t i = 0; i < walk->n_unknown; i++) {
		const nv_unknown_gold *unknown = &walk->from->unknown[walk->unknown + i];
		if (!is_one_of(unknown->label, task->only_b, task->n_only_b))
			to->unknown[to->n_unknown++] = *unknown;
	}
	to->article[to->n++] = from->article[row];
}

static int copy_views(nv_comparison *comparison, nv_task_comparison *task, const nv_task_predictions *a,
                      const nv_task_predictions *b, nv_error *err)
{
	nv_row_walk walk = {.task = task, .from = a};
	uint8_t *shared = nv_alloc_zero(a->n_label, 1);
	if (!shared || !make_room(&comparison->arena, &task->a, a, task->task.n_label) ||
	    !make_room(&comparison->arena, &task->b, b, task->task.n_label)) {
		nv_free(shared);
		return nv_fail_memory(err);
	}
	for (size_t l = 0; l < task->task.n_label; l++)
		shared[task->label_of[l]] = 1;
	walk.shared = shared;
	for (size_t row = 0; row < a->n; row++) {
		step(&walk, row);
		if (is_left_out(&walk, row)) {
			task->n_left_out++;
			continue;
		}
		copy_row(&walk, a, row, &task->a);
		copy_row(&walk, b, row, &task->b);
	}
	nv_free(shared);
	return NV_OK;
}

int nv_compare_views(nv_report *report, nv_task_comparison *task, nv_error *err)
{
	const nv_task_predictions *a = &report->predictions.task[task->place],
							  *b = &report->comparison->other.task[task->place];
	if (task->n_only_a > 0 || task->n_only_b > 0)
		return copy_views(report->comparison, task, a, b, err);
	task->a = *a;
	task->b = *b;
	return NV_OK;
}
