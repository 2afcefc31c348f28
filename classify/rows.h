/* SPDX-License-Identifier: Apache-2.0
 *
 * rows.h: a result as bytes of this process alone: what workers hand to the one thread that writes the database (classify/database.h). A
 * row holds the article's id, title, date and source in well-formed UTF-8 and the numbers of every task. Bytes of rows are
 * whole rows, one behind the other.
 */
#ifndef NV_CLASSIFY_ROWS_H
#define NV_CLASSIFY_ROWS_H

#include "classify/classify.h"

/* Appends the row; out->failed tells when memory ran out. */
void nv_result_row_write(const nv_model *model, const nv_article *article, const nv_result *result, nv_buf *out);

/* A row being read, by views into the bytes. */
typedef struct nv_result_row {
	nv_str id, title, date, source;
	double coverage; /* NaN: none */
	const char *at;  /* the next task's numbers */
} nv_result_row;
/* Reads the row at bytes; returns its length. */
size_t nv_result_row_read(nv_result_row *row, const char *bytes);

/* The next task's numbers, in the schema's order: its label's by nv_result_row_next_label, n_label times each task, whether it applies or not. */
typedef struct nv_result_row_task {
	bool applies;
	double score; /* NaN unless a stance */
} nv_result_row_task;
typedef struct nv_result_row_label {
	bool given;
	double p; /* NaN: the task was not trained */
} nv_result_row_label;
nv_result_row_task nv_result_row_next_task(nv_result_row *row);
nv_result_row_label nv_result_row_next_label(nv_result_row *row);

#endif
