/* SPDX-License-Identifier: Apache-2.0
 *
 * isotonic.h: the non-decreasing step-wise fit of y on x by least squares.
 */
#ifndef NV_TRAIN_ISOTONIC_H
#define NV_TRAIN_ISOTONIC_H

#include "base/arena.h"
#include "base/error.h"

/* Knots (ascending x, non-decreasing y, ends of each level) come from arena. weight may be NULL: all 1. n at least 1. */
int nv_isotonic_fit(size_t n, const double *x, const double *y, const double *weight, nv_arena *arena, double **knot_x,
                    double **knot_y, uint32_t *n_knot, nv_error *err);

#endif
