/* SPDX-License-Identifier: Apache-2.0
 *
 * schema.h: what a model predicts: tasks, their labels, and the fields in which articles carry them. "Schema" in docs/formats.md has
 * the format. A schema is immutable once loaded, except that training collects the labels of tasks that leave them out
 * (nv_schema_collect, then nv_schema_freeze).
 */
#ifndef NV_DATA_SCHEMA_H
#define NV_DATA_SCHEMA_H

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"

/* Label order of every stance task. */
enum { NV_FAVOR = 0, NV_NONE = 1, NV_AGAINST = 2, NV_N_STANCE = 3 };

typedef struct nv_label {
	const char *id;
	const char *title; /* for people; equal to id where the schema gives none */
} nv_label;

typedef struct nv_where {
	const char *field, *value;
} nv_where;

typedef struct nv_task {
	const char *name, *title, *field;
	nv_task_kind kind;
	nv_label *label; /* [n_label] */
	size_t n_label;
	bool labels_given; /* by the schema or, after nv_schema_freeze, by the training articles */
	nv_where *where;   /* [n_where]; all must hold */
	size_t n_where;
	const char **about; /* [n_about] words or phrases that name a stance's target */
	size_t n_about;
} nv_task;

struct nv_schema {
	const char *name; /* "" if none */
	nv_task *task;    /* [n_task], at least one */
	size_t n_task;
	nv_arena arena;   /* all of the above */
	struct nv_label_set *collected; /* [n_task] labels seen in training, until frozen; NULL otherwise */
};

/* nv_schema_open, _parse, _default, _free: newsvane.h. A message tells the JSON path, as "tasks[2].kind". */
int nv_schema_copy(nv_schema **to, const nv_schema *from, nv_error *err);
int nv_schema_from_json(nv_schema **schema, const nv_json *root, const char *path, nv_error *err);
void nv_schema_to_json(const nv_schema *schema, nv_json_writer *w); /* with all labels; parses back to an equal schema */
/* Index of a label; n_label if the task has none of that id. */
size_t nv_task_find_label(const nv_task *task, nv_str id);
size_t nv_schema_find_task(const nv_schema *schema, const char *name);

/* Whether the task's `where` holds. An article that lacks the field fails it. */
bool nv_task_applies(const nv_task *task, const nv_article *article);

/* What an article says for a task. */
typedef struct nv_gold {
	bool labelled;         /* false: unlabelled, or `where` does not hold */
	uint32_t *label;       /* [n_label] indices, ascending, each once; room for the field's n_value is the caller's */
	size_t n_label;
	const nv_str *unknown; /* the first label that the schema lacks; NULL if none */
	size_t n_unknown;
} nv_gold;

/* Reads the task's field. A value of the wrong kind (a string for multilabel is taken as a list of one; a number, an object, a list
 * for multiclass and stance) is NV_E_RECORD with field and place. capacity: room in gold->label. */
int nv_gold_read(const nv_schema *schema, size_t task, const nv_article *article, nv_gold *gold, size_t capacity,
                 nv_error *err);

/* Whether training can use the article: NV_E_RECORD where nv_schema_collect would fail for one of the tasks. Collects nothing. */
int nv_gold_check(const nv_schema *schema, const nv_article *article, nv_error *err);

/* The same as nv_gold_read while training: labels of tasks without given ones are collected, and gold->label holds provisional indices
 * in order of appearance; a label outside given ones is NV_E_RECORD with the article's place. Not thread-safe. */
int nv_schema_collect(nv_schema *schema, size_t task, const nv_article *article, nv_gold *gold, size_t capacity,
                      nv_error *err);
/* Sorts what was collected by bytes; place[task] becomes an array [n_label] in the schema's arena: provisional -> final index
 * (identity for given labels). A multiclass task without any label stays with n_label 0. */
int nv_schema_freeze(nv_schema *schema, const uint32_t **place, nv_error *err);

#endif
