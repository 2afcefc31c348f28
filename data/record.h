/* SPDX-License-Identifier: Apache-2.0
 *
 * record.h: blocks of records (source.h) as articles. JSON is read by our own strict pull reader (RFC 8259): the whole record is
 * checked, but only the wanted fields are kept; strings without escapes are views into the block. A bad record is noted in
 * the batch with its line (of an element in an array: that of its first byte) and byte, and the next one is read. The parsers
 * are rows of a table in record.c: one a format.
 *
 * Fields of an article: those wanted ones that the record has. A number is NV_FIELD_OTHER with its digits as the one value.
 * batch->ill_formed counts the bytes of titles and texts that are not UTF-8; they are left in place for normalize.h, whose own
 * count is of the same bytes: add up one of the two. Of lone surrogate escapes the text gets U+FFFD, not counted.
 *
 * Thread rule: one nv_record_reader serves any number of threads (it is const); the batch is one thread's.
 */
#ifndef NV_DATA_RECORD_H
#define NV_DATA_RECORD_H

#include "data/article.h"
#include "data/schema.h"
#include "data/source.h"

typedef struct nv_record_reader nv_record_reader;

/* Reads the five basic fields, every field that the schema's tasks and `where` name (schema may be NULL), and extra[n_extra] (a
 * --group-by field), after the renames of options->field. */
int nv_record_reader_new(nv_record_reader **reader, const nv_input_options *options, const nv_schema *schema,
                         const char *const *extra, size_t n_extra, nv_error *err);
void nv_record_reader_free(nv_record_reader *reader);

/* Clears batch and fills it from block; the articles point into block->bytes and batch->arena, so both must live as long. */
int nv_record_parse(const nv_record_reader *reader, const nv_block *block, nv_batch *batch, nv_error *err);

#endif
