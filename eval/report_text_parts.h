/* SPDX-License-Identifier: Apache-2.0
 *
 * report_text_parts.h: what the parts of the text report share. Inside eval/ only: report_text.c writes the head and the tasks, report_text_parts.c
 * what is told of all tasks together.
 */
#ifndef NV_EVAL_REPORT_TEXT_PARTS_H
#define NV_EVAL_REPORT_TEXT_PARTS_H

#include "eval/report.h"

enum { NV_INDENT = 2 };

typedef struct nv_text {
	const nv_report *report;
	size_t columns;
	nv_buf out;
} nv_text;

void nv_text_heading(nv_text *text, const char *heading);
/* A paragraph; takes `words` back. */
void nv_text_paragraph(nv_text *text, nv_buf *words);
/* "  name   figure   remark", the remark wrapped under the figures where the line is too short for it. */
void nv_text_line(nv_text *text, const char *name, nv_figure figure, const char *remark);

/* Each with its heading; nothing where there is nothing to tell. */
void nv_text_pooled(nv_text *text);
void nv_text_learning(nv_text *text);
void nv_text_slices(nv_text *text);
void nv_text_care(nv_text *text);

#endif
