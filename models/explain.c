/* SPDX-License-Identifier: Apache-2.0
 *
 * What moved a score. The terms of all views' rows are merged once an article, with their texts; each score then sums
 * its columns' products over them.
 */
#include "models/scorer.h"

#include "base/alloc.h"

#include <string.h>

/* ---- The article's terms, once ---- */

/* Merges view v's terms (rising) and unknown words into scorer->key. */
static int merge_keys(nv_scorer *scorer, const nv_scorer_view *view, bool sees_unknown, nv_error *err)
{
	size_t n_row = view->row.n, n_new = n_row + (sees_unknown ? scorer->n_unknown : 0), i = 0, j = 0, n = 0;
	if (!nv_grow(&scorer->key_merged, &scorer->cap_merged, scorer->n_key + n_new + 1, sizeof *scorer->key_merged))
		return nv_fail_memory(err);
	while (i < scorer->n_key || j < n_new) {
		uint64_t a = i < scorer->n_key ? scorer->key[i] : UINT64_MAX;
		uint64_t b = j >= n_new ? UINT64_MAX : j < n_row ? view->row.term[j] : NV_KEY_UNKNOWN + (j - n_row);
		scorer->key_merged[n++] = a < b ? a : b;
		i += a <= b;
		j += b <= a;
	}
	uint64_t *swap = scorer->key;
	size_t swap_cap = scorer->cap_key;
	scorer->key = scorer->key_merged;
	scorer->cap_key = scorer->cap_merged;
	scorer->key_merged = swap;
	scorer->cap_merged = swap_cap;
	scorer->n_key = n;
	return NV_OK;
}

static void add_text(const nv_model *model, nv_scorer *scorer, uint64_t key)
{
	if (key < NV_KEY_UNKNOWN) {
		nv_vocab_term_text(&model->vocab, (uint32_t)key, &scorer->text);
		return;
	}
	const nv_token *token = &scorer->tokens.token[scorer->unknown[key - NV_KEY_UNKNOWN].token];
	nv_buf_add(&scorer->text, scorer->tokens.text.ptr + token->start, token->len);
}

static int make_texts(const nv_model *model, nv_scorer *scorer, nv_error *err)
{
	size_t n = scorer->n_key;
	if (!nv_grow(&scorer->text_start, &scorer->cap_text_start, n + 1, sizeof *scorer->text_start) ||
	    !nv_grow(&scorer->value, &scorer->cap_value, n + 1, sizeof *scorer->value) ||
	    !nv_grow(&scorer->contribution, &scorer->cap_contribution, n + 1, sizeof *scorer->contribution))
		return nv_fail_memory(err);
	nv_buf_clear(&scorer->text);
	for (size_t i = 0; i < n; i++) {
		scorer->text_start[i] = scorer->text.len;
		add_text(model, scorer, scorer->key[i]);
	}
	scorer->text_start[n] = scorer->text.len;
	return scorer->text.failed ? nv_fail_memory(err) : NV_OK;
}

static int prepare(const nv_model *model, nv_scorer *scorer, nv_error *err)
{
	int code = scorer->texts_ready ? NV_OK : nv_model_need_texts(model, err);
	scorer->texts_ready = code == NV_OK;
	scorer->n_key = 0;
	for (uint32_t v = 0; v < model->n_view && code == NV_OK; v++)
		code = merge_keys(scorer, &scorer->view[v], nv_view_sees_unknown(&model->view[v]), err);
	if (code == NV_OK)
		code = make_texts(model, scorer, err);
	scorer->explained = code == NV_OK;
	return code;
}

/* ---- One score ---- */

static size_t find_key(const nv_scorer *scorer, size_t from, uint64_t key)
{
	while (scorer->key[from] != key)
		from++;
	return from;
}

static int add_column(const nv_model *model, nv_scorer *scorer, uint32_t v, uint32_t column, nv_error *err)
{
	const nv_model_view *view = &model->view[v];
	const nv_scorer_view *own = &scorer->view[v];
	double share = scorer->whole_length[view->score[column]] ? own->shrink : 1;
	size_t at = 0;
	int code = NV_OK;
	for (size_t i = 0; i < own->row.n; i++) {
		at = find_key(scorer, at, own->row.term[i]);
		scorer->value[at] +=
			share * own->row.value[i] * (double)view->weight[(size_t)own->row.term[i] * view->stride + column];
	}
	for (size_t i = 0; nv_view_sees_unknown(view) && i < scorer->n_unknown && code == NV_OK; i++) {
		double weight;
		code = nv_unknown_weight(model, scorer, v, &scorer->unknown[i], column, &weight, err);
		at = find_key(scorer, at, NV_KEY_UNKNOWN + i);
		if (code == NV_OK)
			scorer->value[at] += share * own->unknown_value[i] * weight;
	}
	return code;
}

int nv_score_explain(const nv_model *model, nv_scorer *scorer, uint32_t score, const nv_contribution **term, size_t *n,
                     nv_error *err)
{
	int code = scorer->explained ? NV_OK : prepare(model, scorer, err);
	if (code < 0)
		return code;
	for (size_t i = 0; i < scorer->n_key; i++)
		scorer->value[i] = 0;
	for (uint32_t v = 0; v < model->n_view; v++)
		for (uint32_t j = 0; j < model->view[v].n_column && code == NV_OK; j++)
			if (model->view[v].score[j] == score)
				code = add_column(model, scorer, v, j, err);
	*n = 0;
	for (size_t i = 0; i < scorer->n_key && code == NV_OK; i++) {
		size_t start = scorer->text_start[i];
		nv_str text = {scorer->text.ptr + start, scorer->text_start[i + 1] - start};
		if (scorer->value[i] != 0)
			scorer->contribution[(*n)++] = (nv_contribution){text, scorer->value[i]};
	}
	*term = scorer->contribution;
	return code;
}
