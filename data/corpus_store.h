/* SPDX-License-Identifier: Apache-2.0
 *
 * corpus_store.h: what a corpus is made of, for corpus.c (filling), gram_count.c (counting) and vocab_build.c alone.
 */
#ifndef NV_DATA_CORPUS_STORE_H
#define NV_DATA_CORPUS_STORE_H

#include "data/corpus.h"

#define NV_SENTENCE_BIT (UINT32_C(1) << 31)
#define NV_WORD_BITS (NV_SENTENCE_BIT - 1)

typedef struct nv_corpus_article {
	uint64_t start; /* first token; the next article's start is its end */
	uint32_t n_title;
} nv_corpus_article;

struct nv_corpus {
	/* Words by order of appearance, known by their 64-bit hash alone: two in a million words share one with a
	 * probability of 3e-8. */
	uint64_t *hash;       /* [n_word] */
	uint64_t *text_start; /* [n_word + 1] into text */
	size_t n_word, cap_hash, cap_text_start;
	nv_buf text;        /* the words' bytes */
	nv_word_slot *slot; /* [mask + 1] */
	uint64_t mask;
	/* Articles. */
	uint32_t *token; /* [n_token] word number, NV_SENTENCE_BIT at sentence starts */
	size_t n_token, cap_token;
	nv_corpus_article *article; /* [n_article + 1] */
	size_t n_article, cap_article;
};

#endif
