/* SPDX-License-Identifier: Apache-2.0
 *
 * The page's frame: eval/html/report.html with its {{marks}} replaced. Everything is made in one buffer and handed on at once.
 */
#include "eval/report_html.h"

#include "data/duplicates.h"
#include "eval/html_files.h"
#include "eval/html_page.h"

#include <math.h>
#include <string.h>

/* ---- Small parts that others use too ---- */

void nv_page_put(nv_page *page, const char *html)
{
	nv_buf_add_str(&page->out, html);
}

nv_figure nv_main_figure(const nv_task_figures *figures)
{
	nv_task_kind kind = figures->task->kind;
	return kind == NV_MULTILABEL ? figures->micro.f1 : kind == NV_STANCE ? figures->f1_favor_against : figures->accuracy;
}

nv_figure nv_main_slice_figure(nv_task_kind kind, const nv_slice_task *slice)
{
	return kind == NV_MULTILABEL ? slice->micro_f1 : kind == NV_STANCE ? slice->f1_favor_against : slice->accuracy;
}

const char *nv_main_figure_name(nv_task_kind kind)
{
	return kind == NV_MULTILABEL ? "micro F1" : kind == NV_STANCE ? "F1 of favor and against, mean" : "accuracy";
}

static void put_sort_key(nv_page *page, double x)
{
	nv_page_put(page, " data-sort=\"");
	if (!isnan(x))
		nv_html_number(&page->out, x, 6);
	nv_page_put(page, "\"");
}

void nv_page_figure_cell(nv_page *page, nv_figure figure, bool whisker, double mark)
{
	nv_page_put(page, "<td class=\"num\"");
	put_sort_key(page, figure.value);
	nv_page_put(page, ">");
	nv_html_figure(&page->out, figure);
	if (whisker)
		nv_html_whisker(&page->out, figure, mark);
	nv_page_put(page, "</td>");
}

void nv_page_count_cell(nv_page *page, uint64_t n)
{
	nv_buf_addf(&page->out, "<td class=\"num\" data-sort=\"%llu\">", (unsigned long long)n);
	nv_html_count(&page->out, n);
	nv_page_put(page, "</td>");
}

void nv_page_open_table(nv_page *page, const char *name, bool sortable)
{
	nv_page_put(page, "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"");
	nv_html_text(&page->out, nv_str_of(name));
	nv_buf_addf(&page->out, "\"><table%s>", sortable ? " class=\"sortable\"" : "");
}

void nv_page_close_table(nv_page *page)
{
	nv_page_put(page, "</table></div>");
}

/* ---- Head ---- */

static void put_headline(nv_page *page)
{
	const char *name = page->report->schema->name;
	nv_html_text(&page->out, nv_str_of(name && *name ? name : "Text classifier"));
}

static void put_title(nv_page *page)
{
	put_headline(page);
	nv_page_put(page, ": evaluation on ");
	nv_html_count(&page->out, page->report->predictions.n);
	nv_page_put(page, " articles");
}

static void put_crossval_facts(nv_page *page, const nv_run_facts *run)
{
	nv_buf_addf(&page->out, ", each judged by a model that had not seen it: cross-validation in %zu folds. ", run->n_fold);
	if (run->group_by) {
		nv_page_put(page, "Articles of one <bdi>");
		nv_html_text(&page->out, nv_str_of(run->group_by));
		nv_page_put(page, "</bdi> stay in one fold.");
	} else {
		nv_page_put(page, "Near-duplicates (Jaccard similarity ");
		nv_html_number(&page->out, NV_NEAR_DUPLICATE, 1);
		nv_page_put(page, " or more) stay in one fold.");
	}
}

static void put_standfirst(nv_page *page)
{
	const nv_run_facts *run = &page->report->run;
	nv_html_count(&page->out, page->report->predictions.n);
	nv_page_put(page, " labelled articles");
	if (run->crossval) {
		put_crossval_facts(page, run);
	} else if (run->n_training > 0) {
		nv_page_put(page, ", judged by a model trained on ");
		nv_html_count(&page->out, run->n_training);
		nv_buf_addf(&page->out, ".%s", run->overlap.checked ? "" : " Whether some of them are the same is not known.");
	} else {
		nv_page_put(page, ".");
	}
	nv_page_put(page, " Ranges beside figures are 95% intervals: how far the figure could be off by the chance of which articles "
	                  "were judged.");
}

static void put_contents(nv_page *page)
{
	if (page->report->comparison)
		nv_page_put(page, "<li><a href=\"#compare\">A compared with B</a></li>\n");
	for (size_t t = 0; t < page->report->schema->n_task; t++) {
		nv_buf_addf(&page->out, "<li><a href=\"#t%zu\">", t);
		nv_html_bdi(&page->out, nv_str_of(page->report->schema->task[t].title));
		nv_page_put(page, "</a></li>\n");
	}
	nv_page_put(page, "<li><a href=\"#slices\">By source and year</a></li>");
}

/* ---- Fixed texts and numbers ---- */

static void put_version(nv_page *page)
{
	nv_page_put(page, NV_VERSION);
}

static void put_style(nv_page *page)
{
	nv_buf_add(&page->out, (const char *)nv_html_style, nv_html_style_len);
}

static void put_script(nv_page *page)
{
	nv_buf_add(&page->out, (const char *)nv_html_script, nv_html_script_len);
}

static void put_style_sum(nv_page *page)
{
	nv_page_put(page, nv_html_style_sha256);
}

static void put_script_sum(nv_page *page)
{
	nv_page_put(page, nv_html_script_sha256);
}

static void put_bins(nv_page *page)
{
	nv_html_count(&page->out, (uint64_t)page->report->options.bins);
}

static void put_draws(nv_page *page)
{
	nv_html_count(&page->out, (uint64_t)page->report->options.draws);
}

static void put_seed(nv_page *page)
{
	nv_buf_addf(&page->out, "%lld", (long long)page->report->options.seed);
}

static void put_learning(nv_page *page)
{
	if (!page->report->learning)
		return;
	nv_page_put(page, "<h3>How the learning curve was made</h3><p>Of each fold\u2019s training articles 10, 20, 40 and 70% were drawn by the seed, "
	                  "smaller parts inside larger ones, articles that must stay together kept whole. A model learnt from each part and judged the "
	                  "fold\u2019s articles. Intervals speak of the choice of articles judged; another draw of training articles would give a "
	                  "somewhat different curve. The difference over the last step has a percentile interval, from draws of articles that are the "
	                  "same for both models.</p>");
}

static void put_quota(nv_page *page)
{
	nv_html_count(&page->out, page->quota);
}

/* ---- The template ---- */

typedef struct nv_page_part {
	const char *mark;
	void (*put)(nv_page *page);
} nv_page_part;

static const nv_page_part parts[] = {
    {"style-sum", put_style_sum}, {"script-sum", put_script_sum}, {"version", put_version}, {"title", put_title},
    {"style", put_style}, {"headline", put_headline}, {"standfirst", put_standfirst}, {"contents", put_contents},
    {"cards", nv_page_put_cards}, {"pooled", nv_page_put_pooled}, {"care", nv_page_put_care}, {"compare", nv_page_put_compare}, {"tasks", nv_page_put_tasks},
    {"slices", nv_page_put_slices}, {"card", nv_page_put_card}, {"bins", put_bins}, {"draws", put_draws}, {"seed", put_seed},
    {"quota", put_quota}, {"learning", put_learning}, {"data", nv_page_put_data}, {"script", put_script},
};

static void put_part(nv_page *page, nv_str mark)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (nv_str_is(mark, parts[i].mark))
			parts[i].put(page);
}

static void fill_template(nv_page *page)
{
	const char *at = (const char *)nv_html_page, *end = at + nv_html_page_len;
	const char *open;
	while ((open = memmem(at, (size_t)(end - at), "{{", 2)) != NULL) {
		const char *close = memmem(open, (size_t)(end - open), "}}", 2);
		if (!close)
			break;
		nv_buf_add(&page->out, at, (size_t)(open - at));
		put_part(page, (nv_str){open + 2, (size_t)(close - open - 2)});
		at = close + 2;
	}
	nv_buf_add(&page->out, at, (size_t)(end - at));
}

/* ---- All ---- */

static size_t cases_a_cell(const nv_report *report)
{
	size_t cells = 0, quota;
	for (size_t t = 0; t < report->schema->n_task; t++)
		cells += nv_cases_n_cell(&report->task[t]);
	quota = cells ? NV_PAGE_CASES / cells : NV_CASES_A_CELL;
	return quota > NV_CASES_A_CELL ? NV_CASES_A_CELL : quota < 4 ? 4 : quota;
}

static int prepare(nv_page *page, nv_error *err)
{
	const nv_report *report = page->report;
	size_t n_task = report->schema->n_task;
	page->quota = cases_a_cell(report);
	page->task = nv_arena_alloc(&page->arena, n_task, sizeof *page->task);
	int code = page->task ? NV_OK : nv_fail_memory(err);
	for (size_t t = 0; code == NV_OK && t < n_task; t++) {
		const nv_task_predictions *predictions = &report->predictions.task[t];
		code = nv_cases_find(&page->task[t].cases, &report->task[t], predictions, page->quota, &page->arena, err);
		if (code == NV_OK)
			code = nv_keep_curve_compute(&page->task[t].keep, report->schema->task[t].kind, predictions,
			                             page->task[t].cases.right, err);
	}
	return code;
}

int nv_report_write_html(const nv_report *report, const nv_sink *sink, nv_error *err)
{
	nv_page page = {.report = report, .out = NV_BUF_INIT, .err = err};
	nv_arena_init(&page.arena);
	int code = prepare(&page, err);
	if (code == NV_OK) {
		fill_template(&page);
		code = page.code;
	}
	if (code == NV_OK && page.out.failed)
		code = nv_fail_memory(err);
	if (code == NV_OK && sink->write(sink->user, page.out.ptr, page.out.len) != 0)
		code = nv_fail(err, NV_E_IO, "can't write the report");
	nv_buf_release(&page.out);
	nv_arena_release(&page.arena);
	return code;
}
