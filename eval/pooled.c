/* SPDX-License-Identifier: Apache-2.0
 *
 * Stance tasks pooled: F1 of favor and of against over all (article, task) pairs, and their mean (SemEval-2016 task 6). An article is
 * one unit, with a cell from each task that it is labelled for.
 */
#include "base/alloc.h"
#include "eval/figures.h"

#include <string.h>

typedef struct nv_pool {
	nv_cell *cell;     /* [n_article][stride]; of an article only the first n_cell are used */
	uint32_t *n_cell;  /* [n_article] */
	uint8_t *labelled; /* [n_article] for any of the tasks */
	size_t stride;
} nv_pool;

static void add_task(nv_pool *pool, const nv_task_predictions *task)
{
	for (size_t row = 0; row < task->n; row++) {
		uint32_t article = task->article[row];
		const uint8_t *gold = task->gold + row * task->n_label, *chosen = task->chosen + row * task->n_label;
		pool->labelled[article] = 1;
		for (uint32_t l = 0; l < NV_N_STANCE; l++)
			if (gold[l] || chosen[l])
				pool->cell[article * pool->stride + pool->n_cell[article]++] = NV_CELL(l, gold[l], chosen[l]);
	}
}

int nv_pooled_outcomes(const nv_task_predictions *const *task, size_t n_task, size_t n_article, nv_outcomes *outcomes,
                       nv_error *err)
{
	nv_pool pool = {NULL, NULL, NULL, n_task * NV_N_STANCE};
	size_t n;
	int code = nv_outcomes_init(outcomes, NV_N_STANCE, err);
	if (code != NV_OK)
		return code;
	if (nv_mul_size(n_article, pool.stride, &n)) {
		pool.cell = nv_alloc(n, sizeof *pool.cell);
		pool.n_cell = nv_alloc_zero(n_article, sizeof *pool.n_cell);
		pool.labelled = nv_alloc_zero(n_article, 1);
	}
	code = pool.cell && pool.n_cell && pool.labelled ? NV_OK : nv_fail_memory(err);
	for (size_t t = 0; code == NV_OK && t < n_task; t++)
		add_task(&pool, task[t]);
	for (size_t a = 0; code == NV_OK && a < n_article; a++)
		if (pool.labelled[a])
			code = nv_outcomes_add(outcomes, pool.cell + a * pool.stride, pool.n_cell[a], err);
	nv_free(pool.labelled);
	nv_free(pool.n_cell);
	nv_free(pool.cell);
	return code;
}

int nv_pooled_figure(const nv_outcomes *outcomes, nv_figure *f1_favor_against, nv_error *err)
{
	static const uint8_t part[NV_N_STANCE] = {[NV_FAVOR] = 1, [NV_AGAINST] = 1};
	nv_figure f1[NV_N_STANCE];
	for (uint32_t l = 0; l < NV_N_STANCE; l++)
		f1[l] = nv_outcomes_rate(outcomes, outcomes->weight, NV_RATE_F1, l);
	return nv_outcomes_macro(outcomes, outcomes->weight, NV_RATE_F1, f1, part, f1_favor_against, err);
}

int nv_pooled_stance(const nv_predictions *predictions, nv_figure *f1_favor_against, nv_error *err)
{
	size_t n_task = predictions->schema->n_task, n = 0;
	nv_outcomes outcomes = {0};
	const nv_task_predictions **task = nv_alloc(n_task, sizeof *task);
	*f1_favor_against = nv_figure_undefined();
	if (!task)
		return nv_fail_memory(err);
	for (size_t t = 0; t < n_task; t++)
		if (predictions->schema->task[t].kind == NV_STANCE)
			task[n++] = &predictions->task[t];
	int code = n > 0 ? nv_pooled_outcomes(task, n, predictions->n, &outcomes, err) : NV_OK;
	if (code == NV_OK && n > 0)
		code = nv_pooled_figure(&outcomes, f1_favor_against, err);
	nv_outcomes_release(&outcomes);
	nv_free(task);
	return code;
}
