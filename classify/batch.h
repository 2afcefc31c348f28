/* SPDX-License-Identifier: Apache-2.0
 *
 * batch.h: a stream of articles -> a stream of results: blocks are read in order, parsed and classified on any thread,
 * and written in order. Memory: two blocks a thread, however long the input. Bad records are reported between the
 * articles where they stood.
 */
#ifndef NV_CLASSIFY_BATCH_H
#define NV_CLASSIFY_BATCH_H

#include "base/parallel.h"
#include "classify/database.h"
#include "classify/result.h"
#include "data/stream.h"

typedef struct nv_classify_options {
	int to;
	int existing; /* NV_EXISTING_*, of a database */
	char run_name[NV_OPTION_TEXT_MAX];
	int64_t explain; /* terms a label; 0: none */
	int64_t threads; /* 0: all cores */
} nv_classify_options;
extern const nv_option_row nv_classify_rows[];
extern const size_t nv_n_classify_rows;

typedef struct nv_batch_totals {
	uint64_t articles;
	double coverage_sum; /* over articles with a coverage */
	uint64_t coverage_n;
} nv_batch_totals;

/* Reads the stream to its end. Bad records are the stream's to report, between the articles where they stood
 * (data/stream.h). */
int nv_classify_stream(const nv_model *model, nv_stream *stream, const nv_classify_options *options,
                       const nv_sink *sink, const nv_progress *progress, nv_batch_totals *totals, nv_error *err);

#endif
