/* SPDX-License-Identifier: Apache-2.0 */
#include "data/split.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "base/numeric.h"
#include "base/str.h"

#include <string.h>

#define SPLIT_STREAM 0x53504C54 /* of the seeded generator */

typedef struct split {
	size_t n, k;
	uint32_t *group;   /* [n] numbered by first appearance */
	uint32_t *stratum; /* [n] likewise */
	uint32_t n_group, n_stratum;
	uint32_t *start;  /* [n_group + 1] into member */
	uint32_t *member; /* [n] articles, group by group */
	uint32_t *order;  /* [n_group] largest first */
	uint64_t *size;   /* [k] articles of each fold */
	uint64_t *held;   /* [k][n_stratum] of these, the stratum's */
	uint64_t *need;   /* [k] scratch: articles of the group's strata in each fold */
} split;

/* Gives equal values equal numbers, counted by first appearance; NULL values: all different (each) or all equal. */
static bool number_values(const uint32_t *value, size_t n, bool each, uint32_t *number, uint32_t *n_number)
{
	size_t size = 16;
	while (size < 2 * n)
		size *= 2;
	uint32_t *slot = value ? nv_alloc_zero(size, sizeof *slot) : NULL; /* article + 1 that had the value first */
	if (value && !slot)
		return false;
	*n_number = value ? 0 : each ? (uint32_t)n : n > 0;
	for (size_t i = 0; i < n; i++) {
		if (!value) {
			number[i] = each ? (uint32_t)i : 0;
			continue;
		}
		size_t at = nv_hash_pair(value[i], 0) & (size - 1);
		while (slot[at] && value[slot[at] - 1] != value[i])
			at = (at + 1) & (size - 1);
		if (!slot[at]) {
			slot[at] = (uint32_t)i + 1;
			number[i] = (*n_number)++;
		} else {
			number[i] = number[slot[at] - 1];
		}
	}
	nv_free(slot);
	return true;
}

static bool list_members(split *s)
{
	s->start = nv_alloc_zero((size_t)s->n_group + 2, sizeof *s->start);
	s->member = nv_alloc(s->n, sizeof *s->member);
	if (!s->start || !s->member)
		return false;
	for (size_t i = 0; i < s->n; i++)
		s->start[s->group[i] + 2]++;
	for (size_t g = 2; g <= s->n_group; g++)
		s->start[g] += s->start[g - 1];
	/* start[g + 1] runs through the group's members and ends at the next group's first. */
	for (size_t i = 0; i < s->n; i++)
		s->member[s->start[s->group[i] + 1]++] = (uint32_t)i;
	return true;
}

static uint32_t group_size(const split *s, uint32_t group)
{
	return s->start[group + 1] - s->start[group];
}

/* Shuffled, then a counting sort by falling size, which keeps the shuffled order among equals. */
static bool order_groups(split *s, uint64_t seed)
{
	uint32_t *shuffled = nv_alloc(s->n_group, sizeof *shuffled);
	uint32_t *place = nv_alloc_zero(s->n + 2, sizeof *place);
	s->order = nv_alloc(s->n_group, sizeof *s->order);
	bool ok = shuffled && place && s->order;
	if (ok) {
		nv_rng rng;
		nv_rng_init(&rng, seed, SPLIT_STREAM);
		for (uint32_t g = 0; g < s->n_group; g++) {
			shuffled[g] = g;
			place[s->n - group_size(s, g) + 1]++;
		}
		nv_rng_shuffle(&rng, shuffled, s->n_group);
		for (size_t i = 1; i <= s->n; i++)
			place[i] += place[i - 1];
		for (uint32_t i = 0; i < s->n_group; i++)
			s->order[place[s->n - group_size(s, shuffled[i])]++] = shuffled[i];
	}
	nv_free(shuffled);
	nv_free(place);
	return ok;
}

/* Articles of the group's strata in each fold, one stratum as often as the group has it. */
static void weigh_folds(split *s, uint32_t group)
{
	memset(s->need, 0, s->k * sizeof *s->need);
	for (uint32_t m = s->start[group]; m < s->start[group + 1]; m++) {
		for (size_t f = 0; f < s->k; f++)
			s->need[f] += s->held[f * s->n_stratum + s->stratum[s->member[m]]];
	}
}

static void deal(split *s, uint32_t group, uint32_t *fold)
{
	size_t best = 0;
	weigh_folds(s, group);
	for (size_t f = 1; f < s->k; f++) {
		if (s->need[f] < s->need[best] || (s->need[f] == s->need[best] && s->size[f] < s->size[best]))
			best = f;
	}
	for (uint32_t m = s->start[group]; m < s->start[group + 1]; m++) {
		uint32_t article = s->member[m];
		fold[article] = (uint32_t)best;
		s->held[best * s->n_stratum + s->stratum[article]]++;
		s->size[best]++;
	}
}

static bool prepare(split *s, const uint32_t *group, const uint32_t *stratum)
{
	size_t cells;
	s->group = nv_alloc(s->n, sizeof *s->group);
	s->stratum = nv_alloc(s->n, sizeof *s->stratum);
	if (!s->group || !s->stratum || !number_values(group, s->n, true, s->group, &s->n_group) ||
	    !number_values(stratum, s->n, false, s->stratum, &s->n_stratum) || !nv_mul_size(s->k, s->n_stratum, &cells))
		return false;
	s->size = nv_alloc_zero(s->k, sizeof *s->size);
	s->held = nv_alloc_zero(cells, sizeof *s->held);
	s->need = nv_alloc(s->k, sizeof *s->need);
	return s->size && s->held && s->need;
}

static void release(split *s)
{
	nv_free(s->group);
	nv_free(s->stratum);
	nv_free(s->start);
	nv_free(s->member);
	nv_free(s->order);
	nv_free(s->size);
	nv_free(s->held);
	nv_free(s->need);
}

int nv_split_folds(size_t n, size_t k, const uint32_t *group, const uint32_t *stratum, uint64_t seed, uint32_t *fold,
                   nv_error *err)
{
	if (k < 2 || k > n || n >= UINT32_MAX - 2)
		return nv_fail(err, NV_E_USAGE, "%zu articles can't be split into %zu folds", n, k);
	split s = {.n = n, .k = k};
	int code = 0;
	if (!prepare(&s, group, stratum))
		code = nv_fail_memory(err);
	else if (s.n_group < k)
		code = nv_fail(err, NV_E_USAGE, "there are fewer groups (%u) than folds (%zu)", (unsigned)s.n_group, k);
	else if (s.n_group == k)
		memcpy(fold, s.group, n * sizeof *fold);
	else if (!list_members(&s) || !order_groups(&s, seed))
		code = nv_fail_memory(err);
	else
		for (uint32_t i = 0; i < s.n_group; i++)
			deal(&s, s.order[i], fold);
	release(&s);
	return code;
}
