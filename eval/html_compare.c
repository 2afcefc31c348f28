/* SPDX-License-Identifier: Apache-2.0
 *
 * The comparison's section of the HTML report: what may be concluded, the differences task by task, and the articles on
 * which the models part. All of it is there without the script, which only sorts.
 */
#include "eval/compare.h"
#include "eval/html_page.h"

#include <math.h>

static void put_text(nv_page *page, const char *text)
{
	nv_html_bdi(&page->out, nv_str_of(text));
}

/* ---- Differences ---- */

static void put_signed(nv_page *page, double x)
{
	if (x >= 0.0005)
		nv_page_put(page, "+");
	nv_html_number(&page->out, x, 3);
}

static void put_difference(nv_page *page, nv_figure d)
{
	if (isnan(d.value)) {
		nv_page_put(page, "<span class=\"na\">n/a</span>");
		return;
	}
	nv_page_put(page, "<b>");
	put_signed(page, d.value);
	nv_page_put(page, "</b>");
	if (isnan(d.low) || isnan(d.high))
		return;
	nv_page_put(page, " <span class=\"ci\">");
	put_signed(page, d.low);
	nv_page_put(page, " to ");
	put_signed(page, d.high);
	nv_page_put(page, "</span>");
}

static void put_x(nv_page *page, double x, double scale)
{
	nv_html_number(&page->out, fmin(100, fmax(0, 50 + 50 * x / scale)), 1);
}

/* The interval as a drawing from -scale to scale, with a tick at 0. */
static void put_whisker(nv_page *page, nv_figure d, double scale)
{
	if (isnan(d.value))
		return;
	nv_page_put(page, "<svg class=\"whisker\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\" "
	                  "focusable=\"false\">"
	                  "<path class=\"rail\" d=\"M0 5H100\"/><path class=\"mark\" d=\"M50 0V10\"/>");
	if (!isnan(d.low) && !isnan(d.high)) {
		nv_page_put(page, "<path class=\"range\" d=\"M");
		put_x(page, d.low, scale);
		nv_page_put(page, " 5H");
		put_x(page, d.high, scale);
		nv_page_put(page, "\"/>");
	}
	nv_page_put(page, "<path class=\"dot\" d=\"M");
	put_x(page, d.value, scale);
	nv_page_put(page, " 5h0\"/></svg>");
}

static void widen(double *scale, const nv_difference *difference)
{
	const nv_figure *d = &difference->b_less_a;
	*scale = fmax(*scale, isnan(d->value) ? 0 : fabs(d->value));
	*scale = fmax(*scale, isnan(d->low) ? 0 : fmax(fabs(d->low), fabs(d->high)));
}

/* How far the drawings of a task reach: the widest of its bounds, in whole tenths. */
static double task_scale(const nv_task_comparison *task)
{
	double scale = 0;
	const nv_difference *const all[] = {&task->accuracy, &task->micro_f1, &task->macro_f1, &task->f1_favor_against,
	                                    &task->macro_average_precision};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		widen(&scale, all[i]);
	for (size_t l = 0; l < task->n_label; l++) {
		const nv_label_comparison *label = &task->label[l];
		const nv_difference *const of_label[] = {&label->precision, &label->recall, &label->f1,
		                                         &label->average_precision, &label->roc_auc};
		for (size_t i = 0; i < sizeof of_label / sizeof *of_label; i++)
			widen(&scale, of_label[i]);
	}
	return fmax(ceil(10 * scale), 1) / 10;
}

static void open_cell(nv_page *page, double key)
{
	nv_page_put(page, "<td class=\"num\" data-sort=\"");
	if (!isnan(key))
		nv_html_number(&page->out, key, 6);
	nv_page_put(page, "\">");
}

static void put_number_cell(nv_page *page, double x)
{
	open_cell(page, x);
	nv_html_number(&page->out, x, 3);
	nv_page_put(page, "</td>");
}

/* ---- All labels together ---- */

/* scale NaN: no drawing. */
static void put_row(nv_page *page, const char *name, const nv_difference *difference, double scale)
{
	nv_buf_addf(&page->out, "<tr><th scope=\"row\">%s</th>", name);
	put_number_cell(page, difference->a);
	put_number_cell(page, difference->b);
	open_cell(page, difference->b_less_a.value);
	put_difference(page, difference->b_less_a);
	if (!isnan(scale))
		put_whisker(page, difference->b_less_a, scale);
	nv_page_put(page, "</td></tr>");
}

static void open_figures(nv_page *page, const char *name)
{
	nv_page_open_table(page, name, false);
	nv_page_put(page, "<thead><tr><th scope=\"col\">Figure</th><th scope=\"col\" class=\"num\">A</th><th scope=\"col\" "
	                  "class=\"num\">B</th>"
	                  "<th scope=\"col\" class=\"num\">B \u2212 A</th></tr></thead><tbody>");
}

static void put_averages(nv_page *page, const nv_task_comparison *task, double scale)
{
	open_figures(page, "A and B over all labels");
	put_row(page, task->task.kind == NV_MULTILABEL ? "Accuracy (all labels right)" : "Accuracy", &task->accuracy,
	        scale);
	put_row(page, "Micro F1", &task->micro_f1, scale);
	put_row(page, "Macro F1", &task->macro_f1, scale);
	if (task->task.kind == NV_STANCE)
		put_row(page, "F1 of favor and against", &task->f1_favor_against, scale);
	put_row(page, "Macro average precision", &task->macro_average_precision, scale);
	put_row(page, "Log loss (less is better)", &task->log_loss, NAN);
	nv_page_put(page, "</tbody>");
	nv_page_close_table(page);
}

/* ---- Label by label ---- */

static void put_difference_cell(nv_page *page, const nv_difference *difference, double scale)
{
	open_cell(page, difference->b_less_a.value);
	put_difference(page, difference->b_less_a);
	put_whisker(page, difference->b_less_a, scale);
	nv_page_put(page, "<span class=\"unit\">A ");
	nv_html_number(&page->out, difference->a, 3);
	nv_page_put(page, ", B ");
	nv_html_number(&page->out, difference->b, 3);
	nv_page_put(page, "</span></td>");
}

static void put_p_cell(nv_page *page, double p)
{
	open_cell(page, p);
	if (p < 0.001)
		nv_page_put(page, "&lt; 0.001");
	else
		nv_html_number(&page->out, p, 3);
	nv_page_put(page, "</td>");
}

static void put_label(nv_page *page, const nv_label_comparison *label, double scale)
{
	nv_page_put(page, "<tr><th scope=\"row\">");
	put_text(page, label->figures->title);
	nv_page_put(page, "</th>");
	nv_page_count_cell(page, label->figures->count.tp + label->figures->count.fn);
	put_difference_cell(page, &label->precision, scale);
	put_difference_cell(page, &label->recall, scale);
	put_difference_cell(page, &label->f1, scale);
	put_difference_cell(page, &label->average_precision, scale);
	put_difference_cell(page, &label->roc_auc, scale);
	nv_page_count_cell(page, label->test.only_a);
	nv_page_count_cell(page, label->test.only_b);
	put_p_cell(page, label->test.p);
	put_p_cell(page, label->holm);
	nv_page_put(page, "</tr>");
}

static void put_labels(nv_page *page, const nv_task_comparison *task, double scale)
{
	static const char *const head[] = {"Articles", "Precision",    "Recall",       "F1", "Avg. precision",
	                                   "ROC AUC",  "Only A right", "Only B right", "p",  "p (Holm)"};
	size_t shown = task->n_label < NV_PAGE_LABELS ? task->n_label : NV_PAGE_LABELS;
	nv_page_open_table(page, "A and B by label", true);
	nv_page_put(page, "<thead><tr><th scope=\"col\">Label</th>");
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		nv_buf_addf(&page->out, "<th scope=\"col\" class=\"num\">%s</th>", head[i]);
	nv_page_put(page, "</tr></thead><tbody>");
	for (size_t l = 0; l < shown; l++)
		put_label(page, &task->label[l], scale);
	nv_page_put(page, "</tbody>");
	nv_page_close_table(page);
	nv_page_put(page,
	            "<p class=\"note\">Figures are B \u2212 A with 95% intervals, then A and B. Drawings run from \u2212");
	nv_html_number(&page->out, scale, 1);
	nv_page_put(page, " to ");
	nv_html_number(&page->out, scale, 1);
	nv_page_put(page, "; the tick is no difference. p: McNemar\u2019s exact test on the articles about whose label one "
	                  "model alone is right; "
	                  "Holm: adjusted for all labels of the task.</p>");
	if (shown < task->n_label)
		nv_buf_addf(&page->out, "<p class=\"note\">%zu further labels are in the JSON report.</p>",
		            task->n_label - shown);
}

/* ---- Sentences ---- */

/* Those at the head of all (task NULL), or on one task beside its main one. */
static void put_conclusions(nv_page *page, const nv_task_comparison *task)
{
	const nv_comparison *comparison = page->report->comparison;
	size_t n = 0;
	for (size_t i = 0; i < comparison->n_conclusion; i++) {
		const nv_conclusion *conclusion = &comparison->conclusion[i];
		if (task ? !nv_conclusion_is_detail(conclusion, task) : !nv_conclusion_is_head(conclusion))
			continue;
		nv_page_put(page, n++ == 0 ? "<ul class=\"prose\"><li>" : "<li>");
		put_text(page, conclusion->text);
		nv_page_put(page, "</li>");
	}
	if (n > 0)
		nv_page_put(page, "</ul>");
}

/* ---- The section ---- */

static void put_task(nv_page *page, const nv_task_comparison *task)
{
	double scale = task_scale(task);
	nv_page_put(page, "<h3>");
	put_text(page, task->task.title);
	nv_page_put(page, "</h3><p class=\"sub\">");
	nv_html_count(&page->out, task->a.n);
	nv_page_put(page, " articles</p>");
	if (task->a.n == 0)
		return;
	put_conclusions(page, task);
	put_averages(page, task, scale);
	put_labels(page, task, scale);
	nv_page_put_parted(page, task);
}

static void put_pooled(nv_page *page, const nv_difference *pooled)
{
	if (isnan(pooled->b_less_a.value))
		return;
	nv_page_put(page, "<h3>All stance tasks together</h3>");
	open_figures(page, "A and B over all stance tasks");
	put_row(page, "F1 of favor and against", pooled, NAN);
	nv_page_put(page, "</tbody>");
	nv_page_close_table(page);
}

static void put_intro(nv_page *page)
{
	nv_buf words = NV_BUF_INIT;
	nv_comparison_intro(page->report, &words);
	nv_page_put(page, "<p class=\"prose\">");
	nv_html_bdi(&page->out, (nv_str){words.ptr, words.len});
	page->out.failed |= words.failed;
	nv_buf_release(&words);
	nv_page_put(page, "</p><h3>What may be concluded</h3>");
	put_conclusions(page, NULL);
}

void nv_page_put_compare(nv_page *page)
{
	const nv_comparison *comparison = page->report->comparison;
	if (!comparison)
		return;
	nv_page_put(page, "<section id=\"compare\" class=\"task\" aria-labelledby=\"compare-h\"><h2 id=\"compare-h\">A "
	                  "compared with B</h2>");
	put_intro(page);
	for (size_t t = 0; t < comparison->n_task; t++)
		put_task(page, &comparison->task[t]);
	put_pooled(page, &comparison->pooled_f1_favor_against);
	nv_page_put(page,
	            "<p class=\"note\">Intervals: the two figures\u2019 own intervals joined by the method of variance "
	            "estimates recovery, with their "
	            "correlation from paired bootstrap draws, the same articles for both models; log loss: percentiles of "
	            "the same draws. Listed "
	            "articles are those on which the probabilities lie furthest apart, each kind in turn.</p></section>\n");
}
