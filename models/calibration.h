/* SPDX-License-Identifier: Apache-2.0
 *
 * calibration.h: margins -> probabilities, by what train/calibrate_fit.h found.
 *   OFF       multilabel: logistic(m); others: softmax of the margins.
 *   PLATT     multilabel: logistic(a[l] m[l] + b[l]) (Platt 1999); others: softmax(a[l] m[l] + b[l]).
 *   LOGLOG    softmax(-e^(b[l] - a[l] m[l])), for kinds other than multilabel: a complementary log-log link, under which a label's
 *             weight falls faster below its margin than in a softmax of margins, as it should for labels that were trained one
 *             against the rest. The exponent is cut at NV_CALIBRATION_CUT.
 *   ISOTONIC  a step-wise linear non-decreasing map for each label through its knots (Zadrozny and Elkan 2002), clipped to the ends;
 *             for kinds other than multilabel divided by the sum (all equal where the sum is 0).
 */
#ifndef NV_MODELS_CALIBRATION_H
#define NV_MODELS_CALIBRATION_H

#include "base/error.h"

enum { NV_CALIBRATE_OFF, NV_CALIBRATE_PLATT, NV_CALIBRATE_ISOTONIC, NV_CALIBRATE_LOGLOG };

#define NV_CALIBRATION_CUT 300.0

typedef struct nv_calibration {
	int kind;
	uint32_t n_label;
	const double *a, *b;          /* [n_label], PLATT and LOGLOG */
	const uint32_t *knot_start;   /* [n_label + 1], ISOTONIC: label l's knots are knot_start[l] .. knot_start[l + 1] - 1 */
	const double *knot_x, *knot_y; /* ascending x; y in [0, 1], not descending */
} nv_calibration;

/* margin[n_label] -> p[n_label], each in [0, 1]; sums to 1 unless the task is multilabel. */
void nv_calibration_apply(const nv_calibration *calibration, nv_task_kind kind, const double *margin, double *p);

#endif
