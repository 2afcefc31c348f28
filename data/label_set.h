/* SPDX-License-Identifier: Apache-2.0
 *
 * label_set.h: the labels of tasks that give none, as training meets them: numbered in order of appearance, sorted by bytes at
 * the end. Behind nv_schema_collect and nv_schema_freeze (schema.h), and for them alone.
 */
#ifndef NV_DATA_LABEL_SET_H
#define NV_DATA_LABEL_SET_H

#include "base/arena.h"
#include "data/schema.h"

typedef struct nv_label_set {
	nv_str *id;     /* [n] in order of appearance; in the schema's arena */
	size_t n, cap;
	uint32_t *slot; /* [n_slot] a power of two, at most half full: number + 1, or 0 */
	size_t n_slot;
} nv_label_set;

/* The number of id, which is added if it is new; UINT32_MAX: out of memory. */
uint32_t nv_label_set_add(nv_label_set *set, nv_arena *arena, nv_str id);
/* Sorted labels into label[set->n], and for each number its place among them into place[set->n]. False: out of memory. */
bool nv_label_set_sort(const nv_label_set *set, nv_label *label, uint32_t *place);

nv_label_set *nv_label_sets_new(size_t n);
void nv_label_sets_free(nv_label_set *sets, size_t n); /* NULL is fine */

#endif
