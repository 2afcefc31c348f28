/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/candidates.h"

#include "base/alloc.h"
#include "base/number.h"
#include "eval/bootstrap.h"
#include "train/recipe.h"

#include <math.h>

enum { MOST_CANDIDATES = 32 };

/* ---- The list ---- */

static nv_train_options *add(nv_candidates *candidates, const nv_train_options *options)
{
	nv_train_options *added = &candidates->item[candidates->n++].options;
	*added = *options;
	return added;
}

/* c of nv_train_options. */
static double times(double c, double factor)
{
	return c > 0 ? factor * c : -factor;
}

/* One algorithm: as options have it and, where a search of hyper-parameters is wanted, its neighbours. */
static void add_algorithm(nv_candidates *candidates, const nv_train_options *options, int algorithm)
{
	nv_train_options base = *options;
	base.algorithm = algorithm;
	base.search = false;
	add(candidates, &base);
	if (!options->search)
		return;
	if (algorithm == NV_ALGORITHM_NB) {
		add(candidates, &base)->alpha = 10 * base.alpha;
		add(candidates, &base)->alpha = base.alpha / 10;
		return;
	}
	add(candidates, &base)->c = times(base.c, 0.25);
	add(candidates, &base)->c = times(base.c, 4);
	if (base.class_weight == NV_CLASS_WEIGHT_NONE)
		add(candidates, &base)->class_weight = NV_CLASS_WEIGHT_BALANCED;
}

int nv_candidates_init(nv_candidates *candidates, const nv_train_options *options, size_t n_task, nv_error *err)
{
	*candidates = (nv_candidates){.n_task = n_task};
	candidates->item = nv_alloc_zero(MOST_CANDIDATES, sizeof *candidates->item);
	if (!candidates->item)
		return nv_fail_memory(err);
	if (options->algorithm != NV_ALGORITHM_AUTO)
		add_algorithm(candidates, options, options->algorithm);
	for (int algorithm = NV_ALGORITHM_NB; algorithm < NV_ALGORITHM_AUTO; algorithm++)
		if (options->algorithm == NV_ALGORITHM_AUTO)
			add_algorithm(candidates, options, algorithm);
	for (size_t i = 0; i < candidates->n; i++) {
		nv_candidate *item = &candidates->item[i];
		item->score = nv_alloc(n_task, sizeof *item->score);
		item->draw = nv_alloc_zero(n_task, NV_SEARCH_DRAWS * sizeof *item->draw);
		if (!item->score || !item->draw)
			return nv_fail_memory(err);
		for (size_t t = 0; t < n_task; t++)
			item->score[t] = nv_figure_undefined();
	}
	return NV_OK;
}

void nv_candidates_release(nv_candidates *candidates)
{
	for (size_t i = 0; i < candidates->n; i++) {
		nv_free(candidates->item[i].score);
		nv_free(candidates->item[i].draw);
	}
	nv_free(candidates->item);
}

/* ---- The choice ---- */

int nv_candidates_behind(const nv_candidates *candidates, size_t task, size_t i, size_t k, nv_figure *behind,
                         nv_error *err)
{
	const nv_candidate *low = &candidates->item[i], *high = &candidates->item[k];
	double *difference = nv_alloc(NV_SEARCH_DRAWS, sizeof *difference);
	if (!difference)
		return nv_fail_memory(err);
	for (size_t d = 0; d < NV_SEARCH_DRAWS; d++)
		difference[d] = high->draw[task * NV_SEARCH_DRAWS + d] - low->draw[task * NV_SEARCH_DRAWS + d];
	*behind = nv_bootstrap_interval(high->score[task].value - low->score[task].value, difference, NV_SEARCH_DRAWS);
	nv_free(difference);
	return NV_OK;
}

static size_t default_candidate(const nv_candidates *candidates)
{
	for (size_t i = 0; i < candidates->n; i++)
		if (candidates->item[i].options.algorithm == NV_ALGORITHM_BLEND)
			return i;
	return 0;
}

int nv_candidates_choose(const nv_candidates *candidates, size_t task, size_t *best, size_t *chosen, nv_error *err)
{
	*best = candidates->n;
	for (size_t i = 0; i < candidates->n; i++) {
		double value = candidates->item[i].score[task].value;
		if (!isnan(value) && (*best == candidates->n || value > candidates->item[*best].score[task].value))
			*best = i;
	}
	*chosen = *best = *best < candidates->n ? *best : default_candidate(candidates);
	for (size_t i = 0; i < *best; i++) {
		nv_figure behind;
		if (isnan(candidates->item[i].score[task].value))
			continue;
		int code = nv_candidates_behind(candidates, task, i, *best, &behind, err);
		if (code != NV_OK)
			return code;
		if (!(behind.low > 0)) { /* no interval: no ground to prefer the other */
			*chosen = i;
			break;
		}
	}
	return NV_OK;
}

void nv_candidate_name(const nv_candidate *candidate, const nv_task *task, nv_buf *out)
{
	static const char *const algorithm[] = {"nb", "logreg", "svm", "nblogreg", "blend"};
	const nv_recipe recipe = nv_recipe_of(&candidate->options, task->kind, task->n_label);
	char number[NV_NUMBER_TEXT];
	nv_buf_add_str(out, algorithm[candidate->options.algorithm]);
	nv_buf_add_str(out, recipe.naive_bayes ? ", alpha " : ", c ");
	nv_buf_add(out, number, nv_number_format(number, recipe.naive_bayes ? recipe.alpha : recipe.c));
	if (recipe.balance > 0)
		nv_buf_add_str(out, ", balanced");
}
