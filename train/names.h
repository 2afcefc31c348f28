/* SPDX-License-Identifier: Apache-2.0
 *
 * names.h: texts numbered by first appearance and counted: groups, sources, ids.
 */
#ifndef NV_TRAIN_NAMES_H
#define NV_TRAIN_NAMES_H

#include "base/arena.h"

typedef struct nv_name {
	nv_str text; /* in the arena */
	uint64_t hash, count;
} nv_name;

typedef struct nv_names {
	nv_name *name; /* [n] */
	size_t n, cap;
	uint32_t *slot; /* [n_slot] number + 1, or 0; at most half full */
	size_t n_slot;
	nv_arena arena;
} nv_names;

void nv_names_init(nv_names *names);
void nv_names_release(nv_names *names);
/* The number of text, whose count goes up by one; UINT32_MAX: out of memory. */
uint32_t nv_names_add(nv_names *names, nv_str text);
/* Of ids: tells how many were added more than once, and the first of them. */
void nv_names_note_twice(const nv_names *ids, const nv_notes *notes);

#endif
