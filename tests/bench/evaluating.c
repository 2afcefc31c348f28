/* SPDX-License-Identifier: Apache-2.0
 *
 * evaluating.c: seconds that figures and their intervals take over many simulated answers.
 *
 * usage: evaluating [ARTICLES [DRAWS [THREADS]]]   (default 100000 1000 2)
 *
 * Two tasks: one label of 20 an article, and any of 3 labels. For each: a bootstrap of the figures made of counts (precision, recall and F1
 * of each label, their means, accuracy), which weighs patterns of gold and chosen labels; all figures of a report with no draw, where
 * intervals of counts come from formulas; and all of them with draws, which average precision and the losses need.
 */
#include "base/numeric.h"
#include "eval/bootstrap.h"
#include "eval/outcomes.h"
#include "newsvane.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct answers {
	nv_task_kind kind;
	size_t n, n_label;
	uint8_t *gold, *chosen; /* [n][n_label] */
	double *p;              /* [n][n_label] */
	const char *label[32];
} answers;

static void die(const char *what)
{
	fprintf(stderr, "evaluating: %s\n", what);
	exit(3);
}

/* ---- Answers, three of four right ---- */

static void one_label(answers *a, nv_rng *rng, size_t row)
{
	size_t gold = nv_rng_below(rng, a->n_label), chosen = nv_rng_below(rng, 4) ? gold : nv_rng_below(rng, a->n_label);
	double top = 0.5 + 0.5 * nv_rng_uniform(rng);
	for (size_t l = 0; l < a->n_label; l++)
		a->p[row * a->n_label + l] = l == chosen ? top : (1 - top) / (double)(a->n_label - 1);
	a->gold[row * a->n_label + gold] = 1;
	a->chosen[row * a->n_label + chosen] = 1;
}

static void any_labels(answers *a, nv_rng *rng, size_t row)
{
	for (size_t l = 0; l < a->n_label; l++) {
		size_t at = row * a->n_label + l;
		a->gold[at] = nv_rng_below(rng, 3) == 0;
		a->chosen[at] = nv_rng_below(rng, 4) ? a->gold[at] : !a->gold[at];
		a->p[at] = (a->chosen[at] ? 0.5 : 0) + 0.5 * nv_rng_uniform(rng);
	}
}

static answers make_answers(nv_task_kind kind, size_t n, size_t n_label)
{
	static char names[32][8];
	nv_rng rng;
	answers a = {kind, n, n_label, calloc(n * n_label, 1), calloc(n * n_label, 1), calloc(n * n_label, sizeof(double)),
	             {0}};
	if (!a.gold || !a.chosen || !a.p)
		die("out of memory");
	nv_rng_init(&rng, 1, n_label);
	for (size_t row = 0; row < n; row++)
		(kind == NV_MULTILABEL ? any_labels : one_label)(&a, &rng, row);
	for (size_t l = 0; l < n_label; l++) {
		snprintf(names[l], sizeof names[l], "l%zu", l);
		a.label[l] = names[l];
	}
	return a;
}

static void free_answers(answers *a)
{
	free(a->gold);
	free(a->chosen);
	free(a->p);
}

/* ---- Clocks ---- */

typedef struct clocks {
	double wall, processor;
} clocks;

static double read_clock(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static clocks start_clocks(void)
{
	return (clocks){read_clock(CLOCK_MONOTONIC), read_clock(CLOCK_PROCESS_CPUTIME_ID)};
}

static void print_clocks(const answers *a, const char *what, clocks from)
{
	clocks now = start_clocks();
	printf("%-10s %-34s %7.3f s, %7.3f s of processor time\n", a->kind == NV_MULTILABEL ? "multilabel" : "multiclass",
	       what, now.wall - from.wall, now.processor - from.processor);
}

/* ---- Figures made of counts ---- */

typedef struct count_draws {
	const nv_outcomes *outcomes;
	nv_confusion *count; /* [threads][n_label] */
} count_draws;

static void draw_counts(const void *context, size_t worker, const uint32_t *weight, double *figure)
{
	const count_draws *draws = context;
	size_t n_label = draws->outcomes->n_label;
	nv_confusion *count = draws->count + worker * n_label;
	double sum[3] = {0};
	nv_outcomes_count(draws->outcomes, weight, count);
	for (size_t l = 0; l < n_label; l++) {
		double tp = (double)count[l].tp, fp = (double)count[l].fp, fn = (double)count[l].fn;
		figure[3 * l] = tp / (tp + fp);
		figure[3 * l + 1] = tp / (tp + fn);
		figure[3 * l + 2] = 2 * tp / (2 * tp + fp + fn);
		for (size_t f = 0; f < 3; f++)
			sum[f] += figure[3 * l + f];
	}
	for (size_t f = 0; f < 3; f++)
		figure[3 * n_label + f] = sum[f] / (double)n_label;
	figure[3 * n_label + 3] = (double)nv_outcomes_exact(draws->outcomes, weight) / (double)draws->outcomes->n;
}

static void make_outcomes(const answers *a, nv_outcomes *outcomes)
{
	nv_cell cell[32];
	if (nv_outcomes_init(outcomes, a->n_label, NULL) != NV_OK)
		die("out of memory");
	for (size_t row = 0; row < a->n; row++) {
		size_t n = 0;
		for (size_t l = 0; l < a->n_label; l++) {
			size_t at = row * a->n_label + l;
			if (a->gold[at] || a->chosen[at])
				cell[n++] = NV_CELL(l, a->gold[at], a->chosen[at]);
		}
		if (nv_outcomes_add(outcomes, cell, n, NULL) != NV_OK)
			die("out of memory");
	}
}

static void time_counts(const answers *a, size_t draws, size_t threads)
{
	clocks from = start_clocks();
	nv_outcomes outcomes;
	make_outcomes(a, &outcomes);
	size_t n_figure = 3 * a->n_label + 4;
	count_draws context = {&outcomes, calloc(threads * a->n_label, sizeof *context.count)};
	nv_bootstrap bootstrap = {.n = a->n,
	                          .class_of = outcomes.pattern,
	                          .n_class = outcomes.n_pattern,
	                          .n_figure = n_figure,
	                          .draws = draws,
	                          .n_thread = threads,
	                          .seed = 1,
	                          .figures = draw_counts,
	                          .context = &context};
	double *draw = calloc(n_figure * draws, sizeof *draw);
	if (!context.count || !draw || nv_bootstrap_run(&bootstrap, NULL, draw, NULL) != NV_OK)
		die("the bootstrap failed");
	for (size_t f = 0; f < n_figure; f++)
		nv_bootstrap_interval(draw[f * draws], draw + f * draws, draws);
	print_clocks(a, "bootstrap of figures made of counts", from);
	free(draw);
	free(context.count);
	nv_outcomes_release(&outcomes);
}

/* ---- All figures ---- */

static int drop(void *user, const char *bytes, size_t len)
{
	(void)user;
	(void)bytes;
	(void)len;
	return 0;
}

static void time_all(const answers *a, const char *draws, const char *threads, const char *what)
{
	nv_options *options = nv_options_new();
	if (!options || nv_options_set(options, "draws", draws, NULL) != NV_OK ||
	    nv_options_set(options, "threads", threads, NULL) != NV_OK)
		die("wrong number of draws or threads");
	clocks from = start_clocks();
	if (nv_metrics(a->kind, a->n, a->n_label, a->label, a->gold, a->p, a->chosen, options, &(nv_sink){drop, NULL},
	               NULL) != NV_OK)
		die("the figures failed");
	print_clocks(a, what, from);
	nv_options_free(options);
}

static void time_task(nv_task_kind kind, size_t n, size_t n_label, const char *draws, const char *threads)
{
	answers a = make_answers(kind, n, n_label);
	time_counts(&a, strtoul(draws, NULL, 10), strtoul(threads, NULL, 10));
	time_all(&a, "0", threads, "all figures, no draw");
	time_all(&a, draws, threads, "all figures, with draws");
	free_answers(&a);
}

int main(int argc, char **argv)
{
	size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
	const char *draws = argc > 2 ? argv[2] : "1000", *threads = argc > 3 ? argv[3] : "2";
	if (n == 0 || strtoul(draws, NULL, 10) == 0 || strtoul(threads, NULL, 10) == 0)
		die("usage: evaluating [ARTICLES [DRAWS [THREADS]]]");
	time_task(NV_MULTICLASS, n, 20, draws, threads);
	time_task(NV_MULTILABEL, n, 3, draws, threads);
	return 0;
}
