/* SPDX-License-Identifier: Apache-2.0
 *
 * A schema from JSON and back. Every function that reads is told where it is ("tasks[2].labels"), for its message.
 */
#include "base/alloc.h"
#include "base/str.h"
#include "data/label_set.h"
#include "data/schema.h"

#include <stdio.h>
#include <string.h>

typedef struct builder {
	nv_schema *schema;
	const char *path;
	nv_error *err;
} builder;

/* ---- Messages ---- */

static int expected(const builder *b, const char *where, const char *what)
{
	const char *colon = *where ? ": " : "";
	return nv_fail_at(b->err, NV_E_SCHEMA, b->path, 0, 0, "%s%sexpected %s", where, colon, what);
}

static int twice(const builder *b, const char *where, const char *name)
{
	return nv_fail_at(b->err, NV_E_SCHEMA, b->path, 0, 0, "%s: \"%s\" stands twice", where, name);
}

/* A place in the document; cut where it is long, since it is for messages alone. */
typedef struct place {
	char text[128];
} place;

/* "where.name" */
static place below(const char *where, const char *name)
{
	place p;
	if (snprintf(p.text, sizeof p.text, "%s%s%s", where, *where ? "." : "", name) < 0)
		p.text[0] = '\0';
	return p;
}

/* "where[index]" */
static place element(const char *where, size_t index)
{
	place p;
	if (snprintf(p.text, sizeof p.text, "%s[%zu]", where, index) < 0)
		p.text[0] = '\0';
	return p;
}

/* ---- Values ---- */

static bool is_one_of(const char *name, const char *const *allowed)
{
	while (*allowed && strcmp(*allowed, name) != 0)
		allowed++;
	return *allowed != NULL;
}

/* The first member of that name is another one than this. */
static bool is_second(const nv_json *object, const nv_json *member)
{
	return nv_json_member(object, nv_json_name(member)) != member;
}

/* An object whose members are all among allowed (NULL: any), each once. */
static int check_object(const builder *b, const nv_json *value, const char *where, const char *const *allowed)
{
	if (!value || nv_json_get_kind(value) != NV_JSON_OBJECT)
		return expected(b, where, "an object");
	for (const nv_json *m = nv_json_first(value); m; m = nv_json_next(m)) {
		const char *name = nv_json_name(m);
		place at = below(where, name);
		if (allowed && !is_one_of(name, allowed))
			return nv_fail_at(b->err, NV_E_SCHEMA, b->path, 0, 0, "%s: unknown name", at.text);
		if (is_second(value, m))
			return nv_fail_at(b->err, NV_E_SCHEMA, b->path, 0, 0, "%s: stands twice", at.text);
	}
	return NV_OK;
}

/* A string that is not empty, copied into the schema. */
static int take_string(const builder *b, const nv_json *value, const char *where, const char **out)
{
	const char *text = value ? nv_json_string(value) : NULL;
	if (!text || *text == '\0')
		return expected(b, where, "a string that is not empty");
	*out = nv_arena_dup(&b->schema->arena, nv_str_of(text));
	return *out ? NV_OK : nv_fail_memory(b->err);
}

static int take_member(const builder *b, const nv_json *object, const char *where, const char *name, const char **out)
{
	return take_string(b, nv_json_member(object, name), below(where, name).text, out);
}

/* The same, with a value for where it is left out. */
static int take_optional(const builder *b, const nv_json *object, const char *where, const char *name,
                         const char *otherwise, const char **out)
{
	*out = otherwise;
	return nv_json_member(object, name) ? take_member(b, object, where, name, out) : NV_OK;
}

static int check_array(const builder *b, const nv_json *value, const char *where, const char *what)
{
	bool is_array = value && nv_json_get_kind(value) == NV_JSON_ARRAY;
	return is_array && nv_json_size(value) > 0 ? NV_OK : expected(b, where, what);
}

/* ---- Labels ---- */

static int read_label(const builder *b, const nv_json *value, const char *where, nv_label *label)
{
	static const char *const names[] = {"id", "title", NULL};
	int code;
	if (nv_json_get_kind(value) != NV_JSON_OBJECT) {
		code = take_string(b, value, where, &label->id);
		label->title = label->id;
		return code;
	}
	code = check_object(b, value, where, names);
	if (code == NV_OK)
		code = take_member(b, value, where, "id", &label->id);
	return code ? code : take_optional(b, value, where, "title", label->id, &label->title);
}

/* seen: the task's labels so far; a set, since there may be very many. */
static int check_new_label(const builder *b, const nv_task *task, nv_label_set *seen, const char *where, const char *id)
{
	uint32_t number = nv_label_set_add(seen, &b->schema->arena, nv_str_of(id));
	if (number == UINT32_MAX)
		return nv_fail_memory(b->err);
	return number < task->n_label ? twice(b, where, id) : NV_OK;
}

static int read_each_label(const builder *b, const nv_json *list, const char *where, nv_task *task, nv_label_set *seen)
{
	for (const nv_json *item = nv_json_first(list); item; item = nv_json_next(item)) {
		place at = element(where, task->n_label);
		nv_label label = {NULL, NULL};
		int code = read_label(b, item, at.text, &label);
		if (code == NV_OK)
			code = check_new_label(b, task, seen, at.text, label.id);
		/* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a label that was read has an id */
		if (code == NV_OK && task->kind == NV_MULTILABEL && strchr(label.id, '|'))
			code = expected(b, at.text, "a label without |, which joins labels in CSV and TSV");
		if (code)
			return code;
		task->label[task->n_label++] = label;
	}
	return NV_OK;
}

static int read_labels(const builder *b, const nv_json *list, const char *where, nv_task *task)
{
	int code = check_array(b, list, where, "an array of labels");
	if (code)
		return code;
	task->labels_given = true;
	task->label = nv_arena_alloc(&b->schema->arena, nv_json_size(list), sizeof *task->label);
	nv_label_set *seen = nv_label_sets_new(1);
	code = task->label && seen ? read_each_label(b, list, where, task, seen) : nv_fail_memory(b->err);
	nv_label_sets_free(seen, 1);
	return code;
}

static const char *const stance_ids[NV_N_STANCE] = {"favor", "none", "against"};

/* What a schema may say of them is their titles. */
static int set_stance_labels(const builder *b, const char *where, nv_task *task)
{
	nv_label *label = nv_arena_alloc(&b->schema->arena, NV_N_STANCE, sizeof *label);
	if (!label)
		return nv_fail_memory(b->err);
	for (size_t i = 0; i < NV_N_STANCE; i++) {
		size_t given = nv_task_find_label(task, nv_str_of(stance_ids[i]));
		if (task->labels_given && (given == task->n_label || task->n_label != NV_N_STANCE))
			return expected(b, where, "favor, none and against, or no labels, in a stance task");
		label[i] = task->labels_given ? task->label[given] : (nv_label){stance_ids[i], stance_ids[i]};
	}
	task->label = label;
	task->n_label = NV_N_STANCE;
	task->labels_given = true;
	return NV_OK;
}

static int take_labels(const builder *b, const nv_json *object, const char *where, nv_task *task)
{
	const nv_json *list = nv_json_member(object, "labels");
	place at = below(where, "labels");
	int code = list ? read_labels(b, list, at.text, task) : NV_OK;
	return code == NV_OK && task->kind == NV_STANCE ? set_stance_labels(b, at.text, task) : code;
}

/* ---- Tasks ---- */

static const struct {
	nv_task_kind kind;
	const char *name;
} kinds[] = {{NV_MULTICLASS, "multiclass"}, {NV_MULTILABEL, "multilabel"}, {NV_STANCE, "stance"}};

static const char *kind_name(nv_task_kind kind)
{
	size_t i = 0;
	while (kinds[i].kind != kind)
		i++;
	return kinds[i].name;
}

static int take_kind(const builder *b, const nv_json *object, const char *where, nv_task *task)
{
	const nv_json *value = nv_json_member(object, "kind");
	const char *text = value ? nv_json_string(value) : NULL;
	for (size_t i = 0; text && i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(text, kinds[i].name) == 0) {
			task->kind = kinds[i].kind;
			return NV_OK;
		}
	}
	return expected(b, below(where, "kind").text, "\"multiclass\", \"multilabel\" or \"stance\"");
}

static int take_where(const builder *b, const nv_json *object, const char *where, nv_task *task)
{
	const nv_json *value = nv_json_member(object, "where");
	place at = below(where, "where");
	if (!value)
		return NV_OK;
	int code = check_object(b, value, at.text, NULL);
	if (code)
		return code;
	task->where = nv_arena_alloc(&b->schema->arena, nv_json_size(value), sizeof *task->where);
	if (!task->where)
		return nv_fail_memory(b->err);
	for (const nv_json *m = nv_json_first(value); code == NV_OK && m; m = nv_json_next(m)) {
		nv_where *w = &task->where[task->n_where++];
		w->field = nv_arena_dup(&b->schema->arena, nv_str_of(nv_json_name(m)));
		code = w->field ? take_member(b, value, at.text, nv_json_name(m), &w->value) : nv_fail_memory(b->err);
	}
	return code;
}

static int take_about(const builder *b, const nv_json *object, const char *where, nv_task *task)
{
	const nv_json *list = nv_json_member(object, "about");
	place at = below(where, "about");
	if (!list)
		return NV_OK;
	int code = check_array(b, list, at.text, "an array of strings");
	if (code)
		return code;
	task->about = nv_arena_alloc(&b->schema->arena, nv_json_size(list), sizeof *task->about);
	if (!task->about)
		return nv_fail_memory(b->err);
	for (const nv_json *item = nv_json_first(list); code == NV_OK && item; item = nv_json_next(item)) {
		code = take_string(b, item, element(at.text, task->n_about).text, &task->about[task->n_about]);
		task->n_about += code == NV_OK;
	}
	return code;
}

static int read_task(const builder *b, const nv_json *value, const char *where, nv_task *task)
{
	static const char *const names[] = {"name", "kind", "field", "title", "labels", "where", "about", NULL};
	int code = check_object(b, value, where, names);
	if (code == NV_OK)
		code = take_member(b, value, where, "name", &task->name);
	if (code == NV_OK)
		code = take_kind(b, value, where, task);
	if (code == NV_OK)
		code = take_member(b, value, where, "field", &task->field);
	if (code == NV_OK)
		code = take_optional(b, value, where, "title", task->name, &task->title);
	if (code == NV_OK)
		code = take_labels(b, value, where, task);
	if (code == NV_OK)
		code = take_where(b, value, where, task);
	return code ? code : take_about(b, value, where, task);
}

static int read_tasks(const builder *b, const nv_json *list)
{
	nv_schema *schema = b->schema;
	int code = check_array(b, list, "tasks", "an array of tasks");
	if (code)
		return code;
	schema->task = nv_arena_alloc(&schema->arena, nv_json_size(list), sizeof *schema->task);
	if (!schema->task)
		return nv_fail_memory(b->err);
	for (const nv_json *item = nv_json_first(list); code == NV_OK && item; item = nv_json_next(item)) {
		place at = element("tasks", schema->n_task);
		nv_task *task = &schema->task[schema->n_task];
		memset(task, 0, sizeof *task);
		code = read_task(b, item, at.text, task);
		if (code == NV_OK && nv_schema_find_task(schema, task->name) < schema->n_task)
			code = twice(b, below(at.text, "name").text, task->name);
		schema->n_task++;
	}
	return code;
}

static int read_root(const builder *b, const nv_json *root)
{
	static const char *const names[] = {"name", "tasks", NULL};
	int code = check_object(b, root, "", names);
	if (code == NV_OK)
		code = take_optional(b, root, "", "name", "", &b->schema->name);
	return code ? code : read_tasks(b, nv_json_member(root, "tasks"));
}

int nv_schema_from_json(nv_schema **schema, const nv_json *root, const char *path, nv_error *err)
{
	nv_schema *made = nv_alloc_zero(1, sizeof *made);
	if (!made)
		return nv_fail_memory(err);
	nv_arena_init(&made->arena);
	builder b = {made, path, err};
	int code = read_root(&b, root);
	if (code) {
		nv_schema_free(made);
		return code;
	}
	*schema = made;
	return NV_OK;
}

/* ---- Writing ---- */

static void put_member(nv_json_writer *w, const char *name, const char *text)
{
	nv_json_key(w, name);
	nv_json_put_text(w, text);
}

static void put_label(nv_json_writer *w, const nv_label *label)
{
	if (strcmp(label->id, label->title) == 0) {
		nv_json_put_text(w, label->id);
		return;
	}
	nv_json_open(w, '{');
	put_member(w, "id", label->id);
	put_member(w, "title", label->title);
	nv_json_close(w, '}');
}

static void put_labels(nv_json_writer *w, const nv_task *task)
{
	if (task->n_label == 0)
		return;
	nv_json_key(w, "labels");
	nv_json_open(w, '[');
	for (size_t i = 0; i < task->n_label; i++)
		put_label(w, &task->label[i]);
	nv_json_close(w, ']');
}

static void put_where(nv_json_writer *w, const nv_task *task)
{
	if (task->n_where == 0)
		return;
	nv_json_key(w, "where");
	nv_json_open(w, '{');
	for (size_t i = 0; i < task->n_where; i++)
		put_member(w, task->where[i].field, task->where[i].value);
	nv_json_close(w, '}');
}

static void put_about(nv_json_writer *w, const nv_task *task)
{
	if (task->n_about == 0)
		return;
	nv_json_key(w, "about");
	nv_json_open(w, '[');
	for (size_t i = 0; i < task->n_about; i++)
		nv_json_put_text(w, task->about[i]);
	nv_json_close(w, ']');
}

static void put_task(nv_json_writer *w, const nv_task *task)
{
	nv_json_open(w, '{');
	put_member(w, "name", task->name);
	put_member(w, "kind", kind_name(task->kind));
	put_member(w, "field", task->field);
	if (strcmp(task->title, task->name) != 0)
		put_member(w, "title", task->title);
	put_labels(w, task);
	put_where(w, task);
	put_about(w, task);
	nv_json_close(w, '}');
}

void nv_schema_to_json(const nv_schema *schema, nv_json_writer *w)
{
	nv_json_open(w, '{');
	if (*schema->name)
		put_member(w, "name", schema->name);
	nv_json_key(w, "tasks");
	nv_json_open(w, '[');
	for (size_t i = 0; i < schema->n_task; i++)
		put_task(w, &schema->task[i]);
	nv_json_close(w, ']');
	nv_json_close(w, '}');
}
