/* SPDX-License-Identifier: Apache-2.0
 *
 * coverage.h: whether articles are of the kind that a model was trained on, by the share of their words that it knows.
 */
#ifndef NV_CLASSIFY_COVERAGE_H
#define NV_CLASSIFY_COVERAGE_H

#include "models/model.h"

/* Mean coverage below this part of the training articles' is far below it. Held-out articles of the training's kind reach
 * 0.97 of it (0.83 where only 20 articles were trained on), articles of another field 0.3, of another language less. */
#define NV_COVERAGE_FAR_BELOW 0.75

/* Notes it when the mean coverage of n articles (sum: of theirs) lies far below that of the training articles, which the model's
 * metadata holds. Nothing to say where either is not known: n is 0, the model hashes. */
int nv_coverage_note(const nv_model *model, double sum, uint64_t n, const nv_notes *notes, nv_error *err);

#endif
