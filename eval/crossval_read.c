/* SPDX-License-Identifier: Apache-2.0
 *
 * Articles of a cross-validation: kept with their labels, then dealt to folds.
 */
#include "base/alloc.h"
#include "data/split.h"
#include "eval/crossval_parts.h"
#include "eval/groups.h"
#include "eval/outcomes.h"

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

static int read_all(nv_crossval_state *state, nv_stream *stream, const nv_progress *progress, nv_error *err)
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

int nv_crossval_read(nv_crossval_state *state, const nv_schema *schema, nv_stream *stream, const nv_progress *progress, nv_error *err)
{
	nv_arena_init(&state->arena);
	int code = nv_schema_copy(&state->schema, schema, err);
	if (code == NV_OK)
		code = nv_gold_reader_init(&state->gold, state->schema, err);
	return code == NV_OK ? read_all(state, stream, progress, err) : code;
}

void nv_crossval_release(nv_crossval_state *state)
{
	nv_answers_release(&state->other_answers);
	nv_answers_release(&state->answers);
	if (state->gold.schema)
		nv_gold_reader_release(&state->gold);
	nv_free(state->stratum);
	nv_free(state->near);
	nv_free(state->group);
	nv_free(state->fold);
	nv_free(state->article);
	nv_arena_release(&state->arena);
	nv_schema_free(state->schema);
}

/* ---- Folds ---- */

/* Fills stratum, by which folds are made alike. */
static int number_strata(nv_crossval_state *state, nv_error *err)
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
			state->stratum[i] = sets.pattern[i];
	}
	if (cell)
		nv_outcomes_release(&sets);
	nv_free(cell);
	return code;
}

int nv_crossval_split(nv_crossval_state *state, nv_error *err)
{
	nv_run_facts *run = &state->report->run;
	bool by_field = state->options->group_by[0] != '\0';
	int code = nv_near_groups(state->article, state->n, state->train, state->n_thread, state->near, err);
	if (code == NV_OK && by_field)
		code =
			nv_field_groups(state->article, state->n, state->options->group_by, state->group, &run->n_ungrouped, err);
	if (code == NV_OK)
		code = number_strata(state, err);
	if (code == NV_OK)
		code = nv_split_folds(state->n, (size_t)state->options->folds, by_field ? state->group : state->near,
		                      state->stratum, (uint64_t)state->options->seed, state->fold, err);
	if (code == NV_OK)
		code = nv_parted_duplicates(state->near, state->fold, state->n, &state->report->arena, &run->overlap, err);
	return code;
}
