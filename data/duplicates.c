/* SPDX-License-Identifier: Apache-2.0 */
#include "data/duplicates.h"

#include "base/alloc.h"
#include "base/hash.h"

#include <string.h>

#define N_BAND 16
#define BAND_ROWS (NV_N_MINHASH / N_BAND)
#define BIN_BITS 6
#define EMPTY UINT32_MAX

uint64_t nv_text_fingerprint(const nv_token_list *tokens)
{
	uint64_t hash = 0;
	for (size_t i = 0; i < tokens->n; i++)
		hash = nv_hash_pair(hash, tokens->token[i].hash);
	return tokens->n > 0 && hash == 0 ? 1 : hash;
}

/* ---- Signatures ---- */

static void add_gram(uint32_t *signature, uint64_t hash)
{
	uint32_t bin = (uint32_t)(hash >> (64 - BIN_BITS)), value = (uint32_t)hash;
	if (value == EMPTY)
		value--;
	if (value < signature[bin])
		signature[bin] = value;
}

/* An empty bin takes the value of the nearest full one, left or right by a bit of the bin's number, moved by the
 * distance so that two borrowers of the same bin differ. Full bins exist. */
static void fill_empty(uint32_t *signature)
{
	uint32_t full[NV_N_MINHASH];
	memcpy(full, signature, sizeof full);
	for (uint32_t bin = 0; bin < NV_N_MINHASH; bin++) {
		uint32_t step = nv_hash_pair(bin, 1) & 1 ? 1 : NV_N_MINHASH - 1, from = bin, distance = 0;
		for (; full[from] == EMPTY; distance++)
			from = (from + step) % NV_N_MINHASH;
		if (distance > 0)
			signature[bin] = (uint32_t)nv_hash_pair(full[from], distance) & ~UINT32_C(1);
	}
}

void nv_minhash(const nv_token_list *tokens, uint32_t signature[NV_N_MINHASH])
{
	const nv_token *token = tokens->token;
	memset(signature, 0xFF, NV_N_MINHASH * sizeof *signature);
	if (tokens->n == 0)
		return;
	if (tokens->n < 3)
		add_gram(signature, nv_text_fingerprint(tokens));
	for (size_t i = 0; i + 2 < tokens->n; i++)
		add_gram(signature, nv_hash_pair(nv_hash_pair(token[i].hash, token[i + 1].hash), token[i + 2].hash));
	fill_empty(signature);
}

/* ---- Groups ---- */

typedef struct finder {
	size_t n;
	const uint32_t (*signature)[NV_N_MINHASH];
	uint32_t *group; /* union-find: parent, never larger than the child */
	/* One band: texts by the hash of its values. */
	uint32_t *slot; /* [mask + 1] last text of the bucket + 1; 0: empty */
	uint32_t *next; /* [n] text before it in the bucket + 1; 0: none */
	size_t mask;
} finder;

static uint32_t root_of(uint32_t *group, uint32_t i)
{
	while (group[i] != i) {
		group[i] = group[group[i]];
		i = group[i];
	}
	return i;
}

static void unite(uint32_t *group, uint32_t a, uint32_t b)
{
	uint32_t root_a = root_of(group, a), root_b = root_of(group, b);
	if (root_a < root_b)
		group[root_b] = root_a;
	else
		group[root_a] = root_b;
}

static bool is_near(const uint32_t *a, const uint32_t *b)
{
	size_t equal = 0;
	for (size_t i = 0; i < NV_N_MINHASH; i++)
		equal += a[i] == b[i];
	return (double)equal >= NV_NEAR_DUPLICATE * NV_N_MINHASH;
}

static bool same_band(const uint32_t *a, const uint32_t *b, size_t band)
{
	return memcmp(a + band * BAND_ROWS, b + band * BAND_ROWS, BAND_ROWS * sizeof *a) == 0;
}

/* Text i against the earlier ones of its bucket. A text equal to an earlier one in every value is left out of the
 * bucket: whoever is near it is near the other, and a text repeated a thousand times costs no thousand steps. */
static void place_text(finder *f, uint32_t i, size_t band)
{
	const uint32_t *mine = f->signature[i];
	uint64_t hash = nv_hash(mine + band * BAND_ROWS, BAND_ROWS * sizeof *mine);
	size_t at = hash & f->mask;
	while (f->slot[at] && !same_band(f->signature[f->slot[at] - 1], mine, band))
		at = (at + 1) & f->mask;
	for (uint32_t other = f->slot[at]; other; other = f->next[other - 1]) {
		const uint32_t *theirs = f->signature[other - 1];
		if (memcmp(mine, theirs, sizeof f->signature[0]) == 0) {
			unite(f->group, i, other - 1);
			return;
		}
		if (root_of(f->group, i) != root_of(f->group, other - 1) && is_near(mine, theirs))
			unite(f->group, i, other - 1);
	}
	f->next[i] = f->slot[at];
	f->slot[at] = i + 1;
}

static void find_groups(finder *f)
{
	for (uint32_t i = 0; i < f->n; i++)
		f->group[i] = i;
	for (size_t band = 0; band < N_BAND; band++) {
		memset(f->slot, 0, (f->mask + 1) * sizeof *f->slot);
		for (uint32_t i = 0; i < f->n; i++) {
			if (f->signature[i][0] != EMPTY)
				place_text(f, i, band);
		}
	}
	for (uint32_t i = 0; i < f->n; i++)
		f->group[i] = root_of(f->group, i);
}

int nv_near_duplicates(size_t n, const uint32_t (*signature)[NV_N_MINHASH], uint32_t *group, nv_error *err)
{
	if (n >= UINT32_MAX - 1)
		return nv_fail(err, NV_E_INPUT, "there are more than 2^32 articles");
	finder f = {.n = n, .signature = signature, .group = group, .mask = 15};
	while (f.mask + 1 < 2 * n)
		f.mask = 2 * f.mask + 1;
	f.slot = nv_alloc(f.mask + 1, sizeof *f.slot);
	f.next = nv_alloc(n, sizeof *f.next);
	int code = 0;
	if (f.slot && f.next)
		find_groups(&f);
	else
		code = nv_fail_memory(err);
	nv_free(f.slot);
	nv_free(f.next);
	return code;
}
