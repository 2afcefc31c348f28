/* SPDX-License-Identifier: Apache-2.0
 *
 * The learning curve of a task: a place for the chart, and the table behind it.
 */
#include "eval/html_page.h"

#include <math.h>

static void put_point(nv_page *page, nv_task_kind kind, const nv_learning_point *point)
{
	nv_page_put(page, "<tr><th scope=\"row\">");
	nv_html_share(&page->out, point->share);
	nv_page_put(page, "</th>");
	nv_page_count_cell(page, (uint64_t)(point->articles + 0.5));
	nv_page_figure_cell(page, point->macro_f1, false, NAN);
	if (kind == NV_STANCE)
		nv_page_figure_cell(page, point->f1_favor_against, false, NAN);
	nv_page_figure_cell(page, point->accuracy, false, NAN);
	nv_page_put(page, "</tr>");
}

void nv_page_put_learning(nv_page *page, size_t t)
{
	const nv_task_learning *learning = page->report->learning ? &page->report->learning[t] : NULL;
	nv_task_kind kind = page->report->schema->task[t].kind;
	if (!learning || !learning->sentence)
		return;
	nv_page_open_chart(page, "learning", t, "Would more labelled articles help?", learning->sentence);
	nv_page_open_details(page, "Figures by number of training articles");
	nv_page_put(page, "<thead><tr><th scope=\"col\">Share</th><th scope=\"col\" class=\"num\">Learnt from</th>"
	                  "<th scope=\"col\" class=\"num\">Macro-F1</th>");
	if (kind == NV_STANCE)
		nv_page_put(page, "<th scope=\"col\" class=\"num\">F1 favor/against</th>");
	nv_page_put(page, "<th scope=\"col\" class=\"num\">Accuracy</th></tr></thead><tbody>");
	for (size_t p = 0; p < NV_LEARNING_POINTS; p++)
		put_point(page, kind, &learning->point[p]);
	nv_page_put(page, "</tbody>");
	nv_page_close_chart(page);
}
