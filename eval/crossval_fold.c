/* SPDX-License-Identifier: Apache-2.0
 *
 * One fold: a model from the other folds' articles, and its answers to the fold's own.
 */
#include "base/alloc.h"
#include "classify/classify.h"
#include "eval/crossval_parts.h"
#include "eval/search.h"

enum { NV_ANSWERS_A_JOB = 16 };

static int train_fold(const nv_crossval_state *state, uint32_t fold, const nv_fold_job *job,
                      const nv_progress *progress, nv_model **model, nv_error *err)
{
	nv_article *learnt = nv_alloc(state->n, sizeof *learnt);
	size_t n = 0;
	if (!learnt)
		return nv_fail_memory(err);
	for (size_t i = 0; i < state->n; i++)
		if (state->fold[i] != fold && (!job->part || job->part[i]))
			learnt[n++] = state->article[i];
	int code = nv_search_train(model, state->schema, job->train, learnt, n, progress, NULL, err);
	nv_free(learnt);
	return code;
}

typedef struct nv_answering {
	const nv_article *article;
	nv_answers *answers;
	uint32_t *held; /* [n_held] */
	size_t n_held;
	nv_answerer *answerer; /* [n_thread] */
} nv_answering;

static int answer_some(void *context, size_t item, size_t worker, nv_error *err)
{
	nv_answering *a = context;
	int code = NV_OK;
	for (size_t i = item * NV_ANSWERS_A_JOB; code == NV_OK && i < a->n_held && i < (item + 1) * NV_ANSWERS_A_JOB; i++)
		code = nv_answer(&a->answerer[worker], &a->article[a->held[i]], a->answers, a->held[i], err);
	return code;
}

/* Why the model made its mistakes on the held-out side; numbers are the articles' places, as they will be in the report. */
static int explain_held(nv_crossval_state *state, const nv_answering *a, nv_reasons *reasons, nv_error *err)
{
	int code = NV_OK;
	for (size_t i = 0; code == NV_OK && i < a->n_held; i++) {
		const nv_article *article = &state->article[a->held[i]];
		code = nv_gold_reader_read(&state->gold, article, err);
		if (code == NV_OK)
			code = nv_reasons_offer(reasons, &a->answerer[0], a->answers, a->held[i], &state->gold, article, a->held[i],
			                        err);
	}
	return code;
}

/* The held-out side, into the rows of its articles. */
static int answer_fold(nv_crossval_state *state, uint32_t fold, const nv_fold_job *job, const nv_model *model,
                       nv_error *err)
{
	nv_score_map map = {0};
	nv_answering a = {state->article, job->answers, nv_alloc(state->n, sizeof *a.held), 0,
	                  nv_alloc_zero(state->n_thread, sizeof *a.answerer)};
	int code = a.held && a.answerer ? nv_score_map_init(&map, state->schema, model, err) : nv_fail_memory(err);
	for (size_t i = 0; code == NV_OK && i < state->n_thread; i++)
		code = nv_answerer_init(&a.answerer[i], model, &map, err);
	for (size_t i = 0; code == NV_OK && i < state->n; i++)
		if (state->fold[i] == fold)
			a.held[a.n_held++] = (uint32_t)i;
	if (code == NV_OK)
		code = nv_parallel_for(state->n_thread, (a.n_held + NV_ANSWERS_A_JOB - 1) / NV_ANSWERS_A_JOB, answer_some, &a,
		                       err);
	if (code == NV_OK && job->reasons)
		code = explain_held(state, &a, job->reasons, err);
	for (size_t i = 0; a.answerer && i < state->n_thread; i++)
		nv_answerer_release(&a.answerer[i]);
	nv_score_map_release(&map);
	nv_free(a.answerer);
	nv_free(a.held);
	return code;
}

int nv_crossval_fold(nv_crossval_state *state, uint32_t fold, const nv_fold_job *job, const nv_progress *progress,
                     nv_error *err)
{
	nv_model *model = NULL;
	int code = train_fold(state, fold, job, progress, &model, err);
	if (code == NV_OK)
		code = answer_fold(state, fold, job, model, err);
	nv_model_free(model);
	return code;
}
