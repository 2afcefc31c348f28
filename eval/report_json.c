/* SPDX-License-Identifier: Apache-2.0
 *
 * The JSON report, schema_version 1 (docs/formats.md, "eval and crossval"). Numbers are written in full; undefined is null.
 */
#include "data/duplicates.h"
#include "eval/compare.h"
#include "eval/report.h"

static void put_figure(nv_json_writer *w, const char *name, nv_figure figure)
{
	nv_json_key(w, name);
	nv_json_open(w, '{');
	nv_json_key(w, "value");
	nv_json_put_number(w, figure.value);
	nv_json_key(w, "low");
	nv_json_put_number(w, figure.low);
	nv_json_key(w, "high");
	nv_json_put_number(w, figure.high);
	nv_json_key(w, "method");
	nv_json_put_text(w, figure.method);
	nv_json_close(w, '}');
}

static void put_number(nv_json_writer *w, const char *name, double x)
{
	nv_json_key(w, name);
	nv_json_put_number(w, x);
}

static void put_count(nv_json_writer *w, const char *name, uint64_t n)
{
	nv_json_key(w, name);
	nv_json_put_uint(w, n);
}

static void put_text(nv_json_writer *w, const char *name, const char *text)
{
	nv_json_key(w, name);
	nv_json_put_text(w, text);
}

static void open_member(nv_json_writer *w, const char *name, char bracket)
{
	nv_json_key(w, name);
	nv_json_open(w, bracket);
}

static const char *kind_name(nv_task_kind kind)
{
	return kind == NV_MULTILABEL ? "multilabel" : kind == NV_STANCE ? "stance" : "multiclass";
}

static void put_label(nv_json_writer *w, const nv_label_figures *label)
{
	open_member(w, label->id, '{');
	put_count(w, "support", label->count.tp + label->count.fn);
	put_count(w, "tp", label->count.tp);
	put_count(w, "fp", label->count.fp);
	put_count(w, "fn", label->count.fn);
	put_count(w, "tn", label->count.tn);
	put_figure(w, "precision", label->precision);
	put_figure(w, "recall", label->recall);
	put_figure(w, "f1", label->f1);
	put_figure(w, "average_precision", label->average_precision);
	put_figure(w, "roc_auc", label->roc_auc);
	if (!label->known) {
		nv_json_key(w, "in_model");
		nv_json_put_bool(w, false);
	}
	nv_json_close(w, '}');
}

static void put_averages(nv_json_writer *w, const nv_task_figures *figures)
{
	open_member(w, "micro", '{');
	put_figure(w, "precision", figures->micro.precision);
	put_figure(w, "recall", figures->micro.recall);
	put_figure(w, "f1", figures->micro.f1);
	nv_json_close(w, '}');
	open_member(w, "macro", '{');
	put_figure(w, "precision", figures->macro.precision);
	put_figure(w, "recall", figures->macro.recall);
	put_figure(w, "f1", figures->macro.f1);
	put_figure(w, "average_precision", figures->macro_average_precision);
	if (figures->task->kind == NV_STANCE)
		put_figure(w, "f1_favor_against", figures->f1_favor_against);
	nv_json_close(w, '}');
	put_figure(w, "accuracy", figures->accuracy);
	open_member(w, "majority", '{');
	put_text(w, "answer", figures->majority);
	put_number(w, "accuracy", figures->majority_accuracy);
	nv_json_close(w, '}');
}

static void put_calibration(nv_json_writer *w, const nv_task_figures *figures)
{
	put_number(w, "log_loss", figures->log_loss.value);
	put_number(w, "brier", figures->brier.value);
	put_number(w, "ece", figures->ece);
	put_number(w, "ece_by_chance", figures->ece_by_chance);
	open_member(w, "intervals", '{');
	put_figure(w, "log_loss", figures->log_loss);
	put_figure(w, "brier", figures->brier);
	nv_json_close(w, '}');
	open_member(w, "calibration", '{');
	put_text(w, "of", figures->task->kind == NV_MULTILABEL ? "all labels" : "chosen label");
	open_member(w, "bins", '[');
	for (size_t b = 0; b < figures->n_bin; b++) {
		nv_json_open(w, '{');
		put_count(w, "n", figures->bin[b].n);
		put_number(w, "mean_p", figures->bin[b].mean_p);
		put_number(w, "share_right", figures->bin[b].mean_hit);
		put_number(w, "low_p", figures->bin[b].low_p);
		put_number(w, "high_p", figures->bin[b].high_p);
		nv_json_close(w, '}');
	}
	nv_json_close(w, ']');
	nv_json_close(w, '}');
}

static void put_pair(nv_json_writer *w, uint64_t a, uint64_t b)
{
	nv_json_open(w, '[');
	nv_json_put_uint(w, a);
	nv_json_put_uint(w, b);
	nv_json_close(w, ']');
}

/* Multilabel: [[tn, fp], [fn, tp]] a label, gold by chosen, "no" before "yes" as in scikit-learn. */
static void put_confusion_each(nv_json_writer *w, const nv_task_figures *figures)
{
	for (size_t l = 0; l < figures->n_label; l++) {
		const nv_confusion *c = &figures->label[l].count;
		nv_json_open(w, '[');
		put_pair(w, c->tn, c->fp);
		put_pair(w, c->fn, c->tp);
		nv_json_close(w, ']');
	}
}

static void put_confusion_matrix(nv_json_writer *w, const nv_task_figures *figures)
{
	for (size_t gold = 0; gold < figures->n_axis; gold++) {
		nv_json_open(w, '[');
		for (size_t chosen = 0; chosen < figures->n_axis; chosen++)
			nv_json_put_uint(w, figures->matrix[gold * figures->n_axis + chosen]);
		nv_json_close(w, ']');
	}
}

static void put_confusion(nv_json_writer *w, const nv_task_figures *figures)
{
	open_member(w, "confusion", '{');
	open_member(w, "labels", '[');
	for (size_t l = 0; l < figures->n_label; l++)
		nv_json_put_text(w, figures->label[l].id);
	if (figures->n_axis > figures->n_label)
		nv_json_put_null(w);
	nv_json_close(w, ']');
	open_member(w, "counts", '[');
	if (figures->matrix)
		put_confusion_matrix(w, figures);
	else
		put_confusion_each(w, figures);
	nv_json_close(w, ']');
	nv_json_close(w, '}');
}

void nv_task_figures_json(const nv_task_figures *figures, nv_json_writer *w)
{
	nv_json_open(w, '{');
	put_text(w, "kind", kind_name(figures->task->kind));
	put_count(w, "articles", figures->n);
	open_member(w, "labels", '{');
	for (size_t l = 0; l < figures->n_label; l++)
		put_label(w, &figures->label[l]);
	nv_json_close(w, '}');
	put_averages(w, figures);
	if (figures->task->kind == NV_STANCE) {
		put_figure(w, "score_auc", figures->score_auc);
		put_figure(w, "score_correlation", figures->score_correlation);
	}
	put_calibration(w, figures);
	put_confusion(w, figures);
	nv_json_close(w, '}');
}

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

static int put_mistakes(nv_json_writer *w, const nv_report *report, nv_error *err)
{
	int code = NV_OK;
	open_member(w, "mistakes", '{');
	for (size_t t = 0; code == NV_OK && t < report->schema->n_task; t++) {
		nv_json_key(w, report->schema->task[t].name);
		code = nv_mistakes_json(report, t, w, err);
	}
	nv_json_close(w, '}');
	return code;
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
	int code = put_mistakes(w, report, err);
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
