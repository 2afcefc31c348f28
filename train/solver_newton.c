/* SPDX-License-Identifier: Apache-2.0
 *
 * Notation of the header: a parameter vector is known by its row coefficients v and, beside them, its margins Kv. With q the slopes of
 * the losses at the margins and D their curvatures, the gradient has the coefficients a + q, and the Hessian I + X'DX
 * maps the coefficients v to v + D (Kv). A conjugate-gradient step therefore needs one product with K, of D (Kp), and
 * nothing else that is longer than the rows: step lengths, residuals and the line search live on margins alone.
 */
#include "train/solver.h"

#include "base/alloc.h"

#include <math.h>
#include <string.h>

/* Conjugate gradients end when the residual has shrunk so far, or when a step adds less than half of the mean of those
 * before it to the model's decrease (Nash and Sofer 1990). */
static const double CG_RESIDUAL = 0.1, CG_DECREASE = 0.5;
/* ROUNDING: of a loss whose margins are in single precision, relative. */
static const double ARMIJO = 0.01, ROUNDING = 5e-7;
enum { CG_MAX = 200, BACKTRACK_MAX = 30 };

/* All [n_row][width]. k_x: K times x. */
typedef struct newton {
	const nv_row_objective *objective;
	size_t n, width; /* n: elements of an array below */
	double *a, *margin;
	double *slope, *curve;
	double *r, *k_r;               /* residual of the Newton equation; at first minus the gradient */
	double *p, *k_p;               /* direction of conjugate gradients */
	double *z, *k_z;               /* Newton step */
	double *t, *k_t;               /* what is multiplied by K, and the product */
	bool *active, *in_cg, *trying; /* [width] */
	double *loss, *plain, *norm0, *rr, *model, *drop, *step; /* [width] plain: the loss without its penalty */
	double *last;        /* [width] rr before the step, where the loss no longer tells; else infinity */
	double *sum, *other; /* [width] results of dot() */
	double *doubles;
	bool *bools;
} newton;

static const size_t N_BIG = 11, N_SMALL = 10, N_BOOL = 3; /* a is the caller's */

static int newton_init(newton *s, const nv_row_objective *objective, double *a, nv_error *err)
{
	*s = (newton){.objective = objective, .n = objective->n_row * objective->width, .width = objective->width, .a = a};
	s->doubles = nv_alloc_zero(N_BIG * s->n + N_SMALL * s->width, sizeof *s->doubles);
	s->bools = nv_alloc_zero(N_BOOL * s->width, sizeof *s->bools);
	if (!s->doubles || !s->bools)
		return nv_fail_memory(err);
	double **big[] = {&s->margin, &s->slope, &s->curve, &s->r, &s->k_r, &s->p, &s->k_p, &s->z, &s->k_z, &s->t, &s->k_t};
	double **small[] = {&s->loss, &s->plain, &s->norm0, &s->rr,    &s->model,
	                    &s->drop, &s->step,  &s->sum,   &s->other, &s->last};
	double *at = s->doubles;
	for (size_t i = 0; i < N_BIG; i++, at += s->n)
		*big[i] = at;
	for (size_t i = 0; i < N_SMALL; i++, at += s->width)
		*small[i] = at;
	s->active = s->bools;
	s->in_cg = s->bools + s->width;
	s->trying = s->bools + 2 * s->width;
	return NV_OK;
}

static void newton_release(newton *s)
{
	nv_free(s->doubles);
	nv_free(s->bools);
}

static bool any(const bool *flag, size_t n)
{
	for (size_t k = 0; k < n; k++)
		if (flag[k])
			return true;
	return false;
}

/* out[column] = sum over rows of x * y, added up in blocks of rows, so that the error does not grow with their number. */
static void dot(const newton *s, const double *x, const double *y, double *out)
{
	enum { BLOCK = 512 };
	size_t width = s->width, step = BLOCK * width;
	double part[NV_MAX_WIDTH];
	memset(out, 0, width * sizeof *out);
	for (size_t start = 0; start < s->n; start += step) {
		size_t end = start + step < s->n ? start + step : s->n;
		memset(part, 0, sizeof part);
		for (size_t i = start; i < end; i += width)
			for (size_t k = 0; k < width; k++)
				part[k] += x[i + k] * y[i + k];
		for (size_t k = 0; k < width; k++)
			out[k] += part[k];
	}
}

static int product(newton *s, const double *v, double *out, nv_error *err)
{
	return s->objective->product(s->objective->context, v, out, err);
}

static void losses(newton *s, const double *margin, const bool *which, double *loss, double *slope, double *curve)
{
	s->objective->losses(s->objective->context, margin, which, loss, slope, curve);
}

/* t = slopes of the active columns, k_t = K t. */
static int multiply_slopes(newton *s, nv_error *err)
{
	for (size_t i = 0; i < s->n; i += s->width)
		for (size_t k = 0; k < s->width; k++)
			s->t[i + k] = s->active[k] ? s->slope[i + k] : 0;
	return product(s, s->t, s->k_t, err);
}

/* Slopes q and curvatures at the margins, and Kq. */
static int slopes(newton *s, nv_error *err)
{
	losses(s, s->margin, s->active, s->loss, s->slope, s->curve);
	return multiply_slopes(s, err);
}

/* |gradient at 0| of each column, which the tolerance refers to. */
static int norm_at_zero(newton *s, nv_error *err)
{
	int code = slopes(s, err);
	dot(s, s->t, s->k_t, s->norm0);
	for (size_t k = 0; k < s->width; k++)
		s->norm0[k] = sqrt(fmax(s->norm0[k], 0));
	return code;
}

/* r = -(a + q), the gradient's coefficients; rr = |gradient|^2. */
static void residual(newton *s)
{
	for (size_t i = 0; i < s->n; i += s->width)
		for (size_t k = 0; k < s->width; k++) {
			bool on = s->active[k];
			s->r[i + k] = on ? -(s->a[i + k] + s->slope[i + k]) : 0;
			s->k_r[i + k] = on ? -(s->margin[i + k] + s->k_t[i + k]) : 0;
		}
	dot(s, s->r, s->k_r, s->rr);
	dot(s, s->a, s->margin, s->sum);
	for (size_t k = 0; k < s->width; k++)
		if (s->active[k]) {
			s->plain[k] = s->loss[k];
			s->loss[k] += 0.5 * s->sum[k];
		}
}

static bool is_finite(const newton *s)
{
	for (size_t k = 0; k < s->width; k++)
		if (s->active[k] && !(isfinite(s->loss[k]) && isfinite(s->rr[k])))
			return false;
	return true;
}

/* sum[column] = p'Hp = p'Kp + sum of D (Kp)^2; t = D (Kp). */
static void curvature(newton *s)
{
	for (size_t i = 0; i < s->n; i += s->width)
		for (size_t k = 0; k < s->width; k++)
			s->t[i + k] = s->in_cg[k] ? s->curve[i + k] * s->k_p[i + k] : 0;
	dot(s, s->p, s->k_p, s->sum);
	dot(s, s->t, s->k_p, s->other);
	for (size_t k = 0; k < s->width; k++)
		s->sum[k] += s->other[k];
}

/* Goes step[column] along p; columns that are done leave in_cg. */
static void advance(newton *s, int iteration)
{
	for (size_t k = 0; k < s->width; k++) {
		if (!s->in_cg[k] || !(s->sum[k] > 0)) {
			s->step[k] = 0;
			s->in_cg[k] = false;
			continue;
		}
		s->step[k] = s->rr[k] / s->sum[k];
		double gain = 0.5 * s->step[k] * s->rr[k];
		s->model[k] += gain;
		s->in_cg[k] = iteration * gain > CG_DECREASE * s->model[k];
	}
	for (size_t i = 0; i < s->n; i += s->width)
		for (size_t k = 0; k < s->width; k++) {
			s->z[i + k] += s->step[k] * s->p[i + k];
			s->k_z[i + k] += s->step[k] * s->k_p[i + k];
		}
}

/* The residual behind the step, and the next direction. */
static int next_direction(newton *s, nv_error *err)
{
	int code = product(s, s->t, s->k_t, err);
	if (code != NV_OK)
		return code;
	for (size_t i = 0; i < s->n; i += s->width)
		for (size_t k = 0; k < s->width; k++) {
			s->r[i + k] -= s->step[k] * (s->p[i + k] + s->t[i + k]);
			s->k_r[i + k] -= s->step[k] * (s->k_p[i + k] + s->k_t[i + k]);
		}
	dot(s, s->r, s->k_r, s->sum);
	for (size_t k = 0; k < s->width; k++) {
		double beta = s->rr[k] > 0 ? fmax(s->sum[k], 0) / s->rr[k] : 0;
		s->other[k] = s->in_cg[k] ? beta : 0;
		if (s->in_cg[k])
			s->rr[k] = fmax(s->sum[k], 0);
	}
	for (size_t i = 0; i < s->n; i += s->width)
		for (size_t k = 0; k < s->width; k++) {
			s->p[i + k] = s->r[i + k] + s->other[k] * s->p[i + k];
			s->k_p[i + k] = s->k_r[i + k] + s->other[k] * s->k_p[i + k];
		}
	return NV_OK;
}

/* An approximate solution z of (I + X'DX) z = r. */
static int newton_step(newton *s, nv_error *err)
{
	int code = NV_OK;
	size_t bytes = s->n * sizeof(double);
	memset(s->z, 0, bytes);
	memset(s->k_z, 0, bytes);
	memcpy(s->p, s->r, bytes);
	memcpy(s->k_p, s->k_r, bytes);
	memcpy(s->in_cg, s->active, s->width * sizeof *s->in_cg);
	for (size_t k = 0; k < s->width; k++) {
		s->model[k] = 0;
		s->drop[k] = s->last[k] = s->rr[k];
	}
	for (int iteration = 1; code == NV_OK && iteration <= CG_MAX; iteration++) {
		curvature(s);
		advance(s, iteration);
		if (!any(s->in_cg, s->width))
			break;
		code = next_direction(s, err);
		for (size_t k = 0; k < s->width; k++)
			if (s->rr[k] <= CG_RESIDUAL * CG_RESIDUAL * s->drop[k])
				s->in_cg[k] = false;
		if (!any(s->in_cg, s->width))
			break;
	}
	return code;
}

/* t = margins at the step lengths to try. */
static void try_steps(newton *s)
{
	for (size_t i = 0; i < s->n; i += s->width)
		for (size_t k = 0; k < s->width; k++)
			s->t[i + k] = s->margin[i + k] + s->step[k] * s->k_z[i + k];
}

static void accept(newton *s)
{
	for (size_t i = 0; i < s->n; i += s->width)
		for (size_t k = 0; k < s->width; k++) {
			s->a[i + k] += s->step[k] * s->z[i + k];
			s->margin[i + k] += s->step[k] * s->k_z[i + k];
		}
}

/* Halves step lengths from 1 until the loss has fallen enough. A column without descent, at the limit of precision, is
 * done. */
static void line_search(newton *s, nv_outcome *outcome)
{
	double *a_kz = s->model, *z_kz = s->other, *drop = s->drop, *loss = s->sum; /* of the step, whose use is over */
	dot(s, s->slope, s->k_z, drop);
	dot(s, s->a, s->k_z, a_kz);
	dot(s, s->z, s->k_z, z_kz);
	memcpy(s->trying, s->active, s->width * sizeof *s->trying);
	for (size_t k = 0; k < s->width; k++) {
		drop[k] += a_kz[k];
		s->step[k] = s->active[k] ? 1 : 0;
	}
	for (int i = 0; i < BACKTRACK_MAX && any(s->trying, s->width); i++) {
		try_steps(s);
		losses(s, s->t, s->trying, loss, NULL, NULL);
		for (size_t k = 0; k < s->width; k++) {
			double t = s->step[k], change = loss[k] - s->plain[k] + t * a_kz[k] + 0.5 * t * t * z_kz[k];
			bool lost = fabs(change) <= ROUNDING * s->plain[k];
			if (s->trying[k] && (lost || change <= ARMIJO * t * drop[k])) {
				s->trying[k] = false;
				s->last[k] = lost ? s->last[k] : INFINITY;
			} else if (s->trying[k])
				s->step[k] *= 0.5;
		}
	}
	for (size_t k = 0; k < s->width; k++) {
		if (!s->trying[k])
			continue;
		s->step[k] = 0;
		s->active[k] = false;
		*outcome = NV_STOPPED_EARLY;
	}
	accept(s);
}

/* Done: the gradient is small enough; or it has not shrunk in a step whose gain is lost in rounding. */
static void drop_converged(newton *s, const double *tolerance, nv_outcome *outcome)
{
	for (size_t k = 0; k < s->width; k++) {
		if (!s->active[k])
			continue;
		bool small = sqrt(fmax(s->rr[k], 0)) <= tolerance[k] * s->norm0[k];
		if (!small && s->rr[k] >= s->last[k])
			*outcome = NV_STOPPED_EARLY;
		s->active[k] = !small && s->rr[k] < s->last[k];
	}
}

static int start(newton *s, bool warm, nv_error *err)
{
	memset(s->active, 1, s->width * sizeof *s->active);
	for (size_t k = 0; k < s->width; k++)
		s->last[k] = INFINITY;
	int code = norm_at_zero(s, err);
	if (code == NV_OK && warm)
		code = product(s, s->a, s->margin, err);
	return code == NV_OK && warm ? slopes(s, err) : code;
}

static void fill_result(const newton *s, nv_outcome outcome, int iterations, nv_solver_result *result)
{
	if (!result)
		return;
	if (outcome == NV_CONVERGED && any(s->active, s->width))
		outcome = NV_STOPPED_EARLY;
	*result = (nv_solver_result){outcome, iterations, 0};
	for (size_t k = 0; k < s->width; k++)
		result->loss += s->loss[k];
}

int nv_solve_newton(const nv_row_objective *objective, const nv_newton_options *options, bool warm, double *a,
                    nv_solver_result *result, nv_error *err)
{
	newton s;
	nv_outcome outcome = NV_CONVERGED;
	int iteration = 0;
	int code = newton_init(&s, objective, a, err);
	if (code == NV_OK)
		code = start(&s, warm, err);
	while (code == NV_OK) {
		residual(&s);
		if (!is_finite(&s)) {
			outcome = NV_FAILED;
			break;
		}
		drop_converged(&s, options->tolerance, &outcome);
		if (!any(s.active, s.width) || iteration == options->max_iteration)
			break;
		code = newton_step(&s, err);
		if (code != NV_OK)
			break;
		line_search(&s, &outcome);
		iteration++;
		code = slopes(&s, err);
	}
	if (code == NV_OK)
		fill_result(&s, outcome, iteration, result);
	newton_release(&s);
	return code;
}
