/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/predictions.h"

#include "base/alloc.h"

#include <math.h>
#include <string.h>

enum { NV_SNIPPET = 200 };

int nv_predictions_init(nv_predictions *predictions, const nv_schema *schema, nv_error *err)
{
	memset(predictions, 0, sizeof *predictions);
	nv_arena_init(&predictions->arena);
	predictions->schema = schema;
	predictions->task = nv_alloc_zero(schema->n_task, sizeof *predictions->task);
	if (!predictions->task)
		return nv_fail_memory(err);
	for (size_t t = 0; t < schema->n_task; t++)
		predictions->task[t].n_label = schema->task[t].n_label;
	return NV_OK;
}

static void release_task(nv_task_predictions *task)
{
	nv_free(task->article);
	nv_free(task->gold);
	nv_free(task->chosen);
	nv_free(task->p);
	nv_free(task->margin);
	nv_free(task->unknown);
}

void nv_predictions_release(nv_predictions *predictions)
{
	for (size_t t = 0; predictions->task && t < predictions->schema->n_task; t++)
		release_task(&predictions->task[t]);
	nv_free(predictions->task);
	nv_free(predictions->article);
	nv_arena_release(&predictions->arena);
	memset(predictions, 0, sizeof *predictions);
}

/* The start of text, cut behind a word where one ends in the second half, else between characters. */
static nv_str snippet_of(nv_str text)
{
	if (text.len <= NV_SNIPPET)
		return text;
	size_t len = NV_SNIPPET;
	while (len > NV_SNIPPET / 2 && text.ptr[len] != ' ' && text.ptr[len] != '\n')
		len--;
	if (len == NV_SNIPPET / 2)
		for (len = NV_SNIPPET; len > 0 && ((unsigned char)text.ptr[len] & 0xC0) == 0x80;)
			len--;
	return (nv_str){text.ptr, len};
}

static bool keep(nv_predictions *predictions, nv_str from, nv_str *to)
{
	const char *copy = nv_arena_dup(&predictions->arena, from);
	*to = (nv_str){copy, from.len};
	return copy != NULL;
}

int nv_predictions_add_article(nv_predictions *predictions, const nv_article *article, uint32_t *index, nv_error *err)
{
	if (predictions->n >= UINT32_MAX - 1)
		return nv_fail(err, NV_E_INPUT, "too many articles to judge: over %zu", predictions->n);
	if (!nv_grow(&predictions->article, &predictions->cap, predictions->n + 1, sizeof *predictions->article))
		return nv_fail_memory(err);
	nv_judged_article *to = &predictions->article[predictions->n];
	*to = (nv_judged_article){.line = article->line, .coverage = NAN};
	nv_str path = {0};
	if (!keep(predictions, article->id, &to->id) || !keep(predictions, article->title, &to->title) ||
	    !keep(predictions, snippet_of(article->text), &to->snippet) || !keep(predictions, article->date, &to->date) ||
	    !keep(predictions, article->source, &to->source) ||
	    (article->path && !keep(predictions, nv_str_of(article->path), &path)))
		return nv_fail_memory(err);
	to->path = path.ptr;
	*index = (uint32_t)predictions->n++;
	return NV_OK;
}

static bool resize_array(void **array, size_t n, size_t size)
{
	size_t cap = 0;
	return nv_grow_bytes(array, &cap, n, size);
}
#define RESIZE(array, n) resize_array((void **)&(array), (n), sizeof *(array))

/* Room for one more row in each of the parallel arrays, which share cap. */
static bool grow_task(nv_task_predictions *task)
{
	size_t cap = task->cap + task->cap / 2 + 64, n;
	if (task->n < task->cap)
		return true;
	if (!nv_mul_size(cap, task->n_label ? task->n_label : 1, &n) || !RESIZE(task->article, cap) ||
	    !RESIZE(task->gold, n) || !RESIZE(task->chosen, n) || !RESIZE(task->p, n) || !RESIZE(task->margin, n))
		return false;
	task->cap = cap;
	return true;
}

int nv_predictions_add(nv_predictions *predictions, size_t task, uint32_t article, const uint8_t *gold,
                       const uint8_t *chosen, const double *p, const double *margin, nv_error *err)
{
	nv_task_predictions *to = &predictions->task[task];
	if (!grow_task(to))
		return nv_fail_memory(err);
	size_t n_label = to->n_label, at = to->n * n_label;
	to->article[to->n++] = article;
	if (n_label == 0)
		return NV_OK;
	memcpy(to->gold + at, gold, n_label);
	memcpy(to->chosen + at, chosen, n_label);
	memcpy(to->p + at, p, n_label * sizeof *p);
	memcpy(to->margin + at, margin, n_label * sizeof *margin);
	return NV_OK;
}

int nv_predictions_add_unknown(nv_predictions *predictions, size_t task, uint32_t article, nv_str label, nv_error *err)
{
	nv_task_predictions *to = &predictions->task[task];
	nv_unknown_gold *unknown;
	if (!nv_grow(&to->unknown, &to->cap_unknown, to->n_unknown + 1, sizeof *to->unknown))
		return nv_fail_memory(err);
	unknown = &to->unknown[to->n_unknown];
	unknown->article = article;
	if (!keep(predictions, label, &unknown->label))
		return nv_fail_memory(err);
	to->n_unknown++;
	return NV_OK;
}
