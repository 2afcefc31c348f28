/* SPDX-License-Identifier: Apache-2.0 */
#include "train/recipe.h"

/* Relative to the gradient at zero (solver.h, linear_fit.c). */
static const double TOLERANCE = 0.03, TOLERANCE_L1 = 0.0001;
enum { NEWTON_MAX = 100, OWLQN_MAX = 1000 };

static void blend(nv_recipe *r)
{
	r->loss = NV_LOSS_SQUARED_HINGE;
	r->c = 0.2;
	r->stance_c = 1; /* stance: a plain linear SVM, since what tells a topic's words from others does not tell a judgement's side */
	r->has_spread = true;
	r->subwords = true;
	r->spread = (nv_spread_options){1, 1, 0.5, 0.3, 0.3, 0.03, true};
}

static void nblogreg(nv_recipe *r)
{
	r->loss = NV_LOSS_LOG;
	r->c = 10;
	r->has_spread = r->stance_spread = true;
	r->spread = (nv_spread_options){0, 1, 1, 0, 0, 1, false};
}

nv_recipe nv_recipe_of(const nv_train_options *options)
{
	nv_recipe r = {.loss = NV_LOSS_LOG, .c = 10, .intercept_scale = 1, .tolerance = TOLERANCE, .max_iteration = NEWTON_MAX};
	r.naive_bayes = options->algorithm == NV_ALGORITHM_NB;
	if (options->algorithm == NV_ALGORITHM_SVM) {
		r.loss = NV_LOSS_SQUARED_HINGE;
		r.c = 1;
	} else if (options->algorithm == NV_ALGORITHM_NBLOGREG) {
		nblogreg(&r);
	} else if (options->algorithm == NV_ALGORITHM_BLEND) {
		blend(&r);
	}
	r.spread_of_two = r.spread;
	r.spread_of_two.one_sided = false;
	if (options->c > 0)
		r.c = r.stance_c = options->c;
	if (r.stance_c == 0)
		r.stance_c = r.c;
	if (options->class_weight == NV_CLASS_WEIGHT_BALANCED)
		r.balance = 1;
	r.l1_ratio = options->penalty == NV_PENALTY_L1 ? 1 : options->penalty == NV_PENALTY_ELASTICNET ? options->l1_ratio : 0;
	if (r.l1_ratio > 0) {
		r.tolerance = TOLERANCE_L1;
		r.max_iteration = OWLQN_MAX;
	}
	return r;
}
