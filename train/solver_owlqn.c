/* SPDX-License-Identifier: Apache-2.0
 *
 * Orthant-wise limited-memory quasi-Newton. The l1 term is linear within an orthant: each step chooses one by the signs of w
 * and, where w is zero, of the pseudo-gradient; makes an L-BFGS direction of the smooth part's history (Liu and Nocedal 1989); drops
 * what points against the pseudo-gradient; and goes along it with backtracking, setting to zero what would leave the
 * orthant.
 */
#include "train/solver.h"

#include "base/alloc.h"

#include <math.h>
#include <string.h>

enum { MEMORY = 10, BACKTRACK_MAX = 50 };
static const double ARMIJO = 1e-4;

typedef struct owlqn {
	const nv_objective *objective;
	const nv_owlqn_options *options;
	size_t n;
	double *w;
	double *gradient, *pseudo, *direction, *next_w, *next_gradient; /* [n] */
	double *s, *y;             /* [MEMORY][n] steps, and changes of the gradient */
	double rho[MEMORY];        /* 1 / s'y */
	size_t n_kept, newest;     /* pairs kept; place of the last */
	double loss;
	double *doubles;
} owlqn;

static int owlqn_init(owlqn *o, const nv_objective *objective, const nv_owlqn_options *options, double *w, nv_error *err)
{
	*o = (owlqn){.objective = objective, .options = options, .n = objective->n_param, .w = w};
	o->doubles = nv_alloc_zero((5 + 2 * (size_t)MEMORY) * o->n, sizeof *o->doubles);
	if (!o->doubles)
		return nv_fail_memory(err);
	double **array[] = {&o->gradient, &o->pseudo, &o->direction, &o->next_w, &o->next_gradient, &o->s};
	for (size_t i = 0; i < 6; i++)
		*array[i] = o->doubles + i * o->n;
	o->y = o->s + MEMORY * o->n;
	return NV_OK;
}

static double dot(const double *x, const double *y, size_t n)
{
	enum { BLOCK = 1024 };
	double sum = 0;
	for (size_t start = 0; start < n; start += BLOCK) {
		double part = 0;
		for (size_t i = start; i < n && i < start + BLOCK; i++)
			part += x[i] * y[i];
		sum += part;
	}
	return sum;
}

static double l1_at(const owlqn *o, size_t i)
{
	return i < o->n - o->options->n_free ? o->options->l1 : 0;
}

/* Adds the penalty's share to a loss at w. */
static double penalised(const owlqn *o, double loss, const double *w)
{
	double sum = 0;
	for (size_t i = 0; i < o->n - o->options->n_free; i++)
		sum += fabs(w[i]);
	return loss + o->options->l1 * sum;
}

/* The one-sided derivative of steepest descent: zero where both directions go up. */
static void make_pseudo(owlqn *o)
{
	for (size_t i = 0; i < o->n; i++) {
		double g = o->gradient[i], l1 = l1_at(o, i);
		if (o->w[i] > 0)
			o->pseudo[i] = g + l1;
		else if (o->w[i] < 0)
			o->pseudo[i] = g - l1;
		else
			o->pseudo[i] = g + l1 < 0 ? g + l1 : g - l1 > 0 ? g - l1 : 0;
	}
}

/* direction = -H pseudo by the two-loop recursion, then cut back to where pseudo agrees. */
static void make_direction(owlqn *o)
{
	double alpha[MEMORY];
	double *d = o->direction;
	for (size_t i = 0; i < o->n; i++)
		d[i] = -o->pseudo[i];
	for (size_t back = 0; back < o->n_kept; back++) {
		size_t j = (o->newest + MEMORY - back) % MEMORY;
		alpha[j] = o->rho[j] * dot(o->s + j * o->n, d, o->n);
		for (size_t i = 0; i < o->n; i++)
			d[i] -= alpha[j] * o->y[j * o->n + i];
	}
	if (o->n_kept > 0) {
		const double *y = o->y + o->newest * o->n;
		double scale = 1 / (o->rho[o->newest] * dot(y, y, o->n));
		for (size_t i = 0; i < o->n; i++)
			d[i] *= scale;
	}
	for (size_t back = o->n_kept; back-- > 0;) {
		size_t j = (o->newest + MEMORY - back) % MEMORY;
		double beta = o->rho[j] * dot(o->y + j * o->n, d, o->n);
		for (size_t i = 0; i < o->n; i++)
			/* cppcheck-suppress uninitvar ; the loop above has been through the same j */
			d[i] += (alpha[j] - beta) * o->s[j * o->n + i];
	}
	for (size_t i = 0; i < o->n; i++)
		if (d[i] * o->pseudo[i] >= 0)
			d[i] = 0;
}

/* next_w = w + t * direction, held within the orthant. */
static void project(owlqn *o, double t)
{
	for (size_t i = 0; i < o->n; i++) {
		double x = o->w[i] + t * o->direction[i];
		double sign = o->w[i] != 0 ? o->w[i] : -o->pseudo[i];
		o->next_w[i] = l1_at(o, i) > 0 && x * sign <= 0 ? 0 : x;
	}
}

/* *moved: false when no step lowers the loss. */
static int search(owlqn *o, bool *moved, nv_error *err)
{
	double t = o->n_kept > 0 ? 1 : 1 / fmax(sqrt(dot(o->pseudo, o->pseudo, o->n)), 1e-300), loss = 0;
	*moved = false;
	for (int i = 0; i < BACKTRACK_MAX; i++, t *= 0.5) {
		project(o, t);
		int code = o->objective->evaluate(o->objective->context, o->next_w, &loss, o->next_gradient, err);
		if (code != NV_OK)
			return code;
		loss = penalised(o, loss, o->next_w);
		double expected = 0;
		for (size_t k = 0; k < o->n; k++)
			expected += o->pseudo[k] * (o->next_w[k] - o->w[k]);
		if (loss <= o->loss + ARMIJO * expected && expected < 0) {
			*moved = true;
			o->loss = loss;
			return NV_OK;
		}
	}
	return NV_OK;
}

/* Keeps the pair of step and gradient change when its curvature is positive, and moves on. */
static void remember(owlqn *o)
{
	size_t place = o->n_kept > 0 ? (o->newest + 1) % MEMORY : 0;
	double *s = o->s + place * o->n, *y = o->y + place * o->n;
	for (size_t i = 0; i < o->n; i++) {
		s[i] = o->next_w[i] - o->w[i];
		y[i] = o->next_gradient[i] - o->gradient[i];
	}
	double curvature = dot(s, y, o->n);
	if (curvature > 1e-12 * dot(y, y, o->n)) {
		o->rho[place] = 1 / curvature;
		o->newest = place;
		o->n_kept += o->n_kept < MEMORY;
	}
	memcpy(o->w, o->next_w, o->n * sizeof *o->w);
	memcpy(o->gradient, o->next_gradient, o->n * sizeof *o->w);
}

int nv_solve_owlqn(const nv_objective *objective, const nv_owlqn_options *options, double *w, nv_solver_result *result,
                   nv_error *err)
{
	owlqn o;
	nv_solver_result found = {NV_STOPPED_EARLY, 0, 0};
	bool moved = true;
	double limit = -1;
	int code = owlqn_init(&o, objective, options, w, err);
	if (code == NV_OK)
		code = objective->evaluate(objective->context, w, &o.loss, o.gradient, err);
	if (code == NV_OK)
		o.loss = penalised(&o, o.loss, w);
	while (code == NV_OK) {
		make_pseudo(&o);
		double norm = sqrt(dot(o.pseudo, o.pseudo, o.n));
		limit = limit < 0 ? options->tolerance * norm : limit;
		if (!isfinite(o.loss) || !isfinite(norm))
			found.outcome = NV_FAILED;
		else if (norm <= limit)
			found.outcome = NV_CONVERGED;
		if (found.outcome != NV_STOPPED_EARLY || found.iterations == options->max_iteration)
			break;
		make_direction(&o);
		code = search(&o, &moved, err);
		if (code != NV_OK || (!moved && o.n_kept == 0))
			break;
		if (moved)
			remember(&o);
		else
			o.n_kept = 0; /* a bad history: once more by steepest descent */
		found.iterations++;
	}
	found.loss = o.loss;
	if (code == NV_OK && result)
		*result = found;
	nv_free(o.doubles);
	return code;
}
