/* SPDX-License-Identifier: Apache-2.0
 *
 * html.h: text, numbers and JSON as parts of an HTML page. Whatever comes from articles, schemas or models goes through nv_html_text or
 * nv_html_island, after which it is text and can't be anything else.
 */
#ifndef NV_EVAL_HTML_H
#define NV_EVAL_HTML_H

#include "base/str.h"
#include "eval/interval.h"

/* Escaped for content and for attributes in double quotes. Ill-formed UTF-8 and control characters become U+FFFD. */
void nv_html_text(nv_buf *out, nv_str text);
/* The same inside <bdi>, so that its direction marks reorder nothing around it. */
void nv_html_bdi(nv_buf *out, nv_str text);
/* A JSON document for a <script type="application/json">: still the same JSON, but without <, >, & and U+2028/U+2029. */
void nv_html_island(nv_buf *out, nv_str json);
/* The start of text, at most max bytes, between characters. */
nv_str nv_html_cut(nv_str text, size_t max);

void nv_html_count(nv_buf *out, uint64_t n);                 /* "12,345" */
void nv_html_number(nv_buf *out, double x, int decimals);    /* "0.940"; "n/a" for NaN; decimals 0 to 6 */
void nv_html_signed(nv_buf *out, double x, int decimals);    /* "+0.36", "−0.20", "0.00" */
void nv_html_share(nv_buf *out, double x);                   /* "94%" */
void nv_html_range(nv_buf *out, nv_figure figure);           /* "0.91–0.96", "−0.20 to 0.10"; nothing without an interval */
void nv_html_figure(nv_buf *out, nv_figure figure);          /* value and range, marked up */
/* The interval as a small drawing over [0, 1]; mark (NaN: none) is a tick for comparison. Nothing for an undefined figure. */
void nv_html_whisker(nv_buf *out, nv_figure figure, double mark);

#endif
