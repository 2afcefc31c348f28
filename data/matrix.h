/* SPDX-License-Identifier: Apache-2.0
 *
 * matrix.h: rows of a sparse matrix one after the other (CSR), append-only, then read by any number of threads.
 */
#ifndef NV_DATA_MATRIX_H
#define NV_DATA_MATRIX_H

#include "base/error.h"

typedef struct nv_matrix {
	size_t n_row, n_column;
	uint64_t *start; /* [n_row + 1] into term and value; NULL before the first row */
	uint32_t *term;  /* column ids, ascending within a row */
	float *value;
	size_t cap_row, cap_value;
} nv_matrix;

void nv_matrix_init(nv_matrix *matrix, size_t n_column);
void nv_matrix_release(nv_matrix *matrix);
int nv_matrix_add_row(nv_matrix *matrix, const uint32_t *term, const double *value, size_t n, nv_error *err);

#endif
