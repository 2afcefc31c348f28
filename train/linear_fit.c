/* SPDX-License-Identifier: Apache-2.0
 *
 * The objective for solver.h: product with K by pass.h, row losses by loss.h. With an l1 share the solver
 * sees the weights themselves, one label at a time.
 */
#include "train/linear_fit.h"

#include "base/alloc.h"
#include "train/loss.h"
#include "train/pass.h"

#include <math.h>
#include <string.h>

typedef struct fit {
	const nv_linear_problem *problem;
	nv_pass pass;
	nv_variance variance;
	double *a; /* [n][width] row coefficients */
	double *
		side; /* [n][width] y * weight of the row's side; its sign is y, 0 in columns that only fill up and in rows held out */
	double tolerance[NV_MAX_WIDTH];
} fit;

/* ---- The objective. Rows held out have no losses, and so coefficients of 0 to the end ---- */

static double cost(const nv_linear_problem *p, size_t label, bool positive)
{
	return p->c * (p->label_weight ? p->label_weight[2 * label + positive] : 1);
}

static void fill_sides(fit *f)
{
	const nv_linear_problem *p = f->problem;
	for (size_t i = 0; i < p->n; i++) {
		if (!nv_pass_uses(p, i))
			continue;
		const uint8_t *gold = p->gold + nv_pass_row(&f->pass, i) * p->n_label + p->first_label;
		for (size_t k = 0; k < p->width; k++) {
			double weight = cost(p, p->first_label + k, gold[k]);
			f->side[i * f->pass.width + k] = gold[k] ? weight : -weight;
		}
	}
}

static int product(void *context, const double *v, double *out, nv_error *err)
{
	fit *f = context;
	return nv_pass_product(&f->pass, v, out, err);
}

static double row_loss(int loss, double margin, double side, double *slope, double *curve)
{
	double y = side < 0 ? -1 : 1;
	return loss == NV_LOSS_LOG ? nv_log_loss(margin, y, fabs(side), slope, curve)
	                           : nv_squared_hinge(margin, y, fabs(side), slope, curve);
}

static void losses(void *context, const double *margin, const bool *active, double *loss, double *slope, double *curve)
{
	const fit *f = context;
	const nv_linear_problem *p = f->problem;
	size_t width = f->pass.width;
	for (size_t k = 0; k < width; k++)
		if (active[k])
			loss[k] = 0;
	for (size_t row = 0; row < p->n; row++)
		for (size_t k = 0, i = row * width; k < width && nv_pass_uses(p, row); k++)
			if (active[k])
				loss[k] += row_loss(p->loss, margin[i + k], f->side[i + k], slope ? slope + i + k : NULL,
				                    curve ? curve + i + k : NULL);
}

/* ---- Set-up ---- */

/* The gradient at zero of a label of few articles is mostly the others' doing: the tolerance is relative to its rows' share
 * (as in liblinear). */
static void set_tolerance(fit *f)
{
	const nv_linear_problem *p = f->problem;
	size_t n = nv_pass_rows(p);
	for (size_t k = 0; k < f->pass.width; k++) {
		size_t n_positive = 0;
		for (size_t i = 0; i < p->n; i++)
			n_positive += f->side[i * f->pass.width + k] > 0;
		size_t fewer = n_positive < n - n_positive ? n_positive : n - n_positive;
		f->tolerance[k] = p->tolerance * (double)(fewer > 0 ? fewer : 1) / (double)(n > 0 ? n : 1);
	}
}

static int fit_init(fit *f, const nv_linear_problem *problem, nv_ticker *ticker, nv_error *err)
{
	*f = (fit){.problem = problem};
	int code = nv_pass_init(&f->pass, problem, ticker, err);
	if (code == NV_OK && problem->spread) {
		code = nv_spread(&f->pass, &f->variance, err);
		nv_pass_set_variance(&f->pass, &f->variance);
	}
	if (code != NV_OK)
		return code;
	size_t width = f->pass.width;
	f->a = nv_alloc_zero(problem->n * width, sizeof *f->a);
	f->side = nv_alloc_zero(problem->n * width, sizeof *f->side);
	if (!f->a || !f->side)
		return nv_fail_memory(err);
	fill_sides(f);
	set_tolerance(f);
	return NV_OK;
}

static void fit_release(fit *f)
{
	nv_pass_release(&f->pass);
	nv_variance_release(&f->variance);
	nv_free(f->a);
	nv_free(f->side);
}

/* Between the problem's columns of coefficient[n_row][n_label] and a[n][width]. */
static void load_start(fit *f, const double *coefficient)
{
	const nv_linear_problem *p = f->problem;
	for (size_t i = 0; i < p->n; i++)
		memcpy(f->a + i * f->pass.width, coefficient + nv_pass_row(&f->pass, i) * p->n_label + p->first_label,
		       p->width * sizeof *coefficient);
}

static void keep_solution(const fit *f, double *coefficient)
{
	const nv_linear_problem *p = f->problem;
	for (size_t i = 0; i < p->n; i++)
		memcpy(coefficient + nv_pass_row(&f->pass, i) * p->n_label + p->first_label, f->a + i * f->pass.width,
		       p->width * sizeof *coefficient);
}

/* The pass's array becomes the solution's. */
static void give(fit *f, nv_linear_fitted *fitted)
{
	fitted->stride = f->pass.width;
	fitted->gram = f->pass.gram;
	memcpy(fitted->bias, f->pass.bias, sizeof fitted->bias);
	f->pass.gram = NULL;
}

static int check_result(const nv_solver_result *result, nv_error *err)
{
	return result->outcome == NV_FAILED
	           ? nv_fail(err, NV_E_USAGE, "the loss of the fit is not finite; use a smaller --c")
	           : NV_OK;
}

static int fit_smooth(fit *f, const nv_linear_start *start, const nv_weights_taker *taker, nv_solver_result *result,
                      nv_error *err)
{
	const nv_linear_problem *p = f->problem;
	const nv_row_objective objective = {p->n, f->pass.width, f, product, losses};
	const nv_newton_options options = {f->tolerance, p->max_iteration};
	bool warm = start && start->coefficient && start->warm;
	if (warm)
		load_start(f, start->coefficient);
	int code = nv_solve_newton(&objective, &options, warm, f->a, result, err);
	if (code == NV_OK)
		code = check_result(result, err);
	if (code != NV_OK)
		return code;
	if (start && start->coefficient && start->keep)
		keep_solution(f, start->coefficient);
	return nv_pass_weights(&f->pass, f->a, taker, err);
}

/* ---- With an l1 share: parameters are u and the intercept, one label. Its line search compares losses that differ by little, so sums are
 * in double, row by row ---- */

static double margin_of(const nv_matrix *x, size_t row, const double *w)
{
	double sum = 0;
	for (uint64_t j = x->start[row]; j < x->start[row + 1]; j++)
		sum += (double)x->value[j] * w[x->term[j]];
	return sum;
}

static void add_slope(const nv_matrix *x, size_t row, double slope, double *gradient)
{
	for (uint64_t j = x->start[row]; j < x->start[row + 1]; j++)
		gradient[x->term[j]] += slope * (double)x->value[j];
}

static int evaluate(void *context, const double *w, double *loss, double *gradient, nv_error *err)
{
	const fit *f = context;
	const nv_linear_problem *p = f->problem;
	size_t n_term = f->pass.n_term;
	double ridge = 1 - p->l1_ratio, slope;
	*loss = 0;
	for (size_t t = 0; t < n_term; t++) {
		*loss += 0.5 * ridge * w[t] * w[t];
		gradient[t] = ridge * w[t];
	}
	gradient[n_term] = 0;
	for (size_t i = 0; i < p->n; i++) {
		if (!nv_pass_uses(p, i))
			continue;
		size_t row = nv_pass_row(&f->pass, i);
		*loss += row_loss(p->loss, margin_of(p->matrix, row, w) + w[n_term], f->side[i], &slope, NULL);
		gradient[n_term] += slope;
		if (slope != 0)
			add_slope(p->matrix, row, slope, gradient);
	}
	return f->pass.ticker ? nv_tick(f->pass.ticker, 0, err) : NV_OK;
}

static int give_sparse(fit *f, const double *w, const nv_weights_taker *taker, nv_error *err)
{
	int code = NV_OK;
	f->pass.bias[0] = w[f->pass.n_term];
	for (size_t first = 0, n; first < f->pass.n_term && code == NV_OK; first += n) {
		n = f->pass.n_term - first < f->pass.n_block ? f->pass.n_term - first : f->pass.n_block;
		for (size_t i = 0; i < n; i++)
			f->pass.block[i] = (float)w[first + i];
		code = taker->take(taker->context, first, n, f->pass.block, err);
	}
	return code;
}

static int fit_sparse(fit *f, const nv_weights_taker *taker, nv_solver_result *result, nv_error *err)
{
	const nv_linear_problem *p = f->problem;
	size_t n_term = f->pass.n_term;
	const nv_objective objective = {n_term + 1, f, evaluate};
	const nv_owlqn_options options = {f->tolerance[0], p->max_iteration, p->l1_ratio, 1};
	double *w = nv_alloc_zero(n_term + 1, sizeof *w);
	if (!w)
		return nv_fail_memory(err);
	int code = nv_solve_owlqn(&objective, &options, w, result, err);
	if (code == NV_OK)
		code = check_result(result, err);
	if (code == NV_OK)
		code = give_sparse(f, w, taker, err);
	nv_free(w);
	return code;
}

int nv_linear_fit(const nv_linear_problem *problem, const nv_linear_start *start, const nv_weights_taker *taker,
                  nv_ticker *ticker, nv_linear_fitted *fitted, nv_error *err)
{
	fit f;
	*fitted = (nv_linear_fitted){0};
	bool sparse = problem->l1_ratio > 0;
	if (sparse && (problem->width != 1 || problem->share || problem->spread))
		return nv_fail(err, NV_E_USAGE, "an l1 penalty needs blocks of one label and no prior");
	int code = fit_init(&f, problem, ticker, err);
	if (code == NV_OK)
		code =
			sparse ? fit_sparse(&f, taker, &fitted->result, err) : fit_smooth(&f, start, taker, &fitted->result, err);
	if (code == NV_OK)
		give(&f, fitted);
	fit_release(&f);
	return code;
}

void nv_linear_fitted_release(nv_linear_fitted *fitted)
{
	nv_free_aligned(fitted->gram);
	fitted->gram = NULL;
}
