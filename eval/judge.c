/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/judge.h"

#include "base/alloc.h"
#include "eval/answers.h"
#include "eval/notes.h"

#include <stdlib.h>
#include <string.h>

typedef struct nv_judging {
	nv_predictions *predictions;
	nv_reasons *reasons; /* NULL: not asked for */
	nv_stream *stream;
	nv_score_map map;
	nv_answerer *answerer; /* [n_thread], then the one that explains */
	nv_answers *answers;   /* [n_slot] of each slot's articles */
	size_t n_slot, n_thread;
	nv_gold_reader gold;
	nv_ticker ticker;
	size_t slot; /* being judged */
} nv_judging;

static int fill_slot(void *context, size_t slot, nv_error *err)
{
	nv_judging *judging = context;
	return nv_stream_fill(judging->stream, slot, err);
}

static int answer_slot(void *context, size_t slot, size_t worker, nv_error *err)
{
	nv_judging *judging = context;
	nv_answers *answers = &judging->answers[slot];
	int code = nv_stream_parse(judging->stream, slot, err);
	if (code != NV_OK)
		return code;
	const nv_batch *batch = nv_stream_batch(judging->stream, slot);
	code = nv_answers_reserve(answers, judging->map.n_score, batch->n, err);
	for (size_t i = 0; code == NV_OK && i < batch->n; i++)
		code = nv_answer(&judging->answerer[worker], &batch->article[i], answers, i, err);
	return code;
}

static int judge_article(void *user, size_t index, nv_error *err)
{
	nv_judging *judging = user;
	const nv_article *article = &nv_stream_batch(judging->stream, judging->slot)->article[index];
	uint32_t number;
	int code = nv_gold_reader_read(&judging->gold, article, err);
	if (code != NV_OK)
		return code;
	const nv_answers *answers = &judging->answers[judging->slot];
	code = nv_answers_judge(answers, index, &judging->gold, article, judging->predictions, &number, err);
	if (code == NV_OK && judging->reasons)
		code = nv_reasons_offer(judging->reasons, &judging->answerer[judging->n_thread], answers, index, &judging->gold,
		                        article, number, err);
	return code;
}

static int judge_slot(void *context, size_t slot, nv_error *err)
{
	nv_judging *judging = context;
	judging->slot = slot;
	int code = nv_stream_walk(judging->stream, slot, judge_article, judging, err);
	return code == NV_OK ? nv_tick(&judging->ticker, nv_stream_batch(judging->stream, slot)->n, err) : code;
}

static int start_judging(nv_judging *judging, const nv_model *model, nv_error *err)
{
	judging->answerer = nv_alloc_zero(judging->n_thread + 1, sizeof *judging->answerer);
	judging->answers = nv_alloc_zero(judging->n_slot, sizeof *judging->answers);
	int code = judging->answerer && judging->answers ? NV_OK : nv_fail_memory(err);
	if (code == NV_OK)
		code = nv_score_map_init(&judging->map, judging->predictions->schema, model, err);
	if (code == NV_OK)
		code = nv_gold_reader_init(&judging->gold, judging->predictions->schema, err);
	for (size_t i = 0; code == NV_OK && i <= judging->n_thread; i++)
		code = nv_answerer_init(&judging->answerer[i], model, &judging->map, err);
	return code == NV_OK ? nv_stream_slots(judging->stream, judging->n_slot, err) : code;
}

static void end_judging(nv_judging *judging)
{
	for (size_t i = 0; judging->answerer && i <= judging->n_thread; i++)
		nv_answerer_release(&judging->answerer[i]);
	for (size_t i = 0; judging->answers && i < judging->n_slot; i++)
		nv_answers_release(&judging->answers[i]);
	if (judging->gold.schema)
		nv_gold_reader_release(&judging->gold);
	nv_score_map_release(&judging->map);
	nv_free(judging->answers);
	nv_free(judging->answerer);
}

int nv_judge_articles(nv_predictions *predictions, nv_reasons *reasons, const nv_model *model, nv_stream *stream,
                      size_t n_thread, const nv_progress *progress, nv_error *err)
{
	nv_judging judging = {.predictions = predictions,
	                      .reasons = reasons,
	                      .stream = stream,
	                      .n_thread = n_thread,
	                      .n_slot = n_thread > 1 ? 3 * n_thread : 1};
	nv_ticker_init(&judging.ticker, progress, "classify", 0);
	int code = start_judging(&judging, model, err);
	if (code == NV_OK) {
		const nv_pipeline pipeline = {n_thread, judging.n_slot, fill_slot, answer_slot, judge_slot, &judging};
		nv_stream_set_ticker(stream, &judging.ticker);
		code = nv_pipeline_run(&pipeline, err);
		nv_stream_set_ticker(stream, NULL);
	}
	end_judging(&judging);
	return code;
}

/* ---- The report ---- */

static bool is_training_article(const nv_model *model, uint64_t fingerprint)
{
	size_t low = 0, high = (size_t)model->n_fingerprint;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (model->fingerprint[middle] < fingerprint)
			low = middle + 1;
		else
			high = middle;
	}
	return fingerprint != 0 && low < model->n_fingerprint && model->fingerprint[low] == fingerprint;
}

static int find_overlap(nv_report *report, const nv_model *model, nv_error *err)
{
	nv_overlap *overlap = &report->run.overlap;
	overlap->checked = model->n_fingerprint > 0;
	overlap->article = nv_arena_alloc(&report->arena, report->predictions.n + 1, sizeof *overlap->article);
	if (!overlap->article)
		return nv_fail_memory(err);
	for (size_t i = 0; i < report->predictions.n; i++)
		if (is_training_article(model, report->predictions.article[i].fingerprint))
			overlap->article[overlap->n++] = (uint32_t)i;
	return NV_OK;
}

static int describe_run(nv_report *report, const nv_model *model, nv_error *err)
{
	const char *metadata = nv_arena_dup(&report->arena, model->metadata);
	if (!metadata)
		return nv_fail_memory(err);
	report->run.model = (nv_str){metadata, model->metadata.len};
	report->run.n_training = model->n_fingerprint;
	return find_overlap(report, model, err);
}

/* No row at all, though there are articles: the wrong fields, most likely. */
static int check_labelled(const nv_predictions *predictions, nv_error *err)
{
	for (size_t t = 0; t < predictions->schema->n_task; t++)
		if (predictions->task[t].n > 0)
			return NV_OK;
	if (predictions->n == 0)
		return nv_fail(err, NV_E_INPUT, "no article to judge by");
	return nv_fail(err, NV_E_SCHEMA, "none of %zu article%s has a label for any task of the model (first field: \"%s\")",
	               predictions->n, predictions->n == 1 ? "" : "s", predictions->schema->task[0].field);
}

int nv_evaluate_run(nv_report **report, const nv_model *model, nv_stream *stream, const nv_eval_options *options,
                    const nv_progress *progress, const nv_notes *notes, nv_error *err)
{
	nv_report *r = NULL;
	size_t n_thread = options->threads > 0 ? (size_t)options->threads : nv_cores();
	int code = nv_report_new(&r, model->schema, options, err);
	if (code == NV_OK)
		code = nv_judge_articles(&r->predictions, &r->reasons, model, stream, n_thread, progress, err);
	if (code == NV_OK)
		code = check_labelled(&r->predictions, err);
	if (code == NV_OK)
		code = nv_predictions_note(&r->predictions, model, notes, err);
	if (code == NV_OK)
		code = describe_run(r, model, err);
	if (code == NV_OK)
		code = nv_report_compute(r, progress, err);
	if (code != NV_OK) {
		nv_report_destroy(r);
		return code;
	}
	*report = r;
	return NV_OK;
}
