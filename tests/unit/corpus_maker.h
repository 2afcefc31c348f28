/* SPDX-License-Identifier: Apache-2.0
 *
 * corpus_maker.h: articles from literals, for the tests of corpus, vocabulary and features. "Title / text", the part up
 * to " / " being the title where there is one.
 */
#ifndef NV_TESTS_CORPUS_MAKER_H
#define NV_TESTS_CORPUS_MAKER_H

#include "data/corpus.h"

#include <check.h>
#include <string.h>

static inline void tokenize_article(const char *article, nv_token_list *list)
{
	nv_token_options options = {"off", "off"};
	nv_tokenizer *tokenizer = NULL;
	nv_error err = {0};
	const char *cut = strstr(article, " / ");
	nv_str title = {article, cut ? (size_t)(cut - article) : 0};
	ck_assert_int_eq(nv_tokenizer_new(&tokenizer, &options, NULL, &err), 0);
	ck_assert_int_eq(nv_tokenize(tokenizer, title, nv_str_of(cut ? cut + 3 : article), list, &err), 0);
	nv_tokenizer_free(tokenizer);
}

static inline nv_corpus *make_corpus(const char *const *article, size_t n)
{
	nv_corpus *corpus = NULL;
	nv_error err = {0};
	nv_token_list list;
	nv_token_list_init(&list);
	ck_assert_int_eq(nv_corpus_new(&corpus, &err), 0);
	for (size_t i = 0; i < n; i++) {
		tokenize_article(article[i], &list);
		ck_assert_int_eq(nv_corpus_add(corpus, &list, &err), 0);
	}
	nv_token_list_release(&list);
	return corpus;
}

static inline nv_vocab_owned build_vocab(const nv_corpus *corpus, nv_vocab_options options)
{
	nv_vocab_owned vocab;
	nv_error err = {0};
	ck_assert_int_eq(nv_corpus_build_vocab(corpus, NULL, 0, &options, 1, &vocab, &err), 0);
	return vocab;
}

/* The term of that text; NV_NO_TERM if there is none. */
static inline uint32_t find_term(const nv_vocab *vocab, const char *text)
{
	uint32_t found = NV_NO_TERM;
	nv_buf term = NV_BUF_INIT;
	for (uint32_t id = 0; id < vocab->n_term; id++) {
		nv_buf_clear(&term);
		nv_vocab_term_text(vocab, id, &term);
		if (strcmp(nv_buf_cstr(&term), text) == 0) {
			ck_assert_uint_eq(found, NV_NO_TERM);
			found = id;
		}
	}
	nv_buf_release(&term);
	return found;
}

#endif
