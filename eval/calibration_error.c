/* SPDX-License-Identifier: Apache-2.0
 *
 * Expected calibration error with bins of equal mass. A bin ends at the first change of p at or behind its share of the articles, so
 * that equal p never part; a run of ties longer than a bin's share leaves fewer bins.
 */
#include "base/alloc.h"
#include "base/numeric.h"
#include "eval/metrics.h"

#include <math.h>
#include <stdlib.h>

typedef struct nv_scored_hit {
	double p;
	uint32_t article;
} nv_scored_hit;

static int by_p(const void *a, const void *b)
{
	const nv_scored_hit *x = a, *y = b;
	if (x->p != y->p)
		return x->p < y->p ? -1 : 1;
	return x->article < y->article ? -1 : x->article > y->article;
}

static nv_scored_hit *sorted_by_p(size_t n, const double *p)
{
	nv_scored_hit *sorted = nv_alloc(n, sizeof *sorted);
	if (!sorted)
		return NULL;
	for (size_t i = 0; i < n; i++)
		sorted[i] = (nv_scored_hit){p[i], (uint32_t)i};
	qsort(sorted, n, sizeof *sorted, by_p);
	return sorted;
}

/* End of the bin that starts at `from`: the first share b * n / n_bin beyond it, moved to the end of its ties. */
static size_t bin_end(const nv_scored_hit *sorted, size_t n, size_t n_bin, size_t from)
{
	size_t bin = (size_t)((double)from * (double)n_bin / (double)n) + 1;
	while (bin < n_bin && bin * n / n_bin <= from)
		bin++;
	size_t end = bin >= n_bin ? n : bin * n / n_bin;
	while (end < n && sorted[end].p == sorted[end - 1].p)
		end++;
	return end;
}

double nv_calibration_error(size_t n, const double *p, const uint8_t *hit, size_t n_bin, nv_calibration_bin *bins,
                            size_t *n_used, nv_error *err)
{
	if (n_used)
		*n_used = 0;
	if (n == 0 || n_bin == 0)
		return NAN;
	nv_scored_hit *sorted = sorted_by_p(n, p);
	if (!sorted) {
		nv_fail_memory(err);
		return NAN;
	}
	double error = 0;
	size_t used = 0;
	for (size_t from = 0, end; from < n; from = end, used++) {
		end = bin_end(sorted, n, n_bin, from);
		double sum_p = 0, sum_hit = 0, size = (double)(end - from);
		for (size_t i = from; i < end; i++) {
			sum_p += sorted[i].p;
			sum_hit += hit[sorted[i].article] ? 1 : 0;
		}
		error += fabs(sum_p - sum_hit);
		if (bins)
			bins[used] =
				(nv_calibration_bin){end - from, sum_p / size, sum_hit / size, sorted[from].p, sorted[end - 1].p};
	}
	nv_free(sorted);
	if (n_used)
		*n_used = used;
	return error / (double)n;
}

/* A bin of a calibrated model: what its hits are drawn from. */
typedef struct nv_chance_bin {
	size_t from, end;
	double sum_p, variance; /* of the number of hits */
} nv_chance_bin;

static size_t chance_bins(const nv_scored_hit *sorted, size_t n, size_t n_bin, nv_chance_bin *bin)
{
	size_t used = 0;
	for (size_t from = 0, end; from < n; from = end, used++) {
		end = bin_end(sorted, n, n_bin, from);
		bin[used] = (nv_chance_bin){from, end, 0, 0};
		for (size_t i = from; i < end; i++) {
			bin[used].sum_p += sorted[i].p;
			bin[used].variance += sorted[i].p * (1 - sorted[i].p);
		}
	}
	return used;
}

/* Hits less their mean. A sum of many is close to normal: then twelve uniform numbers, whose sum is (near) normal with variance 1 too,
 * stand for thousands of draws. */
static double chance_difference(const nv_chance_bin *bin, const nv_scored_hit *sorted, nv_rng *rng)
{
	double sum = 0;
	if (bin->variance > 100) {
		for (int i = 0; i < 12; i++)
			sum += nv_rng_uniform(rng);
		return (sum - 6) * sqrt(bin->variance);
	}
	for (size_t i = bin->from; i < bin->end; i++)
		sum += nv_rng_uniform(rng) < sorted[i].p ? 1 : 0;
	return sum - bin->sum_p;
}

int nv_calibration_error_draws(size_t n, const double *p, size_t n_bin, size_t draws, uint64_t seed, uint64_t stream,
                               double *error, nv_error *err)
{
	if (n == 0 || n_bin == 0)
		return NV_OK;
	nv_scored_hit *sorted = sorted_by_p(n, p);
	nv_chance_bin *bin = nv_alloc(n_bin, sizeof *bin);
	int code = sorted && bin ? NV_OK : nv_fail_memory(err);
	if (code == NV_OK) {
		size_t used = chance_bins(sorted, n, n_bin, bin);
		for (size_t d = 0; d < draws; d++) {
			nv_rng rng;
			nv_rng_init(&rng, seed, stream + d);
			double sum = 0;
			for (size_t b = 0; b < used; b++)
				sum += fabs(chance_difference(&bin[b], sorted, &rng));
			error[d] += sum / (double)n;
		}
	}
	nv_free(bin);
	nv_free(sorted);
	return code;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

double nv_quantile(double *x, size_t n, double q)
{
	if (n == 0)
		return NAN;
	qsort(x, n, sizeof *x, by_value);
	double place = q * (double)(n - 1);
	size_t below = (size_t)place;
	return below + 1 >= n ? x[n - 1] : x[below] + (place - (double)below) * (x[below + 1] - x[below]);
}
