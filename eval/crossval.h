/* SPDX-License-Identifier: Apache-2.0
 *
 * crossval.h: trains and judges by folds (nv_crossval, newsvane.h): each article is predicted by a model that has not seen its fold.
 * Folds keep the articles of one --group-by value together, else near-duplicates (data/duplicates.h). Labels are collected over all
 * articles first, so that all folds share their order; a gold label that a fold's model lacks is a miss.
 *
 * Memory: all articles, and one fold's model at a time.
 */
#ifndef NV_EVAL_CROSSVAL_H
#define NV_EVAL_CROSSVAL_H

#include "data/stream.h"
#include "eval/report.h"
#include "train/train.h"

/* other: options to compare those of train with (nv_compare_options, newsvane.h): a second model a fold, on the same folds; NULL:
 * none. The stream must keep the group_by field. Fewer groups than folds is NV_E_USAGE. */
int nv_crossval_run(nv_report **report, const nv_schema *schema, const nv_train_options *train,
                    const nv_train_options *other, const nv_eval_options *options, nv_stream *stream,
                    const nv_progress *progress, const nv_notes *notes, nv_error *err);

#endif
