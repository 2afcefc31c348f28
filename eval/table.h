/* SPDX-License-Identifier: Apache-2.0
 *
 * table.h: text tables fitted to a width: the first column is left-aligned and repeated where the others do not fit beside each other,
 * the others are right-aligned. Widths are counted in code points.
 *
 * Call order: nv_table_begin -> nv_table_head for each column -> nv_table_cell row by row -> nv_table_print -> nv_table_release.
 */
#ifndef NV_EVAL_TABLE_H
#define NV_EVAL_TABLE_H

#include "base/arena.h"
#include "base/str.h"
#include "eval/interval.h"

typedef struct nv_table {
	nv_arena arena;
	nv_str *cell;    /* [n_cell] the head's, then row by row */
	size_t n_cell, cap, n_column;
	bool failed;     /* out of memory; told by nv_table_print's buffer too */
} nv_table;

void nv_table_begin(nv_table *table);
void nv_table_head(nv_table *table, const char *title);
void nv_table_cell(nv_table *table, const char *text);
void nv_table_cell_count(nv_table *table, uint64_t n);
void nv_table_cell_figure(nv_table *table, nv_figure figure);
/* Appends the table, each line `indent` spaces in, at most `columns` wide. */
void nv_table_print(nv_table *table, size_t indent, size_t columns, nv_buf *out);
void nv_table_release(nv_table *table);

/* Figures as text: ".941", "1.00", "-.120", "n/a"; with their interval ".94 [.91, .96]". */
void nv_text_number(nv_buf *out, double x);
void nv_text_figure(nv_buf *out, nv_figure figure);
/* Paragraph of words, broken at `columns`, following lines `indent` spaces in; the first starts at column `start`. */
void nv_text_wrap(nv_buf *out, const char *text, size_t start, size_t indent, size_t columns);
size_t nv_text_width(nv_str text);

#endif
