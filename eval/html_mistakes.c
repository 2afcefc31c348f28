/* SPDX-License-Identifier: Apache-2.0
 *
 * The worst mistakes and the likely label errors, each with its article and the terms that pushed.
 */
#include "eval/html_page.h"

enum { NV_TITLE_BYTES = 160, NV_NAME_BYTES = 80, NV_SHORT_TEXT = 100 };

static void put_text(nv_page *page, const char *text)
{
	nv_html_bdi(&page->out, nv_str_of(text));
}

/* ---- One mistake ---- */

static void put_answer(nv_page *page, const nv_task_figures *figures, const nv_case *c)
{
	nv_cell_place place = nv_cell_at(figures, c->cell);
	nv_page_put(page, "<p class=\"verdict\">");
	if (figures->task->kind == NV_MULTILABEL) {
		put_text(page, figures->label[place.label].title);
		nv_buf_addf(&page->out, ": gold <b>%s</b>, model <b>%s</b>", place.gold ? "yes" : "no", place.chosen ? "yes" : "no");
	} else {
		nv_page_put(page, "Gold <b>");
		put_text(page, nv_page_axis_title(figures, place.gold));
		nv_page_put(page, "</b>, model <b>");
		put_text(page, nv_page_axis_title(figures, place.chosen));
		nv_page_put(page, "</b>");
	}
	nv_page_put(page, ", sure to ");
	nv_html_number(&page->out, c->certainty, 2);
	nv_page_put(page, c->suspect ? " <span class=\"tag\">likely label error</span></p>" : "</p>");
}

static void put_origin(nv_page *page, nv_str text, bool *first)
{
	if (text.len == 0)
		return;
	if (!*first)
		nv_page_put(page, " \u00B7 ");
	*first = false;
	nv_html_bdi(&page->out, nv_html_cut(text, NV_NAME_BYTES));
}

/* Whether a snippet seems to have been cut: long, and at its end no end of a sentence. */
static bool ends_inside(nv_str snippet)
{
	char last = snippet.len > NV_SHORT_TEXT ? snippet.ptr[snippet.len - 1] : '.';
	return (last >= 'a' && last <= 'z') || (last >= 'A' && last <= 'Z') || (last >= '0' && last <= '9') || last == ',';
}

static void put_article(nv_page *page, const nv_judged_article *article)
{
	bool first = true;
	nv_page_put(page, "<p class=\"title\" dir=\"auto\">");
	nv_html_text(&page->out, article->title.len ? nv_html_cut(article->title, NV_TITLE_BYTES) : nv_str_of("(no title)"));
	nv_page_put(page, article->title.len > NV_TITLE_BYTES ? "\u2026</p><p class=\"origin\">" : "</p><p class=\"origin\">");
	put_origin(page, article->source, &first);
	put_origin(page, article->date, &first);
	put_origin(page, article->id, &first);
	nv_page_put(page, "</p><p class=\"snippet\" dir=\"auto\">");
	nv_html_text(&page->out, article->snippet);
	nv_page_put(page, ends_inside(article->snippet) ? "\u2026</p>" : "</p>");
}

/* ---- The terms that pushed ---- */

static void put_part(nv_page *page, const char *name, double value)
{
	nv_buf_addf(&page->out, ", %s ", name);
	nv_html_signed(&page->out, value, 2);
}

static void put_push(nv_page *page, const nv_task_figures *figures, const nv_push *push)
{
	nv_page_put(page, "<div><dt>");
	put_text(page, figures->label[push->label].title);
	nv_page_put(page, " ");
	nv_html_signed(&page->out, push->margin, 2);
	nv_page_put(page, "</dt><dd>");
	for (uint32_t i = 0; i < push->n_term; i++) {
		nv_page_put(page, push->term[i].value < 0 ? "<span class=\"term down\">" : "<span class=\"term up\">");
		nv_html_bdi(&page->out, push->term[i].text);
		nv_page_put(page, " ");
		nv_html_signed(&page->out, push->term[i].value, 2);
		nv_page_put(page, "</span> ");
	}
	nv_page_put(page, "<span class=\"muted\">other terms ");
	nv_html_signed(&page->out, push->rest, 2);
	put_part(page, "start", push->bias);
	nv_page_put(page, "</span></dd></div>");
}

static void put_reason(nv_page *page, size_t t, const nv_case *c)
{
	const nv_report *report = page->report;
	const nv_reason *reason = nv_case_reason(&report->reasons, t, &report->task[t], &report->predictions.task[t], c);
	if (!reason || reason->n_push == 0)
		return;
	nv_page_put(page, "<dl class=\"why\">");
	for (uint32_t i = 0; i < reason->n_push; i++)
		put_push(page, &report->task[t], &reason->push[i]);
	nv_page_put(page, "</dl>");
}

/* ---- The lists ---- */

static void put_list(nv_page *page, size_t t, const nv_case_list *list, const char *one, const char *many)
{
	const nv_predictions *predictions = &page->report->predictions;
	nv_buf_addf(&page->out, "<details class=\"worst\"><summary>Show %u %s</summary><ol class=\"cases\">", list->n, list->n == 1 ? one : many);
	for (uint32_t i = 0; i < list->n; i++) {
		nv_page_put(page, "<li>");
		put_answer(page, &page->report->task[t], &list->item[i]);
		put_article(page, &predictions->article[predictions->task[t].article[list->item[i].row]]);
		put_reason(page, t, &list->item[i]);
		nv_page_put(page, "</li>");
	}
	nv_page_put(page, "</ol></details>");
}

void nv_page_put_worst(nv_page *page, size_t t)
{
	const nv_cases *cases = &page->task[t].cases;
	if (cases->worst.n == 0)
		return;
	nv_page_put(page, "<h3>The worst mistakes and likely label errors</h3><p class=\"note\">First the mistakes that the model was surest of. ");
	nv_html_count(&page->out, cases->n_suspect);
	nv_page_put(page, cases->n_suspect == 1 ? " answer contradicts its gold label" : " answers contradict their gold labels");
	nv_page_put(page, " with so much certainty that the label may be wrong: check these first. Below each article stand the words that pushed "
	                  "a label most. Each adds its part to the label\u2019s sum, up (+) or down (\u2212); the label with the larger sum tends to win.</p>");
	put_list(page, t, &cases->worst, "mistake", "mistakes");
	if (cases->suspect.n > 0)
		put_list(page, t, &cases->suspect, "further likely label error", "further likely label errors");
}
