/* SPDX-License-Identifier: Apache-2.0
 *
 * The report for a terminal, in reading order: what was measured, task by task, then slices, then the notes for care.
 */
#include "data/duplicates.h"
#include "eval/compare.h"
#include "eval/report_text_parts.h"
#include "eval/table.h"

#include <math.h>
#include <stdlib.h>

enum { NV_NARROWEST = 80, NV_WIDEST = 200, NV_LARGEST_MATRIX = 12, NV_MOST_CONFUSIONS = 10 };

/* ---- Head ---- */

static void put_head(nv_text *text)
{
	const nv_report *r = text->report;
	const nv_run_facts *run = &r->run;
	nv_buf words = NV_BUF_INIT;
	nv_buf_addf(&words, "%zu article%s", r->predictions.n, r->predictions.n == 1 ? "" : "s");
	if (run->crossval) {
		nv_buf_addf(&words, ", each predicted by a model trained on the other folds (%zu folds, seed %lld).",
		            run->n_fold, (long long)r->options.seed);
		if (run->group_by)
			nv_buf_addf(&words, " Articles of one %s stay in one fold.", run->group_by);
		else
			nv_buf_addf(&words, " Near-duplicates (Jaccard similarity %.1f or more) stay in one fold.",
			            NV_NEAR_DUPLICATE);
	} else if (run->n_training > 0) {
		nv_buf_addf(&words, ", judged by a model trained on %llu article%s.", (unsigned long long)run->n_training,
		            run->n_training == 1 ? "" : "s");
		if (!run->overlap.checked)
			nv_buf_add_str(&words, " Whether some of them are the same is not known.");
	} else {
		nv_buf_add_str(&words, ".");
	}
	nv_buf_addf(&words, " Brackets hold 95%% intervals (docs/intervals.md)");
	if (r->options.draws > 0)
		nv_buf_addf(&words, "; those of average precision and losses are from %lld bootstrap draws",
		            (long long)r->options.draws);
	nv_buf_add_char(&words, '.');
	nv_text_paragraph(text, &words);
}

/* ---- One task ---- */

static void put_labels(nv_text *text, const nv_task_figures *figures)
{
	nv_table table;
	nv_table_begin(&table);
	const char *const head[] = {"label", "articles", "precision", "recall", "F1", "avg. precision", "ROC AUC"};
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		nv_table_head(&table, head[i]);
	for (size_t l = 0; l < figures->n_label; l++) {
		const nv_label_figures *label = &figures->label[l];
		nv_table_cell(&table, label->id);
		nv_table_cell_count(&table, label->count.tp + label->count.fn);
		nv_table_cell_figure(&table, label->precision);
		nv_table_cell_figure(&table, label->recall);
		nv_table_cell_figure(&table, label->f1);
		nv_table_cell_figure(&table, label->average_precision);
		nv_table_cell_figure(&table, label->roc_auc);
	}
	nv_table_cell(&table, "macro average");
	nv_table_cell_count(&table, figures->n);
	nv_table_cell_figure(&table, figures->macro.precision);
	nv_table_cell_figure(&table, figures->macro.recall);
	nv_table_cell_figure(&table, figures->macro.f1);
	nv_table_cell_figure(&table, figures->macro_average_precision);
	nv_table_cell(&table, "");
	nv_table_cell(&table, "micro average");
	nv_table_cell_count(&table, figures->n);
	nv_table_cell_figure(&table, figures->micro.precision);
	nv_table_cell_figure(&table, figures->micro.recall);
	nv_table_cell_figure(&table, figures->micro.f1);
	nv_table_cell(&table, "");
	nv_table_cell(&table, "");
	nv_table_print(&table, NV_INDENT, text->columns, &text->out);
	nv_table_release(&table);
}

static void put_accuracy(nv_text *text, const nv_task_figures *figures)
{
	nv_buf remark = NV_BUF_INIT;
	nv_buf_add_str(&remark, "always \"");
	nv_buf_add_str(&remark, figures->majority[0] ? figures->majority : "(no label)");
	nv_buf_add_str(&remark, "\" would reach ");
	nv_text_number(&remark, figures->majority_accuracy);
	nv_text_line(text, figures->task->kind == NV_MULTILABEL ? "accuracy (exact set)" : "accuracy", figures->accuracy,
	         nv_buf_cstr(&remark));
	nv_buf_release(&remark);
}

static void put_calibration(nv_text *text, const nv_task_figures *figures)
{
	nv_buf remark = NV_BUF_INIT;
	nv_text_line(text, "log loss", figures->log_loss, "");
	nv_text_line(text, "Brier score", figures->brier, "");
	if (!isnan(figures->ece_by_chance)) {
		nv_buf_add_str(&remark, figures->ece > figures->ece_by_chance ? "above chance, which gives up to "
		                                                              : "within chance, which gives up to ");
		nv_text_number(&remark, figures->ece_by_chance);
	}
	nv_text_line(text, "calibration error", nv_figure_plain(figures->ece), nv_buf_cstr(&remark));
	nv_buf_release(&remark);
}

static void put_stance(nv_text *text, const nv_task_figures *figures)
{
	if (figures->task->kind != NV_STANCE)
		return;
	nv_text_line(text, "F1 favor and against", figures->f1_favor_against, "mean of the two");
	nv_text_line(text, "score AUC", figures->score_auc, "favor against against, among articles that take a stance");
	nv_text_line(text, "score correlation", figures->score_correlation, "Spearman's, of score and gold");
}

/* ---- Confusion ---- */

static const char *axis_name(const nv_task_figures *figures, size_t axis)
{
	return axis < figures->n_label ? figures->label[axis].id : "(no answer)";
}

static void put_matrix(nv_text *text, const nv_task_figures *figures)
{
	nv_table table;
	nv_table_begin(&table);
	nv_table_head(&table, "gold \\ chosen");
	for (size_t c = 0; c < figures->n_axis; c++)
		nv_table_head(&table, axis_name(figures, c));
	for (size_t g = 0; g < figures->n_axis; g++) {
		nv_table_cell(&table, axis_name(figures, g));
		for (size_t c = 0; c < figures->n_axis; c++)
			nv_table_cell_count(&table, figures->matrix[g * figures->n_axis + c]);
	}
	nv_table_print(&table, NV_INDENT, text->columns, &text->out);
	nv_table_release(&table);
}

typedef struct nv_mistake {
	uint64_t n;
	size_t gold, chosen;
} nv_mistake;

/* Keeps best[n_best] sorted by falling count; earlier pairs stay first. */
static size_t keep_mistake(nv_mistake *best, size_t n_best, nv_mistake mistake)
{
	if (n_best == NV_MOST_CONFUSIONS && best[n_best - 1].n >= mistake.n)
		return n_best;
	size_t at = n_best < NV_MOST_CONFUSIONS ? n_best++ : n_best - 1;
	for (; at > 0 && best[at - 1].n < mistake.n; at--)
		best[at] = best[at - 1];
	best[at] = mistake;
	return n_best;
}

static void put_mistakes(nv_text *text, const nv_task_figures *figures)
{
	nv_mistake best[NV_MOST_CONFUSIONS] = {0};
	size_t n_best = 0;
	for (size_t g = 0; g < figures->n_axis; g++)
		for (size_t c = 0; c < figures->n_axis; c++)
			if (g != c && figures->matrix[g * figures->n_axis + c] > 0)
				n_best = keep_mistake(best, n_best, (nv_mistake){figures->matrix[g * figures->n_axis + c], g, c});
	if (n_best == 0)
		return;
	nv_table table;
	nv_table_begin(&table);
	nv_table_head(&table, "most frequent mistakes: gold");
	nv_table_head(&table, "chosen");
	nv_table_head(&table, "articles");
	for (size_t i = 0; i < n_best; i++) {
		nv_table_cell(&table, axis_name(figures, best[i].gold));
		nv_table_cell(&table, axis_name(figures, best[i].chosen));
		nv_table_cell_count(&table, best[i].n);
	}
	nv_table_print(&table, NV_INDENT, text->columns, &text->out);
	nv_table_release(&table);
}

/* Multilabel: the four counts a label. */
static void put_counts(nv_text *text, const nv_task_figures *figures)
{
	nv_table table;
	nv_table_begin(&table);
	const char *const head[] = {"confusion", "right yes", "wrong yes", "missed", "right no"};
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		nv_table_head(&table, head[i]);
	for (size_t l = 0; l < figures->n_label; l++) {
		const nv_confusion *c = &figures->label[l].count;
		nv_table_cell(&table, figures->label[l].id);
		nv_table_cell_count(&table, c->tp);
		nv_table_cell_count(&table, c->fp);
		nv_table_cell_count(&table, c->fn);
		nv_table_cell_count(&table, c->tn);
	}
	nv_table_print(&table, NV_INDENT, text->columns, &text->out);
	nv_table_release(&table);
}

static void put_confusion(nv_text *text, const nv_task_figures *figures)
{
	nv_buf_add_char(&text->out, '\n');
	if (!figures->matrix)
		put_counts(text, figures);
	else if (figures->n_axis <= NV_LARGEST_MATRIX)
		put_matrix(text, figures);
	else
		put_mistakes(text, figures);
}

static void put_task_heading(nv_text *text, const nv_task_figures *figures)
{
	const char *kind = figures->task->kind == NV_MULTILABEL ? "any number of labels an article"
	                   : figures->task->kind == NV_STANCE   ? "stance"
	                                                        : "one label an article";
	nv_buf heading = NV_BUF_INIT;
	nv_buf_addf(&heading, "%s: %s, %zu article%s", figures->task->name, kind, figures->n,
	            figures->n == 1 ? "" : "s");
	nv_text_heading(text, nv_buf_cstr(&heading));
	nv_buf_release(&heading);
}

static void put_task(nv_text *text, const nv_task_figures *figures)
{
	put_task_heading(text, figures);
	if (figures->n == 0) {
		nv_buf_add_str(&text->out, "  No article is labelled for this task.\n");
		return;
	}
	put_labels(text, figures);
	nv_buf_add_char(&text->out, '\n');
	put_accuracy(text, figures);
	put_stance(text, figures);
	put_calibration(text, figures);
	put_confusion(text, figures);
}

int nv_report_write_text(const nv_report *report, size_t columns, const nv_sink *sink, nv_error *err)
{
	columns = columns < NV_NARROWEST ? NV_NARROWEST : columns > NV_WIDEST ? NV_WIDEST : columns;
	nv_text text = {report, columns, NV_BUF_INIT};
	put_head(&text);
	for (size_t t = 0; t < report->schema->n_task; t++)
		put_task(&text, &report->task[t]);
	nv_text_pooled(&text);
	nv_text_learning(&text);
	nv_text_slices(&text);
	nv_comparison_text(report, columns, &text.out);
	nv_text_care(&text);
	int code = text.out.failed ? nv_fail_memory(err) : NV_OK;
	if (code == NV_OK && sink->write(sink->user, text.out.ptr, text.out.len) != 0)
		code = nv_fail(err, NV_E_IO, "can't write the report");
	nv_buf_release(&text.out);
	return code;
}
