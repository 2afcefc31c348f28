/* SPDX-License-Identifier: Apache-2.0
 *
 * score.h: one article -> its margins, by the sum in model.h, in a fixed order whatever the thread. Scratch is one
 * thread's.
 */
#ifndef NV_MODELS_SCORE_H
#define NV_MODELS_SCORE_H

#include "models/model.h"

typedef struct nv_scorer nv_scorer; /* tokens, document, rows, counts, unknown words */

int nv_scorer_new(nv_scorer **scorer, const nv_model *model, nv_error *err);
void nv_scorer_free(nv_scorer *scorer);

/* margin[n_score]; *coverage in [0, 1], NaN when hashing or without words. No allocation once the scratch has grown to
 * the article. */
int nv_score(const nv_model *model, nv_scorer *scorer, nv_str title, nv_str text, double *margin, double *coverage,
             nv_error *err);

/* The tokens of the article scored last, in `scorer`'s memory until its next call: for fingerprints, without a second walk. */
const nv_token_list *nv_scorer_tokens(const nv_scorer *scorer);

/* What moved each score: terms of the article scored last, in `scorer`'s memory until its next call. Contributions of
 * all views are summed by term; an unknown word is a term of its own. bias + all contributions = margin. */
typedef struct nv_contribution {
	nv_str term;
	double value;
} nv_contribution;
int nv_score_explain(const nv_model *model, nv_scorer *scorer, uint32_t score, const nv_contribution **term, size_t *n,
                     nv_error *err);

#endif
