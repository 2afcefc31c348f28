/* SPDX-License-Identifier: Apache-2.0
 *
 * Most n-grams of a corpus occur once. With min_df of 2 or more a first pass therefore keeps them out of the table: a
 * bit array indexed by hash remembers what was met, and only an n-gram whose bit is set already enters. A shared bit,
 * or a second sighting in the same article, lets one in that need not be: that costs a slot and nothing else, since a
 * second pass counts the articles of all that are in the table. Each n-gram of two or more articles is met twice, so it
 * is in the table and its count is exact.
 */
#include "data/gram_count.h"

#include "base/alloc.h"
#include "base/hash.h"

#include <string.h>

#define AHEAD 8 /* lookups between a prefetch and its use */
#define FIRST_SLOTS 65536
#define SEEN_BITS_A_TOKEN 4

/* ---- Tables ---- */

static uint64_t power_above(uint64_t n)
{
	uint64_t size = 16;
	while (size < n)
		size *= 2;
	return size;
}

uint64_t nv_gram_slots_for(uint64_t n)
{
	return power_above(n + n / 3 + 1);
}

void nv_gram_slots_clear(nv_gram_slot *slot, uint64_t mask)
{
	for (uint64_t i = 0; i <= mask; i++)
		slot[i] = (nv_gram_slot){NV_NO_TERM, NV_NO_TERM, NV_NO_TERM};
}

void nv_gram_slots_add(nv_gram_slot *slot, uint64_t mask, uint32_t prefix, uint32_t word, uint32_t id)
{
	uint64_t i = nv_hash_pair(prefix, word) & mask;
	while (slot[i].prefix != NV_NO_TERM)
		i = (i + 1) & mask;
	slot[i] = (nv_gram_slot){prefix, word, id};
}

static nv_gram *find(nv_gram *slot, uint64_t mask, const nv_gram_pair *pair)
{
	uint64_t i = pair->hash & mask;
	while (slot[i].prefix != NV_NO_TERM && (slot[i].prefix != pair->prefix || slot[i].word != pair->word))
		i = (i + 1) & mask;
	return &slot[i];
}

static nv_gram *new_table(uint64_t size)
{
	nv_gram *slot = nv_alloc(size, sizeof *slot);
	if (slot)
		memset(slot, 0xFF, size * sizeof *slot);
	return slot;
}

static bool grow_table(nv_gram_counter *c)
{
	uint64_t size = (c->mask + 1) * 2;
	nv_gram *slot = new_table(size);
	if (!slot)
		return false;
	for (uint64_t i = 0; i <= c->mask; i++) {
		const nv_gram *old = &c->slot[i];
		if (old->prefix != NV_NO_TERM)
			*find(slot, size - 1, &(nv_gram_pair){nv_hash_pair(old->prefix, old->word), old->prefix, old->word}) = *old;
	}
	nv_free(c->slot);
	c->slot = slot;
	c->mask = size - 1;
	return true;
}

static nv_gram *enter(nv_gram_counter *c, const nv_gram_pair *pair)
{
	if (c->used * 4 >= (c->mask + 1) * 3 && !grow_table(c))
		return NULL;
	nv_gram *slot = find(c->slot, c->mask, pair);
	if (slot->prefix == NV_NO_TERM) {
		*slot = (nv_gram){pair->prefix, pair->word, 0, NV_NO_TERM};
		c->used++;
	}
	return slot;
}

/* ---- One article ---- */

/* The n-grams of one stretch (title or text) as pairs of kept terms. */
static void add_pairs(nv_gram_counter *c, const uint32_t *word, size_t n, size_t length)
{
	if (n < length)
		return;
	memcpy(c->prefix, word, n * sizeof *word);
	for (size_t len = 2; len < length; len++)
		nv_vocab_extend(&c->known, word + len - 1, n - len + 1, c->prefix);
	for (size_t i = 0; i + length <= n; i++) {
		uint32_t prefix = c->prefix[i], last = word[i + length - 1];
		if (prefix != NV_NO_TERM && last != NV_NO_TERM)
			c->pair[c->n_pair++] = (nv_gram_pair){nv_hash_pair(prefix, last), prefix, last};
	}
}

static bool read_article(nv_gram_counter *c, size_t row, size_t length)
{
	const nv_corpus_article *a = &c->corpus->article[c->rows ? c->rows[row] : row];
	const uint32_t *token = c->corpus->token + a->start;
	size_t n = a[1].start - a->start;
	if (!nv_grow(&c->word, &c->cap_word, n + 1, sizeof *c->word) ||
	    !nv_grow(&c->prefix, &c->cap_prefix, n + 1, sizeof *c->prefix) ||
	    !nv_grow(&c->pair, &c->cap_pair, n + 1, sizeof *c->pair))
		return false;
	for (size_t i = 0; i < n; i++)
		c->word[i] = c->word_map[token[i] & NV_WORD_BITS];
	c->n_pair = 0;
	add_pairs(c, c->word, a->n_title, length);
	add_pairs(c, c->word + a->n_title, n - a->n_title, length);
	return true;
}

/* ---- Passes ---- */

/* First pass: an n-gram enters the table when its bit is set already. */
static bool note_pairs(nv_gram_counter *c, uint32_t row)
{
	(void)row;
	for (size_t i = 0; i < c->n_pair; i++) {
		if (i + AHEAD < c->n_pair) {
			uint64_t next = c->pair[i + AHEAD].hash;
			__builtin_prefetch(&c->seen[(next >> 32 & c->seen_mask) >> 6]);
			__builtin_prefetch(&c->slot[next & c->mask]);
		}
		uint64_t at = c->pair[i].hash >> 32 & c->seen_mask, bit = UINT64_C(1) << (at & 63);
		bool met = c->seen[at >> 6] & bit;
		c->seen[at >> 6] |= bit;
		if (met && !enter(c, &c->pair[i]))
			return false;
	}
	return true;
}

static void count_once(nv_gram *slot, uint32_t row)
{
	slot->df += slot->last != row;
	slot->last = row;
}

/* Second pass: articles of what is in the table. */
static bool count_pairs(nv_gram_counter *c, uint32_t row)
{
	for (size_t i = 0; i < c->n_pair; i++) {
		if (i + AHEAD < c->n_pair)
			__builtin_prefetch(&c->slot[c->pair[i + AHEAD].hash & c->mask]);
		nv_gram *slot = find(c->slot, c->mask, &c->pair[i]);
		if (slot->prefix != NV_NO_TERM)
			count_once(slot, row);
	}
	return true;
}

/* The only pass where min_df is 1. */
static bool enter_pairs(nv_gram_counter *c, uint32_t row)
{
	for (size_t i = 0; i < c->n_pair; i++) {
		if (i + AHEAD < c->n_pair)
			__builtin_prefetch(&c->slot[c->pair[i + AHEAD].hash & c->mask]);
		nv_gram *slot = enter(c, &c->pair[i]);
		if (!slot)
			return false;
		count_once(slot, row);
	}
	return true;
}

static bool run_pass(nv_gram_counter *c, size_t length, bool (*visit)(nv_gram_counter *, uint32_t))
{
	for (size_t row = 0; row < c->n_row; row++) {
		if (!read_article(c, row, length) || !visit(c, (uint32_t)row))
			return false;
	}
	return true;
}

/* The hash's upper half indexes the bits (so at most 2^32 of them), its lower half the table. */
static bool prepare(nv_gram_counter *c)
{
	uint64_t bits = power_above(SEEN_BITS_A_TOKEN * (uint64_t)c->corpus->n_token);
	if (bits > UINT64_C(1) << 32)
		bits = UINT64_C(1) << 32;
	if (bits < 64)
		bits = 64;
	c->seen_mask = bits - 1;
	c->seen = c->min_df > 1 ? nv_alloc_zero(bits / 64, sizeof *c->seen) : NULL;
	c->slot = new_table(FIRST_SLOTS);
	c->mask = FIRST_SLOTS - 1;
	c->used = 0;
	return c->slot && (c->seen || c->min_df == 1);
}

static bool count_all(nv_gram_counter *c, size_t length)
{
	if (!prepare(c))
		return false;
	if (c->min_df == 1)
		return run_pass(c, length, enter_pairs);
	if (!run_pass(c, length, note_pairs))
		return false;
	nv_free(c->seen);
	c->seen = NULL;
	return run_pass(c, length, count_pairs);
}

/* ---- Keeping ---- */

/* What the table is sorted by, least significant digits first. */
static uint32_t digit(const nv_gram *gram, unsigned pass)
{
	uint32_t field = pass < 2 ? gram->word : pass < 4 ? gram->prefix : ~gram->df;
	return field >> (pass & 1 ? 16 : 0) & 0xFFFF;
}

static void sort_pass(const nv_gram *from, nv_gram *to, size_t n, unsigned pass, size_t *place)
{
	size_t total = 0;
	for (size_t i = 0; i < 65536; i++) {
		size_t count = place[i];
		place[i] = total;
		total += count;
	}
	for (size_t i = 0; i < n; i++)
		to[place[digit(&from[i], pass)]++] = from[i];
}

/* By falling df, then prefix, then word (LSD radix sort); passes in which all digits are equal are left out. Returns
 * the array, of the two, that holds the result. */
static nv_gram *sort(nv_gram *gram, nv_gram *other, size_t n, size_t *place)
{
	for (unsigned pass = 0; n > 0 && pass < 6; pass++) {
		memset(place, 0, 65536 * sizeof *place);
		for (size_t i = 0; i < n; i++)
			place[digit(&gram[i], pass)]++;
		if (place[digit(&gram[0], pass)] == n)
			continue;
		sort_pass(gram, other, n, pass, place);
		nv_gram *sorted = other;
		other = gram;
		gram = sorted;
	}
	return gram;
}

/* Moves what has min_df to the table's front; returns how many. */
static size_t compact(nv_gram_counter *c)
{
	size_t n = 0;
	for (uint64_t i = 0; i <= c->mask; i++) {
		if (c->slot[i].prefix != NV_NO_TERM && c->slot[i].df >= c->min_df)
			c->slot[n++] = c->slot[i];
	}
	return n;
}

static bool keep(nv_gram_counter *c, uint64_t limit)
{
	size_t n = compact(c), kept = n < limit ? n : (size_t)limit, need;
	nv_gram *other = nv_alloc(n, sizeof *other);
	size_t *place = nv_alloc(65536, sizeof *place);
	bool ok = other && place && nv_add_size(c->n_gram, kept, &need) && c->n_word + need <= NV_MAX_TERM &&
	          nv_grow(&c->gram, &c->cap_gram, need, sizeof *c->gram);
	if (ok && kept > 0) {
		memcpy(c->gram + c->n_gram, sort(c->slot, other, n, place), kept * sizeof *c->gram);
		c->n_gram += kept;
	}
	nv_free(other);
	nv_free(place);
	nv_free(c->slot);
	c->slot = NULL;
	return ok;
}

/* The table by which longer n-grams find their prefixes. */
static bool index_known(nv_gram_counter *c)
{
	uint64_t size = nv_gram_slots_for(c->n_gram);
	nv_free(c->known_slot);
	c->known_slot = nv_alloc(size, sizeof *c->known_slot);
	if (!c->known_slot)
		return false;
	nv_gram_slots_clear(c->known_slot, size - 1);
	for (size_t i = 0; i < c->n_gram; i++)
		nv_gram_slots_add(c->known_slot, size - 1, c->gram[i].prefix, c->gram[i].word, c->n_word + (uint32_t)i);
	c->known = (nv_vocab){.gram_slot = c->known_slot, .gram_mask = size - 1};
	return true;
}

void nv_gram_counter_init(nv_gram_counter *c, const nv_corpus *corpus, const uint32_t *rows, size_t n_row)
{
	*c = (nv_gram_counter){.corpus = corpus, .rows = rows, .n_row = n_row};
}

void nv_gram_counter_release(nv_gram_counter *c)
{
	nv_free(c->gram);
	nv_free(c->known_slot);
	nv_free(c->slot);
	nv_free(c->seen);
	nv_free(c->word);
	nv_free(c->prefix);
	nv_free(c->pair);
}

int nv_gram_count(nv_gram_counter *c, size_t length, uint64_t limit, nv_error *err)
{
	if ((length > 2 && !index_known(c)) || !count_all(c, length) || !keep(c, limit))
		return nv_fail_memory(err);
	return 0;
}
