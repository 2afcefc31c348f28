/* SPDX-License-Identifier: Apache-2.0
 *
 * Article by article: where A alone is right, where B alone is, and where both are wrong, alike or apart; McNemar's
 * tests from these counts; and the articles on which two models part furthest.
 */
#include "base/alloc.h"
#include "eval/compare.h"

#include <math.h>
#include <string.h>

const char *nv_parting_name(nv_parting kind)
{
	static const char *const name[NV_N_PARTING] = {"both right", "only A right", "only B right", "both wrong alike",
	                                               "both wrong, differently"};
	return name[kind];
}

/* ---- One article ---- */

/* What was wrong with an answer: the next label that was given without being gold, or was gold without being given. */
typedef struct nv_faults {
	const nv_cell *cell, *end;
} nv_faults;

static nv_faults faults_of(const nv_outcomes *outcomes, size_t row)
{
	const nv_cell *cell = outcomes->cell;
	uint32_t pattern = outcomes->pattern[row];
	return (nv_faults){cell + outcomes->start[pattern], cell + outcomes->start[pattern + 1]};
}

/* NV_ALL_LABELS: no more. Labels come in rising order. */
static uint32_t next_fault(nv_faults *faults)
{
	for (; faults->cell < faults->end; faults->cell++)
		if (NV_CELL_GOLD(*faults->cell) != NV_CELL_CHOSEN(*faults->cell))
			return NV_CELL_LABEL(*faults->cell++);
	return NV_ALL_LABELS;
}

typedef struct nv_pairing {
	const nv_task_comparison *task;
	uint64_t *only_a, *only_b; /* [n_label] articles on which one alone is right about the label */
} nv_pairing;

static double gap_at(const nv_task_comparison *task, size_t row, uint32_t label)
{
	size_t at = row * task->a.n_label + label;
	return label < task->a.n_label ? fabs(task->a.p[at] - task->b.p[at]) : 0;
}

/* Both answers' faults side by side. */
static nv_parted_article part(const nv_pairing *pairing, size_t row)
{
	const nv_task_comparison *task = pairing->task;
	nv_faults a = faults_of(&task->figures_a->outcomes, row), b = faults_of(&task->figures_b->outcomes, row);
	uint32_t of_a = next_fault(&a), of_b = next_fault(&b);
	bool a_right = of_a == NV_ALL_LABELS, b_right = of_b == NV_ALL_LABELS, alike = true;
	nv_parted_article article = {.row = (uint32_t)row};
	while (of_a != NV_ALL_LABELS || of_b != NV_ALL_LABELS) {
		uint32_t label = of_a < of_b ? of_a : of_b;
		bool a_faulty = of_a == label, b_faulty = of_b == label;
		if (a_faulty != b_faulty) {
			++*(a_faulty ? &pairing->only_b[label] : &pairing->only_a[label]);
			article.gap = fmax(article.gap, gap_at(task, row, label));
			alike = false;
		}
		of_a = a_faulty ? next_fault(&a) : of_a;
		of_b = b_faulty ? next_fault(&b) : of_b;
	}
	article.kind = a_right && b_right ? NV_BOTH_RIGHT
	               : a_right          ? NV_ONLY_A_RIGHT
	               : b_right          ? NV_ONLY_B_RIGHT
	               : alike            ? NV_BOTH_WRONG_ALIKE
	                                  : NV_BOTH_WRONG_APART;
	return article;
}

/* ---- Which articles are listed ---- */

typedef struct nv_parted_list {
	nv_parted_article item[NV_PARTING_LISTED]; /* [n] by falling gap, ties by row */
	size_t n;
} nv_parted_list;

static void keep(nv_parted_list *list, nv_parted_article article)
{
	if (list->n == NV_PARTING_LISTED && !(article.gap > list->item[list->n - 1].gap))
		return;
	size_t at = list->n < NV_PARTING_LISTED ? list->n++ : list->n - 1;
	for (; at > 0 && article.gap > list->item[at - 1].gap; at--)
		list->item[at] = list->item[at - 1];
	list->item[at] = article;
}

/* Each kind in turn gives one article until the list is full or all have given theirs. */
static void share_places(const nv_parted_list *list, size_t *taken)
{
	size_t n = 0;
	bool any = true;
	while (any && n < NV_PARTING_LISTED) {
		any = false;
		for (int kind = 0; kind < NV_N_PARTING && n < NV_PARTING_LISTED; kind++) {
			if (taken[kind] == list[kind].n)
				continue;
			taken[kind]++;
			n++;
			any = true;
		}
	}
}

static bool is_parting(nv_parting kind)
{
	return kind == NV_ONLY_A_RIGHT || kind == NV_ONLY_B_RIGHT || kind == NV_BOTH_WRONG_APART;
}

static int take_listed(nv_task_comparison *task, const nv_parted_list *list, nv_arena *arena, nv_error *err)
{
	size_t taken[NV_N_PARTING] = {0};
	share_places(list, taken);
	task->listed = nv_arena_alloc(arena, NV_PARTING_LISTED, sizeof *task->listed);
	if (!task->listed)
		return nv_fail_memory(err);
	for (size_t kind = 0; kind < NV_N_PARTING; kind++)
		for (size_t i = 0; i < taken[kind]; i++)
			task->listed[task->n_listed++] = list[kind].item[i];
	return NV_OK;
}

/* ---- All articles ---- */

static int test_labels(nv_task_comparison *task, const nv_pairing *pairing, nv_error *err)
{
	double *p = nv_alloc(task->n_label, 2 * sizeof *p);
	if (!p)
		return nv_fail_memory(err);
	double *adjusted = p + task->n_label;
	for (size_t l = 0; l < task->n_label; l++) {
		task->label[l].test = nv_mcnemar_of(pairing->only_a[l], pairing->only_b[l]);
		p[l] = task->label[l].test.p;
	}
	int code = nv_holm(p, task->n_label, adjusted, err);
	for (size_t l = 0; code == NV_OK && l < task->n_label; l++)
		task->label[l].holm = adjusted[l];
	nv_free(p);
	return code;
}

int nv_compare_articles(nv_report *report, nv_task_comparison *task, nv_error *err)
{
	uint64_t *only = nv_alloc_zero(task->n_label, 2 * sizeof *only);
	nv_parted_list *list = nv_alloc_zero(NV_N_PARTING, sizeof *list);
	const nv_pairing pairing = {task, only, only ? only + task->n_label : NULL};
	int code = only && list ? NV_OK : nv_fail_memory(err);
	for (size_t row = 0; code == NV_OK && row < task->a.n; row++) {
		nv_parted_article article = part(&pairing, row);
		task->parting[article.kind]++;
		if (is_parting(article.kind))
			keep(&list[article.kind], article);
	}
	if (code == NV_OK)
		code = test_labels(task, &pairing, err);
	if (code == NV_OK)
		code = take_listed(task, list, &report->comparison->arena, err);
	task->test = nv_mcnemar_of(task->parting[NV_ONLY_A_RIGHT], task->parting[NV_ONLY_B_RIGHT]);
	nv_free(list);
	nv_free(only);
	return code;
}
