/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/table.h"

#include "base/alloc.h"
#include "base/number.h"

#include <math.h>
#include <string.h>

enum { NV_GAP = 2, NV_WIDEST_FIRST = 30, NV_DECIMALS = 3, NV_BOUND_DECIMALS = 2 };

/* ---- Numbers ---- */

/* x with a fixed number of digits behind the point and none before it where it is below 1: ".941"; what rounds to 1 or more loses
 * as many digits as it has before the point, so that figures in [0, 1] have one width. */
static void put_fixed(nv_buf *out, double x, int decimals)
{
	double scale = decimals == NV_DECIMALS ? 1000 : 100;
	double rounded = floor(fabs(x) * scale + 0.5) / scale;
	if (x < 0 && rounded > 0)
		nv_buf_add_char(out, '-');
	if (rounded >= 1) {
		nv_buf_addf(out, "%.*f", decimals - 1, rounded);
		return;
	}
	size_t at = out->len;
	nv_buf_addf(out, "%.*f", decimals, rounded);
	if (!out->failed && out->ptr[at] == '0') {
		memmove(out->ptr + at, out->ptr + at + 1, out->len - at - 1);
		out->len--;
	}
}

void nv_text_number(nv_buf *out, double x)
{
	if (isnan(x))
		nv_buf_add_str(out, "n/a");
	else
		put_fixed(out, x, NV_DECIMALS);
}

void nv_text_figure(nv_buf *out, nv_figure figure)
{
	nv_text_number(out, figure.value);
	if (isnan(figure.value) || isnan(figure.low) || isnan(figure.high))
		return;
	nv_buf_add_str(out, " [");
	put_fixed(out, figure.low, NV_BOUND_DECIMALS);
	nv_buf_add_str(out, ", ");
	put_fixed(out, figure.high, NV_BOUND_DECIMALS);
	nv_buf_add_char(out, ']');
}

/* ---- Text ---- */

static bool starts_character(char c)
{
	return ((unsigned char)c & 0xC0) != 0x80;
}

size_t nv_text_width(nv_str text)
{
	size_t width = 0;
	for (size_t i = 0; i < text.len; i++)
		width += starts_character(text.ptr[i]);
	return width;
}

static void put_spaces(nv_buf *out, size_t n)
{
	while (n-- > 0)
		nv_buf_add_char(out, ' ');
}

/* At most `width` characters, the last one "…" where some are left out. */
static void put_cut(nv_buf *out, nv_str text, size_t width)
{
	if (nv_text_width(text) <= width) {
		nv_buf_add(out, text.ptr, text.len);
		return;
	}
	size_t len = 0;
	for (size_t seen = 0; len < text.len; len++) {
		if (starts_character(text.ptr[len]) && seen++ + 1 == width)
			break;
	}
	nv_buf_add(out, text.ptr, len);
	nv_buf_add_str(out, "…");
}

void nv_text_wrap(nv_buf *out, const char *text, size_t start, size_t indent, size_t columns)
{
	size_t at = start;
	for (const char *word = text; *word;) {
		size_t len = strcspn(word, " ");
		size_t width = nv_text_width((nv_str){word, len});
		if (word != text && at + 1 + width > columns) {
			nv_buf_add_char(out, '\n');
			put_spaces(out, indent);
			at = indent;
		} else if (word != text) {
			nv_buf_add_char(out, ' ');
			at++;
		}
		nv_buf_add(out, word, len);
		at += width;
		word += len;
		word += *word == ' ';
	}
	nv_buf_add_char(out, '\n');
}

/* ---- Tables ---- */

void nv_table_begin(nv_table *table)
{
	memset(table, 0, sizeof *table);
	nv_arena_init(&table->arena);
}

void nv_table_release(nv_table *table)
{
	nv_free(table->cell);
	nv_arena_release(&table->arena);
}

/* Control bytes, which names from a schema or an article may hold, would break the lines. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7F)
			*text = '?';
}

void nv_table_cell(nv_table *table, const char *text)
{
	char *copy = nv_arena_dup(&table->arena, nv_str_of(text));
	if (!copy || !nv_grow(&table->cell, &table->cap, table->n_cell + 1, sizeof *table->cell)) {
		table->failed = true;
		return;
	}
	make_printable(copy);
	table->cell[table->n_cell++] = nv_str_of(copy);
}

void nv_table_head(nv_table *table, const char *title)
{
	nv_table_cell(table, title);
	table->n_column++;
}

static void cell_from(nv_table *table, nv_buf *text)
{
	nv_table_cell(table, nv_buf_cstr(text));
	nv_buf_release(text);
}

void nv_table_cell_count(nv_table *table, uint64_t n)
{
	char text[NV_NUMBER_TEXT];
	nv_number_format_uint(text, n);
	nv_table_cell(table, text);
}

void nv_table_cell_figure(nv_table *table, nv_figure figure)
{
	nv_buf text = NV_BUF_INIT;
	nv_text_figure(&text, figure);
	cell_from(table, &text);
}

static size_t column_width(const nv_table *table, size_t column)
{
	size_t widest = 0;
	for (size_t i = column; i < table->n_cell; i += table->n_column) {
		size_t width = nv_text_width(table->cell[i]);
		widest = width > widest ? width : widest;
	}
	return column == 0 && widest > NV_WIDEST_FIRST ? NV_WIDEST_FIRST : widest;
}

static bool all_empty(const nv_str *cell, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cell[i].len > 0)
			return false;
	return true;
}

/* Columns from .. end - 1 beside the first one, for every row that has something in them. */
static void print_block(const nv_table *table, size_t from, size_t end, size_t indent, const size_t *width, nv_buf *out)
{
	for (size_t row = 0; row * table->n_column < table->n_cell; row++) {
		const nv_str *cell = table->cell + row * table->n_column;
		if (all_empty(cell + from, end - from))
			continue;
		put_spaces(out, indent);
		put_cut(out, cell[0], width[0]);
		size_t pad = nv_text_width(cell[0]);
		pad = pad < width[0] ? width[0] - pad : 0;
		for (size_t c = from; c < end; c++) {
			put_spaces(out, pad + NV_GAP + width[c] - nv_text_width(cell[c]));
			nv_buf_add(out, cell[c].ptr, cell[c].len);
			pad = 0;
		}
		while (out->len > 0 && out->ptr[out->len - 1] == ' ')
			out->len--;
		nv_buf_add_char(out, '\n');
	}
}

void nv_table_print(nv_table *table, size_t indent, size_t columns, nv_buf *out)
{
	size_t *width = nv_alloc(table->n_column, sizeof *width);
	if (!width || table->failed || table->n_column == 0) {
		out->failed |= !width || table->failed;
		nv_free(width);
		return;
	}
	for (size_t c = 0; c < table->n_column; c++)
		width[c] = column_width(table, c);
	for (size_t from = 1, end; from < table->n_column; from = end) {
		size_t used = indent + width[0];
		for (end = from; end < table->n_column; end++) {
			used += NV_GAP + width[end];
			if (used > columns && end > from)
				break;
		}
		if (from > 1)
			nv_buf_add_char(out, '\n');
		print_block(table, from, end, indent, width, out);
	}
	nv_free(width);
}
