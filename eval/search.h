/* SPDX-License-Identifier: Apache-2.0
 *
 * search.h: training with a choice before it, where options ask for one (--algorithm auto, --search). The candidates are judged by
 * cross-validation on the training articles alone, in the same folds, and each task takes the candidate that suits it.
 *
 * Candidates, simplest first: nb, logreg, svm, nblogreg, blend (auto; else the one algorithm given); with --search each of them at its default,
 * with a quarter and four times its C (nb: a tenth and ten times its smoothing), and linear ones with balanced class weights.
 *
 * Measure: macro-F1 (multilabel), accuracy (multiclass), mean F1 of favor and against (stance). The candidate with the best figure is
 * taken, unless a simpler one is behind it by no more than chance: the 95% interval of their difference, by a paired bootstrap over
 * articles (Efron and Tibshirani 1993), holds 0. Features are the same for all candidates, since the tasks of a model share them.
 */
#ifndef NV_EVAL_SEARCH_H
#define NV_EVAL_SEARCH_H

#include "data/stream.h"
#include "train/train.h"

bool nv_search_wanted(const nv_train_options *options);

/* Trains on article[n], searching first where that is wanted. What was tried, with each figure, and what was chosen is told by notes and
 * recorded in the model (metadata, "search"). Folds are options' inner_folds, seed and group_by; the same articles, options and seed
 * choose the same. Fewer groups of articles than folds is NV_E_USAGE. Progress, phase "search": candidates done. */
int nv_search_train(nv_model **model, const nv_schema *schema, const nv_train_options *options,
                    const nv_article *article, size_t n, const nv_progress *progress, const nv_notes *notes,
                    nv_error *err);
/* The same for all articles of a stream, which are kept in memory meanwhile. */
int nv_search_train_stream(nv_model **model, const nv_schema *schema, const nv_train_options *options,
                           nv_stream *stream, const nv_progress *progress, const nv_notes *notes, nv_error *err);

#endif
