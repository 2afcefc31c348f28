/* SPDX-License-Identifier: Apache-2.0
 *
 * Confusion as heat maps, whose counts the script turns into buttons. A cell's shade is its share of the row, in
 * tenths: classes s0 to s10.
 */
#include "eval/html_page.h"

#include <math.h>

enum { NV_MOST_PAIRS = 30 };

const char *nv_page_axis_title(const nv_task_figures *figures, size_t axis)
{
	return axis < figures->n_label ? figures->label[axis].title : "(no answer)";
}

static void put_text(nv_page *page, const char *text)
{
	nv_html_bdi(&page->out, nv_str_of(text));
}

/* ---- Heat maps ---- */

static void put_cell(nv_page *page, uint64_t n, uint64_t row, bool right, size_t cell)
{
	unsigned shade = row && n ? (unsigned)((10 * n + row - 1) / row) : 0;
	nv_buf_addf(&page->out, "<td class=\"%s s%u\" data-cell=\"%zu\">", right ? "right" : "wrong", shade, cell);
	nv_html_count(&page->out, n);
	nv_page_put(page, "</td>");
}

static void put_matrix_row(nv_page *page, const nv_task_figures *figures, size_t gold)
{
	const uint64_t *row = figures->matrix + gold * figures->n_axis;
	uint64_t sum = 0;
	for (size_t c = 0; c < figures->n_axis; c++)
		sum += row[c];
	nv_page_put(page, "<tr><th scope=\"row\">");
	put_text(page, nv_page_axis_title(figures, gold));
	nv_page_put(page, "</th>");
	for (size_t c = 0; c < figures->n_axis; c++)
		put_cell(page, row[c], sum, c == gold, gold * figures->n_axis + c);
	nv_page_put(page, "</tr>");
}

static void put_matrix(nv_page *page, const nv_task_figures *figures)
{
	nv_page_open_table(page, "Confusion: gold label by the model\u2019s answer", false);
	nv_page_put(page, "<thead><tr><td class=\"corner\">Gold \u2193 Model \u2192</td>");
	for (size_t c = 0; c < figures->n_axis; c++) {
		nv_page_put(page, "<th scope=\"col\">");
		put_text(page, nv_page_axis_title(figures, c));
		nv_page_put(page, "</th>");
	}
	nv_page_put(page, "</tr></thead><tbody>");
	for (size_t g = 0; g < figures->n_axis; g++)
		put_matrix_row(page, figures, g);
	nv_page_put(page, "</tbody>");
	nv_page_close_table(page);
}

static void put_square(nv_page *page, const nv_label_figures *label, size_t l)
{
	const nv_confusion *c = &label->count;
	nv_page_put(page, "<table class=\"square\"><caption>");
	put_text(page, label->title);
	nv_page_put(page, "</caption><thead><tr><td class=\"corner\">Gold \u2193 Model \u2192</td><th scope=\"col\">yes</th>"
	                  "<th scope=\"col\">no</th></tr></thead><tbody><tr><th scope=\"row\">yes</th>");
	put_cell(page, c->tp, c->tp + c->fn, true, 4 * l + 3);
	put_cell(page, c->fn, c->tp + c->fn, false, 4 * l + 2);
	nv_page_put(page, "</tr><tr><th scope=\"row\">no</th>");
	put_cell(page, c->fp, c->fp + c->tn, false, 4 * l + 1);
	put_cell(page, c->tn, c->fp + c->tn, true, 4 * l);
	nv_page_put(page, "</tr></tbody></table>");
}

/* ---- Too many labels for a heat map ---- */

static void put_counts(nv_page *page, const nv_task_figures *figures)
{
	nv_page_open_table(page, "Confusion of each label", true);
	nv_page_put(page, "<thead><tr><th scope=\"col\">Label</th><th scope=\"col\" class=\"num\">Right yes</th><th scope=\"col\" "
	                  "class=\"num\">Wrong yes</th><th scope=\"col\" class=\"num\">Missed</th><th scope=\"col\" class=\"num\">Right no"
	                  "</th></tr></thead><tbody>");
	for (size_t l = 0; l < figures->n_label && l < NV_PAGE_LABELS; l++) {
		const nv_confusion *c = &figures->label[l].count;
		nv_page_put(page, "<tr><th scope=\"row\">");
		put_text(page, figures->label[l].title);
		nv_page_put(page, "</th>");
		nv_page_count_cell(page, c->tp);
		nv_page_count_cell(page, c->fp);
		nv_page_count_cell(page, c->fn);
		nv_page_count_cell(page, c->tn);
		nv_page_put(page, "</tr>");
	}
	nv_page_put(page, "</tbody>");
	nv_page_close_table(page);
}

/* cell[NV_MOST_PAIRS] gets the largest counts off the diagonal, by falling count, ties by number; returns how many. */
static size_t frequent_pairs(const nv_task_figures *figures, size_t *cell)
{
	size_t n = 0;
	for (size_t i = 0; i < figures->n_axis * figures->n_axis; i++) {
		uint64_t count = i / figures->n_axis == i % figures->n_axis ? 0 : figures->matrix[i];
		size_t at = n;
		while (at > 0 && figures->matrix[cell[at - 1]] < count)
			at--;
		if (count == 0 || at == NV_MOST_PAIRS)
			continue;
		n += n < NV_MOST_PAIRS;
		for (size_t j = n - 1; j > at; j--)
			cell[j] = cell[j - 1];
		cell[at] = i;
	}
	return n;
}

static void put_pairs(nv_page *page, const nv_task_figures *figures)
{
	size_t cell[NV_MOST_PAIRS], n = frequent_pairs(figures, cell);
	nv_page_open_table(page, "The most frequent mistakes", true);
	nv_page_put(page, "<thead><tr><th scope=\"col\">Gold</th><th scope=\"col\">Model</th><th scope=\"col\" class=\"num\">Articles</th></tr>"
	                  "</thead><tbody>");
	for (size_t i = 0; i < n; i++) {
		nv_page_put(page, "<tr><td>");
		put_text(page, nv_page_axis_title(figures, cell[i] / figures->n_axis));
		nv_page_put(page, "</td><td>");
		put_text(page, nv_page_axis_title(figures, cell[i] % figures->n_axis));
		nv_page_put(page, "</td>");
		nv_page_count_cell(page, figures->matrix[cell[i]]);
		nv_page_put(page, "</tr>");
	}
	nv_page_put(page, "</tbody>");
	nv_page_close_table(page);
}

void nv_page_put_confusion(nv_page *page, size_t t)
{
	const nv_task_figures *figures = &page->report->task[t];
	bool listed = page->task[t].cases.n_cell > 0;
	nv_buf_addf(&page->out, "<h3>Where it goes wrong</h3><p class=\"note\">%s</p><div class=\"confusion\" data-task=\"%zu\">",
	            listed ? "Articles by gold label and the model\u2019s answer; the darker, the larger the share of the row."
	                     "<span class=\"with-script\"> Choose a count to see its articles.</span>"
	                   : "Too many labels for a heat map.", t);
	if (figures->matrix && listed)
		put_matrix(page, figures);
	else if (figures->matrix)
		put_pairs(page, figures);
	else if (!listed)
		put_counts(page, figures);
	if (!figures->matrix && listed) {
		nv_page_put(page, "<div class=\"squares\">");
		for (size_t l = 0; l < figures->n_label; l++)
			put_square(page, &figures->label[l], l);
		nv_page_put(page, "</div>");
	}
	nv_page_put(page, "</div>");
}
