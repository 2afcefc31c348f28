/* SPDX-License-Identifier: Apache-2.0
 *
 * answers.h: what models said about articles, in the order of one schema's labels, and the joining of that with gold values into
 * predictions. For judge.c (a model, or two) and crossval.c (one a fold).
 */
#ifndef NV_EVAL_ANSWERS_H
#define NV_EVAL_ANSWERS_H

#include "classify/classify.h"
#include "eval/predictions.h"

/* Where the schema's scores (task by task, label by label) stand in a model's; NV_NO_SCORE where the model lacks the label. */
#define NV_NO_SCORE UINT32_MAX
typedef struct nv_score_map {
	uint32_t *score; /* [n_score] */
	size_t n_score;
} nv_score_map;
size_t nv_schema_scores(const nv_schema *schema);
int nv_score_map_init(nv_score_map *map, const nv_schema *schema, const nv_model *model, nv_error *err);
void nv_score_map_release(nv_score_map *map);

/* Parallel arrays, article by article. */
typedef struct nv_answers {
	size_t n_score, cap;
	double *p, *margin;    /* [cap][n_score]; p 0 and margin -infinity for a label that the model lacks */
	uint8_t *chosen;       /* [cap][n_score] */
	float *coverage;       /* [cap] */
	uint64_t *fingerprint; /* [cap] */
} nv_answers;
/* Makes room for n articles; what is there is kept. */
int nv_answers_reserve(nv_answers *answers, size_t n_score, size_t n, nv_error *err);
void nv_answers_release(nv_answers *answers);

/* One thread's working memory for one model. */
typedef struct nv_answerer {
	const nv_model *model;
	const nv_score_map *map;
	nv_scratch *scratch;
	nv_result *result;
} nv_answerer;
int nv_answerer_init(nv_answerer *answerer, const nv_model *model, const nv_score_map *map, nv_error *err);
void nv_answerer_release(nv_answerer *answerer); /* a zeroed one is fine */
/* Classifies article into row `row`, for which there must be room. */
int nv_answer(nv_answerer *answerer, const nv_article *article, nv_answers *answers, size_t row, nv_error *err);

/* Gold values of one article: read for all tasks before anything is kept, so that a bad article leaves no trace. */
typedef struct nv_gold_reader {
	const nv_schema *schema;
	nv_gold *gold;    /* [n_task] of the article read last */
	uint32_t **label; /* [n_task] room for gold's labels */
	size_t *cap;      /* [n_task] */
	uint8_t *bits;    /* [largest n_label] */
} nv_gold_reader;
int nv_gold_reader_init(nv_gold_reader *reader, const nv_schema *schema, nv_error *err);
void nv_gold_reader_release(nv_gold_reader *reader); /* a zeroed one is fine */
int nv_gold_reader_read(nv_gold_reader *reader, const nv_article *article, nv_error *err);
/* Room for the values of the task's field, as nv_gold_read and nv_schema_collect want it. */
int nv_gold_reader_room(nv_gold_reader *reader, size_t task, const nv_article *article, size_t *capacity, nv_error *err);

/* Adds the article that reader has read, with row `row` of answers, to predictions; *index is its number there. */
int nv_answers_judge(const nv_answers *answers, size_t row, const nv_gold_reader *reader, const nv_article *article,
                     nv_predictions *predictions, uint32_t *index, nv_error *err);
/* The rows of the tasks alone, for an article that another model's predictions hold as number index. */
int nv_answers_judge_tasks(const nv_answers *answers, size_t row, const nv_gold_reader *reader, const nv_article *article,
                           nv_predictions *predictions, uint32_t index, nv_error *err);

#endif
