/* SPDX-License-Identifier: Apache-2.0 */
#include "data/schema.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "data/article.h"
#include "data/default_schema.h"
#include "data/label_set.h"
#include "data/utf8.h"

#include <string.h>

#define LARGEST_SCHEMA ((size_t)64 << 20)

/* What the JSON reader tells of a schema's text is a fault of the schema. */
static int as_schema_fault(int code, nv_error *err)
{
	if (code != NV_E_INPUT)
		return code;
	if (err && err->code == NV_E_INPUT)
		err->code = NV_E_SCHEMA;
	return NV_E_SCHEMA;
}

int nv_schema_parse(nv_schema **schema, nv_str json, const char *name_in_messages, nv_error *err)
{
	nv_json *root = NULL;
	if (nv_utf8_ill_formed(json) > 0) /* two names that differ in such bytes alone would be one when written */
		return nv_fail_at(err, NV_E_SCHEMA, name_in_messages, 0, 0, "not UTF-8");
	int code = as_schema_fault(nv_json_parse(&root, json, name_in_messages, err), err);
	if (code == NV_OK)
		code = nv_schema_from_json(schema, root, name_in_messages, err);
	nv_json_free(root);
	return code;
}

int nv_schema_open(nv_schema **schema, const char *path, nv_error *err)
{
	nv_buf text = NV_BUF_INIT;
	int code = nv_file_read(path, LARGEST_SCHEMA, &text, err);
	if (code == NV_OK) {
		nv_str json = {text.ptr, text.len};
		if (json.len >= 3 && memcmp(json.ptr, "\xEF\xBB\xBF", 3) == 0)
			json = (nv_str){json.ptr + 3, json.len - 3};
		code = nv_schema_parse(schema, json, path, err);
	}
	nv_buf_release(&text);
	return code;
}

int nv_schema_default(nv_schema **schema, nv_error *err)
{
	nv_str json = {(const char *)nv_default_schema, nv_default_schema_len};
	return nv_schema_parse(schema, json, "the built-in schema", err);
}

void nv_schema_free(nv_schema *schema)
{
	if (!schema)
		return;
	nv_label_sets_free(schema->collected, schema->n_task);
	nv_arena_release(&schema->arena);
	nv_free(schema);
}

/* ---- Copying ---- */

static bool copy_text(nv_arena *arena, const char **text)
{
	*text = nv_arena_dup(arena, nv_str_of(*text));
	return *text != NULL;
}

static bool copy_labels(nv_arena *arena, nv_task *task)
{
	nv_label *label = nv_arena_alloc(arena, task->n_label, sizeof *label);
	bool ok = label != NULL;
	for (size_t i = 0; ok && i < task->n_label; i++) {
		label[i] = task->label[i];
		ok = copy_text(arena, &label[i].id) && copy_text(arena, &label[i].title);
	}
	task->label = label;
	return ok;
}

static bool copy_where(nv_arena *arena, nv_task *task)
{
	nv_where *where = nv_arena_alloc(arena, task->n_where, sizeof *where);
	bool ok = where != NULL;
	for (size_t i = 0; ok && i < task->n_where; i++) {
		where[i] = task->where[i];
		ok = copy_text(arena, &where[i].field) && copy_text(arena, &where[i].value);
	}
	task->where = where;
	return ok;
}

static bool copy_about(nv_arena *arena, nv_task *task)
{
	const char **about = nv_arena_alloc(arena, task->n_about, sizeof *about);
	bool ok = about != NULL;
	for (size_t i = 0; ok && i < task->n_about; i++) {
		about[i] = task->about[i];
		ok = copy_text(arena, &about[i]);
	}
	task->about = about;
	return ok;
}

static bool copy_task(nv_arena *arena, nv_task *task)
{
	return copy_text(arena, &task->name) && copy_text(arena, &task->title) && copy_text(arena, &task->field) &&
	       copy_labels(arena, task) && copy_where(arena, task) && copy_about(arena, task);
}

static bool copy_tasks(nv_schema *schema)
{
	nv_task *task = nv_arena_alloc(&schema->arena, schema->n_task, sizeof *task);
	bool ok = task != NULL;
	for (size_t i = 0; ok && i < schema->n_task; i++) {
		task[i] = schema->task[i];
		ok = copy_task(&schema->arena, &task[i]);
	}
	schema->task = task;
	return ok;
}

int nv_schema_copy(nv_schema **to, const nv_schema *from, nv_error *err)
{
	nv_schema *copy = nv_alloc_zero(1, sizeof *copy);
	if (!copy)
		return nv_fail_memory(err);
	nv_arena_init(&copy->arena);
	copy->name = from->name;
	copy->task = from->task;
	copy->n_task = from->n_task;
	if (!copy_text(&copy->arena, &copy->name) || !copy_tasks(copy)) {
		nv_schema_free(copy);
		return nv_fail_memory(err);
	}
	*to = copy;
	return NV_OK;
}

/* ---- Looking things up ---- */

static bool is_text(nv_str s, const char *text)
{
	size_t len = strlen(text);
	return s.len == len && memcmp(s.ptr, text, len) == 0;
}

size_t nv_task_find_label(const nv_task *task, nv_str id)
{
	size_t i = 0;
	while (i < task->n_label && !(id.len > 0 && is_text(id, task->label[i].id)))
		i++;
	return i;
}

size_t nv_schema_find_task(const nv_schema *schema, const char *name)
{
	size_t i = 0;
	while (i < schema->n_task && strcmp(schema->task[i].name, name) != 0)
		i++;
	return i;
}

static bool has_value(const nv_field *field, const char *value)
{
	if (!field || (field->kind != NV_FIELD_STRING && field->kind != NV_FIELD_LIST))
		return false;
	for (size_t i = 0; i < field->n_value; i++) {
		if (nv_str_is(field->value[i], value))
			return true;
	}
	return false;
}

bool nv_task_applies(const nv_task *task, const nv_article *article)
{
	for (size_t i = 0; i < task->n_where; i++) {
		if (!has_value(nv_article_field(article, task->where[i].field), task->where[i].value))
			return false;
	}
	return true;
}

/* ---- newsvane.h ---- */

size_t nv_schema_task_count(const nv_schema *schema)
{
	return schema ? schema->n_task : 0;
}

static const nv_task *get_task(const nv_schema *schema, size_t task)
{
	return task < nv_schema_task_count(schema) ? &schema->task[task] : NULL;
}

const char *nv_schema_task_name(const nv_schema *schema, size_t task)
{
	const nv_task *t = get_task(schema, task);
	return t ? t->name : NULL;
}

nv_task_kind nv_schema_task_kind(const nv_schema *schema, size_t task)
{
	const nv_task *t = get_task(schema, task);
	return t ? t->kind : (nv_task_kind)0;
}

size_t nv_schema_label_count(const nv_schema *schema, size_t task)
{
	const nv_task *t = get_task(schema, task);
	return t ? t->n_label : 0;
}

const char *nv_schema_label(const nv_schema *schema, size_t task, size_t label)
{
	return label < nv_schema_label_count(schema, task) ? schema->task[task].label[label].id : NULL;
}
