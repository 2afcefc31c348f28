/* SPDX-License-Identifier: Apache-2.0
 *
 * What the script draws, as one JSON object:
 *   articles   [[id, title, snippet, source, date], …]
 *   tasks      [{kind, title, labels: [{title, curve}], bins, keep, scores, learning, axis, cells: {number: [[article, certainty, suspect], …]}}]
 * Articles are written as cells need them, mistakes of all tasks first, until NV_PAGE_BYTES are used: cells after that list fewer.
 */
#include "eval/html_page.h"

#include "base/alloc.h"
#include "base/number.h"

enum { NV_ID_BYTES = 100, NV_LONGEST_TITLE = 160, NV_LONGEST_NAME = 80 };

typedef struct nv_island {
	nv_page *page;
	nv_buf articles, tasks;
	nv_json_writer of_articles, w;
	uint32_t *slot; /* [predictions->n] place in articles, 1-based; 0: not there */
	uint32_t n_slot;
} nv_island;

/* ---- Articles ---- */

static void put_cut(nv_json_writer *w, nv_str text, size_t max)
{
	nv_json_put_str(w, nv_html_cut(text, max));
}

/* The article's place, written now if it is not there and there is room; 0: no room. */
static uint32_t slot_of(nv_island *island, uint32_t number)
{
	const nv_judged_article *article = &island->page->report->predictions.article[number];
	nv_json_writer *w = &island->of_articles;
	if (island->slot[number] || island->articles.len > NV_PAGE_BYTES)
		return island->slot[number];
	nv_json_open(w, '[');
	put_cut(w, article->id, NV_ID_BYTES);
	put_cut(w, article->title, NV_LONGEST_TITLE);
	put_cut(w, article->snippet, article->snippet.len);
	put_cut(w, article->source, NV_LONGEST_NAME);
	put_cut(w, article->date, NV_LONGEST_NAME);
	nv_json_close(w, ']');
	return island->slot[number] = ++island->n_slot;
}

static void reserve_articles(nv_island *island, bool wrong)
{
	const nv_report *report = island->page->report;
	for (size_t t = 0; t < report->schema->n_task; t++) {
		const nv_cases *cases = &island->page->task[t].cases;
		for (size_t c = 0; c < cases->n_cell; c++) {
			if (nv_cell_at(&report->task[t], c).wrong != wrong)
				continue;
			for (uint32_t i = 0; i < cases->cell[c].n; i++)
				slot_of(island, report->predictions.task[t].article[cases->cell[c].item[i].row]);
		}
	}
}

/* ---- Curves ---- */

static void put_counts(nv_json_writer *w, const char *name, const uint32_t *count, size_t n)
{
	nv_json_key(w, name);
	nv_json_open(w, '[');
	for (size_t i = 0; i < n; i++)
		nv_json_put_uint(w, count[i]);
	nv_json_close(w, ']');
}

static void put_numbers(nv_json_writer *w, const char *name, const double *x, size_t n)
{
	nv_json_key(w, name);
	nv_json_open(w, '[');
	for (size_t i = 0; i < n; i++)
		nv_json_put_rounded(w, x[i], 4);
	nv_json_close(w, ']');
}

static void put_curve(nv_json_writer *w, const nv_label_curve *curve, const nv_label_figures *label, nv_task_kind kind)
{
	const uint32_t now[] = {(uint32_t)label->count.tp, (uint32_t)label->count.fp};
	nv_json_key(w, "positive");
	nv_json_put_uint(w, curve->positive);
	put_counts(w, "tp", curve->tp, NV_N_THRESHOLD);
	put_counts(w, "fp", curve->fp, NV_N_THRESHOLD);
	put_numbers(w, "recall", curve->recall, curve->n_point);
	put_numbers(w, "precision", curve->precision, curve->n_point);
	put_counts(w, "now", now, 2);
	nv_json_key(w, "threshold");
	nv_json_put_rounded(w, kind == NV_MULTILABEL ? curve->threshold : 0.5, 2);
}

static int put_labels(nv_island *island, size_t t)
{
	const nv_task_figures *figures = &island->page->report->task[t];
	const nv_task_predictions *predictions = &island->page->report->predictions.task[t];
	nv_json_writer *w = &island->w;
	nv_label_curve curve;
	int code = NV_OK;
	nv_json_key(w, "labels");
	nv_json_open(w, '[');
	for (size_t l = 0; code == NV_OK && l < figures->n_known && l < NV_PAGE_CURVES; l++) {
		code = nv_label_curve_compute(&curve, predictions, l, island->page->err);
		if (code != NV_OK)
			break;
		nv_json_open(w, '{');
		nv_json_key(w, "title");
		nv_json_put_text(w, figures->label[l].title);
		put_curve(w, &curve, &figures->label[l], figures->task->kind);
		nv_json_close(w, '}');
	}
	nv_json_close(w, ']');
	return code;
}

static void put_bins(nv_json_writer *w, const nv_task_figures *figures)
{
	nv_json_key(w, "bins");
	nv_json_open(w, '[');
	for (size_t b = 0; b < figures->n_bin; b++) {
		const nv_calibration_bin *bin = &figures->bin[b];
		nv_json_open(w, '[');
		nv_json_put_uint(w, bin->n);
		nv_json_put_rounded(w, bin->mean_p, 4);
		nv_json_put_rounded(w, bin->mean_hit, 4);
		nv_json_put_rounded(w, bin->low_p, 4);
		nv_json_put_rounded(w, bin->high_p, 4);
		nv_json_close(w, ']');
	}
	nv_json_close(w, ']');
}

static void put_scores(nv_json_writer *w, const nv_task_predictions *predictions)
{
	nv_score_bins bins;
	static const char *const name[NV_N_STANCE] = {"favor", "none", "against"};
	nv_score_bins_compute(&bins, predictions);
	nv_json_key(w, "scores");
	nv_json_open(w, '{');
	for (size_t g = 0; g < NV_N_STANCE; g++)
		put_counts(w, name[g], bins.n[g], NV_N_SCORE_BIN);
	nv_json_close(w, '}');
}

/* [[articles, main figure, low, high], …] */
static void put_learning(nv_json_writer *w, const nv_task_learning *learning, nv_task_kind kind)
{
	nv_json_key(w, "learning");
	nv_json_open(w, '[');
	for (size_t p = 0; p < NV_LEARNING_POINTS; p++) {
		nv_figure figure = nv_learning_main(kind, &learning->point[p]);
		nv_json_open(w, '[');
		nv_json_put_rounded(w, learning->point[p].articles, 0);
		nv_json_put_rounded(w, figure.value, 4);
		nv_json_put_rounded(w, figure.low, 4);
		nv_json_put_rounded(w, figure.high, 4);
		nv_json_close(w, ']');
	}
	nv_json_close(w, ']');
}

/* ---- Cells ---- */

static void put_axis(nv_json_writer *w, const nv_task_figures *figures, bool listed)
{
	nv_json_key(w, "axis");
	nv_json_open(w, '[');
	for (size_t l = 0; listed && l < figures->n_label; l++)
		nv_json_put_text(w, figures->label[l].title);
	if (listed && figures->n_axis > figures->n_label)
		nv_json_put_text(w, "(no answer)");
	nv_json_close(w, ']');
}

static void put_cell(nv_island *island, size_t t, size_t cell)
{
	const nv_case_list *list = &island->page->task[t].cases.cell[cell];
	nv_json_writer *w = &island->w;
	char name[NV_NUMBER_TEXT];
	name[nv_number_format_uint(name, cell)] = '\0';
	nv_json_key(w, name);
	nv_json_open(w, '[');
	for (uint32_t i = 0; i < list->n; i++) {
		uint32_t slot = island->slot[island->page->report->predictions.task[t].article[list->item[i].row]];
		if (slot == 0)
			continue;
		nv_json_open(w, '[');
		nv_json_put_uint(w, slot - 1);
		nv_json_put_rounded(w, list->item[i].certainty, 2);
		nv_json_put_uint(w, list->item[i].suspect);
		nv_json_close(w, ']');
	}
	nv_json_close(w, ']');
}

static void put_cells(nv_island *island, size_t t)
{
	const nv_cases *cases = &island->page->task[t].cases;
	nv_json_key(&island->w, "cells");
	nv_json_open(&island->w, '{');
	for (size_t c = 0; c < cases->n_cell; c++)
		if (cases->cell[c].n > 0)
			put_cell(island, t, c);
	nv_json_close(&island->w, '}');
}

/* ---- All ---- */

static int put_task(nv_island *island, size_t t)
{
	static const char *const kind[] = {"", "multiclass", "multilabel", "stance"};
	const nv_task_figures *figures = &island->page->report->task[t];
	const nv_keep_curve *keep = &island->page->task[t].keep;
	nv_json_writer *w = &island->w;
	nv_json_open(w, '{');
	nv_json_key(w, "kind");
	nv_json_put_text(w, kind[figures->task->kind]);
	nv_json_key(w, "title");
	nv_json_put_text(w, figures->task->title);
	nv_json_key(w, "n");
	nv_json_put_uint(w, figures->n);
	int code = put_labels(island, t);
	put_bins(w, figures);
	put_counts(w, "kept", keep->kept, NV_N_KEEP);
	put_counts(w, "right", keep->right, NV_N_KEEP);
	if (figures->task->kind == NV_STANCE && figures->n_known == NV_N_STANCE)
		put_scores(w, &island->page->report->predictions.task[t]);
	if (island->page->report->learning)
		put_learning(w, &island->page->report->learning[t], figures->task->kind);
	put_axis(w, figures, island->page->task[t].cases.n_cell > 0);
	put_cells(island, t);
	nv_json_close(w, '}');
	return code;
}

static int fill_island(nv_island *island)
{
	size_t n_task = island->page->report->schema->n_task;
	int code = NV_OK;
	nv_json_begin(&island->of_articles, &island->articles, 0);
	nv_json_begin(&island->w, &island->tasks, 0);
	nv_json_open(&island->of_articles, '[');
	reserve_articles(island, true);
	reserve_articles(island, false);
	nv_json_close(&island->of_articles, ']');
	nv_json_open(&island->w, '[');
	for (size_t t = 0; code == NV_OK && t < n_task; t++)
		code = put_task(island, t);
	nv_json_close(&island->w, ']');
	return code;
}

void nv_page_put_data(nv_page *page)
{
	nv_island island = {.page = page, .articles = NV_BUF_INIT, .tasks = NV_BUF_INIT};
	island.slot = nv_alloc_zero(page->report->predictions.n, sizeof *island.slot);
	int code = island.slot ? fill_island(&island) : nv_fail_memory(page->err);
	if (code != NV_OK)
		page->code = code;
	page->out.failed |= island.articles.failed || island.tasks.failed;
	nv_page_put(page, "{\"articles\":");
	nv_html_island(&page->out, (nv_str){island.articles.ptr, island.articles.len});
	nv_page_put(page, ",\"tasks\":");
	nv_html_island(&page->out, (nv_str){island.tasks.ptr, island.tasks.len});
	nv_page_put(page, "}");
	nv_buf_release(&island.tasks);
	nv_buf_release(&island.articles);
	nv_free(island.slot);
}
