/* SPDX-License-Identifier: Apache-2.0
 *
 * corpus.h: the training articles as word numbers, 4 bytes a token, kept while a vocabulary is counted and rows are
 * made; and the building of a vocabulary from them.
 *
 * Call order: nv_corpus_new -> nv_corpus_add for each article in input order -> nv_corpus_build_vocab ->
 * nv_corpus_document for each article -> free. Word numbers are provisional (order of appearance); document()
 * translates them to the vocabulary's.
 */
#ifndef NV_DATA_CORPUS_H
#define NV_DATA_CORPUS_H

#include "data/vocab.h"

typedef struct nv_corpus nv_corpus;

typedef struct nv_vocab_options {
	uint32_t min_n, max_n; /* n-grams of words */
	uint32_t min_df;       /* of every term, at least 1 */
	uint32_t gram_min_df;  /* of n-grams of two words and more; below min_df: min_df */
	uint64_t max_features; /* 0: no limit; the terms of highest document frequency are kept */
	uint32_t hash_bits;    /* 0, or 10 to 30 */
} nv_vocab_options;

int nv_corpus_new(nv_corpus **corpus, nv_error *err);
void nv_corpus_free(nv_corpus *corpus);
int nv_corpus_add(nv_corpus *corpus, const nv_token_list *tokens, nv_error *err);

/* An owned vocabulary. Counts the rows[n_row] articles only (crossval's training side); NULL: all. */
typedef struct nv_vocab_owned {
	nv_vocab vocab;
	void *memory; /* all arrays */
} nv_vocab_owned;
/* Counts n-grams on n_thread threads, which changes no result. */
int nv_corpus_build_vocab(const nv_corpus *corpus, const uint32_t *rows, size_t n_row, const nv_vocab_options *options,
                          size_t n_thread, nv_vocab_owned *vocab, nv_error *err);
void nv_vocab_release(nv_vocab_owned *vocab);

/* One article as the vocabulary's word ids (NV_NO_TERM for words it lacks), with its title's length and sentence
 * starts, in the form that nv_features_row takes. Arrays live in `document`, reused. */
typedef struct nv_document {
	uint32_t *word; /* [n] */
	size_t n, cap;
	size_t n_title;
	uint32_t *sentence; /* [n_sentence] */
	size_t n_sentence, cap_sentence;
} nv_document;
void nv_document_init(nv_document *document);
void nv_document_release(nv_document *document);
/* `words`: the translation made once by nv_corpus_word_map. */
int nv_corpus_document(const nv_corpus *corpus, size_t article, const uint32_t *word_map, nv_document *document,
                       nv_error *err);
/* [number of provisional words] -> vocabulary id; free with nv_free. */
int nv_corpus_word_map(const nv_corpus *corpus, const nv_vocab *vocab, uint32_t **map, nv_error *err);
/* The same form from fresh tokens (classifying). */
int nv_document_from_tokens(nv_document *document, const nv_vocab *vocab, const nv_token_list *tokens, nv_error *err);

#endif
