/* SPDX-License-Identifier: Apache-2.0
 *
 * One task's object of the JSON report.
 */
#include "eval/report_json_parts.h"

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
