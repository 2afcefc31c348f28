/* SPDX-License-Identifier: Apache-2.0
 *
 * curves.h: what charts draw, thinned to what a screen can show: counts at thresholds, precision against recall, accuracy against the
 * share of articles kept, and the distribution of stance scores.
 */
#ifndef NV_EVAL_CURVES_H
#define NV_EVAL_CURVES_H

#include "eval/figures.h"

/* Of one label. Thresholds are 0, 0.01, … 1; a label is given from p >= threshold on. */
enum { NV_N_THRESHOLD = 101, NV_N_RECALL = 99 };
typedef struct nv_label_curve {
	uint64_t n, positive;
	uint32_t tp[NV_N_THRESHOLD], fp[NV_N_THRESHOLD];
	double recall[NV_N_RECALL], precision[NV_N_RECALL]; /* [n_point] by rising recall, about 1/99 apart, all of them where fewer */
	size_t n_point;
	double threshold; /* from which on the model gave the label (multilabel tasks); 0.5 where that is in keeping */
} nv_label_curve;
int nv_label_curve_compute(nv_label_curve *curve, const nv_task_predictions *predictions, size_t label, nv_error *err);

/* Articles by falling certainty of their answer (the chosen label's p; for multilabel tasks that of the least certain yes or no; ties in
 * input order); of the first kept[i], right[i] are right. Shares are 1/50, 2/50, … 1; runs of
 * equal certainty are cut where the share falls. */
enum { NV_N_KEEP = 50 };
typedef struct nv_keep_curve {
	uint32_t kept[NV_N_KEEP], right[NV_N_KEEP];
	double certainty[NV_N_KEEP]; /* of the last one kept */
} nv_keep_curve;
/* right[n] of each row: exactly the gold answer. */
int nv_keep_curve_compute(nv_keep_curve *curve, nv_task_kind kind, const nv_task_predictions *predictions, const uint8_t *right,
                          nv_error *err);

/* Articles by gold value (NV_FAVOR, …) and score: bins of width 0.1 from -1 on; the last holds 1. */
enum { NV_N_SCORE_BIN = 20 };
typedef struct nv_score_bins {
	uint32_t n[NV_N_STANCE][NV_N_SCORE_BIN];
	double mean[NV_N_STANCE]; /* NaN: no article */
} nv_score_bins;
void nv_score_bins_compute(nv_score_bins *bins, const nv_task_predictions *predictions);

#endif
