/* SPDX-License-Identifier: Apache-2.0
 *
 * recipe.h: what each algorithm means for the linear fit: the constants that are no options, in one place (docs/accuracy.md has the
 * figures that chose them).
 */
#ifndef NV_TRAIN_RECIPE_H
#define NV_TRAIN_RECIPE_H

#include "train/linear_fit.h"
#include "train/train.h"

typedef struct nv_recipe {
	bool naive_bayes; /* nb_fit.h, with the next two; all below them is unused */
	int nb_variant;
	double alpha;
	int loss;
	double c, l1_ratio;
	bool has_spread, subwords;
	bool whole_length; /* of rows with unknown words (models/model.h) */
	nv_spread_options spread;
	double balance; /* a side's weight is (n / (2 n_side))^balance: 0 none, 1 balanced */
	double intercept_scale, tolerance;
	int max_iteration;
} nv_recipe;

/* For a task of that kind with n_label labels. */
nv_recipe nv_recipe_of(const nv_train_options *options, nv_task_kind kind, size_t n_label);

#endif
