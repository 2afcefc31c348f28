/* SPDX-License-Identifier: Apache-2.0
 *
 * The comparison for a terminal: what may be concluded first, then the figures task by task.
 */
#include "eval/compare.h"
#include "eval/table.h"

#include <math.h>

enum { NV_INDENT = 2, NV_SHOWN_A_KIND = 2, NV_TITLE_BYTES = 60 };

typedef struct nv_compare_text {
	const nv_report *report;
	size_t columns;
	nv_buf *out;
} nv_compare_text;

static void put_heading(nv_compare_text *text, const char *heading)
{
	nv_buf_addf(text->out, "\n%s\n", heading);
	for (size_t i = nv_text_width(nv_str_of(heading)); i > 0; i--)
		nv_buf_add_char(text->out, '-');
	nv_buf_add_char(text->out, '\n');
}

/* Takes `words` back. */
static void put_paragraph(nv_compare_text *text, nv_buf *words, size_t indent)
{
	nv_text_wrap(text->out, nv_buf_cstr(words), indent, indent, text->columns);
	text->out->failed |= words->failed;
	nv_buf_release(words);
}

/* ---- Cells ---- */

static void put_cell(nv_table *table, nv_buf *cell)
{
	nv_table_cell(table, nv_buf_cstr(cell));
	nv_buf_release(cell);
}

static void number_cell(nv_table *table, double x)
{
	nv_buf cell = NV_BUF_INIT;
	nv_text_number(&cell, x);
	put_cell(table, &cell);
}

static void difference_cell(nv_table *table, const nv_difference *difference)
{
	nv_buf cell = NV_BUF_INIT;
	nv_difference_text(&cell, difference->b_less_a);
	put_cell(table, &cell);
}

/* ".932 .910 -.022 [-.060, +.020]" in one cell, so that a table too wide is not cut between the two models. */
static void side_by_side_cell(nv_table *table, const nv_difference *difference)
{
	nv_buf cell = NV_BUF_INIT;
	if (isnan(difference->a) && isnan(difference->b)) {
		nv_buf_add_str(&cell, "n/a");
	} else {
		nv_text_number(&cell, difference->a);
		nv_buf_add_char(&cell, ' ');
		nv_text_number(&cell, difference->b);
		nv_buf_add_char(&cell, ' ');
		nv_difference_text(&cell, difference->b_less_a);
	}
	put_cell(table, &cell);
}

static void p_cell(nv_table *table, double p)
{
	nv_buf cell = NV_BUF_INIT;
	nv_p_text(&cell, p);
	put_cell(table, &cell);
}

/* ---- Tables ---- */

static void put_row(nv_table *table, const char *name, const nv_difference *difference)
{
	nv_table_cell(table, name);
	number_cell(table, difference->a);
	number_cell(table, difference->b);
	difference_cell(table, difference);
}

static void begin_figures(nv_table *table, const char *first)
{
	nv_table_begin(table);
	nv_table_head(table, first);
	nv_table_head(table, "A");
	nv_table_head(table, "B");
	nv_table_head(table, "B - A");
}

static void put_averages(nv_compare_text *text, const nv_task_comparison *task)
{
	nv_table table;
	begin_figures(&table, "all labels");
	put_row(&table, task->task.kind == NV_MULTILABEL ? "accuracy (exact set)" : "accuracy", &task->accuracy);
	put_row(&table, "micro F1", &task->micro_f1);
	put_row(&table, "macro F1", &task->macro_f1);
	if (task->task.kind == NV_STANCE)
		put_row(&table, "F1 favor and against", &task->f1_favor_against);
	put_row(&table, "macro avg. precision", &task->macro_average_precision);
	put_row(&table, "log loss (less is better)", &task->log_loss);
	nv_table_print(&table, NV_INDENT, text->columns, text->out);
	nv_table_release(&table);
}

static void put_labels(nv_compare_text *text, const nv_task_comparison *task)
{
	static const char *const head[] = {"label",
	                                   "articles",
	                                   "precision: A, B, B - A",
	                                   "recall: A, B, B - A",
	                                   "F1: A, B, B - A",
	                                   "avg. precision: A, B, B - A",
	                                   "ROC AUC: A, B, B - A",
	                                   "only A right",
	                                   "only B right",
	                                   "p",
	                                   "p (Holm)"};
	nv_table table;
	nv_table_begin(&table);
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		nv_table_head(&table, head[i]);
	for (size_t l = 0; l < task->n_label; l++) {
		const nv_label_comparison *label = &task->label[l];
		nv_table_cell(&table, label->figures->id);
		nv_table_cell_count(&table, label->figures->count.tp + label->figures->count.fn);
		side_by_side_cell(&table, &label->precision);
		side_by_side_cell(&table, &label->recall);
		side_by_side_cell(&table, &label->f1);
		side_by_side_cell(&table, &label->average_precision);
		side_by_side_cell(&table, &label->roc_auc);
		nv_table_cell_count(&table, label->test.only_a);
		nv_table_cell_count(&table, label->test.only_b);
		p_cell(&table, label->test.p);
		p_cell(&table, label->holm);
	}
	nv_table_print(&table, NV_INDENT, text->columns, text->out);
	nv_table_release(&table);
}

/* ---- Articles ---- */

static void put_printable(nv_buf *out, nv_str text, size_t max)
{
	size_t len = text.len < max ? text.len : max;
	while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
		len--;
	for (size_t i = 0; i < len; i++)
		nv_buf_add_char(out, (unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7F ? ' ' : text.ptr[i]);
	if (len < text.len)
		nv_buf_add_str(out, "…");
}

static void put_answer(nv_buf *out, const char *who, const nv_task *task, const uint8_t *given)
{
	size_t n = 0;
	nv_buf_add_str(out, who);
	for (size_t l = 0; l < task->n_label; l++)
		if (given[l])
			nv_buf_addf(out, "%s%s", n++ > 0 ? "|" : "", task->label[l].id);
	if (n == 0)
		nv_buf_add_str(out, "(none)");
}

static void put_article(nv_compare_text *text, const nv_task_comparison *task, const nv_parted_article *parted)
{
	const nv_judged_article *article = &text->report->predictions.article[task->a.article[parted->row]];
	size_t at = parted->row * task->a.n_label;
	nv_buf words = NV_BUF_INIT;
	nv_buf_addf(&words, "%s: ", nv_parting_name(parted->kind));
	put_printable(&words, article->id, NV_TITLE_BYTES);
	nv_buf_add_str(&words, " \"");
	put_printable(&words, article->title, NV_TITLE_BYTES);
	put_answer(&words, "\": gold ", &task->task, task->a.gold + at);
	put_answer(&words, "; A ", &task->task, task->a.chosen + at);
	put_answer(&words, "; B ", &task->task, task->b.chosen + at);
	nv_buf_add_str(text->out, "  - ");
	put_paragraph(text, &words, 4);
}

static void put_partings(nv_compare_text *text, const nv_task_comparison *task)
{
	nv_buf words = NV_BUF_INIT;
	size_t shown[NV_N_PARTING] = {0};
	nv_buf_addf(&words, "%zu articles: ", task->a.n);
	for (nv_parting kind = NV_BOTH_RIGHT; kind < NV_N_PARTING; kind++)
		nv_buf_addf(&words, "%s%s %llu", kind > 0 ? "; " : "", nv_parting_name(kind),
		            (unsigned long long)task->parting[kind]);
	nv_buf_addf(&words, ".%s", task->n_listed > 0 ? " Some on which they part:" : "");
	nv_buf_add_str(text->out, "  ");
	put_paragraph(text, &words, NV_INDENT);
	for (size_t i = 0; i < task->n_listed; i++)
		if (shown[task->listed[i].kind]++ < NV_SHOWN_A_KIND)
			put_article(text, task, &task->listed[i]);
}

static void put_conclusion(nv_compare_text *text, const nv_conclusion *conclusion)
{
	nv_buf_add_str(text->out, "- ");
	nv_text_wrap(text->out, conclusion->text, 2, 2, text->columns);
}

/* What is said of the task beside its main sentence. */
static void put_details(nv_compare_text *text, const nv_task_comparison *task)
{
	const nv_comparison *comparison = text->report->comparison;
	size_t n = 0;
	for (size_t i = 0; i < comparison->n_conclusion; i++) {
		if (!nv_conclusion_is_detail(&comparison->conclusion[i], task))
			continue;
		put_conclusion(text, &comparison->conclusion[i]);
		n++;
	}
	if (n > 0)
		nv_buf_add_char(text->out, '\n');
}

static void put_task(nv_compare_text *text, const nv_task_comparison *task)
{
	nv_buf heading = NV_BUF_INIT;
	if (task->a.n == 0)
		return;
	nv_buf_addf(&heading, "A and B in %s, %zu articles", task->task.name, task->a.n);
	put_heading(text, nv_buf_cstr(&heading));
	nv_buf_release(&heading);
	put_details(text, task);
	put_averages(text, task);
	nv_buf_add_char(text->out, '\n');
	put_labels(text, task);
	nv_buf_add_char(text->out, '\n');
	put_partings(text, task);
}

static void put_pooled(nv_compare_text *text)
{
	nv_table table;
	if (isnan(text->report->comparison->pooled_f1_favor_against.b_less_a.value))
		return;
	put_heading(text, "A and B in all stance tasks together");
	begin_figures(&table, "pooled");
	put_row(&table, "F1 favor and against", &text->report->comparison->pooled_f1_favor_against);
	nv_table_print(&table, NV_INDENT, text->columns, text->out);
	nv_table_release(&table);
}

void nv_comparison_text(const nv_report *report, size_t columns, nv_buf *out)
{
	const nv_comparison *comparison = report->comparison;
	nv_compare_text text = {report, columns, out};
	nv_buf words = NV_BUF_INIT;
	if (!comparison)
		return;
	put_heading(&text, "A compared with B");
	nv_comparison_intro(report, &words);
	if (report->options.draws > 0)
		nv_buf_addf(&words,
		            " Brackets hold 95%% intervals of the differences, from %lld paired draws (docs/compare.md).",
		            (long long)report->options.draws);
	put_paragraph(&text, &words, 0);
	for (size_t i = 0; i < comparison->n_conclusion; i++)
		if (nv_conclusion_is_head(&comparison->conclusion[i]))
			put_conclusion(&text, &comparison->conclusion[i]);
	for (size_t t = 0; t < comparison->n_task; t++)
		put_task(&text, &comparison->task[t]);
	put_pooled(&text);
}
