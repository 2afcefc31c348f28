/* SPDX-License-Identifier: Apache-2.0
 *
 * Differences of figures that need p: losses and ranks. Draws weigh single articles.
 */
#include "base/alloc.h"
#include "base/numeric.h"
#include "eval/compare.h"
#include "eval/paired.h"
#include "eval/rank.h"

#include <math.h>
#include <string.h>

typedef struct nv_side {
	size_t n, n_label;
	double *log_loss;    /* [n] */
	nv_ranking *ranking; /* [n_label] */
} nv_side;

/* ---- One draw ---- */

enum { NV_DRAW_LOG_LOSS, NV_DRAW_MACRO_AP, NV_DRAW_AREAS, NV_AREAS = 2 };

static double weighted_mean(size_t n, const double *x, const uint32_t *weight)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += (double)weight[i] * x[i];
	return sum / (double)n;
}

static void draw_side(const nv_side *side, const uint32_t *weight, double *figure)
{
	double sum = 0, defined = 0, *precision = figure + NV_DRAW_AREAS, *auc = precision + side->n_label;
	figure[NV_DRAW_LOG_LOSS] = weighted_mean(side->n, side->log_loss, weight);
	for (size_t l = 0; l < side->n_label; l++) {
		precision[l] = nv_ranking_average_precision(&side->ranking[l], weight);
		auc[l] = nv_ranking_roc_auc(&side->ranking[l], weight);
		sum += isnan(precision[l]) ? 0 : precision[l];
		defined += isnan(precision[l]) ? 0 : 1;
	}
	figure[NV_DRAW_MACRO_AP] = sum / defined;
}

static void draw_ranks(const void *context, size_t worker, const uint32_t *weight, double *figure)
{
	const nv_side *side = context;
	(void)worker;
	draw_side(&side[0], weight, figure);
	draw_side(&side[1], weight, figure + NV_DRAW_AREAS + NV_AREAS * side[0].n_label);
}

/* ---- What draws are weighed on ---- */

static int prepare_side(nv_side *side, nv_task_kind kind, const nv_task_predictions *rows, nv_error *err)
{
	size_t n_label = rows->n_label;
	*side = (nv_side){rows->n, n_label, nv_alloc(rows->n, sizeof(double)), nv_alloc_zero(n_label, sizeof(nv_ranking))};
	if (!side->log_loss || !side->ranking)
		return nv_fail_memory(err);
	for (size_t row = 0; row < rows->n; row++) {
		const double *p = rows->p + row * n_label;
		const uint8_t *gold = rows->gold + row * n_label;
		side->log_loss[row] =
			kind == NV_MULTILABEL ? nv_log_loss_binary(n_label, p, gold) : nv_log_loss_row(n_label, p, gold);
	}
	int code = NV_OK;
	for (size_t l = 0; code == NV_OK && l < n_label; l++)
		code = nv_ranking_init(&side->ranking[l], rows->n, rows->p + l, rows->gold + l, n_label, err);
	return code;
}

static void release_side(nv_side *side)
{
	for (size_t l = 0; side->ranking && l < side->n_label; l++)
		nv_ranking_release(&side->ranking[l]);
	nv_free(side->ranking);
	nv_free(side->log_loss);
}

/* ---- Differences ---- */

/* Average precision's own interval is made of its draws. */
static nv_figure precision_figure(const nv_label_figures *label, const nv_paired_draws *paired, int side, size_t l)
{
	return nv_bootstrap_average_precision(label->average_precision.value, label->count.tp + label->count.fn,
	                                      nv_paired_draws_of(paired, side, NV_DRAW_AREAS + l), paired->draws);
}

static void join_areas(nv_task_comparison *task, const nv_paired_draws *paired, size_t n_label, nv_figure *of_a,
                       nv_figure *of_b)
{
	for (size_t l = 0; l < n_label; l++) {
		const nv_label_figures *a = &task->figures_a->label[l], *b = &task->figures_b->label[l];
		double support = (double)(a->count.tp + a->count.fn);
		of_a[l] = precision_figure(a, paired, 0, l);
		of_b[l] = precision_figure(b, paired, 1, l);
		task->label[l].average_precision = nv_paired_difference(paired, NV_DRAW_AREAS + l, of_a[l], of_b[l], support);
		task->label[l].roc_auc =
			nv_paired_difference(paired, NV_DRAW_AREAS + n_label + l, a->roc_auc, b->roc_auc, support);
	}
}

static int join_scores(nv_task_comparison *task, const nv_paired_draws *paired, size_t n_label, nv_error *err)
{
	nv_figure *item = nv_alloc(2 * n_label, sizeof *item), mean[2];
	int code = item ? NV_OK : nv_fail_memory(err);
	if (code == NV_OK)
		join_areas(task, paired, n_label, item, item + n_label);
	for (int side = 0; code == NV_OK && side < 2; side++)
		code = nv_bootstrap_macro(n_label, item + (size_t)side * n_label,
		                          nv_paired_draws_of(paired, side, NV_DRAW_AREAS), paired->draws, &mean[side], err);
	if (code == NV_OK) {
		task->macro_average_precision =
			nv_paired_difference(paired, NV_DRAW_MACRO_AP, mean[0], mean[1], (double)task->a.n);
		task->log_loss = nv_difference_percentile(task->figures_a->log_loss.value, task->figures_b->log_loss.value,
		                                          nv_paired_draws_of(paired, 0, NV_DRAW_LOG_LOSS),
		                                          nv_paired_draws_of(paired, 1, NV_DRAW_LOG_LOSS), paired->draws);
	}
	nv_free(item);
	return code;
}

int nv_compare_ranks(const nv_report *report, nv_task_comparison *task, nv_ticker *ticker, nv_error *err)
{
	nv_side side[2] = {{0}, {0}};
	nv_paired_draws paired = {NULL, 0, 0};
	size_t n_label = task->a.n_label;
	int code = prepare_side(&side[0], task->task.kind, &task->a, err);
	if (code == NV_OK)
		code = prepare_side(&side[1], task->task.kind, &task->b, err);
	if (code == NV_OK) {
		nv_bootstrap bootstrap = {.n = task->a.n, .n_class = task->a.n, .figures = draw_ranks, .context = side};
		code = nv_paired_draws_run(&paired, &bootstrap, report, NV_DRAW_AREAS + NV_AREAS * n_label, ticker, err);
	}
	if (code == NV_OK)
		code = join_scores(task, &paired, n_label, err);
	nv_paired_draws_release(&paired);
	release_side(&side[1]);
	release_side(&side[0]);
	return code;
}
