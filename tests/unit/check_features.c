/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "data/features.h"
#include "tests/unit/check_main.h"
#include "tests/unit/corpus_maker.h"

#include <math.h>

#define N(array) (sizeof(array) / sizeof *(array))

/* df: chip 3, law 2, new 2, act 1; "chip law" 2, "new chip" 2. */
static const char *const articles[] = {"new chip law", "chip law chip law", "new chip / act"};

typedef struct fixture {
	nv_corpus *corpus;
	nv_vocab_owned owned;
	double *idf;
	nv_features features;
	nv_feature_scratch *scratch;
	nv_document document;
	nv_row row;
} fixture;

static fixture set_up(nv_vocab_options options, int weighting)
{
	fixture f;
	nv_error err = {0};
	f.corpus = make_corpus(articles, N(articles));
	f.owned = build_vocab(f.corpus, options);
	f.idf = malloc(f.owned.vocab.n_term * sizeof *f.idf);
	nv_features_idf(&f.owned.vocab, f.idf);
	f.features = (nv_features){NULL, weighting == NV_WEIGHT_TFIDF ? f.idf : NULL, weighting, 1.0, false};
	ck_assert_int_eq(nv_feature_scratch_new(&f.scratch, &err), 0);
	nv_document_init(&f.document);
	nv_row_init(&f.row);
	return f;
}

static void tear_down(fixture *f)
{
	nv_row_release(&f->row);
	nv_document_release(&f->document);
	nv_feature_scratch_free(f->scratch);
	free(f->idf);
	nv_vocab_release(&f->owned);
	nv_corpus_free(f->corpus);
}

static const nv_vocab_options words = {.min_n = 1, .max_n = 1, .min_df = 1};
static const nv_vocab_options bigrams = {.min_n = 1, .max_n = 2, .min_df = 2};

static void make_row(fixture *f, const char *article, const nv_view *view)
{
	nv_error err = {0};
	nv_token_list list;
	f->features.vocab = &f->owned.vocab;
	nv_token_list_init(&list);
	tokenize_article(article, &list);
	ck_assert_int_eq(nv_document_from_tokens(&f->document, &f->owned.vocab, &list, &err), 0);
	ck_assert_int_eq(nv_features_row(&f->features, view, &f->document, f->scratch, &f->row, &err), 0);
	for (size_t i = 1; i < f->row.n; i++)
		ck_assert_uint_lt(f->row.term[i - 1], f->row.term[i]);
	nv_token_list_release(&list);
}

/* The row's value of a term; 0 where it lacks it. */
static double value(const fixture *f, const char *text)
{
	uint32_t term = find_term(&f->owned.vocab, text);
	ck_assert_uint_ne(term, NV_NO_TERM);
	for (size_t i = 0; i < f->row.n; i++) {
		if (f->row.term[i] == term)
			return f->row.value[i];
	}
	return 0.0;
}

START_TEST(counts_and_presence)
{
	fixture f = set_up(bigrams, NV_WEIGHT_COUNT);
	make_row(&f, "chip law and chip law chip", NULL);
	ck_assert_uint_eq(f.row.n, 3);
	ck_assert_double_eq(value(&f, "chip"), 3.0);
	ck_assert_double_eq(value(&f, "chip law"), 2.0);
	ck_assert_double_eq(value(&f, "new"), 0.0);
	f.features.weighting = NV_WEIGHT_BINARY;
	make_row(&f, "chip law and chip law chip", NULL);
	ck_assert_double_eq(value(&f, "chip"), 1.0);
	tear_down(&f);
}
END_TEST

START_TEST(tfidf_by_hand)
{
	fixture f = set_up(words, NV_WEIGHT_TFIDF);
	make_row(&f, "chip chip act unknown", NULL);
	double idf_chip = (1.0 + log(4.0 / 4.0)), idf_act = (1.0 + log(4.0 / 2.0));
	ck_assert_double_eq_tol(value(&f, "chip"), (1.0 + log(2.0)) * idf_chip, 1e-12);
	ck_assert_double_eq_tol(value(&f, "act"), idf_act, 1e-12);
	ck_assert_double_eq(f.row.scale, 1.0);
	f.features.normalize = true;
	double chip = value(&f, "chip"), act = value(&f, "act"), length = sqrt(chip * chip + act * act);
	make_row(&f, "chip chip act unknown", NULL);
	ck_assert_double_eq_tol(value(&f, "chip"), chip / length, 1e-12);
	ck_assert_double_eq_tol(value(&f, "act"), act / length, 1e-12);
	ck_assert_double_eq_tol(f.row.scale, 1.0 / length, 1e-12);
	tear_down(&f);
}
END_TEST

START_TEST(title_words_count_more)
{
	fixture f = set_up(words, NV_WEIGHT_COUNT);
	f.features.title_weight = 2.5;
	make_row(&f, "chip act / chip law", NULL);
	ck_assert_double_eq(value(&f, "chip"), 3.5);
	ck_assert_double_eq(value(&f, "act"), 2.5);
	ck_assert_double_eq(value(&f, "law"), 1.0);
	f.features.weighting = NV_WEIGHT_TFIDF;
	f.features.idf = f.idf;
	make_row(&f, "chip act / chip law", NULL);
	ck_assert_double_eq_tol(value(&f, "chip"), 1.0 + log(3.5), 1e-12);
	f.features.title_weight = 0.0;
	make_row(&f, "chip act / chip law", NULL);
	ck_assert_uint_eq(f.row.n, 2); /* "act" counts nothing */
	tear_down(&f);
}
END_TEST

START_TEST(grams_stop_at_the_title_but_not_at_sentences)
{
	fixture f = set_up(bigrams, NV_WEIGHT_COUNT);
	make_row(&f, "new / chip. Law", NULL);
	ck_assert_double_eq(value(&f, "new chip"), 0.0);
	ck_assert_double_eq(value(&f, "chip law"), 1.0);
	tear_down(&f);
}
END_TEST

START_TEST(about_keeps_title_and_sentences_that_mention)
{
	fixture f = set_up(bigrams, NV_WEIGHT_COUNT);
	uint32_t about[1] = {find_term(&f.owned.vocab, "law")};
	nv_view view = {about, 1};
	make_row(&f, "new / Chip chip. A law. New law chip. Chip new. Chip. Law", &view);
	ck_assert_double_eq(value(&f, "new"), 2.0);  /* title, third sentence */
	ck_assert_double_eq(value(&f, "chip"), 1.0); /* third */
	ck_assert_double_eq(value(&f, "law"), 3.0);
	ck_assert_double_eq(value(&f, "chip law"), 0.0); /* "Chip." is left out, and "law chip" meets no "law" */
	view.n_about = 0;
	make_row(&f, "new / Chip chip. A law", &view);
	ck_assert_double_eq(value(&f, "chip"), 2.0);
	tear_down(&f);
}
END_TEST

START_TEST(short_grams_may_be_prefixes_alone)
{
	fixture f = set_up((nv_vocab_options){.min_n = 2, .max_n = 2, .min_df = 2}, NV_WEIGHT_COUNT);
	make_row(&f, "new chip law", NULL);
	ck_assert_uint_eq(f.row.n, 2);
	ck_assert_double_eq(value(&f, "chip law"), 1.0);
	tear_down(&f);
}
END_TEST

START_TEST(hashed_rows)
{
	fixture f = set_up((nv_vocab_options){.min_n = 1, .max_n = 2, .min_df = 1, .hash_bits = 18}, NV_WEIGHT_TFIDF);
	make_row(&f, "new chip unknown", NULL);
	ck_assert_uint_eq(f.row.n, 5);
	tear_down(&f);
}
END_TEST

/* A stored article and the same article read again make the same row. */
START_TEST(training_and_classifying_agree)
{
	fixture f = set_up(bigrams, NV_WEIGHT_TFIDF);
	uint32_t *map = NULL;
	nv_error err = {0};
	f.features.normalize = true;
	f.features.vocab = &f.owned.vocab;
	ck_assert_int_eq(nv_corpus_word_map(f.corpus, &f.owned.vocab, &map, &err), 0);
	for (size_t i = 0; i < N(articles); i++) {
		nv_row stored;
		nv_row_init(&stored);
		ck_assert_int_eq(nv_corpus_document(f.corpus, i, map, &f.document, &err), 0);
		ck_assert_int_eq(nv_features_row(&f.features, NULL, &f.document, f.scratch, &stored, &err), 0);
		make_row(&f, articles[i], NULL);
		ck_assert_uint_eq(stored.n, f.row.n);
		ck_assert_mem_eq(stored.term, f.row.term, f.row.n * sizeof *f.row.term);
		ck_assert_mem_eq(stored.value, f.row.value, f.row.n * sizeof *f.row.value);
		nv_row_release(&stored);
	}
	nv_free(map);
	tear_down(&f);
}
END_TEST

/* A vocabulary of any number of words up to NV_MAX_TERM is sorted rightly: rows against a count one by one. */
START_TEST(counts_in_vocabularies_of_all_sizes)
{
	fixture f = set_up(words, NV_WEIGHT_COUNT);
	uint32_t word[300], state = 1;
	for (uint32_t bits = 1; bits <= 30; bits++) {
		nv_vocab vocab = {.n_word = UINT32_C(1) << bits, .n_term = UINT32_C(1) << bits, .max_n = 1, .min_n = 1};
		nv_document document = {.word = word, .n = N(word), .n_title = 40};
		nv_error err = {0};
		for (size_t i = 0; i < N(word); i++) {
			state = state * 1664525 + 1013904223;
			word[i] = i % 3 == 0 && i > 0 ? word[i / 2] : state >> (32 - bits);
		}
		f.features.vocab = &vocab;
		f.features.title_weight = 1000.0;
		ck_assert_int_eq(nv_features_row(&f.features, NULL, &document, f.scratch, &f.row, &err), 0);
		double sum = 0.0;
		for (size_t k = 0; k < f.row.n; k++) {
			double count = 0.0;
			for (size_t i = 0; i < N(word); i++)
				count += word[i] == f.row.term[k] ? (i < 40 ? 1000.0 : 1.0) : 0.0;
			ck_assert_double_eq(f.row.value[k], count);
			ck_assert(k == 0 || f.row.term[k - 1] < f.row.term[k]);
			sum += count;
		}
		ck_assert_double_eq(sum, 40 * 1000.0 + (double)(N(word) - 40));
	}
	tear_down(&f);
}
END_TEST

START_TEST(long_and_empty_articles)
{
	fixture f = set_up(words, NV_WEIGHT_TFIDF);
	nv_buf text = NV_BUF_INIT;
	make_row(&f, "", NULL);
	ck_assert_uint_eq(f.row.n, 0);
	ck_assert_double_eq(f.row.scale, 1.0);
	for (int i = 0; i < 3000; i++)
		nv_buf_add_str(&text, "chip law ");
	make_row(&f, nv_buf_cstr(&text), NULL);
	ck_assert_double_eq_tol(value(&f, "chip"), 1.0 + log(3000.0), 1e-12);
	nv_buf_release(&text);
	nv_row_release(NULL);
	nv_feature_scratch_free(NULL);
	tear_down(&f);
}
END_TEST

static Suite *features_suite(void)
{
	Suite *suite = suite_create("features");
	NV_CASE(suite, "Core", counts_and_presence, tfidf_by_hand, title_words_count_more,
	        grams_stop_at_the_title_but_not_at_sentences, about_keeps_title_and_sentences_that_mention,
	        short_grams_may_be_prefixes_alone, hashed_rows, training_and_classifying_agree);
	NV_CASE(suite, "Limits", counts_in_vocabularies_of_all_sizes, long_and_empty_articles);
	return suite;
}

NV_CHECK_MAIN(features_suite)
