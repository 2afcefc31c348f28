/* SPDX-License-Identifier: Apache-2.0
 *
 * The runs behind a learning curve. Each fold's training articles are dealt to slices as articles are to folds: groups stay whole, labels are
 * spread evenly, the seed decides. A share is the first slices, so that what a smaller share learns from is part of every larger one.
 */
#include "base/alloc.h"
#include "data/split.h"
#include "eval/crossval_parts.h"

#include <string.h>

typedef struct nv_learner {
	nv_crossval_state *state;
	nv_answers answers;                       /* [n] */
	uint8_t *slice, *part;                    /* [n] of a fold's training articles */
	uint32_t *item, *group, *stratum, *dealt; /* [n] the training articles by themselves */
	nv_fold_progress progress;
} nv_learner;

/* ---- Slices ---- */

static size_t count_groups(const uint32_t *group, size_t n, uint8_t *seen)
{
	size_t n_group = 0;
	for (size_t i = 0; i < n; i++)
		seen[group[i]] = 0;
	for (size_t i = 0; i < n; i++) {
		n_group += !seen[group[i]];
		seen[group[i]] = 1;
	}
	return n_group;
}

/* Fills slice for the articles outside of fold. With fewer groups than slices some shares are alike. */
static int deal_slices(nv_learner *learner, uint32_t fold, nv_error *err)
{
	const nv_crossval_state *state = learner->state;
	const uint32_t *group = state->options->group_by[0] ? state->group : state->near;
	size_t n = 0;
	for (size_t i = 0; i < state->n; i++) {
		if (state->fold[i] == fold)
			continue;
		learner->item[n] = (uint32_t)i;
		learner->group[n] = group[i];
		learner->stratum[n++] = state->stratum[i];
	}
	size_t n_group = count_groups(learner->group, n, learner->part),
		   k = n_group < NV_LEARNING_SLICES ? n_group : NV_LEARNING_SLICES;
	int code = NV_OK;
	memset(learner->dealt, 0, state->n * sizeof *learner->dealt);
	if (k >= 2)
		code = nv_split_folds(n, k, learner->group, learner->stratum, (uint64_t)state->options->seed + 1 + fold,
		                      learner->dealt, err);
	/* k slices stand for NV_LEARNING_SLICES, evenly. */
	for (size_t i = 0; code == NV_OK && i < n; i++)
		learner->slice[learner->item[i]] = (uint8_t)((size_t)learner->dealt[i] * NV_LEARNING_SLICES / (k ? k : 1));
	return code;
}

/* Fills part, and adds what it holds to the tasks' numbers of articles. */
static int take_share(nv_learner *learner, uint32_t fold, size_t point, nv_error *err)
{
	nv_crossval_state *state = learner->state;
	int code = deal_slices(learner, fold, err);
	for (size_t i = 0; code == NV_OK && i < state->n; i++) {
		learner->part[i] = state->fold[i] != fold && learner->slice[i] < nv_learning_slices[point];
		if (!learner->part[i])
			continue;
		code = nv_gold_reader_read(&state->gold, &state->article[i], err);
		for (size_t t = 0; code == NV_OK && t < state->schema->n_task; t++)
			if (state->gold.gold[t].labelled)
				state->report->learning[t].point[point].articles += 1 / (double)state->options->folds;
	}
	return code;
}

/* ---- One share ---- */

static int run_folds(nv_learner *learner, size_t point, nv_error *err)
{
	const nv_progress inner = {nv_fold_report, &learner->progress};
	const nv_fold_job job = {learner->state->train, learner->part, &learner->answers, NULL};
	int code = NV_OK;
	for (uint32_t fold = 0; code == NV_OK && fold < (uint32_t)learner->state->options->folds; fold++) {
		code = take_share(learner, fold, point, err);
		if (code == NV_OK)
			code = nv_crossval_fold(learner->state, fold, &job, learner->progress.outer ? &inner : NULL, err);
		learner->progress.fold++;
	}
	return code;
}

static int judge_share(nv_learner *learner, size_t point, const nv_predictions *predictions,
                       const nv_figure_options *options, nv_error *err)
{
	nv_report *report = learner->state->report;
	int code = NV_OK;
	for (size_t t = 0; code == NV_OK && t < report->schema->n_task; t++) {
		nv_arena arena;
		nv_task_figures figures;
		nv_arena_init(&arena);
		nv_figure_options plain = *options;
		plain.draws = 0;
		code = nv_task_figures_compute(&figures, &report->schema->task[t], &predictions->task[t], &plain, &arena, NULL,
		                               err);
		if (code == NV_OK)
			nv_learning_take(&report->learning[t].point[point], &figures);
		if (code == NV_OK && point + 2 == NV_LEARNING_POINTS)
			code = nv_learning_conclude(&report->learning[t], &report->schema->task[t], &predictions->task[t],
			                            &report->predictions.task[t], options, &report->arena, err);
		nv_task_figures_release(&figures);
		nv_arena_release(&arena);
	}
	return code;
}

static int run_share(nv_learner *learner, size_t point, const nv_figure_options *options, nv_error *err)
{
	nv_predictions predictions;
	int code = nv_predictions_init(&predictions, learner->state->report->schema, err);
	if (code == NV_OK)
		code = run_folds(learner, point, err);
	if (code == NV_OK)
		code = nv_crossval_judge(learner->state, &learner->answers, &predictions, err);
	if (code == NV_OK)
		code = judge_share(learner, point, &predictions, options, err);
	nv_predictions_release(&predictions);
	return code;
}

/* ---- All ---- */

/* The point of all training articles is the report's own; every article trains all folds but one. */
static void take_all(nv_learner *learner)
{
	nv_report *report = learner->state->report;
	double folds = (double)report->options.folds;
	for (size_t t = 0; t < report->schema->n_task; t++) {
		nv_learning_point *all = &report->learning[t].point[NV_LEARNING_POINTS - 1];
		nv_learning_take(all, &report->task[t]);
		all->articles = (double)report->task[t].n * (folds - 1) / folds;
		for (size_t p = 0; p < NV_LEARNING_POINTS; p++)
			report->learning[t].point[p].share = (double)nv_learning_slices[p] / NV_LEARNING_SLICES;
	}
}

static int start(nv_learner *learner, nv_error *err)
{
	nv_crossval_state *state = learner->state;
	size_t n = state->n, n_task = state->schema->n_task;
	nv_report *report = state->report;
	report->learning = nv_arena_alloc(&report->arena, n_task, sizeof *report->learning);
	learner->slice = nv_alloc_zero(n, 1);
	learner->part = nv_alloc_zero(n, 1);
	learner->item = nv_alloc(n, sizeof *learner->item);
	learner->group = nv_alloc(n, sizeof *learner->group);
	learner->stratum = nv_alloc(n, sizeof *learner->stratum);
	learner->dealt = nv_alloc(n, sizeof *learner->dealt);
	if (!report->learning || !learner->slice || !learner->part || !learner->item || !learner->group ||
	    !learner->stratum || !learner->dealt)
		return nv_fail_memory(err);
	memset(report->learning, 0, n_task * sizeof *report->learning);
	return nv_answers_reserve(&learner->answers, nv_schema_scores(state->schema), n, err);
}

static void release(nv_learner *learner)
{
	nv_answers_release(&learner->answers);
	nv_free(learner->dealt);
	nv_free(learner->stratum);
	nv_free(learner->group);
	nv_free(learner->item);
	nv_free(learner->part);
	nv_free(learner->slice);
}

int nv_crossval_learn(nv_crossval_state *state, const nv_progress *progress, nv_error *err)
{
	nv_learner learner = {.state = state};
	nv_figure_options options = nv_eval_figure_options(state->options);
	learner.progress = (nv_fold_progress){progress && progress->report ? progress : NULL, "learn", 0,
	                                      (NV_LEARNING_POINTS - 1) * (uint64_t)state->options->folds};
	int code = start(&learner, err);
	if (code == NV_OK)
		take_all(&learner);
	for (size_t p = 0; code == NV_OK && p + 1 < NV_LEARNING_POINTS; p++)
		code = run_share(&learner, p, &options, err);
	release(&learner);
	return code;
}
