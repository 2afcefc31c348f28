/* SPDX-License-Identifier: Apache-2.0
 *
 * articles.h: what the targets share that read articles: every byte of an article is looked at, and what must hold of one is checked.
 */
#ifndef NV_TESTS_FUZZ_ARTICLES_H
#define NV_TESTS_FUZZ_ARTICLES_H

#include "data/stream.h"

/* The input options' defaults. */
nv_input_options fuzz_input_options(nv_format format);
/* Parses the bytes as one block of options->format. */
void fuzz_parse_block(const nv_input_options *options, const uint8_t *bytes, size_t len);
/* Reads the bytes the whole way of a file: unpacked, cut into blocks, parsed. */
nv_input_stats fuzz_read_file(const nv_input_options *options, const uint8_t *bytes, size_t len);
/* The bytes behind the first as a file of that format, which has no more records than bytes and one; the first byte being odd makes
 * --max-record 256. */
void fuzz_read_format(nv_format format, const uint8_t *bytes, size_t len);

#endif
