/* SPDX-License-Identifier: Apache-2.0
 *
 * learning.h: the learning curve of a cross-validation: figures against the number of articles that models learnt from, all judged on the same
 * articles. crossval_learn.c trains for it; here is what it says of the last step, from NV_LEARNING_LAST of the articles to all of them.
 */
#ifndef NV_EVAL_LEARNING_H
#define NV_EVAL_LEARNING_H

#include "eval/figures.h"

enum { NV_LEARNING_POINTS = 5, NV_LEARNING_SLICES = 10 };
/* Shares of a fold's training articles, in slices of NV_LEARNING_SLICES. */
extern const uint32_t nv_learning_slices[NV_LEARNING_POINTS];

typedef struct nv_learning_point {
	double share;    /* of the training articles, as asked for */
	double articles; /* labelled for the task that a model learnt from: mean over folds */
	nv_figure macro_f1, accuracy, f1_favor_against; /* the last undefined but for stance tasks */
} nv_learning_point;

typedef struct nv_task_learning {
	nv_learning_point point[NV_LEARNING_POINTS];
	nv_figure last_step;  /* the main figure's rise over the last step */
	const char *sentence; /* on what more labels would bring; NULL without a labelled article */
} nv_task_learning;

/* The figure that the curve shows: the mean F1 of favor and against for stance tasks, else macro-F1; and its name. */
nv_figure nv_learning_main(nv_task_kind kind, const nv_learning_point *point);
const char *nv_learning_main_name(nv_task_kind kind);

void nv_learning_take(nv_learning_point *point, const nv_task_figures *figures);
/* Fills last_step from the same articles' answers before and after it, by paired draws (without draws no interval), and the sentence, from arena;
 * the points must be there. */
int nv_learning_conclude(nv_task_learning *learning, const nv_task *task, const nv_task_predictions *before,
                         const nv_task_predictions *after, const nv_figure_options *options, nv_arena *arena, nv_error *err);

#endif
