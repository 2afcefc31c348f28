/* SPDX-License-Identifier: Apache-2.0
 *
 * vocab.h: terms <-> ids. A term is a word or an n-gram of words; an n-gram is a (prefix term, last word) pair, so that
 * the terms form a trie and no text of n-grams is stored. Frozen vocabularies are flat arrays, ready to use from a
 * mapped file.
 *
 * Ids: words are 0 .. n_word - 1, by falling document frequency, then bytes (so that the rows used most lie together);
 * n-grams follow, by falling document frequency, then length, then (prefix, word). The frequency of a prefix and of a
 * last word is never below their n-gram's, and both come first among equals, so that pruning by frequency and cutting
 * to max_features (which counts words and n-grams alike) keep the trie closed. Hashing (hash_bits > 0): no tables,
 * n_word 0, n_term 2^hash_bits; a word's id is its hash's low bits, an n-gram's those of nv_hash_pair(prefix id, word
 * id).
 */
#ifndef NV_DATA_VOCAB_H
#define NV_DATA_VOCAB_H

#include "base/error.h"
#include "base/str.h"
#include "data/tokenize.h"

#define NV_NO_TERM UINT32_MAX
#define NV_MAX_TERM (UINT32_C(1) << 30) /* terms of a vocabulary */
#define NV_MIN_HASH_BITS 10
#define NV_MAX_HASH_BITS 30
#define NV_MAX_NGRAM 8 /* words */

typedef struct nv_word_slot {
	uint64_t hash;   /* of the word's bytes */
	uint32_t id;     /* NV_NO_TERM: empty */
	uint32_t unused; /* 0 */
} nv_word_slot;

typedef struct nv_gram_slot {
	uint32_t prefix, word; /* prefix NV_NO_TERM: empty */
	uint32_t id;
} nv_gram_slot;

/* All arrays little-endian as in memory; [..] sizes in elements. Linear probing from hash & mask: of the word's hash,
 * or of nv_hash_pair(prefix, word). Hashing: no array but df. */
typedef struct nv_vocab {
	uint32_t n_word, n_term;
	uint32_t max_n;                /* longest n-gram, 1 or more */
	uint32_t min_n;                /* shortest that is a feature; shorter ones are prefixes alone */
	uint32_t hash_bits;            /* 0: vocabulary */
	uint64_t n_document;           /* documents that df counts */
	const nv_word_slot *word_slot; /* [word_mask + 1] */
	const nv_gram_slot *gram_slot; /* [gram_mask + 1]; NULL when max_n is 1 */
	uint64_t word_mask, gram_mask;
	const uint32_t *df;          /* [n_term] document frequency */
	const uint32_t *gram_prefix; /* [n_term - n_word] */
	const uint32_t *gram_word;   /* [n_term - n_word] */
	const uint64_t *text_start;  /* [n_word + 1] into text */
	const char *text;            /* the words' bytes, one after the other */
	const uint32_t *gram_filter; /* [filter_mask + 1] nv_vocab_filter_new, or a file's; NULL: none */
	uint64_t filter_mask;
} nv_vocab;

/* Check arrays against the sizes (for files), whose lengths the caller has checked. nv_vocab_check: sizes, and what looking up
 * needs: ids in range, tables with an empty slot. nv_vocab_check_texts, after nv_vocab_check_sizes: what nv_vocab_term_text needs: text_start
 * ascending to text_len at most, prefixes before their n-grams. NV_E_MODEL. */
int nv_vocab_check_sizes(const nv_vocab *vocab, nv_error *err);
int nv_vocab_check(const nv_vocab *vocab, nv_error *err);
int nv_vocab_check_texts(const nv_vocab *vocab, uint64_t text_len, nv_error *err);

/* A small table that tells of most pairs that are no n-gram, from the second-level cache: most pairs of an article are not in the
 * vocabulary, and looking each up in gram_slot would cost a line of memory. A blocked Bloom filter (Putze, Sanders and
 * Singler 2007) of 32-bit blocks and 2 bits a key. vocab uses it from then on; *filter is the caller's, to be freed
 * (nv_free) when vocab is no longer used; NULL for a vocabulary without n-grams. NV_E_MEMORY. */
int nv_vocab_filter_new(nv_vocab *vocab, uint32_t **filter, nv_error *err);

/* ids[n] of the list's tokens: word ids (or, hashing, buckets); NV_NO_TERM for unknown words. Prefetches ahead. */
void nv_vocab_words(const nv_vocab *vocab, const nv_token *token, size_t n, uint32_t *ids);
/* The n-gram of term prefix and word, NV_NO_TERM if there is none. */
uint32_t nv_vocab_gram(const nv_vocab *vocab, uint32_t prefix, uint32_t word);
/* The same for many, with prefetching: gram[i] becomes the n-gram of term gram[i] and word[i]; NV_NO_TERM in either
 * gives that. */
void nv_vocab_extend(const nv_vocab *vocab, const uint32_t *word, size_t n, uint32_t *gram);
/* Appends the term's text, words joined by blanks ("#123" when hashing). */
void nv_vocab_term_text(const nv_vocab *vocab, uint32_t term, nv_buf *out);

#endif
