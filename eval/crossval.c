/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/crossval.h"

#include "base/alloc.h"
#include "eval/compare.h"
#include "eval/crossval_parts.h"
#include "eval/notes.h"

int nv_fold_report(void *user, const char *phase, uint64_t done, uint64_t total)
{
	const nv_fold_progress *progress = user;
	(void)phase;
	(void)done;
	(void)total;
	return progress->outer->report(progress->outer->user, progress->phase, progress->fold, progress->n_fold);
}

static int run_job(nv_crossval_state *state, uint32_t fold, const nv_fold_job *job, uint64_t done,
                   const nv_progress *progress, nv_error *err)
{
	nv_fold_progress numbers = {progress, "fit", done, (uint64_t)state->options->folds * (state->other ? 2 : 1)};
	const nv_progress inner = {nv_fold_report, &numbers};
	return nv_crossval_fold(state, fold, job, progress && progress->report ? &inner : NULL, err);
}

static int run_fold(nv_crossval_state *state, uint32_t fold, const nv_progress *progress, nv_error *err)
{
	const nv_fold_job job = {state->train, NULL, &state->answers, &state->report->reasons},
					  other = {state->other, NULL, &state->other_answers, NULL};
	if (!state->other)
		return run_job(state, fold, &job, fold, progress, err);
	int code = run_job(state, fold, &job, 2 * (uint64_t)fold, progress, err);
	return code == NV_OK ? run_job(state, fold, &other, 2 * (uint64_t)fold + 1, progress, err) : code;
}

/* ---- Joining ---- */

int nv_crossval_judge(nv_crossval_state *state, const nv_answers *answers, nv_predictions *predictions, nv_error *err)
{
	int code = NV_OK;
	for (size_t i = 0; code == NV_OK && i < state->n; i++) {
		uint32_t index;
		code = nv_gold_reader_read(&state->gold, &state->article[i], err);
		if (code == NV_OK)
			code = nv_answers_judge(answers, i, &state->gold, &state->article[i], predictions, &index, err);
		if (code == NV_OK)
			predictions->article[index].fold = state->fold[i];
	}
	return code;
}

/* The answers of the models that the report is compared with; articles have the same numbers as in the report. */
static int judge_other(nv_crossval_state *state, nv_error *err)
{
	int code = NV_OK;
	for (size_t i = 0; code == NV_OK && i < state->n; i++) {
		code = nv_gold_reader_read(&state->gold, &state->article[i], err);
		if (code == NV_OK)
			code = nv_answers_judge_tasks(&state->other_answers, i, &state->gold, &state->article[i],
			                              &state->report->comparison->other, (uint32_t)i, err);
	}
	return code;
}

/* {"options": {…}}, as a model's own record has them. */
static int describe_options(nv_arena *arena, const nv_train_options *train, nv_str *json, nv_error *err)
{
	nv_buf buf = NV_BUF_INIT;
	nv_json_writer w;
	nv_json_begin(&w, &buf, 0);
	nv_json_open(&w, '{');
	nv_json_key(&w, "options");
	nv_json_open(&w, '{');
	nv_option_save(nv_train_rows, nv_n_train_rows, train, &w);
	nv_json_close(&w, '}');
	nv_json_close(&w, '}');
	const char *copy = buf.failed ? NULL : nv_arena_dup(arena, (nv_str){buf.ptr, buf.len});
	*json = (nv_str){copy, buf.len};
	nv_buf_release(&buf);
	return copy ? NV_OK : nv_fail_memory(err);
}

static int describe_run(nv_crossval_state *state, nv_error *err)
{
	nv_run_facts *run = &state->report->run;
	run->crossval = true;
	run->n_fold = (size_t)state->options->folds;
	run->group_by = state->options->group_by[0] ? state->report->options.group_by : NULL;
	int code = describe_options(&state->report->arena, state->train, &run->model, err);
	if (code != NV_OK || !state->other)
		return code;
	const nv_compared_model same = {state->report->schema, NULL};
	code = nv_comparison_begin(state->report, same, same, err);
	if (code == NV_OK)
		code =
			describe_options(&state->report->comparison->arena, state->other, &state->report->comparison->model, err);
	return code;
}

static int freeze_schema(nv_crossval_state *state, nv_error *err)
{
	const uint32_t **place = nv_alloc_zero(state->schema->n_task, sizeof *place);
	int code = place ? nv_schema_freeze(state->schema, place, err) : nv_fail_memory(err);
	nv_free(place);
	/* The reader's room was made for the labels known before. */
	nv_gold_reader_release(&state->gold);
	if (code == NV_OK)
		code = nv_gold_reader_init(&state->gold, state->schema, err);
	return code == NV_OK ? nv_report_new(&state->report, state->schema, state->options, err) : code;
}

static int start(nv_crossval_state *state, const nv_schema *schema, nv_stream *stream, const nv_progress *progress,
                 nv_error *err)
{
	int code = nv_crossval_read(state, schema, stream, progress, err);
	if (code == NV_OK)
		code = freeze_schema(state, err);
	if (code != NV_OK)
		return code;
	state->fold = nv_alloc(state->n, sizeof *state->fold);
	state->group = nv_alloc(state->n, sizeof *state->group);
	state->near = nv_alloc(state->n, sizeof *state->near);
	state->stratum = nv_alloc(state->n, sizeof *state->stratum);
	if (!state->fold || !state->group || !state->near || !state->stratum)
		return nv_fail_memory(err);
	code = nv_answers_reserve(&state->answers, nv_schema_scores(state->schema), state->n, err);
	if (code == NV_OK && state->other)
		code = nv_answers_reserve(&state->other_answers, nv_schema_scores(state->schema), state->n, err);
	return code;
}

int nv_crossval_run(nv_report **report, const nv_schema *schema, const nv_train_options *train,
                    const nv_train_options *other, const nv_eval_options *options, nv_stream *stream,
                    const nv_progress *progress, const nv_notes *notes, nv_error *err)
{
	nv_crossval_state state = {.train = train, .other = other, .options = options, .notes = notes};
	state.n_thread = options->threads > 0 ? (size_t)options->threads : nv_cores();
	int code = start(&state, schema, stream, progress, err);
	if (code == NV_OK)
		code = describe_run(&state, err);
	if (code == NV_OK)
		code = nv_crossval_split(&state, err);
	for (uint32_t fold = 0; code == NV_OK && fold < (uint32_t)options->folds; fold++)
		code = run_fold(&state, fold, progress, err);
	if (code == NV_OK)
		code = nv_crossval_judge(&state, &state.answers, &state.report->predictions, err);
	if (code == NV_OK && state.other)
		code = judge_other(&state, err);
	if (code == NV_OK)
		code = nv_predictions_note(&state.report->predictions, NULL, notes, err);
	if (code == NV_OK)
		code = nv_report_compute(state.report, progress, err);
	if (code == NV_OK && options->learning_curve)
		code = nv_crossval_learn(&state, progress, err);
	nv_crossval_release(&state);
	if (code != NV_OK) {
		nv_report_destroy(state.report);
		return code;
	}
	*report = state.report;
	return NV_OK;
}
