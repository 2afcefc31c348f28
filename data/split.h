/* SPDX-License-Identifier: Apache-2.0
 *
 * split.h: folds for cross-validation and out-of-fold scores. Groups never part; labels are spread evenly.
 */
#ifndef NV_DATA_SPLIT_H
#define NV_DATA_SPLIT_H

#include "base/error.h"

/* fold[n] in 0 .. k - 1. group[n]: articles of equal number stay together (NULL: each on its own). stratum[n]: spread
 * evenly over the folds (NULL: none). Groups are dealt, largest first (ties in seeded order), to the fold with the
 * fewest articles of the group's strata, then fewest articles, then the lowest number. When there are exactly k groups
 * each is its own fold, numbered by first appearance. Fewer than 2 folds, or fewer groups than folds, is NV_E_USAGE. */
int nv_split_folds(size_t n, size_t k, const uint32_t *group, const uint32_t *stratum, uint64_t seed, uint32_t *fold,
                   nv_error *err);

#endif
