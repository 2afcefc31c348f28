/* SPDX-License-Identifier: Apache-2.0 */
#include "data/label_set.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "base/str.h"

#include <stdlib.h>

nv_label_set *nv_label_sets_new(size_t n)
{
	return nv_alloc_zero(n, sizeof(nv_label_set));
}

void nv_label_sets_free(nv_label_set *sets, size_t n)
{
	for (size_t i = 0; sets && i < n; i++) {
		nv_free(sets[i].id);
		nv_free(sets[i].slot);
	}
	nv_free(sets);
}

/* The slot that holds id, or the free one where it belongs. */
static uint32_t *find_slot(const nv_label_set *set, nv_str id)
{
	size_t mask = set->n_slot - 1, at = (size_t)nv_hash(id.ptr, id.len) & mask;
	while (set->slot[at] && !nv_str_eq(set->id[set->slot[at] - 1], id))
		at = (at + 1) & mask;
	return &set->slot[at];
}

static bool grow_slots(nv_label_set *set)
{
	if (set->n_slot > 2 * set->n)
		return true;
	nv_label_set larger = *set;
	larger.n_slot = set->n_slot ? 2 * set->n_slot : 64;
	larger.slot = nv_alloc_zero(larger.n_slot, sizeof *larger.slot);
	if (!larger.slot)
		return false;
	for (size_t i = 0; i < set->n; i++)
		*find_slot(&larger, set->id[i]) = (uint32_t)i + 1;
	nv_free(set->slot);
	*set = larger;
	return true;
}

uint32_t nv_label_set_add(nv_label_set *set, nv_arena *arena, nv_str id)
{
	if (!grow_slots(set))
		return UINT32_MAX;
	uint32_t *slot = find_slot(set, id);
	if (*slot)
		return *slot - 1;
	const char *copy = nv_arena_dup(arena, id);
	if (!copy || set->n >= UINT32_MAX - 1 || !nv_grow(&set->id, &set->cap, set->n + 1, sizeof *set->id))
		return UINT32_MAX;
	set->id[set->n++] = (nv_str){copy, id.len};
	*slot = (uint32_t)set->n;
	return (uint32_t)set->n - 1;
}

static int compare_ids(const void *a, const void *b)
{
	const nv_str *const *x = a, *const *y = b;
	return nv_str_cmp(**x, **y);
}

bool nv_label_set_sort(const nv_label_set *set, nv_label *label, uint32_t *place)
{
	const nv_str **order = nv_alloc(set->n, sizeof *order);
	if (!order)
		return false;
	for (size_t i = 0; i < set->n; i++)
		order[i] = &set->id[i];
	if (set->n > 1)
		qsort(order, set->n, sizeof *order, compare_ids);
	for (size_t i = 0; i < set->n; i++) {
		label[i] = (nv_label){order[i]->ptr, order[i]->ptr};
		place[order[i] - set->id] = (uint32_t)i;
	}
	nv_free(order);
	return true;
}
