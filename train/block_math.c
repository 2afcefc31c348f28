/* SPDX-License-Identifier: Apache-2.0 */
#include "train/block_math.h"

#include "train/widths.h"

#include <string.h>

enum { AHEAD = 16 /* rows: those of factors lie in no order */ };

NV_ALWAYS_INLINE void sum_rows(const float *restrict x, size_t n, size_t width, const double *restrict by,
                               double *restrict out)
{
	double total[NV_MAX_WIDTH];
	memcpy(total, out, width * sizeof *total);
	for (size_t i = 0; i < n; i++, x += width) {
		double factor = by ? by[i] : 1;
		for (size_t k = 0; k < width; k++)
			total[k] += factor * (double)x[k];
	}
	memcpy(out, total, width * sizeof *total);
}

void nv_block_sum(const float *x, size_t n, size_t width, const double *by, double *sum){
#define CALL(w) sum_rows(x, n, w, by, sum)
	NV_FOR_EVERY_WIDTH(width, CALL)
#undef CALL
}

NV_ALWAYS_INLINE void subtract(float *restrict x, size_t n, size_t width, const double *restrict by,
                               const double *restrict what)
{
	for (size_t i = 0; i < n; i++, x += width)
		for (size_t k = 0; k < width; k++)
			x[k] = (float)((double)x[k] - by[i] * what[k]);
}

void nv_block_subtract(float *x, size_t n, size_t width, const double *by, const double *what){
#define CALL(w) subtract(x, n, w, by, what)
	NV_FOR_EVERY_WIDTH(width, CALL)
#undef CALL
}

NV_ALWAYS_INLINE void add(float *restrict x, size_t n, size_t width, const float *restrict what)
{
	for (size_t i = 0; i < n; i++, x += width)
		for (size_t k = 0; k < width; k++)
			x[k] += what[k];
}

void nv_block_add(float *x, size_t n, size_t width, const float *what)
{
#define CALL(w) add(x, n, w, what)
	NV_FOR_EVERY_WIDTH(width, CALL)
#undef CALL
}

static const float *factors_of(const nv_block_factors *f, size_t i)
{
	return f->row + (f->of ? f->of[i] : i) * f->stride;
}

NV_ALWAYS_INLINE void scale(float *restrict x, size_t n, size_t width, const nv_block_factors *f, const uint8_t *column)
{
	for (size_t i = 0; i < n; i++, x += width) {
		const float *restrict by = factors_of(f, i);
		if (i + AHEAD < n)
			__builtin_prefetch(factors_of(f, i + AHEAD));
		for (size_t k = 0; k < width; k++)
			x[k] *= by[column ? column[k] : k];
	}
}

void nv_block_scale(float *x, size_t n, size_t width, const nv_block_factors *factors, const uint8_t *column)
{
	if (width == factors->stride) {
#define CALL(w) scale(x, n, w, factors, NULL)
		NV_FOR_EVERY_WIDTH(width, CALL)
#undef CALL
	} else {
#define CALL(w) scale(x, n, w, factors, column)
		NV_FOR_EVERY_WIDTH(width, CALL)
#undef CALL
	}
}
