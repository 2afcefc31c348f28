/* SPDX-License-Identifier: Apache-2.0
 *
 * gram_count.h: document frequencies of a corpus's n-grams, length by length, each length among the n-grams kept of the
 * one before. N-grams are parted by the upper bits of their hash, each part in a table of its own, which one thread fills: all
 * threads read all articles and leave out what is not theirs. What comes out does not depend on the number of parts. For
 * vocab_build.c alone.
 *
 * Call order: nv_gram_counter_init -> nv_gram_count for lengths 2, 3, … -> _release.
 */
#ifndef NV_DATA_GRAM_COUNT_H
#define NV_DATA_GRAM_COUNT_H

#include "data/corpus_store.h"

/* Numbers of terms while counting: words 0 .. n_word - 1, then n-grams in the order of `gram`. */
typedef struct nv_gram {
	uint32_t prefix; /* NV_NO_TERM: an empty slot of the table */
	uint32_t word;
	uint32_t df;
	uint32_t last; /* row that was counted last; NV_NO_TERM: none */
} nv_gram;

typedef struct nv_gram_pair {
	uint64_t hash;
	uint32_t prefix, word;
} nv_gram_pair;

struct nv_gram_counter;

/* The length under way, of the n-grams whose hash begins with the bits of `number`. */
typedef struct nv_gram_part {
	const struct nv_gram_counter *counter;
	uint64_t number;
	nv_gram *slot; /* [mask + 1], linear probing; in the end what is kept, [n_kept] */
	uint64_t mask, used;
	size_t n_kept;
	uint64_t *seen; /* [seen_mask + 1 bits] hashes met once */
	uint64_t seen_mask;
	/* The article under way. */
	uint32_t *word, *prefix;
	size_t cap_word, cap_prefix;
	nv_gram_pair *pair; /* [n_pair] */
	size_t n_pair, cap_pair;
} nv_gram_part;

enum { NV_GRAM_PART_BITS = 3 }; /* parts at most, as a power of two */

typedef struct nv_gram_counter {
	const nv_corpus *corpus;
	const uint32_t *rows; /* [n_row]; NULL: all */
	size_t n_row, n_thread;
	const uint32_t *word_map; /* corpus's word number -> term, NV_NO_TERM: not kept */
	uint32_t n_word, min_df;
	nv_gram *gram; /* [n_gram] kept, length by length, each by falling df, then (prefix, word) */
	size_t n_gram, cap_gram;
	nv_vocab known; /* finds the n-grams kept so far */
	nv_gram_slot *known_slot;
	size_t length; /* under way, words */
	unsigned part_bits;
	nv_gram_part part[1 << NV_GRAM_PART_BITS]; /* [2^part_bits] */
} nv_gram_counter;

void nv_gram_counter_init(nv_gram_counter *counter, const nv_corpus *corpus, const uint32_t *rows, size_t n_row,
                          size_t n_thread);
void nv_gram_counter_release(nv_gram_counter *counter);
/* Appends the n-grams of `length` words with at least min_df articles to gram, at most `limit` of them (those of the
 * highest frequency). */
int nv_gram_count(nv_gram_counter *counter, size_t length, uint64_t limit, nv_error *err);

/* A table of n-grams for nv_vocab: its size (a power of two, at most three quarters full), emptying it, adding one. */
uint64_t nv_gram_slots_for(uint64_t n);
void nv_gram_slots_clear(nv_gram_slot *slot, uint64_t mask);
void nv_gram_slots_add(nv_gram_slot *slot, uint64_t mask, uint32_t prefix, uint32_t word, uint32_t id);

#endif
