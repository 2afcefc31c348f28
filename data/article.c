/* SPDX-License-Identifier: Apache-2.0 */
#include "data/article.h"

#include "base/alloc.h"
#include "base/str.h"

#include <string.h>

void nv_batch_init(nv_batch *batch)
{
	memset(batch, 0, sizeof *batch);
	nv_arena_init(&batch->arena);
}

void nv_batch_clear(nv_batch *batch)
{
	nv_arena_clear(&batch->arena);
	batch->n = batch->n_bad = 0;
	batch->ill_formed = batch->bytes = 0;
}

void nv_batch_release(nv_batch *batch)
{
	if (!batch)
		return;
	nv_arena_release(&batch->arena);
	nv_free(batch->article);
	nv_free(batch->bad);
	nv_batch_init(batch);
}

nv_article *nv_batch_add(nv_batch *batch)
{
	if (!nv_grow(&batch->article, &batch->cap, batch->n + 1, sizeof *batch->article))
		return NULL;
	nv_article *article = &batch->article[batch->n++];
	memset(article, 0, sizeof *article);
	return article;
}

int nv_batch_add_bad(nv_batch *batch, const nv_error *err)
{
	if (!nv_grow(&batch->bad, &batch->cap_bad, batch->n_bad + 1, sizeof *batch->bad))
		return NV_E_MEMORY;
	const char *message = nv_arena_dup(&batch->arena, nv_str_of(err->message));
	const char *path = nv_arena_dup(&batch->arena, nv_str_of(err->path));
	if (!message || !path)
		return NV_E_MEMORY;
	batch->bad[batch->n_bad++] = (nv_bad){batch->n, err->code, err->line, err->byte, path, message};
	return NV_OK;
}

void nv_bad_to_error(const nv_bad *bad, nv_error *err)
{
	nv_error_clear(err);
	nv_fail_at(err, bad->code, bad->path, bad->line, bad->byte, "%s", bad->message);
}

static bool copy_str(nv_arena *arena, nv_str *s)
{
	if (s->len == 0) {
		*s = (nv_str){NULL, 0};
		return true;
	}
	s->ptr = nv_arena_dup(arena, *s);
	return s->ptr != NULL;
}

static bool copy_values(nv_arena *arena, nv_field *field)
{
	nv_str *value = nv_arena_alloc(arena, field->n_value, sizeof *value);
	if (!value)
		return false;
	for (size_t i = 0; i < field->n_value; i++) {
		value[i] = field->value[i];
		if (!copy_str(arena, &value[i]))
			return false;
	}
	field->value = value;
	return true;
}

static bool copy_fields(nv_arena *arena, nv_article *article)
{
	nv_field *field = nv_arena_alloc(arena, article->n_field, sizeof *field);
	if (!field)
		return false;
	for (size_t i = 0; i < article->n_field; i++) {
		field[i] = article->field[i];
		if (!copy_str(arena, &field[i].name) || !copy_values(arena, &field[i]))
			return false;
	}
	article->field = field;
	return true;
}

int nv_article_copy(nv_arena *arena, const nv_article *from, nv_article *to, nv_error *err)
{
	nv_article copy = *from;
	bool ok = copy_str(arena, &copy.id) && copy_str(arena, &copy.title) && copy_str(arena, &copy.text) &&
	          copy_str(arena, &copy.date) && copy_str(arena, &copy.source) && copy_fields(arena, &copy);
	if (ok && from->path)
		copy.path = nv_arena_dup(arena, nv_str_of(from->path));
	if (!ok || (from->path && !copy.path))
		return nv_fail_memory(err);
	*to = copy;
	return NV_OK;
}

const nv_field *nv_article_field(const nv_article *article, const char *name)
{
	nv_str wanted = nv_str_of(name);
	for (size_t i = 0; i < article->n_field; i++) {
		if (nv_str_eq(article->field[i].name, wanted))
			return &article->field[i];
	}
	return NULL;
}
