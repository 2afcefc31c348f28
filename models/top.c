/* SPDX-License-Identifier: Apache-2.0
 *
 * One pass over the terms with a list of k a score and side, kept in order by insertion: most terms fail the comparison
 * with the list's last. Equal weights keep the order of term ids.
 */
#include "models/top.h"

#include "base/alloc.h"
#include "models/block.h"

#include <string.h>

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

static void add_term(const nv_model *model, uint32_t term, double *sum)
{
	for (uint32_t v = 0; v < model->n_view; v++) {
		const nv_model_view *view = &model->view[v];
		const float *row = view->weight + (size_t)term * view->stride;
		for (uint32_t j = 0; j < view->n_column; j++)
			sum[view->score[j]] += (double)row[j];
	}
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

int nv_top_find(nv_top *top, const nv_model *model, size_t k, nv_error *err)
{
	*top = (nv_top){0, NULL, NULL, NULL, NULL};
	if (k > model->vocab.n_term)
		k = model->vocab.n_term;
	int code = make_room(top, model, k, err);
	if (code < 0 || k == 0)
		return code;
	for (uint32_t v = 0; v < model->n_view && code == NV_OK; v++)
		code = nv_block_need_all(model->view[v].weight_block, err);
	double *sum = nv_alloc_zero(model->n_score, sizeof *sum);
	if (!sum && code == NV_OK)
		code = nv_fail_memory(err);
	for (uint32_t t = 0; t < model->vocab.n_term && code == NV_OK; t++) {
		add_term(model, t, sum);
		for (uint32_t s = 0; s < model->n_score; s++) {
			take(top, s, sum[s], t);
			sum[s] = 0;
		}
	}
	nv_free(sum);
	return code;
}

void nv_top_release(nv_top *top)
{
	nv_free(top->high);
	nv_free(top->low);
	nv_free(top->n_high);
	nv_free(top->n_low);
}
