/* SPDX-License-Identifier: Apache-2.0
 *
 * figures.h: every figure of one task's predictions, computed once. Definitions are those of docs/formats.md and metrics.h. Gold labels that
 * the model lacks are labels of their own here, behind the model's, with misses alone.
 */
#ifndef NV_EVAL_FIGURES_H
#define NV_EVAL_FIGURES_H

#include "base/parallel.h"
#include "eval/interval.h"
#include "eval/outcomes.h"
#include "eval/predictions.h"

typedef struct nv_label_figures {
	const char *id, *title;
	bool known; /* false: the model lacks it */
	nv_confusion count;
	nv_figure precision, recall, f1, average_precision, roc_auc;
} nv_label_figures;

typedef struct nv_average_figures {
	nv_figure precision, recall, f1;
} nv_average_figures;

typedef struct nv_task_figures {
	const nv_task *task;
	size_t n;               /* articles labelled for the task */
	size_t n_known, n_label; /* the model's labels; with those it lacks */
	nv_label_figures *label; /* [n_label] */
	nv_outcomes outcomes;
	nv_average_figures micro, macro;
	nv_figure macro_average_precision, accuracy;
	nv_figure f1_favor_against, score_auc, score_correlation; /* stance */
	const char *majority;      /* the most frequent gold answer ("a|b" for a set, "" for the empty one); NULL without articles */
	double majority_accuracy;  /* of always giving it */
	nv_figure log_loss, brier;
	double ece, ece_by_chance; /* by chance: the 95th percentile for a perfectly calibrated model with the same p */
	nv_calibration_bin *bin;   /* [n_bin] of the top label; for multilabel tasks of all (article, label) pairs */
	size_t n_bin;
	uint64_t *matrix;          /* [n_axis][n_axis] gold by chosen; NULL for multilabel tasks */
	size_t n_axis;             /* n_label, one more where an article got no answer */
} nv_task_figures;

typedef struct nv_figure_options {
	size_t draws; /* 0: no bootstrap intervals, and no calibration error by chance */
	size_t bins;
	uint64_t seed;
	size_t n_thread;
} nv_figure_options;

/* Arrays come from arena; outcomes must be released by nv_task_figures_release. */
int nv_task_figures_compute(nv_task_figures *figures, const nv_task *task, const nv_task_predictions *predictions,
                            const nv_figure_options *options, nv_arena *arena, nv_ticker *ticker, nv_error *err);
void nv_task_figures_release(nv_task_figures *figures);

/* The answer that stands first in what the article was given: its chosen label, else that of the largest p. */
size_t nv_top_label(const nv_task_predictions *predictions, size_t row);

/* F1 of favor and of against over all stance tasks together, and their mean. Undefined without a stance task. */
int nv_pooled_stance(const nv_predictions *predictions, nv_figure *f1_favor_against, nv_error *err);
/* Its parts: the articles labelled for any of n_task stance tasks, in order, as outcomes (to be released); and the mean from them. */
int nv_pooled_outcomes(const nv_task_predictions *const *task, size_t n_task, size_t n_article, nv_outcomes *outcomes,
                       nv_error *err);
int nv_pooled_figure(const nv_outcomes *outcomes, nv_figure *f1_favor_against, nv_error *err);

/* scores.c: the figures that need p: calibration, ranks, losses. */
int nv_task_score_figures(nv_task_figures *figures, const nv_task_predictions *predictions,
                          const nv_figure_options *options, nv_arena *arena, nv_ticker *ticker, nv_error *err);

#endif
