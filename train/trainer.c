/* SPDX-License-Identifier: Apache-2.0
 *
 * Articles into a trainer. Preparing is pure and may run on any thread; taking numbers words, labels and groups by order of
 * appearance, so it goes article by article. An article enters all lists or none: its labels are read before anything is
 * added.
 */
#include "train/trainer.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "data/article.h"
#include "data/boilerplate.h"
#include "data/date.h"

#include <string.h>

static bool wants_signatures(const nv_train_options *options)
{
	return options->calibrate != NV_CALIBRATE_OFF && !*options->group_by;
}

static int trainer_init(nv_trainer *t, const nv_schema *schema, nv_error *err)
{
	nv_names_init(&t->ids);
	nv_names_init(&t->sources);
	nv_names_init(&t->groups);
	int code = nv_schema_copy(&t->schema, schema, err);
	if (code == NV_OK)
		code = nv_tokenizer_new(&t->tokenizer, &t->options.token, NULL, err);
	if (code == NV_OK)
		code = nv_corpus_new(&t->corpus, err);
	if (code != NV_OK)
		return code;
	t->gold = nv_alloc_zero(schema->n_task, sizeof *t->gold);
	t->one = nv_alloc_zero(schema->n_task, sizeof *t->one);
	t->task_options = nv_alloc(schema->n_task, sizeof *t->task_options);
	for (size_t i = 0; t->task_options && i < schema->n_task; i++)
		t->task_options[i] = t->options;
	return t->gold && t->one && t->task_options ? NV_OK : nv_fail_memory(err);
}

int nv_trainer_new(nv_trainer **trainer, const nv_schema *schema, const nv_train_options *options, nv_error *err)
{
	int code = nv_train_options_check(options, err);
	if (code != NV_OK)
		return code;
	nv_trainer *t = nv_alloc_zero(1, sizeof *t);
	if (!t)
		return nv_fail_memory(err);
	t->options = *options;
	t->n_task = schema->n_task;
	code = trainer_init(t, schema, err);
	if (code != NV_OK) {
		nv_trainer_free(t);
		return code;
	}
	*trainer = t;
	return NV_OK;
}

void nv_trainer_choose(nv_trainer *trainer, size_t task, const nv_train_options *options)
{
	trainer->task_options[task] = *options;
}

int nv_trainer_record_search(nv_trainer *trainer, nv_str json, nv_error *err)
{
	nv_buf_clear(&trainer->search);
	nv_buf_add(&trainer->search, json.ptr, json.len);
	return trainer->search.failed ? nv_fail_memory(err) : NV_OK;
}

static void gold_list_release(nv_gold_list *gold)
{
	nv_free(gold->labelled);
	nv_free(gold->end);
	nv_free(gold->label);
}

void nv_trainer_free(nv_trainer *trainer)
{
	if (!trainer)
		return;
	for (size_t i = 0; trainer->gold && i < trainer->n_task; i++)
		gold_list_release(&trainer->gold[i]);
	nv_free(trainer->gold);
	nv_free(trainer->one);
	nv_free(trainer->task_options);
	nv_buf_release(&trainer->search);
	nv_free(trainer->read);
	nv_free(trainer->fingerprint);
	nv_free(trainer->group);
	nv_free(trainer->signature);
	nv_names_release(&trainer->ids);
	nv_names_release(&trainer->sources);
	nv_names_release(&trainer->groups);
	nv_corpus_free(trainer->corpus);
	nv_tokenizer_free(trainer->tokenizer);
	nv_schema_free(trainer->schema);
	nv_free(trainer);
}

/* ---- Preparing ---- */

int nv_prepared_new(nv_prepared **prepared, nv_error *err)
{
	nv_prepared *p = nv_alloc_zero(1, sizeof *p);
	if (!p)
		return nv_fail_memory(err);
	nv_token_list_init(&p->tokens);
	*prepared = p;
	return NV_OK;
}

void nv_prepared_free(nv_prepared *prepared)
{
	if (!prepared)
		return;
	nv_token_list_release(&prepared->tokens);
	nv_buf_release(&prepared->title);
	nv_buf_release(&prepared->text);
	nv_free(prepared);
}

int nv_trainer_prepare(const nv_trainer *trainer, const nv_article *article, nv_prepared *prepared, nv_error *err)
{
	nv_str title = article->title, text = article->text;
	if (trainer->options.strip_boilerplate) {
		if (!nv_boilerplate_strip(title, text, &prepared->title, &prepared->text))
			return nv_fail_memory(err);
		title = (nv_str){prepared->title.ptr, prepared->title.len};
		text = (nv_str){prepared->text.ptr, prepared->text.len};
	}
	prepared->article = article;
	int code = nv_tokenize(trainer->tokenizer, title, text, &prepared->tokens, err);
	if (code != NV_OK)
		return code;
	prepared->fingerprint = nv_text_fingerprint(&prepared->tokens);
	if (wants_signatures(&trainer->options))
		nv_minhash(&prepared->tokens, prepared->signature);
	return NV_OK;
}

/* ---- Taking ---- */

static size_t most_labels(const nv_trainer *t, const nv_article *article)
{
	size_t most = 1;
	for (size_t i = 0; i < t->schema->n_task; i++) {
		const nv_field *field = nv_article_field(article, t->schema->task[i].field);
		if (field && field->n_value > most)
			most = field->n_value;
	}
	return most;
}

/* one[task] for every task; labels lie in t->read, task by task. */
static int read_gold(nv_trainer *t, const nv_article *article, nv_error *err)
{
	size_t most = most_labels(t, article), n_task = t->schema->n_task, need;
	if (!nv_mul_size(most, n_task, &need) || !nv_grow(&t->read, &t->cap_read, need, sizeof *t->read))
		return nv_fail_memory(err);
	int code = nv_gold_check(t->schema, article, err);
	for (size_t i = 0; code == NV_OK && i < n_task; i++) {
		t->one[i] = (nv_gold){.label = t->read + i * most};
		code = nv_schema_collect(t->schema, i, article, &t->one[i], most, err);
	}
	return code;
}

static bool reserve(nv_trainer *t)
{
	bool ok = nv_grow(&t->fingerprint, &t->cap_fingerprint, t->n + 1, sizeof *t->fingerprint);
	if (ok && *t->options.group_by)
		ok = nv_grow(&t->group, &t->cap_group, t->n + 1, sizeof *t->group);
	if (ok && wants_signatures(&t->options))
		ok = nv_grow(&t->signature, &t->cap_signature, t->n + 1, sizeof *t->signature);
	for (size_t i = 0; i < t->schema->n_task && ok; i++) {
		nv_gold_list *gold = &t->gold[i];
		ok = nv_grow(&gold->labelled, &gold->cap_labelled, t->n + 1, sizeof *gold->labelled) &&
		     nv_grow(&gold->end, &gold->cap_end, t->n + 1, sizeof *gold->end) &&
		     nv_grow(&gold->label, &gold->cap_label, gold->n_label + t->one[i].n_label + 1, sizeof *gold->label);
	}
	return ok;
}

static void add_gold(nv_trainer *t, size_t task)
{
	nv_gold_list *gold = &t->gold[task];
	const nv_gold *one = &t->one[task];
	gold->labelled[t->n] = one->labelled;
	if (one->labelled && one->n_label > 0)
		memcpy(gold->label + gold->n_label, one->label, one->n_label * sizeof *one->label);
	gold->n_label += one->labelled ? one->n_label : 0;
	gold->end[t->n] = gold->n_label;
}

/* The value that articles of one group share; ptr NULL if the article has none. */
static nv_str group_value(const nv_article *article, const char *name)
{
	const nv_field *field = nv_article_field(article, name);
	if (field && field->n_value > 0)
		return field->value[0];
	if (strcmp(name, "source") == 0)
		return article->source;
	return strcmp(name, "date") == 0 ? article->date : (nv_str){NULL, 0};
}

/* Groups and articles without one share a numbering: even and odd. */
static int add_group(nv_trainer *t, const nv_article *article, nv_error *err)
{
	nv_str value = group_value(article, t->options.group_by);
	uint32_t number = value.ptr && value.len > 0 ? nv_names_add(&t->groups, value) : (uint32_t)t->n;
	if (number == UINT32_MAX)
		return nv_fail_memory(err);
	t->group[t->n] = 2 * number + (value.len == 0);
	return NV_OK;
}

static void note_date(nv_trainer *t, nv_str date)
{
	char text[11] = {0};
	if (!nv_is_date(date))
		return;
	memcpy(text, date.ptr, date.len);
	if (!*t->first_date || strcmp(text, t->first_date) < 0)
		memcpy(t->first_date, text, sizeof text);
	if (strcmp(text, t->last_date) > 0)
		memcpy(t->last_date, text, sizeof text);
}

static int note_article(nv_trainer *t, const nv_prepared *p, nv_error *err)
{
	const nv_article *article = p->article;
	bool ok = article->id.len == 0 || nv_names_add(&t->ids, article->id) != UINT32_MAX;
	ok = ok && (article->source.len == 0 || nv_names_add(&t->sources, article->source) != UINT32_MAX);
	if (!ok)
		return nv_fail_memory(err);
	note_date(t, article->date);
	t->n_token += p->tokens.n;
	t->checksum = nv_hash_pair(t->checksum, p->fingerprint);
	for (size_t i = 0; i < t->schema->n_task; i++)
		for (size_t k = 0; t->one[i].labelled && k < t->one[i].n_label; k++)
			t->checksum = nv_hash_pair(t->checksum, (uint64_t)i << 32 | t->one[i].label[k]);
	return NV_OK;
}

int nv_trainer_take(nv_trainer *trainer, const nv_prepared *prepared, nv_error *err)
{
	int code = read_gold(trainer, prepared->article, err);
	if (code != NV_OK)
		return code;
	if (trainer->n >= INT32_MAX || !reserve(trainer))
		return nv_fail_memory(err);
	if (*trainer->options.group_by)
		code = add_group(trainer, prepared->article, err);
	if (code == NV_OK)
		code = note_article(trainer, prepared, err);
	if (code == NV_OK)
		code = nv_corpus_add(trainer->corpus, &prepared->tokens, err);
	if (code != NV_OK)
		return code;
	trainer->fingerprint[trainer->n] = prepared->fingerprint;
	if (wants_signatures(&trainer->options))
		memcpy(trainer->signature[trainer->n], prepared->signature, sizeof prepared->signature);
	for (size_t i = 0; i < trainer->schema->n_task; i++)
		add_gold(trainer, i);
	trainer->n++;
	return NV_OK;
}
