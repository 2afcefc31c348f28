/* SPDX-License-Identifier: Apache-2.0
 *
 * why.h: what moved a score of the article that a scratch scored last: its K terms of largest |value|, ties by the terms' bytes. Bias, terms
 * and rest, added up in this order, give the margin.
 */
#ifndef NV_CLASSIFY_WHY_H
#define NV_CLASSIFY_WHY_H

#include "classify/classify.h"

/* The terms, in scratch's memory until its next call; *n is k or fewer. */
int nv_why_find(const nv_model *model, nv_scratch *scratch, uint32_t score, size_t k, const nv_contribution **term,
                size_t *n, nv_error *err);
/* What terms that are not among term[n] add. */
double nv_why_rest(double bias, const nv_contribution *term, size_t n, double margin);
/* Both as JSON: {"bias": …, "terms": [[term, value], …], "rest": …, "margin": …}. */
int nv_why_write(const nv_model *model, nv_scratch *scratch, uint32_t score, double margin, size_t k, nv_buf *out,
                 nv_error *err);

#endif
