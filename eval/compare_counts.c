/* SPDX-License-Identifier: Apache-2.0
 *
 * Differences of figures made of counts. Articles that are alike in both models' patterns (eval/outcomes.h) make a
 * class, and a draw weighs classes.
 */
#include "base/alloc.h"
#include "eval/compare.h"
#include "eval/paired.h"

#include <math.h>
#include <string.h>

/* ---- Classes: articles that are alike in both models' patterns ---- */

typedef struct nv_pair_class {
	uint32_t pattern[2];
} nv_pair_class;

typedef struct nv_pair_classes {
	const nv_outcomes *outcomes[2];
	uint32_t *class_of;  /* [n] */
	nv_pair_class *item; /* [n_class] */
	size_t n_class, cap;
	uint32_t *scratch; /* [n_thread][n_pattern of A + n_pattern of B] */
	size_t stride;
	nv_confusion *count; /* [n_thread][n_label] */
} nv_pair_classes;

static void release_classes(nv_pair_classes *classes)
{
	nv_free(classes->count);
	nv_free(classes->scratch);
	nv_free(classes->item);
	nv_free(classes->class_of);
}

/* Numbers the pairs by first appearance: outcomes of their own serve as the table of pairs. */
static int fill_classes(nv_pair_classes *classes, nv_error *err)
{
	const nv_outcomes *a = classes->outcomes[0], *b = classes->outcomes[1];
	nv_outcomes pairs;
	int code = nv_outcomes_init(&pairs, 2, err);
	if (code != NV_OK)
		return code;
	for (size_t i = 0; code == NV_OK && i < a->n; i++) {
		const nv_cell pair[] = {2 * a->pattern[i], 2 * b->pattern[i] + 1};
		code = nv_outcomes_add(&pairs, pair, 2, err);
		uint32_t class = code == NV_OK ? pairs.pattern[i] : 0;
		if (code == NV_OK && class == classes->n_class) {
			if (!nv_grow(&classes->item, &classes->cap, classes->n_class + 1, sizeof *classes->item))
				code = nv_fail_memory(err);
			else
				classes->item[classes->n_class++] = (nv_pair_class){{a->pattern[i], b->pattern[i]}};
		}
		classes->class_of[i] = class;
	}
	nv_outcomes_release(&pairs);
	return code;
}

static int make_classes(nv_pair_classes *classes, const nv_outcomes *a, const nv_outcomes *b, size_t n_thread,
                        nv_error *err)
{
	memset(classes, 0, sizeof *classes);
	classes->outcomes[0] = a;
	classes->outcomes[1] = b;
	classes->stride = a->n_pattern + b->n_pattern;
	size_t n_scratch, n_count;
	if (!nv_mul_size(n_thread, classes->stride, &n_scratch) || !nv_mul_size(n_thread, a->n_label, &n_count))
		return nv_fail_memory(err);
	classes->class_of = nv_alloc(a->n, sizeof *classes->class_of);
	classes->scratch = nv_alloc(n_scratch, sizeof *classes->scratch);
	classes->count = nv_alloc(n_count, sizeof *classes->count);
	if (!classes->class_of || !classes->scratch || !classes->count)
		return nv_fail_memory(err);
	return fill_classes(classes, err);
}

/* The weights of A's patterns, and behind them of B's. */
static const uint32_t *pattern_weights(const nv_pair_classes *classes, size_t worker, const uint32_t *weight)
{
	uint32_t *a = classes->scratch + worker * classes->stride, *b = a + classes->outcomes[0]->n_pattern;
	memset(a, 0, classes->stride * sizeof *a);
	for (size_t c = 0; c < classes->n_class; c++) {
		a[classes->item[c].pattern[0]] += weight[c];
		b[classes->item[c].pattern[1]] += weight[c];
	}
	return a;
}

/* ---- Figures made of counts ---- */

enum { NV_DRAW_ACCURACY, NV_DRAW_MICRO_F1, NV_DRAW_MACRO_F1, NV_DRAW_FAVOR_AGAINST, NV_DRAW_OF_LABELS, NV_RATES = 3 };

/* NaN where there is nothing to take a share of, as in interval.h. */
static double ratio(uint64_t part, uint64_t whole)
{
	return whole == 0 ? NAN : (double)part / (double)whole;
}

static double f1_of(const nv_confusion *count)
{
	return ratio(2 * count->tp, 2 * count->tp + count->fp + count->fn);
}

static double f1_favor_against(const nv_confusion *count, size_t n_label)
{
	if (n_label < NV_N_STANCE)
		return NAN;
	double favor = f1_of(&count[NV_FAVOR]), against = f1_of(&count[NV_AGAINST]);
	return isnan(favor) ? against : isnan(against) ? favor : (favor + against) / 2;
}

static void count_side(const nv_outcomes *outcomes, const uint32_t *weight, nv_confusion *count, double *figure)
{
	nv_confusion all = {0, 0, 0, 0};
	double sum = 0, defined = 0;
	nv_outcomes_count(outcomes, weight, count);
	for (size_t l = 0; l < outcomes->n_label; l++) {
		double *rate = figure + NV_DRAW_OF_LABELS + NV_RATES * l, f1 = f1_of(&count[l]);
		rate[0] = ratio(count[l].tp, count[l].tp + count[l].fp);
		rate[1] = ratio(count[l].tp, count[l].tp + count[l].fn);
		rate[2] = f1;
		sum += isnan(f1) ? 0 : f1;
		defined += isnan(f1) ? 0 : 1;
		all.tp += count[l].tp;
		all.fp += count[l].fp;
		all.fn += count[l].fn;
	}
	figure[NV_DRAW_ACCURACY] = (double)nv_outcomes_exact(outcomes, weight) / (double)outcomes->n;
	figure[NV_DRAW_MICRO_F1] = f1_of(&all);
	figure[NV_DRAW_MACRO_F1] = sum / defined;
	figure[NV_DRAW_FAVOR_AGAINST] = f1_favor_against(count, outcomes->n_label);
}

static void draw_counts(const void *context, size_t worker, const uint32_t *weight, double *figure)
{
	const nv_pair_classes *classes = context;
	const nv_outcomes *a = classes->outcomes[0], *b = classes->outcomes[1];
	const uint32_t *of_pattern = pattern_weights(classes, worker, weight);
	nv_confusion *count = classes->count + worker * a->n_label;
	count_side(a, of_pattern, count, figure);
	count_side(b, of_pattern + a->n_pattern, count, figure + NV_DRAW_OF_LABELS + NV_RATES * a->n_label);
}

/* What a label's rate is made of, of the model with fewer. */
static double trials(const nv_confusion *a, const nv_confusion *b, nv_rate rate)
{
	uint64_t n_a = a->tp, n_b = b->tp;
	n_a += (rate != NV_RATE_RECALL ? a->fp : 0) + (rate != NV_RATE_PRECISION ? a->fn : 0);
	n_b += (rate != NV_RATE_RECALL ? b->fp : 0) + (rate != NV_RATE_PRECISION ? b->fn : 0);
	return (double)(n_a < n_b ? n_a : n_b);
}

static void join_label_rates(nv_label_comparison *label, const nv_label_figures *a, const nv_label_figures *b,
                             const nv_paired_draws *paired, size_t first)
{
	label->precision = nv_paired_difference(paired, first, a->precision, b->precision,
	                                        trials(&a->count, &b->count, NV_RATE_PRECISION));
	label->recall =
		nv_paired_difference(paired, first + 1, a->recall, b->recall, trials(&a->count, &b->count, NV_RATE_RECALL));
	label->f1 = nv_paired_difference(paired, first + 2, a->f1, b->f1, trials(&a->count, &b->count, NV_RATE_F1));
}

static void join_counts(nv_task_comparison *task, const nv_paired_draws *paired)
{
	const nv_task_figures *a = task->figures_a, *b = task->figures_b;
	double n = (double)a->n;
	for (size_t l = 0; l < task->n_label; l++)
		join_label_rates(&task->label[l], &a->label[l], &b->label[l], paired, NV_DRAW_OF_LABELS + NV_RATES * l);
	task->accuracy = nv_paired_difference(paired, NV_DRAW_ACCURACY, a->accuracy, b->accuracy, n);
	task->micro_f1 = nv_paired_difference(paired, NV_DRAW_MICRO_F1, a->micro.f1, b->micro.f1, n);
	task->macro_f1 = nv_paired_difference(paired, NV_DRAW_MACRO_F1, a->macro.f1, b->macro.f1, n);
	task->f1_favor_against =
		nv_paired_difference(paired, NV_DRAW_FAVOR_AGAINST, a->f1_favor_against, b->f1_favor_against, n);
}

int nv_compare_counts(const nv_report *report, nv_task_comparison *task, nv_ticker *ticker, nv_error *err)
{
	nv_pair_classes classes;
	nv_paired_draws paired = {NULL, 0, 0};
	int code =
		make_classes(&classes, &task->figures_a->outcomes, &task->figures_b->outcomes, nv_paired_threads(report), err);
	if (code == NV_OK) {
		nv_bootstrap bootstrap = {.n = task->a.n,
		                          .class_of = classes.class_of,
		                          .n_class = classes.n_class,
		                          .figures = draw_counts,
		                          .context = &classes};
		code =
			nv_paired_draws_run(&paired, &bootstrap, report, NV_DRAW_OF_LABELS + NV_RATES * task->n_label, ticker, err);
	}
	if (code == NV_OK)
		join_counts(task, &paired);
	nv_paired_draws_release(&paired);
	release_classes(&classes);
	return code;
}

/* ---- Stance tasks pooled ---- */

static double pooled_value(const nv_outcomes *outcomes, const uint32_t *weight)
{
	nv_confusion count[NV_N_STANCE];
	nv_outcomes_count(outcomes, weight, count);
	return f1_favor_against(count, NV_N_STANCE);
}

static void draw_pooled(const void *context, size_t worker, const uint32_t *weight, double *figure)
{
	const nv_pair_classes *classes = context;
	const uint32_t *of_pattern = pattern_weights(classes, worker, weight);
	figure[0] = pooled_value(classes->outcomes[0], of_pattern);
	figure[1] = pooled_value(classes->outcomes[1], of_pattern + classes->outcomes[0]->n_pattern);
}

static int compare_pooled(const nv_report *report, const nv_outcomes *a, const nv_outcomes *b, nv_ticker *ticker,
                          nv_error *err)
{
	nv_pair_classes classes;
	nv_paired_draws paired = {NULL, 0, 0};
	nv_figure of_a, of_b;
	int code = make_classes(&classes, a, b, nv_paired_threads(report), err);
	if (code == NV_OK)
		code = nv_pooled_figure(a, &of_a, err);
	if (code == NV_OK)
		code = nv_pooled_figure(b, &of_b, err);
	if (code == NV_OK) {
		nv_bootstrap bootstrap = {.n = a->n,
		                          .class_of = classes.class_of,
		                          .n_class = classes.n_class,
		                          .figures = draw_pooled,
		                          .context = &classes};
		code = nv_paired_draws_run(&paired, &bootstrap, report, 1, ticker, err);
	}
	if (code == NV_OK)
		report->comparison->pooled_f1_favor_against = nv_paired_difference(&paired, 0, of_a, of_b, (double)a->n);
	nv_paired_draws_release(&paired);
	release_classes(&classes);
	return code;
}

/* The shared stance tasks of one side. */
static int pool_side(const nv_report *report, bool b, nv_outcomes *outcomes, nv_error *err)
{
	const nv_comparison *comparison = report->comparison;
	const nv_task_predictions **task = nv_alloc(comparison->n_task, sizeof *task);
	size_t n = 0;
	if (!task)
		return nv_fail_memory(err);
	for (size_t t = 0; t < comparison->n_task; t++)
		if (comparison->task[t].task.kind == NV_STANCE)
			task[n++] = b ? &comparison->task[t].b : &comparison->task[t].a;
	int code = nv_pooled_outcomes(task, n, report->predictions.n, outcomes, err);
	nv_free(task);
	return code;
}

int nv_compare_pooled(nv_report *report, nv_ticker *ticker, nv_error *err)
{
	nv_outcomes a = {0}, b = {0};
	int code = pool_side(report, false, &a, err);
	if (code == NV_OK)
		code = pool_side(report, true, &b, err);
	if (code == NV_OK && a.n > 0)
		code = compare_pooled(report, &a, &b, ticker, err);
	nv_outcomes_release(&b);
	nv_outcomes_release(&a);
	return code;
}
