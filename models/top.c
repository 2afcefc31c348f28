/* SPDX-License-Identifier: Apache-2.0
 *
 * One walk over the terms with a list of k a score and side, kept in order by insertion: most terms fail the comparison
 * with all lists' last, which is made without a branch. Each thread walks a stretch of the terms with lists of its own,
 * and verifies the weights just before it reads them, while they are in the cache. The lists are then joined in the order
 * of the stretches: equal weights keep the order of term ids.
 */
#include "models/top.h"

#include "base/alloc.h"
#include "base/parallel.h"
#include "models/block.h"

#include <string.h>

#define TERMS_AT_ONCE 256
#define TERMS_OF_A_THREAD 16384 /* fewer are not worth one */

static void insert(nv_top_term *list, uint32_t *n, size_t k, double weight, uint32_t term)
{
	size_t at = *n;
	double size = weight < 0 ? -weight : weight;
	while (at > 0 && size > (list[at - 1].weight < 0 ? -list[at - 1].weight : list[at - 1].weight))
		at--;
	if (at == k)
		return;
	size_t held = *n < k ? *n : k - 1;
	memmove(&list[at + 1], &list[at], (held - at) * sizeof *list);
	list[at] = (nv_top_term){weight, term};
	*n = (uint32_t)held + 1;
}

static void take(nv_top *top, uint32_t score, double weight, uint32_t term)
{
	if (weight > 0)
		insert(top->high + score * top->k, &top->n_high[score], top->k, weight, term);
	else if (weight < 0)
		insert(top->low + score * top->k, &top->n_low[score], top->k, weight, term);
}

static int make_room(nv_top *top, const nv_model *model, size_t k, nv_error *err)
{
	size_t n;
	if (!nv_mul_size(model->n_score, k, &n))
		return nv_fail_memory(err);
	top->k = k;
	top->high = nv_alloc(n, sizeof *top->high);
	top->low = nv_alloc(n, sizeof *top->low);
	top->n_high = nv_alloc_zero(model->n_score, sizeof *top->n_high);
	top->n_low = nv_alloc_zero(model->n_score, sizeof *top->n_low);
	return top->high && top->low && top->n_high && top->n_low ? NV_OK : nv_fail_memory(err);
}

/* ---- A stretch of the terms ---- */

typedef struct walk {
	const nv_model *model;
	nv_top *top; /* a stretch */
	size_t n_stretch;
	double *sum, *above, *below; /* [n_stretch][n_score]: a term's weights; the bounds that one must pass to be taken */
} walk;

static void add_term(const nv_model *model, uint32_t term, double *sum)
{
	memset(sum, 0, model->n_score * sizeof *sum);
	for (uint32_t v = 0; v < model->n_view; v++) {
		const nv_model_view *view = &model->view[v];
		const float *row = view->weight + (size_t)term * view->stride;
		for (uint32_t j = 0; j < view->n_column; j++)
			sum[view->score[j]] += (double)row[j];
	}
}

static bool any_outside(const double *sum, const double *below, const double *above, uint32_t n)
{
	unsigned outside = 0;
	for (uint32_t s = 0; s < n; s++)
		outside |= (unsigned)(sum[s] > above[s]) | (unsigned)(sum[s] < below[s]);
	return outside != 0;
}

static void take_term(nv_top *top, const double *sum, uint32_t term, double *below, double *above, uint32_t n)
{
	for (uint32_t s = 0; s < n; s++) {
		take(top, s, sum[s], term);
		if (top->n_high[s] == top->k)
			above[s] = top->high[(s + 1) * top->k - 1].weight;
		if (top->n_low[s] == top->k)
			below[s] = top->low[(s + 1) * top->k - 1].weight;
	}
}

static int need_terms(const nv_model *model, uint32_t from, uint32_t to, nv_error *err)
{
	int code = NV_OK;
	for (uint32_t v = 0; v < model->n_view && code == NV_OK; v++) {
		uint64_t row = model->view[v].stride * sizeof(float);
		code = nv_block_need(model->view[v].weight_block, from * row, (to - from) * row, err);
	}
	return code;
}

static int walk_stretch(void *context, size_t item, size_t worker, nv_error *err)
{
	walk *w = context;
	const nv_model *model = w->model;
	uint32_t n = model->n_score;
	uint64_t n_term = model->vocab.n_term;
	uint32_t at = (uint32_t)(n_term * item / w->n_stretch), end = (uint32_t)(n_term * (item + 1) / w->n_stretch);
	double *sum = w->sum + item * n, *above = w->above + item * n, *below = w->below + item * n;
	(void)worker;
	while (at < end) {
		uint32_t stop = end - at > TERMS_AT_ONCE ? at + TERMS_AT_ONCE : end;
		int code = need_terms(model, at, stop, err);
		if (code < 0)
			return code;
		for (; at < stop; at++) {
			add_term(model, at, sum);
			if (any_outside(sum, below, above, n))
				take_term(&w->top[item], sum, at, below, above, n);
		}
	}
	return NV_OK;
}

/* ---- All stretches ---- */

static void join(nv_top *into, const nv_top *from, uint32_t n_score)
{
	for (uint32_t s = 0; s < n_score; s++) {
		for (uint32_t i = 0; i < from->n_high[s]; i++)
			take(into, s, from->high[s * from->k + i].weight, from->high[s * from->k + i].term);
		for (uint32_t i = 0; i < from->n_low[s]; i++)
			take(into, s, from->low[s * from->k + i].weight, from->low[s * from->k + i].term);
	}
}

static int open_walk(walk *w, nv_error *err)
{
	size_t n = w->n_stretch * (size_t)w->model->n_score;
	w->top = nv_alloc_zero(w->n_stretch, sizeof *w->top);
	w->sum = nv_alloc(n, sizeof *w->sum);
	w->above = nv_alloc_zero(n, sizeof *w->above);
	w->below = nv_alloc_zero(n, sizeof *w->below);
	return w->top && w->sum && w->above && w->below ? NV_OK : nv_fail_memory(err);
}

static void close_walk(walk *w)
{
	for (size_t i = 0; w->top && i < w->n_stretch; i++)
		nv_top_release(&w->top[i]);
	nv_free(w->top);
	nv_free(w->sum);
	nv_free(w->above);
	nv_free(w->below);
}

static int walk_all(nv_top *top, const nv_model *model, nv_error *err)
{
	walk w = {.model = model, .n_stretch = nv_cores()};
	size_t most = model->vocab.n_term / TERMS_OF_A_THREAD + 1;
	w.n_stretch = w.n_stretch < most ? w.n_stretch : most;
	int code = open_walk(&w, err);
	for (size_t i = 0; i < w.n_stretch && code == NV_OK; i++)
		code = make_room(&w.top[i], model, top->k, err);
	if (code == NV_OK)
		code = nv_parallel_for(w.n_stretch, w.n_stretch, walk_stretch, &w, err);
	for (size_t i = 0; i < w.n_stretch && code == NV_OK; i++)
		join(top, &w.top[i], model->n_score);
	close_walk(&w);
	return code;
}

/* ---- The lists ---- */

static bool is_kept(const nv_model *model, size_t k)
{
	const nv_file_block *block = model->blocks ? nv_block_find(model->blocks, "top_terms") : NULL;
	return k <= NV_TOP_KEPT && block && block->len > 0;
}

static int open_lists(nv_top *top, const nv_model *model, size_t k, nv_error *err)
{
	*top = (nv_top){.k = 0};
	return make_room(top, model, k < model->vocab.n_term ? k : model->vocab.n_term, err);
}

int nv_top_walk(nv_top *top, const nv_model *model, size_t k, nv_error *err)
{
	int code = open_lists(top, model, k, err);
	if (code == NV_OK && top->k > 0)
		code = walk_all(top, model, err);
	return code == NV_OK && top->k > 0 ? nv_model_need_texts(model, err) : code;
}

int nv_top_find(nv_top *top, const nv_model *model, size_t k, nv_error *err)
{
	if (!is_kept(model, k))
		return nv_top_walk(top, model, k, err);
	int code = open_lists(top, model, k, err);
	return code == NV_OK && top->k > 0 ? nv_top_read_kept(top, model, err) : code;
}

int nv_top_check_kept(const nv_model *model, nv_error *err)
{
	nv_top top;
	if (!is_kept(model, NV_TOP_KEPT))
		return NV_OK;
	int code = nv_top_find(&top, model, NV_TOP_KEPT, err);
	nv_top_release(&top);
	return code;
}

void nv_top_add_text(const nv_top *top, const nv_model *model, const nv_top_term *term, nv_buf *out)
{
	if (top->kept.len == 0) {
		nv_vocab_term_text(&model->vocab, term->term, out);
		return;
	}
	nv_str text = nv_top_kept_text(top->kept, term->term);
	nv_buf_add(out, text.ptr, text.len);
}

void nv_top_release(nv_top *top)
{
	nv_free(top->high);
	nv_free(top->low);
	nv_free(top->n_high);
	nv_free(top->n_low);
}
