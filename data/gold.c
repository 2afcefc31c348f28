/* SPDX-License-Identifier: Apache-2.0
 *
 * What articles say for a task (nv_gold, schema.h), when labels are known and while training collects them.
 */
#include "base/str.h"
#include "data/article.h"
#include "data/label_set.h"
#include "data/schema.h"
#include "data/utf8.h"

#include <string.h>

enum { NV_LABELS_NAMED = 8 }; /* in a message */

static const char *what_is_expected(nv_task_kind kind)
{
	switch (kind) {
	case NV_MULTILABEL:
		return "an array of strings";
	case NV_STANCE:
		return "\"favor\", \"against\" or \"none\"";
	default:
		return "a string";
	}
}

static int wrong_kind(const nv_task *task, const nv_article *article, nv_error *err)
{
	return nv_fail_at(err, NV_E_RECORD, article->path, article->line, 0, "field \"%s\": expected %s", task->field,
	                  what_is_expected(task->kind));
}

/* NULL, or why the text has no place in a schema, a model or a table. */
static const char *not_a_label(const nv_task *task, nv_str value)
{
	if (value.len == 0 || memchr(value.ptr, '\0', value.len))
		return "an empty label, or one with a NUL character";
	if (task->kind == NV_MULTILABEL && memchr(value.ptr, '|', value.len))
		return "a label with |, which joins labels in CSV and TSV";
	return NULL;
}

/* The field that labels the article for the task; *field is NULL where it is unlabelled. */
static int find_field(const nv_task *task, const nv_article *article, const nv_field **field, nv_error *err)
{
	*field = NULL;
	if (!nv_task_applies(task, article))
		return NV_OK;
	const nv_field *f = nv_article_field(article, task->field);
	if (!f || f->kind == NV_FIELD_MISSING)
		return NV_OK;
	if (f->kind == NV_FIELD_OTHER || (f->kind == NV_FIELD_LIST && task->kind != NV_MULTILABEL))
		return wrong_kind(task, article, err);
	for (size_t i = 0; i < f->n_value; i++) {
		const char *reason = not_a_label(task, f->value[i]);
		if (reason)
			return nv_fail_at(err, NV_E_RECORD, article->path, article->line, 0, "field \"%s\": %s", task->field,
			                  reason);
	}
	*field = f;
	return NV_OK;
}

/* Keeps the list sorted, each label once. */
static int add_label(nv_gold *gold, uint32_t label, size_t capacity, nv_error *err)
{
	size_t at = gold->n_label;
	while (at > 0 && gold->label[at - 1] >= label)
		at--;
	if (at < gold->n_label && gold->label[at] == label)
		return NV_OK;
	if (gold->n_label == capacity)
		return nv_fail(err, NV_E_RECORD, "more than %zu labels", capacity);
	memmove(gold->label + at + 1, gold->label + at, (gold->n_label - at) * sizeof *gold->label);
	gold->label[at] = label;
	gold->n_label++;
	return NV_OK;
}

static void clear(nv_gold *gold)
{
	gold->labelled = false;
	gold->n_label = gold->n_unknown = 0;
	gold->unknown = NULL;
}

int nv_gold_read(const nv_schema *schema, size_t task, const nv_article *article, nv_gold *gold, size_t capacity,
                 nv_error *err)
{
	const nv_task *t = &schema->task[task];
	const nv_field *field;
	clear(gold);
	int code = find_field(t, article, &field, err);
	if (code || !field)
		return code;
	gold->labelled = true;
	for (size_t i = 0; code == NV_OK && i < field->n_value; i++) {
		size_t label = nv_task_find_label(t, field->value[i]);
		if (label < t->n_label) {
			code = add_label(gold, (uint32_t)label, capacity, err);
			continue;
		}
		if (gold->n_unknown++ == 0)
			gold->unknown = &field->value[i];
	}
	return code;
}

/* ---- Collecting ---- */

static int unknown_label(const nv_task *task, const nv_article *article, nv_str label, nv_error *err)
{
	nv_buf known = NV_BUF_INIT;
	for (size_t i = 0; i < task->n_label && i < NV_LABELS_NAMED; i++)
		nv_buf_addf(&known, "%s%s", i ? ", " : "", task->label[i].id);
	if (task->n_label > NV_LABELS_NAMED)
		nv_buf_add_str(&known, ", …");
	nv_fail_at(err, NV_E_RECORD, article->path, article->line, 0,
	           "field \"%s\": \"%.*s\" is not a label of task \"%s\"; its labels are %s", task->field,
	           (int)(label.len < 100 ? label.len : 100), label.ptr, task->name, nv_buf_cstr(&known));
	nv_buf_release(&known);
	return NV_E_RECORD;
}

/* Two labels that differ in such bytes alone would be one when written. */
static int not_utf8(const nv_task *task, const nv_article *article, nv_error *err)
{
	return nv_fail_at(err, NV_E_RECORD, article->path, article->line, 0, "field \"%s\": a label that is not UTF-8",
	                  task->field);
}

static int collect_label(nv_schema *schema, size_t task, nv_str id, uint32_t *label, nv_error *err)
{
	if (!schema->collected)
		schema->collected = nv_label_sets_new(schema->n_task);
	*label = schema->collected ? nv_label_set_add(&schema->collected[task], &schema->arena, id) : UINT32_MAX;
	return *label == UINT32_MAX ? nv_fail_memory(err) : NV_OK;
}

int nv_gold_check(const nv_schema *schema, const nv_article *article, nv_error *err)
{
	int code = NV_OK;
	for (size_t t = 0; code == NV_OK && t < schema->n_task; t++) {
		const nv_task *task = &schema->task[t];
		const nv_field *field;
		code = find_field(task, article, &field, err);
		for (size_t i = 0; code == NV_OK && field && task->labels_given && i < field->n_value; i++)
			if (nv_task_find_label(task, field->value[i]) >= task->n_label)
				code = unknown_label(task, article, field->value[i], err);
	}
	return code;
}

int nv_schema_collect(nv_schema *schema, size_t task, const nv_article *article, nv_gold *gold, size_t capacity,
                      nv_error *err)
{
	const nv_task *t = &schema->task[task];
	const nv_field *field;
	if (t->labels_given) {
		int code = nv_gold_read(schema, task, article, gold, capacity, err);
		return code == NV_OK && gold->unknown ? unknown_label(t, article, *gold->unknown, err) : code;
	}
	clear(gold);
	int code = find_field(t, article, &field, err);
	if (code || !field)
		return code;
	gold->labelled = true;
	for (size_t i = 0; code == NV_OK && i < field->n_value; i++) {
		uint32_t label;
		if (nv_utf8_ill_formed(field->value[i]) > 0)
			return not_utf8(t, article, err);
		code = collect_label(schema, task, field->value[i], &label, err);
		if (code == NV_OK)
			code = add_label(gold, label, capacity, err);
	}
	return code;
}

static bool freeze_given(const nv_task *task, uint32_t *place)
{
	for (size_t i = 0; i < task->n_label; i++)
		place[i] = (uint32_t)i;
	return true;
}

static bool freeze_task(nv_schema *schema, nv_task *task, const nv_label_set *set, const uint32_t **place)
{
	size_t n = task->labels_given ? task->n_label : set ? set->n : 0;
	uint32_t *p = nv_arena_alloc(&schema->arena, n, sizeof *p);
	*place = p;
	if (!p)
		return false;
	if (task->labels_given)
		return freeze_given(task, p);
	task->label = nv_arena_alloc(&schema->arena, n, sizeof *task->label);
	if (!task->label || (set && !nv_label_set_sort(set, task->label, p)))
		return false;
	task->n_label = n;
	task->labels_given = true;
	return true;
}

int nv_schema_freeze(nv_schema *schema, const uint32_t **place, nv_error *err)
{
	for (size_t i = 0; i < schema->n_task; i++) {
		const nv_label_set *set = schema->collected ? &schema->collected[i] : NULL;
		if (!freeze_task(schema, &schema->task[i], set, &place[i]))
			return nv_fail_memory(err);
	}
	nv_label_sets_free(schema->collected, schema->n_task);
	schema->collected = NULL;
	return NV_OK;
}
