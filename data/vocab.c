/* SPDX-License-Identifier: Apache-2.0 */
#include "data/vocab.h"

#include "base/alloc.h"
#include "base/hash.h"

#define AHEAD 32    /* lookups between a prefetch and its use */
#define AT_ONCE 256 /* pairs */
#define KEYS_A_BLOCK 4

static inline uint32_t find_word(const nv_vocab *vocab, uint64_t hash)
{
	uint64_t i = hash & vocab->word_mask;
	const nv_word_slot *slot = vocab->word_slot;
	while (slot[i].id != NV_NO_TERM && slot[i].hash != hash)
		i = (i + 1) & vocab->word_mask;
	return slot[i].id;
}

void nv_vocab_words(const nv_vocab *vocab, const nv_token *token, size_t n, uint32_t *ids)
{
	uint64_t bucket_mask = (UINT64_C(1) << vocab->hash_bits) - 1;
	for (size_t i = 0; vocab->hash_bits > 0 && i < n; i++)
		ids[i] = (uint32_t)(token[i].hash & bucket_mask);
	if (vocab->hash_bits > 0)
		return;
	for (size_t i = 0; i < n; i++) {
		if (i + AHEAD < n)
			__builtin_prefetch(&vocab->word_slot[token[i + AHEAD].hash & vocab->word_mask]);
		ids[i] = find_word(vocab, token[i].hash);
	}
}

static inline uint32_t find_gram(const nv_vocab *vocab, uint64_t hash, uint32_t prefix, uint32_t word)
{
	uint64_t i = hash & vocab->gram_mask;
	const nv_gram_slot *slot = vocab->gram_slot;
	for (; slot[i].prefix != NV_NO_TERM; i = (i + 1) & vocab->gram_mask) {
		if (slot[i].prefix == prefix && slot[i].word == word)
			return slot[i].id;
	}
	return NV_NO_TERM;
}

uint32_t nv_vocab_gram(const nv_vocab *vocab, uint32_t prefix, uint32_t word)
{
	if (prefix == NV_NO_TERM || word == NV_NO_TERM)
		return NV_NO_TERM;
	uint64_t hash = nv_hash_pair(prefix, word);
	if (vocab->hash_bits > 0)
		return (uint32_t)(hash & ((UINT64_C(1) << vocab->hash_bits) - 1));
	return vocab->gram_slot ? find_gram(vocab, hash, prefix, word) : NV_NO_TERM;
}

static void hash_grams(const nv_vocab *vocab, const uint32_t *word, size_t n, uint32_t *gram)
{
	for (size_t i = 0; i < n; i++)
		gram[i] = nv_vocab_gram(vocab, gram[i], word[i]);
}

/* ---- N-grams of many pairs ---- */

/* A key's bits in its block. The block is told by the low bits of the hash, as the slot is; these are from its high ones.
 * Model files hold filters: other bits are another format (docs/model_format.md). */
static inline uint32_t filter_bits(uint64_t hash)
{
	return UINT32_C(1) << (hash >> 59) | UINT32_C(1) << (hash >> 54 & 31);
}

int nv_vocab_filter_new(nv_vocab *vocab, uint32_t **filter, nv_error *err)
{
	uint64_t n_gram = vocab->n_term - vocab->n_word, n_block = 1;
	*filter = NULL;
	if (vocab->hash_bits > 0 || !vocab->gram_slot || n_gram == 0)
		return 0;
	while (n_block < n_gram / KEYS_A_BLOCK)
		n_block *= 2;
	uint32_t *block = nv_alloc_zero((size_t)n_block, sizeof *block);
	if (!block)
		return nv_fail_memory(err);
	for (uint64_t i = 0; i <= vocab->gram_mask; i++) {
		const nv_gram_slot *slot = &vocab->gram_slot[i];
		if (slot->prefix == NV_NO_TERM)
			continue;
		uint64_t hash = nv_hash_pair(slot->prefix, slot->word);
		block[hash & (n_block - 1)] |= filter_bits(hash);
	}
	vocab->gram_filter = *filter = block;
	vocab->filter_mask = n_block - 1;
	return 0;
}

static inline bool may_hold(const nv_vocab *vocab, uint64_t hash)
{
	uint32_t bits = filter_bits(hash);
	return !vocab->gram_filter || (vocab->gram_filter[hash & vocab->filter_mask] & bits) == bits;
}

/* A pair that may be an n-gram. */
typedef struct candidate {
	uint64_t hash;
	uint32_t at, id;
} candidate;

/* Which pairs are asked for is as good as chance to the processor, so the first loop has no branch that depends on it. */
static void find_some(const nv_vocab *vocab, const uint32_t *word, size_t n, uint32_t *gram)
{
	candidate c[AT_ONCE];
	size_t k = 0;
	for (size_t i = 0; i < n; i++) {
		c[i].hash = nv_hash_pair(gram[i], word[i]);
		if (vocab->gram_filter)
			__builtin_prefetch(&vocab->gram_filter[c[i].hash & vocab->filter_mask]);
	}
	for (size_t i = 0; i < n; i++) {
		c[k] = (candidate){c[i].hash, (uint32_t)i, NV_NO_TERM};
		k += may_hold(vocab, c[i].hash) & (gram[i] != NV_NO_TERM) & (word[i] != NV_NO_TERM);
	}
	for (size_t i = 0; i < k && i < AHEAD; i++)
		/* cppcheck-suppress uninitvar ; the first k are filled */
		__builtin_prefetch(&vocab->gram_slot[c[i].hash & vocab->gram_mask]);
	for (size_t i = 0; i < k; i++) {
		if (i + AHEAD < k)
			__builtin_prefetch(&vocab->gram_slot[c[i + AHEAD].hash & vocab->gram_mask]);
		c[i].id = find_gram(vocab, c[i].hash, gram[c[i].at], word[c[i].at]);
	}
	for (size_t i = 0; i < n; i++)
		gram[i] = NV_NO_TERM;
	for (size_t i = 0; i < k; i++)
		gram[c[i].at] = c[i].id;
}

void nv_vocab_extend(const nv_vocab *vocab, const uint32_t *word, size_t n, uint32_t *gram)
{
	if (vocab->hash_bits > 0) {
		hash_grams(vocab, word, n, gram);
		return;
	}
	for (size_t i = 0; !vocab->gram_slot && i < n; i++)
		gram[i] = NV_NO_TERM;
	for (size_t i = 0; vocab->gram_slot && i < n; i += AT_ONCE)
		find_some(vocab, word + i, n - i < AT_ONCE ? n - i : AT_ONCE, gram + i);
}

void nv_vocab_term_text(const nv_vocab *vocab, uint32_t term, nv_buf *out)
{
	uint32_t word[NV_MAX_NGRAM];
	size_t n = 0;
	if (vocab->hash_bits > 0) {
		nv_buf_addf(out, "#%u", (unsigned)term);
		return;
	}
	while (term >= vocab->n_word && n + 1 < NV_MAX_NGRAM) {
		word[n++] = vocab->gram_word[term - vocab->n_word];
		term = vocab->gram_prefix[term - vocab->n_word];
	}
	word[n] = term;
	for (size_t i = n + 1; i-- > 0;) {
		uint64_t start = vocab->text_start[word[i]];
		nv_buf_add(out, vocab->text + start, vocab->text_start[word[i] + 1] - start);
		if (i > 0)
			nv_buf_add_char(out, ' ');
	}
}
