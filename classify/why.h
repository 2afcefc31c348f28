/* SPDX-License-Identifier: Apache-2.0
 *
 * why.h: one score's explanation as JSON: {"bias": …, "terms": [[term, value], …], "rest": …, "margin": …}. The K terms
 * of largest |value|, ties by the terms' bytes; bias, terms and rest, added up in this order, give the margin. For
 * classify/ alone.
 */
#ifndef NV_CLASSIFY_WHY_H
#define NV_CLASSIFY_WHY_H

#include "classify/classify.h"

/* Of the article that scratch scored last. */
int nv_why_write(const nv_model *model, nv_scratch *scratch, uint32_t score, double margin, size_t k, nv_buf *out,
                 nv_error *err);

#endif
