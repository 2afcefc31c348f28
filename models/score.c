/* SPDX-License-Identifier: Apache-2.0
 *
 * An article's margins. Rows come from data/features.h; sums are in double, term by term in rising order, then unknown
 * words in order of appearance, view by view, so that every thread and machine comes to the same bits. What a mapped
 * file holds of a term is verified before it is used.
 */
#include "models/scorer.h"

#include "base/alloc.h"

#include <math.h>
#include <string.h>

static int init_scores(nv_scorer *scorer, const nv_model *model, nv_error *err)
{
	scorer->whole_length = nv_alloc_zero(model->n_score, sizeof *scorer->whole_length);
	if (!scorer->whole_length)
		return nv_fail_memory(err);
	for (size_t t = 0; t < model->schema->n_task; t++)
		for (size_t l = 0; l < model->schema->task[t].n_label; l++)
			scorer->whole_length[model->task[t].first_score + l] = model->task[t].whole_length;
	return NV_OK;
}

static int init_views(nv_scorer *scorer, const nv_model *model, nv_error *err)
{
	uint32_t widest = 4;
	for (uint32_t v = 0; v < model->n_view; v++) {
		nv_row_init(&scorer->view[v].row);
		if (model->view[v].stride > widest)
			widest = model->view[v].stride;
	}
	scorer->sum = nv_alloc_aligned(widest, sizeof *scorer->sum);
	return scorer->sum ? NV_OK : nv_fail_memory(err);
}

int nv_scorer_new(nv_scorer **scorer, const nv_model *model, nv_error *err)
{
	*scorer = NULL;
	nv_scorer *made = nv_alloc_zero(1, sizeof *made);
	if (!made)
		return nv_fail_memory(err);
	nv_token_list_init(&made->tokens);
	nv_document_init(&made->document);
	nv_subword_list_init(&made->grams);
	made->view = nv_alloc_zero(model->n_view, sizeof *made->view);
	made->n_view = made->view ? model->n_view : 0;
	int code = made->view ? init_views(made, model, err) : nv_fail_memory(err);
	if (code == NV_OK)
		code = nv_model_need_lookups(model, &made->vocab, err);
	if (code == NV_OK)
		code = init_scores(made, model, err);
	if (code == NV_OK)
		code = nv_feature_scratch_new(&made->features, err);
	if (code < 0)
		nv_scorer_free(made);
	else
		*scorer = made;
	return code;
}

void nv_scorer_free(nv_scorer *scorer)
{
	if (!scorer)
		return;
	for (uint32_t v = 0; v < scorer->n_view; v++) {
		nv_row_release(&scorer->view[v].row);
		nv_free(scorer->view[v].unknown_value);
	}
	nv_free(scorer->view);
	nv_free(scorer->whole_length);
	nv_feature_scratch_free(scorer->features);
	nv_free_aligned(scorer->sum);
	nv_free(scorer->place);
	nv_free(scorer->unknown);
	nv_free(scorer->slot);
	nv_free(scorer->gram_value);
	nv_free(scorer->gram_row);
	nv_free(scorer->key);
	nv_free(scorer->key_merged);
	nv_free(scorer->text_start);
	nv_free(scorer->value);
	nv_free(scorer->contribution);
	nv_buf_release(&scorer->text);
	nv_subword_list_release(&scorer->grams);
	nv_document_release(&scorer->document);
	nv_token_list_release(&scorer->tokens);
	nv_free(scorer);
}

/* Lists the places of words that the vocabulary lacks; which those are is as good as chance to the processor. */
static int list_places(nv_scorer *scorer, nv_error *err)
{
	const nv_document *d = &scorer->document;
	if (!nv_grow(&scorer->place, &scorer->cap_place, d->n + 1, sizeof *scorer->place))
		return nv_fail_memory(err);
	size_t n = 0;
	for (size_t i = 0; i < d->n; i++) {
		scorer->place[n] = (nv_unknown_place){(uint32_t)i, 0};
		n += d->word[i] == NV_NO_TERM;
	}
	scorer->n_place = n;
	return NV_OK;
}

static double coverage_of(const nv_model *model, const nv_scorer *scorer)
{
	size_t n = scorer->document.n;
	return model->vocab.hash_bits > 0 || n == 0 ? NAN : (double)(n - scorer->n_place) / (double)n;
}

static bool same_row(const nv_model_view *a, const nv_model_view *b)
{
	return a->weighting == b->weighting && a->normalize == b->normalize && a->title_weight == b->title_weight &&
	       a->n_about == 0 && b->n_about == 0 && a->idf == b->idf;
}

static int copy_row(nv_row *to, const nv_row *from, nv_error *err)
{
	size_t cap = to->cap;
	if (!nv_grow(&to->term, &cap, from->n, sizeof *to->term) ||
	    !nv_grow(&to->value, &to->cap, from->n, sizeof *to->value))
		return nv_fail_memory(err);
	if (from->n > 0) {
		memcpy(to->term, from->term, from->n * sizeof *to->term);
		memcpy(to->value, from->value, from->n * sizeof *to->value);
	}
	to->n = from->n;
	to->scale = from->scale;
	return NV_OK;
}

static int make_row(const nv_model *model, nv_scorer *scorer, uint32_t v, nv_error *err)
{
	const nv_model_view *view = &model->view[v];
	nv_row *row = &scorer->view[v].row;
	if (v > 0 && same_row(view, view - 1))
		return copy_row(row, &scorer->view[v - 1].row, err);
	nv_features features = {scorer->vocab, view->idf, (int)view->weighting, view->title_weight, view->normalize != 0};
	nv_view part = {view->about, view->n_about};
	int code = nv_features_count(&features, &part, &scorer->document, scorer->features, row, err);
	if (code == NV_OK)
		code = nv_block_need_rows(view->idf_block, sizeof *view->idf, row->term, row->n, err);
	if (code == NV_OK)
		nv_features_weigh(&features, row);
	return code;
}

static int add_unknown(const nv_model *model, nv_scorer *scorer, uint32_t v, nv_error *err)
{
	if (!nv_view_sees_unknown(&model->view[v]))
		return NV_OK;
	int code = nv_unknown_values(model, scorer, v, err);
	return code < 0 ? code : nv_unknown_add(model, scorer, v, scorer->sum, err);
}

static int add_view(const nv_model *model, nv_scorer *scorer, uint32_t v, double *margin, nv_error *err)
{
	const nv_model_view *view = &model->view[v];
	const nv_row *row = &scorer->view[v].row;
	scorer->view[v].shrink = 1;
	int code = make_row(model, scorer, v, err);
	if (code == NV_OK)
		code = nv_block_need_rows(view->weight_block, view->stride * sizeof *view->weight, row->term, row->n, err);
	if (code < 0)
		return code;
	for (uint32_t j = 0; j < view->stride; j++)
		scorer->sum[j] = 0;
	nv_sum_rows(view->weight, view->stride, row->term, row->value, row->n, scorer->sum);
	code = add_unknown(model, scorer, v, err);
	double shrink = scorer->view[v].shrink;
	for (uint32_t j = 0; j < view->n_column && code == NV_OK; j++)
		margin[view->score[j]] += scorer->sum[j] * (scorer->whole_length[view->score[j]] ? shrink : 1);
	return code;
}

int nv_score(const nv_model *model, nv_scorer *scorer, nv_str title, nv_str text, double *margin, double *coverage,
             nv_error *err)
{
	scorer->explained = false;
	scorer->n_unknown = 0;
	int code = nv_tokenize(model->tokenizer, title, text, &scorer->tokens, err);
	if (code == NV_OK)
		code = nv_document_from_tokens(&scorer->document, scorer->vocab, &scorer->tokens, err);
	if (code == NV_OK)
		code = list_places(scorer, err);
	if (code < 0)
		return code;
	*coverage = coverage_of(model, scorer);
	for (uint32_t s = 0; s < model->n_score; s++)
		margin[s] = model->bias[s];
	for (uint32_t v = 0; v < model->n_view && code == NV_OK; v++)
		code = add_view(model, scorer, v, margin, err);
	return code;
}

const nv_token_list *nv_scorer_tokens(const nv_scorer *scorer)
{
	return &scorer->tokens;
}
