/* SPDX-License-Identifier: Apache-2.0
 *
 * predictions.h: gold and predicted values of many articles, task by task: what every figure of a report is made of. Filled by
 * eval/judge.h (a model on labelled articles) and eval/crossval.h (out-of-fold), or by hand (nv_metrics).
 */
#ifndef NV_EVAL_PREDICTIONS_H
#define NV_EVAL_PREDICTIONS_H

#include "base/arena.h"
#include "data/schema.h"

typedef struct nv_judged_article {
	nv_str id, title, snippet, date, source; /* snippet: the first 200 bytes or so of the text, whole words */
	const char *path;
	uint64_t line;
	uint64_t fingerprint;
	float coverage; /* NaN when unknown */
	uint32_t fold;
} nv_judged_article;

/* A gold label that the model lacks: a miss. */
typedef struct nv_unknown_gold {
	uint32_t article;
	nv_str label;
} nv_unknown_gold;

typedef struct nv_task_predictions {
	size_t n, cap;
	size_t n_label;
	uint32_t *article; /* [n] index into predictions->article */
	uint8_t *gold;     /* [n][n_label] 0 or 1 */
	uint8_t *chosen;   /* [n][n_label] */
	double *p;         /* [n][n_label] */
	double *margin;    /* [n][n_label] */
	nv_unknown_gold *unknown; /* [n_unknown] */
	size_t n_unknown, cap_unknown;
} nv_task_predictions;

typedef struct nv_predictions {
	nv_arena arena;
	const nv_schema *schema;      /* with labels; borrowed */
	nv_judged_article *article;   /* [n] */
	size_t n, cap;
	nv_task_predictions *task;    /* [schema->n_task] */
} nv_predictions;

int nv_predictions_init(nv_predictions *predictions, const nv_schema *schema, nv_error *err);
void nv_predictions_release(nv_predictions *predictions);
/* Copies what a report shows of the article; *index is its number. */
int nv_predictions_add_article(nv_predictions *predictions, const nv_article *article, uint32_t *index, nv_error *err);
/* One labelled article of one task; arrays of the task's n_label. */
int nv_predictions_add(nv_predictions *predictions, size_t task, uint32_t article, const uint8_t *gold, const uint8_t *chosen,
                       const double *p, const double *margin, nv_error *err);
int nv_predictions_add_unknown(nv_predictions *predictions, size_t task, uint32_t article, nv_str label, nv_error *err);

#endif
