/* SPDX-License-Identifier: Apache-2.0
 *
 * Words that the vocabulary lacks: collected once for each view's part of the article, valued like known terms (their
 * idf is the view's unknown_idf, their length share the row's scale), and weighted by their character n-grams
 * (model.h). Two words are the same when their 64-bit hashes are.
 */
#include "models/scorer.h"

#include "base/alloc.h"
#include "base/numeric.h"

#include <math.h>
#include <string.h>

#define AHEAD 16           /* slots between a prefetch and its use */
#define GRAMS_AT_ONCE 4096 /* listed before they are added: memory does not grow with the article */

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

/* The number of a token's word. */
static uint32_t number_word(nv_scorer *scorer, uint32_t token)
{
	uint64_t hash = scorer->tokens.token[token].hash;
	size_t at = (size_t)hash & (scorer->n_slot - 1);
	for (; scorer->slot[at].epoch == scorer->epoch; at = (at + 1) & (scorer->n_slot - 1))
		if (scorer->unknown[scorer->slot[at].index].hash == hash)
			return scorer->slot[at].index;
	scorer->slot[at] = (nv_unknown_slot){scorer->epoch, (uint32_t)scorer->n_unknown};
	scorer->unknown[scorer->n_unknown] = (nv_unknown_word){hash, token, 0, 0};
	return (uint32_t)scorer->n_unknown++;
}

/* Numbers the article's unknown words: once an article, for the first view that wants them. */
static int collect(nv_scorer *scorer, nv_error *err)
{
	int code = grow_table(scorer, scorer->n_place, err);
	if (code < 0)
		return code;
	scorer->epoch++;
	scorer->n_unknown = 0;
	for (size_t i = 0; i < scorer->n_place; i++)
		scorer->place[i].word = number_word(scorer, scorer->place[i].token);
	return NV_OK;
}

/* Counts the words at tokens from .. to - 1; *at is the first place not passed yet. */
static void count_range(nv_scorer *scorer, size_t from, size_t to, size_t *at)
{
	const nv_unknown_place *place = scorer->place;
	while (*at < scorer->n_place && place[*at].token < from)
		++*at;
	for (; *at < scorer->n_place && place[*at].token < to; ++*at) {
		nv_unknown_word *word = &scorer->unknown[place[*at].word];
		if (place[*at].token < scorer->document.n_title)
			word->in_title++;
		else
			word->in_text++;
	}
}

/* The part that the view's row is made of: all, or the title and the sentences that mention the target (features.h). */
static void count_part(nv_scorer *scorer, const nv_model_view *view)
{
	const nv_document *d = &scorer->document;
	const nv_view part = {view->about, view->n_about};
	size_t at = 0;
	if (part.n_about == 0) {
		count_range(scorer, 0, d->n, &at);
		return;
	}
	count_range(scorer, 0, d->n_title, &at);
	for (size_t s = 0; s < d->n_sentence; s++) {
		size_t from = d->sentence[s], to = s + 1 < d->n_sentence ? d->sentence[s + 1] : d->n;
		if (from >= d->n_title && nv_view_mentions(&part, d->word + from, to - from))
			count_range(scorer, from, to, &at);
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

/* By the squares of the unknown words' values, which are in units of the known terms' length. In a length such a word has
 * the idf of a word of one article, as it would have if its article was one of the training's: rows that calibration
 * learns from hold no rarer ones. */
static double shrink_of(const nv_model_view *view, const nv_scorer_view *own, size_t n_unknown)
{
	double once = view->weighting == NV_WEIGHT_TFIDF ? 1 - M_LN2 / (double)view->unknown_idf : 1;
	double known = own->row.n > 0, square = 0;
	for (size_t i = 0; i < n_unknown; i++)
		square += own->unknown_value[i] * own->unknown_value[i];
	return square > 0 ? 1 / sqrt(known + once * once * square) : 1;
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
	own->shrink = view->normalize ? shrink_of(view, own, scorer->n_unknown) : 1;
	return NV_OK;
}

/* ---- Weights ---- */

/* Lists the distinct n-grams of the word, each with what its row is to be multiplied by. */
static int list_grams(const nv_model_view *view, nv_scorer *scorer, const nv_unknown_word *word, double value,
                      nv_error *err)
{
	const nv_token *token = &scorer->tokens.token[word->token];
	nv_str text = {scorer->tokens.text.ptr + token->start, token->len};
	nv_range range = {view->subword_low, view->subword_high};
	nv_subword_list *grams = &scorer->grams;
	size_t i = grams->n;
	int code = nv_subwords_of(text, range, grams, err);
	if (code < 0)
		return code;
	if (!nv_grow(&scorer->gram_value, &scorer->cap_gram_value, grams->n + 1, sizeof *scorer->gram_value))
		return nv_fail_memory(err);
	for (; i < grams->n; i++)
		scorer->gram_value[i] = value / (double)view->unknown_idf;
	return NV_OK;
}

/* The n-gram's row, or NV_NO_TERM. What is not sure of a mapped table is checked here: that it has an end, and rows in
 * range. */
static int find_gram(const nv_model_view *view, bool verified, uint64_t hash, uint32_t *row, nv_error *err)
{
	uint64_t at = hash & view->gram_mask;
	*row = NV_NO_TERM;
	for (uint64_t tries = 0; tries <= view->gram_mask; tries++, at = (at + 1) & view->gram_mask) {
		int code =
			verified ? NV_OK : nv_block_need(view->gram_slot_block, at * sizeof(nv_gram_row), sizeof(nv_gram_row), err);
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

/* Rows of the listed n-grams, with their values moved up to them; those that the model lacks are left out. Slots lie all
 * over memory and are asked for before they are needed. */
static int find_rows(const nv_model_view *view, nv_scorer *scorer, size_t *n_row, nv_error *err)
{
	const uint64_t *gram = scorer->grams.gram;
	size_t n = scorer->grams.n;
	bool verified = nv_block_is_verified(view->gram_slot_block);
	int code = NV_OK;
	*n_row = 0;
	if (!nv_grow(&scorer->gram_row, &scorer->cap_gram_row, n + 1, sizeof *scorer->gram_row))
		return nv_fail_memory(err);
	for (size_t i = 0; i < n && i < AHEAD; i++)
		__builtin_prefetch(&view->gram_slot[gram[i] & view->gram_mask]);
	for (size_t i = 0; i < n && code == NV_OK; i++) {
		uint32_t row;
		if (i + AHEAD < n)
			__builtin_prefetch(&view->gram_slot[gram[i + AHEAD] & view->gram_mask]);
		code = find_gram(view, verified, gram[i], &row, err);
		scorer->gram_row[*n_row] = row;
		scorer->gram_value[*n_row] = scorer->gram_value[i];
		*n_row += row != NV_NO_TERM;
	}
	return code;
}

static int verify_rows(const nv_model_view *view, const uint32_t *row, size_t n, nv_error *err)
{
	return nv_block_need_rows(view->gram_weight_block, view->stride * sizeof *view->gram_weight, row, n, err);
}

/* Adds the rows of the listed n-grams to sum[stride], and empties the list. */
static int add_listed(const nv_model_view *view, nv_scorer *scorer, double *sum, nv_error *err)
{
	size_t n_row;
	int code = find_rows(view, scorer, &n_row, err);
	if (code == NV_OK)
		code = verify_rows(view, scorer->gram_row, n_row, err);
	if (code == NV_OK)
		nv_sum_rows(view->gram_weight, view->stride, scorer->gram_row, scorer->gram_value, n_row, sum);
	scorer->grams.n = 0;
	return code;
}

int nv_unknown_add(const nv_model *model, nv_scorer *scorer, uint32_t v, double *sum, nv_error *err)
{
	const nv_model_view *view = &model->view[v];
	const uint32_t common = view->n_gram - 1;
	int code = NV_OK;
	double total = 0;
	scorer->grams.n = 0;
	for (size_t i = 0; i < scorer->n_unknown && code == NV_OK; i++) {
		double value = scorer->view[v].unknown_value[i];
		total += value;
		if (value != 0)
			code = list_grams(view, scorer, &scorer->unknown[i], value, err);
		if (code == NV_OK && scorer->grams.n >= GRAMS_AT_ONCE)
			code = add_listed(view, scorer, sum, err);
	}
	if (code == NV_OK && scorer->grams.n > 0)
		code = add_listed(view, scorer, sum, err);
	if (code == NV_OK && total > 0)
		code = verify_rows(view, &common, 1, err);
	if (code == NV_OK && total > 0)
		nv_sum_rows(view->gram_weight, view->stride, &common, &total, 1, sum);
	return code;
}

int nv_unknown_weight(const nv_model *model, nv_scorer *scorer, uint32_t v, const nv_unknown_word *word,
                      uint32_t column, double *weight, nv_error *err)
{
	const nv_model_view *view = &model->view[v];
	size_t n_row = 0;
	scorer->grams.n = 0;
	int code = list_grams(view, scorer, word, 1, err);
	if (code == NV_OK)
		code = find_rows(view, scorer, &n_row, err);
	if (code < 0)
		return code;
	scorer->gram_row[n_row] = view->n_gram - 1;
	scorer->gram_value[n_row++] = 1;
	code = verify_rows(view, scorer->gram_row, n_row, err);
	*weight = 0;
	for (size_t i = 0; i < n_row && code == NV_OK; i++)
		*weight +=
			scorer->gram_value[i] * (double)view->gram_weight[scorer->gram_row[i] * (size_t)view->stride + column];
	return code;
}
