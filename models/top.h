/* SPDX-License-Identifier: Apache-2.0
 *
 * top.h: the terms with the largest and the smallest weights of each score, for inspect. A term's weight is the sum
 * over the views whose columns add to the score: what one more of it adds to the margin, before weighting and length.
 * For models/ alone.
 */
#ifndef NV_MODELS_TOP_H
#define NV_MODELS_TOP_H

#include "models/model.h"

typedef struct nv_top_term {
	double weight;
	uint32_t term;
} nv_top_term;

typedef struct nv_top {
	size_t k;                 /* room a score and side */
	nv_top_term *high, *low;  /* [n_score][k] strongest first: above 0, below 0 */
	uint32_t *n_high, *n_low; /* [n_score] */
} nv_top;

/* Verifies and reads all weights; with k 0 nothing. Release also after a failure. */
int nv_top_find(nv_top *top, const nv_model *model, size_t k, nv_error *err);
void nv_top_release(nv_top *top);

#endif
