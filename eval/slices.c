/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/slices.h"

#include "base/alloc.h"
#include "data/date.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static nv_str year_of(nv_str date)
{
	return nv_is_date(date) ? (nv_str){date.ptr, 4} : (nv_str){NULL, 0};
}

/* ---- Naming: each article's key, sorted, cut into runs ---- */

typedef struct nv_keyed {
	nv_str key;
	uint32_t article;
} nv_keyed;

static int by_key(const void *a, const void *b)
{
	const nv_keyed *x = a, *y = b;
	int order = nv_str_cmp(x->key, y->key);
	return order ? order : x->article < y->article ? -1 : x->article > y->article;
}

static nv_str key_of(const nv_judged_article *article, nv_slice_by by)
{
	nv_str key = by == NV_SLICE_YEAR ? year_of(article->date) : article->source;
	return key.len > 0 ? key : nv_str_of("unknown");
}

typedef struct nv_run {
	nv_str name;
	size_t from, n; /* in the sorted keys */
	nv_slice_by by;
} nv_run;

static bool is_last(nv_str name)
{
	return nv_str_is(name, "unknown");
}

static int by_place(const void *a, const void *b)
{
	const nv_run *x = a, *y = b;
	if (is_last(x->name) != is_last(y->name))
		return is_last(x->name) ? 1 : -1;
	if (x->by == NV_SLICE_SOURCE && x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return nv_str_cmp(x->name, y->name);
}

static size_t cut_runs(const nv_keyed *keyed, size_t n, nv_slice_by by, nv_run *run)
{
	size_t n_run = 0;
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || !nv_str_eq(keyed[i].key, keyed[i - 1].key))
			run[n_run++] = (nv_run){keyed[i].key, i, 0, by};
		run[n_run - 1].n++;
	}
	return n_run;
}

static bool is_small(const nv_run *run)
{
	return run->n < NV_SMALLEST_SLICE || nv_str_is(run->name, "other");
}

/* Slices from runs: the large ones in their order, then the rest as one. */
static int name_slices(nv_slices *slices, const nv_keyed *keyed, const nv_run *run, size_t n_run, nv_arena *arena,
                       nv_error *err)
{
	slices->slice = nv_arena_alloc(arena, n_run + 1, sizeof *slices->slice);
	if (!slices->slice)
		return nv_fail_memory(err);
	nv_slice other = {"other", 0, NULL};
	for (size_t r = 0; r < n_run; r++) {
		if (is_small(&run[r]))
			continue;
		nv_slice large = {nv_arena_dup(arena, run[r].name), run[r].n, NULL};
		if (!large.name)
			return nv_fail_memory(err);
		slices->slice[slices->n++] = large;
	}
	for (size_t r = 0, large = 0; r < n_run; r++) {
		bool small = is_small(&run[r]);
		for (size_t i = run[r].from; i < run[r].from + run[r].n; i++)
			slices->of[keyed[i].article] = (uint32_t)(small ? slices->n : large);
		large += small ? 0 : 1;
		slices->n_merged += small ? 1 : 0;
		other.n += small ? run[r].n : 0;
	}
	if (other.n > 0)
		slices->slice[slices->n++] = other;
	return NV_OK;
}

static int assign(nv_slices *slices, nv_slice_by by, const nv_predictions *predictions, nv_arena *arena, nv_error *err)
{
	size_t n = predictions->n;
	nv_keyed *keyed = nv_alloc(n, sizeof *keyed);
	nv_run *run = nv_alloc(n, sizeof *run);
	slices->of = nv_arena_alloc(arena, n + 1, sizeof *slices->of);
	int code = keyed && run && slices->of ? NV_OK : nv_fail_memory(err);
	if (code == NV_OK) {
		for (size_t i = 0; i < n; i++)
			keyed[i] = (nv_keyed){key_of(&predictions->article[i], by), (uint32_t)i};
		qsort(keyed, n, sizeof *keyed, by_key);
		size_t n_run = cut_runs(keyed, n, by, run);
		qsort(run, n_run, sizeof *run, by_place);
		code = name_slices(slices, keyed, run, n_run, arena, err);
	}
	nv_free(run);
	nv_free(keyed);
	return code;
}

/* ---- Figures: the task's patterns, weighed by the slice's articles ---- */

static int macro_f1(const nv_task_figures *figures, const uint32_t *weight, const nv_figure *f1, const uint8_t *part,
                    nv_figure *mean, nv_error *err)
{
	return nv_outcomes_macro(&figures->outcomes, weight, NV_RATE_F1, f1, part, mean, err);
}

static int slice_figures(nv_slice_task *task, const nv_task_figures *figures, const uint32_t *weight,
                         nv_confusion *count, nv_figure *f1, uint8_t *part, nv_error *err)
{
	const nv_outcomes *o = &figures->outcomes;
	task->n = nv_outcomes_total(o, weight);
	task->accuracy = nv_proportion(nv_outcomes_exact(o, weight), task->n);
	task->micro_f1 = nv_outcomes_rate(o, weight, NV_RATE_F1, NV_ALL_LABELS);
	task->f1_favor_against = nv_figure_undefined();
	nv_outcomes_count(o, weight, count);
	for (size_t l = 0; l < o->n_label; l++) {
		f1[l] = nv_f1_figure(count[l].tp, count[l].fp, count[l].fn);
		part[l] = l == NV_FAVOR || l == NV_AGAINST;
	}
	int code = macro_f1(figures, weight, f1, NULL, &task->macro_f1, err);
	if (code == NV_OK && figures->task->kind == NV_STANCE)
		code = macro_f1(figures, weight, f1, part, &task->f1_favor_against, err);
	return code;
}

/* weight[n_slice][n_pattern] of one task. */
static void weigh(const nv_slices *slices, const nv_task_predictions *predictions, const nv_outcomes *outcomes,
                  uint32_t *weight)
{
	for (size_t row = 0; row < predictions->n; row++)
		weight[slices->of[predictions->article[row]] * outcomes->n_pattern + outcomes->pattern[row]]++;
}

static int task_slices(nv_slices *slices, size_t t, const nv_task_predictions *predictions,
                       const nv_task_figures *figures, nv_error *err)
{
	const nv_outcomes *o = &figures->outcomes;
	size_t n = 0;
	uint32_t *weight = nv_mul_size(slices->n, o->n_pattern, &n) ? nv_alloc_zero(n, sizeof *weight) : NULL;
	nv_confusion *count = nv_alloc(o->n_label, sizeof *count);
	nv_figure *f1 = nv_alloc(o->n_label, sizeof *f1);
	uint8_t *part = nv_alloc(o->n_label, 1);
	int code = weight && count && f1 && part ? NV_OK : nv_fail_memory(err);
	if (code == NV_OK)
		weigh(slices, predictions, o, weight);
	for (size_t s = 0; code == NV_OK && s < slices->n; s++)
		code = slice_figures(&slices->slice[s].task[t], figures, weight + s * o->n_pattern, count, f1, part, err);
	nv_free(part);
	nv_free(f1);
	nv_free(count);
	nv_free(weight);
	return code;
}

int nv_slices_compute(nv_slices *slices, nv_slice_by by, const nv_predictions *predictions,
                      const nv_task_figures *figures, nv_arena *arena, nv_error *err)
{
	size_t n_task = predictions->schema->n_task;
	memset(slices, 0, sizeof *slices);
	int code = assign(slices, by, predictions, arena, err);
	for (size_t s = 0; code == NV_OK && s < slices->n; s++) {
		slices->slice[s].task = nv_arena_alloc(arena, n_task, sizeof *slices->slice[s].task);
		code = slices->slice[s].task ? NV_OK : nv_fail_memory(err);
	}
	for (size_t t = 0; code == NV_OK && t < n_task; t++)
		code = task_slices(slices, t, &predictions->task[t], &figures[t], err);
	return code;
}
