/* SPDX-License-Identifier: Apache-2.0
 *
 * metrics.h: figures from counts and scores. Counts are integers, ratios are computed at the end, undefined is NaN. Where docs/formats.md is
 * silent the definitions are scikit-learn's.
 */
#ifndef NV_EVAL_METRICS_H
#define NV_EVAL_METRICS_H

#include "base/error.h"

typedef struct nv_confusion { /* of one label */
	uint64_t tp, fp, fn, tn;
} nv_confusion;


/* Rank-based, from score[n] and gold[n] of 0 and 1; ties share a rank. NaN when gold has one value only. */
double nv_roc_auc(size_t n, const double *score, const uint8_t *gold, nv_error *err);
double nv_spearman(size_t n, const double *x, const double *y, nv_error *err);

/* p clipped to [1e-15, 1 - 1e-15] in the log loss. A row without gold (a label that the model lacks) is one to which p gives 0. */
double nv_log_loss_row(size_t n_label, const double *p, const uint8_t *gold);
double nv_brier_row(size_t n_label, const double *p, const uint8_t *gold); /* sum over labels */
double nv_log_loss_binary(size_t n, const double *p, const uint8_t *gold);
double nv_brier_binary(size_t n, const double *p, const uint8_t *gold);

/* Expected calibration error over at most n_bin bins of equal mass (ties in p stay in one bin): sum over bins of share * |mean p - mean
 * hit|. bins may be NULL, else [n_bin]. */
typedef struct nv_calibration_bin {
	uint64_t n;
	double mean_p, mean_hit, low_p, high_p;
} nv_calibration_bin;
double nv_calibration_error(size_t n, const double *p, const uint8_t *hit, size_t n_bin, nv_calibration_bin *bins,
                            size_t *n_used, nv_error *err);
/* What that figure would be were p perfectly calibrated: adds the error of hits drawn from p to each of error[draws], so that calls for
 * several labels give their sum. Streams of the seed start at `stream`. */
int nv_calibration_error_draws(size_t n, const double *p, size_t n_bin, size_t draws, uint64_t seed, uint64_t stream,
                               double *error, nv_error *err);
/* The q-quantile of x[n], linear between neighbours (Hyndman and Fan 1996, definition 7); sorts x; NaN for n = 0. */
double nv_quantile(double *x, size_t n, double q);

#endif
