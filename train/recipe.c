/* SPDX-License-Identifier: Apache-2.0 */
#include "train/recipe.h"

/* Relative to the gradient at zero (solver.h, linear_fit.c). */
static const double TOLERANCE = 0.03, TOLERANCE_L1 = 0.0001;
enum { NEWTON_MAX = 100, OWLQN_MAX = 1000 };

/* A stance's prior is tied less to naive Bayes, and its n-grams' not at all: what tells a topic's words from others does not tell which side
 * a judgement is on. The tie is firmer for a label that few articles have, or nearly all: it is found by its subject first. Unknown words do not
 * lengthen a stance's rows, since shorter margins would give its sides less often. */
static void blend(nv_recipe *r, bool stance)
{
	const nv_spread_options topic = {1, 1, 0.5, 0.2, 0.2, 0.03, true, false},
							side = {0.25, 0.15, 0.5, 0.06, 0, 0.03, false, true};
	r->loss = NV_LOSS_SQUARED_HINGE;
	r->c = stance ? 1 : 0.2;
	r->has_spread = r->subwords = true;
	r->spread = stance ? side : topic;
	r->whole_length = !stance;
}

static void nblogreg(nv_recipe *r)
{
	r->loss = NV_LOSS_LOG;
	r->c = 10;
	r->has_spread = true;
	r->spread = (nv_spread_options){0, 1, 1, 0, 0, 1, false, false};
}

nv_recipe nv_recipe_of(const nv_train_options *options, nv_task_kind kind, size_t n_label)
{
	nv_recipe r = {.nb_variant = options->nb_variant,
	               .alpha = options->alpha,
	               .loss = NV_LOSS_LOG,
	               .c = 10,
	               .intercept_scale = 1,
	               .tolerance = TOLERANCE,
	               .max_iteration = NEWTON_MAX};
	r.naive_bayes = options->algorithm == NV_ALGORITHM_NB;
	if (options->algorithm == NV_ALGORITHM_SVM) {
		r.loss = NV_LOSS_SQUARED_HINGE;
		r.c = 1;
	} else if (options->algorithm == NV_ALGORITHM_NBLOGREG) {
		nblogreg(&r);
	} else if (options->algorithm == NV_ALGORITHM_BLEND) {
		blend(&r, kind == NV_STANCE);
	}
	if (kind == NV_MULTICLASS && n_label == 2) /* one fit for both labels (jobs.c), so terms speak for either side */
		r.spread.one_sided = false;
	if (options->c != 0)
		r.c = options->c > 0 ? options->c : -options->c * r.c;
	if (options->class_weight == NV_CLASS_WEIGHT_BALANCED)
		r.balance = 1;
	r.l1_ratio = options->penalty == NV_PENALTY_L1           ? 1
	             : options->penalty == NV_PENALTY_ELASTICNET ? options->l1_ratio
	                                                         : 0;
	if (r.l1_ratio > 0) {
		r.tolerance = TOLERANCE_L1;
		r.max_iteration = OWLQN_MAX;
	}
	return r;
}
