/* SPDX-License-Identifier: Apache-2.0 */
#include "train/calibrate_fit.h"

#include "base/alloc.h"
#include "base/numeric.h"
#include "train/isotonic.h"
#include "train/softmax_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Platt's likelihood: two parameters, Newton's method with backtracking ---- */

enum { NEWTON_MAX = 100, BACKTRACK_MAX = 40 };

typedef struct platt {
	size_t n;
	const double *margin;
	const uint8_t *gold;
	double target[2]; /* smoothed, by gold */
} platt;

static double platt_loss(const platt *s, double a, double b)
{
	double sum = 0;
	for (size_t i = 0; i < s->n; i++) {
		double z = a * s->margin[i] + b, t = s->target[s->gold[i] != 0];
		sum += nv_log1p_exp(z) - t * z;
	}
	return sum;
}

typedef struct platt_step {
	double g[2], h[3]; /* gradient; Hessian aa, ab, bb */
} platt_step;

static platt_step platt_derivatives(const platt *s, double a, double b)
{
	platt_step d = {{0, 0}, {1e-12, 0, 1e-12}};
	for (size_t i = 0; i < s->n; i++) {
		double m = s->margin[i], p = nv_sigmoid(a * m + b), miss = p - s->target[s->gold[i] != 0], w = p * (1 - p);
		d.g[0] += miss * m;
		d.g[1] += miss;
		d.h[0] += w * m * m;
		d.h[1] += w * m;
		d.h[2] += w;
	}
	return d;
}

static platt platt_init(size_t n, const double *margin, const uint8_t *gold)
{
	size_t positive = 0;
	for (size_t i = 0; i < n; i++)
		positive += gold[i] != 0;
	double negative = (double)(n - positive);
	return (platt){n, margin, gold, {1 / (negative + 2), ((double)positive + 1) / ((double)positive + 2)}};
}

void nv_platt_fit(size_t n, const double *margin, const uint8_t *gold, double *a, double *b)
{
	platt s = platt_init(n, margin, gold);
	*a = 0;
	*b = nv_log(s.target[1] / (1 - s.target[0])); /* any start serves */
	double loss = platt_loss(&s, *a, *b);
	for (int i = 0; i < NEWTON_MAX; i++) {
		platt_step d = platt_derivatives(&s, *a, *b);
		if (fmax(fabs(d.g[0]), fabs(d.g[1])) <= 1e-11 * (double)n)
			return;
		double det = d.h[0] * d.h[2] - d.h[1] * d.h[1];
		if (!(det > 0))
			return;
		double da = (d.h[1] * d.g[1] - d.h[2] * d.g[0]) / det, db = (d.h[1] * d.g[0] - d.h[0] * d.g[1]) / det;
		double t = 1, slope = d.g[0] * da + d.g[1] * db, reached = loss;
		int tries = 0;
		for (; tries < BACKTRACK_MAX; tries++, t *= 0.5) {
			reached = platt_loss(&s, *a + t * da, *b + t * db);
			if (reached <= loss + 1e-4 * t * slope)
				break;
		}
		if (tries == BACKTRACK_MAX)
			return;
		*a += t * da;
		*b += t * db;
		loss = reached;
	}
}

/* ---- One calibration a label, the rare labels' in common ---- */

/* Margins and gold of some labels, put together. */
typedef struct column {
	double *margin, *y;
	uint8_t *gold;
	size_t n, n_positive;
} column;

static int column_init(column *c, const nv_calibration_data *data, nv_error *err)
{
	size_t n = 0;
	*c = (column){0};
	if (!nv_mul_size(data->n, data->n_label, &n))
		return nv_fail_memory(err);
	c->margin = nv_alloc(n, sizeof *c->margin);
	c->y = nv_alloc(n, sizeof *c->y);
	c->gold = nv_alloc(n, sizeof *c->gold);
	return c->margin && c->y && c->gold ? NV_OK : nv_fail_memory(err);
}

static void column_release(column *c)
{
	nv_free(c->margin);
	nv_free(c->y);
	nv_free(c->gold);
}

static void column_add(column *c, const nv_calibration_data *data, size_t label)
{
	for (size_t i = 0; i < data->n; i++) {
		uint8_t gold = data->gold[i * data->n_label + label] != 0;
		c->margin[c->n] = data->margin[i * data->n_label + label];
		c->y[c->n] = gold;
		c->gold[c->n++] = gold;
		c->n_positive += gold;
	}
}

static size_t positives(const nv_calibration_data *data, size_t label)
{
	size_t n = 0;
	for (size_t i = 0; i < data->n; i++)
		n += data->gold[i * data->n_label + label] != 0;
	return n;
}

/* The rare labels together, or all when these are too few. */
static void column_of_rare(column *c, const nv_calibration_data *data, const bool *rare)
{
	c->n = c->n_positive = 0;
	for (size_t l = 0; l < data->n_label; l++)
		if (rare[l])
			column_add(c, data, l);
	if (c->n_positive >= data->min_positive)
		return;
	c->n = c->n_positive = 0;
	for (size_t l = 0; l < data->n_label; l++)
		column_add(c, data, l);
}

typedef struct fitted {
	double a, b;
	double *x, *y;
	uint32_t n_knot;
} fitted;

static int fit_column(int kind, const column *c, nv_arena *arena, fitted *out, nv_error *err)
{
	if (kind == NV_CALIBRATE_ISOTONIC)
		return nv_isotonic_fit(c->n, c->margin, c->y, NULL, arena, &out->x, &out->y, &out->n_knot, err);
	nv_platt_fit(c->n, c->margin, c->gold, &out->a, &out->b);
	return NV_OK;
}

static int fit_labels(int kind, const nv_calibration_data *data, const bool *rare, nv_arena *arena, fitted *out,
                      nv_error *err)
{
	column c;
	fitted shared = {0};
	bool have_shared = false;
	int code = column_init(&c, data, err);
	for (size_t l = 0; l < data->n_label && code == NV_OK; l++) {
		if (rare[l] && !have_shared) {
			column_of_rare(&c, data, rare);
			code = fit_column(kind, &c, arena, &shared, err);
			have_shared = true;
		}
		if (rare[l]) {
			out[l] = shared;
			continue;
		}
		c.n = c.n_positive = 0;
		column_add(&c, data, l);
		code = fit_column(kind, &c, arena, &out[l], err);
	}
	column_release(&c);
	return code;
}

/* ---- Into the form of models/calibration.h ---- */

static int give_lines(const fitted *f, size_t n, nv_arena *arena, nv_calibration *calibration, nv_error *err)
{
	double *a = nv_arena_alloc(arena, n, sizeof *a), *b = nv_arena_alloc(arena, n, sizeof *b);
	if (!a || !b)
		return nv_fail_memory(err);
	for (size_t l = 0; l < n; l++) {
		a[l] = f[l].a;
		b[l] = f[l].b;
	}
	calibration->a = a;
	calibration->b = b;
	return NV_OK;
}

static int give_knots(const fitted *f, size_t n, nv_arena *arena, nv_calibration *calibration, nv_error *err)
{
	size_t total = 0;
	for (size_t l = 0; l < n; l++)
		total += f[l].n_knot;
	uint32_t *start = nv_arena_alloc(arena, n + 1, sizeof *start);
	double *x = nv_arena_alloc(arena, total, sizeof *x), *y = nv_arena_alloc(arena, total, sizeof *y);
	if (!start || !x || !y)
		return nv_fail_memory(err);
	start[0] = 0;
	for (size_t l = 0; l < n; l++) {
		memcpy(x + start[l], f[l].x, f[l].n_knot * sizeof *x);
		memcpy(y + start[l], f[l].y, f[l].n_knot * sizeof *y);
		start[l + 1] = start[l] + f[l].n_knot;
	}
	calibration->knot_start = start;
	calibration->knot_x = x;
	calibration->knot_y = y;
	return NV_OK;
}

static int fit_each_label(int kind, const nv_calibration_data *data, nv_arena *arena, nv_calibration *calibration,
                          nv_error *err)
{
	size_t n = data->n_label;
	fitted *f = nv_alloc_zero(n, sizeof *f);
	bool *rare = nv_alloc_zero(n, sizeof *rare);
	int code = f && rare ? NV_OK : nv_fail_memory(err);
	for (size_t l = 0; l < n && code == NV_OK; l++)
		rare[l] = positives(data, l) < data->min_positive;
	if (code == NV_OK)
		code = fit_labels(kind, data, rare, arena, f, err);
	if (code == NV_OK)
		code = kind == NV_CALIBRATE_ISOTONIC ? give_knots(f, n, arena, calibration, err)
		                                     : give_lines(f, n, arena, calibration, err);
	nv_free(f);
	nv_free(rare);
	return code;
}

static int fit_softmax(const nv_calibration_data *data, nv_arena *arena, nv_calibration *calibration, nv_error *err)
{
	double *a = nv_arena_alloc(arena, data->n_label, sizeof *a), *b = nv_arena_alloc(arena, data->n_label, sizeof *b);
	if (!a || !b)
		return nv_fail_memory(err);
	calibration->a = a;
	calibration->b = b;
	return nv_softmax_fit(calibration->kind, data, a, b, err);
}

int nv_calibrate_fit(int kind, nv_task_kind task_kind, const nv_calibration_data *data, nv_arena *arena,
                     nv_calibration *calibration, nv_error *err)
{
	*calibration = (nv_calibration){.kind = kind, .n_label = (uint32_t)data->n_label};
	if (kind == NV_CALIBRATE_OFF)
		return NV_OK;
	if (kind == NV_CALIBRATE_LOGLOG || (kind == NV_CALIBRATE_PLATT && task_kind != NV_MULTILABEL))
		return fit_softmax(data, arena, calibration, err);
	return fit_each_label(kind, data, arena, calibration, err);
}
