/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/report.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "data/date.h"
#include "eval/compare.h"
#include "train/names.h"

#include <math.h>
#include <string.h>

#define ROW(member) offsetof(nv_eval_options, member)
#define JUDGING (NV_COMMAND_EVAL | NV_COMMAND_CROSSVAL)

const nv_option_row nv_eval_rows[] = {
	{"folds", "Evaluation", NV_OPTION_INT, ROW(folds), 2, 10000, "K", "10", "parts of a cross-validation",
     NV_COMMAND_CROSSVAL, false},
	NV_ROW_GROUP_BY(ROW(group_by), NV_COMMAND_CROSSVAL, false),
	{"learning-curve", "Evaluation", NV_OPTION_FLAG, ROW(learning_curve), 0, 0, NULL, "no",
     "train on shares of each fold's articles too, to see what more labels bring", NV_COMMAND_CROSSVAL, false},
	{"draws", "Evaluation", NV_OPTION_INT, ROW(draws), 0, 1000000, "N", "1000",
     "bootstrap draws behind the intervals of rank-based figures and losses; 0 for none", JUDGING, false},
	{"bins", "Evaluation", NV_OPTION_INT, ROW(bins), 2, 1000, "N", "10", "bins of the calibration error", JUDGING,
     false},
	NV_ROW_SEED(ROW(seed), JUDGING, false),
	NV_ROW_THREADS(ROW(threads), JUDGING),
};
const size_t nv_n_eval_rows = sizeof nv_eval_rows / sizeof *nv_eval_rows;

int nv_report_new(nv_report **report, const nv_schema *schema, const nv_eval_options *options, nv_error *err)
{
	nv_report *r = nv_alloc_zero(1, sizeof *r);
	if (!r)
		return nv_fail_memory(err);
	nv_arena_init(&r->arena);
	r->options = *options;
	r->pooled_f1_favor_against = nv_figure_undefined();
	int code = nv_schema_copy(&r->schema, schema, err);
	if (code == NV_OK)
		code = nv_predictions_init(&r->predictions, r->schema, err);
	if (code == NV_OK)
		code = nv_reasons_init(&r->reasons, r->schema, err);
	if (code != NV_OK) {
		nv_report_destroy(r);
		return code;
	}
	*report = r;
	return NV_OK;
}

void nv_report_destroy(nv_report *report)
{
	if (!report)
		return;
	for (size_t t = 0; report->task && t < report->schema->n_task; t++)
		nv_task_figures_release(&report->task[t]);
	nv_comparison_free(report->comparison);
	nv_reasons_release(&report->reasons);
	nv_predictions_release(&report->predictions);
	nv_schema_free(report->schema);
	nv_arena_release(&report->arena);
	nv_free(report);
}

nv_figure_options nv_eval_figure_options(const nv_eval_options *options)
{
	return (nv_figure_options){.draws = (size_t)options->draws,
	                           .bins = (size_t)options->bins,
	                           .seed = (uint64_t)options->seed,
	                           .n_thread = options->threads > 0 ? (size_t)options->threads : nv_cores()};
}

static int compute_tasks(nv_report *report, const nv_progress *progress, nv_error *err)
{
	size_t n_task = report->schema->n_task;
	nv_figure_options options = nv_eval_figure_options(&report->options);
	nv_ticker ticker;
	nv_ticker_init(&ticker, progress, "bootstrap", (uint64_t)options.draws * n_task);
	report->task = nv_arena_alloc(&report->arena, n_task, sizeof *report->task);
	if (!report->task)
		return nv_fail_memory(err);
	memset(report->task, 0, n_task * sizeof *report->task);
	int code = NV_OK;
	for (size_t t = 0; code == NV_OK && t < n_task; t++)
		code = nv_task_figures_compute(&report->task[t], &report->schema->task[t], &report->predictions.task[t],
		                               &options, &report->arena, &ticker, err);
	return code;
}

static int compute_comparison(nv_report *report, const nv_progress *progress, nv_error *err)
{
	nv_ticker ticker;
	nv_ticker_init(&ticker, progress, "bootstrap",
	               (uint64_t)report->options.draws * (2 * report->comparison->n_task + 1));
	return nv_comparison_compute(report, &ticker, err);
}

static void note_date(nv_run_facts *run, nv_str date)
{
	char text[11] = {0};
	if (!nv_is_date(date))
		return;
	memcpy(text, date.ptr, date.len);
	if (!*run->first_date || strcmp(text, run->first_date) < 0)
		memcpy(run->first_date, text, sizeof text);
	if (strcmp(text, run->last_date) > 0)
		memcpy(run->last_date, text, sizeof text);
}

/* What was judged, so that a reader can tell whether it is what he has. */
static int describe_articles(nv_report *report, nv_error *err)
{
	nv_names sources;
	bool ok = true;
	nv_names_init(&sources);
	for (size_t i = 0; ok && i < report->predictions.n; i++) {
		const nv_judged_article *article = &report->predictions.article[i];
		note_date(&report->run, article->date);
		ok = article->source.len == 0 || nv_names_add(&sources, article->source) != UINT32_MAX;
		if (article->fingerprint != 0)
			report->run.checksum = nv_hash_pair(report->run.checksum, article->fingerprint);
	}
	report->run.n_source = sources.n;
	nv_names_release(&sources);
	return ok ? NV_OK : nv_fail_memory(err);
}

int nv_report_compute(nv_report *report, const nv_progress *progress, nv_error *err)
{
	if (report->predictions.n == 0)
		return nv_fail(err, NV_E_INPUT, "no article to judge by");
	int code = describe_articles(report, err);
	if (code == NV_OK)
		code = compute_tasks(report, progress, err);
	if (code == NV_OK)
		code = nv_pooled_stance(&report->predictions, &report->pooled_f1_favor_against, err);
	if (code == NV_OK)
		code = nv_slices_compute(&report->source, NV_SLICE_SOURCE, &report->predictions, report->task, &report->arena,
		                         err);
	if (code == NV_OK)
		code = nv_slices_compute(&report->year, NV_SLICE_YEAR, &report->predictions, report->task, &report->arena, err);
	if (code == NV_OK)
		code = nv_report_care(report, err);
	if (code == NV_OK && report->comparison)
		code = compute_comparison(report, progress, err);
	return code;
}

/* ---- Metrics without a model ---- */

static int check_row(nv_task_kind kind, size_t row, size_t n_label, const uint8_t *gold, const double *p,
                     const uint8_t *chosen, nv_error *err)
{
	size_t n_gold = 0, n_chosen = 0;
	for (size_t l = 0; l < n_label; l++) {
		n_gold += gold[l] != 0;
		n_chosen += chosen[l] != 0;
		if (!(p[l] >= 0 && p[l] <= 1))
			return nv_fail(err, NV_E_USAGE, "row %zu: p of label %zu is not in [0, 1]", row, l);
	}
	if (kind != NV_MULTILABEL && (n_gold != 1 || n_chosen > 1))
		return nv_fail(err, NV_E_USAGE, "row %zu: wants one gold label and at most one chosen, not %zu and %zu", row,
		               n_gold, n_chosen);
	return NV_OK;
}

static int check_metrics(nv_task_kind kind, size_t n, size_t n_label, const uint8_t *gold, const double *p,
                         const uint8_t *chosen, nv_error *err)
{
	if (n_label == 0 || n >= UINT32_MAX)
		return nv_fail(err, NV_E_USAGE, "metrics want at least one label and fewer than 2^32 rows");
	if (kind == NV_STANCE && n_label != NV_N_STANCE)
		return nv_fail(err, NV_E_USAGE, "a stance has the labels favor, none, against, not %zu", n_label);
	for (size_t row = 0; row < n; row++) {
		size_t at = row * n_label;
		int code = check_row(kind, row, n_label, gold + at, p + at, chosen + at, err);
		if (code != NV_OK)
			return code;
	}
	return NV_OK;
}

static int send(const nv_sink *sink, const nv_buf *buf, nv_error *err)
{
	if (buf->failed)
		return nv_fail_memory(err);
	return sink->write(sink->user, buf->ptr, buf->len) == 0 ? NV_OK : nv_fail(err, NV_E_IO, "can't write the figures");
}

static int metrics_json(const nv_task *task, const nv_task_predictions *rows, const nv_eval_options *options,
                        const nv_sink *sink, nv_error *err)
{
	nv_arena arena;
	nv_task_figures figures;
	nv_buf buf = NV_BUF_INIT;
	nv_json_writer w;
	nv_figure_options figure = nv_eval_figure_options(options);
	nv_arena_init(&arena);
	int code = nv_task_figures_compute(&figures, task, rows, &figure, &arena, NULL, err);
	if (code == NV_OK) {
		nv_json_begin(&w, &buf, 2);
		nv_task_figures_json(&figures, &w);
		nv_buf_add_char(&buf, '\n');
		code = send(sink, &buf, err);
	}
	nv_buf_release(&buf);
	nv_task_figures_release(&figures);
	nv_arena_release(&arena);
	return code;
}

int nv_metrics_run(nv_task_kind kind, size_t n, size_t n_label, const char *const *labels, const uint8_t *gold,
                   const double *p, const uint8_t *chosen, const nv_eval_options *options, const nv_sink *sink,
                   nv_error *err)
{
	nv_predictions predictions = {0};
	int code = check_metrics(kind, n, n_label, gold, p, chosen, err);
	if (code != NV_OK)
		return code;
	nv_label *label = nv_alloc(n_label, sizeof *label);
	if (!label)
		return nv_fail_memory(err);
	for (size_t l = 0; l < n_label; l++)
		label[l] = (nv_label){labels[l], labels[l]};
	nv_task task = {.name = "task", .title = "task", .kind = kind, .label = label, .n_label = n_label};
	nv_schema schema = {.task = &task, .n_task = 1};
	code = nv_predictions_init(&predictions, &schema, err);
	for (size_t row = 0; code == NV_OK && row < n; row++) {
		size_t at = row * n_label;
		code = nv_predictions_add(&predictions, 0, (uint32_t)row, gold + at, chosen + at, p + at, p + at, err);
	}
	if (code == NV_OK)
		code = metrics_json(&task, &predictions.task[0], options, sink, err);
	if (predictions.schema)
		nv_predictions_release(&predictions);
	nv_free(label);
	return code;
}
