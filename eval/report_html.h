/* SPDX-License-Identifier: Apache-2.0
 *
 * report_html.h: a computed report as one self-contained HTML page: no request leaves it, its tables are there without JavaScript, and its
 * size is bounded: curves are thinned (curves.h), cells list a few articles (cases.h), long tables are cut with a note. The page's fixed
 * parts are in eval/html/, put into the library by the build (html_files.h). Same report, same bytes.
 */
#ifndef NV_EVAL_REPORT_HTML_H
#define NV_EVAL_REPORT_HTML_H

#include "eval/report.h"

int nv_report_write_html(const nv_report *report, const nv_sink *sink, nv_error *err);

#endif
