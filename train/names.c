/* SPDX-License-Identifier: Apache-2.0 */
#include "train/names.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/str.h"

#include <stdio.h>

void nv_names_init(nv_names *names)
{
	*names = (nv_names){0};
	nv_arena_init(&names->arena);
}

void nv_names_release(nv_names *names)
{
	nv_free(names->name);
	nv_free(names->slot);
	nv_arena_release(&names->arena);
	nv_names_init(names);
}

static bool grow_slots(nv_names *names)
{
	size_t n_slot = names->n_slot ? 2 * names->n_slot : 64;
	uint32_t *slot = nv_alloc_zero(n_slot, sizeof *slot);
	if (!slot)
		return false;
	for (size_t i = 0; i < names->n; i++) {
		size_t at = names->name[i].hash & (n_slot - 1);
		while (slot[at])
			at = (at + 1) & (n_slot - 1);
		slot[at] = (uint32_t)i + 1;
	}
	nv_free(names->slot);
	names->slot = slot;
	names->n_slot = n_slot;
	return true;
}

static uint32_t add_new(nv_names *names, nv_str text, uint64_t hash, size_t at)
{
	char *copy = nv_arena_dup(&names->arena, text);
	if (!copy || names->n >= UINT32_MAX - 1 || !nv_grow(&names->name, &names->cap, names->n + 1, sizeof *names->name))
		return UINT32_MAX;
	names->name[names->n] = (nv_name){{copy, text.len}, hash, 1};
	names->slot[at] = (uint32_t)++names->n;
	return (uint32_t)names->n - 1;
}

uint32_t nv_names_add(nv_names *names, nv_str text)
{
	uint64_t hash = nv_hash(text.ptr, text.len);
	if (2 * names->n >= names->n_slot && !grow_slots(names))
		return UINT32_MAX;
	size_t at = hash & (names->n_slot - 1);
	for (; names->slot[at]; at = (at + 1) & (names->n_slot - 1)) {
		nv_name *name = &names->name[names->slot[at] - 1];
		if (name->hash == hash && nv_str_eq(name->text, text)) {
			name->count++;
			return names->slot[at] - 1;
		}
	}
	return add_new(names, text, hash, at);
}

void nv_names_note_twice(const nv_names *ids, const nv_notes *notes)
{
	const nv_name *first = NULL;
	size_t n = 0;
	for (size_t i = 0; i < ids->n; i++) {
		if (ids->name[i].count < 2)
			continue;
		first = first ? first : &ids->name[i];
		n++;
	}
	if (!first || !notes || !notes->note)
		return;
	char text[NV_ERROR_TEXT];
	int len = (int)(first->text.len < 100 ? first->text.len : 100);
	if (n == 1)
		snprintf(text, sizeof text, "the id %.*s stands for more than one article", len, first->text.ptr);
	else
		snprintf(text, sizeof text, "%zu ids stand for more than one article each; the first is %.*s", n, len,
		         first->text.ptr);
	nv_make_printable(text);
	notes->note(notes->user, text);
}
