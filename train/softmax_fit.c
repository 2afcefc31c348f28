/* SPDX-License-Identifier: Apache-2.0
 *
 * Newton's method; its equations are solved by conjugate gradients, whose products with the Hessian are sums over articles, so that
 * many labels cost no table of their squares. Parameters lie as a[0 ..], then b[0 ..].
 */
#include "train/softmax_fit.h"

#include "base/alloc.h"
#include "base/numeric.h"

#include <math.h>
#include <string.h>

enum { NEWTON_MAX = 60, BACKTRACK_MAX = 30 };
static const double TOLERANCE = 1e-10, CG_RESIDUAL = 0.01, ARMIJO = 1e-4;

typedef struct softmax {
	const nv_calibration_data *data;
	size_t n_label, n_param;
	double *p; /* [n][n_label] probabilities at x */
	double *x, *gradient, *step, *r, *d, *h_d, *diagonal, *trial, *row; /* [n_param] */
	double *buffer;
} softmax;

static int softmax_init(softmax *s, const nv_calibration_data *data, nv_error *err)
{
	*s = (softmax){.data = data, .n_label = data->n_label, .n_param = 2 * data->n_label};
	double **array[] = {&s->x, &s->gradient, &s->step, &s->r, &s->d, &s->h_d, &s->diagonal, &s->trial, &s->row};
	size_t n_array = sizeof array / sizeof *array;
	s->p = nv_alloc(data->n * s->n_label, sizeof *s->p);
	s->buffer = nv_alloc_zero(n_array * s->n_param, sizeof *s->buffer);
	if (!s->p || !s->buffer)
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

static double mean(const double *x, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += x[i];
	return sum / (double)n;
}

/* out += the prior's Hessian times x; returns half of x' that. */
static double add_prior(const softmax *s, const double *x, double *out)
{
	double center = mean(x, s->n_label), half = 0;
	for (size_t l = 0; l < s->n_label; l++) {
		double a = x[l] - center, b = x[s->n_label + l];
		half += 0.5 * (NV_SOFTMAX_RIDGE * a * a + NV_SOFTMAX_RIDGE_B * b * b);
		if (out) {
			out[l] += NV_SOFTMAX_RIDGE * a;
			out[s->n_label + l] += NV_SOFTMAX_RIDGE_B * b;
		}
	}
	return half;
}

/* The loss at x; fills s->p. */
static double loss_at(softmax *s, const double *x)
{
	size_t n_label = s->n_label;
	double total = 0;
	for (size_t i = 0; i < s->data->n; i++) {
		const double *m = s->data->margin + i * n_label;
		const uint8_t *gold = s->data->gold + i * n_label;
		double *p = s->p + i * n_label;
		for (size_t l = 0; l < n_label; l++)
			p[l] = x[l] * m[l] + x[n_label + l];
		double lse = nv_log_sum_exp(p, n_label);
		for (size_t l = 0; l < n_label; l++)
			total += gold[l] ? lse - p[l] : 0;
		nv_softmax(p, n_label);
	}
	return total + add_prior(s, x, NULL);
}

/* From s->p: gradient at x, and the Hessian's diagonal for preconditioning. */
static void derivatives(softmax *s)
{
	size_t n_label = s->n_label;
	memset(s->gradient, 0, s->n_param * sizeof *s->gradient);
	for (size_t l = 0; l < n_label; l++) {
		s->diagonal[l] = NV_SOFTMAX_RIDGE;
		s->diagonal[n_label + l] = NV_SOFTMAX_RIDGE_B;
	}
	for (size_t i = 0; i < s->data->n * n_label; i += n_label)
		for (size_t l = 0; l < n_label; l++) {
			double p = s->p[i + l], m = s->data->margin[i + l], miss = p - s->data->gold[i + l];
			s->gradient[l] += miss * m;
			s->gradient[n_label + l] += miss;
			s->diagonal[l] += p * (1 - p) * m * m;
			s->diagonal[n_label + l] += p * (1 - p);
		}
	add_prior(s, s->x, s->gradient);
}

/* h_d = Hessian times d. */
static void hessian(softmax *s)
{
	size_t n_label = s->n_label;
	memset(s->h_d, 0, s->n_param * sizeof *s->h_d);
	for (size_t i = 0; i < s->data->n * n_label; i += n_label) {
		const double *p = s->p + i, *m = s->data->margin + i;
		double center = 0;
		for (size_t l = 0; l < n_label; l++) {
			s->row[l] = s->d[l] * m[l] + s->d[n_label + l];
			center += p[l] * s->row[l];
		}
		for (size_t l = 0; l < n_label; l++) {
			double t = p[l] * (s->row[l] - center);
			s->h_d[l] += t * m[l];
			s->h_d[n_label + l] += t;
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

/* True when x has moved to a lower loss, with s->p there. */
static bool search(softmax *s, double *loss)
{
	double slope = dot(s->gradient, s->step, s->n_param), t = 1;
	for (int i = 0; i < BACKTRACK_MAX; i++, t *= 0.5) {
		for (size_t k = 0; k < s->n_param; k++)
			s->trial[k] = s->x[k] + t * s->step[k];
		double reached = loss_at(s, s->trial);
		if (reached > *loss + ARMIJO * t * slope)
			continue;
		memcpy(s->x, s->trial, s->n_param * sizeof *s->x);
		*loss = reached;
		return true;
	}
	return false;
}

int nv_softmax_fit(const nv_calibration_data *data, double *a, double *b, nv_error *err)
{
	softmax s;
	int code = softmax_init(&s, data, err);
	if (code == NV_OK) {
		for (size_t l = 0; l < s.n_label; l++)
			s.x[l] = 1;
		double loss = loss_at(&s, s.x), limit = -1;
		for (int i = 0; i < NEWTON_MAX; i++) {
			derivatives(&s);
			double norm = sqrt(dot(s.gradient, s.gradient, s.n_param));
			limit = limit < 0 ? TOLERANCE * fmax(norm, (double)data->n) : limit;
			if (norm <= limit)
				break;
			newton_step(&s);
			if (!search(&s, &loss))
				break;
		}
		memcpy(a, s.x, s.n_label * sizeof *a);
		memcpy(b, s.x + s.n_label, s.n_label * sizeof *b);
	}
	nv_free(s.p);
	nv_free(s.buffer);
	return code;
}
