/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/difference.h"

#include "base/alloc.h"
#include "base/numeric.h"
#include "eval/bootstrap.h"

#include <math.h>
#include <stdlib.h>

enum { NV_FEWEST_PAIRS = 40 };

nv_difference nv_difference_plain(double a, double b)
{
	return (nv_difference){a, b, nv_figure_plain(b - a)};
}

/* Pearson's correlation over the draws in which both figures are defined; their number in *n. Figures that do not move have none. */
static double correlation(const double *a, const double *b, size_t draws, size_t *n)
{
	double sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
	*n = 0;
	for (size_t d = 0; d < draws; d++) {
		if (isnan(a[d]) || isnan(b[d]))
			continue;
		sum_a += a[d];
		sum_b += b[d];
		++*n;
	}
	double mean_a = sum_a / (double)*n, mean_b = sum_b / (double)*n;
	for (size_t d = 0; d < draws; d++) {
		if (isnan(a[d]) || isnan(b[d]))
			continue;
		aa += (a[d] - mean_a) * (a[d] - mean_a);
		bb += (b[d] - mean_b) * (b[d] - mean_b);
		ab += (a[d] - mean_a) * (b[d] - mean_b);
	}
	return aa > 0 && bb > 0 ? fmax(-1, fmin(1, ab / (sqrt(aa) * sqrt(bb)))) : 0;
}

/* The root of x^2 + y^2 - 2 r x y. */
static double joined(double x, double y, double r)
{
	return sqrt(fmax(x * x + y * y - 2 * r * x * y, 0));
}

nv_difference nv_difference_mover(nv_figure a, nv_figure b, const double *draw_a, const double *draw_b, size_t draws,
                                  double trials)
{
	nv_difference difference = nv_difference_plain(a.value, b.value);
	size_t n;
	if (isnan(difference.b_less_a.value) || isnan(a.low) || isnan(b.low) || draws == 0)
		return difference;
	double r = correlation(draw_a, draw_b, draws, &n) * trials / (trials + NV_Z95 * NV_Z95 / 2);
	if (n < NV_FEWEST_PAIRS)
		return difference;
	nv_figure *d = &difference.b_less_a;
	d->low = fmax(d->value - joined(b.value - b.low, a.high - a.value, r), -1);
	d->high = fmin(d->value + joined(b.high - b.value, a.value - a.low, r), 1);
	d->method = "mover";
	return difference;
}

nv_difference nv_difference_percentile(double a, double b, const double *draw_a, double *draw_b, size_t draws)
{
	for (size_t d = 0; d < draws; d++)
		draw_b[d] -= draw_a[d];
	return (nv_difference){a, b, nv_bootstrap_interval(b - a, draw_b, draws)};
}

nv_mcnemar nv_mcnemar_of(uint64_t only_a, uint64_t only_b)
{
	return (nv_mcnemar){only_a, only_b, nv_binomial_two_sided(only_a, only_a + only_b)};
}

typedef struct nv_ranked_p {
	double p;
	size_t place;
} nv_ranked_p;

static int by_p(const void *a, const void *b)
{
	const nv_ranked_p *x = a, *y = b;
	if (x->p < y->p || x->p > y->p)
		return x->p < y->p ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

/* From the smallest p: each times the number of those that are not before it, and never below the one before. */
int nv_holm(const double *p, size_t n, double *adjusted, nv_error *err)
{
	double largest = 0;
	nv_ranked_p *ranked = nv_alloc(n, sizeof *ranked);
	if (!ranked)
		return nv_fail_memory(err);
	for (size_t i = 0; i < n; i++)
		ranked[i] = (nv_ranked_p){p[i], i};
	qsort(ranked, n, sizeof *ranked, by_p);
	for (size_t i = 0; i < n; i++) {
		largest = fmax(largest, ranked[i].p * (double)(n - i));
		adjusted[ranked[i].place] = fmin(largest, 1);
	}
	nv_free(ranked);
	return NV_OK;
}
