/* SPDX-License-Identifier: Apache-2.0
 *
 * reasons.h: why models gave the wrong answers that a report lists (cases.h): the terms that pushed the chosen label and the gold one.
 *
 * They are found while articles go by, since at the end an eval's texts and a cross-validation's models are gone. Which mistakes will be
 * listed is known only then, so the surest ones so far of each answer are explained when they come and forgotten when surer ones push them
 * out: time and memory depend on the number of labels, not of articles.
 *
 * Call order: nv_reasons_init -> nv_reasons_offer for each article -> nv_reasons_find -> nv_reasons_release. One thread at a time.
 */
#ifndef NV_EVAL_REASONS_H
#define NV_EVAL_REASONS_H

#include "eval/answers.h"

/* Terms shown of a score; mistakes kept of each answer: as many as cases.h may list of a task, fewer where a task has many answers (about
 * NV_REASONS_A_TASK in all, so that explaining stays cheap beside judging), at least NV_REASONS_LEAST. */
enum { NV_REASON_TERMS = 6, NV_REASONS_AN_ANSWER = 40, NV_REASONS_A_TASK = 120, NV_REASONS_LEAST = 2 };

typedef struct nv_reason_term {
	nv_str text; /* at most NV_REASON_TEXT bytes, cut between characters */
	double value; /* part of the margin */
} nv_reason_term;
enum { NV_REASON_TEXT = 80 };

/* One label's score: bias + terms + rest, added up in this order, is the margin. */
typedef struct nv_push {
	uint32_t label; /* of the task in the schema */
	uint32_t n_term;
	nv_reason_term term[NV_REASON_TERMS]; /* by falling |value| */
	double bias, rest, margin;
} nv_push;

typedef struct nv_reason {
	double certainty; /* of the answer: p, or 1 - p of a no */
	uint32_t article; /* its number */
	uint32_t n_push;
	nv_push push[2];  /* the chosen label, then the gold one if the model has it; of a multilabel task the one label in question */
	char *text;       /* the terms' */
} nv_reason;

typedef struct nv_reason_list {
	nv_reason *item; /* [n] by falling certainty, ties by article; room for its task's quota once there is one */
	uint32_t n;
} nv_reason_list;

typedef struct nv_reasons {
	const nv_schema *schema; /* borrowed */
	nv_reason_list *list; /* [2 * scores of the schema] answer by answer: no and yes to each label; of other tasks yes alone */
} nv_reasons;

int nv_reasons_init(nv_reasons *reasons, const nv_schema *schema, nv_error *err);
void nv_reasons_release(nv_reasons *reasons); /* a zeroed one is fine */

/* An article that answerer's model has answered in row `row` of answers and gold has read; number: its place among the report's articles,
 * all different. What is kept does not depend on the order of the calls. The answerer classifies the article again if it must. */
int nv_reasons_offer(nv_reasons *reasons, nv_answerer *answerer, const nv_answers *answers, size_t row, const nv_gold_reader *gold,
                     const nv_article *article, uint32_t number, nv_error *err);

/* The wrong answer's reason; NULL if none was kept. yes: what the model said of the label; true for tasks of one label an article. */
const nv_reason *nv_reasons_find(const nv_reasons *reasons, size_t task, size_t label, bool yes, uint32_t article);

#endif
