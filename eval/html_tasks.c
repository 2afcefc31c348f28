/* SPDX-License-Identifier: Apache-2.0
 *
 * A task's section: figures by label, then charts, each with the table behind it, for readers without the script.
 */
#include "eval/html_page.h"

#include <math.h>

static void put_text(nv_page *page, const char *text)
{
	nv_html_bdi(&page->out, nv_str_of(text));
}

static void put_head(nv_page *page, const char *const *name, size_t n)
{
	nv_page_put(page, "<thead><tr>");
	for (size_t i = 0; i < n; i++)
		nv_buf_addf(&page->out, "<th scope=\"col\"%s>%s</th>", i > 0 ? " class=\"num\"" : "", name[i]);
	nv_page_put(page, "</tr></thead>");
}
#define HEAD(page, names) put_head((page), (names), sizeof(names) / sizeof *(names))

/* ---- Figures by label ---- */

static void put_label_row(nv_page *page, const nv_label_figures *label)
{
	nv_page_put(page, "<tr><th scope=\"row\">");
	put_text(page, label->title);
	if (!nv_str_is(nv_str_of(label->title), label->id)) {
		nv_page_put(page, " <code>");
		nv_html_text(&page->out, nv_str_of(label->id));
		nv_page_put(page, "</code>");
	}
	nv_page_put(page, label->known ? "</th>" : " <span class=\"tag\">not in the model</span></th>");
	nv_page_count_cell(page, label->count.tp + label->count.fn);
	nv_page_figure_cell(page, label->precision, false, NAN);
	nv_page_figure_cell(page, label->recall, false, NAN);
	nv_page_figure_cell(page, label->f1, true, NAN);
	nv_page_figure_cell(page, label->average_precision, false, NAN);
	nv_page_figure_cell(page, label->roc_auc, false, NAN);
	nv_page_put(page, "</tr>");
}

static void put_average_row(nv_page *page, const char *name, size_t n, const nv_average_figures *average, nv_figure ap)
{
	nv_buf_addf(&page->out, "<tr><th scope=\"row\">%s</th>", name);
	nv_page_count_cell(page, n);
	nv_page_figure_cell(page, average->precision, false, NAN);
	nv_page_figure_cell(page, average->recall, false, NAN);
	nv_page_figure_cell(page, average->f1, true, NAN);
	if (isnan(ap.value))
		nv_page_put(page, "<td></td>");
	else
		nv_page_figure_cell(page, ap, false, NAN);
	nv_page_put(page, "<td></td></tr>");
}

static void put_labels(nv_page *page, const nv_task_figures *figures)
{
	static const char *const head[] = {"Label", "Articles", "Precision", "Recall", "F1", "Avg. precision", "ROC AUC"};
	size_t shown = figures->n_label < NV_PAGE_LABELS ? figures->n_label : NV_PAGE_LABELS;
	nv_page_put(page, "<h3>Figures by label</h3>");
	nv_page_open_table(page, "Figures by label", true);
	HEAD(page, head);
	nv_page_put(page, "<tbody>");
	for (size_t l = 0; l < shown; l++)
		put_label_row(page, &figures->label[l]);
	nv_page_put(page, "</tbody><tfoot>");
	put_average_row(page, "Macro average", figures->n, &figures->macro, figures->macro_average_precision);
	put_average_row(page, "Micro average", figures->n, &figures->micro, nv_figure_undefined());
	nv_page_put(page, "</tfoot>");
	nv_page_close_table(page);
	if (shown < figures->n_label)
		nv_buf_addf(&page->out, "<p class=\"note\">%zu further labels are in the JSON report.</p>", figures->n_label - shown);
}

static void put_fact(nv_page *page, const char *name, nv_figure figure, const char *remark)
{
	nv_buf_addf(&page->out, "<div><dt>%s</dt><dd>", name);
	nv_html_figure(&page->out, figure);
	if (remark)
		nv_buf_addf(&page->out, " <span class=\"muted\">%s</span>", remark);
	nv_page_put(page, "</dd></div>");
}

static void put_facts(nv_page *page, const nv_task_figures *figures)
{
	nv_page_put(page, "<dl class=\"facts\">");
	put_fact(page, "Accuracy", figures->accuracy, figures->task->kind == NV_MULTILABEL ? "all labels right" : NULL);
	put_fact(page, "Majority answer\u2019s accuracy", nv_figure_plain(figures->majority_accuracy), "the baseline");
	if (figures->task->kind == NV_STANCE) {
		put_fact(page, "F1 of favor and against", figures->f1_favor_against, "mean of the two");
		put_fact(page, "Score AUC", figures->score_auc, "favor before against");
		put_fact(page, "Score correlation", figures->score_correlation, "Spearman, with gold");
	}
	put_fact(page, "Log loss", figures->log_loss, NULL);
	put_fact(page, "Brier score", figures->brier, NULL);
	nv_page_put(page, "<div><dt>Calibration error</dt><dd><b>");
	nv_html_number(&page->out, figures->ece, 3);
	nv_page_put(page, "</b>");
	if (!isnan(figures->ece_by_chance)) {
		nv_page_put(page, " <span class=\"muted\">by chance up to ");
		nv_html_number(&page->out, figures->ece_by_chance, 3);
		nv_page_put(page, "</span>");
	}
	nv_page_put(page, "</dd></div></dl>");
}

/* ---- Charts, drawn by the script, with the tables behind them ---- */

void nv_page_open_chart(nv_page *page, const char *kind, size_t t, const char *heading, const char *text)
{
	nv_buf_addf(&page->out, "<div class=\"figure\"><h3>%s</h3><p class=\"note\">%s</p><div class=\"chart\" data-chart=\"%s\" "
	                        "data-task=\"%zu\"></div>", heading, text, kind, t);
}

void nv_page_open_details(nv_page *page, const char *name)
{
	nv_page_put(page, "<details><summary>Table</summary>");
	nv_page_open_table(page, name, false);
}

void nv_page_close_chart(nv_page *page)
{
	nv_page_close_table(page);
	nv_page_put(page, "</details></div>");
}

static void put_threshold(nv_page *page, size_t t, const nv_task_figures *figures)
{
	nv_page_open_chart(page, "threshold", t, "Another threshold?",
	           figures->task->kind == NV_MULTILABEL
	               ? "Move the threshold: a label is given from this probability on. The ring is where the model stands."
	               : "If a label were given from a probability on, instead of where it is the largest. The ring is the model as it is.");
	nv_page_put(page, "</div>");
}

static void put_number_cell(nv_page *page, double x, int decimals)
{
	nv_page_put(page, "<td class=\"num\">");
	nv_html_number(&page->out, x, decimals);
	nv_page_put(page, "</td>");
}

static void put_bin_row(nv_page *page, const nv_calibration_bin *bin)
{
	nv_page_put(page, "<tr><th scope=\"row\">");
	nv_html_number(&page->out, bin->low_p, 2);
	nv_page_put(page, "\u2013");
	nv_html_number(&page->out, bin->high_p, 2);
	nv_page_put(page, "</th>");
	nv_page_count_cell(page, bin->n);
	put_number_cell(page, bin->mean_p, 3);
	nv_page_figure_cell(page, nv_proportion((uint64_t)(bin->mean_hit * (double)bin->n + 0.5), bin->n), false, NAN);
	nv_page_put(page, "</tr>");
}

static void put_reliability(nv_page *page, size_t t, const nv_task_figures *figures)
{
	static const char *const head[] = {"Stated", "Count", "Mean stated", "Share right"};
	nv_page_open_chart(page, "bins", t, "Do the probabilities hold?",
	           figures->task->kind == NV_MULTILABEL
	               ? "Stated probability against the share of (article, label) pairs that carry the label. On the line: as stated."
	               : "Stated probability of the answer against the share that was right. On the line: as stated.");
	nv_page_open_details(page, "Reliability by bin");
	HEAD(page, head);
	nv_page_put(page, "<tbody>");
	for (size_t b = 0; b < figures->n_bin; b++)
		put_bin_row(page, &figures->bin[b]);
	nv_page_put(page, "</tbody>");
	nv_page_close_chart(page);
}

static void put_keep_row(nv_page *page, const nv_keep_curve *keep, size_t k)
{
	nv_page_put(page, "<tr><th scope=\"row\">");
	nv_html_share(&page->out, (double)(k + 1) / NV_N_KEEP);
	nv_page_put(page, "</th>");
	nv_page_count_cell(page, keep->kept[k]);
	nv_page_figure_cell(page, nv_proportion(keep->right[k], keep->kept[k]), false, NAN);
	put_number_cell(page, keep->certainty[k], 2);
	nv_page_put(page, "</tr>");
}

static void put_retention(nv_page *page, size_t t, const nv_task_figures *figures)
{
	static const char *const head[] = {"Kept", "Articles", "Accuracy", "Certain from"};
	nv_page_open_chart(page, "keep", t, "If a person takes the least certain",
	           figures->task->kind == NV_MULTILABEL
	               ? "Share of articles left to the model against the share with all labels right. An article is as certain as its "
	                 "least certain label."
	               : "Share of articles left to the model against its accuracy on them.");
	nv_page_open_details(page, "Accuracy by share of articles kept");
	HEAD(page, head);
	nv_page_put(page, "<tbody>");
	for (size_t k = NV_N_KEEP; k >= 5; k -= 5)
		put_keep_row(page, &page->task[t].keep, k - 1);
	nv_page_put(page, "</tbody>");
	nv_page_close_chart(page);
}

static void put_scores(nv_page *page, size_t t, const nv_task_figures *figures)
{
	static const char *const head[] = {"Gold", "Articles", "Mean score"};
	nv_score_bins bins;
	nv_score_bins_compute(&bins, &page->report->predictions.task[t]);
	nv_page_open_chart(page, "scores", t, "Stance scores by gold value",
	           "The score is P(favor) \u2212 P(against). The further apart the three rows, the better it orders articles.");
	nv_page_open_details(page, "Stance scores by gold value");
	HEAD(page, head);
	nv_page_put(page, "<tbody>");
	for (size_t g = 0; g < NV_N_STANCE; g++) {
		nv_page_put(page, "<tr><th scope=\"row\">");
		put_text(page, figures->label[g].title);
		nv_page_put(page, "</th>");
		nv_page_count_cell(page, figures->label[g].count.tp + figures->label[g].count.fn);
		put_number_cell(page, bins.mean[g], 2);
		nv_page_put(page, "</tr>");
	}
	nv_page_put(page, "</tbody>");
	nv_page_close_chart(page);
}

/* ---- The section ---- */

static void put_heading(nv_page *page, size_t t, const nv_task_figures *figures)
{
	static const char *const kind[] = {"", "one label an article", "any number of labels an article",
	                                   "stance: favor, against or none"};
	nv_buf_addf(&page->out, "<section id=\"t%zu\" class=\"task\" aria-labelledby=\"t%zu-h\"><h2 id=\"t%zu-h\">", t, t, t);
	put_text(page, figures->task->title);
	nv_buf_addf(&page->out, "</h2><p class=\"sub\">%s, ", kind[figures->task->kind]);
	nv_html_count(&page->out, figures->n);
	nv_page_put(page, " articles, field <code>");
	nv_html_text(&page->out, nv_str_of(figures->task->field));
	nv_page_put(page, "</code></p>");
}

static void put_task(nv_page *page, size_t t)
{
	const nv_task_figures *figures = &page->report->task[t];
	put_heading(page, t, figures);
	if (figures->n == 0) {
		nv_page_put(page, "<p>No article is labelled for this task.</p></section>\n");
		return;
	}
	put_labels(page, figures);
	put_facts(page, figures);
	nv_page_put_confusion(page, t);
	nv_page_put(page, "<div class=\"charts\">");
	put_threshold(page, t, figures);
	put_reliability(page, t, figures);
	if (figures->task->kind == NV_STANCE)
		put_scores(page, t, figures);
	put_retention(page, t, figures);
	nv_page_put_learning(page, t);
	nv_page_put(page, "</div>");
	nv_page_put_worst(page, t);
	nv_page_put(page, "</section>\n");
}

void nv_page_put_tasks(nv_page *page)
{
	for (size_t t = 0; t < page->report->schema->n_task; t++)
		put_task(page, t);
}
