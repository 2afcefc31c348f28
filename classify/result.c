/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines of results. Names and labels are escaped once, in nv_result_format_new; a line is then pieces and numbers, put
 * without printf and without a look at the locale. Numbers are rounded to 6 decimals: exact to well below what a
 * probability means.
 */
#include "classify/result.h"
#include "classify/rows.h"
#include "classify/why.h"

#include "base/alloc.h"
#include "base/number.h"

#include <math.h>
#include <string.h>

#define DECIMALS 6
#define UNIT 1000000u

/* A text within format->text. */
typedef struct span {
	size_t start, len;
} span;

typedef struct task_format {
	span name;   /* quoted for JSON, plain for others */
	span *label; /* [n_label] likewise */
} task_format;

struct nv_result_format {
	const nv_model *model;
	int to;
	char separator;
	size_t explain;
	nv_buf text;
	task_format *task; /* [n_task] */
	span *labels;      /* all tasks' */
};

/* ---- Making ---- */

static span keep(nv_result_format *format, const char *text)
{
	size_t start = format->text.len;
	if (format->to == NV_TO_JSONL)
		nv_json_escape(&format->text, nv_str_of(text));
	else
		nv_buf_add_str(&format->text, text);
	return (span){start, format->text.len - start};
}

static void keep_labels(nv_result_format *format)
{
	span *next = format->labels;
	for (size_t t = 0; t < format->model->schema->n_task; t++) {
		const nv_task *task = &format->model->schema->task[t];
		format->task[t].name = keep(format, task->name);
		format->task[t].label = next;
		for (size_t l = 0; l < task->n_label; l++)
			*next++ = keep(format, task->label[l].id);
	}
}

int nv_result_format_new(nv_result_format **format, const nv_model *model, int to, size_t explain, nv_error *err)
{
	*format = NULL;
	if (explain > 0 && to != NV_TO_JSONL)
		return nv_fail(err, NV_E_USAGE, "--explain needs --to jsonl");
	nv_result_format *made = nv_alloc_zero(1, sizeof *made);
	if (!made)
		return nv_fail_memory(err);
	made->model = model;
	made->to = to;
	made->separator = to == NV_TO_TSV ? '\t' : ',';
	made->explain = explain;
	made->task = nv_alloc_zero(model->schema->n_task, sizeof *made->task);
	made->labels = nv_alloc_zero(model->n_score, sizeof *made->labels);
	if (made->task && made->labels)
		keep_labels(made);
	if (!made->task || !made->labels || made->text.failed) {
		nv_result_format_free(made);
		return nv_fail_memory(err);
	}
	*format = made;
	return NV_OK;
}

void nv_result_format_free(nv_result_format *format)
{
	if (!format)
		return;
	nv_free(format->task);
	nv_free(format->labels);
	nv_buf_release(&format->text);
	nv_free(format);
}

/* ---- Pieces ---- */

static void add_span(const nv_result_format *format, nv_buf *out, span s)
{
	nv_buf_add(out, format->text.ptr + s.start, s.len);
}

#define ADD(out, literal) nv_buf_add((out), (literal), sizeof(literal) - 1)

/* Digits of a number under 10, rounded; zeros at the end left out. */
static size_t small_number(char *at, double x)
{
	char *start = at;
	uint32_t rounded = (uint32_t)(fabs(x) * UNIT + 0.5), rest = rounded % UNIT;
	if (x < 0 && rounded > 0)
		*at++ = '-';
	*at++ = (char)('0' + rounded / UNIT);
	if (rest == 0)
		return (size_t)(at - start);
	*at++ = '.';
	int digits = DECIMALS;
	for (; rest % 10 == 0; digits--)
		rest /= 10;
	for (int i = digits; i-- > 0; rest /= 10)
		at[i] = (char)('0' + rest % 10);
	return (size_t)(at + digits - start);
}

/* NaN: `missing`. */
static void add_number(nv_buf *out, double x, const char *missing)
{
	char text[NV_NUMBER_TEXT];
	if (!isfinite(x)) {
		nv_buf_add_str(out, missing);
		return;
	}
	size_t len = fabs(x) < 9 ? small_number(text, x) : nv_number_format_rounded(text, x, DECIMALS);
	nv_buf_add(out, text, len);
}

/* ---- JSON Lines ---- */

static void add_label_set(const nv_result_format *format, size_t t, const uint8_t *chosen, nv_buf *out)
{
	bool first = true;
	if (!format->model->task[t].trained) {
		ADD(out, "\"labels\": null");
		return;
	}
	ADD(out, "\"labels\": [");
	for (size_t l = 0; l < format->model->schema->task[t].n_label; l++) {
		if (!chosen[l])
			continue;
		if (!first)
			ADD(out, ", ");
		first = false;
		add_span(format, out, format->task[t].label[l]);
	}
	ADD(out, "]");
}

static void add_one_label(const nv_result_format *format, size_t t, const uint8_t *chosen, nv_buf *out)
{
	size_t n = format->model->schema->task[t].n_label, l = 0;
	while (l < n && !chosen[l])
		l++;
	ADD(out, "\"label\": ");
	if (l < n)
		add_span(format, out, format->task[t].label[l]);
	else
		ADD(out, "null");
}

static void add_prediction(const nv_result_format *format, size_t t, const nv_result *result, nv_buf *out)
{
	const nv_task *task = &format->model->schema->task[t];
	size_t first = format->model->task[t].first_score;
	add_span(format, out, format->task[t].name);
	ADD(out, ": {");
	if (task->kind == NV_MULTILABEL)
		add_label_set(format, t, result->chosen + first, out);
	else
		add_one_label(format, t, result->chosen + first, out);
	if (task->kind == NV_STANCE) {
		ADD(out, ", \"score\": ");
		add_number(out, nv_result_score(result, t), "null");
	}
	ADD(out, ", \"p\": {");
	for (size_t l = 0; l < task->n_label; l++) {
		if (l > 0)
			ADD(out, ", ");
		add_span(format, out, format->task[t].label[l]);
		ADD(out, ": ");
		add_number(out, result->p[first + l], "null");
	}
	ADD(out, "}}");
}

static int add_whys(const nv_result_format *format, const nv_result *result, nv_scratch *scratch, nv_buf *out,
                    nv_error *err)
{
	int code = NV_OK;
	bool first = true;
	ADD(out, ", \"why\": {");
	for (size_t t = 0; t < format->model->schema->n_task && code == NV_OK; t++) {
		if (!result->applies[t] || !format->model->task[t].trained)
			continue;
		if (!first)
			ADD(out, ", ");
		first = false;
		add_span(format, out, format->task[t].name);
		ADD(out, ": {");
		for (size_t l = 0; l < format->model->schema->task[t].n_label && code == NV_OK; l++) {
			if (l > 0)
				ADD(out, ", ");
			add_span(format, out, format->task[t].label[l]);
			ADD(out, ": ");
			uint32_t score = format->model->task[t].first_score + (uint32_t)l;
			code = nv_why_write(format->model, scratch, score, result->margin[score], format->explain, out, err);
		}
		ADD(out, "}");
	}
	ADD(out, "}");
	return code;
}

static int write_json(const nv_result_format *format, const nv_article *article, const nv_result *result,
                      nv_scratch *scratch, nv_buf *out, nv_error *err)
{
	bool first = true;
	int code = NV_OK;
	ADD(out, "{\"id\": ");
	nv_json_escape(out, article->id);
	ADD(out, ", \"coverage\": ");
	add_number(out, result->coverage, "null");
	ADD(out, ", \"predictions\": {");
	for (size_t t = 0; t < format->model->schema->n_task; t++) {
		if (!result->applies[t])
			continue;
		if (!first)
			ADD(out, ", ");
		first = false;
		add_prediction(format, t, result, out);
	}
	ADD(out, "}");
	if (format->explain > 0)
		code = add_whys(format, result, scratch, out, err);
	ADD(out, "}\n");
	return code;
}

/* ---- CSV and TSV ---- */

static bool needs_quotes(nv_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == ',' || s.ptr[i] == '"' || s.ptr[i] == '\n' || s.ptr[i] == '\r')
			return true;
	return s.len > 0 && (s.ptr[0] == ' ' || s.ptr[s.len - 1] == ' ');
}

static void add_tsv_cell(nv_buf *out, nv_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		nv_buf_add_char(out, c == '\t' || c == '\n' || c == '\r' ? ' ' : c);
	}
}

/* RFC 4180: quotes where they are needed, doubled inside. TSV has no quotes: tabs and line ends become blanks. */
static void add_cell(nv_buf *out, nv_str s, char separator)
{
	if (separator == '\t') {
		add_tsv_cell(out, s);
		return;
	}
	if (!needs_quotes(s)) {
		nv_buf_add(out, s.ptr, s.len);
		return;
	}
	nv_buf_add_char(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"')
			nv_buf_add_char(out, '"');
		nv_buf_add_char(out, s.ptr[i]);
	}
	nv_buf_add_char(out, '"');
}

/* Quotes, where needed, the cell that lies plain in out from `from` on. */
static void close_cell(nv_buf *out, size_t from, char separator, nv_buf *spare)
{
	if (out->failed)
		return;
	nv_buf_clear(spare);
	nv_buf_add(spare, out->ptr + from, out->len - from);
	out->len = from;
	if (spare->failed)
		out->failed = true;
	else
		add_cell(out, (nv_str){spare->ptr, spare->len}, separator);
}

static void add_joined_labels(const nv_result_format *format, size_t t, const uint8_t *chosen, nv_buf *spare, nv_buf *out)
{
	size_t from = out->len;
	for (size_t l = 0; l < format->model->schema->task[t].n_label; l++) {
		if (!chosen[l])
			continue;
		if (out->len > from)
			nv_buf_add_char(out, '|');
		add_span(format, out, format->task[t].label[l]);
	}
	close_cell(out, from, format->separator, spare);
}

static void add_task_cells(const nv_result_format *format, size_t t, const nv_result *result, nv_buf *spare, nv_buf *out)
{
	const nv_task *task = &format->model->schema->task[t];
	size_t first = format->model->task[t].first_score;
	bool applies = result->applies[t];
	nv_buf_add_char(out, format->separator);
	if (applies)
		add_joined_labels(format, t, result->chosen + first, spare, out);
	if (task->kind == NV_STANCE) {
		nv_buf_add_char(out, format->separator);
		add_number(out, applies ? nv_result_score(result, t) : NAN, "");
	}
	for (size_t l = 0; l < task->n_label; l++) {
		nv_buf_add_char(out, format->separator);
		add_number(out, applies ? result->p[first + l] : NAN, "");
	}
}

void nv_result_header(const nv_result_format *format, nv_buf *out)
{
	if (format->to == NV_TO_JSONL || format->to == NV_TO_SQLITE)
		return;
	nv_buf cell = NV_BUF_INIT;
	nv_buf_add_str(out, "id");
	for (size_t t = 0; t < format->model->schema->n_task; t++) {
		const nv_task *task = &format->model->schema->task[t];
		nv_buf_add_char(out, format->separator);
		add_cell(out, nv_str_of(task->name), format->separator);
		for (size_t l = 0; l < task->n_label + (task->kind == NV_STANCE); l++) {
			bool score = task->kind == NV_STANCE && l == 0;
			nv_buf_clear(&cell);
			nv_buf_add_str(&cell, task->name);
			nv_buf_add_str(&cell, score ? ".score" : ".p.");
			if (!score)
				nv_buf_add_str(&cell, task->label[l - (task->kind == NV_STANCE)].id);
			nv_buf_add_char(out, format->separator);
			add_cell(out, (nv_str){cell.ptr, cell.len}, format->separator);
			out->failed |= cell.failed;
		}
	}
	nv_buf_add_char(out, '\n');
	nv_buf_release(&cell);
}

int nv_result_write(const nv_result_format *format, const nv_article *article, const nv_result *result, nv_scratch *scratch,
                    nv_buf *out, nv_error *err)
{
	if (format->to == NV_TO_JSONL) {
		int code = write_json(format, article, result, scratch, out, err);
		if (code < 0)
			return code;
	} else if (format->to == NV_TO_SQLITE) {
		nv_result_row_write(format->model, article, result, out);
	} else {
		add_cell(out, article->id, format->separator);
		for (size_t t = 0; t < format->model->schema->n_task; t++)
			add_task_cells(format, t, result, &scratch->spare, out);
		nv_buf_add_char(out, '\n');
	}
	return out->failed ? nv_fail_memory(err) : NV_OK;
}
