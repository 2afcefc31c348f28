/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/bootstrap.h"

#include "base/alloc.h"
#include "base/numeric.h"
#include "eval/metrics.h"

#include <math.h>
#include <string.h>

enum { NV_DRAWS_A_JOB = 4, NV_FEWEST_DRAWS = 40 };

typedef struct nv_bootstrap_job {
	const nv_bootstrap *bootstrap;
	nv_ticker *ticker;
	uint32_t *weight; /* [n_thread][n_class] */
	double *figure;   /* [n_thread][n_figure] */
	double *draw;
} nv_bootstrap_job;

/* Two articles from each random number, by multiplication; with n below 2^32 no article's chance is off by more than n / 2^32 of
 * itself. */
void nv_bootstrap_weights(const nv_bootstrap *bootstrap, size_t draw, uint32_t *weight)
{
	nv_rng rng;
	const uint32_t *class_of = bootstrap->class_of;
	uint64_t n = bootstrap->n;
	nv_rng_init(&rng, bootstrap->seed, draw);
	memset(weight, 0, bootstrap->n_class * sizeof *weight);
	for (uint64_t i = 0; i < n; i += 2) {
		uint64_t bits = nv_rng_next(&rng);
		size_t a = (size_t)((bits >> 32) * n >> 32), b = (size_t)((bits & UINT32_MAX) * n >> 32);
		weight[class_of ? class_of[a] : a]++;
		if (i + 1 < n)
			weight[class_of ? class_of[b] : b]++;
	}
}

static int run_draws(void *context, size_t item, size_t worker, nv_error *err)
{
	nv_bootstrap_job *job = context;
	const nv_bootstrap *b = job->bootstrap;
	uint32_t *weight = job->weight + worker * b->n_class;
	double *figure = job->figure + worker * b->n_figure;
	for (size_t d = item * NV_DRAWS_A_JOB; d < b->draws && d < (item + 1) * NV_DRAWS_A_JOB; d++) {
		int code = job->ticker ? nv_tick(job->ticker, 1, err) : NV_OK;
		if (code != NV_OK)
			return code;
		nv_bootstrap_weights(b, d, weight);
		b->figures(b->context, worker, weight, figure);
		for (size_t f = 0; f < b->n_figure; f++)
			job->draw[f * b->draws + d] = figure[f];
	}
	return NV_OK;
}

int nv_bootstrap_run(const nv_bootstrap *bootstrap, nv_ticker *ticker, double *draw, nv_error *err)
{
	size_t n_thread = bootstrap->n_thread > 0 ? bootstrap->n_thread : 1, n_weight, n_figure;
	nv_bootstrap_job job = {bootstrap, ticker, NULL, NULL, draw};
	if (bootstrap->n >= UINT32_MAX)
		return nv_fail(err, NV_E_INPUT, "too many articles for a bootstrap: %zu", bootstrap->n);
	if (nv_mul_size(n_thread, bootstrap->n_class, &n_weight) && nv_mul_size(n_thread, bootstrap->n_figure, &n_figure)) {
		job.weight = nv_alloc(n_weight, sizeof *job.weight);
		job.figure = nv_alloc(n_figure, sizeof *job.figure);
	}
	int code = job.weight && job.figure ? NV_OK : nv_fail_memory(err);
	if (code == NV_OK)
		code =
			nv_parallel_for(n_thread, (bootstrap->draws + NV_DRAWS_A_JOB - 1) / NV_DRAWS_A_JOB, run_draws, &job, err);
	nv_free(job.figure);
	nv_free(job.weight);
	return code;
}

nv_figure nv_bootstrap_interval(double value, double *draw, size_t draws)
{
	size_t n = 0;
	for (size_t d = 0; d < draws; d++)
		if (!isnan(draw[d]))
			draw[n++] = draw[d];
	if (n < NV_FEWEST_DRAWS || isnan(value))
		return nv_figure_plain(value);
	double low = nv_quantile(draw, n, 0.025), high = nv_quantile(draw, n, 0.975);
	return (nv_figure){value, low, high, "bootstrap"};
}

/* Mean and variance of the draws that are numbers; their count. */
static size_t moments(const double *draw, size_t draws, double *mean, double *variance)
{
	double sum = 0, square = 0;
	size_t n = 0;
	for (size_t d = 0; d < draws; d++) {
		sum += isnan(draw[d]) ? 0 : draw[d];
		n += isnan(draw[d]) ? 0 : 1;
	}
	*mean = n ? sum / (double)n : 0;
	for (size_t d = 0; d < draws; d++)
		square += isnan(draw[d]) ? 0 : (draw[d] - *mean) * (draw[d] - *mean);
	*variance = n > 1 ? square / (double)(n - 1) : 0;
	return n;
}

nv_figure nv_bootstrap_average_precision(double value, uint64_t n_positive, const double *draw, size_t draws)
{
	double mean, variance, n = (double)n_positive;
	if (isnan(value) || moments(draw, draws, &mean, &variance) < NV_FEWEST_DRAWS)
		return nv_figure_plain(value);
	double trials = variance > 0 ? value * (1 - value) / variance : n;
	nv_figure figure = nv_proportion_of(value, fmin(fmax(trials, n), 2 * n));
	figure.method = "wilson-bootstrap";
	return figure;
}

/* The standard deviation over draws of the sum over figures of distance * (draw - mean) / deviation: the root of the sum over pairs of
 * correlation times both distances. towards: -1 for the low ends, 1 for the high ones. */
static double joint_distance(size_t n_figure, const nv_figure *figure, const double *draw, size_t draws, int towards,
                             double *sum)
{
	double mean, variance, alone = 0;
	memset(sum, 0, draws * sizeof *sum);
	for (size_t f = 0; f < n_figure; f++) {
		if (isnan(figure[f].value) || isnan(figure[f].low))
			continue;
		double distance = towards < 0 ? figure[f].value - figure[f].low : figure[f].high - figure[f].value;
		moments(draw + f * draws, draws, &mean, &variance);
		alone += variance > 0 ? 0 : distance * distance;
		for (size_t d = 0; variance > 0 && d < draws; d++) {
			double x = draw[f * draws + d];
			sum[d] += isnan(x) ? 0 : distance * (x - mean) / sqrt(variance);
		}
	}
	moments(sum, draws, &mean, &variance);
	return sqrt(variance + alone);
}

int nv_bootstrap_macro(size_t n_figure, const nv_figure *figure, const double *draw, size_t draws, nv_figure *mean,
                       nv_error *err)
{
	double sum = 0;
	size_t n = 0;
	for (size_t f = 0; f < n_figure; f++) {
		sum += isnan(figure[f].value) ? 0 : figure[f].value;
		n += isnan(figure[f].value) ? 0 : 1;
	}
	*mean = nv_figure_plain(n ? sum / (double)n : NAN);
	if (n == 0 || draws < NV_FEWEST_DRAWS)
		return NV_OK;
	double *joint = nv_alloc(draws, sizeof *joint);
	if (!joint)
		return nv_fail_memory(err);
	double low = joint_distance(n_figure, figure, draw, draws, -1, joint),
		   high = joint_distance(n_figure, figure, draw, draws, 1, joint);
	*mean = (nv_figure){mean->value, fmax(mean->value - low / (double)n, 0), fmin(mean->value + high / (double)n, 1),
	                    "mover"};
	nv_free(joint);
	return NV_OK;
}
