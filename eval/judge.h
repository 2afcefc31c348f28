/* SPDX-License-Identifier: Apache-2.0
 *
 * judge.h: a model, or two, over labelled articles: read and classified on any thread, judged in input order (nv_evaluate and
 * nv_compare_models, newsvane.h).
 */
#ifndef NV_EVAL_JUDGE_H
#define NV_EVAL_JUDGE_H

#include "classify/classify.h"
#include "data/stream.h"
#include "eval/report.h"

/* A computed report of the model over the stream's articles, with a comparison to other unless that is NULL: both see the same
 * articles, read once. Labels are those of the model's schema; articles whose labels can't be read count as bad records of the
 * stream. Without a labelled article NV_E_SCHEMA; where the two models share no task NV_E_MODEL, before anything is read. */
int nv_evaluate_run(nv_report **report, const nv_model *model, const nv_model *other, nv_stream *stream,
                    const nv_eval_options *options, const nv_progress *progress, const nv_notes *notes, nv_error *err);

#endif
