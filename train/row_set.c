/* SPDX-License-Identifier: Apache-2.0 */
#include "train/row_set.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "base/str.h"

#include <string.h>

enum { FIRST_SLOTS = 1024 };

void nv_row_set_init(nv_row_set *set, size_t width)
{
	*set = (nv_row_set){.width = width};
}

void nv_row_set_release(nv_row_set *set)
{
	nv_free(set->row);
	nv_free(set->slot);
	*set = (nv_row_set){.width = set->width};
}

/* The row's slot, or the empty one where it belongs. */
static uint32_t *find(const nv_row_set *set, const float *row)
{
	size_t bytes = set->width * sizeof *row, at = nv_hash(row, bytes) & (set->n_slot - 1);
	while (set->slot[at] && memcmp(set->row + (set->slot[at] - 1) * set->width, row, bytes) != 0)
		at = (at + 1) & (set->n_slot - 1);
	return &set->slot[at];
}

static bool grow_slots(nv_row_set *set)
{
	if (2 * (set->n + 1) <= set->n_slot)
		return true;
	size_t n_slot = set->n_slot ? 2 * set->n_slot : FIRST_SLOTS;
	uint32_t *slot = nv_alloc_zero(n_slot, sizeof *slot);
	if (!slot)
		return false;
	nv_free(set->slot);
	set->slot = slot;
	set->n_slot = n_slot;
	for (size_t i = 0; i < set->n; i++)
		*find(set, set->row + i * set->width) = (uint32_t)i + 1;
	return true;
}

bool nv_row_set_add(nv_row_set *set, const float *row, uint32_t *number)
{
	if (!grow_slots(set))
		return false;
	uint32_t *slot = find(set, row);
	if (*slot == 0) {
		if (!nv_grow(&set->row, &set->cap, set->n + 1, set->width * sizeof *row))
			return false;
		memcpy(set->row + set->n * set->width, row, set->width * sizeof *row);
		*slot = (uint32_t)++set->n;
	}
	*number = *slot - 1;
	return true;
}
