/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/crossval.h"

#include "base/alloc.h"
#include "classify/classify.h"
#include "data/split.h"
#include "eval/answers.h"
#include "eval/groups.h"
#include "eval/notes.h"
#include "train/read.h"

#include <string.h>

enum { NV_ANSWERS_A_JOB = 16 };

typedef struct nv_crossval_state {
	nv_report *report;
	nv_schema *schema; /* owned; labels collected */
	const nv_train_options *train;
	const nv_eval_options *options;
	const nv_notes *notes;
	size_t n_thread;
	nv_arena arena;      /* the articles */
	nv_article *article; /* [n] */
	size_t n, cap;
	uint32_t *fold, *group, *near; /* [n] */
	nv_answers answers;            /* [n] */
	nv_gold_reader gold;
} nv_crossval_state;

/* ---- Reading: articles are kept, labels collected ---- */

typedef struct nv_reading {
	nv_crossval_state *state;
	nv_stream *stream;
	nv_ticker ticker;
} nv_reading;

/* All tasks are read before any label is collected, so that an article that is left out leaves none behind. */
static int collect_labels(nv_crossval_state *state, const nv_article *article, nv_error *err)
{
	int code = nv_gold_check(state->schema, article, err);
	for (size_t t = 0; code == NV_OK && t < state->schema->n_task; t++) {
		size_t capacity;
		code = nv_gold_reader_room(&state->gold, t, article, &capacity, err);
		if (code == NV_OK)
			code = nv_schema_collect(state->schema, t, article, &state->gold.gold[t], capacity, err);
	}
	return code;
}

static int keep_article(void *user, size_t index, nv_error *err)
{
	nv_reading *reading = user;
	nv_crossval_state *state = reading->state;
	const nv_article *article = &nv_stream_batch(reading->stream, 0)->article[index];
	int code = collect_labels(state, article, err);
	if (code != NV_OK)
		return code;
	if (state->n >= UINT32_MAX - 1 || !nv_grow(&state->article, &state->cap, state->n + 1, sizeof *state->article))
		return nv_fail_memory(err);
	code = nv_article_copy(&state->arena, article, &state->article[state->n], err);
	state->n += code == NV_OK ? 1 : 0;
	return code;
}

static int read_articles(nv_crossval_state *state, nv_stream *stream, const nv_progress *progress, nv_error *err)
{
	nv_reading reading = {.state = state, .stream = stream};
	int code = nv_stream_slots(stream, 1, err), filled = 0;
	nv_ticker_init(&reading.ticker, progress, "read", 0);
	nv_stream_set_ticker(stream, &reading.ticker);
	while (code == NV_OK && (filled = nv_stream_fill(stream, 0, err)) > 0) {
		code = nv_stream_parse(stream, 0, err);
		if (code == NV_OK)
			code = nv_stream_walk(stream, 0, keep_article, &reading, err);
		if (code == NV_OK)
			code = nv_tick(&reading.ticker, nv_stream_batch(stream, 0)->n, err);
	}
	nv_stream_set_ticker(stream, NULL);
	if (code == NV_OK)
		code = filled;
	if (code == NV_OK && state->n == 0)
		code = nv_fail(err, NV_E_INPUT, "no article to train on");
	return code;
}

/* ---- Folds ---- */

/* stratum[n]: one number for each set of gold labels of the first task, so that folds are alike. */
static int strata(nv_crossval_state *state, uint32_t *stratum, nv_error *err)
{
	nv_outcomes sets;
	nv_cell *cell = nv_alloc(state->schema->task[0].n_label + 1, sizeof *cell);
	int code = cell ? nv_outcomes_init(&sets, state->schema->task[0].n_label, err) : nv_fail_memory(err);
	for (size_t i = 0; code == NV_OK && i < state->n; i++) {
		code = nv_gold_reader_read(&state->gold, &state->article[i], err);
		const nv_gold *gold = &state->gold.gold[0];
		for (size_t l = 0; code == NV_OK && l < gold->n_label; l++)
			cell[l] = NV_CELL(gold->label[l], true, false);
		if (code == NV_OK)
			code = nv_outcomes_add(&sets, cell, gold->n_label, err);
		if (code == NV_OK)
			stratum[i] = sets.pattern[i];
	}
	if (cell)
		nv_outcomes_release(&sets);
	nv_free(cell);
	return code;
}

static int make_folds(nv_crossval_state *state, nv_error *err)
{
	nv_run_facts *run = &state->report->run;
	bool by_field = state->options->group_by[0] != '\0';
	int code = nv_near_groups(state->article, state->n, state->train, state->n_thread, state->near, err);
	if (code == NV_OK && by_field)
		code =
			nv_field_groups(state->article, state->n, state->options->group_by, state->group, &run->n_ungrouped, err);
	uint32_t *stratum = nv_alloc(state->n, sizeof *stratum);
	if (code == NV_OK)
		code = stratum ? strata(state, stratum, err) : nv_fail_memory(err);
	if (code == NV_OK)
		code = nv_split_folds(state->n, (size_t)state->options->folds, by_field ? state->group : state->near, stratum,
		                      (uint64_t)state->options->seed, state->fold, err);
	if (code == NV_OK)
		code = nv_parted_duplicates(state->near, state->fold, state->n, &state->report->arena, &run->overlap, err);
	nv_free(stratum);
	return code;
}

/* ---- One fold ---- */

typedef struct nv_fold_side {
	const nv_crossval_state *state;
	size_t at;
	uint32_t fold;
} nv_fold_side;

static int next_training_article(void *user, nv_article *article, nv_error *err)
{
	nv_fold_side *side = user;
	(void)err;
	while (side->at < side->state->n && side->state->fold[side->at] == side->fold)
		side->at++;
	if (side->at == side->state->n)
		return 0;
	*article = side->state->article[side->at++];
	return 1;
}

static int train_fold(const nv_crossval_state *state, uint32_t fold, const nv_progress *progress, nv_model **model,
                      nv_error *err)
{
	nv_fold_side side = {state, 0, fold};
	nv_trainer *trainer = NULL;
	nv_stream *stream = NULL;
	int code = nv_trainer_new(&trainer, state->schema, state->train, err);
	if (code == NV_OK)
		code = nv_stream_from_articles(&stream, (nv_articles){next_training_article, &side}, err);
	if (code == NV_OK)
		code = nv_trainer_read(trainer, stream, state->n_thread, progress, err);
	if (code == NV_OK)
		code = nv_trainer_fit(trainer, progress, NULL, model, err);
	nv_stream_close(stream);
	nv_trainer_free(trainer);
	return code;
}

typedef struct nv_answering {
	nv_crossval_state *state;
	uint32_t *held; /* [n_held] */
	size_t n_held;
	nv_answerer *answerer; /* [n_thread] */
} nv_answering;

static int answer_some(void *context, size_t item, size_t worker, nv_error *err)
{
	nv_answering *a = context;
	int code = NV_OK;
	for (size_t i = item * NV_ANSWERS_A_JOB; code == NV_OK && i < a->n_held && i < (item + 1) * NV_ANSWERS_A_JOB; i++)
		code = nv_answer(&a->answerer[worker], &a->state->article[a->held[i]], &a->state->answers, a->held[i], err);
	return code;
}

/* The held-out side, into the rows of its articles. */
static int answer_fold(nv_crossval_state *state, uint32_t fold, const nv_model *model, nv_error *err)
{
	nv_score_map map = {0};
	nv_answering a = {state, nv_alloc(state->n, sizeof *a.held), 0, nv_alloc_zero(state->n_thread, sizeof *a.answerer)};
	int code = a.held && a.answerer ? nv_score_map_init(&map, state->schema, model, err) : nv_fail_memory(err);
	for (size_t i = 0; code == NV_OK && i < state->n_thread; i++)
		code = nv_answerer_init(&a.answerer[i], model, &map, err);
	for (size_t i = 0; code == NV_OK && i < state->n; i++)
		if (state->fold[i] == fold)
			a.held[a.n_held++] = (uint32_t)i;
	if (code == NV_OK)
		code = nv_parallel_for(state->n_thread, (a.n_held + NV_ANSWERS_A_JOB - 1) / NV_ANSWERS_A_JOB, answer_some, &a,
		                       err);
	for (size_t i = 0; a.answerer && i < state->n_thread; i++)
		nv_answerer_release(&a.answerer[i]);
	nv_score_map_release(&map);
	nv_free(a.answerer);
	nv_free(a.held);
	return code;
}

/* Whatever phase a fold's training is in, what is told is which fold. */
typedef struct nv_fold_progress {
	const nv_progress *outer;
	uint64_t fold, n_fold;
} nv_fold_progress;

static int report_fold(void *user, const char *phase, uint64_t done, uint64_t total)
{
	const nv_fold_progress *progress = user;
	(void)phase;
	(void)done;
	(void)total;
	return progress->outer->report(progress->outer->user, "fit", progress->fold, progress->n_fold);
}

static int run_fold(nv_crossval_state *state, uint32_t fold, const nv_progress *progress, nv_error *err)
{
	nv_fold_progress numbers = {progress, fold, (uint64_t)state->options->folds};
	const nv_progress inner = {report_fold, &numbers};
	nv_model *model = NULL;
	int code = train_fold(state, fold, progress && progress->report ? &inner : NULL, &model, err);
	if (code == NV_OK)
		code = answer_fold(state, fold, model, err);
	nv_model_free(model);
	return code;
}

/* ---- Joining ---- */

static int judge_all(nv_crossval_state *state, nv_error *err)
{
	nv_predictions *predictions = &state->report->predictions;
	int code = NV_OK;
	for (size_t i = 0; code == NV_OK && i < state->n; i++) {
		uint32_t index;
		code = nv_gold_reader_read(&state->gold, &state->article[i], err);
		if (code == NV_OK)
			code = nv_answers_judge(&state->answers, i, &state->gold, &state->article[i], predictions, &index, err);
		if (code == NV_OK)
			predictions->article[index].fold = state->fold[i];
	}
	return code;
}

static int describe_run(nv_crossval_state *state, nv_error *err)
{
	nv_run_facts *run = &state->report->run;
	nv_buf buf = NV_BUF_INIT;
	nv_json_writer w;
	run->crossval = true;
	run->n_fold = (size_t)state->options->folds;
	run->group_by = state->options->group_by[0] ? state->report->options.group_by : NULL;
	nv_json_begin(&w, &buf, 0);
	nv_json_open(&w, '{');
	nv_json_key(&w, "options");
	nv_json_open(&w, '{');
	nv_option_save(nv_train_rows, nv_n_train_rows, state->train, &w);
	nv_json_close(&w, '}');
	nv_json_close(&w, '}');
	const char *copy = buf.failed ? NULL : nv_arena_dup(&state->report->arena, (nv_str){buf.ptr, buf.len});
	run->model = (nv_str){copy, buf.len};
	nv_buf_release(&buf);
	return copy ? NV_OK : nv_fail_memory(err);
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
	nv_arena_init(&state->arena);
	int code = nv_schema_copy(&state->schema, schema, err);
	if (code == NV_OK)
		code = nv_gold_reader_init(&state->gold, state->schema, err);
	if (code == NV_OK)
		code = read_articles(state, stream, progress, err);
	if (code == NV_OK)
		code = freeze_schema(state, err);
	if (code != NV_OK)
		return code;
	state->fold = nv_alloc(state->n, sizeof *state->fold);
	state->group = nv_alloc(state->n, sizeof *state->group);
	state->near = nv_alloc(state->n, sizeof *state->near);
	if (!state->fold || !state->group || !state->near)
		return nv_fail_memory(err);
	return nv_answers_reserve(&state->answers, nv_schema_scores(state->schema), state->n, err);
}

static void release(nv_crossval_state *state)
{
	nv_answers_release(&state->answers);
	if (state->gold.schema)
		nv_gold_reader_release(&state->gold);
	nv_free(state->near);
	nv_free(state->group);
	nv_free(state->fold);
	nv_free(state->article);
	nv_arena_release(&state->arena);
	nv_schema_free(state->schema);
}

int nv_crossval_run(nv_report **report, const nv_schema *schema, const nv_train_options *train,
                    const nv_eval_options *options, nv_stream *stream, const nv_progress *progress,
                    const nv_notes *notes, nv_error *err)
{
	nv_crossval_state state = {.train = train, .options = options, .notes = notes};
	state.n_thread = options->threads > 0 ? (size_t)options->threads : nv_cores();
	int code = start(&state, schema, stream, progress, err);
	if (code == NV_OK)
		code = describe_run(&state, err);
	if (code == NV_OK)
		code = make_folds(&state, err);
	for (uint32_t fold = 0; code == NV_OK && fold < (uint32_t)options->folds; fold++)
		code = run_fold(&state, fold, progress, err);
	if (code == NV_OK)
		code = judge_all(&state, err);
	if (code == NV_OK)
		code = nv_predictions_note(&state.report->predictions, NULL, notes, err);
	if (code == NV_OK)
		code = nv_report_compute(state.report, progress, err);
	release(&state);
	if (code != NV_OK) {
		nv_report_destroy(state.report);
		return code;
	}
	*report = state.report;
	return NV_OK;
}
