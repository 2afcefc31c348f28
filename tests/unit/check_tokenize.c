/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "base/numeric.h"
#include "data/normalize.h"
#include "data/tokenize.h"
#include "tests/unit/check_main.h"
#include "tests/unit/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static nv_tokenizer *new_tokenizer(const char *stemmer, const char *stopwords)
{
	nv_token_options options = {.stopwords = "off"};
	nv_tokenizer *tokenizer = NULL;
	nv_error err = {0};
	nv_str words = nv_str_of(stopwords);
	strcpy(options.stemmer, stemmer);
	ck_assert_int_eq(nv_tokenizer_new(&tokenizer, &options, stopwords ? &words : NULL, &err), 0);
	return tokenizer;
}

/* The tokens with '|' between them, a '/' before each that begins a sentence, and ' ' behind the title. Checks hashes
 * too. */
static void describe(const nv_token_list *list, nv_buf *out)
{
	size_t k = 0;
	nv_buf_clear(out);
	for (size_t i = 0; i < list->n; i++) {
		const nv_token *token = &list->token[i];
		ck_assert_uint_eq(token->hash, nv_hash(list->text.ptr + token->start, token->len));
		if (i > 0)
			nv_buf_add_char(out, i == list->n_title ? ' ' : '|');
		if (k < list->n_sentence && list->sentence[k] == i && ++k)
			nv_buf_add_char(out, '/');
		nv_buf_add(out, list->text.ptr + token->start, token->len);
	}
	ck_assert_uint_eq(k, list->n_sentence);
}

static void check_with(const nv_tokenizer *tokenizer, const char *title, const char *text, const char *expected)
{
	nv_token_list list;
	nv_buf got = NV_BUF_INIT;
	nv_error err = {0};
	nv_token_list_init(&list);
	ck_assert_int_eq(nv_tokenize(tokenizer, nv_str_of(title), nv_str_of(text), &list, &err), 0);
	describe(&list, &got);
	ck_assert_str_eq(nv_buf_cstr(&got), expected);
	nv_buf_release(&got);
	nv_token_list_release(&list);
}

static void check_tokens(const char *title, const char *text, const char *expected)
{
	nv_tokenizer *tokenizer = new_tokenizer("off", NULL);
	check_with(tokenizer, title, text, expected);
	nv_tokenizer_free(tokenizer);
}

START_TEST(words)
{
	check_tokens("", "", "");
	check_tokens("", "The AI Act, a law (2024).", "/the|ai|act|a|law|2024");
	check_tokens("New Rules", "for chips", "/new|rules /for|chips");
	check_tokens("", "data-centre a/b snake_case", "/data|centre|a|b|snake_case");
	check_tokens("", "U.S. firms", "/u|s|firms");
	check_tokens("", "a word of twenty-odd lettersAndMoreLettersAndMore",
	             "/a|word|of|twenty|odd|lettersandmorelettersandmore");
}
END_TEST

START_TEST(apostrophes)
{
	check_tokens("", "don't company's firms' 'quoted' it's", "/don't|company|firms|quoted|it");
	check_tokens("", "don\u2019t Apple\u2019s \u2018so\u2019", "/don't|apple|so");
	check_tokens("", "don&#8217;t Apple&rsquo;s", "/don't|apple");
	check_tokens("", "l'\u00E9tat 1990's O'Neil", "/l'\u00E9tat|1990|o'neil");
}
END_TEST

START_TEST(numbers)
{
	check_tokens("", "5,000 and 3.5 or 1,234.56, v2.0. 7", "/5,000|and|3.5|or|1,234.56|v2.0|/7");
	check_tokens("", "a.5 5.a 5, 6", "/a|5|5|a|5|6");
	check_tokens("", "3&#46;5 3.\uFF15", "/3.5|3.5");
}
END_TEST

START_TEST(other_scripts)
{
	check_tokens("", "na\u00EFve cafe\u0301 e\u0301t\u00E9 \u00C9cole",
	             "/na\u00EFve|caf\u00E9|\u00E9t\u00E9|\u00E9cole");
	check_tokens("", "\u4E2D\u56FD\u7684AI\u6CD5\u3002\u65B0", "/\u4E2D|\u56FD|\u7684|ai|\u6CD5|/\u65B0");
	check_tokens("", "\u0416\u0443\u043A. \u041D\u043E\u0432\u044B\u0439",
	             "/\u0436\u0443\u043A|/\u043D\u043E\u0432\u044B\u0439");
	check_tokens("", "\u201CThe\u201D\u2014AI\u00A0law AT&amp;T &lt;b&gt;", "/the|ai|law|at|t|b");
	check_tokens("", "=\u0338 \u0301x soft\u00ADware", "/x|software");
}
END_TEST

START_TEST(sentences)
{
	check_tokens("", "One. Two! three? Four \"Five.\" Six.", "/one|/two|three|/four|five|/six");
	check_tokens("", "He said. \"Go now.\" (It went.) Then 3. 4 more", "/he|said|/go|now|/it|went|/then|3|/4|more");
	check_tokens("", "Mr. Smith of the U.S. Senate. J. K. Rowling", "/mr|smith|of|the|u|s|senate|/j|k|rowling");
	check_tokens("", "a line\nnext line\n \nnew part", "/a|line|next|line|/new|part");
	check_tokens("One. Two", "\n\n", "/one|two");
	check_tokens("", "end.\u201D \u201CNext. \u00C9cole", "/end|/next|/\u00E9cole");
	check_tokens("", "www.example.com e.g. this", "/www|example|com|e|g|this");
}
END_TEST

START_TEST(tags)
{
	check_tokens("", "#ProLife, says @Jane_D.", "/prolife|#prolife|says|jane_d|@jane_d");
	check_tokens("A #tag", "(#one) ##two #3rd '#four'", "/a|tag|#tag /one|#one|two|#two|3rd|#3rd|four|#four");
	check_tokens("", "jane@example.com C# # alone a#b @-x", "/jane|example|com|c|alone|a|b|x");
	check_tokens("", "#caf\u00E9 \uFF03law &#35;ai #\u4E2D\u56FD",
	             "/caf\u00E9|#caf\u00E9|law|#law|ai|#ai|\u4E2D|\u56FD");
	check_tokens("", "ask @mr. Smith", "/ask|mr|@mr|smith");
	check_tokens("ends with #", "word", "/ends|with /word");
}
END_TEST

START_TEST(stop_words_and_stems)
{
	nv_tokenizer *tokenizer = new_tokenizer("english", "The\nof\n\ndon't\nthe\n");
	ck_assert(nv_str_is(nv_tokenizer_stopwords(tokenizer), "the\nof\ndon't\n"));
	check_with(tokenizer, "", "The ruling of judges. Of the nations don\u2019t", "/rule|judg|/nation");
	check_with(tokenizer, "", "#the #judges", "/judg|#judg");
	nv_tokenizer_free(tokenizer);
	tokenizer = new_tokenizer("off", "");
	ck_assert_uint_eq(nv_tokenizer_stopwords(tokenizer).len, 0);
	nv_tokenizer_free(tokenizer);
}
END_TEST

/* In Turkish a stem may have a vowel more than its word. */
START_TEST(stems_may_be_longer)
{
	enum { N_WORD = 5000 };
	nv_buf text = NV_BUF_INIT;
	nv_tokenizer *tokenizer = new_tokenizer("turkish", NULL);
	nv_token_list list;
	nv_error err = {0};
	for (int i = 0; i < N_WORD; i++)
		nv_buf_add_str(&text, i % 100 < 98 ? "aad " : "#aad ");
	nv_token_list_init(&list);
	ck_assert_int_eq(nv_tokenize(tokenizer, nv_str_of("Aad"), (nv_str){text.ptr, text.len}, &list, &err), 0);
	ck_assert_uint_eq(list.n, 1 + N_WORD + N_WORD / 50);
	for (size_t i = 0; i < list.n; i++) {
		const nv_token *token = &list.token[i];
		const char *stem = list.text.ptr + token->start;
		ck_assert(nv_str_is((nv_str){stem, token->len}, *stem == '#' ? "#aad\u0131" : "aad\u0131"));
		ck_assert_uint_eq(token->hash, nv_hash(stem, token->len));
	}
	nv_buf_release(&text);
	nv_token_list_release(&list);
	nv_tokenizer_free(tokenizer);
}
END_TEST

START_TEST(stop_words_come_from_a_file)
{
	scratch s;
	nv_token_options options = {.stemmer = "off"};
	nv_tokenizer *tokenizer = NULL;
	nv_error err = {0};
	scratch_open(&s);
	strcpy(options.stopwords, scratch_write(&s, "words", "A\nthe"));
	ck_assert_int_eq(nv_tokenizer_new(&tokenizer, &options, NULL, &err), 0);
	check_with(tokenizer, "", "a law the", "/law");
	nv_tokenizer_free(tokenizer);
	scratch_close(&s);
	ck_assert_int_eq(nv_tokenizer_new(&tokenizer, &options, NULL, &err), NV_E_INPUT);
}
END_TEST

START_TEST(a_list_serves_several_tokenizers)
{
	nv_tokenizer *english = new_tokenizer("english", NULL), *plain = new_tokenizer("off", NULL);
	nv_token_list list;
	nv_error err = {0};
	nv_token_list_init(&list);
	ck_assert_int_eq(nv_tokenize(english, nv_str_of("laws"), nv_str_of(NULL), &list, &err), 0);
	ck_assert_uint_eq(list.token[0].len, 3);
	ck_assert_int_eq(nv_tokenize(plain, nv_str_of("laws"), nv_str_of(NULL), &list, &err), 0);
	ck_assert_uint_eq(list.token[0].len, 4);
	nv_token_list_release(&list);
	nv_tokenizer_free(english);
	nv_tokenizer_free(plain);
}
END_TEST

START_TEST(long_tokens_are_cut)
{
	char text[1000];
	nv_token_list list;
	nv_error err = {0};
	nv_tokenizer *tokenizer = new_tokenizer("off", NULL);
	nv_token_list_init(&list);
	memset(text, 'A', 300);
	strcpy(text + 300, " b #");
	for (size_t i = 0; i < 100; i++)
		strcat(text, "\u0436");
	ck_assert_int_eq(nv_tokenize(tokenizer, nv_str_of(NULL), nv_str_of(text), &list, &err), 0);
	ck_assert_uint_eq(list.n, 4);
	ck_assert_uint_eq(list.token[0].len, 64);
	ck_assert_uint_eq(list.token[2].len, 128);
	ck_assert_uint_eq(list.token[3].len, 129);
	nv_token_list_release(&list);
	nv_tokenizer_free(tokenizer);
}
END_TEST

/* Texts of fewer than `most` pieces that meet each other in every order. */
static void make_text(nv_rng *rng, uint64_t most, nv_buf *text)
{
	static const char *const piece[] = {"a",          "Word",
	                                    "s",          "'s",
	                                    "'",          "\u2019",
	                                    "\u2019t",    ".",
	                                    ",",          "5",
	                                    "12",         " ",
	                                    " ",          "  ",
	                                    "\n",         "-",
	                                    "\u2014",     "\u201C",
	                                    "\u201D",     "\u00A0",
	                                    "e\u0301",    "\u00E9",
	                                    "\u0301",     "_",
	                                    "\u4E2D",     "\u0416",
	                                    "\u00AD",     "\u2026",
	                                    "(",          "!",
	                                    "longerword", "\u0345",
	                                    "\xFF",       "\uFF15",
	                                    "\u200B",     "#",
	                                    "@",          "\uFF03",
	                                    "&",          "&amp;",
	                                    "?",          "\t",
	                                    "\n \n",      ". B",
	                                    ":",          "plain words here, seen"};
	nv_buf_clear(text);
	for (uint64_t n = nv_rng_below(rng, most); n > 0; n--)
		nv_buf_add_str(text, piece[nv_rng_below(rng, sizeof piece / sizeof *piece)]);
}

static void check_same(const nv_token_list *a, const nv_token_list *b, nv_buf *text)
{
	ck_assert_msg(a->n == b->n, "token counts differ for \"%s\"", nv_buf_cstr(text));
	for (size_t i = 0; i < a->n; i++)
		ck_assert_msg(a->token[i].hash == b->token[i].hash, "token %zu differs for \"%s\"", i, nv_buf_cstr(text));
}

/* Raw text, the text folded as a whole, and the text behind a character that sends all of it (no blank is ASCII)
 * through the reader of folded text give the same tokens: the fast path is no other tokenizer, and neither are the
 * blocks of 16 bytes. */
START_TEST(all_paths_agree)
{
	nv_rng rng;
	nv_buf text = NV_BUF_INIT, folded = NV_BUF_INIT;
	nv_token_list raw, other;
	nv_error err = {0};
	nv_tokenizer *tokenizer = new_tokenizer("off", NULL);
	nv_rng_init(&rng, 1, 1);
	nv_token_list_init(&raw);
	nv_token_list_init(&other);
	for (int round = 0; round < 20000; round++) {
		make_text(&rng, 30, &text);
		ck_assert_int_eq(nv_tokenize(tokenizer, nv_str_of(NULL), (nv_str){text.ptr, text.len}, &raw, &err), 0);
		uint64_t bad = 0;
		nv_buf_clear(&folded);
		nv_normalize((nv_str){text.ptr, text.len}, &folded, &bad);
		ck_assert_uint_eq(bad, raw.ill_formed);
		ck_assert_int_eq(nv_tokenize(tokenizer, nv_str_of(NULL), (nv_str){folded.ptr, folded.len}, &other, &err), 0);
		check_same(&raw, &other, &text);
		for (size_t i = 0; i < text.len; i++) {
			if (text.ptr[i] == ' ' || text.ptr[i] == '\n')
				text.ptr[i] = '|';
		}
		nv_buf_clear(&folded);
		nv_buf_add_str(&folded, "\u00D7|");
		nv_buf_add(&folded, text.ptr, text.len);
		ck_assert_int_eq(nv_tokenize(tokenizer, nv_str_of(NULL), (nv_str){folded.ptr, folded.len}, &other, &err), 0);
		check_same(&raw, &other, &text);
	}
	nv_token_list_release(&raw);
	nv_token_list_release(&other);
	nv_buf_release(&text);
	nv_buf_release(&folded);
	nv_tokenizer_free(tokenizer);
}
END_TEST

/* A stop word that no text holds keeps all words from the short loop over plain ones. Some texts are longer than the stretch that it scans
 * at once. */
START_TEST(plain_words_are_read_as_all_are)
{
	nv_rng rng;
	nv_buf text = NV_BUF_INIT;
	nv_token_list plain, other;
	nv_error err = {0};
	nv_tokenizer *tokenizer = new_tokenizer("off", NULL), *stopping = new_tokenizer("off", "nosuchword");
	nv_rng_init(&rng, 2, 1);
	nv_token_list_init(&plain);
	nv_token_list_init(&other);
	for (int round = 0; round < 10000; round++) {
		make_text(&rng, round % 400 == 0 ? 6000 : 40, &text);
		char *exact = malloc(text.len + (text.len == 0)); /* nothing may be read behind it */
		ck_assert_ptr_nonnull(exact);
		if (text.len > 0)
			memcpy(exact, text.ptr, text.len);
		nv_str whole = {exact, text.len}, title = {exact, text.len / 3};
		ck_assert_int_eq(nv_tokenize(tokenizer, title, whole, &plain, &err), 0);
		ck_assert_int_eq(nv_tokenize(stopping, title, whole, &other, &err), 0);
		check_same(&plain, &other, &text);
		ck_assert_uint_eq(plain.n_title, other.n_title);
		ck_assert_uint_eq(plain.n_sentence, other.n_sentence);
		for (size_t i = 0; i < plain.n_sentence; i++)
			ck_assert_uint_eq(plain.sentence[i], other.sentence[i]);
		ck_assert_uint_eq(plain.text.len, other.text.len);
		ck_assert(plain.text.len == 0 || memcmp(plain.text.ptr, other.text.ptr, plain.text.len) == 0);
		free(exact);
	}
	nv_token_list_release(&plain);
	nv_token_list_release(&other);
	nv_buf_release(&text);
	nv_tokenizer_free(tokenizer);
	nv_tokenizer_free(stopping);
}
END_TEST

START_TEST(an_unknown_stemmer_is_refused)
{
	nv_token_options options = {"klingon", "off"};
	nv_tokenizer *tokenizer = NULL;
	nv_error err = {0};
	ck_assert_int_eq(nv_tokenizer_new(&tokenizer, &options, NULL, &err), NV_E_USAGE);
	ck_assert_ptr_nonnull(strstr(err.message, "klingon"));
	ck_assert_ptr_nonnull(strstr(err.message, "english"));
	ck_assert_ptr_null(tokenizer);
	nv_tokenizer_free(NULL);
	nv_token_list_release(NULL);
}
END_TEST

static Suite *tokenize_suite(void)
{
	Suite *suite = suite_create("tokenize");
	NV_CASE(suite, "Core", words, apostrophes, numbers, other_scripts, sentences, tags, stop_words_and_stems,
	        stems_may_be_longer, stop_words_come_from_a_file, a_list_serves_several_tokenizers, all_paths_agree,
	        plain_words_are_read_as_all_are);
	NV_CASE(suite, "Limits", long_tokens_are_cut);
	NV_CASE(suite, "Errors", an_unknown_stemmer_is_refused);
	return suite;
}

NV_CHECK_MAIN(tokenize_suite)
