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
	bool naive_bayes;         /* nb_fit.h; all below is unused */
	int loss;
	double c, l1_ratio;
	bool stance_spread;       /* whether stance tasks take the spread too; they never take n-grams */
	double stance_c;          /* c of stance tasks */
	bool has_spread, subwords;
	nv_spread_options spread, spread_of_two; /* the latter for a task of two labels */
	double balance;           /* a side's weight is (n / (2 n_side))^balance: 0 none, 1 balanced */
	double intercept_scale, tolerance;
	int max_iteration;
} nv_recipe;

nv_recipe nv_recipe_of(const nv_train_options *options);

#endif
