/* SPDX-License-Identifier: Apache-2.0 */
#include "models/calibration.h"

#include "base/numeric.h"

/* Piecewise linear through the knots: binary search for the last knot at or below m. No knot leaves the logistic
 * function. */
static double interpolate(const double *x, const double *y, size_t n, double m)
{
	if (n == 0)
		return nv_sigmoid(m);
	if (!(m > x[0]))
		return y[0];
	if (m >= x[n - 1])
		return y[n - 1];
	size_t low = 0, high = n - 1;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (x[middle] <= m)
			low = middle;
		else
			high = middle;
	}
	double width = x[high] - x[low];
	return width > 0 ? y[low] + (y[high] - y[low]) * ((m - x[low]) / width) : y[high];
}

static void apply_isotonic(const nv_calibration *c, const double *margin, double *p)
{
	for (uint32_t l = 0; l < c->n_label; l++) {
		uint32_t start = c->knot_start[l];
		p[l] = interpolate(c->knot_x + start, c->knot_y + start, c->knot_start[l + 1] - start, margin[l]);
	}
}

static void scale_margins(const nv_calibration *c, const double *margin, double *p)
{
	for (uint32_t l = 0; l < c->n_label; l++) {
		if (c->kind == NV_CALIBRATE_LOGLOG) {
			double exponent = c->b[l] - c->a[l] * margin[l];
			p[l] = -nv_exp(exponent < NV_CALIBRATION_CUT ? exponent : NV_CALIBRATION_CUT);
		} else {
			p[l] = c->kind == NV_CALIBRATE_PLATT ? c->a[l] * margin[l] + c->b[l] : margin[l];
		}
	}
}

static void divide_by_sum(double *p, uint32_t n)
{
	double sum = 0;
	for (uint32_t l = 0; l < n; l++)
		sum += p[l];
	for (uint32_t l = 0; l < n; l++)
		p[l] = sum > 0 ? p[l] / sum : 1.0 / n;
}

void nv_calibration_apply(const nv_calibration *calibration, nv_task_kind kind, const double *margin, double *p)
{
	uint32_t n = calibration->n_label;
	if (calibration->kind == NV_CALIBRATE_ISOTONIC) {
		apply_isotonic(calibration, margin, p);
		if (kind != NV_MULTILABEL)
			divide_by_sum(p, n);
		return;
	}
	scale_margins(calibration, margin, p);
	if (kind != NV_MULTILABEL) {
		nv_softmax(p, n);
		return;
	}
	for (uint32_t l = 0; l < n; l++)
		p[l] = nv_sigmoid(p[l]);
}
