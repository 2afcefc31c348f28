/* SPDX-License-Identifier: Apache-2.0
 *
 * block_math.h: what a pass (pass.h) does with blocks of numbers x[n][width] beside the two products of columns.h. A column's result depends on
 * nothing in the others. width: a power of two, at most NV_MAX_WIDTH.
 */
#ifndef NV_TRAIN_BLOCK_MATH_H
#define NV_TRAIN_BLOCK_MATH_H

#include <stddef.h>
#include <stdint.h>

/* sum[width] += by[i] * x[i] over the rows, in their order; by NULL: 1. */
void nv_block_sum(const float *x, size_t n, size_t width, const double *by, double *sum);
/* x[i] -= by[i] * what[width] */
void nv_block_subtract(float *x, size_t n, size_t width, const double *by, const double *what);
/* x[i] += what[width] */
void nv_block_add(float *x, size_t n, size_t width, const float *what);

/* Rows of factors [stride], of which some columns are used. */
typedef struct nv_block_factors {
	const float *row;
	size_t stride;
	const uint32_t *of; /* number of the row of factors for each row of x; NULL: 0, 1, 2 … */
} nv_block_factors;

/* x[i][k] *= the factors of row i, column[k]; width == stride: of column k, and `column` is not read. */
void nv_block_scale(float *x, size_t n, size_t width, const nv_block_factors *factors, const uint8_t *column);

#endif
