/* SPDX-License-Identifier: Apache-2.0
 *
 * notes.h: what a person should know of the articles that were judged, beside the figures: ids twice, and articles unlike those that the
 * model was trained on.
 */
#ifndef NV_EVAL_NOTES_H
#define NV_EVAL_NOTES_H

#include "eval/predictions.h"
#include "models/model.h"

/* model: the one that judged; NULL: several, and nothing is said of coverage. */
int nv_predictions_note(const nv_predictions *predictions, const nv_model *model, const nv_notes *notes, nv_error *err);

#endif
