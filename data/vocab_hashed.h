/* SPDX-License-Identifier: Apache-2.0
 *
 * vocab_hashed.h: a hashing vocabulary: the document frequency of each bucket. For vocab_build.c alone.
 */
#ifndef NV_DATA_VOCAB_HASHED_H
#define NV_DATA_VOCAB_HASHED_H

#include "data/corpus.h"

/* Fills out->memory and the sizes and df of out->vocab, whose min_n, max_n and hash_bits are set. On failure the caller
 * releases out. */
int nv_vocab_count_hashed(const nv_corpus *corpus, const uint32_t *rows, size_t n_row, nv_vocab_owned *out,
                          nv_error *err);

#endif
