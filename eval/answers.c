/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/answers.h"

#include "base/alloc.h"
#include "data/article.h"
#include "data/duplicates.h"

#include <math.h>
#include <string.h>

/* ---- Score numbers ---- */

size_t nv_schema_scores(const nv_schema *schema)
{
	size_t n = 0;
	for (size_t t = 0; t < schema->n_task; t++)
		n += schema->task[t].n_label;
	return n;
}

/* The model's score of one label; none for a task that was not trained, whose p mean nothing. */
static uint32_t find_score(const nv_model *model, const char *task, const char *label)
{
	size_t t = nv_schema_find_task(model->schema, task);
	if (t >= model->schema->n_task || !model->task[t].trained)
		return NV_NO_SCORE;
	size_t l = nv_task_find_label(&model->schema->task[t], nv_str_of(label));
	return l < model->schema->task[t].n_label ? model->task[t].first_score + (uint32_t)l : NV_NO_SCORE;
}

int nv_score_map_init(nv_score_map *map, const nv_schema *schema, const nv_model *model, nv_error *err)
{
	map->n_score = nv_schema_scores(schema);
	map->score = nv_alloc(map->n_score, sizeof *map->score);
	if (!map->score)
		return nv_fail_memory(err);
	size_t s = 0;
	for (size_t t = 0; t < schema->n_task; t++)
		for (size_t l = 0; l < schema->task[t].n_label; l++)
			map->score[s++] = find_score(model, schema->task[t].name, schema->task[t].label[l].id);
	return NV_OK;
}

void nv_score_map_release(nv_score_map *map)
{
	nv_free(map->score);
	memset(map, 0, sizeof *map);
}

/* ---- Answers ---- */

static bool resize_array(void **array, size_t n, size_t size)
{
	void *ptr = nv_resize(*array, n, size);
	if (ptr)
		*array = ptr;
	return ptr != NULL;
}
#define RESIZE(array, n) resize_array((void **)&(array), (n), sizeof *(array))

int nv_answers_reserve(nv_answers *answers, size_t n_score, size_t n, nv_error *err)
{
	size_t cells;
	answers->n_score = n_score;
	if (n <= answers->cap)
		return NV_OK;
	if (!nv_mul_size(n, n_score ? n_score : 1, &cells) || !RESIZE(answers->p, cells) ||
	    !RESIZE(answers->margin, cells) || !RESIZE(answers->chosen, cells) || !RESIZE(answers->coverage, n) ||
	    !RESIZE(answers->fingerprint, n))
		return nv_fail_memory(err);
	answers->cap = n;
	return NV_OK;
}

void nv_answers_release(nv_answers *answers)
{
	nv_free(answers->p);
	nv_free(answers->margin);
	nv_free(answers->chosen);
	nv_free(answers->coverage);
	nv_free(answers->fingerprint);
	memset(answers, 0, sizeof *answers);
}

int nv_answerer_init(nv_answerer *answerer, const nv_model *model, const nv_score_map *map, nv_error *err)
{
	memset(answerer, 0, sizeof *answerer);
	answerer->model = model;
	answerer->map = map;
	int code = nv_scratch_new(&answerer->scratch, model, err);
	return code == NV_OK ? nv_result_new(&answerer->result, model, err) : code;
}

void nv_answerer_release(nv_answerer *answerer)
{
	if (!answerer->model)
		return;
	nv_result_free(answerer->result);
	nv_scratch_free(answerer->scratch);
	memset(answerer, 0, sizeof *answerer);
}

int nv_answer(nv_answerer *answerer, const nv_article *article, nv_answers *answers, size_t row, nv_error *err)
{
	const nv_result *result = answerer->result;
	size_t n_score = answers->n_score, at = row * n_score;
	int code = nv_classify(answerer->model, article, answerer->scratch, answerer->result, err);
	if (code != NV_OK)
		return code;
	for (size_t s = 0; s < n_score; s++) {
		uint32_t from = answerer->map->score[s];
		bool known = from != NV_NO_SCORE && !isnan(result->p[from]);
		answers->p[at + s] = known ? result->p[from] : 0;
		answers->margin[at + s] = known ? result->margin[from] : -INFINITY;
		answers->chosen[at + s] = known ? result->chosen[from] : 0;
	}
	answers->coverage[row] = (float)result->coverage;
	/* Of the tokens that were scored, as training fingerprints the tokens that it counts. */
	answers->fingerprint[row] =
		answerer->model->n_fingerprint > 0 ? nv_text_fingerprint(nv_scorer_tokens(answerer->scratch->scorer)) : 0;
	return NV_OK;
}

/* ---- Gold ---- */

int nv_gold_reader_init(nv_gold_reader *reader, const nv_schema *schema, nv_error *err)
{
	size_t n_task = schema->n_task, most = 1;
	for (size_t t = 0; t < n_task; t++)
		most = schema->task[t].n_label > most ? schema->task[t].n_label : most;
	*reader = (nv_gold_reader){schema, nv_alloc_zero(n_task, sizeof *reader->gold),
	                           nv_alloc_zero(n_task, sizeof *reader->label), nv_alloc_zero(n_task, sizeof *reader->cap),
	                           nv_alloc_zero(most, 1)};
	return reader->gold && reader->label && reader->cap && reader->bits ? NV_OK : nv_fail_memory(err);
}

void nv_gold_reader_release(nv_gold_reader *reader)
{
	for (size_t t = 0; reader->label && t < reader->schema->n_task; t++)
		nv_free(reader->label[t]);
	nv_free(reader->bits);
	nv_free(reader->cap);
	nv_free(reader->label);
	nv_free(reader->gold);
	memset(reader, 0, sizeof *reader);
}

int nv_gold_reader_room(nv_gold_reader *reader, size_t task, const nv_article *article, size_t *capacity, nv_error *err)
{
	const nv_field *field = nv_article_field(article, reader->schema->task[task].field);
	size_t need = field ? field->n_value + 1 : 1;
	if (!nv_grow(&reader->label[task], &reader->cap[task], need, sizeof **reader->label))
		return nv_fail_memory(err);
	reader->gold[task] = (nv_gold){.label = reader->label[task]};
	*capacity = reader->cap[task];
	return NV_OK;
}

int nv_gold_reader_read(nv_gold_reader *reader, const nv_article *article, nv_error *err)
{
	for (size_t t = 0; t < reader->schema->n_task; t++) {
		size_t capacity;
		int code = nv_gold_reader_room(reader, t, article, &capacity, err);
		if (code == NV_OK)
			code = nv_gold_read(reader->schema, t, article, &reader->gold[t], capacity, err);
		if (code != NV_OK)
			return code;
	}
	return NV_OK;
}

/* Each value of the task's field that the schema lacks, once. */
static int add_unknown(nv_predictions *predictions, size_t task, uint32_t article, const nv_field *field, nv_error *err)
{
	for (size_t i = 0; i < field->n_value; i++) {
		if (nv_task_find_label(&predictions->schema->task[task], field->value[i]) <
		    predictions->schema->task[task].n_label)
			continue;
		size_t same = 0;
		while (same < i && !nv_str_eq(field->value[same], field->value[i]))
			same++;
		int code = same < i ? (int)NV_OK : nv_predictions_add_unknown(predictions, task, article, field->value[i], err);
		if (code != NV_OK)
			return code;
	}
	return NV_OK;
}

static int judge_task(const nv_answers *answers, size_t at, const nv_gold_reader *reader, size_t task,
                      const nv_article *article, nv_predictions *predictions, uint32_t index, nv_error *err)
{
	const nv_gold *gold = &reader->gold[task];
	memset(reader->bits, 0, reader->schema->task[task].n_label);
	for (size_t i = 0; i < gold->n_label; i++)
		reader->bits[gold->label[i]] = 1;
	int code = nv_predictions_add(predictions, task, index, reader->bits, answers->chosen + at, answers->p + at,
	                              answers->margin + at, err);
	if (code == NV_OK && gold->n_unknown > 0)
		code = add_unknown(predictions, task, index, nv_article_field(article, reader->schema->task[task].field), err);
	return code;
}

int nv_answers_judge_tasks(const nv_answers *answers, size_t row, const nv_gold_reader *reader,
                           const nv_article *article, nv_predictions *predictions, uint32_t index, nv_error *err)
{
	size_t at = row * answers->n_score;
	int code = NV_OK;
	for (size_t t = 0; code == NV_OK && t < reader->schema->n_task; t++) {
		if (reader->gold[t].labelled)
			code = judge_task(answers, at, reader, t, article, predictions, index, err);
		at += reader->schema->task[t].n_label;
	}
	return code;
}

int nv_answers_judge(const nv_answers *answers, size_t row, const nv_gold_reader *reader, const nv_article *article,
                     nv_predictions *predictions, uint32_t *index, nv_error *err)
{
	int code = nv_predictions_add_article(predictions, article, index, err);
	if (code == NV_OK)
		code = nv_answers_judge_tasks(answers, row, reader, article, predictions, *index, err);
	if (code == NV_OK) {
		predictions->article[*index].coverage = answers->coverage[row];
		predictions->article[*index].fingerprint = answers->fingerprint[row];
	}
	return code;
}
