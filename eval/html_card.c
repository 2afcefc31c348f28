/* SPDX-License-Identifier: Apache-2.0
 *
 * Figures by source and year, and the model's card: what was run, the schema, and the model's own record (JSON of any shape, since models
 * may record more than this version knows).
 */
#include "eval/html_page.h"

#include <math.h>

enum { NV_CARD_DEPTH = 6, NV_CARD_ITEMS = 60 };

static void put_text(nv_page *page, const char *text)
{
	nv_html_bdi(&page->out, nv_str_of(text));
}

/* ---- Slices ---- */

static void put_slice_head(nv_page *page, const char *name)
{
	const nv_schema *schema = page->report->schema;
	nv_buf_addf(&page->out, "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\" class=\"num\">Articles</th>", name);
	for (size_t t = 0; t < schema->n_task; t++) {
		nv_page_put(page, "<th scope=\"col\" class=\"num\">");
		put_text(page, schema->task[t].title);
		nv_buf_addf(&page->out, " <span class=\"unit\">%s</span></th>",
		            schema->task[t].kind == NV_STANCE ? "F1 favor/against" : nv_main_figure_name(schema->task[t].kind));
	}
	nv_page_put(page, "</tr></thead>");
}

static void put_slice(nv_page *page, const nv_slice *slice)
{
	const nv_report *report = page->report;
	nv_page_put(page, "<tr><th scope=\"row\">");
	nv_html_bdi(&page->out, nv_html_cut(nv_str_of(slice->name), 80));
	nv_page_put(page, "</th>");
	nv_page_count_cell(page, slice->n);
	for (size_t t = 0; t < report->schema->n_task; t++)
		nv_page_figure_cell(page, nv_main_slice_figure(report->schema->task[t].kind, &slice->task[t]), true,
		                    nv_main_figure(&report->task[t]).value);
	nv_page_put(page, "</tr>");
}

static void put_merged(nv_page *page, size_t n, const char *many)
{
	nv_page_put(page, "<p class=\"note\">\u201Cother\u201D: ");
	nv_html_count(&page->out, n);
	nv_buf_addf(&page->out, " %s with fewer than %d articles each.</p>", many, NV_SMALLEST_SLICE);
}

static void put_slice_table(nv_page *page, const nv_slices *slices, const char *heading, const char *name,
                            const char *many)
{
	size_t shown = slices->n < NV_PAGE_SLICES ? slices->n : NV_PAGE_SLICES;
	nv_buf_addf(&page->out, "<h3>%s</h3>", heading);
	if (slices->n < 2) {
		nv_buf_addf(&page->out, "<p class=\"note\">Too few %s with %d articles or more to compare.</p>", many,
		            NV_SMALLEST_SLICE);
		return;
	}
	nv_page_open_table(page, heading, true);
	put_slice_head(page, name);
	nv_page_put(page, "<tbody>");
	for (size_t s = 0; s < shown; s++)
		put_slice(page, &slices->slice[s]);
	nv_page_put(page, "</tbody>");
	nv_page_close_table(page);
	if (slices->n_merged > 0)
		put_merged(page, slices->n_merged, many);
	if (shown < slices->n)
		nv_buf_addf(&page->out, "<p class=\"note\">%zu further rows are in the JSON report.</p>", slices->n - shown);
}

void nv_page_put_slices(nv_page *page)
{
	nv_page_put(page, "<section id=\"slices\" aria-labelledby=\"slices-h\"><h2 id=\"slices-h\">By source and year</h2>"
	                  "<p class=\"note\">Dot and bar: figure and 95% interval, from 0 to 1; the tick is the figure "
	                  "over all articles.</p>");
	put_slice_table(page, &page->report->source, "By source", "Source", "sources");
	put_slice_table(page, &page->report->year, "By year", "Year", "years");
	nv_page_put(page, "</section>\n");
}

/* ---- JSON as nested lists ---- */

static void put_value(nv_page *page, const nv_json *value, int depth);

/* "data_checksum" for people: "data checksum". */
static void put_name(nv_page *page, const char *name)
{
	nv_buf text = NV_BUF_INIT;
	for (; *name; name++)
		nv_buf_add_char(&text, *name == '_' ? ' ' : *name);
	nv_html_bdi(&page->out, (nv_str){text.ptr, text.len});
	page->out.failed |= text.failed;
	nv_buf_release(&text);
}

static bool is_flat(const nv_json *object)
{
	for (const nv_json *member = nv_json_first(object); member; member = nv_json_next(member))
		if (nv_json_get_kind(member) == NV_JSON_OBJECT || nv_json_get_kind(member) == NV_JSON_ARRAY)
			return false;
	return true;
}

/* "favor 205, none 1,666, against 179" */
static void put_line(nv_page *page, const nv_json *object, int depth)
{
	size_t n = 0;
	for (const nv_json *member = nv_json_first(object); member && n < NV_CARD_ITEMS;
	     member = nv_json_next(member), n++) {
		nv_page_put(page, n == 0 ? "<span class=\"muted\">" : ", <span class=\"muted\">");
		put_name(page, nv_json_name(member));
		nv_page_put(page, "</span> ");
		put_value(page, member, depth + 1);
	}
	if (nv_json_size(object) > n)
		nv_buf_addf(&page->out, " and %zu more", nv_json_size(object) - n);
}

static void put_members(nv_page *page, const nv_json *object, int depth)
{
	bool flat = is_flat(object);
	if (flat && depth > 1) {
		put_line(page, object, depth);
		return;
	}
	nv_page_put(page, flat ? "<dl class=\"record flat\">" : "<dl class=\"record\">");
	for (const nv_json *member = nv_json_first(object); member; member = nv_json_next(member)) {
		nv_page_put(page, "<div><dt>");
		put_name(page, nv_json_name(member));
		nv_page_put(page, "</dt><dd>");
		put_value(page, member, depth + 1);
		nv_page_put(page, "</dd></div>");
	}
	nv_page_put(page, "</dl>");
}

/* Pairs as [["Wire", 33], …] read "Wire 33, …". */
static void put_elements(nv_page *page, const nv_json *array, int depth)
{
	size_t n = 0;
	bool pairs = nv_json_get_kind(nv_json_first(array)) == NV_JSON_ARRAY;
	for (const nv_json *item = nv_json_first(array); item && n < NV_CARD_ITEMS; item = nv_json_next(item), n++) {
		nv_page_put(page, n == 0 ? "" : pairs ? ", " : " ");
		put_value(page, item, depth + 1);
	}
	if (nv_json_size(array) > n)
		nv_buf_addf(&page->out, " and %zu more", nv_json_size(array) - n);
}

static void put_json_number(nv_page *page, double x)
{
	if (x == floor(x) && fabs(x) < 1e15 && x >= 0)
		nv_html_count(&page->out, (uint64_t)x);
	else
		nv_html_number(&page->out, x, 4);
}

static void put_value(nv_page *page, const nv_json *value, int depth)
{
	nv_json_kind kind = nv_json_get_kind(value);
	if (kind == NV_JSON_STRING && *nv_json_string(value))
		nv_html_bdi(&page->out, nv_html_cut(nv_str_of(nv_json_string(value)), 400));
	else if (kind == NV_JSON_NUMBER)
		put_json_number(page, nv_json_number(value));
	else if (kind == NV_JSON_BOOL)
		nv_page_put(page, nv_json_true(value) ? "yes" : "no");
	else if (kind == NV_JSON_NULL || kind == NV_JSON_STRING || depth > NV_CARD_DEPTH)
		nv_page_put(page, "\u2013");
	else if (kind == NV_JSON_OBJECT)
		put_members(page, value, depth);
	else
		put_elements(page, value, depth);
}

/* ---- The card ---- */

static void put_schema(nv_page *page)
{
	static const char *const kind[] = {"", "multiclass", "multilabel", "stance"};
	const nv_schema *schema = page->report->schema;
	nv_page_put(page, "<h3>What it answers</h3>");
	nv_page_open_table(page, "Schema", false);
	nv_page_put(page, "<thead><tr><th scope=\"col\">Task</th><th scope=\"col\">Kind</th><th scope=\"col\">Field</th>"
	                  "<th scope=\"col\">Labels</th></tr></thead><tbody>");
	for (size_t t = 0; t < schema->n_task; t++) {
		const nv_task *task = &schema->task[t];
		nv_page_put(page, "<tr><th scope=\"row\">");
		put_text(page, task->title);
		nv_buf_addf(&page->out, "</th><td>%s</td><td><code>", kind[task->kind]);
		nv_html_text(&page->out, nv_str_of(task->field));
		nv_page_put(page, "</code></td><td class=\"wide\">");
		for (size_t l = 0; l < task->n_label && l < NV_CARD_ITEMS; l++) {
			nv_page_put(page, l ? ", " : "");
			put_text(page, task->label[l].id);
		}
		if (task->n_label > NV_CARD_ITEMS)
			nv_buf_addf(&page->out, " and %zu more", task->n_label - NV_CARD_ITEMS);
		nv_page_put(page, "</td></tr>");
	}
	nv_page_put(page, "</tbody>");
	nv_page_close_table(page);
}

static void put_row(nv_page *page, const char *name, const char *value)
{
	nv_buf_addf(&page->out, "<div><dt>%s</dt><dd>", name);
	put_text(page, value);
	nv_page_put(page, "</dd></div>");
}

static void put_count_row(nv_page *page, const char *name, uint64_t n)
{
	nv_buf_addf(&page->out, "<div><dt>%s</dt><dd>", name);
	nv_html_count(&page->out, n);
	nv_page_put(page, "</dd></div>");
}

static void put_articles(nv_page *page)
{
	const nv_run_facts *run = &page->report->run;
	put_count_row(page, "articles", page->report->predictions.n);
	if (run->n_source > 0)
		put_count_row(page, "sources", run->n_source);
	if (*run->first_date)
		nv_buf_addf(&page->out, "<div><dt>dates</dt><dd>%s to %s</dd></div>", run->first_date, run->last_date);
	if (run->checksum != 0)
		nv_buf_addf(&page->out, "<div><dt>checksum of their texts</dt><dd><code>%016llx</code></dd></div>",
		            (unsigned long long)run->checksum);
}

static void put_run(nv_page *page)
{
	const nv_run_facts *run = &page->report->run;
	nv_page_put(page, "<h3>How it was judged</h3><dl class=\"record\">");
	put_row(page, "method", run->crossval ? "cross-validation" : "a trained model on labelled articles");
	put_articles(page);
	if (run->crossval) {
		put_count_row(page, "folds", run->n_fold);
		put_row(page, "kept together", run->group_by ? run->group_by : "near-duplicates");
	}
	if (run->overlap.checked)
		put_count_row(page,
		              run->crossval ? "articles with a near-duplicate in another fold" : "articles met in training",
		              run->overlap.n);
	else if (!run->crossval)
		put_row(page, "articles met in training", "not known: the model keeps no fingerprints");
	put_count_row(page, "bootstrap draws", (uint64_t)page->report->options.draws);
	nv_buf_addf(&page->out, "<div><dt>seed</dt><dd>%lld</dd></div>", (long long)page->report->options.seed);
	put_row(page, "newsvane", NV_VERSION);
	nv_page_put(page, "</dl>");
}

void nv_page_put_card(nv_page *page)
{
	nv_str model = page->report->run.model;
	nv_json *root = NULL;
	put_run(page);
	put_schema(page);
	nv_page_put(page,
	            page->report->run.crossval ? "<h3>How models were trained</h3>" : "<h3>How the model was trained</h3>");
	int code = nv_json_parse(&root, model.len ? model : nv_str_of("{}"), "the model's record", page->err);
	if (code != NV_OK)
		page->code = code;
	else if (nv_json_size(root) > 0)
		put_value(page, root, 0);
	else
		nv_page_put(page, "<p>No record.</p>");
	nv_json_free(root);
}
