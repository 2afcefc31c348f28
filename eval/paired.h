/* SPDX-License-Identifier: Apache-2.0
 *
 * paired.h: draws of two models' figures, A's and B's, from the same resampled articles (bootstrap.h), for the differences of compare_*.c.
 * Draws of one seed over as many articles take the same ones whatever is computed from them.
 */
#ifndef NV_EVAL_PAIRED_H
#define NV_EVAL_PAIRED_H

#include "eval/bootstrap.h"
#include "eval/difference.h"
#include "eval/report.h"

typedef struct nv_paired_draws {
	double *draw;    /* [2][n_figure][draws] */
	size_t n_figure; /* of one model */
	size_t draws;
} nv_paired_draws;

/* Threads that a run takes: its callbacks' scratch must have so many parts. */
size_t nv_paired_threads(const nv_report *report);
/* n, classes, figures and context of bootstrap are the caller's; figures writes those of A, then those of B. */
int nv_paired_draws_run(nv_paired_draws *paired, nv_bootstrap *bootstrap, const nv_report *report, size_t n_figure,
                        nv_ticker *ticker, nv_error *err);
void nv_paired_draws_release(nv_paired_draws *paired); /* a zeroed one is fine */

double *nv_paired_draws_of(const nv_paired_draws *paired, int side, size_t figure); /* [draws]; side 0: A, 1: B */
/* nv_difference_mover with the draws of one figure. */
nv_difference nv_paired_difference(const nv_paired_draws *paired, size_t figure, nv_figure a, nv_figure b,
                                   double trials);

#endif
