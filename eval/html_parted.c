/* SPDX-License-Identifier: Apache-2.0
 *
 * Of a comparison's task in the HTML report: how many articles each model alone gets right, and those on which the two
 * part.
 */
#include "eval/compare.h"
#include "eval/html_page.h"

enum { NV_NAME_BYTES = 100, NV_TITLE_BYTES = 160 };

static void put_text(nv_page *page, const char *text)
{
	nv_html_bdi(&page->out, nv_str_of(text));
}

static void put_counts(nv_page *page, const nv_task_comparison *task)
{
	static const char *const name[NV_N_PARTING] = {"Both right", "Only A right", "Only B right", "Both wrong, alike",
	                                               "Both wrong, differently"};
	nv_page_put(page, "<dl class=\"facts\">");
	for (size_t kind = 0; kind < NV_N_PARTING; kind++) {
		nv_buf_addf(&page->out, "<div><dt>%s</dt><dd><b>", name[kind]);
		nv_html_count(&page->out, task->parting[kind]);
		nv_page_put(page, "</b></dd></div>");
	}
	nv_page_put(page, "<div><dt>McNemar\u2019s exact test</dt><dd>");
	nv_page_put(page, task->test.p < 0.001 ? "p &lt; 0.001" : "p = ");
	if (!(task->test.p < 0.001))
		nv_html_number(&page->out, task->test.p, 3);
	nv_page_put(page, "</dd></div></dl>");
}

static void put_answer(nv_page *page, const char *who, const nv_task *task, const uint8_t *given)
{
	size_t n = 0;
	nv_page_put(page, who);
	for (size_t l = 0; l < task->n_label; l++) {
		if (!given[l])
			continue;
		nv_page_put(page, n++ > 0 ? ", " : "");
		put_text(page, task->label[l].title);
	}
	if (n == 0)
		nv_page_put(page, "(none)");
}

static void put_origin(nv_page *page, const nv_judged_article *article)
{
	const nv_str part[] = {article->source, article->date, article->id};
	size_t n = 0;
	nv_page_put(page, "<p class=\"origin\">");
	for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
		if (part[i].len == 0)
			continue;
		nv_page_put(page, n++ > 0 ? " \u00B7 " : "");
		nv_html_bdi(&page->out, nv_html_cut(part[i], NV_NAME_BYTES));
	}
	nv_page_put(page, "</p>");
}

static void put_article(nv_page *page, const nv_task_comparison *task, const nv_parted_article *parted)
{
	const nv_judged_article *article = &page->report->predictions.article[task->a.article[parted->row]];
	size_t at = parted->row * task->a.n_label;
	nv_page_put(page, "<li><p class=\"title\" dir=\"auto\">");
	if (article->title.len > 0)
		nv_html_text(&page->out, nv_html_cut(article->title, NV_TITLE_BYTES));
	else
		nv_page_put(page, "(no title)");
	nv_page_put(page, "</p>");
	put_origin(page, article);
	nv_buf_addf(&page->out, "<p class=\"verdict\"><span class=\"tag\">%s</span> ", nv_parting_name(parted->kind));
	put_answer(page, "Gold ", &task->task, task->a.gold + at);
	put_answer(page, "; A ", &task->task, task->a.chosen + at);
	put_answer(page, "; B ", &task->task, task->b.chosen + at);
	nv_page_put(page, "</p></li>");
}

void nv_page_put_parted(nv_page *page, const nv_task_comparison *task)
{
	uint64_t n = task->parting[NV_ONLY_A_RIGHT] + task->parting[NV_ONLY_B_RIGHT] + task->parting[NV_BOTH_WRONG_APART];
	put_counts(page, task);
	if (task->n_listed == 0)
		return;
	nv_page_put(page, "<details class=\"worst\"><summary>Articles on which they part: ");
	if (n > task->n_listed)
		nv_buf_addf(&page->out, "%zu of ", task->n_listed);
	nv_html_count(&page->out, n);
	nv_page_put(page, "</summary><ol class=\"cases\">");
	for (size_t i = 0; i < task->n_listed; i++)
		put_article(page, task, &task->listed[i]);
	nv_page_put(page, "</ol></details>");
}
