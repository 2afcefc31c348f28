/* SPDX-License-Identifier: Apache-2.0 */
#include "data/matrix.h"

#include "base/alloc.h"

#include <string.h>

void nv_matrix_init(nv_matrix *matrix, size_t n_column)
{
	*matrix = (nv_matrix){.n_column = n_column};
}

void nv_matrix_release(nv_matrix *matrix)
{
	if (!matrix)
		return;
	nv_free(matrix->start);
	nv_free(matrix->term);
	nv_free(matrix->value);
	nv_matrix_init(matrix, matrix->n_column);
}

/* Room for one more row of n entries. The two entry arrays share one capacity, raised when both have it. */
static bool reserve(nv_matrix *matrix, size_t used, size_t n)
{
	size_t need, rows, term_cap = matrix->cap_value, value_cap = matrix->cap_value;
	bool first = !matrix->start;
	if (!nv_add_size(used, n, &need) || !nv_add_size(matrix->n_row, 2, &rows))
		return false;
	if (!nv_grow(&matrix->start, &matrix->cap_row, rows, sizeof *matrix->start))
		return false;
	if (first)
		matrix->start[0] = 0;
	if (!nv_grow(&matrix->term, &term_cap, need, sizeof *matrix->term) ||
	    !nv_grow(&matrix->value, &value_cap, need, sizeof *matrix->value))
		return false;
	matrix->cap_value = value_cap;
	return true;
}

int nv_matrix_add_row(nv_matrix *matrix, const uint32_t *term, const double *value, size_t n, nv_error *err)
{
	size_t used = matrix->start ? matrix->start[matrix->n_row] : 0;
	if (!reserve(matrix, used, n))
		return nv_fail_memory(err);
	if (n > 0)
		memcpy(matrix->term + used, term, n * sizeof *term);
	for (size_t i = 0; i < n; i++)
		matrix->value[used + i] = (float)value[i];
	matrix->start[++matrix->n_row] = used + n;
	return 0;
}
