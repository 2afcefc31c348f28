/* SPDX-License-Identifier: Apache-2.0
 *
 * html_page.h: what the parts of the HTML report share. Inside eval/ only: report_html.c fills the template and calls the others.
 */
#ifndef NV_EVAL_HTML_PAGE_H
#define NV_EVAL_HTML_PAGE_H

#include "eval/cases.h"
#include "eval/curves.h"
#include "eval/html.h"
#include "eval/report.h"

enum { NV_PAGE_LABELS = 1000, NV_PAGE_SLICES = 60, NV_PAGE_CURVES = 60, NV_PAGE_CASES = 6000, NV_PAGE_BYTES = 3000000 };

struct nv_task_comparison; /* compare.h */

typedef struct nv_page_task {
	nv_cases cases;
	nv_keep_curve keep;
} nv_page_task;

typedef struct nv_page {
	const nv_report *report;
	nv_buf out;
	nv_arena arena;
	nv_page_task *task; /* [n_task] */
	size_t quota;       /* cases a cell */
	int code;           /* of a part that failed */
	nv_error *err;
} nv_page;

/* Appends literal HTML. */
void nv_page_put(nv_page *page, const char *html);
/* The figure that stands for a task, and its name. */
nv_figure nv_main_figure(const nv_task_figures *figures);
nv_figure nv_main_slice_figure(nv_task_kind kind, const nv_slice_task *slice);
const char *nv_main_figure_name(nv_task_kind kind);
/* The title of a place on the axes of a confusion. */
const char *nv_page_axis_title(const nv_task_figures *figures, size_t axis);
/* A table cell with a figure, sorted by its value; whisker: with a drawing, where mark (NaN: none) is what to compare with. */
void nv_page_figure_cell(nv_page *page, nv_figure figure, bool whisker, double mark);
void nv_page_count_cell(nv_page *page, uint64_t n);
/* Opens a table that scrolls sideways in a named group; sortable ones get buttons by the script. */
void nv_page_open_table(nv_page *page, const char *name, bool sortable);
void nv_page_close_table(nv_page *page);

void nv_page_put_cards(nv_page *page);     /* html_glance.c: these three */
void nv_page_put_pooled(nv_page *page);
void nv_page_put_care(nv_page *page);
void nv_page_put_compare(nv_page *page);   /* html_compare.c: nothing without a comparison */
void nv_page_put_parted(nv_page *page, const struct nv_task_comparison *task); /* html_parted.c */
void nv_page_put_tasks(nv_page *page);     /* html_tasks.c: a section a task */
void nv_page_put_confusion(nv_page *page, size_t task); /* html_confusion.c */
void nv_page_put_worst(nv_page *page, size_t task);     /* html_mistakes.c */
void nv_page_put_learning(nv_page *page, size_t task);  /* html_learning.c: nothing without a curve */
/* html_tasks.c: a chart's place and, between these, the table behind it. */
void nv_page_open_chart(nv_page *page, const char *kind, size_t task, const char *heading, const char *text);
void nv_page_open_details(nv_page *page, const char *name);
void nv_page_close_chart(nv_page *page);
void nv_page_put_slices(nv_page *page);    /* html_card.c */
void nv_page_put_card(nv_page *page);      /* html_card.c: model, schema, run */
void nv_page_put_data(nv_page *page);      /* html_data.c: what the script draws, as JSON */

#endif
