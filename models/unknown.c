/* SPDX-License-Identifier: Apache-2.0
 *
 * Words that the vocabulary lacks: collected once for each view's part of the article, valued like known terms (their
 * idf is the view's unknown_idf, their length share the row's scale), and weighted by their character n-grams
 * (model.h). Two words are the same when their 64-bit hashes are.
 */
#include "models/scorer.h"

#include "base/alloc.h"
#include "base/numeric.h"

#include <string.h>

#define CACHE_BYTES ((size_t)2 << 20)
#ifdef NV_FUZZ
#define CACHE_MOST 16 /* so that words drive each other out, and no run pays for clearing it */
#else
#define CACHE_MOST 16384
#endif
#define GRAMS_AT_ONCE 64
#define ONES_8 1, 1, 1, 1, 1, 1, 1, 1
#define ONES_32 ONES_8, ONES_8, ONES_8, ONES_8

int nv_unknown_cache_init(nv_unknown_cache *cache, const nv_model_view *view, nv_error *err)
{
	*cache = (nv_unknown_cache){NULL, NULL, 0, NULL};
	if (!nv_view_sees_unknown(view))
		return NV_OK;
	uint32_t size = CACHE_MOST;
	while (size > 1 && size * (view->stride * sizeof(float) + sizeof(uint64_t)) > CACHE_BYTES)
		size /= 2;
	cache->hash = nv_alloc_zero(size, sizeof *cache->hash);
	cache->weight = nv_alloc_aligned(size, view->stride * sizeof *cache->weight);
	cache->sum = nv_alloc(view->stride, sizeof *cache->sum);
	if (!cache->hash || !cache->weight || !cache->sum)
		return nv_fail_memory(err);
	cache->size = size;
	return NV_OK;
}

void nv_unknown_cache_release(nv_unknown_cache *cache)
{
	nv_free(cache->hash);
	nv_free_aligned(cache->weight);
	nv_free(cache->sum);
}

/* ---- Counting ---- */

/* Room for the words of a document of n tokens; the table stays at most half full. */
static int grow_table(nv_scorer *scorer, size_t n, nv_error *err)
{
	size_t want = scorer->n_slot ? scorer->n_slot : 256;
	while (want / 2 < n)
		want *= 2;
	if (want != scorer->n_slot) {
		nv_unknown_slot *slot = nv_alloc_zero(want, sizeof *slot);
		if (!slot)
			return nv_fail_memory(err);
		nv_free(scorer->slot);
		scorer->slot = slot;
		scorer->n_slot = want;
		scorer->epoch = 0;
	}
	if (!nv_grow(&scorer->unknown, &scorer->cap_unknown, n, sizeof *scorer->unknown))
		return nv_fail_memory(err);
	return NV_OK;
}

static nv_unknown_word *find_word(nv_scorer *scorer, uint32_t token)
{
	uint64_t hash = scorer->tokens.token[token].hash;
	size_t at = (size_t)hash & (scorer->n_slot - 1);
	for (; scorer->slot[at].epoch == scorer->epoch; at = (at + 1) & (scorer->n_slot - 1))
		if (scorer->unknown[scorer->slot[at].index].hash == hash)
			return &scorer->unknown[scorer->slot[at].index];
	scorer->slot[at] = (nv_unknown_slot){scorer->epoch, (uint32_t)scorer->n_unknown};
	nv_unknown_word *word = &scorer->unknown[scorer->n_unknown++];
	*word = (nv_unknown_word){hash, token, 0, 0};
	return word;
}

/* Numbers the article's unknown words: once an article, for the first view that wants them. */
static int collect(nv_scorer *scorer, nv_error *err)
{
	const nv_document *d = &scorer->document;
	int code = grow_table(scorer, d->n, err);
	if (code < 0)
		return code;
	scorer->epoch++;
	scorer->n_unknown = 0;
	for (size_t i = 0; i < d->n; i++)
		if (d->word[i] == NV_NO_TERM)
			find_word(scorer, (uint32_t)i);
	return NV_OK;
}

static void count_range(nv_scorer *scorer, size_t from, size_t to)
{
	const nv_document *d = &scorer->document;
	for (size_t i = from; i < to; i++) {
		if (d->word[i] != NV_NO_TERM)
			continue;
		nv_unknown_word *word = find_word(scorer, (uint32_t)i);
		if (i < d->n_title)
			word->in_title++;
		else
			word->in_text++;
	}
}

static bool mentions(const nv_model_view *view, const uint32_t *word, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t low = 0, high = view->n_about;
		while (low < high) {
			uint32_t middle = low + (high - low) / 2;
			if (view->about[middle] < word[i])
				low = middle + 1;
			else
				high = middle;
		}
		if (low < view->n_about && view->about[low] == word[i])
			return true;
	}
	return false;
}

/* The part that the view's row is made of: all, or the title and the sentences that mention the target (features.h). */
static void count_part(nv_scorer *scorer, const nv_model_view *view)
{
	const nv_document *d = &scorer->document;
	if (view->n_about == 0) {
		count_range(scorer, 0, d->n);
		return;
	}
	count_range(scorer, 0, d->n_title);
	for (size_t s = 0; s < d->n_sentence; s++) {
		size_t from = d->sentence[s], to = s + 1 < d->n_sentence ? d->sentence[s + 1] : d->n;
		if (from >= d->n_title && mentions(view, d->word + from, to - from))
			count_range(scorer, from, to);
	}
}

static double value_of(const nv_model_view *view, const nv_unknown_word *word, double scale)
{
	double tf = word->in_title * view->title_weight + word->in_text;
	if (tf <= 0)
		return 0;
	if (view->weighting == NV_WEIGHT_COUNT)
		return tf * scale;
	if (view->weighting == NV_WEIGHT_BINARY)
		return scale;
	double value = tf == 1 ? 1 : 1 + nv_log(tf);
	return value > 0 ? value * (double)view->unknown_idf * scale : 0;
}

int nv_unknown_values(const nv_model *model, nv_scorer *scorer, uint32_t v, nv_error *err)
{
	const nv_model_view *view = &model->view[v];
	nv_scorer_view *own = &scorer->view[v];
	if (!nv_view_sees_unknown(view))
		return NV_OK;
	int code = scorer->n_unknown > 0 ? NV_OK : collect(scorer, err);
	if (code < 0)
		return code;
	if (!nv_grow(&own->unknown_value, &own->cap_unknown_value, scorer->n_unknown + 1, sizeof *own->unknown_value))
		return nv_fail_memory(err);
	for (size_t i = 0; i < scorer->n_unknown; i++)
		scorer->unknown[i].in_title = scorer->unknown[i].in_text = 0;
	if (scorer->n_unknown > 0)
		count_part(scorer, view);
	for (size_t i = 0; i < scorer->n_unknown; i++)
		own->unknown_value[i] = value_of(view, &scorer->unknown[i], own->row.scale);
	return NV_OK;
}

/* ---- Weights ---- */

/* The n-gram's row, or NV_NO_TERM. What is not sure of a mapped table is checked here: that it has an end, and rows in
 * range. */
static int find_gram(const nv_model_view *view, uint64_t hash, uint32_t *row, nv_error *err)
{
	uint64_t at = hash & view->gram_mask;
	*row = NV_NO_TERM;
	bool verified = nv_block_is_verified(view->gram_slot_block);
	for (uint64_t tries = 0; tries <= view->gram_mask; tries++, at = (at + 1) & view->gram_mask) {
		int code = verified ? NV_OK
		                    : nv_block_need(view->gram_slot_block, at * sizeof(nv_gram_row), sizeof(nv_gram_row), err);
		if (code < 0)
			return code;
		const nv_gram_row *slot = &view->gram_slot[at];
		if (slot->hash == 0)
			return NV_OK;
		if (slot->hash == hash) {
			*row = slot->row < view->n_gram ? slot->row : NV_NO_TERM;
			return NV_OK;
		}
	}
	return NV_OK;
}

/* The sum of the weights of up to GRAMS_AT_ONCE n-grams. Slots, then rows, are asked for before the first is needed:
 * they lie all over memory. */
static int add_grams(const nv_model_view *view, const uint64_t *gram, size_t n, double *sum, nv_error *err)
{
	static const double ones[GRAMS_AT_ONCE] = {ONES_32, ONES_32};
	uint32_t row[GRAMS_AT_ONCE];
	uint64_t bytes = view->stride * sizeof(float);
	size_t n_row = 0;
	int code = NV_OK;
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(&view->gram_slot[gram[i] & view->gram_mask]);
	for (size_t i = 0; i < n && code == NV_OK; i++) {
		code = find_gram(view, gram[i], &row[n_row], err);
		if (code == NV_OK && row[n_row] != NV_NO_TERM) {
			__builtin_prefetch(view->gram_weight + row[n_row] * (size_t)view->stride);
			n_row++;
		}
	}
	for (size_t i = 0; i < n_row && code == NV_OK && !nv_block_is_verified(view->gram_weight_block); i++)
		code = nv_block_need(view->gram_weight_block, row[i] * bytes, bytes, err);
	if (code == NV_OK)
		nv_sum_rows(view->gram_weight, view->stride, row, ones, n_row, sum);
	return code;
}

static int compute_weights(const nv_model_view *view, nv_subword_list *grams, nv_str word, double *sum, float *weight,
                           nv_error *err)
{
	nv_range range = {view->subword_low, view->subword_high};
	int code = nv_subwords_of(word, range, grams, err);
	for (uint32_t j = 0; j < view->stride; j++)
		sum[j] = 0;
	for (size_t i = 0; code == NV_OK && i < grams->n; i += GRAMS_AT_ONCE) {
		size_t left = grams->n - i;
		code = add_grams(view, grams->gram + i, left < GRAMS_AT_ONCE ? left : GRAMS_AT_ONCE, sum, err);
	}
	if (code < 0)
		return code;
	uint64_t bytes = view->stride * sizeof(float);
	const float *common = view->gram_weight + (view->n_gram - 1) * (size_t)view->stride;
	if (!nv_block_is_verified(view->gram_weight_block))
		code = nv_block_need(view->gram_weight_block, (view->n_gram - 1) * bytes, bytes, err);
	if (code < 0)
		return code;
	for (uint32_t j = 0; j < view->stride; j++)
		weight[j] = (float)(sum[j] / (double)view->unknown_idf + (double)common[j]);
	return NV_OK;
}

int nv_unknown_weights(const nv_model *model, nv_scorer *scorer, uint32_t v, const nv_unknown_word *word,
                       const float **weight, nv_error *err)
{
	const nv_model_view *view = &model->view[v];
	nv_unknown_cache *cache = &scorer->view[v].cache;
	size_t at = (size_t)(word->hash >> 20) & (cache->size - 1);
	float *row = cache->weight + at * view->stride;
	*weight = row;
	if (cache->hash[at] == word->hash && word->hash != 0)
		return NV_OK;
	const nv_token *token = &scorer->tokens.token[word->token];
	cache->hash[at] = 0;
	nv_str text = {scorer->tokens.text.ptr + token->start, token->len};
	int code = compute_weights(view, &scorer->grams, text, cache->sum, row, err);
	if (code == NV_OK)
		cache->hash[at] = word->hash;
	return code;
}
