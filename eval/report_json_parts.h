/* SPDX-License-Identifier: Apache-2.0
 *
 * report_json_parts.h: members of JSON objects, for the writers of the JSON report. Inside eval/ only.
 */
#ifndef NV_EVAL_REPORT_JSON_PARTS_H
#define NV_EVAL_REPORT_JSON_PARTS_H

#include "base/json.h"
#include "eval/report.h"

static inline void put_figure(nv_json_writer *w, const char *name, nv_figure figure)
{
	nv_json_key(w, name);
	nv_json_open(w, '{');
	nv_json_key(w, "value");
	nv_json_put_number(w, figure.value);
	nv_json_key(w, "low");
	nv_json_put_number(w, figure.low);
	nv_json_key(w, "high");
	nv_json_put_number(w, figure.high);
	nv_json_key(w, "method");
	nv_json_put_text(w, figure.method);
	nv_json_close(w, '}');
}

static inline void put_number(nv_json_writer *w, const char *name, double x)
{
	nv_json_key(w, name);
	nv_json_put_number(w, x);
}

static inline void put_count(nv_json_writer *w, const char *name, uint64_t n)
{
	nv_json_key(w, name);
	nv_json_put_uint(w, n);
}

static inline void put_text(nv_json_writer *w, const char *name, const char *text)
{
	nv_json_key(w, name);
	nv_json_put_text(w, text);
}

static inline void open_member(nv_json_writer *w, const char *name, char bracket)
{
	nv_json_key(w, name);
	nv_json_open(w, bracket);
}

/* report_json_extra.c, members of the report: nothing without a learning curve; the mistakes of all tasks. */
void nv_learning_json(const nv_report *report, nv_json_writer *w);
int nv_mistakes_json(const nv_report *report, nv_json_writer *w, nv_error *err);

#endif
