/* SPDX-License-Identifier: Apache-2.0
 *
 * candidates.h: what a search tries (search.h), and how each did. For eval/search.c.
 */
#ifndef NV_EVAL_CANDIDATES_H
#define NV_EVAL_CANDIDATES_H

#include "base/str.h"
#include "eval/interval.h"
#include "train/train.h"

enum { NV_SEARCH_DRAWS = 1000 };

typedef struct nv_candidate {
	nv_train_options options;
	nv_figure *score; /* [n_task] NaN: the task has no such figure */
	double
		*draw; /* [n_task][NV_SEARCH_DRAWS] bootstrap draws of it; draw d takes the same articles for every candidate */
} nv_candidate;

typedef struct nv_candidates {
	nv_candidate *item; /* [n] simplest first */
	size_t n, n_task;
} nv_candidates;

/* All that `options` ask to try; without scores. */
int nv_candidates_init(nv_candidates *candidates, const nv_train_options *options, size_t n_task, nv_error *err);
void nv_candidates_release(nv_candidates *candidates); /* a zeroed one is fine */

/* How far candidate i's figure for the task lies below candidate k's. */
int nv_candidates_behind(const nv_candidates *candidates, size_t task, size_t i, size_t k, nv_figure *behind,
                         nv_error *err);
/* The candidate with the best figure (the first of equals), and the one to take; without any figure both are the default
 * (blend, or the one algorithm given). */
int nv_candidates_choose(const nv_candidates *candidates, size_t task, size_t *best, size_t *chosen, nv_error *err);

/* "svm, c 0.25, balanced": the candidate's own options for a task of that kind. Appends to out. */
void nv_candidate_name(const nv_candidate *candidate, const nv_task *task, nv_buf *out);

/* Chooses for every task: chosen[n_task]; what was tried and chosen is told by notes and appended to json as {"folds", "tasks": {TASK:
 * {"measure", "tried": {NAME: {"value", "low", "high", "behind_best": {…}}}, "chosen": NAME}}}. */
int nv_candidates_record(const nv_candidates *candidates, const nv_schema *schema, uint64_t folds, size_t *chosen,
                         nv_buf *json, const nv_notes *notes, nv_error *err);

#endif
