/* SPDX-License-Identifier: Apache-2.0
 *
 * The first screen: a card a task that says how good, how sure, and where it fails, then what calls for care.
 */
#include "eval/html_page.h"

#include <math.h>

static const nv_label_figures *weakest(const nv_task_figures *figures)
{
	const nv_label_figures *worst = NULL;
	for (size_t l = 0; l < figures->n_label; l++) {
		const nv_label_figures *label = &figures->label[l];
		if (!isnan(label->f1.value) && (!worst || label->f1.value < worst->f1.value))
			worst = label;
	}
	return worst;
}

/* "0.87 (0.85–0.89)" */
static void put_inline(nv_page *page, nv_figure figure)
{
	nv_html_number(&page->out, figure.value, 2);
	if (isnan(figure.low) || isnan(figure.high))
		return;
	nv_page_put(page, " (");
	nv_html_range(&page->out, figure);
	nv_page_put(page, ")");
}

/* A figure that always giving the most frequent answer would reach too is nothing to be proud of. */
static void put_baseline(nv_page *page, const nv_task_figures *figures)
{
	nv_page_put(page, figures->accuracy.low > figures->majority_accuracy ? "<li>" : "<li class=\"warn\">");
	if (figures->task->kind != NV_MULTICLASS) {
		nv_page_put(page, figures->task->kind == NV_MULTILABEL ? "All labels right: " : "Accuracy: ");
		put_inline(page, figures->accuracy);
		nv_page_put(page, "; baseline ");
	} else {
		nv_page_put(page, "Baseline ");
	}
	nv_html_number(&page->out, figures->majority_accuracy, 2);
	nv_page_put(page, ", always \u201C");
	nv_html_bdi(&page->out, nv_str_of(figures->majority[0] ? figures->majority : "no label"));
	nv_page_put(page, "\u201D</li>");
}

static void put_weakest(nv_page *page, const nv_task_figures *figures)
{
	const nv_label_figures *label = weakest(figures);
	if (!label)
		return;
	nv_page_put(page, "<li>Weakest: <b>");
	nv_html_bdi(&page->out, nv_str_of(label->title));
	nv_page_put(page, "</b>, F1 ");
	put_inline(page, label->f1);
	nv_page_put(page, ", ");
	nv_html_count(&page->out, label->count.tp + label->count.fn);
	nv_page_put(page, " articles</li>");
}

static void put_verdict(nv_page *page, const nv_task_figures *figures)
{
	bool off = figures->ece > figures->ece_by_chance;
	if (isnan(figures->ece) || isnan(figures->ece_by_chance))
		return;
	nv_page_put(page, off ? "<li class=\"warn\">Probabilities are off by " : "<li>Probabilities hold: off by ");
	nv_html_number(&page->out, figures->ece, 3);
	nv_page_put(page, " (chance: up to ");
	nv_html_number(&page->out, figures->ece_by_chance, 3);
	nv_page_put(page, ")</li>");
}

static void put_card(nv_page *page, size_t t)
{
	const nv_task_figures *figures = &page->report->task[t];
	nv_figure figure = nv_main_figure(figures);
	nv_buf_addf(&page->out, "<div class=\"card\"><h3><a href=\"#t%zu\">", t);
	nv_html_bdi(&page->out, nv_str_of(figures->task->title));
	nv_page_put(page, "</a></h3>");
	if (figures->n == 0) {
		nv_page_put(page, "<p>No article is labelled for this task.</p></div>");
		return;
	}
	nv_page_put(page, "<p class=\"big\">");
	nv_html_figure(&page->out, figure);
	nv_buf_addf(&page->out, "</p><p class=\"measure\">%s</p>", nv_main_figure_name(figures->task->kind));
	nv_html_whisker(&page->out, figure, figures->task->kind == NV_MULTICLASS ? figures->majority_accuracy : NAN);
	nv_page_put(page, "<ul>");
	put_weakest(page, figures);
	put_baseline(page, figures);
	put_verdict(page, figures);
	nv_page_put(page, "</ul></div>");
}

void nv_page_put_cards(nv_page *page)
{
	for (size_t t = 0; t < page->report->schema->n_task; t++)
		put_card(page, t);
}

void nv_page_put_pooled(nv_page *page)
{
	size_t n_stance = 0;
	for (size_t t = 0; t < page->report->schema->n_task; t++)
		n_stance += page->report->schema->task[t].kind == NV_STANCE;
	if (n_stance < 2 || isnan(page->report->pooled_f1_favor_against.value))
		return;
	nv_page_put(page, "<p class=\"pooled\">All stance tasks together: F1 of favor and against, mean ");
	put_inline(page, page->report->pooled_f1_favor_against);
	nv_page_put(page, ".</p>");
}

void nv_page_put_care(nv_page *page)
{
	if (page->report->n_care == 0)
		return;
	nv_page_put(page, "<div class=\"care\"><h3>Read with care</h3><ul>");
	for (size_t i = 0; i < page->report->n_care; i++) {
		nv_page_put(page, "<li>");
		nv_html_bdi(&page->out, nv_str_of(page->report->care[i]));
		nv_page_put(page, "</li>");
	}
	nv_page_put(page, "</ul></div>");
}
