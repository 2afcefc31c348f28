/* SPDX-License-Identifier: Apache-2.0
 *
 * Stance tasks pooled: F1 of favor and of against over all (article, task) pairs, and their mean (SemEval-2016 task 6). An article is
 * one unit, with a cell from each task that it is labelled for.
 */
#include "base/alloc.h"
#include "eval/figures.h"

#include <string.h>

typedef struct nv_pool {
	nv_cell *cell; /* [n_article][2 * n_stance]; only the first n_cell[article] are used */
	uint32_t *n_cell;
	size_t stride;
} nv_pool;

static void add_task(nv_pool *pool, const nv_task_predictions *task)
{
	for (size_t row = 0; row < task->n; row++) {
		uint32_t article = task->article[row];
		const uint8_t *gold = task->gold + row * task->n_label, *chosen = task->chosen + row * task->n_label;
		for (uint32_t l = 0; l < NV_N_STANCE; l++)
			if (gold[l] || chosen[l])
				pool->cell[article * pool->stride + pool->n_cell[article]++] = NV_CELL(l, gold[l], chosen[l]);
	}
}

static int pooled_figure(const nv_outcomes *outcomes, nv_figure *f1_favor_against, nv_error *err)
{
	static const uint8_t part[NV_N_STANCE] = {[NV_FAVOR] = 1, [NV_AGAINST] = 1};
	nv_figure f1[NV_N_STANCE];
	for (uint32_t l = 0; l < NV_N_STANCE; l++)
		f1[l] = nv_outcomes_rate(outcomes, outcomes->weight, NV_RATE_F1, l);
	return nv_outcomes_macro(outcomes, outcomes->weight, NV_RATE_F1, f1, part, f1_favor_against, err);
}

static int pool_outcomes(const nv_predictions *predictions, nv_pool *pool, nv_outcomes *outcomes, nv_error *err)
{
	int code = NV_OK;
	for (size_t t = 0; t < predictions->schema->n_task; t++)
		if (predictions->schema->task[t].kind == NV_STANCE)
			add_task(pool, &predictions->task[t]);
	for (size_t a = 0; code == NV_OK && a < predictions->n; a++)
		if (pool->n_cell[a] > 0)
			code = nv_outcomes_add(outcomes, pool->cell + a * pool->stride, pool->n_cell[a], err);
	return code;
}

int nv_pooled_stance(const nv_predictions *predictions, nv_figure *f1_favor_against, nv_error *err)
{
	nv_pool pool = {NULL, NULL, 0};
	nv_outcomes outcomes = {0};
	size_t n;
	*f1_favor_against = nv_figure_undefined();
	for (size_t t = 0; t < predictions->schema->n_task; t++)
		pool.stride += predictions->schema->task[t].kind == NV_STANCE ? NV_N_STANCE : 0;
	if (pool.stride == 0)
		return NV_OK;
	if (nv_mul_size(predictions->n, pool.stride, &n)) {
		pool.cell = nv_alloc(n, sizeof *pool.cell);
		pool.n_cell = nv_alloc_zero(predictions->n, sizeof *pool.n_cell);
	}
	int code = pool.cell && pool.n_cell ? nv_outcomes_init(&outcomes, NV_N_STANCE, err) : nv_fail_memory(err);
	if (code == NV_OK)
		code = pool_outcomes(predictions, &pool, &outcomes, err);
	if (code == NV_OK)
		code = pooled_figure(&outcomes, f1_favor_against, err);
	nv_outcomes_release(&outcomes);
	nv_free(pool.n_cell);
	nv_free(pool.cell);
	return code;
}
