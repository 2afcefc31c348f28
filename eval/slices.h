/* SPDX-License-Identifier: Apache-2.0
 *
 * slices.h: the articles parted by source or by year, with the main figures of each part. Parts of under NV_SMALLEST_SLICE articles are put
 * together as "other"; articles without a source, or without a date (data/date.h), are "unknown".
 */
#ifndef NV_EVAL_SLICES_H
#define NV_EVAL_SLICES_H

#include "eval/figures.h"

#define NV_SMALLEST_SLICE 30

typedef enum nv_slice_by { NV_SLICE_SOURCE, NV_SLICE_YEAR } nv_slice_by;

typedef struct nv_slice_task {
	uint64_t n; /* articles of the slice that are labelled for the task */
	nv_figure accuracy, micro_f1, macro_f1;
	nv_figure f1_favor_against; /* stance */
} nv_slice_task;

typedef struct nv_slice {
	const char *name;
	size_t n;
	nv_slice_task *task; /* [n_task] */
} nv_slice;

typedef struct nv_slices {
	nv_slice *slice; /* [n] sources by falling size, years rising; then "unknown", then "other" */
	size_t n;
	size_t n_merged;    /* slices that "other" holds */
	uint32_t *of;       /* [predictions->n] slice of each article */
} nv_slices;

/* Everything comes from arena. figures[n_task] are those of the whole. */
int nv_slices_compute(nv_slices *slices, nv_slice_by by, const nv_predictions *predictions, const nv_task_figures *figures,
                      nv_arena *arena, nv_error *err);

#endif
