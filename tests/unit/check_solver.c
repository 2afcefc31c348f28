/* SPDX-License-Identifier: Apache-2.0 */
#include "train/solver.h"

#include "base/numeric.h"
#include "tests/unit/check_main.h"
#include "train/loss.h"

#include <math.h>
#include <string.h>

enum { ROWS = 40, FEATURES = 5, WIDTH = 3 };

/* Logistic losses on random rows; the first columns of y are the problems. */
typedef struct toy {
	size_t width;
	double x[ROWS][FEATURES], y[ROWS][WIDTH];
	int products, fail_at; /* fail_at: the product that fails, or 0 */
} toy;

static toy make_toy(size_t width)
{
	toy t = {.width = width};
	nv_rng rng;
	nv_rng_init(&rng, 5, 0);
	for (size_t i = 0; i < ROWS; i++) {
		double z = 0;
		for (size_t j = 0; j < FEATURES; j++) {
			t.x[i][j] = 2 * nv_rng_uniform(&rng) - 1;
			z += t.x[i][j];
		}
		for (size_t k = 0; k < WIDTH; k++)
			t.y[i][k] = z + 2 * nv_rng_uniform(&rng) - 1 > 0.5 * (double)k ? 1 : -1;
	}
	return t;
}

static int product(void *context, const double *v, double *out, nv_error *err)
{
	toy *t = context;
	double w[FEATURES][WIDTH] = {{0}};
	if (++t->products == t->fail_at)
		return nv_fail(err, NV_E_CANCELLED, "enough");
	for (size_t i = 0; i < ROWS; i++)
		for (size_t j = 0; j < FEATURES; j++)
			for (size_t k = 0; k < t->width; k++)
				w[j][k] += t->x[i][j] * v[i * t->width + k];
	memset(out, 0, ROWS * t->width * sizeof *out);
	for (size_t i = 0; i < ROWS; i++)
		for (size_t j = 0; j < FEATURES; j++)
			for (size_t k = 0; k < t->width; k++)
				out[i * t->width + k] += t->x[i][j] * w[j][k];
	return NV_OK;
}

static void losses(void *context, const double *margin, const bool *active, double *loss, double *slope, double *curve)
{
	const toy *t = context;
	for (size_t k = 0; k < t->width; k++) {
		if (!active[k])
			continue;
		loss[k] = 0;
		for (size_t i = 0; i < ROWS; i++) {
			size_t at = i * t->width + k;
			loss[k] += nv_log_loss(margin[at], t->y[i][k], 3, slope ? slope + at : NULL, curve ? curve + at : NULL);
		}
	}
}

static const double tight[] = {1e-9, 1e-9, 1e-9};

static nv_solver_result solve(toy *t, bool warm, double *a)
{
	nv_error err = {0};
	nv_solver_result result;
	const nv_row_objective objective = {ROWS, t->width, t, product, losses};
	const nv_newton_options options = {tight, 100};
	ck_assert_int_eq(nv_solve_newton(&objective, &options, warm, a, &result, &err), NV_OK);
	return result;
}

/* At the optimum w = X'a has the gradient w + sum of slopes times x. */
static void check_optimal(const toy *t, size_t k, const double *a)
{
	double w[FEATURES] = {0}, g[FEATURES];
	for (size_t i = 0; i < ROWS; i++)
		for (size_t j = 0; j < FEATURES; j++)
			w[j] += a[i * t->width + k] * t->x[i][j];
	memcpy(g, w, sizeof g);
	for (size_t i = 0; i < ROWS; i++) {
		double m = 0, slope;
		for (size_t j = 0; j < FEATURES; j++)
			m += w[j] * t->x[i][j];
		nv_log_loss(m, t->y[i][k], 3, &slope, NULL);
		for (size_t j = 0; j < FEATURES; j++)
			g[j] += slope * t->x[i][j];
	}
	for (size_t j = 0; j < FEATURES; j++)
		ck_assert_double_eq_tol(g[j], 0, 1e-6);
}

START_TEST(newton_finds_the_optimum)
{
	toy t = make_toy(WIDTH);
	double a[ROWS * WIDTH] = {0};
	nv_solver_result result = solve(&t, false, a);
	ck_assert_int_eq(result.outcome, NV_CONVERGED);
	ck_assert_int_gt(result.iterations, 1);
	for (size_t k = 0; k < WIDTH; k++)
		check_optimal(&t, k, a);
}
END_TEST

START_TEST(columns_do_not_mix)
{
	toy block = make_toy(WIDTH), alone = make_toy(1);
	double a[ROWS * WIDTH] = {0}, b[ROWS] = {0};
	solve(&block, false, a);
	solve(&alone, false, b);
	for (size_t i = 0; i < ROWS; i++)
		ck_assert(a[i * WIDTH] == b[i]);
}
END_TEST

START_TEST(a_warm_start_ends_at_once)
{
	toy t = make_toy(WIDTH);
	double a[ROWS * WIDTH] = {0}, before[ROWS * WIDTH];
	solve(&t, false, a);
	memcpy(before, a, sizeof a);
	ck_assert_int_le(solve(&t, true, a).iterations, 1);
	for (size_t i = 0; i < ROWS * WIDTH; i++)
		ck_assert_double_eq_tol(a[i], before[i], 1e-6);
}
END_TEST

START_TEST(newton_stops_early)
{
	toy t = make_toy(1);
	double a[ROWS] = {0};
	nv_error err = {0};
	nv_solver_result result;
	const nv_row_objective objective = {ROWS, 1, &t, product, losses};
	const nv_newton_options options = {tight, 1};
	ck_assert_int_eq(nv_solve_newton(&objective, &options, false, a, &result, &err), NV_OK);
	ck_assert_int_eq(result.outcome, NV_STOPPED_EARLY);
	ck_assert_int_eq(result.iterations, 1);
}
END_TEST

START_TEST(newton_passes_errors_on)
{
	for (int fail_at = 1; fail_at < 8; fail_at++) {
		toy t = make_toy(1);
		double a[ROWS] = {0};
		nv_error err = {0};
		const nv_row_objective objective = {ROWS, 1, &t, product, losses};
		const nv_newton_options options = {tight, 100};
		t.fail_at = fail_at;
		ck_assert_int_eq(nv_solve_newton(&objective, &options, false, a, NULL, &err), NV_E_CANCELLED);
		ck_assert_str_eq(err.message, "enough");
	}
}
END_TEST

START_TEST(newton_fails_where_nothing_is_finite)
{
	toy t = make_toy(1);
	double a[ROWS] = {0};
	nv_error err = {0};
	nv_solver_result result;
	const nv_row_objective objective = {ROWS, 1, &t, product, losses};
	const nv_newton_options options = {tight, 100};
	t.x[3][0] = 1e200;
	ck_assert_int_eq(nv_solve_newton(&objective, &options, false, a, &result, &err), NV_OK);
	ck_assert_int_eq(result.outcome, NV_FAILED);
}
END_TEST

/* ---- 1/2 sum of (w - center)^2, scaled: the l1 solution is the soft threshold ---- */

typedef struct bowl {
	double center[4], scale[4];
	int evaluations, fail_at;
} bowl;

static int bowl_evaluate(void *context, const double *w, double *loss, double *gradient, nv_error *err)
{
	bowl *b = context;
	if (++b->evaluations == b->fail_at)
		return nv_fail(err, NV_E_CANCELLED, "enough");
	*loss = 0;
	for (int i = 0; i < 4; i++) {
		double d = w[i] - b->center[i];
		*loss += 0.5 * b->scale[i] * d * d;
		gradient[i] = b->scale[i] * d;
	}
	return NV_OK;
}

static const bowl four = {{3, -2, 0.1, 5}, {1, 4, 2, 0.5}, 0, 0};

START_TEST(owlqn_thresholds)
{
	bowl b = four;
	double w[4] = {0};
	nv_error err = {0};
	nv_solver_result result;
	const nv_objective objective = {4, &b, bowl_evaluate};
	const nv_owlqn_options options = {1e-10, 200, 1, 1};
	ck_assert_int_eq(nv_solve_owlqn(&objective, &options, w, &result, &err), NV_OK);
	ck_assert_int_eq(result.outcome, NV_CONVERGED);
	ck_assert_double_eq_tol(w[0], 2, 1e-8);     /* 3 - 1 / 1 */
	ck_assert_double_eq_tol(w[1], -1.75, 1e-8); /* -2 + 1 / 4 */
	ck_assert(w[2] == 0);
	ck_assert_double_eq_tol(w[3], 5, 1e-8); /* free */
	ck_assert_double_eq_tol(result.loss, 0.5 + 0.125 + 0.01 + 3.75, 1e-8);
}
END_TEST

START_TEST(owlqn_stops_early)
{
	bowl b = four;
	double w[4] = {0};
	nv_error err = {0};
	nv_solver_result result;
	const nv_objective objective = {4, &b, bowl_evaluate};
	const nv_owlqn_options options = {1e-10, 1, 1, 0};
	ck_assert_int_eq(nv_solve_owlqn(&objective, &options, w, &result, &err), NV_OK);
	ck_assert_int_eq(result.outcome, NV_STOPPED_EARLY);
}
END_TEST

START_TEST(owlqn_passes_errors_on)
{
	for (int fail_at = 1; fail_at < 4; fail_at++) {
		bowl b = four;
		double w[4] = {0};
		nv_error err = {0};
		const nv_objective objective = {4, &b, bowl_evaluate};
		const nv_owlqn_options options = {1e-10, 200, 1, 0};
		b.fail_at = fail_at;
		ck_assert_int_eq(nv_solve_owlqn(&objective, &options, w, NULL, &err), NV_E_CANCELLED);
	}
}
END_TEST

START_TEST(owlqn_fails_where_nothing_is_finite)
{
	bowl b = four;
	double w[4] = {0};
	nv_error err = {0};
	nv_solver_result result;
	const nv_objective objective = {4, &b, bowl_evaluate};
	const nv_owlqn_options options = {1e-10, 200, 1, 0};
	b.center[1] = 1e200;
	ck_assert_int_eq(nv_solve_owlqn(&objective, &options, w, &result, &err), NV_OK);
	ck_assert_int_eq(result.outcome, NV_FAILED);
}
END_TEST

static Suite *solver_suite(void)
{
	Suite *suite = suite_create("solver");
	NV_CASE(suite, "Core", newton_finds_the_optimum, columns_do_not_mix, a_warm_start_ends_at_once, owlqn_thresholds);
	NV_CASE(suite, "Limits", newton_stops_early, owlqn_stops_early);
	NV_CASE(suite, "Errors", newton_passes_errors_on, owlqn_passes_errors_on, newton_fails_where_nothing_is_finite,
	        owlqn_fails_where_nothing_is_finite);
	return suite;
}

NV_CHECK_MAIN(solver_suite)
