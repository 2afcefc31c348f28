/* SPDX-License-Identifier: Apache-2.0
 *
 * calibrate_fit.h: calibration (models/calibration.h) from margins of articles that the scoring model has not seen.
 *   Platt      maximum likelihood of (a, b), with Platt's target smoothing for two classes (Platt 1999; Newton's method as in Lin, Lin and
 *              Weng 2007). For several classes, and always for log-log, the multinomial likelihood, with a weak prior that pulls the
 *              b[l] towards their mean, so that labels of few articles share a calibration (softmax_fit.h).
 *   Isotonic   pool adjacent violators (Barlow et al. 1972), least squares, ties in margin pooled first (isotonic.h).
 * Labels of fewer than min_positive articles share one two-class calibration, of their margins put together; when these still
 * hold fewer, of all labels' margins.
 */
#ifndef NV_TRAIN_CALIBRATE_FIT_H
#define NV_TRAIN_CALIBRATE_FIT_H

#include "base/arena.h"
#include "base/error.h"
#include "models/calibration.h"

#define NV_NEVER (-700.0) /* the margin of a label that no article has: e^-700 is about 0 */

/* margin[n][n_label], gold[n][n_label] of 0 and 1, n at least 1. Arrays of *calibration come from arena. */
typedef struct nv_calibration_data {
	size_t n, n_label;
	const double *margin;
	const uint8_t *gold;
	size_t min_positive;
} nv_calibration_data;
int nv_calibrate_fit(int kind, nv_task_kind task_kind, const nv_calibration_data *data, nv_arena *arena,
                     nv_calibration *calibration, nv_error *err);

/* The optimum of Platt's likelihood. */
void nv_platt_fit(size_t n, const double *margin, const uint8_t *gold, double *a, double *b);

#endif
