/* SPDX-License-Identifier: Apache-2.0
 *
 * Every entry of every array of a model that is opened passes here before the first article, so the loops gather
 * what is wrong without a branch: the compiler then takes several entries at once.
 */
#include "data/vocab.h"

static bool is_mask(uint64_t mask)
{
	return ((mask + 1) & mask) == 0 && mask < UINT64_C(1) << 40;
}

/* Every used slot names a term of its range, and one slot at least is empty, so that probing ends. */
static bool word_slots_good(const nv_vocab *v)
{
	uint32_t bad = 0;
	uint64_t empty = 0;
	for (uint64_t i = 0; i <= v->word_mask; i++) {
		uint32_t id = v->word_slot[i].id;
		bad |= (uint32_t)(id != NV_NO_TERM) & (uint32_t)(id >= v->n_word);
		empty += id == NV_NO_TERM;
	}
	return bad == 0 && empty > 0;
}

static bool gram_slots_good(const nv_vocab *v)
{
	uint32_t bad = 0, grams = v->n_term - v->n_word;
	uint64_t empty = 0;
	for (uint64_t i = 0; v->gram_slot && i <= v->gram_mask; i++) {
		const nv_gram_slot *slot = &v->gram_slot[i];
		bad |= (uint32_t)(slot->prefix != NV_NO_TERM) & (uint32_t)(slot->id - v->n_word >= grams);
		empty += slot->prefix == NV_NO_TERM;
	}
	return bad == 0 && (!v->gram_slot || empty > 0);
}

/* A prefix comes before its n-grams: following prefixes ends. */
static bool grams_good(const nv_vocab *v)
{
	uint32_t bad = 0;
	for (uint32_t i = 0; i < v->n_term - v->n_word; i++)
		bad |= (uint32_t)(v->gram_prefix[i] >= v->n_word + i) | (uint32_t)(v->gram_word[i] >= v->n_word);
	return bad == 0;
}

static bool texts_good(const nv_vocab *v, uint64_t text_len)
{
	uint32_t bad = 0;
	for (uint32_t i = 0; i < v->n_word; i++)
		bad |= (uint32_t)(v->text_start[i] > v->text_start[i + 1]);
	return bad == 0 && v->text_start[v->n_word] <= text_len;
}

static bool sizes_good(const nv_vocab *v)
{
	if (v->max_n < 1 || v->max_n > NV_MAX_NGRAM || v->min_n < 1 || v->min_n > v->max_n)
		return false;
	if (v->hash_bits > 0)
		return v->hash_bits <= NV_MAX_HASH_BITS && v->n_word == 0 && v->n_term == UINT32_C(1) << v->hash_bits;
	return v->n_word <= v->n_term && v->n_term <= NV_MAX_TERM && is_mask(v->word_mask) && is_mask(v->gram_mask);
}

int nv_vocab_check_sizes(const nv_vocab *vocab, nv_error *err)
{
	return sizes_good(vocab) ? 0 : nv_fail(err, NV_E_MODEL, "the vocabulary's sizes are out of range");
}

int nv_vocab_check(const nv_vocab *vocab, nv_error *err)
{
	int code = nv_vocab_check_sizes(vocab, err);
	if (code < 0 || vocab->hash_bits > 0)
		return code;
	if (!word_slots_good(vocab) || !gram_slots_good(vocab))
		return nv_fail(err, NV_E_MODEL, "the vocabulary's tables are damaged");
	return 0;
}

int nv_vocab_check_texts(const nv_vocab *vocab, uint64_t text_len, nv_error *err)
{
	if (vocab->hash_bits > 0)
		return 0;
	if (!grams_good(vocab) || !texts_good(vocab, text_len))
		return nv_fail(err, NV_E_MODEL, "the vocabulary's terms are damaged");
	return 0;
}
