/* SPDX-License-Identifier: Apache-2.0
 *
 * Fisher scoring: Newton's method with the expected Hessian, J' (diag p - p p') J, J being the derivatives of z. Its equations are solved by
 * conjugate gradients, whose products are sums over articles, so that many labels cost no table of their squares.
 * Parameters lie as a, then b[0 ..], with z a function of the exponent b - a m under both links: -e^x or -x.
 */
#include "train/softmax_fit.h"

#include "base/alloc.h"
#include "base/numeric.h"

#include <math.h>
#include <string.h>

enum { NEWTON_MAX = 200, BACKTRACK_MAX = 30 };
static const double TOLERANCE = 1e-7, CG_RESIDUAL = 0.01, ARMIJO = 1e-4;

typedef struct softmax {
	const nv_calibration_data *data;
	size_t n_label, n_param;
	double *p; /* [n][n_label] probabilities at x */
	double *e; /* [n][n_label] minus the derivative of z by the exponent, at x: e^x or 1 */
	bool loglog;
	double spread2; /* s^2 of the header */
	double *x, *gradient, *step, *r, *d, *h_d, *diagonal, *trial; /* [n_param] */
	double *row; /* [n_label] */
	double *buffer;
} softmax;

static int softmax_init(softmax *s, const nv_calibration_data *data, nv_error *err)
{
	*s = (softmax){.data = data, .n_label = data->n_label, .n_param = data->n_label + 1};
	double **array[] = {&s->x, &s->gradient, &s->step, &s->r, &s->d, &s->h_d, &s->diagonal, &s->trial, &s->row};
	size_t n_array = sizeof array / sizeof *array;
	s->p = nv_alloc(data->n, s->n_label * sizeof *s->p);
	s->e = nv_alloc(data->n, s->n_label * sizeof *s->e);
	s->buffer = nv_alloc_zero(n_array * s->n_param, sizeof *s->buffer);
	if (!s->p || !s->e || !s->buffer)
		return nv_fail_memory(err);
	for (size_t i = 0; i < n_array; i++)
		*array[i] = s->buffer + i * s->n_param;
	return NV_OK;
}

static double dot(const double *x, const double *y, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += x[i] * y[i];
	return sum;
}

/* out += the prior's Hessian times x; returns half of x' that. */
static double add_prior(const softmax *s, const double *x, double *out)
{
	double center = 0, ridge_a = NV_SOFTMAX_RIDGE_A * s->spread2, half = 0.5 * ridge_a * x[0] * x[0];
	if (out)
		out[0] += ridge_a * x[0];
	for (size_t l = 1; l < s->n_param; l++)
		center += x[l] / (double)s->n_label;
	for (size_t l = 1; l < s->n_param; l++) {
		double b = x[l] - center;
		half += 0.5 * NV_SOFTMAX_RIDGE * b * b;
		if (out)
			out[l] += NV_SOFTMAX_RIDGE * b;
	}
	return half;
}

/* z -> probabilities; returns minus the logarithm of gold's. z may be of any size: their largest is taken off first, so that no
 * difference is lost. */
static double subtract_log_sum(double *z, size_t n, const uint8_t *gold)
{
	double largest = z[0], loss = 0, sum = 0;
	for (size_t l = 1; l < n; l++)
		largest = z[l] > largest ? z[l] : largest;
	for (size_t l = 0; l < n; l++) {
		loss += gold[l] ? largest - z[l] : 0;
		z[l] = nv_exp(z[l] - largest);
		sum += z[l];
	}
	for (size_t l = 0; l < n; l++)
		z[l] /= sum;
	return loss + nv_log(sum);
}

/* The loss at x; fills s->p and s->e. */
static double loss_at(softmax *s, const double *x)
{
	size_t n_label = s->n_label;
	double total = 0;
	for (size_t i = 0; i < s->data->n * n_label; i += n_label) {
		const uint8_t *gold = s->data->gold + i;
		double *p = s->p + i;
		for (size_t l = 0; l < n_label; l++) {
			double exponent = x[1 + l] - x[0] * s->data->margin[i + l];
			s->e[i + l] = s->loglog ? nv_exp(fmin(exponent, NV_CALIBRATION_CUT)) : 1;
			p[l] = s->loglog ? -s->e[i + l] : -exponent;
		}
		total += subtract_log_sum(p, n_label, gold);
	}
	return total + add_prior(s, x, NULL);
}

/* z moves by e m with a, and by -e with its label's b. */
static void derivatives(softmax *s)
{
	size_t n_label = s->n_label;
	memset(s->gradient, 0, s->n_param * sizeof *s->gradient);
	memset(s->diagonal, 0, s->n_param * sizeof *s->diagonal);
	s->diagonal[0] = NV_SOFTMAX_RIDGE_A * s->spread2;
	for (size_t l = 1; l < s->n_param; l++)
		s->diagonal[l] = NV_SOFTMAX_RIDGE;
	for (size_t i = 0; i < s->data->n * n_label; i += n_label) {
		double mean = 0, square = 0;
		for (size_t l = 0; l < n_label; l++) {
			double p = s->p[i + l], e = s->e[i + l], by_a = e * s->data->margin[i + l], miss = p - s->data->gold[i + l];
			s->gradient[0] += miss * by_a;
			s->gradient[1 + l] -= miss * e;
			s->diagonal[1 + l] += p * (1 - p) * e * e;
			mean += p * by_a;
			square += p * by_a * by_a;
		}
		s->diagonal[0] += square - mean * mean;
	}
	add_prior(s, s->x, s->gradient);
}

/* h_d = expected Hessian times d. */
static void hessian(softmax *s)
{
	size_t n_label = s->n_label;
	memset(s->h_d, 0, s->n_param * sizeof *s->h_d);
	for (size_t i = 0; i < s->data->n * n_label; i += n_label) {
		const double *p = s->p + i, *e = s->e + i, *m = s->data->margin + i;
		double center = 0;
		for (size_t l = 0; l < n_label; l++) {
			s->row[l] = e[l] * (s->d[0] * m[l] - s->d[1 + l]);
			center += p[l] * s->row[l];
		}
		for (size_t l = 0; l < n_label; l++) {
			double t = p[l] * (s->row[l] - center) * e[l];
			s->h_d[0] += t * m[l];
			s->h_d[1 + l] -= t;
		}
	}
	add_prior(s, s->d, s->h_d);
}

static double preconditioned(const softmax *s)
{
	double sum = 0;
	for (size_t i = 0; i < s->n_param; i++)
		sum += s->r[i] * s->r[i] / s->diagonal[i];
	return sum;
}

static void newton_step(softmax *s)
{
	memset(s->step, 0, s->n_param * sizeof *s->step);
	for (size_t i = 0; i < s->n_param; i++) {
		s->r[i] = -s->gradient[i];
		s->d[i] = s->r[i] / s->diagonal[i];
	}
	double rho = preconditioned(s), limit = CG_RESIDUAL * CG_RESIDUAL * rho;
	for (size_t k = 0; k < 2 * s->n_param && rho > limit; k++) {
		hessian(s);
		double curvature = dot(s->d, s->h_d, s->n_param);
		if (!(curvature > 0))
			return;
		double alpha = rho / curvature, before = rho;
		for (size_t i = 0; i < s->n_param; i++) {
			s->step[i] += alpha * s->d[i];
			s->r[i] -= alpha * s->h_d[i];
		}
		rho = preconditioned(s);
		for (size_t i = 0; i < s->n_param; i++)
			s->d[i] = s->r[i] / s->diagonal[i] + rho / before * s->d[i];
	}
}

/* True when x has moved to a lower loss, with s->p and s->e there. */
static bool search(softmax *s, double *loss)
{
	double slope = dot(s->gradient, s->step, s->n_param), t = 1;
	for (int i = 0; i < BACKTRACK_MAX; i++, t *= 0.5) {
		for (size_t k = 0; k < s->n_param; k++)
			s->trial[k] = s->x[k] + t * s->step[k];
		double reached = loss_at(s, s->trial);
		if (!(reached <= *loss + ARMIJO * t * slope))
			continue;
		memcpy(s->x, s->trial, s->n_param * sizeof *s->x);
		*loss = reached;
		return true;
	}
	return false;
}

/* Margins of labels that no article has are far from all others and say nothing. */
static double spread_of(const nv_calibration_data *data)
{
	double square = 0;
	size_t n = 0;
	for (size_t i = 0; i < data->n * data->n_label; i += data->n_label) {
		const double *m = data->margin + i;
		double mean = 0, used = 0;
		for (size_t l = 0; l < data->n_label; l++) {
			mean += m[l] > NV_NEVER ? m[l] : 0;
			used += m[l] > NV_NEVER;
		}
		for (size_t l = 0; l < data->n_label; l++) {
			double d = m[l] > NV_NEVER ? m[l] - mean / used : 0;
			square += d * d;
		}
		n += (size_t)used;
	}
	return square > 0 ? square / (double)n : 1;
}

static void minimise(softmax *s)
{
	s->x[0] = 1 / sqrt(s->spread2);
	double loss = loss_at(s, s->x);
	for (int i = 0; i < NEWTON_MAX; i++) {
		derivatives(s);
		if (sqrt(dot(s->gradient, s->gradient, s->n_param)) <= TOLERANCE * (double)s->data->n)
			return;
		newton_step(s);
		if (!search(s, &loss))
			return;
	}
}

/* Under the linear link a shift of all b means nothing: their mean is 0. */
static void give(const softmax *s, double *a, double *b)
{
	double mean = 0;
	for (size_t l = 0; l < s->n_label; l++)
		mean += s->x[1 + l] / (double)s->n_label;
	for (size_t l = 0; l < s->n_label; l++) {
		a[l] = s->x[0];
		b[l] = s->loglog ? s->x[1 + l] : mean - s->x[1 + l];
	}
}

int nv_softmax_fit(int kind, const nv_calibration_data *data, double *a, double *b, nv_error *err)
{
	softmax s;
	int code = softmax_init(&s, data, err);
	if (code == NV_OK) {
		s.loglog = kind == NV_CALIBRATE_LOGLOG;
		s.spread2 = spread_of(data);
		minimise(&s);
		give(&s, a, b);
	}
	nv_free(s.p);
	nv_free(s.e);
	nv_free(s.buffer);
	return code;
}
