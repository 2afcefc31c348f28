/* SPDX-License-Identifier: Apache-2.0
 *
 * What two models share, and the order in which a comparison is computed.
 */
#include "eval/compare.h"

#include "base/alloc.h"
#include "models/model.h"

#include <math.h>
#include <string.h>

/* ---- What two models share ---- */

static bool same_where(const nv_task *a, const nv_task *b)
{
	if (a->n_where != b->n_where)
		return false;
	for (size_t i = 0; i < a->n_where; i++) {
		size_t j = 0;
		while (j < b->n_where &&
		       (strcmp(a->where[i].field, b->where[j].field) != 0 || strcmp(a->where[i].value, b->where[j].value) != 0))
			j++;
		if (j == b->n_where)
			return false;
	}
	return true;
}

static size_t count_shared(const nv_task *a, const nv_task *b)
{
	size_t n = 0;
	for (size_t l = 0; l < a->n_label; l++)
		n += nv_task_find_label(b, nv_str_of(a->label[l].id)) < b->n_label;
	return n;
}

static bool is_trained(nv_compared_model model, size_t task)
{
	return !model.trained || model.trained[task].trained;
}

/* Why task t of A is not compared; NULL: it is. */
static const char *unshared_reason(nv_compared_model a, nv_compared_model b, size_t t)
{
	const nv_task *task = &a.schema->task[t];
	size_t u = nv_schema_find_task(b.schema, task->name);
	if (u == b.schema->n_task)
		return "B lacks it";
	const nv_task *other = &b.schema->task[u];
	if (task->kind != other->kind)
		return "it is of another kind in B";
	if (strcmp(task->field, other->field) != 0)
		return "B reads another field";
	if (!same_where(task, other))
		return "B takes it for other articles (where)";
	if (!is_trained(a, t))
		return "A had no article to learn it from";
	if (!is_trained(b, u))
		return "B had no article to learn it from";
	return count_shared(task, other) == 0 ? "no label in common" : NULL;
}

/* The labels that `of` has and `beside` lacks, copied. */
static const char **labels_beyond(nv_arena *arena, const nv_task *of, const nv_task *beside, size_t *n)
{
	const char **label = nv_arena_alloc(arena, of->n_label + 1, sizeof *label);
	*n = 0;
	for (size_t l = 0; label && l < of->n_label; l++) {
		if (nv_task_find_label(beside, nv_str_of(of->label[l].id)) < beside->n_label)
			continue;
		label[*n] = nv_arena_dup(arena, nv_str_of(of->label[l].id));
		if (!label[(*n)++])
			return NULL;
	}
	return label;
}

/* The labels point into the report's schema. */
static bool share_labels(nv_arena *arena, nv_task_comparison *task, const nv_task *a, const nv_task *b)
{
	nv_label *label = nv_arena_alloc(arena, a->n_label + 1, sizeof *label);
	uint32_t *label_of = nv_arena_alloc(arena, a->n_label + 1, sizeof *label_of);
	task->task = *a;
	task->task.label = label;
	task->task.n_label = 0;
	task->label_of = label_of;
	for (size_t l = 0; label && label_of && l < a->n_label; l++) {
		if (nv_task_find_label(b, nv_str_of(a->label[l].id)) == b->n_label)
			continue;
		label_of[task->task.n_label] = (uint32_t)l;
		label[task->task.n_label++] = a->label[l];
	}
	task->only_a = labels_beyond(arena, a, b, &task->n_only_a);
	task->only_b = labels_beyond(arena, b, a, &task->n_only_b);
	return label && label_of && task->only_a && task->only_b;
}

static bool add_unshared(nv_comparison *comparison, const char *name, const char *reason)
{
	const char *copy = nv_arena_dup(&comparison->arena, nv_str_of(name));
	comparison->unshared[comparison->n_unshared++] = (nv_unshared_task){copy, reason};
	return copy != NULL;
}

static int share_tasks(nv_report *report, nv_compared_model a, nv_compared_model b, nv_error *err)
{
	nv_comparison *comparison = report->comparison;
	size_t n_task = a.schema->n_task;
	comparison->task = nv_arena_alloc(&comparison->arena, n_task, sizeof *comparison->task);
	comparison->unshared = nv_arena_alloc(&comparison->arena, n_task + b.schema->n_task, sizeof *comparison->unshared);
	bool ok = comparison->task && comparison->unshared;
	for (size_t t = 0; ok && t < n_task; t++) {
		const char *reason = unshared_reason(a, b, t);
		if (reason) {
			ok = add_unshared(comparison, a.schema->task[t].name, reason);
			continue;
		}
		nv_task_comparison *task = &comparison->task[comparison->n_task++];
		size_t u = nv_schema_find_task(b.schema, a.schema->task[t].name);
		memset(task, 0, sizeof *task);
		task->place = t;
		ok = share_labels(&comparison->arena, task, &report->schema->task[t], &b.schema->task[u]);
	}
	for (size_t u = 0; ok && u < b.schema->n_task; u++)
		if (nv_schema_find_task(a.schema, b.schema->task[u].name) == n_task)
			ok = add_unshared(comparison, b.schema->task[u].name, "A lacks it");
	return ok ? NV_OK : nv_fail_memory(err);
}

/* "topics (B lacks it), label (A lacks it)" */
static int fail_unshared(const nv_comparison *comparison, nv_error *err)
{
	nv_buf list = NV_BUF_INIT;
	for (size_t i = 0; i < comparison->n_unshared; i++)
		nv_buf_addf(&list, "%s%s (%s)", i > 0 ? ", " : "", comparison->unshared[i].name,
		            comparison->unshared[i].reason);
	int code = list.failed
	               ? nv_fail_memory(err)
	               : nv_fail(err, NV_E_MODEL, "the two models share no task, so there is nothing to compare: %s",
	                         nv_buf_cstr(&list));
	nv_buf_release(&list);
	return code;
}

/* ---- Life ---- */

int nv_comparison_begin(nv_report *report, nv_compared_model a, nv_compared_model b, nv_error *err)
{
	nv_comparison *comparison = nv_alloc_zero(1, sizeof *comparison);
	if (!comparison)
		return nv_fail_memory(err);
	nv_arena_init(&comparison->arena);
	comparison->pooled_f1_favor_against = nv_difference_plain(NAN, NAN);
	report->comparison = comparison;
	int code = nv_predictions_init(&comparison->other, report->schema, err);
	if (code == NV_OK)
		code = share_tasks(report, a, b, err);
	if (code == NV_OK && comparison->n_task == 0)
		code = fail_unshared(comparison, err);
	return code;
}

void nv_comparison_free(nv_comparison *comparison)
{
	if (!comparison)
		return;
	for (size_t i = 0; comparison->own_figures && i < 2 * comparison->n_task; i++)
		nv_task_figures_release(&comparison->own_figures[i]);
	if (comparison->other.schema)
		nv_predictions_release(&comparison->other);
	nv_arena_release(&comparison->arena);
	nv_free(comparison);
}

/* ---- Figures of each model: those that A's report has serve where it is on the same rows and labels ---- */

static int own_figures(nv_report *report, size_t t, nv_error *err)
{
	nv_comparison *comparison = report->comparison;
	nv_task_comparison *task = &comparison->task[t];
	const nv_figure_options plain = {.bins = (size_t)report->options.bins, .n_thread = 1};
	bool same = task->a.gold == report->predictions.task[task->place].gold;
	nv_task_figures *a = &comparison->own_figures[2 * t], *b = a + 1;
	int code = nv_task_figures_compute(b, &task->task, &task->b, &plain, &comparison->arena, NULL, err);
	task->figures_a = &report->task[task->place];
	task->figures_b = b;
	if (code == NV_OK && !same) {
		code = nv_task_figures_compute(a, &task->task, &task->a, &plain, &comparison->arena, NULL, err);
		task->figures_a = a;
	}
	return code;
}

/* All undefined, until computed. */
static int make_labels(nv_comparison *comparison, nv_task_comparison *task, nv_error *err)
{
	const nv_difference none = nv_difference_plain(NAN, NAN);
	task->n_label = task->figures_a->n_label;
	task->label = nv_arena_alloc(&comparison->arena, task->n_label + 1, sizeof *task->label);
	if (!task->label)
		return nv_fail_memory(err);
	for (size_t l = 0; l < task->n_label; l++)
		task->label[l] = (nv_label_comparison){.figures = &task->figures_a->label[l],
		                                       .precision = none,
		                                       .recall = none,
		                                       .f1 = none,
		                                       .average_precision = none,
		                                       .roc_auc = none};
	task->accuracy = task->micro_f1 = task->macro_f1 = task->macro_average_precision = none;
	task->log_loss = task->f1_favor_against = none;
	return NV_OK;
}

static int compare_task(nv_report *report, size_t t, nv_ticker *ticker, nv_error *err)
{
	nv_task_comparison *task = &report->comparison->task[t];
	int code = nv_compare_views(report, task, err);
	if (code == NV_OK)
		code = own_figures(report, t, err);
	if (code == NV_OK)
		code = make_labels(report->comparison, task, err);
	if (code == NV_OK && task->a.n > 0)
		code = nv_compare_counts(report, task, ticker, err);
	if (code == NV_OK && task->a.n > 0)
		code = nv_compare_ranks(report, task, ticker, err);
	return code == NV_OK ? nv_compare_articles(report, task, err) : code;
}

int nv_comparison_compute(nv_report *report, nv_ticker *ticker, nv_error *err)
{
	nv_comparison *comparison = report->comparison;
	size_t n = 2 * comparison->n_task;
	comparison->own_figures = nv_arena_alloc(&comparison->arena, n, sizeof *comparison->own_figures);
	if (!comparison->own_figures)
		return nv_fail_memory(err);
	memset(comparison->own_figures, 0, n * sizeof *comparison->own_figures);
	int code = NV_OK;
	for (size_t t = 0; code == NV_OK && t < comparison->n_task; t++)
		code = compare_task(report, t, ticker, err);
	if (code == NV_OK)
		code = nv_compare_pooled(report, ticker, err);
	if (code == NV_OK)
		code = nv_compare_trainings(report, err);
	if (code == NV_OK)
		code = nv_compare_conclude(report, err);
	return code;
}
