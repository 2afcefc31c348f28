/* SPDX-License-Identifier: Apache-2.0
 *
 * classify.h: one article -> margins, probabilities, labels. nv_scratch and nv_result are newsvane.h's; a scratch
 * belongs to one thread, a model to all.
 */
#ifndef NV_CLASSIFY_CLASSIFY_H
#define NV_CLASSIFY_CLASSIFY_H

#include "models/model.h"
#include "models/score.h"

struct nv_result {
	const nv_model *model;
	double coverage;
	double *margin;   /* [n_score] */
	double *p;        /* [n_score] */
	uint8_t *chosen;  /* [n_score] 0 or 1 */
	uint8_t *applies; /* [n_task] */
};

struct nv_scratch {
	nv_scorer *scorer;
	nv_buf title, text; /* after boilerplate */
	nv_buf spare;       /* a cell before it is quoted */
	nv_contribution *strongest; /* terms to show */
	size_t cap_strongest;
};

#endif
