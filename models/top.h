/* SPDX-License-Identifier: Apache-2.0
 *
 * top.h: the terms with the largest and the smallest weights of each score, for inspect. A term's weight is the sum
 * over the views whose columns add to the score: what one more of it adds to the margin, before weighting and length.
 * A model file keeps the first NV_TOP_KEPT of each list with their texts (block "top_terms"), so that showing them touches
 * neither weights nor vocabulary. For models/ alone.
 */
#ifndef NV_MODELS_TOP_H
#define NV_MODELS_TOP_H

#include "models/model.h"

#define NV_TOP_KEPT 10 /* docs/model_format.md: as many as inspect shows unless told otherwise */

typedef struct nv_top_term {
	double weight;
	uint32_t term; /* id; of kept lists, where its text lies in them */
} nv_top_term;

typedef struct nv_top {
	size_t k;                 /* room a score and side */
	nv_top_term *high, *low;  /* [n_score][k] strongest first: above 0, below 0 */
	uint32_t *n_high, *n_low; /* [n_score] */
	nv_str kept;              /* the block that the lists were read from; empty: they were found among all weights */
} nv_top;

/* Up to NV_TOP_KEPT from the model's file, if that keeps them; else verifies and reads all weights, and the texts of the
 * vocabulary. With k 0 nothing. Release also after a failure. */
int nv_top_find(nv_top *top, const nv_model *model, size_t k, nv_error *err);
/* The same from all weights, whatever the file keeps. */
int nv_top_walk(nv_top *top, const nv_model *model, size_t k, nv_error *err);
/* Whether nv_top_find can read what the file keeps, if anything. NV_E_MODEL: damaged, or hostile. */
int nv_top_check_kept(const nv_model *model, nv_error *err);
void nv_top_release(nv_top *top);
/* Appends the text of a term of these lists. */
void nv_top_add_text(const nv_top *top, const nv_model *model, const nv_top_term *term, nv_buf *out);

/* ---- The block (top_kept.c) ---- */

/* Appends what the block holds. */
int nv_top_keep(const nv_model *model, nv_buf *out, nv_error *err);
/* The first top->k of each of the kept lists, for which there is room. NV_E_MODEL: damaged, or hostile. */
int nv_top_read_kept(nv_top *top, const nv_model *model, nv_error *err);
/* The text at a place that nv_top_read_kept gave. */
nv_str nv_top_kept_text(nv_str kept, uint32_t place);

#endif
