/* SPDX-License-Identifier: Apache-2.0
 *
 * The last step of a learning curve: draws of articles give both models' figures at once, so that what they share cancels. Articles with the
 * same gold and the same two answers are one class of the bootstrap: label l of the second model is label n_label + l of the outcomes.
 */
#include "eval/learning.h"

#include "base/alloc.h"
#include "eval/bootstrap.h"
#include "eval/html.h"

#include <math.h>

const uint32_t nv_learning_slices[NV_LEARNING_POINTS] = {1, 2, 4, 7, NV_LEARNING_SLICES};

nv_figure nv_learning_main(nv_task_kind kind, const nv_learning_point *point)
{
	return kind == NV_STANCE ? point->f1_favor_against : point->macro_f1;
}

const char *nv_learning_main_name(nv_task_kind kind)
{
	return kind == NV_STANCE ? "the F1 of favor and against" : "macro-F1";
}

void nv_learning_take(nv_learning_point *point, const nv_task_figures *figures)
{
	point->macro_f1 = figures->macro.f1;
	point->accuracy = figures->accuracy;
	point->f1_favor_against = figures->f1_favor_against;
}

/* ---- Draws of the step ---- */

typedef struct nv_step_draws {
	const nv_outcomes *outcomes; /* of 2 * n_label labels */
	size_t n_label;
	bool stance;
	nv_confusion *count; /* [n_thread][2 * n_label] */
} nv_step_draws;

/* The mean F1 of the labels that the main figure is made of. */
static double mean_f1(const nv_step_draws *draws, const nv_confusion *count)
{
	double sum = 0;
	size_t n = 0;
	for (size_t l = 0; l < draws->n_label; l++) {
		double trials = (double)(2 * count[l].tp + count[l].fp + count[l].fn);
		if (trials > 0 && !(draws->stance && l == NV_NONE)) {
			sum += 2 * (double)count[l].tp / trials;
			n++;
		}
	}
	return n ? sum / (double)n : NAN;
}

static void draw_step(const void *context, size_t worker, const uint32_t *weight, double *figure)
{
	const nv_step_draws *draws = context;
	nv_confusion *count = draws->count + worker * 2 * draws->n_label;
	nv_outcomes_count(draws->outcomes, weight, count);
	*figure = mean_f1(draws, count + draws->n_label) - mean_f1(draws, count);
}

static int pair_outcomes(const nv_task_predictions *before, const nv_task_predictions *after, nv_outcomes *outcomes,
                         nv_error *err)
{
	size_t n_label = before->n_label;
	nv_cell *cell = nv_alloc(2 * n_label + 1, sizeof *cell);
	int code = cell ? nv_outcomes_init(outcomes, 2 * n_label, err) : nv_fail_memory(err);
	for (size_t row = 0; code == NV_OK && row < before->n; row++) {
		size_t n = 0;
		for (size_t l = 0; l < 2 * n_label; l++) {
			const nv_task_predictions *side = l < n_label ? before : after;
			size_t at = row * n_label + l % n_label; /* NOLINT(clang-analyzer-core.DivideZero): l < 2 * n_label */
			if (side->gold[at] || side->chosen[at])
				cell[n++] = NV_CELL(l, side->gold[at], side->chosen[at]);
		}
		code = nv_outcomes_add(outcomes, cell, n, err);
	}
	nv_free(cell);
	return code;
}

static int step_interval(nv_figure *step, const nv_task *task, const nv_task_predictions *before,
                         const nv_task_predictions *after, const nv_figure_options *options, nv_error *err)
{
	nv_outcomes outcomes = {0};
	int code = pair_outcomes(before, after, &outcomes, err);
	nv_step_draws draws = {&outcomes, before->n_label, task->kind == NV_STANCE,
	                       nv_alloc(options->n_thread * 2 * before->n_label + 1, sizeof *draws.count)};
	nv_bootstrap bootstrap = {.n = before->n,
	                          .class_of = outcomes.pattern,
	                          .n_class = outcomes.n_pattern,
	                          .n_figure = 1,
	                          .draws = options->draws,
	                          .n_thread = options->n_thread,
	                          .seed = options->seed,
	                          .figures = draw_step,
	                          .context = &draws};
	double *draw = nv_alloc(options->draws, sizeof *draw);
	if (code == NV_OK)
		code = draws.count && draw ? nv_bootstrap_run(&bootstrap, NULL, draw, err) : nv_fail_memory(err);
	if (code == NV_OK)
		*step = nv_bootstrap_interval(step->value, draw, options->draws);
	nv_free(draw);
	nv_free(draws.count);
	nv_outcomes_release(&outcomes);
	return code;
}

/* ---- The sentence ---- */

static void put_figure(nv_buf *out, double x)
{
	nv_html_number(out, x, 3);
}

static void put_verdict(nv_buf *out, nv_figure step)
{
	if (isnan(step.low) || isnan(step.high)) {
		nv_buf_add_str(out, ". Without an interval of the difference nothing can be said of more labels");
		return;
	}
	nv_buf_add_str(out, " (difference ");
	nv_html_signed(out, step.value, 3);
	nv_buf_add_str(out, ", 95% interval ");
	nv_html_signed(out, step.low, 3);
	nv_buf_add_str(out, " to ");
	nv_html_signed(out, step.high, 3);
	if (step.low > 0)
		nv_buf_add_str(out, "). It rose over the last step, so more labelled articles of the same kind would probably "
		                    "raise it further; how far the "
		                    "curve can't tell, and steps usually get smaller");
	else if (step.high < 0)
		nv_buf_add_str(out, "). It fell over the last step, which one unlucky choice of articles can do: look at the "
		                    "whole curve, and at other "
		                    "seeds, before you conclude anything");
	else
		nv_buf_add_str(
			out, "). That may be chance; whether more articles of the same kind would help, this run does not show");
}

static int make_sentence(nv_task_learning *learning, const nv_task *task, nv_arena *arena, nv_error *err)
{
	const nv_learning_point *all = &learning->point[NV_LEARNING_POINTS - 1], *before = all - 1;
	nv_buf words = NV_BUF_INIT;
	nv_buf_addf(&words, "With all %.0f articles to learn from %s was ", all->articles,
	            nv_learning_main_name(task->kind));
	put_figure(&words, nv_learning_main(task->kind, all).value);
	nv_buf_addf(&words, ", with %.0f of them ", before->articles);
	put_figure(&words, nv_learning_main(task->kind, before).value);
	put_verdict(&words, learning->last_step);
	nv_buf_add_char(&words, '.');
	learning->sentence = words.failed ? NULL : nv_arena_dup(arena, (nv_str){words.ptr, words.len});
	nv_buf_release(&words);
	return learning->sentence ? NV_OK : nv_fail_memory(err);
}

int nv_learning_conclude(nv_task_learning *learning, const nv_task *task, const nv_task_predictions *before,
                         const nv_task_predictions *after, const nv_figure_options *options, nv_arena *arena,
                         nv_error *err)
{
	const nv_learning_point *all = &learning->point[NV_LEARNING_POINTS - 1];
	learning->last_step = nv_figure_undefined();
	learning->sentence = NULL;
	if (after->n == 0 || after->n_label == 0)
		return NV_OK;
	double rise = nv_learning_main(task->kind, all).value - nv_learning_main(task->kind, all - 1).value;
	learning->last_step = nv_figure_plain(rise);
	int code = options->draws > 0 ? step_interval(&learning->last_step, task, before, after, options, err) : (int)NV_OK;
	return code == NV_OK ? make_sentence(learning, task, arena, err) : code;
}
