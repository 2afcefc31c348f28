/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/report_text_parts.h"

#include "eval/table.h"

#include <math.h>

void nv_text_heading(nv_text *text, const char *heading)
{
	nv_buf_addf(&text->out, "\n%s\n", heading);
	for (size_t i = nv_text_width(nv_str_of(heading)); i > 0; i--)
		nv_buf_add_char(&text->out, '-');
	nv_buf_add_char(&text->out, '\n');
}

void nv_text_paragraph(nv_text *text, nv_buf *words)
{
	nv_text_wrap(&text->out, nv_buf_cstr(words), 0, 0, text->columns);
	text->out.failed |= words->failed;
	nv_buf_release(words);
}

enum { NV_NAME_WIDTH = 22 };

void nv_text_line(nv_text *text, const char *name, nv_figure figure, const char *remark)
{
	nv_buf *out = &text->out;
	size_t start = out->len, indent = NV_INDENT + NV_NAME_WIDTH + 1;
	nv_buf_addf(out, "%*s%-*s ", NV_INDENT, "", NV_NAME_WIDTH, name);
	nv_text_figure(out, figure);
	if (!remark[0]) {
		nv_buf_add_char(out, '\n');
		return;
	}
	nv_buf_add_str(out, "   ");
	nv_text_wrap(out, remark, out->len - start, indent, text->columns);
}

/* ---- Slices ---- */

static const char *slice_measure(nv_task_kind kind)
{
	return kind == NV_MULTILABEL ? "micro-F1" : kind == NV_STANCE ? "F1 fav./ag." : "accuracy";
}

static nv_figure slice_figure(nv_task_kind kind, const nv_slice_task *task)
{
	return kind == NV_MULTILABEL ? task->micro_f1 : kind == NV_STANCE ? task->f1_favor_against : task->accuracy;
}

static void put_slices(nv_text *text, const char *name, const nv_slices *slices)
{
	const nv_schema *schema = text->report->schema;
	nv_table table;
	nv_table_begin(&table);
	nv_table_head(&table, name);
	nv_table_head(&table, "articles");
	for (size_t t = 0; t < schema->n_task; t++)
		nv_table_head(&table, schema->task[t].name);
	nv_table_cell(&table, "");
	nv_table_cell(&table, "");
	for (size_t t = 0; t < schema->n_task; t++)
		nv_table_cell(&table, slice_measure(schema->task[t].kind));
	for (size_t s = 0; s < slices->n; s++) {
		nv_table_cell(&table, slices->slice[s].name);
		nv_table_cell_count(&table, slices->slice[s].n);
		for (size_t t = 0; t < schema->n_task; t++)
			nv_table_cell_figure(&table, slice_figure(schema->task[t].kind, &slices->slice[s].task[t]));
	}
	nv_table_print(&table, NV_INDENT, text->columns, &text->out);
	if (slices->n_merged > 0)
		nv_buf_addf(&text->out, "  other: %zu with fewer than %d articles each\n", slices->n_merged, NV_SMALLEST_SLICE);
	nv_table_release(&table);
}

void nv_text_slices(nv_text *text)
{
	const nv_report *r = text->report;
	if (r->source.n > 1) {
		nv_text_heading(text, "By source");
		put_slices(text, "source", &r->source);
	}
	if (r->year.n > 1) {
		nv_text_heading(text, "By year");
		put_slices(text, "year", &r->year);
	}
}

/* ---- Learning curve ---- */

static void put_curve(nv_table *table, const nv_task *task, const nv_task_learning *learning)
{
	for (size_t p = 0; p < NV_LEARNING_POINTS; p++) {
		const nv_learning_point *point = &learning->point[p];
		nv_table_cell(table, p == 0 ? task->name : "");
		nv_table_cell_count(table, (uint64_t)(point->articles + 0.5));
		nv_table_cell_figure(table, point->macro_f1);
		if (task->kind == NV_STANCE)
			nv_table_cell_figure(table, point->f1_favor_against);
		else
			nv_table_cell(table, "");
		nv_table_cell_figure(table, point->accuracy);
	}
}

void nv_text_learning(nv_text *text)
{
	static const char *const head[] = {"task", "learnt from", "macro-F1", "F1 fav./ag.", "accuracy"};
	const nv_report *r = text->report;
	nv_buf words = NV_BUF_INIT;
	nv_table table;
	if (!r->learning)
		return;
	nv_text_heading(text, "Learning curve");
	nv_buf_addf(&words,
	            "Models that learnt from 10, 20, 40, 70 and 100%% of each fold's training articles (seed %lld), judged "
	            "on the same articles. "
	            "Intervals are for the choice of articles judged, not of those learnt from.",
	            (long long)r->options.seed);
	nv_text_paragraph(text, &words);
	nv_buf_add_char(&text->out, '\n');
	nv_table_begin(&table);
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		nv_table_head(&table, head[i]);
	for (size_t t = 0; t < r->schema->n_task; t++)
		if (r->learning[t].sentence)
			put_curve(&table, &r->schema->task[t], &r->learning[t]);
	nv_table_print(&table, NV_INDENT, text->columns, &text->out);
	nv_table_release(&table);
	nv_buf_add_char(&text->out, '\n');
	for (size_t t = 0; t < r->schema->n_task; t++) {
		if (!r->learning[t].sentence)
			continue;
		nv_buf_addf(&words, "- %s: %s", r->schema->task[t].name, r->learning[t].sentence);
		nv_text_wrap(&text->out, nv_buf_cstr(&words), 0, 2, text->columns);
		nv_buf_clear(&words);
	}
	nv_buf_release(&words);
}

/* ---- Notes ---- */

void nv_text_care(nv_text *text)
{
	if (text->report->n_care == 0)
		return;
	nv_text_heading(text, "Read with care");
	for (size_t i = 0; i < text->report->n_care; i++) {
		nv_buf_add_str(&text->out, "- ");
		nv_text_wrap(&text->out, text->report->care[i], 2, 2, text->columns);
	}
}

void nv_text_pooled(nv_text *text)
{
	if (isnan(text->report->pooled_f1_favor_against.value))
		return;
	nv_text_heading(text, "All stance tasks together");
	nv_text_line(text, "F1 favor and against", text->report->pooled_f1_favor_against, "pooled over articles and tasks");
}
