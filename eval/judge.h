/* SPDX-License-Identifier: Apache-2.0
 *
 * judge.h: a model over labelled articles: read and classified on any thread, judged in input order (nv_evaluate, newsvane.h).
 */
#ifndef NV_EVAL_JUDGE_H
#define NV_EVAL_JUDGE_H

#include "classify/classify.h"
#include "data/stream.h"
#include "eval/report.h"

/* Fills predictions, which were made with the model's schema (or a part of it). Articles whose labels can't be read count as bad
 * records of the stream. reasons (NULL: none) gets why the worst mistakes were made. n_thread: at least 1. */
int nv_judge_articles(nv_predictions *predictions, nv_reasons *reasons, const nv_model *model, nv_stream *stream, size_t n_thread,
                      const nv_progress *progress, nv_error *err);

/* All of it: a computed report of the model over the stream's articles. Labels of the model's schema; without a labelled article
 * NV_E_SCHEMA. */
int nv_evaluate_run(nv_report **report, const nv_model *model, nv_stream *stream, const nv_eval_options *options,
                    const nv_progress *progress, const nv_notes *notes, nv_error *err);

#endif
