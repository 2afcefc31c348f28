/* SPDX-License-Identifier: Apache-2.0
 *
 * inspect.h: what a model is, for nv_model_inspect (newsvane.h). The JSON object:
 *   {"format": 1, "bytes": …, "schema": {…}, "tokens": {…}, "boilerplate": "keep|strip",
 *    "vocabulary": {"words", "terms", "longest", "shortest", "hash_bits", "documents"},
 *    "views": [{"part", "weighting", "normalize", "title_weight", "about", "columns", "subwords", "ngrams"}],
 *    "tasks": {name: {"kind", "trained", "calibration", "labels": {id: {"bias", "threshold", "top", "bottom"}}}},
 *    "fingerprints": …, "metadata": {…}, "blocks": [[name, offset, bytes], …]}
 * top and bottom: [[term, weight], …], strongest first; left out when no terms are asked for. For models/ alone.
 */
#ifndef NV_MODELS_INSPECT_H
#define NV_MODELS_INSPECT_H

#include "models/model_io.h"
#include "models/top.h"

const char *nv_kind_name(nv_task_kind kind);
const char *nv_calibration_name(int kind);
const char *nv_weighting_name(uint32_t weighting);

int nv_inspect_text(const nv_model *model, const nv_top *top, nv_buf *out, nv_error *err);

#endif
