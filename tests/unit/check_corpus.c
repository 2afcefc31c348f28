/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "base/hash.h"
#include "base/numeric.h"
#include "tests/unit/check_main.h"
#include "tests/unit/corpus_maker.h"
#include "tests/unit/faulty_alloc.h"

#define N(array) (sizeof(array) / sizeof *(array))

static const char *const small[] = {"Chip law / the chip law. The law", "the law of the chip", "new chip law / no",
                                    "the end"};

START_TEST(documents_come_back)
{
	nv_corpus *corpus = make_corpus(small, N(small));
	nv_vocab_owned vocab = build_vocab(corpus, (nv_vocab_options){.min_n = 1, .max_n = 1, .min_df = 1});
	nv_document stored, fresh;
	nv_token_list list;
	nv_error err = {0};
	uint32_t *map = NULL;
	nv_document_init(&stored);
	nv_document_init(&fresh);
	nv_token_list_init(&list);
	ck_assert_int_eq(nv_corpus_word_map(corpus, &vocab.vocab, &map, &err), 0);
	for (size_t i = 0; i < N(small); i++) {
		tokenize_article(small[i], &list);
		ck_assert_int_eq(nv_corpus_document(corpus, i, map, &stored, &err), 0);
		ck_assert_int_eq(nv_document_from_tokens(&fresh, &vocab.vocab, &list, &err), 0);
		ck_assert_uint_eq(stored.n, fresh.n);
		ck_assert_uint_eq(stored.n_title, fresh.n_title);
		ck_assert_uint_eq(stored.n_sentence, fresh.n_sentence);
		ck_assert_mem_eq(stored.word, fresh.word, fresh.n * sizeof *fresh.word);
		ck_assert_mem_eq(stored.sentence, fresh.sentence, fresh.n_sentence * sizeof *fresh.sentence);
	}
	nv_free(map);
	nv_document_release(&stored);
	nv_document_release(&fresh);
	nv_token_list_release(&list);
	nv_vocab_release(&vocab);
	nv_corpus_free(corpus);
}
END_TEST

START_TEST(words_and_grams_are_counted_by_article)
{
	nv_corpus *corpus = make_corpus(small, N(small));
	nv_vocab_owned owned = build_vocab(corpus, (nv_vocab_options){.min_n = 1, .max_n = 3, .min_df = 2});
	const nv_vocab *v = &owned.vocab;
	ck_assert_uint_eq(v->n_document, 4);
	ck_assert_uint_eq(v->n_word, 3); /* chip, law, the: by df 3 each, then bytes */
	ck_assert_uint_eq(find_term(v, "chip"), 0);
	ck_assert_uint_eq(find_term(v, "law"), 1);
	ck_assert_uint_eq(find_term(v, "the"), 2);
	ck_assert_uint_eq(v->df[1], 3);
	/* "chip law" in articles 0 and 2, "the chip" in 0 and 1, "the law" in 0 and 1; "law the" crosses from title to text
	 * in 0, and between sentences; "the chip law" in 0 alone. */
	ck_assert_uint_eq(v->n_term, 6);
	ck_assert_uint_eq(find_term(v, "chip law"), 3);
	ck_assert_uint_eq(find_term(v, "the chip"), 4);
	ck_assert_uint_eq(find_term(v, "the law"), 5);
	ck_assert_uint_eq(v->df[3], 2);
	nv_vocab_release(&owned);
	nv_corpus_free(corpus);
}
END_TEST

/* An article of random words, some rare. */
static void make_article(nv_rng *rng, nv_buf *out)
{
	nv_buf_clear(out);
	for (uint64_t n = 1 + nv_rng_below(rng, 60), i = 0; i < n; i++) {
		uint64_t range = nv_rng_below(rng, 4) ? 6 : 60;
		nv_buf_addf(out, i == 5 ? " / w%u" : " w%u", (unsigned)nv_rng_below(rng, range));
	}
}

/* Whether the article holds the words word[n] one after the other, in its title or in its text. */
static bool holds(const nv_document *d, const uint32_t *word, size_t n)
{
	for (size_t i = 0; i + n <= d->n; i++) {
		if (i < d->n_title && i + n > d->n_title)
			continue;
		if (memcmp(d->word + i, word, n * sizeof *word) == 0)
			return true;
	}
	return false;
}

/* Words of a term, by ids; returns how many. */
static size_t spell(const nv_vocab *v, uint32_t term, uint32_t word[NV_MAX_NGRAM])
{
	uint32_t reversed[NV_MAX_NGRAM];
	size_t n = 0;
	for (; term >= v->n_word; term = v->gram_prefix[term - v->n_word])
		reversed[n++] = v->gram_word[term - v->n_word];
	reversed[n++] = term;
	for (size_t i = 0; i < n; i++)
		word[i] = reversed[n - 1 - i];
	return n;
}

static void check_naive(const nv_corpus *corpus, const nv_vocab *v, const uint32_t *rows, size_t n_row)
{
	uint32_t *map = NULL;
	nv_error err = {0};
	ck_assert_int_eq(nv_corpus_word_map(corpus, v, &map, &err), 0);
	nv_document *d = calloc(n_row, sizeof *d);
	for (size_t i = 0; i < n_row; i++)
		ck_assert_int_eq(nv_corpus_document(corpus, rows[i], map, &d[i], &err), 0);
	for (uint32_t term = 0; term < v->n_term; term++) {
		uint32_t word[NV_MAX_NGRAM], df = 0;
		size_t n = spell(v, term, word);
		for (size_t i = 0; i < n_row; i++)
			df += holds(&d[i], word, n);
		ck_assert_uint_eq(v->df[term], df);
	}
	for (size_t i = 0; i < n_row; i++)
		nv_document_release(&d[i]);
	free(d);
	nv_free(map);
}

/* Every n-gram of the rows that some naive reading finds often enough is in the vocabulary: counted here by listing all
 * pairs. */
static size_t naive_bigrams(const nv_corpus *corpus, const nv_vocab *all, const uint32_t *rows, size_t n_row,
                            uint32_t min_df)
{
	uint32_t *map = NULL, n = all->n_word;
	nv_error err = {0};
	nv_document d;
	nv_document_init(&d);
	ck_assert_int_eq(nv_corpus_word_map(corpus, all, &map, &err), 0);
	uint32_t *df = calloc((size_t)n * n, sizeof *df), *last = calloc((size_t)n * n, sizeof *last);
	for (uint32_t r = 0; r < n_row; r++) {
		ck_assert_int_eq(nv_corpus_document(corpus, rows[r], map, &d, &err), 0);
		for (size_t i = 0; i + 1 < d.n; i++) {
			size_t cell = (size_t)d.word[i] * n + d.word[i + 1];
			if (i + 1 == d.n_title || d.word[i] >= n || d.word[i + 1] >= n || last[cell] == r + 1)
				continue;
			last[cell] = r + 1;
			df[cell]++;
		}
	}
	size_t count = 0;
	for (size_t i = 0; i < (size_t)n * n; i++)
		count += df[i] >= min_df;
	free(df);
	free(last);
	nv_free(map);
	nv_document_release(&d);
	return count;
}

static nv_corpus *random_corpus(size_t n)
{
	nv_rng rng;
	nv_buf text = NV_BUF_INIT;
	nv_corpus *corpus = NULL;
	nv_token_list list;
	nv_error err = {0};
	nv_rng_init(&rng, 3, 0);
	nv_token_list_init(&list);
	ck_assert_int_eq(nv_corpus_new(&corpus, &err), 0);
	for (size_t i = 0; i < n; i++) {
		make_article(&rng, &text);
		tokenize_article(nv_buf_cstr(&text), &list);
		ck_assert_int_eq(nv_corpus_add(corpus, &list, &err), 0);
	}
	nv_buf_release(&text);
	nv_token_list_release(&list);
	return corpus;
}

START_TEST(frequencies_match_a_naive_count)
{
	enum { N_ARTICLE = 80 };
	nv_corpus *corpus = random_corpus(N_ARTICLE);
	uint32_t rows[N_ARTICLE / 2];
	nv_error err = {0};
	for (uint32_t i = 0; i < N(rows); i++)
		rows[i] = 2 * i + 1;
	for (uint32_t min_df = 1; min_df <= 3; min_df++) {
		nv_vocab_owned owned;
		nv_vocab_options options = {.min_n = 1, .max_n = 3, .min_df = min_df};
		size_t n_thread = (size_t)1 << 2 * (min_df - 1); /* as many parts: 1, 4, 8 */
		ck_assert_int_eq(nv_corpus_build_vocab(corpus, rows, N(rows), &options, n_thread, &owned, &err), 0);
		ck_assert_int_eq(nv_vocab_check(&owned.vocab, &err), 0);
		ck_assert_int_eq(nv_vocab_check_texts(&owned.vocab, owned.vocab.text_start[owned.vocab.n_word], &err), 0);
		check_naive(corpus, &owned.vocab, rows, N(rows));
		size_t bigrams = 0;
		for (uint32_t t = owned.vocab.n_word; t < owned.vocab.n_term; t++)
			bigrams += owned.vocab.gram_prefix[t - owned.vocab.n_word] < owned.vocab.n_word;
		ck_assert_uint_eq(bigrams, naive_bigrams(corpus, &owned.vocab, rows, N(rows), min_df));
		nv_vocab_release(&owned);
	}
	nv_corpus_free(corpus);
}
END_TEST

/* Words of fewer articles than an n-gram needs are kept, their n-grams are not; a limit on n-grams below that on words changes nothing. */
START_TEST(a_limit_of_their_own_for_ngrams)
{
	static const char *const text[] = {"the law the court", "the law a trade", "one court"};
	nv_corpus *corpus = make_corpus(text, N(text));
	nv_vocab_owned all = build_vocab(corpus, (nv_vocab_options){.min_n = 1, .max_n = 3, .min_df = 1});
	nv_vocab_owned some =
		build_vocab(corpus, (nv_vocab_options){.min_n = 1, .max_n = 3, .min_df = 1, .gram_min_df = 2});
	nv_vocab_owned both = build_vocab(corpus, (nv_vocab_options){.min_n = 1, .max_n = 3, .min_df = 2});
	nv_vocab_owned low = build_vocab(corpus, (nv_vocab_options){.min_n = 1, .max_n = 3, .min_df = 2, .gram_min_df = 1});
	nv_error err = {0};
	ck_assert_int_eq(nv_vocab_check(&some.vocab, &err), 0);
	ck_assert_int_eq(nv_vocab_check_texts(&some.vocab, some.vocab.text_start[some.vocab.n_word], &err), 0);
	ck_assert_uint_eq(some.vocab.n_word, all.vocab.n_word);
	ck_assert_uint_lt(both.vocab.n_word, all.vocab.n_word);
	ck_assert_uint_eq(some.vocab.n_term - some.vocab.n_word, both.vocab.n_term - both.vocab.n_word);
	ck_assert_uint_eq(low.vocab.n_term, both.vocab.n_term);
	for (uint32_t t = some.vocab.n_word; t < some.vocab.n_term; t++)
		ck_assert_uint_ge(some.vocab.df[t], 2);
	nv_vocab_release(&all);
	nv_vocab_release(&some);
	nv_vocab_release(&both);
	nv_vocab_release(&low);
	nv_corpus_free(corpus);
}
END_TEST

START_TEST(max_features_keeps_a_closed_prefix_of_the_order)
{
	nv_corpus *corpus = random_corpus(60);
	nv_vocab_owned all = build_vocab(corpus, (nv_vocab_options){.min_n = 1, .max_n = 3, .min_df = 1});
	nv_error err = {0};
	for (uint64_t limit = 1; limit < all.vocab.n_term + 10; limit = limit * 2 + 1) {
		nv_vocab_owned cut =
			build_vocab(corpus, (nv_vocab_options){.min_n = 1, .max_n = 3, .min_df = 1, .max_features = limit});
		const nv_vocab *v = &cut.vocab;
		ck_assert_uint_eq(v->n_term, limit < all.vocab.n_term ? limit : all.vocab.n_term);
		ck_assert_int_eq(nv_vocab_check(v, &err), 0);
		ck_assert_int_eq(nv_vocab_check_texts(v, v->text_start[v->n_word], &err), 0);
		for (uint32_t t = 1; t < v->n_term; t++)
			ck_assert(t == v->n_word || v->df[t] <= v->df[t - 1]);
		nv_vocab_release(&cut);
	}
	nv_vocab_release(&all);
	nv_corpus_free(corpus);
}
END_TEST

START_TEST(hashing_counts_buckets)
{
	nv_corpus *corpus = make_corpus(small, N(small));
	nv_vocab_owned owned =
		build_vocab(corpus, (nv_vocab_options){.min_n = 1, .max_n = 2, .min_df = 5, .hash_bits = 20});
	const nv_vocab *v = &owned.vocab;
	uint32_t the = (uint32_t)(nv_hash("the", 3) & (v->n_term - 1)),
			 law = (uint32_t)(nv_hash("law", 3) & (v->n_term - 1));
	ck_assert_uint_eq(v->n_term, 1 << 20);
	ck_assert_uint_eq(v->df[the], 3);
	ck_assert_uint_eq(v->df[nv_vocab_gram(v, the, law)], 2);
	uint64_t sum = 0;
	for (uint32_t t = 0; t < v->n_term; t++)
		sum += v->df[t];
	ck_assert_uint_eq(sum, 13 + 11); /* distinct words and bigrams of each article */
	nv_vocab_release(&owned);
	nv_corpus_free(corpus);
}
END_TEST

START_TEST(empty_input_is_fine)
{
	static const char *const nothing[] = {"", " / "};
	nv_corpus *corpus = make_corpus(nothing, 0);
	nv_vocab_owned none = build_vocab(corpus, (nv_vocab_options){.min_n = 1, .max_n = 2, .min_df = 1});
	ck_assert_uint_eq(none.vocab.n_term, 0);
	ck_assert_uint_eq(nv_vocab_gram(&none.vocab, 0, 0), NV_NO_TERM);
	nv_vocab_release(&none);
	nv_corpus_free(corpus);
	corpus = make_corpus(nothing, N(nothing));
	none = build_vocab(corpus, (nv_vocab_options){.min_n = 1, .max_n = 3, .min_df = 2, .hash_bits = 10});
	ck_assert_uint_eq(none.vocab.n_document, 2);
	nv_vocab_release(&none);
	nv_corpus_free(corpus);
}
END_TEST

START_TEST(wrong_options_are_refused)
{
	static const nv_vocab_options wrong[] = {{.min_n = 0, .max_n = 1, .min_df = 1},
	                                         {.min_n = 2, .max_n = 1, .min_df = 1},
	                                         {.min_n = 1, .max_n = 9, .min_df = 1},
	                                         {.min_n = 1, .max_n = 1, .min_df = 0},
	                                         {.min_n = 1, .max_n = 1, .min_df = 1, .hash_bits = 31}};
	nv_corpus *corpus = make_corpus(small, 1);
	for (size_t i = 0; i < N(wrong); i++) {
		nv_vocab_owned vocab;
		nv_error err = {0};
		ck_assert_int_eq(nv_corpus_build_vocab(corpus, NULL, 0, &wrong[i], 1, &vocab, &err), NV_E_USAGE);
		ck_assert_ptr_null(vocab.memory);
	}
	nv_corpus_free(corpus);
	nv_corpus_free(NULL);
	nv_vocab_release(NULL);
	nv_document_release(NULL);
}
END_TEST

/* From text to vocabulary and document; the first failure ends it. */
static int whole_path(const nv_vocab_options *options, nv_error *err)
{
	static const nv_token_options off = {"off", "off"};
	const nv_str words = nv_str_of("of");
	nv_tokenizer *tokenizer = NULL;
	nv_token_list list;
	nv_corpus *corpus = NULL;
	nv_vocab_owned vocab = {{0}, NULL};
	nv_document document;
	uint32_t *map = NULL;
	nv_token_list_init(&list);
	nv_document_init(&document);
	int code = nv_tokenizer_new(&tokenizer, &off, &words, err);
	if (code == 0)
		code = nv_corpus_new(&corpus, err);
	for (size_t i = 0; code == 0 && i < N(small); i++) {
		code = nv_tokenize(tokenizer, nv_str_of("caf\u00E9"), nv_str_of(small[i]), &list, err);
		if (code == 0)
			code = nv_corpus_add(corpus, &list, err);
	}
	if (code == 0)
		code = nv_corpus_build_vocab(corpus, NULL, 0, options, 1, &vocab, err);
	if (code == 0)
		code = nv_corpus_word_map(corpus, &vocab.vocab, &map, err);
	if (code == 0)
		code = nv_corpus_document(corpus, 0, map, &document, err);
	nv_free(map);
	nv_document_release(&document);
	nv_vocab_release(&vocab);
	nv_corpus_free(corpus);
	nv_token_list_release(&list);
	nv_tokenizer_free(tokenizer);
	return code;
}

/* Each allocation fails once: the error is told, and nothing leaks. */
START_TEST(failed_allocations_are_told)
{
	static const nv_vocab_options options[] = {{.min_n = 1, .max_n = 3, .min_df = 2},
	                                           {.min_n = 1, .max_n = 2, .min_df = 1},
	                                           {.min_n = 1, .max_n = 2, .min_df = 1, .hash_bits = 10}};
	for (size_t k = 0; k < N(options); k++) {
		int code = NV_E_MEMORY;
		long n = 0;
		for (; code != 0 && n < 500; n++) {
			nv_error err = {0};
			faulty_on(n);
			code = whole_path(&options[k], &err);
			ck_assert_int_eq(faulty_off(), 0);
			ck_assert(code == 0 || (code == NV_E_MEMORY && err.code == NV_E_MEMORY));
		}
		ck_assert_int_eq(code, 0);
		ck_assert_int_gt(n, 20);
	}
}
END_TEST

static Suite *corpus_suite(void)
{
	Suite *suite = suite_create("corpus");
	NV_CASE(suite, "Core", documents_come_back, words_and_grams_are_counted_by_article, frequencies_match_a_naive_count,
	        hashing_counts_buckets);
	NV_CASE(suite, "Limits", a_limit_of_their_own_for_ngrams, max_features_keeps_a_closed_prefix_of_the_order,
	        empty_input_is_fine);
	NV_CASE(suite, "Errors", wrong_options_are_refused, failed_allocations_are_told);
	return suite;
}

NV_CHECK_MAIN(corpus_suite)
