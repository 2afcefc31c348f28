/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/judge.h"

#include "base/alloc.h"
#include "eval/answers.h"
#include "eval/compare.h"
#include "eval/notes.h"

#include <stdlib.h>
#include <string.h>

/* One of the models that judge the same articles. */
typedef struct nv_judge {
	const nv_model *model;
	nv_predictions *predictions;
	nv_score_map map;
	nv_answerer *answerer; /* [n_thread], then the one that explains */
	nv_answers *answers;   /* [n_slot] of each slot's articles */
} nv_judge;

typedef struct nv_judging {
	nv_judge judge[2]; /* [n_judge] the second's predictions hold rows only */
	size_t n_judge;
	size_t *met;         /* articles that the second judge was trained on */
	nv_reasons *reasons; /* of the first judge's worst mistakes */
	nv_stream *stream;
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

static int answer_batch(const nv_judge *judge, const nv_batch *batch, size_t slot, size_t worker, nv_error *err)
{
	int code = nv_answers_reserve(&judge->answers[slot], judge->map.n_score, batch->n, err);
	for (size_t i = 0; code == NV_OK && i < batch->n; i++)
		code = nv_answer(&judge->answerer[worker], &batch->article[i], &judge->answers[slot], i, err);
	return code;
}

static int answer_slot(void *context, size_t slot, size_t worker, nv_error *err)
{
	nv_judging *judging = context;
	int code = nv_stream_parse(judging->stream, slot, err);
	for (size_t j = 0; code == NV_OK && j < judging->n_judge; j++)
		code = answer_batch(&judging->judge[j], nv_stream_batch(judging->stream, slot), slot, worker, err);
	return code;
}

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

/* The second model's rows beside the first's. */
static int judge_again(nv_judging *judging, const nv_article *article, size_t index, uint32_t number, nv_error *err)
{
	const nv_judge *second = &judging->judge[1];
	const nv_answers *answers = &second->answers[judging->slot];
	*judging->met += is_training_article(second->model, answers->fingerprint[index]);
	return nv_answers_judge_tasks(answers, index, &judging->gold, article, second->predictions, number, err);
}

static int judge_article(void *user, size_t index, nv_error *err)
{
	nv_judging *judging = user;
	const nv_judge *first = &judging->judge[0];
	const nv_article *article = &nv_stream_batch(judging->stream, judging->slot)->article[index];
	uint32_t number;
	int code = nv_gold_reader_read(&judging->gold, article, err);
	if (code != NV_OK)
		return code;
	const nv_answers *answers = &first->answers[judging->slot];
	code = nv_answers_judge(answers, index, &judging->gold, article, first->predictions, &number, err);
	if (code == NV_OK)
		code = nv_reasons_offer(judging->reasons, &first->answerer[judging->n_thread], answers, index, &judging->gold,
		                        article, number, err);
	return code == NV_OK && judging->n_judge > 1 ? judge_again(judging, article, index, number, err) : code;
}

static int judge_slot(void *context, size_t slot, nv_error *err)
{
	nv_judging *judging = context;
	judging->slot = slot;
	int code = nv_stream_walk(judging->stream, slot, judge_article, judging, err);
	return code == NV_OK ? nv_tick(&judging->ticker, nv_stream_batch(judging->stream, slot)->n, err) : code;
}

static int start_judge(nv_judge *judge, const nv_judging *judging, nv_error *err)
{
	judge->answerer = nv_alloc_zero(judging->n_thread + 1, sizeof *judge->answerer);
	judge->answers = nv_alloc_zero(judging->n_slot, sizeof *judge->answers);
	int code = judge->answerer && judge->answers ? NV_OK : nv_fail_memory(err);
	if (code == NV_OK)
		code = nv_score_map_init(&judge->map, judge->predictions->schema, judge->model, err);
	for (size_t i = 0; code == NV_OK && i <= judging->n_thread; i++)
		code = nv_answerer_init(&judge->answerer[i], judge->model, &judge->map, err);
	return code;
}

static void end_judge(nv_judge *judge, const nv_judging *judging)
{
	for (size_t i = 0; judge->answerer && i <= judging->n_thread; i++)
		nv_answerer_release(&judge->answerer[i]);
	for (size_t i = 0; judge->answers && i < judging->n_slot; i++)
		nv_answers_release(&judge->answers[i]);
	nv_score_map_release(&judge->map);
	nv_free(judge->answers);
	nv_free(judge->answerer);
}

static int start_judging(nv_judging *judging, nv_error *err)
{
	int code = NV_OK;
	for (size_t j = 0; code == NV_OK && j < judging->n_judge; j++)
		code = start_judge(&judging->judge[j], judging, err);
	if (code == NV_OK)
		code = nv_gold_reader_init(&judging->gold, judging->judge[0].predictions->schema, err);
	return code == NV_OK ? nv_stream_slots(judging->stream, judging->n_slot, err) : code;
}

static void end_judging(nv_judging *judging)
{
	if (judging->gold.schema)
		nv_gold_reader_release(&judging->gold);
	for (size_t j = 0; j < judging->n_judge; j++)
		end_judge(&judging->judge[j], judging);
}

static int run_judging(nv_judging *judging, const nv_progress *progress, nv_error *err)
{
	nv_ticker_init(&judging->ticker, progress, "classify", 0);
	int code = start_judging(judging, err);
	if (code == NV_OK) {
		const nv_pipeline pipeline = {judging->n_thread, judging->n_slot, fill_slot, answer_slot, judge_slot, judging};
		nv_stream_set_ticker(judging->stream, &judging->ticker);
		code = nv_pipeline_run(&pipeline, err);
		nv_stream_set_ticker(judging->stream, NULL);
	}
	end_judging(judging);
	return code;
}

/* ---- The report ---- */

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

static int judge_all(nv_report *report, const nv_model *model, const nv_model *other, nv_stream *stream,
                     const nv_progress *progress, nv_error *err)
{
	size_t n_thread = report->options.threads > 0 ? (size_t)report->options.threads : nv_cores();
	nv_judging judging = {.judge[0] = {.model = model, .predictions = &report->predictions},
	                      .n_judge = other ? 2 : 1,
	                      .reasons = &report->reasons,
	                      .stream = stream,
	                      .n_thread = n_thread,
	                      .n_slot = n_thread > 1 ? 3 * n_thread : 1};
	if (other) {
		judging.judge[1] = (nv_judge){.model = other, .predictions = &report->comparison->other};
		judging.met = &report->comparison->n_overlap;
	}
	return run_judging(&judging, progress, err);
}

static int begin_comparison(nv_report *report, const nv_model *model, const nv_model *other, nv_error *err)
{
	int code = nv_comparison_begin(report, (nv_compared_model){model->schema, model->task},
	                               (nv_compared_model){other->schema, other->task}, err);
	if (code != NV_OK)
		return code;
	nv_comparison *comparison = report->comparison;
	const char *metadata = nv_arena_dup(&comparison->arena, other->metadata);
	comparison->model = (nv_str){metadata, other->metadata.len};
	comparison->n_training = other->n_fingerprint;
	comparison->overlap_checked = other->n_fingerprint > 0;
	return metadata ? NV_OK : nv_fail_memory(err);
}

int nv_evaluate_run(nv_report **report, const nv_model *model, const nv_model *other, nv_stream *stream,
                    const nv_eval_options *options, const nv_progress *progress, const nv_notes *notes, nv_error *err)
{
	nv_report *r = NULL;
	int code = nv_report_new(&r, model->schema, options, err);
	if (code == NV_OK && other)
		code = begin_comparison(r, model, other, err);
	if (code == NV_OK)
		code = judge_all(r, model, other, stream, progress, err);
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
