/* SPDX-License-Identifier: Apache-2.0
 *
 * cases.h: single answers picked out of a task's predictions, to be looked at: those of each cell of the confusion, the worst mistakes, the
 * likely label errors.
 *
 * A case is an article's answer, of a multilabel task its yes or no to one label. Cells are numbered gold * n_axis + chosen; of a multilabel
 * task label * 4 + 2 * gold + chosen. Likely label errors are mistakes at least as certain as the model is, on average, of the articles
 * whose gold label is the chosen one (confident learning: Northcutt, Jiang and Chuang 2021, without their estimate of a noise matrix).
 */
#ifndef NV_EVAL_CASES_H
#define NV_EVAL_CASES_H

#include "eval/figures.h"
#include "eval/reasons.h"

enum { NV_CASES_A_CELL = 50, NV_WORST_CASES = 20, NV_LARGEST_AXIS = 40 };

typedef struct nv_case {
	uint32_t row;   /* of the task's predictions */
	uint32_t cell;
	double certainty; /* of the answer that was given */
	double excess;    /* of a mistake: certainty less the usual one; -infinity where nothing is usual */
	bool suspect;     /* a likely label error: excess is not negative */
} nv_case;

typedef struct nv_case_list {
	nv_case *item; /* mistakes by falling certainty, right answers by rising; ties in input order */
	uint32_t n;    /* of those in the cell: at most what was asked for */
} nv_case_list;

typedef struct nv_cases {
	size_t n_axis, n_cell; /* n_cell 0: more than NV_LARGEST_AXIS labels, no lists of cells */
	nv_case_list *cell;    /* [n_cell] */
	nv_case_list worst;    /* the surest mistakes */
	nv_case_list suspect;  /* likely label errors that are not among them, by falling excess */
	uint64_t n_suspect;    /* likely label errors in all */
	uint8_t *right;        /* [n] 1: exactly the gold answer */
} nv_cases;

size_t nv_cases_n_cell(const nv_task_figures *figures);
/* Everything comes from arena. quota: cases kept of each cell. */
int nv_cases_find(nv_cases *cases, const nv_task_figures *figures, const nv_task_predictions *predictions, size_t quota,
                  nv_arena *arena, nv_error *err);

/* Whether the cell's answer is wrong; its label (multilabel tasks), gold and chosen index on the axis or 0 and 1. */
typedef struct nv_cell_place {
	size_t label, gold, chosen;
	bool wrong;
} nv_cell_place;
nv_cell_place nv_cell_at(const nv_task_figures *figures, size_t cell);

/* Why the model gave the wrong answer of c, a case of task number `task`; NULL where no reason was kept: a label that the model lacks, or
 * very many labels. */
const nv_reason *nv_case_reason(const nv_reasons *reasons, size_t task, const nv_task_figures *figures,
                                const nv_task_predictions *predictions, const nv_case *c);

#endif
