/* SPDX-License-Identifier: Apache-2.0
 *
 * Patterns of outcomes (outcomes.h) already hold each row's gold and chosen labels, unknown ones among them; certainty comes from p. Each
 * list is kept sorted while rows go by, which is cheap because lists are short.
 */
#include "eval/cases.h"

#include "base/alloc.h"

#include <math.h>
#include <string.h>

typedef struct nv_finder {
	nv_cases *cases;
	const nv_task_figures *figures;
	const nv_task_predictions *predictions;
	size_t quota;
	double *
		usual; /* [n_label][2] mean certainty of the articles whose gold is no, yes (multilabel); [.][1] alone for others */
} nv_finder;

static bool each_label(const nv_task_figures *figures)
{
	return figures->task->kind == NV_MULTILABEL;
}

size_t nv_cases_n_cell(const nv_task_figures *figures)
{
	size_t axis = each_label(figures) ? figures->n_label : figures->n_axis;
	if (axis > NV_LARGEST_AXIS)
		return 0;
	return each_label(figures) ? 4 * axis : axis * axis;
}

nv_cell_place nv_cell_at(const nv_task_figures *figures, size_t cell)
{
	nv_cell_place place;
	if (each_label(figures))
		place = (nv_cell_place){cell / 4, cell >> 1 & 1, cell & 1, false};
	else
		place = (nv_cell_place){0, cell / figures->n_axis, cell % figures->n_axis, false};
	place.wrong = place.gold != place.chosen;
	return place;
}

typedef enum nv_case_order { NV_SUREST_FIRST, NV_SUREST_LAST, NV_EXCESS_FIRST } nv_case_order;

static bool comes_before(const nv_case *a, const nv_case *b, nv_case_order order)
{
	if (order == NV_EXCESS_FIRST)
		return a->excess > b->excess;
	return order == NV_SUREST_FIRST ? a->certainty > b->certainty : a->certainty < b->certainty;
}

/* Puts c before the first one that comes after it; the last one falls out of a full list. */
static void keep(nv_case_list *list, size_t most, const nv_case *c, nv_case_order order)
{
	uint32_t at = list->n;
	while (at > 0 && comes_before(c, &list->item[at - 1], order))
		at--;
	if (at >= most)
		return;
	if (list->n < most)
		list->n++;
	memmove(&list->item[at + 1], &list->item[at], (list->n - 1 - at) * sizeof *list->item);
	list->item[at] = *c;
}

static void add_case(nv_finder *finder, uint32_t row, size_t cell, double certainty, double usual)
{
	nv_cases *cases = finder->cases;
	bool wrong = nv_cell_at(finder->figures, cell).wrong;
	nv_case c = {.row = row, .cell = (uint32_t)cell, .certainty = isnan(certainty) ? 0 : certainty};
	c.excess = c.certainty - usual;
	c.suspect = wrong && c.excess >= 0;
	cases->n_suspect += c.suspect;
	if (wrong)
		keep(&cases->worst, NV_WORST_CASES, &c, NV_SUREST_FIRST);
	if (c.suspect)
		keep(&cases->suspect, (size_t)2 * NV_WORST_CASES, &c, NV_EXCESS_FIRST);
	if (cell < cases->n_cell)
		keep(&cases->cell[cell], finder->quota, &c, wrong ? NV_SUREST_FIRST : NV_SUREST_LAST);
}

static bool is_listed(const nv_case_list *list, const nv_case *c)
{
	for (uint32_t i = 0; i < list->n; i++)
		if (list->item[i].row == c->row && list->item[i].cell == c->cell)
			return true;
	return false;
}

/* At most NV_WORST_CASES of the worst were among them, so that as many are left if there are so many. */
static void leave_out_worst(nv_cases *cases)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < cases->suspect.n && n < NV_WORST_CASES; i++)
		if (!is_listed(&cases->worst, &cases->suspect.item[i]))
			cases->suspect.item[n++] = cases->suspect.item[i];
	cases->suspect.n = n;
}

/* ---- One answer an article ---- */

static void one_answer(nv_finder *finder, uint32_t row)
{
	const nv_task_figures *figures = finder->figures;
	const nv_outcomes *o = &figures->outcomes;
	size_t gold = figures->n_label, chosen = gold, n_known = finder->predictions->n_label;
	for (uint32_t i = o->start[o->pattern[row]]; i < o->start[o->pattern[row] + 1]; i++) {
		gold = NV_CELL_GOLD(o->cell[i]) ? NV_CELL_LABEL(o->cell[i]) : gold;
		chosen = NV_CELL_CHOSEN(o->cell[i]) ? NV_CELL_LABEL(o->cell[i]) : chosen;
	}
	double certainty = chosen < n_known ? finder->predictions->p[row * n_known + chosen] : 0;
	double usual = chosen < n_known ? finder->usual[2 * chosen + 1] : INFINITY;
	finder->cases->right[row] = gold == chosen;
	add_case(finder, row, gold * figures->n_axis + chosen, certainty, usual);
}

/* ---- A yes or no to each label ---- */

static void yes_or_no(nv_finder *finder, uint32_t row, size_t label, bool gold, bool chosen)
{
	size_t n_known = finder->predictions->n_label;
	size_t cell = 4 * label + (size_t)2 * gold + chosen;
	if (label < n_known) {
		double p = finder->predictions->p[row * n_known + label];
		add_case(finder, row, cell, chosen ? p : 1 - p, finder->usual[2 * label + chosen]);
	} else {
		/* Of a label that the model lacks it is not sure at all. */
		add_case(finder, row, cell, 0, INFINITY);
	}
	finder->cases->right[row] &= gold == chosen;
}

/* Cells of a pattern stand by label; labels between them are neither gold nor chosen. */
static void each_answer(nv_finder *finder, uint32_t row)
{
	const nv_outcomes *o = &finder->figures->outcomes;
	size_t label = 0;
	finder->cases->right[row] = 1;
	for (uint32_t i = o->start[o->pattern[row]]; i < o->start[o->pattern[row] + 1]; i++) {
		for (; label < NV_CELL_LABEL(o->cell[i]); label++)
			yes_or_no(finder, row, label, false, false);
		yes_or_no(finder, row, label++, NV_CELL_GOLD(o->cell[i]), NV_CELL_CHOSEN(o->cell[i]));
	}
	for (; label < finder->figures->n_label; label++)
		yes_or_no(finder, row, label, false, false);
}

/* ---- All ---- */

/* Without an article of that gold value nothing is usual: infinity suspects nobody. */
static int usual_certainty(nv_finder *finder, nv_error *err)
{
	const nv_task_predictions *p = finder->predictions;
	size_t n = 2 * p->n_label;
	uint64_t *count = nv_alloc_zero(n, sizeof *count);
	finder->usual = nv_alloc_zero(n, sizeof *finder->usual);
	if (!count || !finder->usual) {
		nv_free(count);
		return nv_fail_memory(err);
	}
	for (size_t row = 0; row < p->n; row++)
		for (size_t l = 0; l < p->n_label; l++) {
			size_t at = row * p->n_label + l, gold = p->gold[at] != 0;
			finder->usual[2 * l + gold] += gold ? p->p[at] : 1 - p->p[at];
			count[2 * l + gold]++;
		}
	for (size_t i = 0; i < n; i++)
		finder->usual[i] = count[i] ? finder->usual[i] / (double)count[i] : INFINITY;
	nv_free(count);
	return NV_OK;
}

static int make_room(nv_finder *finder, nv_arena *arena, nv_error *err)
{
	nv_cases *cases = finder->cases;
	const nv_task_figures *figures = finder->figures;
	memset(cases, 0, sizeof *cases);
	cases->n_axis = figures->n_axis;
	cases->n_cell = nv_cases_n_cell(figures);
	cases->cell = nv_arena_alloc(arena, cases->n_cell + 1, sizeof *cases->cell);
	cases->worst.item = nv_arena_alloc(arena, NV_WORST_CASES, sizeof *cases->worst.item);
	cases->suspect.item = nv_arena_alloc(arena, (size_t)2 * NV_WORST_CASES, sizeof *cases->suspect.item);
	cases->right = nv_arena_alloc(arena, figures->n + 1, 1);
	size_t n;
	nv_case *item = nv_mul_size(cases->n_cell, finder->quota, &n) ? nv_arena_alloc(arena, n + 1, sizeof *item) : NULL;
	if (!cases->cell || !cases->worst.item || !cases->suspect.item || !cases->right || !item)
		return nv_fail_memory(err);
	for (size_t c = 0; c < cases->n_cell; c++)
		cases->cell[c] = (nv_case_list){item + c * finder->quota, 0};
	return NV_OK;
}

int nv_cases_find(nv_cases *cases, const nv_task_figures *figures, const nv_task_predictions *predictions, size_t quota,
                  nv_arena *arena, nv_error *err)
{
	nv_finder finder = {cases, figures, predictions, quota ? quota : 1, NULL};
	int code = make_room(&finder, arena, err);
	if (code == NV_OK)
		code = usual_certainty(&finder, err);
	for (uint32_t row = 0; code == NV_OK && row < predictions->n; row++) {
		if (each_label(figures))
			each_answer(&finder, row);
		else
			one_answer(&finder, row);
	}
	leave_out_worst(cases);
	nv_free(finder.usual);
	return code;
}

const nv_reason *nv_case_reason(const nv_reasons *reasons, size_t task, const nv_task_figures *figures,
                                const nv_task_predictions *predictions, const nv_case *c)
{
	nv_cell_place place = nv_cell_at(figures, c->cell);
	bool each = each_label(figures), yes = each ? place.chosen != 0 : true;
	size_t label = each ? place.label : place.chosen;
	if (label >= predictions->n_label)
		return NULL;
	return nv_reasons_find(reasons, task, label, yes, predictions->article[c->row]);
}
