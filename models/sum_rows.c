/* SPDX-License-Identifier: Apache-2.0
 *
 * The inner loop of scoring. Each column has a sum of its own and takes the terms in their order, so the result does
 * not depend on how many columns the machine does at once. Four rows in a turn: the sums are loaded and stored once for
 * the four. Weights lie far apart in memory, so rows are asked for some time before they are needed, many at once: a processor
 * that waits to translate an address looks on for a few hundred instructions, which are more requests when nothing is between them.
 */
#include "models/scorer.h"

#define LINE 16           /* floats of a cache line */
#define LINES_AT_ONCE 256 /* asked for */

static void prefetch_row(const float *row, size_t stride)
{
	for (size_t j = 0; j < stride; j += LINE)
		__builtin_prefetch(row + j);
	__builtin_prefetch(row + stride - 1);
}

static void add_four(const float *restrict a, const float *restrict b, const float *restrict c, const float *restrict d,
                     const double *restrict value, size_t stride, double *restrict sum)
{
	double va = value[0], vb = value[1], vc = value[2], vd = value[3];
	for (size_t j = 0; j < (stride & ~(size_t)3); j++)
		sum[j] = (((sum[j] + va * (double)a[j]) + vb * (double)b[j]) + vc * (double)c[j]) + vd * (double)d[j];
}

static void add_one(const float *restrict row, double value, size_t stride, double *restrict sum)
{
	for (size_t j = 0; j < (stride & ~(size_t)3); j++)
		sum[j] += value * (double)row[j];
}

static void add_rows(const float *weight, size_t stride, const uint32_t *term, const double *value, size_t n,
                     double *sum)
{
	size_t i = 0;
	for (; i + 4 <= n; i += 4)
		add_four(weight + term[i] * stride, weight + term[i + 1] * stride, weight + term[i + 2] * stride,
		         weight + term[i + 3] * stride, value + i, stride, sum);
	for (; i < n; i++)
		add_one(weight + term[i] * stride, value[i], stride, sum);
}

void nv_sum_rows(const float *weight, size_t stride, const uint32_t *term, const double *value, size_t n, double *sum)
{
	const size_t fitting = LINES_AT_ONCE / ((stride + LINE - 1) / LINE), at_once = fitting > 4 ? fitting : 4;
	for (size_t from = 0; from < n; from += at_once) {
		const size_t some = n - from < at_once ? n - from : at_once;
		for (size_t k = from; k < from + some; k++)
			prefetch_row(weight + term[k] * stride, stride);
		add_rows(weight, stride, term + from, value + from, some, sum);
	}
}
