/* SPDX-License-Identifier: Apache-2.0
 *
 * The stream's slots go through the pipeline: filled in turn, parsed and classified by any worker into a buffer of
 * lines, written in order. A line's end is kept for each article, so that a run that a bad record stops has written the
 * lines before it.
 */
#include "classify/batch.h"

#include "base/alloc.h"

#include <math.h>
#include <stddef.h>

#define TICK_EVERY 64 /* articles */

const nv_option_row nv_classify_rows[] = {
    {"to", "Output", NV_OPTION_CHOICE, offsetof(nv_classify_options, to), 0, 0, "jsonl|csv|tsv|sqlite", "jsonl",
     "format of the results", NV_COMMAND_CLASSIFY, false},
    {"explain", "Output", NV_OPTION_INT, offsetof(nv_classify_options, explain), 0, 10000, "K", "0",
     "show the K terms that moved each score most (jsonl)", NV_COMMAND_CLASSIFY, false},
    {"existing", "Output", NV_OPTION_CHOICE, offsetof(nv_classify_options, existing), 0, 0, "replace|keep", "replace",
     "what becomes of an article whose id the database has (sqlite)", NV_COMMAND_CLASSIFY, false},
    {"run-name", "Output", NV_OPTION_TEXT, offsetof(nv_classify_options, run_name), 0, 0, "NAME", "",
     "a name for the run in the database (sqlite)", NV_COMMAND_CLASSIFY, false},
    NV_ROW_THREADS(offsetof(nv_classify_options, threads), NV_COMMAND_CLASSIFY),
};
const size_t nv_n_classify_rows = sizeof nv_classify_rows / sizeof *nv_classify_rows;

/* An article that could not be classified. */
typedef struct failed_article {
	size_t index;
	nv_error err;
} failed_article;

typedef struct slot {
	nv_buf lines;
	size_t *end; /* [articles] of each article's line, in lines */
	size_t cap_end;
	failed_article *failed; /* [n_failed] rising */
	size_t n_failed, cap_failed;
	size_t next_failed, walked; /* while walking */
	double coverage_sum;
	uint64_t coverage_n;
} slot;

typedef struct worker {
	nv_scratch *scratch;
	nv_result *result;
} worker;

typedef struct run {
	const nv_model *model;
	nv_stream *stream;
	const nv_sink *sink;
	nv_result_format *format;
	slot *slot;     /* [n_slot] */
	worker *worker; /* [n_worker] */
	size_t n_slot, n_worker;
	nv_ticker ticker;
	nv_batch_totals *totals;
} run;

/* ---- Classifying a slot, on any thread ---- */

static int keep_failure(slot *s, size_t index, const nv_error *cause, nv_error *err)
{
	if (!nv_grow(&s->failed, &s->cap_failed, s->n_failed + 1, sizeof *s->failed))
		return nv_fail_memory(err);
	s->failed[s->n_failed++] = (failed_article){index, *cause};
	return NV_OK;
}

/* One article's line; NV_E_RECORD is kept for the walk, other failures end the run. */
static int classify_one(run *r, slot *s, const worker *w, const nv_article *article, size_t index, nv_error *err)
{
	nv_error cause = {0};
	int code = nv_classify(r->model, article, w->scratch, w->result, &cause);
	if (code == NV_OK)
		code = nv_result_write(r->format, article, w->result, w->scratch, &s->lines, &cause);
	s->end[index] = s->lines.len;
	if (code == NV_E_RECORD) {
		nv_error_place(&cause, article->path, article->line, 0);
		return keep_failure(s, index, &cause, err);
	}
	if (code < 0) {
		if (err)
			*err = cause;
		return code;
	}
	if (!isnan(w->result->coverage)) {
		s->coverage_sum += w->result->coverage;
		s->coverage_n++;
	}
	return NV_OK;
}

static int work(void *context, size_t index, size_t worker_index, nv_error *err)
{
	run *r = context;
	slot *s = &r->slot[index];
	nv_buf_clear(&s->lines);
	s->n_failed = s->next_failed = s->walked = 0;
	s->coverage_sum = 0;
	s->coverage_n = 0;
	int code = nv_stream_parse(r->stream, index, err);
	if (code < 0)
		return code;
	const nv_batch *batch = nv_stream_batch(r->stream, index);
	if (!nv_grow(&s->end, &s->cap_end, batch->n + 1, sizeof *s->end))
		return nv_fail_memory(err);
	for (size_t i = 0; i < batch->n && code == NV_OK; i++) {
		code = classify_one(r, s, &r->worker[worker_index], &batch->article[i], i, err);
		if (code == NV_OK && ((i + 1) % TICK_EVERY == 0 || i + 1 == batch->n))
			code = nv_tick(&r->ticker, i % TICK_EVERY + 1, err);
	}
	return code;
}

/* ---- Writing a slot, in order, on the calling thread ---- */

static int each_article(void *user, size_t index, nv_error *err)
{
	slot *s = user;
	s->walked = index + 1;
	if (s->next_failed < s->n_failed && s->failed[s->next_failed].index == index) {
		if (err)
			*err = s->failed[s->next_failed].err;
		s->next_failed++;
		return NV_E_RECORD;
	}
	return NV_OK;
}

static int put(run *r, const char *bytes, size_t len, nv_error *err)
{
	if (len > 0 && r->sink->write(r->sink->user, bytes, len) != 0)
		return nv_fail(err, NV_E_IO, "writing the results failed");
	return NV_OK;
}

static int consume(void *context, size_t index, nv_error *err)
{
	run *r = context;
	slot *s = &r->slot[index];
	int code = nv_stream_walk(r->stream, index, each_article, s, err);
	int written = put(r, s->lines.ptr, s->walked > 0 ? s->end[s->walked - 1] : 0, code == NV_OK ? err : NULL);
	r->totals->articles += s->walked - s->next_failed;
	r->totals->coverage_sum += s->coverage_sum;
	r->totals->coverage_n += s->coverage_n;
	return code < 0 ? code : written;
}

static int produce(void *context, size_t index, nv_error *err)
{
	run *r = context;
	return nv_stream_fill(r->stream, index, err);
}

/* ---- The run ---- */

static int make_run(run *r, const nv_classify_options *options, const nv_progress *progress, nv_error *err)
{
	int code = nv_result_format_new(&r->format, r->model, options->to, (size_t)options->explain, err);
	if (code < 0)
		return code;
	size_t n_thread = options->threads > 0 ? (size_t)options->threads : nv_cores(), n_slot = n_thread > 1 ? 2 * n_thread : 1;
	r->worker = nv_alloc_zero(n_thread, sizeof *r->worker);
	r->n_worker = r->worker ? n_thread : 0;
	r->slot = nv_alloc_zero(n_slot, sizeof *r->slot);
	r->n_slot = r->slot ? n_slot : 0;
	if (!r->worker || !r->slot)
		return nv_fail_memory(err);
	for (size_t i = 0; i < r->n_worker && code == NV_OK; i++) {
		code = nv_scratch_new(&r->worker[i].scratch, r->model, err);
		if (code == NV_OK)
			code = nv_result_new(&r->worker[i].result, r->model, err);
	}
	nv_ticker_init(&r->ticker, progress, "classify", 0);
	return code < 0 ? code : nv_stream_slots(r->stream, n_slot, err);
}

static void release_run(run *r)
{
	for (size_t i = 0; i < r->n_slot; i++) {
		nv_buf_release(&r->slot[i].lines);
		nv_free(r->slot[i].end);
		nv_free(r->slot[i].failed);
	}
	for (size_t i = 0; i < r->n_worker; i++) {
		nv_scratch_free(r->worker[i].scratch);
		nv_result_free(r->worker[i].result);
	}
	nv_free(r->slot);
	nv_free(r->worker);
	nv_result_format_free(r->format);
}

static int put_header(run *r, nv_error *err)
{
	nv_buf header = NV_BUF_INIT;
	nv_result_header(r->format, &header);
	int code = header.failed ? nv_fail_memory(err) : put(r, header.ptr, header.len, err);
	nv_buf_release(&header);
	return code;
}

int nv_classify_stream(const nv_model *model, nv_stream *stream, const nv_classify_options *options, const nv_sink *sink,
                       const nv_progress *progress, nv_batch_totals *totals, nv_error *err)
{
	run r = {.model = model, .stream = stream, .sink = sink, .totals = totals};
	*totals = (nv_batch_totals){0, 0, 0};
	int code = make_run(&r, options, progress, err);
	if (code == NV_OK)
		code = put_header(&r, err);
	nv_pipeline pipeline = {r.n_worker, r.n_slot, produce, work, consume, &r};
	nv_stream_set_ticker(stream, &r.ticker);
	if (code == NV_OK)
		code = nv_pipeline_run(&pipeline, err);
	nv_stream_set_ticker(stream, NULL);
	release_run(&r);
	return code;
}
