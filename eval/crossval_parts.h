/* SPDX-License-Identifier: Apache-2.0
 *
 * crossval_parts.h: what the parts of a cross-validation share. Inside eval/ only: crossval.c calls crossval_read.c (articles and folds), then
 * crossval_fold.c for each fold, then crossval_learn.c where a learning curve is wanted.
 */
#ifndef NV_EVAL_CROSSVAL_PARTS_H
#define NV_EVAL_CROSSVAL_PARTS_H

#include "eval/answers.h"
#include "eval/crossval.h"

typedef struct nv_crossval_state {
	nv_report *report;
	nv_schema *schema; /* owned; labels collected */
	const nv_train_options *train;
	const nv_train_options *other; /* to compare with those; NULL: none */
	const nv_eval_options *options;
	const nv_notes *notes;
	size_t n_thread;
	nv_arena arena;      /* the articles */
	nv_article *article; /* [n] */
	size_t n, cap;
	uint32_t *fold, *group, *near; /* [n] */
	uint32_t *stratum;             /* [n] one number for each set of gold labels of the first task */
	nv_answers answers;            /* [n] */
	nv_answers other_answers;      /* [n] of the models trained with other */
	nv_gold_reader gold;
} nv_crossval_state;

/* Keeps all articles of the stream and collects labels in a copy of schema: schema, gold, arena, article and n of a zeroed state. A label error
 * of an article counts as a bad record of the stream. Release the state whatever comes of it. */
int nv_crossval_read(nv_crossval_state *state, const nv_schema *schema, nv_stream *stream, const nv_progress *progress, nv_error *err);
void nv_crossval_release(nv_crossval_state *state); /* all but the report */
/* Fills fold, group, near and the report's overlap; labels are frozen. */
int nv_crossval_split(nv_crossval_state *state, nv_error *err);

/* What a fold's model learns from, and where its answers go. */
typedef struct nv_fold_job {
	const nv_train_options *train;
	const uint8_t *part; /* [n] 0: not to be learnt from; NULL: all may be */
	nv_answers *answers; /* room for n articles; the rows of the fold's own are filled */
	nv_reasons *reasons; /* NULL: none wanted */
} nv_fold_job;
/* Trains on the articles outside of fold and answers those in it. */
int nv_crossval_fold(nv_crossval_state *state, uint32_t fold, const nv_fold_job *job, const nv_progress *progress, nv_error *err);
/* Joins all articles' gold values with their answers. */
int nv_crossval_judge(nv_crossval_state *state, const nv_answers *answers, nv_predictions *predictions, nv_error *err);
/* Trains on shares of each fold's articles and fills report->learning; of a computed report. */
int nv_crossval_learn(nv_crossval_state *state, const nv_progress *progress, nv_error *err);

/* A progress callback for nv_crossval_fold: whatever phase a fold's training is in, what is told is which fold. */
typedef struct nv_fold_progress {
	const nv_progress *outer; /* with a callback */
	const char *phase;
	uint64_t fold, n_fold;
} nv_fold_progress;
int nv_fold_report(void *user, const char *phase, uint64_t done, uint64_t total);

#endif
