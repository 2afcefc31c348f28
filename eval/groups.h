/* SPDX-License-Identifier: Apache-2.0
 *
 * groups.h: which articles must stay in one fold, and which near-duplicates were parted all the same.
 */
#ifndef NV_EVAL_GROUPS_H
#define NV_EVAL_GROUPS_H

#include "data/article.h"
#include "eval/report.h"
#include "train/train.h"

/* near[n]: number of each article's near-duplicates; tokens as training makes them. */
int nv_near_groups(const nv_article *article, size_t n, const nv_train_options *train, size_t n_thread, uint32_t *near,
                   nv_error *err);
/* group[n]: number of each article's value of the field; those without one are each a group of their own, *n_without of them. */
int nv_field_groups(const nv_article *article, size_t n, const char *field, uint32_t *group, size_t *n_without, nv_error *err);
/* Fills overlap with the articles that have a near-duplicate in another fold. */
int nv_parted_duplicates(const uint32_t *near, const uint32_t *fold, size_t n, nv_arena *arena, nv_overlap *overlap,
                         nv_error *err);

#endif
