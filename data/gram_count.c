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
#include "base/parallel.h"

#include <string.h>

#define AHEAD 8 /* lookups between a prefetch and its use */
#define FIRST_SLOTS 65536
#define SEEN_BITS_A_TOKEN 4

static size_t n_part(const nv_gram_counter *c)
{
	return (size_t)1 << c->part_bits;
}

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

static bool grow_table(nv_gram_part *p)
{
	uint64_t size = (p->mask + 1) * 2;
	nv_gram *slot = new_table(size);
	if (!slot)
		return false;
	for (uint64_t i = 0; i <= p->mask; i++) {
		const nv_gram *old = &p->slot[i];
		if (old->prefix != NV_NO_TERM)
			*find(slot, size - 1, &(nv_gram_pair){nv_hash_pair(old->prefix, old->word), old->prefix, old->word}) = *old;
	}
	nv_free(p->slot);
	p->slot = slot;
	p->mask = size - 1;
	return true;
}

static nv_gram *enter(nv_gram_part *p, const nv_gram_pair *pair)
{
	if (p->used * 4 >= (p->mask + 1) * 3 && !grow_table(p))
		return NULL;
	nv_gram *slot = find(p->slot, p->mask, pair);
	if (slot->prefix == NV_NO_TERM) {
		*slot = (nv_gram){pair->prefix, pair->word, 0, NV_NO_TERM};
		p->used++;
	}
	return slot;
}

/* ---- One article ---- */

/* The n-grams of one stretch (title or text) that belong to the part, as pairs of kept terms. */
static void add_pairs(nv_gram_part *p, const uint32_t *word, size_t n)
{
	const nv_gram_counter *c = p->counter;
	size_t length = c->length;
	if (n < length)
		return;
	memcpy(p->prefix, word, n * sizeof *word);
	for (size_t len = 2; len < length; len++)
		nv_vocab_extend(&c->known, word + len - 1, n - len + 1, p->prefix);
	for (size_t i = 0; i + length <= n; i++) {
		uint32_t prefix = p->prefix[i], last = word[i + length - 1];
		if (prefix == NV_NO_TERM || last == NV_NO_TERM)
			continue;
		uint64_t hash = nv_hash_pair(prefix, last);
		p->pair[p->n_pair] = (nv_gram_pair){hash, prefix, last};
		p->n_pair += hash >> 32 >> (32 - c->part_bits) == p->number;
	}
}

static bool read_article(nv_gram_part *p, size_t row)
{
	const nv_gram_counter *c = p->counter;
	const nv_corpus_article *a = &c->corpus->article[c->rows ? c->rows[row] : row];
	const uint32_t *token = c->corpus->token + a->start;
	size_t n = a[1].start - a->start;
	if (!nv_grow(&p->word, &p->cap_word, n + 1, sizeof *p->word) ||
	    !nv_grow(&p->prefix, &p->cap_prefix, n + 1, sizeof *p->prefix) ||
	    !nv_grow(&p->pair, &p->cap_pair, n + 1, sizeof *p->pair))
		return false;
	for (size_t i = 0; i < n; i++)
		p->word[i] = c->word_map[token[i] & NV_WORD_BITS];
	p->n_pair = 0;
	add_pairs(p, p->word, a->n_title);
	add_pairs(p, p->word + a->n_title, n - a->n_title);
	return true;
}

/* ---- Passes ---- */

/* First pass: an n-gram enters the table when its bit is set already. */
static bool note_pairs(nv_gram_part *p, uint32_t row)
{
	(void)row;
	for (size_t i = 0; i < p->n_pair; i++) {
		if (i + AHEAD < p->n_pair) {
			uint64_t next = p->pair[i + AHEAD].hash;
			__builtin_prefetch(&p->seen[(next >> 32 & p->seen_mask) >> 6]);
			__builtin_prefetch(&p->slot[next & p->mask]);
		}
		uint64_t at = p->pair[i].hash >> 32 & p->seen_mask, bit = UINT64_C(1) << (at & 63);
		bool met = p->seen[at >> 6] & bit;
		p->seen[at >> 6] |= bit;
		if (met && !enter(p, &p->pair[i]))
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
static bool count_pairs(nv_gram_part *p, uint32_t row)
{
	for (size_t i = 0; i < p->n_pair; i++) {
		if (i + AHEAD < p->n_pair)
			__builtin_prefetch(&p->slot[p->pair[i + AHEAD].hash & p->mask]);
		nv_gram *slot = find(p->slot, p->mask, &p->pair[i]);
		if (slot->prefix != NV_NO_TERM)
			count_once(slot, row);
	}
	return true;
}

/* The only pass where min_df is 1. */
static bool enter_pairs(nv_gram_part *p, uint32_t row)
{
	for (size_t i = 0; i < p->n_pair; i++) {
		if (i + AHEAD < p->n_pair)
			__builtin_prefetch(&p->slot[p->pair[i + AHEAD].hash & p->mask]);
		nv_gram *slot = enter(p, &p->pair[i]);
		if (!slot)
			return false;
		count_once(slot, row);
	}
	return true;
}

static bool run_pass(nv_gram_part *p, bool (*visit)(nv_gram_part *, uint32_t))
{
	for (size_t row = 0; row < p->counter->n_row; row++) {
		if (!read_article(p, row) || !visit(p, (uint32_t)row))
			return false;
	}
	return true;
}

/* Below the bits that name the part, the hash's upper half indexes the bits, its lower half the table. */
static bool prepare(nv_gram_part *p)
{
	const nv_gram_counter *c = p->counter;
	uint64_t bits = power_above(SEEN_BITS_A_TOKEN * (uint64_t)c->corpus->n_token), most = UINT64_C(1) << 32;
	bits = (bits < most ? bits : most) >> c->part_bits;
	if (bits < 64)
		bits = 64;
	p->seen_mask = bits - 1;
	p->seen = c->min_df > 1 ? nv_alloc_zero(bits / 64, sizeof *p->seen) : NULL;
	p->slot = new_table(FIRST_SLOTS);
	p->mask = FIRST_SLOTS - 1;
	p->used = 0;
	return p->slot && (p->seen || c->min_df == 1);
}

/* Moves what has min_df to the table's front. */
static void compact(nv_gram_part *p)
{
	p->n_kept = 0;
	for (uint64_t i = 0; i <= p->mask; i++) {
		if (p->slot[i].prefix != NV_NO_TERM && p->slot[i].df >= p->counter->min_df)
			p->slot[p->n_kept++] = p->slot[i];
	}
}

static bool count_all(nv_gram_part *p)
{
	if (!prepare(p))
		return false;
	if (p->counter->min_df == 1)
		return run_pass(p, enter_pairs);
	if (!run_pass(p, note_pairs))
		return false;
	nv_free(p->seen);
	p->seen = NULL;
	return run_pass(p, count_pairs);
}

static int count_part(void *context, size_t item, size_t worker, nv_error *err)
{
	nv_gram_counter *c = context;
	(void)worker;
	if (!count_all(&c->part[item]))
		return nv_fail_memory(err);
	compact(&c->part[item]);
	return NV_OK;
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

/* All parts' kept n-grams in one array [*n]; the parts' tables are freed. */
static nv_gram *gather(nv_gram_counter *c, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < n_part(c); i++)
		*n += c->part[i].n_kept;
	nv_gram *all = nv_alloc(*n, sizeof *all), *to = all;
	for (size_t i = 0; all && i < n_part(c); i++) {
		nv_gram_part *p = &c->part[i];
		memcpy(to, p->slot, p->n_kept * sizeof *to);
		to += p->n_kept;
		nv_free(p->slot);
		p->slot = NULL;
	}
	return all;
}

static bool keep(nv_gram_counter *c, uint64_t limit)
{
	size_t n, need;
	nv_gram *all = gather(c, &n), *other = nv_alloc(n, sizeof *other);
	size_t *place = nv_alloc(65536, sizeof *place), kept = n < limit ? n : (size_t)limit;
	bool ok = all && other && place && nv_add_size(c->n_gram, kept, &need) && c->n_word + need <= NV_MAX_TERM &&
	          nv_grow(&c->gram, &c->cap_gram, need, sizeof *c->gram);
	if (ok && kept > 0) {
		memcpy(c->gram + c->n_gram, sort(all, other, n, place), kept * sizeof *c->gram);
		c->n_gram += kept;
	}
	nv_free(all);
	nv_free(other);
	nv_free(place);
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

void nv_gram_counter_init(nv_gram_counter *c, const nv_corpus *corpus, const uint32_t *rows, size_t n_row,
                          size_t n_thread)
{
	*c = (nv_gram_counter){.corpus = corpus, .rows = rows, .n_row = n_row, .n_thread = n_thread};
	while (c->part_bits < NV_GRAM_PART_BITS && n_part(c) * 2 <= n_thread)
		c->part_bits++;
	for (size_t i = 0; i < n_part(c); i++) {
		c->part[i].counter = c;
		c->part[i].number = i;
	}
}

void nv_gram_counter_release(nv_gram_counter *c)
{
	for (size_t i = 0; i < n_part(c); i++) {
		nv_free(c->part[i].slot);
		nv_free(c->part[i].seen);
		nv_free(c->part[i].word);
		nv_free(c->part[i].prefix);
		nv_free(c->part[i].pair);
	}
	nv_free(c->gram);
	nv_free(c->known_slot);
}

int nv_gram_count(nv_gram_counter *c, size_t length, uint64_t limit, nv_error *err)
{
	c->length = length;
	if (length > 2 && !index_known(c))
		return nv_fail_memory(err);
	int code = nv_parallel_for(c->n_thread, n_part(c), count_part, c, err);
	if (code == NV_OK && !keep(c, limit))
		code = nv_fail_memory(err);
	return code;
}
