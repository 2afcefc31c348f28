/* SPDX-License-Identifier: Apache-2.0
 *
 * thresholds.h: from which probability on a label of a multilabel task is given, chosen for F1 on probabilities out of fold
 * (--threshold f1).
 *
 * A label's own best threshold (SCut, Yang 2001: A study of thresholding strategies for text categorization) is mostly chance where its
 * articles are few, so it is drawn towards t0, the best one for all labels together: t = w s + (1 - w) t0 with w = n / (n + 10), n
 * the label's articles.
 */
#ifndef NV_TRAIN_THRESHOLDS_H
#define NV_TRAIN_THRESHOLDS_H

#include "base/error.h"

/* The threshold (given: p >= threshold) that maximises F1 of p[0], p[stride], … against gold[0], gold[stride], …, n of them, halfway between
 * two values of p; 0.5 where there is no positive. The highest of equals. NV_E_MEMORY. */
int nv_best_f1_threshold(size_t n, size_t stride, const double *p, const uint8_t *gold, double *threshold, nv_error *err);

/* threshold[n_label] from p[n][n_label] and gold[n][n_label] of 0 and 1. NV_E_MEMORY. */
int nv_f1_thresholds(size_t n, size_t n_label, const double *p, const uint8_t *gold, double *threshold, nv_error *err);

#endif
