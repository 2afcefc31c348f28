/* SPDX-License-Identifier: Apache-2.0
 *
 * result.h: a result as a line of JSON, CSV or TSV (docs/formats.md, "classify"), written straight into a buffer.
 */
#ifndef NV_CLASSIFY_RESULT_H
#define NV_CLASSIFY_RESULT_H

#include "base/option.h"
#include "classify/classify.h"

enum { NV_TO_JSONL, NV_TO_CSV, NV_TO_TSV, NV_TO_SQLITE };

typedef struct nv_result_format nv_result_format; /* keys and labels as JSON, escaped once; const, any thread */
/* explain: terms shown a label, JSON Lines alone (NV_E_USAGE otherwise). Every task's labels stay in the model, which
 * must outlive the format. Probabilities, scores and coverage have at most 6 digits behind the point; what `why` holds
 * has as many as it takes. */
int nv_result_format_new(nv_result_format **format, const nv_model *model, int to, size_t explain, nv_error *err);
void nv_result_format_free(nv_result_format *format);

void nv_result_header(const nv_result_format *format, nv_buf *out); /* CSV and TSV; nothing for JSON Lines */
/* One line with its end; for SQLite a row (classify/rows.h). scratch is the one that made result (for explain). */
int nv_result_write(const nv_result_format *format, const nv_article *article, const nv_result *result, nv_scratch *scratch,
                    nv_buf *out, nv_error *err);

#endif
