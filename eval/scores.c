/* SPDX-License-Identifier: Apache-2.0
 *
 * Figures that need p. Losses and ranks get their intervals from one bootstrap over articles, so that a draw serves all of a task.
 */
#include "base/alloc.h"
#include "base/numeric.h"
#include "eval/bootstrap.h"
#include "eval/figures.h"
#include "eval/rank.h"

#include <math.h>
#include <string.h>

size_t nv_top_label(const nv_task_predictions *predictions, size_t row)
{
	const uint8_t *chosen = predictions->chosen + row * predictions->n_label;
	const double *p = predictions->p + row * predictions->n_label;
	size_t best = 0;
	for (size_t l = 0; l < predictions->n_label; l++) {
		if (chosen[l])
			return l;
		best = p[l] > p[best] ? l : best;
	}
	return best;
}

/* ---- Losses of single articles ---- */

static double row_log_loss(nv_task_kind kind, size_t n_label, const double *p, const uint8_t *gold)
{
	if (kind != NV_MULTILABEL)
		return nv_log_loss_row(n_label, p, gold);
	return nv_log_loss_binary(n_label, p, gold);
}

static double row_brier(nv_task_kind kind, size_t n_label, const double *p, const uint8_t *gold)
{
	return kind != NV_MULTILABEL ? nv_brier_row(n_label, p, gold) : nv_brier_binary(n_label, p, gold);
}

/* ---- The bootstrap's context: what a draw is weighed on ---- */

typedef struct nv_score_draws {
	size_t n, n_label;
	double *log_loss, *brier; /* [n] */
	nv_ranking *ranking;      /* [n_label] */
} nv_score_draws;

enum { NV_DRAW_LOG_LOSS, NV_DRAW_BRIER, NV_DRAW_LABELS };

static double weighted_mean(size_t n, const double *x, const uint32_t *weight)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += (double)weight[i] * x[i];
	return sum / (double)n;
}

static void draw_scores(const void *context, size_t worker, const uint32_t *weight, double *figure)
{
	const nv_score_draws *draws = context;
	(void)worker;
	figure[NV_DRAW_LOG_LOSS] = weighted_mean(draws->n, draws->log_loss, weight);
	figure[NV_DRAW_BRIER] = weighted_mean(draws->n, draws->brier, weight);
	for (size_t l = 0; l < draws->n_label; l++)
		figure[NV_DRAW_LABELS + l] = nv_ranking_average_precision(&draws->ranking[l], weight);
}

static void release_draws(nv_score_draws *draws)
{
	for (size_t l = 0; draws->ranking && l < draws->n_label; l++)
		nv_ranking_release(&draws->ranking[l]);
	nv_free(draws->ranking);
	nv_free(draws->brier);
	nv_free(draws->log_loss);
}

static int prepare_draws(nv_score_draws *draws, nv_task_kind kind, const nv_task_predictions *predictions,
                         nv_error *err)
{
	size_t n = predictions->n, n_label = predictions->n_label;
	*draws = (nv_score_draws){n, n_label, nv_alloc(n, sizeof(double)), nv_alloc(n, sizeof(double)),
	                          nv_alloc_zero(n_label, sizeof(nv_ranking))};
	if (!draws->log_loss || !draws->brier || !draws->ranking)
		return nv_fail_memory(err);
	for (size_t row = 0; row < n; row++) {
		const double *p = predictions->p + row * n_label;
		const uint8_t *gold = predictions->gold + row * n_label;
		draws->log_loss[row] = row_log_loss(kind, n_label, p, gold);
		draws->brier[row] = row_brier(kind, n_label, p, gold);
	}
	for (size_t l = 0; l < n_label; l++) {
		int code = nv_ranking_init(&draws->ranking[l], n, predictions->p + l, predictions->gold + l, n_label, err);
		if (code != NV_OK)
			return code;
	}
	return NV_OK;
}

static uint64_t positives(const nv_ranking *ranking)
{
	uint64_t n = 0;
	for (size_t i = 0; i < ranking->n; i++)
		n += ranking->positive[i];
	return n;
}

/* Values from all articles once. */
static void plain_scores(nv_task_figures *figures, const nv_score_draws *draws)
{
	double sum = 0;
	size_t defined = 0;
	figures->log_loss = nv_figure_plain(nv_sum(draws->log_loss, draws->n) / (double)draws->n);
	figures->brier = nv_figure_plain(nv_sum(draws->brier, draws->n) / (double)draws->n);
	for (size_t l = 0; l < draws->n_label; l++) {
		nv_label_figures *label = &figures->label[l];
		uint64_t n = positives(&draws->ranking[l]);
		double value = nv_ranking_average_precision(&draws->ranking[l], NULL);
		label->average_precision = nv_figure_plain(value);
		label->roc_auc = nv_auc_figure(nv_ranking_roc_auc(&draws->ranking[l], NULL), n, draws->n - n);
		sum += isnan(value) ? 0 : value;
		defined += isnan(value) ? 0 : 1;
	}
	figures->macro_average_precision = nv_figure_plain(defined ? sum / (double)defined : NAN);
}

/* draw[NV_DRAW_LABELS + n_label][draws] */
static int score_intervals(nv_task_figures *figures, const nv_score_draws *context, double *draw, size_t draws,
                           nv_error *err)
{
	size_t n_label = context->n_label;
	double *of_label = draw + NV_DRAW_LABELS * draws;
	nv_figure *item = nv_alloc(n_label, sizeof *item);
	if (!item)
		return nv_fail_memory(err);
	for (size_t l = 0; l < n_label; l++) {
		nv_figure *figure = &figures->label[l].average_precision;
		*figure =
			nv_bootstrap_average_precision(figure->value, positives(&context->ranking[l]), of_label + l * draws, draws);
		item[l] = *figure;
	}
	int code = nv_bootstrap_macro(n_label, item, of_label, draws, &figures->macro_average_precision, err);
	figures->log_loss = nv_bootstrap_interval(figures->log_loss.value, draw + NV_DRAW_LOG_LOSS * draws, draws);
	figures->brier = nv_bootstrap_interval(figures->brier.value, draw + NV_DRAW_BRIER * draws, draws);
	nv_free(item);
	return code;
}

static int bootstrap_scores(nv_task_figures *figures, const nv_score_draws *context, const nv_figure_options *options,
                            nv_ticker *ticker, nv_error *err)
{
	size_t n_figure = NV_DRAW_LABELS + context->n_label, n;
	nv_bootstrap bootstrap = {.n = context->n,
	                          .n_class = context->n,
	                          .n_figure = n_figure,
	                          .draws = options->draws,
	                          .n_thread = options->n_thread,
	                          .seed = options->seed,
	                          .figures = draw_scores,
	                          .context = context};
	double *draw = nv_mul_size(n_figure, options->draws, &n) ? nv_alloc(n, sizeof *draw) : NULL;
	int code = draw ? nv_bootstrap_run(&bootstrap, ticker, draw, err) : nv_fail_memory(err);
	if (code == NV_OK)
		code = score_intervals(figures, context, draw, options->draws, err);
	nv_free(draw);
	return code;
}

/* ---- Calibration ---- */

/* column[n] and hit[n]: one label's p and gold, or the top label's. */
static void calibration_column(const nv_task_predictions *predictions, size_t label, bool top, double *column,
                               uint8_t *hit)
{
	for (size_t row = 0; row < predictions->n; row++) {
		size_t l = row * predictions->n_label + (top ? nv_top_label(predictions, row) : label);
		column[row] = predictions->p[l];
		hit[row] = predictions->gold[l];
	}
}

static int calibration_bins(nv_task_figures *figures, const nv_task_predictions *predictions, bool top,
                            const double *column, const uint8_t *hit, size_t bins, nv_arena *arena, nv_error *err)
{
	figures->bin = nv_arena_alloc(arena, bins, sizeof *figures->bin);
	if (!figures->bin)
		return nv_fail_memory(err);
	double error = top ? nv_calibration_error(predictions->n, column, hit, bins, figures->bin, &figures->n_bin, err)
	                   : nv_calibration_error(predictions->n * predictions->n_label, predictions->p, predictions->gold,
	                                          bins, figures->bin, &figures->n_bin, err);
	return isnan(error) ? (int)NV_E_MEMORY : (int)NV_OK;
}

/* Streams of random numbers for chance draws lie behind those of the bootstrap. */
#define NV_CHANCE_STREAMS ((uint64_t)1 << 40)

static int calibration(nv_task_figures *figures, const nv_task_predictions *predictions,
                       const nv_figure_options *options, nv_arena *arena, nv_error *err)
{
	bool top = figures->task->kind != NV_MULTILABEL;
	size_t n = predictions->n, n_column = top ? 1 : predictions->n_label;
	double *column = nv_alloc(n, sizeof *column), *chance = nv_alloc_zero(options->draws, sizeof *chance), sum = 0;
	uint8_t *hit = nv_alloc(n, 1);
	int code = column && chance && hit ? NV_OK : nv_fail_memory(err);
	for (size_t l = 0; code == NV_OK && l < n_column; l++) {
		calibration_column(predictions, l, top, column, hit);
		sum += nv_calibration_error(n, column, hit, options->bins, NULL, NULL, err);
		code = isnan(sum) ? (int)NV_E_MEMORY : (int)NV_OK;
		if (code == NV_OK)
			code = nv_calibration_error_draws(n, column, options->bins, options->draws, options->seed,
			                                  NV_CHANCE_STREAMS + l * options->draws, chance, err);
	}
	if (code == NV_OK) {
		figures->ece = sum / (double)n_column;
		figures->ece_by_chance = nv_quantile(chance, options->draws, 0.95) / (double)n_column;
		code = calibration_bins(figures, predictions, top, column, hit, options->bins, arena, err);
	}
	nv_free(hit);
	nv_free(chance);
	nv_free(column);
	return code;
}

/* ---- Stance: the score P(favor) - P(against) ---- */

static void stance_scores(const nv_task_predictions *predictions, double *score, double *gold)
{
	for (size_t row = 0; row < predictions->n; row++) {
		const double *p = predictions->p + row * predictions->n_label;
		const uint8_t *g = predictions->gold + row * predictions->n_label;
		score[row] = p[NV_FAVOR] - p[NV_AGAINST];
		gold[row] = g[NV_FAVOR] ? 1 : g[NV_AGAINST] ? -1 : 0;
	}
}

/* Among articles that take a stance. */
static nv_figure stance_auc(size_t n, const double *score, const double *gold, double *taken, uint8_t *favor,
                            nv_error *err)
{
	uint64_t n_favor = 0;
	size_t k = 0;
	for (size_t i = 0; i < n; i++) {
		if (gold[i] < 0 || gold[i] > 0) {
			taken[k] = score[i];
			favor[k++] = gold[i] > 0;
			n_favor += gold[i] > 0;
		}
	}
	return nv_auc_figure(nv_roc_auc(k, taken, favor, err), n_favor, k - n_favor);
}

static int stance_figures(nv_task_figures *figures, const nv_task_predictions *predictions, nv_error *err)
{
	size_t n = predictions->n;
	double *score = nv_alloc(n, 3 * sizeof *score);
	uint8_t *favor = nv_alloc(n, 1);
	int code = score && favor ? NV_OK : nv_fail_memory(err);
	if (code == NV_OK) {
		nv_error failed = {0};
		stance_scores(predictions, score, score + n);
		figures->score_auc = stance_auc(n, score, score + n, score + 2 * n, favor, &failed);
		figures->score_correlation = nv_spearman_figure(nv_spearman(n, score, score + n, &failed), n);
		code = failed.code == NV_OK ? NV_OK : nv_fail_memory(err);
	}
	nv_free(favor);
	nv_free(score);
	return code;
}

int nv_task_score_figures(nv_task_figures *figures, const nv_task_predictions *predictions,
                          const nv_figure_options *options, nv_arena *arena, nv_ticker *ticker, nv_error *err)
{
	nv_score_draws draws = {0};
	figures->log_loss = figures->brier = figures->macro_average_precision = nv_figure_undefined();
	figures->score_auc = figures->score_correlation = nv_figure_undefined();
	figures->ece = figures->ece_by_chance = NAN;
	if (predictions->n == 0 || predictions->n_label == 0)
		return NV_OK;
	int code = prepare_draws(&draws, figures->task->kind, predictions, err);
	if (code == NV_OK) {
		plain_scores(figures, &draws);
		code = options->draws > 0 ? bootstrap_scores(figures, &draws, options, ticker, err) : NV_OK;
	}
	if (code == NV_OK)
		code = calibration(figures, predictions, options, arena, err);
	if (code == NV_OK && figures->task->kind == NV_STANCE)
		code = stance_figures(figures, predictions, err);
	release_draws(&draws);
	return code;
}
