/* SPDX-License-Identifier: Apache-2.0
 *
 * The JSON report, schema_version 1 (docs/formats.md, "eval and crossval"). Numbers are written in full; undefined is null.
 */
#include "data/duplicates.h"
#include "eval/compare.h"
#include "eval/report_json_parts.h"

#include <inttypes.h>
#include <stdio.h>

static void put_slice_task(nv_json_writer *w, const nv_task *task, const nv_slice_task *figures)
{
	open_member(w, task->name, '{');
	put_count(w, "articles", figures->n);
	put_figure(w, "accuracy", figures->accuracy);
	open_member(w, "micro", '{');
	put_figure(w, "f1", figures->micro_f1);
	nv_json_close(w, '}');
	open_member(w, "macro", '{');
	put_figure(w, "f1", figures->macro_f1);
	if (task->kind == NV_STANCE)
		put_figure(w, "f1_favor_against", figures->f1_favor_against);
	nv_json_close(w, '}');
	nv_json_close(w, '}');
}

static void put_slices(nv_json_writer *w, const char *name, const nv_slices *slices, const nv_report *report)
{
	open_member(w, name, '{');
	for (size_t s = 0; s < slices->n; s++) {
		open_member(w, slices->slice[s].name, '{');
		put_count(w, "articles", slices->slice[s].n);
		open_member(w, "tasks", '{');
		for (size_t t = 0; t < report->schema->n_task; t++)
			put_slice_task(w, &report->schema->task[t], &slices->slice[s].task[t]);
		nv_json_close(w, '}');
		nv_json_close(w, '}');
	}
	nv_json_close(w, '}');
}

/* Of the articles judged. */
static void put_articles(nv_json_writer *w, const nv_run_facts *run)
{
	char checksum[17];
	open_member(w, "dates", '{');
	put_text(w, "first", *run->first_date ? run->first_date : NULL);
	put_text(w, "last", *run->first_date ? run->last_date : NULL);
	nv_json_close(w, '}');
	put_count(w, "sources", run->n_source);
	snprintf(checksum, sizeof checksum, "%016" PRIx64, run->checksum);
	put_text(w, "checksum", run->checksum ? checksum : NULL);
}

static void put_run(nv_json_writer *w, const nv_report *report)
{
	const nv_run_facts *run = &report->run;
	open_member(w, "run", '{');
	put_text(w, "method", run->crossval ? "crossval" : "eval");
	if (run->crossval) {
		put_count(w, "folds", run->n_fold);
		put_text(w, "group_by", run->group_by);
	}
	put_count(w, "seed", (uint64_t)report->options.seed);
	put_count(w, "draws", (uint64_t)report->options.draws);
	put_count(w, "bins", (uint64_t)report->options.bins);
	put_number(w, "level", 0.95);
	put_articles(w, run);
	nv_json_close(w, '}');
}

static void put_overlap(nv_json_writer *w, const nv_report *report)
{
	const nv_overlap *overlap = &report->run.overlap;
	open_member(w, "overlap", '{');
	put_text(w, "of",
	         report->run.crossval ? "near-duplicates in different folds" : "articles that the model was trained on");
	if (report->run.crossval)
		put_number(w, "jaccard", NV_NEAR_DUPLICATE);
	nv_json_key(w, "articles");
	if (overlap->checked)
		nv_json_put_uint(w, overlap->n);
	else
		nv_json_put_null(w);
	open_member(w, "ids", '[');
	for (size_t i = 0; i < overlap->n; i++)
		nv_json_put_str(w, report->predictions.article[overlap->article[i]].id);
	nv_json_close(w, ']');
	nv_json_close(w, '}');
}

/* Of runs with a stance task. */
static void put_pooled(nv_json_writer *w, const nv_report *report)
{
	bool any = false;
	for (size_t t = 0; t < report->schema->n_task; t++)
		any |= report->schema->task[t].kind == NV_STANCE;
	if (!any)
		return;
	open_member(w, "pooled", '{');
	open_member(w, "stance", '{');
	put_figure(w, "f1_favor_against", report->pooled_f1_favor_against);
	nv_json_close(w, '}');
	nv_json_close(w, '}');
}

static int put_report(nv_json_writer *w, const nv_report *report, nv_error *err)
{
	nv_json_open(w, '{');
	put_count(w, "schema_version", 1);
	nv_json_key(w, "model");
	nv_json_put_raw(w, report->run.model.len ? report->run.model : nv_str_of("{}"));
	put_run(w, report);
	put_count(w, "articles", report->predictions.n);
	open_member(w, "tasks", '{');
	for (size_t t = 0; t < report->schema->n_task; t++) {
		nv_json_key(w, report->schema->task[t].name);
		nv_task_figures_json(&report->task[t], w);
	}
	nv_json_close(w, '}');
	put_pooled(w, report);
	nv_learning_json(report, w);
	open_member(w, "slices", '{');
	put_slices(w, "source", &report->source, report);
	put_slices(w, "year", &report->year, report);
	nv_json_close(w, '}');
	put_overlap(w, report);
	nv_comparison_json(report, w);
	open_member(w, "care", '[');
	for (size_t i = 0; i < report->n_care; i++)
		nv_json_put_text(w, report->care[i]);
	nv_json_close(w, ']');
	int code = nv_mistakes_json(report, w, err);
	nv_json_close(w, '}');
	return code;
}

int nv_report_write_json(const nv_report *report, const nv_sink *sink, nv_error *err)
{
	nv_buf buf = NV_BUF_INIT;
	nv_json_writer w;
	nv_json_begin(&w, &buf, 2);
	int code = put_report(&w, report, err);
	nv_buf_add_char(&buf, '\n');
	if (code == NV_OK && buf.failed)
		code = nv_fail_memory(err);
	if (code == NV_OK && sink->write(sink->user, buf.ptr, buf.len) != 0)
		code = nv_fail(err, NV_E_IO, "can't write the report");
	nv_buf_release(&buf);
	return code;
}
