/* SPDX-License-Identifier: Apache-2.0
 *
 * coverage.c: how often the 95% intervals of eval/interval.h and eval/outcomes.h hold the true value, over simulated data sets.
 *
 * usage: coverage [DATA_SETS]   (default 5000)
 *
 * A data set: articles with one label each of three (or with any of three labels, "tags"); the chosen labels are right so often that the figure's
 * true value is the one named. Truth is exact for precision, recall and accuracy, and F1 and its mean follow from the probabilities.
 * For each support n (articles a label) and each true value .5 .55 … .95 .99 the share of data sets is counted whose interval holds it; printed are,
 * for each figure, method and n, the mean over values, the lowest, and the mean width.
 */
#include "base/numeric.h"
#include "eval/bootstrap.h"
#include "eval/metrics.h"
#include "eval/outcomes.h"
#include "eval/rank.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double values[] = {0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99};
static const size_t supports[] = {30, 50, 100, 200};
enum { N_VALUE = sizeof values / sizeof *values, N_SUPPORT = sizeof supports / sizeof *supports };

/* ---- Counting ---- */

typedef struct nv_tally {
	const char *figure, *method;
	uint64_t held[N_VALUE], n[N_VALUE];
	double width[N_VALUE];
} nv_tally;

static void count(nv_tally *tally, size_t value, double truth, double low, double high)
{
	if (isnan(low) || isnan(high))
		return;
	tally->n[value]++;
	tally->held[value] += low <= truth + 1e-12 && high >= truth - 1e-12;
	tally->width[value] += high - low;
}

static void print(const nv_tally *tally, size_t support)
{
	double mean = 0, lowest = 1, width = 0;
	for (size_t v = 0; v < N_VALUE; v++) {
		double share = (double)tally->held[v] / (double)(tally->n[v] ? tally->n[v] : 1);
		mean += share / N_VALUE;
		lowest = share < lowest ? share : lowest;
		width += tally->width[v] / (double)(tally->n[v] ? tally->n[v] : 1) / N_VALUE;
	}
	printf("| %-10s | %-22s | %7zu | %.3f | %.3f | %.3f |\n", tally->figure, tally->method, support, mean, lowest,
	       width);
}

/* ---- Other methods, to compare with ---- */

static nv_figure wald(double hits, double n)
{
	double p = hits / n, half = NV_Z95 * sqrt(p * (1 - p) / n);
	return n > 0 ? (nv_figure){p, p - half, p + half, NULL} : nv_figure_undefined();
}

/* Jeffreys' interval, with the ends of Brown, Cai and DasGupta. */
static nv_figure jeffreys(double hits, double n)
{
	if (!(n > 0))
		return nv_figure_undefined();
	double low = hits > 0 ? nv_beta_quantile(0.025, hits + 0.5, n - hits + 0.5) : 0;
	double high = hits < n ? nv_beta_quantile(0.975, hits + 0.5, n - hits + 0.5) : 1;
	return (nv_figure){hits / n, low, high, NULL};
}

static nv_figure clopper_pearson(double hits, double n)
{
	if (!(n > 0))
		return nv_figure_undefined();
	double low = hits > 0 ? nv_beta_quantile(0.025, hits, n - hits + 1) : 0;
	double high = hits < n ? nv_beta_quantile(0.975, hits + 1, n - hits) : 1;
	return (nv_figure){hits / n, low, high, NULL};
}

static nv_figure to_f1(nv_figure j)
{
	return isnan(j.value) ? j : nv_jaccard_to_f1(j);
}

/* ---- One label against the rest ----
 * 3n articles, each positive with probability 1/3; positives are found with probability v, and negatives are taken with the probability
 * that makes precision v too, so that precision, recall and F1 all have the true value v. The support is n on average. */
enum { P_WALD, P_WILSON, P_JEFFREYS, P_CLOPPER, N_PROPORTION };

static nv_figure interval_of(int method, double hits, double n)
{
	switch (method) {
	case P_WALD:
		return wald(hits, n);
	case P_JEFFREYS:
		return jeffreys(hits, n);
	case P_CLOPPER:
		return clopper_pearson(hits, n);
	default:
		return n > 0 ? nv_proportion_of(hits / n, n) : nv_figure_undefined();
	}
}

static void make_label(nv_rng *rng, size_t n, double truth, nv_confusion *c)
{
	memset(c, 0, sizeof *c);
	for (size_t i = 0; i < 3 * n; i++) {
		bool gold = nv_rng_below(rng, 3) == 0, chosen = nv_rng_uniform(rng) < (gold ? truth : (1 - truth) / 2);
		++*(gold ? (chosen ? &c->tp : &c->fn) : chosen ? &c->fp : &c->tn);
	}
}

static void simulate_label(nv_tally tally[3][N_PROPORTION], size_t v, size_t n, size_t sets)
{
	for (size_t s = 0; s < sets; s++) {
		nv_rng rng;
		nv_confusion c;
		nv_rng_init(&rng, 1 + v * 1000 + n, s);
		make_label(&rng, n, values[v], &c);
		double tp = (double)c.tp, fp = (double)c.fp, fn = (double)c.fn;
		for (int m = 0; m < N_PROPORTION; m++) {
			nv_figure p = interval_of(m, tp, tp + fp), r = interval_of(m, tp, tp + fn),
					  f = to_f1(interval_of(m, tp, tp + fp + fn));
			count(&tally[0][m], v, values[v], p.low, p.high);
			count(&tally[1][m], v, values[v], r.low, r.high);
			count(&tally[2][m], v, values[v], f.low, f.high);
		}
	}
}

/* ---- Three labels, one an article: accuracy and macro-F1 ----
 * 3n articles, n a label; each is right with probability v, else one of the others: every label's F1 and the accuracy are v in truth. With
 * `tags` each label is decided on its own, for articles that hold each label with probability 1/2, and F1 is v for each. */
enum { M_PERCENTILE, M_BCA, M_MOVER, N_MACRO, N_DRAW = 400, N_LABEL = 3, MOST = 3 * 200 };

typedef struct nv_set {
	nv_outcomes outcomes;
	nv_figure f1[N_LABEL], macro, accuracy;
} nv_set;

static void macro_f1(const nv_outcomes *o, const uint32_t *weight, nv_figure *f1, nv_figure *macro)
{
	nv_confusion c[N_LABEL];
	nv_outcomes_count(o, weight, c);
	for (size_t l = 0; l < N_LABEL; l++)
		f1[l] = nv_f1_figure(c[l].tp, c[l].fp, c[l].fn);
	nv_outcomes_macro(o, weight, NV_RATE_F1, f1, NULL, macro, NULL);
}

static void make_set(nv_set *set, nv_rng *rng, size_t n, double truth, bool tags)
{
	/* Independent labels: found with probability v, and as many taken wrongly as are missed. */
	nv_outcomes_init(&set->outcomes, N_LABEL, NULL);
	for (size_t i = 0; i < (tags ? 2 * n : N_LABEL * n); i++) {
		nv_cell cell[N_LABEL];
		size_t n_cell = 0;
		for (size_t l = 0; tags && l < N_LABEL; l++) {
			bool gold = nv_rng_uniform(rng) < 0.5, chosen = nv_rng_uniform(rng) < (gold ? truth : 1 - truth);
			if (gold || chosen)
				cell[n_cell++] = NV_CELL(l, gold, chosen);
		}
		if (!tags) {
			size_t gold = i % N_LABEL,
				   chosen = nv_rng_uniform(rng) < truth ? gold : (gold + 1 + nv_rng_below(rng, 2)) % N_LABEL;
			if (gold == chosen)
				cell[n_cell++] = NV_CELL(gold, 1, 1);
			else {
				cell[n_cell++] = NV_CELL(gold, 1, 0);
				cell[n_cell++] = NV_CELL(chosen, 0, 1);
			}
		}
		nv_outcomes_add(&set->outcomes, cell, n_cell, NULL);
	}
	macro_f1(&set->outcomes, set->outcomes.weight, set->f1, &set->macro);
	set->accuracy = nv_proportion(nv_outcomes_exact(&set->outcomes, set->outcomes.weight), set->outcomes.n);
}

static void draw_macro(const void *context, size_t worker, const uint32_t *weight, double *figure)
{
	nv_figure f1[N_LABEL], macro;
	(void)worker;
	macro_f1(context, weight, f1, &macro);
	figure[0] = macro.value;
}

static double mean_f1(const nv_confusion *c)
{
	double sum = 0;
	for (size_t l = 0; l < N_LABEL; l++)
		sum += 2 * (double)c[l].tp / (double)(2 * c[l].tp + c[l].fp + c[l].fn);
	return sum / N_LABEL;
}

/* Acceleration from the jackknife (Efron 1987): articles of one pattern have one value. */
static double acceleration(const nv_outcomes *o)
{
	double value[64], sum = 0, square = 0, cube = 0, n = (double)o->n;
	uint32_t weight[64];
	memcpy(weight, o->weight, o->n_pattern * sizeof *weight);
	for (size_t p = 0; p < o->n_pattern; p++) {
		nv_confusion c[N_LABEL];
		weight[p]--;
		nv_outcomes_count(o, weight, c);
		value[p] = mean_f1(c);
		weight[p]++;
		sum += o->weight[p] * value[p] / n;
	}
	for (size_t p = 0; p < o->n_pattern; p++) {
		double d = sum - value[p];
		square += o->weight[p] * d * d;
		cube += o->weight[p] * d * d * d;
	}
	return square > 0 ? cube / (6 * square * sqrt(square)) : 0;
}

static nv_figure bca(const nv_outcomes *o, double value, double *draw, size_t n)
{
	double below = 0;
	for (size_t d = 0; d < n; d++)
		below += draw[d] < value ? 1 : draw[d] <= value ? 0.5 : 0;
	double share = fmin(fmax(below / (double)n, 0.5 / (double)n), 1 - 0.5 / (double)n);
	double z0 = nv_normal_quantile(share), a = acceleration(o);
	double low = nv_normal_cdf(z0 + (z0 - NV_Z95) / (1 - a * (z0 - NV_Z95)));
	double high = nv_normal_cdf(z0 + (z0 + NV_Z95) / (1 - a * (z0 + NV_Z95)));
	return (nv_figure){value, nv_quantile(draw, n, low), nv_quantile(draw, n, high), NULL};
}

static void bootstrap_macro(nv_set *set, nv_tally tally[N_MACRO], size_t v, size_t seed)
{
	double draw[N_DRAW];
	nv_bootstrap b = {.n = set->outcomes.n,
	                  .class_of = set->outcomes.pattern,
	                  .n_class = set->outcomes.n_pattern,
	                  .n_figure = 1,
	                  .draws = N_DRAW,
	                  .n_thread = 1,
	                  .seed = seed,
	                  .figures = draw_macro,
	                  .context = &set->outcomes};
	nv_bootstrap_run(&b, NULL, draw, NULL);
	nv_figure percentile = nv_bootstrap_interval(set->macro.value, draw, N_DRAW);
	count(&tally[M_PERCENTILE], v, values[v], percentile.low, percentile.high);
	nv_figure corrected = bca(&set->outcomes, set->macro.value, draw, N_DRAW);
	count(&tally[M_BCA], v, values[v], corrected.low, corrected.high);
}

static void simulate_macro(nv_tally macro[N_MACRO], nv_tally *accuracy, size_t v, size_t n, size_t sets, bool tags)
{
	for (size_t s = 0; s < sets; s++) {
		nv_set set;
		nv_rng rng;
		nv_rng_init(&rng, 77 + v * 1000 + n + (tags ? 500000 : 0), s);
		make_set(&set, &rng, n, values[v], tags);
		count(&macro[M_MOVER], v, values[v], set.macro.low, set.macro.high);
		if (!tags)
			count(accuracy, v, values[v], set.accuracy.low, set.accuracy.high);
		if (s < sets / 5)
			bootstrap_macro(&set, macro, v, s);
		nv_outcomes_release(&set.outcomes);
	}
}

/* ---- Ranks: scores of n positives and 2n negatives from two normals, whose distance makes the area v ---- */
enum { R_CLOSED, R_PERCENTILE, R_WILSON_BOOTSTRAP, N_RANK };

static double normal(nv_rng *rng)
{
	return nv_normal_quantile((nv_rng_uniform(rng) + 0x1p-54));
}

/* The average precision of endless data of that kind: the mean over positives' scores of the precision at that score. */
static double true_average_precision(double shift, double share)
{
	double sum = 0;
	enum { STEPS = 4000 };
	for (int i = 0; i < STEPS; i++) {
		double z = nv_normal_quantile(((double)i + 0.5) / STEPS), hits = share * (1 - nv_normal_cdf(z));
		sum += hits / (hits + (1 - share) * (1 - nv_normal_cdf(z + shift)));
	}
	return sum / STEPS;
}

static void draw_ranks(const void *context, size_t worker, const uint32_t *weight, double *figure)
{
	(void)worker;
	figure[0] = nv_ranking_average_precision(context, weight);
	figure[1] = nv_ranking_roc_auc(context, weight);
}

static double distance_for_area(double area)
{
	return sqrt(2) * nv_normal_quantile(area);
}

/* The distance at which the true average precision is v. */
static double distance_for_precision(double truth)
{
	double low = -3, high = 8;
	for (int i = 0; i < 40; i++) {
		double middle = (low + high) / 2;
		*(true_average_precision(middle, 1.0 / 3) < truth ? &low : &high) = middle;
	}
	return (low + high) / 2;
}

static void simulate_ranks(nv_tally auc[N_RANK], nv_tally ap[N_RANK], size_t v, size_t n, size_t sets)
{
	double shift[2] = {distance_for_area(values[v]), distance_for_precision(values[v])}, draw[2 * N_DRAW];
	static double score[MOST];
	static uint8_t gold[MOST];
	for (size_t s = 0; s < sets / 5; s++) {
		for (int k = 0; k < 2; k++) {
			nv_rng rng;
			nv_ranking ranking;
			nv_rng_init(&rng, 99 + v * 1000 + n + (size_t)k * 7, s);
			for (size_t i = 0; i < 3 * n; i++) {
				gold[i] = i < n;
				score[i] = normal(&rng) + (i < n ? shift[k] : 0);
			}
			nv_ranking_init(&ranking, 3 * n, score, gold, 1, NULL);
			nv_bootstrap b = {.n = 3 * n,
			                  .n_class = 3 * n,
			                  .n_figure = 2,
			                  .draws = N_DRAW,
			                  .n_thread = 1,
			                  .seed = s,
			                  .figures = draw_ranks,
			                  .context = &ranking};
			nv_bootstrap_run(&b, NULL, draw, NULL);
			double value = k ? nv_ranking_average_precision(&ranking, NULL) : nv_ranking_roc_auc(&ranking, NULL);
			nv_figure percentile = nv_bootstrap_interval(value, draw + (k ? 0 : N_DRAW), N_DRAW);
			nv_figure closed = k ? nv_proportion_of(value, (double)n) : nv_auc_figure(value, n, 2 * n);
			nv_tally *tally = k ? ap : auc;
			count(&tally[R_PERCENTILE], v, values[v], percentile.low, percentile.high);
			count(&tally[R_CLOSED], v, values[v], closed.low, closed.high);
			if (k) {
				nv_figure shrunk = nv_bootstrap_average_precision(value, n, draw, N_DRAW);
				count(&tally[R_WILSON_BOOTSTRAP], v, values[v], shrunk.low, shrunk.high);
			}
			nv_ranking_release(&ranking);
		}
	}
}

/* ---- All ---- */

static void name_tallies(nv_tally *tally, size_t n, const char *figure, const char *const *method)
{
	memset(tally, 0, n * sizeof *tally);
	for (size_t m = 0; m < n; m++) {
		tally[m].figure = figure;
		tally[m].method = method[m];
	}
}

static void run_support(size_t n, size_t sets)
{
	static const char *const proportion[] = {"wald", "wilson", "jeffreys", "clopper-pearson"};
	static const char *const macro_method[] = {"bootstrap percentile", "bootstrap bca", "mover"};
	static const char *const auc_method[] = {"newcombe", "bootstrap percentile", ""}, *const ap_method[] = {
																						  "wilson of positives",
																						  "bootstrap percentile",
																						  "wilson-bootstrap"};
	static const char *const accuracy_method[] = {"wilson"};
	static nv_tally label[3][N_PROPORTION], macro[2][N_MACRO], auc[N_RANK], ap[N_RANK], accuracy;
	name_tallies(label[0], N_PROPORTION, "precision", proportion);
	name_tallies(label[1], N_PROPORTION, "recall", proportion);
	name_tallies(label[2], N_PROPORTION, "F1", proportion);
	name_tallies(macro[0], N_MACRO, "macro-F1", macro_method);
	name_tallies(macro[1], N_MACRO, "same, tags", macro_method);
	name_tallies(&accuracy, 1, "accuracy", accuracy_method);
	name_tallies(auc, N_RANK, "ROC AUC", auc_method);
	name_tallies(ap, N_RANK, "avg. prec.", ap_method);
	for (size_t v = 0; v < N_VALUE; v++) {
		simulate_label(label, v, n, sets);
		simulate_macro(macro[0], &accuracy, v, n, sets, false);
		simulate_macro(macro[1], &accuracy, v, n, sets, true);
		simulate_ranks(auc, ap, v, n, sets);
	}
	for (size_t f = 0; f < 3; f++)
		for (size_t m = 0; m < N_PROPORTION; m++)
			print(&label[f][m], n);
	print(&accuracy, n);
	for (size_t k = 0; k < 2; k++)
		for (size_t m = 0; m < N_MACRO; m++)
			print(&macro[k][m], n);
	for (size_t m = 0; m <= R_PERCENTILE; m++)
		print(&auc[m], n);
	for (size_t m = 0; m < N_RANK; m++)
		print(&ap[m], n);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	size_t sets = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 5000;
	nv_numeric_init();
	printf(
		"| figure     | method                 | support | mean  | lowest | width |\n|---|---|---:|---:|---:|---:|\n");
	for (size_t i = 0; i < N_SUPPORT; i++)
		run_support(supports[i], sets);
	return EXIT_SUCCESS;
}
