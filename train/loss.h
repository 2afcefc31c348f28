/* SPDX-License-Identifier: Apache-2.0
 *
 * loss.h: the row losses of linear_fit.h and their first two derivatives by the margin, for y = +1 or -1.
 *   log            ln(1 + e^(-y m))
 *   squared hinge  max(0, 1 - y m)^2, whose second derivative is taken as 2 below 1 and 0 from 1 on
 */
#ifndef NV_TRAIN_LOSS_H
#define NV_TRAIN_LOSS_H

#include "base/numeric.h"

#include <stddef.h>

/* slope and curve may be NULL. weight multiplies all three. */
static inline double nv_log_loss(double margin, double y, double weight, double *slope, double *curve)
{
	double z = y * margin;
	if (slope) {
		double miss = nv_sigmoid(-z);
		*slope = -weight * y * miss;
		if (curve)
			*curve = weight * miss * (1 - miss);
	}
	return weight * nv_log1p_exp(-z);
}

static inline double nv_squared_hinge(double margin, double y, double weight, double *slope, double *curve)
{
	double gap = 1 - y * margin;
	if (!(gap > 0))
		gap = 0;
	if (slope) {
		*slope = -2 * weight * y * gap;
		if (curve)
			*curve = gap > 0 ? 2 * weight : 0;
	}
	return weight * gap * gap;
}

#endif
