/* SPDX-License-Identifier: Apache-2.0
 *
 * whole_weights.h: a linear fit's weights (train/linear_fit.h) put together from their pieces, for tests.
 */
#ifndef NV_TESTS_WHOLE_WEIGHTS_H
#define NV_TESTS_WHOLE_WEIGHTS_H

#include "tests/unit/check_main.h"
#include "train/pass.h"

#include <stdlib.h>
#include <string.h>

typedef struct whole_weights {
	size_t n_term, stride;
	float *u; /* [n_term][stride] */
	size_t n; /* terms so far */
} whole_weights;

static int whole_take(void *context, size_t first, size_t n, const float *u, nv_error *err)
{
	(void)err;
	whole_weights *w = context;
	ck_assert_uint_eq(first, w->n);
	ck_assert_uint_le(first + n, w->n_term);
	if (n > 0)
		memcpy(w->u + first * w->stride, u, n * w->stride * sizeof *u);
	w->n += n;
	return NV_OK;
}

static inline void whole_release(whole_weights *w)
{
	free(w->u);
	w->u = NULL;
}

/* nv_linear_fit; release in any case. */
static inline int whole_fit(const nv_linear_problem *p, const nv_linear_start *start, nv_ticker *ticker,
                            nv_linear_fitted *fitted, whole_weights *w, nv_error *err)
{
	size_t stride = nv_pass_width(p->width);
	*w = (whole_weights){p->columns->n_column, stride, malloc((p->columns->n_column * stride + 1) * sizeof(float)), 0};
	ck_assert_ptr_nonnull(w->u);
	int code = nv_linear_fit(p, start, &(nv_weights_taker){whole_take, w}, ticker, fitted, err);
	ck_assert_uint_eq(w->n, code == NV_OK ? w->n_term : w->n);
	return code;
}

/* A row's margins, out[width]. */
static inline void whole_margins(const whole_weights *w, const nv_linear_fitted *fitted, const nv_matrix *rows,
                                 size_t row, size_t width, double *out)
{
	for (size_t k = 0; k < width; k++) {
		out[k] = fitted->bias[k];
		for (uint64_t j = rows->start[row]; j < rows->start[row + 1]; j++)
			out[k] += (double)rows->value[j] * (double)w->u[rows->term[j] * w->stride + k];
	}
}

#endif
