/* SPDX-License-Identifier: Apache-2.0
 *
 * softmax_fit.h: Platt's method for several classes, by maximum likelihood; one slope a serves all labels.
 *   NV_CALIBRATE_PLATT   p = softmax(a m[l] + b[l]), for margins that are log-probabilities (naive Bayes)
 *   NV_CALIBRATE_LOGLOG  p = softmax(-e^(b[l] - a m[l])), for margins of labels trained one against the rest. e^z of such a z is the
 *                        distribution function of an extreme value (complementary log-log link; McCullagh and Nelder 1989,
 *                        section 4.3). Softmaxes of the margins are too sure where all margins are low, as they are for an article
 *                        that is like no label's.
 */
#ifndef NV_TRAIN_SOFTMAX_FIT_H
#define NV_TRAIN_SOFTMAX_FIT_H

#include "train/calibrate_fit.h"

/* Minimises  - sum_i ln p[i][gold of i]  +  NV_SOFTMAX_RIDGE / 2 * sum_l (b[l] - mean b)^2  +  NV_SOFTMAX_RIDGE_A / 2 * (a s)^2,  s being
 * the root mean square distance of margins from their article's mean, over a and b[n_label]; a[n_label] are all set to the one a. The
 * weak prior on a only keeps it finite where margins part the labels without an error. Each article has one gold label. */
#define NV_SOFTMAX_RIDGE 10.0
#define NV_SOFTMAX_RIDGE_A 0.01
int nv_softmax_fit(int kind, const nv_calibration_data *data, double *a, double *b, nv_error *err);

#endif
