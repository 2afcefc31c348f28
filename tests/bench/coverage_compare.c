/* SPDX-License-Identifier: Apache-2.0
 *
 * coverage_compare.c: how often the 95% intervals of a difference between two models (eval/difference.h) hold the true one, over simulated data sets.
 *
 * usage: coverage_compare [DATA_SETS]   (default 1000)
 *
 * A data set: articles, each positive for the label with probability 1/3, 3n of them so that n are on average (for accuracy n articles); model
 * A is right so often that the figure's true value is v, B so that it is v - d. With probability c an article's fate is drawn once for both models, so
 * that c says how alike they are. For v of .5 .7 .8 .9 .95 .99, d of 0 .05 .1 and c of 0 .5 .9 the share of data sets is counted whose interval holds the true
 * difference; printed are, for each figure, method and n, the mean over these 54 settings, the lowest, and the mean width. 400 draws.
 */
#include "base/alloc.h"
#include "base/numeric.h"
#include "eval/bootstrap.h"
#include "eval/difference.h"
#include "eval/metrics.h"
#include "eval/rank.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double values[] = {0.5, 0.7, 0.8, 0.9, 0.95, 0.99}, distances[] = {0, 0.05, 0.1},
					likeness[] = {0, 0.5, 0.9};
static const size_t supports[] = {30, 50, 100, 200};
enum {
	N_VALUE = 6,
	N_DISTANCE = 3,
	N_LIKENESS = 3,
	N_SETTING = N_VALUE * N_DISTANCE * N_LIKENESS,
	N_SUPPORT = 4,
	DRAWS = 400
};

/* ---- Counting ---- */

enum { M_PERCENTILE, M_MOVER, M_SHRUNK, N_METHOD };
static const char *const method_name[N_METHOD] = {"bootstrap percentile", "mover, plain correlation", "**mover**"};

typedef struct nv_tally {
	uint64_t held[N_SETTING], n[N_SETTING];
	double width[N_SETTING];
} nv_tally;

static void count(nv_tally *tally, size_t setting, double truth, nv_figure d)
{
	if (isnan(d.low) || isnan(d.high))
		return;
	tally->n[setting]++;
	tally->held[setting] += d.low <= truth + 1e-12 && d.high >= truth - 1e-12;
	tally->width[setting] += d.high - d.low;
}

static void print(const char *figure, const nv_tally *tally, size_t support)
{
	for (int m = 0; m < N_METHOD; m++) {
		double mean = 0, lowest = 1, width = 0;
		for (size_t s = 0; s < N_SETTING; s++) {
			double n = (double)(tally[m].n[s] ? tally[m].n[s] : 1), share = (double)tally[m].held[s] / n;
			mean += share / N_SETTING;
			lowest = share < lowest ? share : lowest;
			width += tally[m].width[s] / n / N_SETTING;
		}
		printf("| %s | %s | %zu | %.3f | %.3f | %.3f |\n", figure, method_name[m], support, mean, lowest, width);
	}
	fflush(stdout);
}

/* ---- Two models on one label: 8 kinds of article, 4 * gold + 2 * A + B ---- */

enum { N_KIND = 8 };

typedef struct nv_label_set {
	size_t n;
	uint8_t *kind; /* [n] */
	int figure;
} nv_label_set;

enum { F_PRECISION, F_RECALL, F_F1, F_ACCURACY, N_FIGURE };
static const char *const figure_name[N_FIGURE] = {"precision", "recall", "F1", "accuracy"};

static nv_confusion confusion(const uint64_t *kinds, int side)
{
	nv_confusion c = {0, 0, 0, 0};
	for (int k = 0; k < N_KIND; k++) {
		bool gold = k >> 2 & 1, chosen = side == 0 ? k >> 1 & 1 : k & 1;
		*(gold ? (chosen ? &c.tp : &c.fn) : chosen ? &c.fp : &c.tn) += kinds[k];
	}
	return c;
}

static nv_figure figure_of(const nv_confusion *c, int figure)
{
	if (figure == F_PRECISION)
		return nv_proportion(c->tp, c->tp + c->fp);
	if (figure == F_RECALL)
		return nv_proportion(c->tp, c->tp + c->fn);
	if (figure == F_F1)
		return nv_f1_figure(c->tp, c->fp, c->fn);
	return nv_proportion(c->tp + c->tn, c->tp + c->fp + c->fn + c->tn);
}

static double trials_of(const nv_confusion *c, int figure)
{
	uint64_t n = figure == F_PRECISION ? c->tp + c->fp : figure == F_RECALL ? c->tp + c->fn : c->tp + c->fp + c->fn;
	return (double)(figure == F_ACCURACY ? n + c->tn : n);
}

static void draw_pair(const void *context, size_t worker, const uint32_t *weight, double *figure)
{
	const nv_label_set *set = context;
	uint64_t kinds[N_KIND];
	(void)worker;
	for (int k = 0; k < N_KIND; k++)
		kinds[k] = weight[k];
	for (int side = 0; side < 2; side++) {
		nv_confusion c = confusion(kinds, side);
		figure[side] = figure_of(&c, set->figure).value;
	}
}

/* right[2]: how often each model is right about a positive (and of accuracy, about anything); wrong[2]: how often it takes a negative. */
static void make_set(nv_label_set *set, nv_rng *rng, const double *right, const double *wrong, double alike,
                     uint64_t *kinds)
{
	memset(kinds, 0, N_KIND * sizeof *kinds);
	for (size_t i = 0; i < set->n; i++) {
		bool gold = nv_rng_below(rng, 3) == 0, same = nv_rng_uniform(rng) < alike;
		double u = nv_rng_uniform(rng), v = nv_rng_uniform(rng);
		const double *p = gold ? right : wrong;
		uint8_t kind = (uint8_t)(4 * gold + 2 * (u < p[0]) + ((same ? u : v) < p[1]));
		set->kind[i] = kind;
		kinds[kind]++;
	}
}

static void judge(nv_tally *tally, size_t setting, double truth, nv_figure a, nv_figure b, const double *draw,
                  double trials)
{
	double copy[DRAWS];
	memcpy(copy, draw + DRAWS, sizeof copy);
	count(&tally[M_PERCENTILE], setting, truth, nv_difference_percentile(a.value, b.value, draw, copy, DRAWS).b_less_a);
	count(&tally[M_MOVER], setting, truth, nv_difference_mover(a, b, draw, draw + DRAWS, DRAWS, 1e15).b_less_a);
	count(&tally[M_SHRUNK], setting, truth, nv_difference_mover(a, b, draw, draw + DRAWS, DRAWS, trials).b_less_a);
}

static void judge_label(nv_tally *tally, size_t setting, double truth, nv_label_set *set, const uint64_t *kinds,
                        uint64_t seed)
{
	static double draw[2 * DRAWS];
	static uint32_t class_of[1000];
	nv_confusion a = confusion(kinds, 0), b = confusion(kinds, 1);
	for (size_t i = 0; i < set->n; i++)
		class_of[i] = set->kind[i];
	const nv_bootstrap bootstrap = {.n = set->n,
	                                .class_of = class_of,
	                                .n_class = N_KIND,
	                                .n_figure = 2,
	                                .draws = DRAWS,
	                                .n_thread = 1,
	                                .seed = seed,
	                                .figures = draw_pair,
	                                .context = set};
	if (nv_bootstrap_run(&bootstrap, NULL, draw, NULL) != NV_OK)
		exit(1);
	judge(tally, setting, truth, figure_of(&a, set->figure), figure_of(&b, set->figure), draw,
	      fmin(trials_of(&a, set->figure), trials_of(&b, set->figure)));
}

static void simulate_setting(nv_tally *tally, int figure, size_t support, size_t setting, size_t sets)
{
	double v = values[setting / (N_DISTANCE * N_LIKENESS)], d = distances[setting / N_LIKENESS % N_DISTANCE];
	uint8_t kind[1000];
	nv_label_set set = {figure == F_ACCURACY ? support : 3 * support, kind, figure};
	const double right[] = {v, v - d};
	double wrong[] = {(1 - v) / 2, (1 - v + d) / 2};
	if (figure == F_ACCURACY) {
		wrong[0] = 1 - right[0];
		wrong[1] = 1 - right[1];
	}
	for (size_t s = 0; s < sets; s++) {
		nv_rng rng;
		uint64_t kinds[N_KIND], seed = (uint64_t)(setting * 1000000 + s);
		nv_rng_init(&rng, 1 + (uint64_t)figure, seed + (uint64_t)support * 100000000);
		make_set(&set, &rng, right, wrong, likeness[setting % N_LIKENESS], kinds);
		judge_label(tally, setting, -d, &set, kinds, seed);
	}
}

/* ---- Ranks: normal scores of n positives and 2n negatives, both models' correlated by c; a true area of v needs them sqrt(2) z(v) apart ---- */

typedef struct nv_rank_set {
	nv_ranking ranking[2];
} nv_rank_set;

static void draw_areas(const void *context, size_t worker, const uint32_t *weight, double *figure)
{
	const nv_rank_set *set = context;
	(void)worker;
	for (int side = 0; side < 2; side++)
		figure[side] = nv_ranking_roc_auc(&set->ranking[side], weight);
}

static double normal(nv_rng *rng)
{
	return nv_normal_quantile((nv_rng_uniform(rng) + 0x1p-54));
}

static void make_ranks(nv_rank_set *set, nv_rng *rng, size_t n, double v, double d, double alike)
{
	double score[2][700];
	uint8_t gold[700];
	for (size_t i = 0; i < 3 * n; i++) {
		double both = normal(rng);
		gold[i] = i < n;
		for (int side = 0; side < 2; side++)
			score[side][i] = sqrt(alike) * both + sqrt(1 - alike) * normal(rng) +
			                 (i < n ? sqrt(2) * nv_normal_quantile(side == 0 ? v : v - d) : 0);
	}
	for (int side = 0; side < 2; side++)
		if (nv_ranking_init(&set->ranking[side], 3 * n, score[side], gold, 1, NULL) != NV_OK)
			exit(1);
}

static void simulate_ranks(nv_tally *tally, size_t n, size_t setting, size_t sets)
{
	static double draw[2 * DRAWS];
	double v = values[setting / (N_DISTANCE * N_LIKENESS)], d = distances[setting / N_LIKENESS % N_DISTANCE];
	for (size_t s = 0; s < sets; s++) {
		nv_rng rng;
		nv_rank_set set;
		nv_rng_init(&rng, 9, (uint64_t)(n * 100000000 + setting * 1000000 + s));
		make_ranks(&set, &rng, n, v, d, likeness[setting % N_LIKENESS]);
		const nv_bootstrap bootstrap = {.n = 3 * n,
		                                .n_class = 3 * n,
		                                .n_figure = 2,
		                                .draws = DRAWS,
		                                .n_thread = 1,
		                                .seed = s,
		                                .figures = draw_areas,
		                                .context = &set};
		if (nv_bootstrap_run(&bootstrap, NULL, draw, NULL) != NV_OK)
			exit(1);
		nv_figure of[2];
		for (int side = 0; side < 2; side++)
			of[side] = nv_auc_figure(nv_ranking_roc_auc(&set.ranking[side], NULL), n, 2 * n);
		judge(tally, setting, -d, of[0], of[1], draw, (double)n);
		nv_ranking_release(&set.ranking[1]);
		nv_ranking_release(&set.ranking[0]);
	}
}

int main(int argc, char **argv)
{
	size_t sets = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 1000;
	nv_numeric_init();
	printf("| figure | method | support | mean | lowest | mean width |\n|---|---|---:|---:|---:|---:|\n");
	for (int figure = 0; figure < N_FIGURE; figure++)
		for (size_t n = 0; n < N_SUPPORT; n++) {
			static nv_tally tally[N_METHOD];
			memset(tally, 0, sizeof tally);
			for (size_t setting = 0; setting < N_SETTING; setting++)
				simulate_setting(tally, figure, supports[n], setting, sets);
			print(figure_name[figure], tally, supports[n]);
		}
	for (size_t n = 0; n < N_SUPPORT; n++) {
		static nv_tally tally[N_METHOD];
		memset(tally, 0, sizeof tally);
		for (size_t setting = 0; setting < N_SETTING; setting++)
			simulate_ranks(tally, supports[n], setting, sets / 2);
		print("ROC AUC", tally, supports[n]);
	}
	return 0;
}
