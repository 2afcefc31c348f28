/* SPDX-License-Identifier: Apache-2.0
 *
 * solver.h: minimisers that know nothing of articles or features.
 *
 *   nv_solve_newton  truncated Newton with conjugate gradients and backtracking (Lin, Weng and Keerthi 2008; Galli and Lin 2022), for
 *                    losses with a Gaussian prior. It works on a block of `width` problems that share their data (the labels of a
 *                    task, one against the rest), in lockstep, so that one pass over the data serves the whole block.
 *   nv_solve_owlqn   orthant-wise limited-memory BFGS (Andrew and Gao 2007), for an added l1 penalty; one problem.
 *
 * The Newton solver keeps a problem's parameters as coefficients of the rows: w = sum_i a[i] * x_i, which loses nothing (representer
 * theorem; Chapelle 2007), and is far smaller than w for text. With K = X X', the margins are K a, and inner products of parameter
 * vectors are a' K b. The objective gives K times a block of coefficients, a sum over rows, and the rows' losses. Arrays are
 * [n_row][width], a row's columns side by side.
 *
 * Both run on the calling thread; sums are in the order of rows, so that the same input gives the same bits.
 */
#ifndef NV_TRAIN_SOLVER_H
#define NV_TRAIN_SOLVER_H

#include "base/error.h"

#define NV_MAX_WIDTH 16 /* problems in a block */

/* 1/2 a'Ka + sum of row losses at the margins Ka, for each column. */
typedef struct nv_row_objective {
	size_t n_row, width;
	void *context;
	/* out = K v. Columns of v that are zero give zero. */
	int (*product)(void *context, const double *v, double *out, nv_error *err);
	/* For every column with active[]: loss[column] = sum of the losses at `margin`; slope and curve [n_row][width], their first and second
	 * derivative by the margin, unless NULL. Other columns are left as they are. */
	void (*losses)(void *context, const double *margin, const bool *active, double *loss, double *slope, double *curve);
} nv_row_objective;

/* loss and gradient[n_param] of the smooth part at w. */
typedef struct nv_objective {
	size_t n_param;
	void *context;
	int (*evaluate)(void *context, const double *w, double *loss, double *gradient, nv_error *err);
} nv_objective;

typedef enum nv_outcome {
	NV_CONVERGED,
	NV_STOPPED_EARLY, /* max_iteration, or no descent is left */
	NV_FAILED,        /* the loss or its gradient is not finite: the solution is of no use */
} nv_outcome;

typedef struct nv_newton_options {
	const double *tolerance; /* [width] stop a column when |gradient| <= tolerance * |gradient at 0| */
	int max_iteration;       /* Newton steps */
} nv_newton_options;

typedef struct nv_owlqn_options {
	double tolerance; /* stop when |pseudo-gradient| <= tolerance * |pseudo-gradient at 0| */
	int max_iteration;
	double l1;        /* strength of the penalty on all parameters but the last n_free */
	size_t n_free;
} nv_owlqn_options;

typedef struct nv_solver_result {
	nv_outcome outcome; /* the worst of the block's problems */
	int iterations;
	double loss; /* penalty included, sum over the block */
} nv_solver_result;

/* a[n_row][width]: start (zeros, or a warm start) in, solution out. warm: a is not all zero. result may be NULL. */
int nv_solve_newton(const nv_row_objective *objective, const nv_newton_options *options, bool warm, double *a,
                    nv_solver_result *result, nv_error *err);
/* w[n_param]: start in, solution out. result may be NULL. */
int nv_solve_owlqn(const nv_objective *objective, const nv_owlqn_options *options, double *w, nv_solver_result *result,
                   nv_error *err);

#endif
