/* SPDX-License-Identifier: Apache-2.0
 *
 * softmax_fit.h: Platt's method for several classes: p = softmax(a[l] m[l] + b[l]) by maximum likelihood.
 */
#ifndef NV_TRAIN_SOFTMAX_FIT_H
#define NV_TRAIN_SOFTMAX_FIT_H

#include "train/calibrate_fit.h"

/* Minimises  - sum_i ln p[i][gold of i]  +  NV_SOFTMAX_RIDGE / 2 * sum_l (a[l] - mean a)^2  +  NV_SOFTMAX_RIDGE_B / 2 * sum_l b[l]^2
 * over a[n_label] and b[n_label]. Each article has one gold label. */
#define NV_SOFTMAX_RIDGE 1.0
#define NV_SOFTMAX_RIDGE_B 0.01
int nv_softmax_fit(const nv_calibration_data *data, double *a, double *b, nv_error *err);

#endif
