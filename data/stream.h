/* SPDX-License-Identifier: Apache-2.0
 *
 * stream.h: articles in batches, from inputs (source.h, record.h) or from a caller's iterator, for pipelines (base/parallel.h):
 * fill is sequential and cheap, parse runs on any thread, walk is sequential and in order. Training, classifying and judging
 * all read this way.
 *
 * Call order: nv_stream_open or nv_stream_from_articles -> nv_stream_slots -> for each slot in turn fill, parse, walk -> nv_stream_close.
 */
#ifndef NV_DATA_STREAM_H
#define NV_DATA_STREAM_H

#include "data/record.h"

typedef struct nv_stream nv_stream;

/* Reads paths[n_path] (none, or "-": standard input). extra[n_extra]: fields to keep beside the schema's. */
int nv_stream_open(nv_stream **stream, const char *const *paths, size_t n_path, const nv_input_options *options,
                   const nv_schema *schema, const char *const *extra, size_t n_extra, const nv_bad_record *bad,
                   nv_error *err);
/* Takes copies of what the iterator gives. */
int nv_stream_from_articles(nv_stream **stream, nv_articles articles, nv_error *err);
void nv_stream_close(nv_stream *stream); /* NULL is fine */

/* Whom nv_stream_fill asks whether to go on while a pipe gives nothing (source.h). NULL: nobody. */
void nv_stream_set_ticker(nv_stream *stream, nv_ticker *ticker);

/* Makes at least n_slot slots. */
int nv_stream_slots(nv_stream *stream, size_t n_slot, nv_error *err);
/* 1: slot filled; 0: end; negative: failure. */
int nv_stream_fill(nv_stream *stream, size_t slot, nv_error *err);
int nv_stream_parse(nv_stream *stream, size_t slot, nv_error *err);
/* The slot's articles, valid until it is filled again. */
const nv_batch *nv_stream_batch(const nv_stream *stream, size_t slot);

/* Calls each(user, index, err) for the slot's articles in order, reports the bad records between them where they stood, and counts. each may
 * be NULL, and may return NV_E_RECORD with *err filled: that article then counts as a bad record and is reported like the
 * others. With `strict` the first bad record ends the walk with its error. */
typedef int nv_each_article(void *user, size_t index, nv_error *err);
int nv_stream_walk(nv_stream *stream, size_t slot, nv_each_article *each, void *user, nv_error *err);

/* The next article of the whole stream, by slot 0: 1, 0 at the end, or negative. For callers without a pipeline; not to be mixed with
 * fill, parse and walk. */
int nv_stream_next(nv_stream *stream, nv_article *article, nv_error *err);

nv_input_stats nv_stream_stats(const nv_stream *stream);

#endif
