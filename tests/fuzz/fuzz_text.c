/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_text.c: any bytes as an article's title (the first line) and text: normalising, boilerplate, tokens, subwords.
 */
#include "fuzz.h"

#include "base/hash.h"
#include "data/boilerplate.h"
#include "data/features.h"
#include "data/normalize.h"
#include "data/tokenize.h"
#include "data/utf8.h"

#include <string.h>

static const char *const stemmers[] = {"off", "english", "russian", "turkish"};
enum { N_STEMMER = sizeof stemmers / sizeof *stemmers };

static const nv_tokenizer *tokenizer(size_t i)
{
	static nv_tokenizer *made[N_STEMMER];
	const nv_str stop = i == 1 ? nv_str_of("the\nof\nand\n") : nv_str_of("");
	nv_token_options options;
	if (made[i])
		return made[i];
	nv_option_defaults(nv_token_rows, nv_n_token_rows, &options);
	snprintf(options.stemmer, sizeof options.stemmer, "%s", stemmers[i]);
	FUZZ_MUST(nv_tokenizer_new(&made[i], &options, &stop, NULL) == NV_OK);
	return made[i];
}

static void tokenize(size_t which, nv_str title, nv_str text)
{
	nv_token_list list;
	nv_subword_list grams;
	nv_token_list_init(&list);
	nv_subword_list_init(&grams);
	FUZZ_MUST(nv_tokenize(tokenizer(which), title, text, &list, NULL) == NV_OK);
	FUZZ_MUST(list.n_title <= list.n && list.ill_formed <= title.len + text.len);
	for (size_t i = 0; i < list.n; i++) {
		const nv_token *t = &list.token[i];
		FUZZ_MUST(t->len > 0 && t->len <= 4 * NV_TOKEN_CODE_POINTS + 1 && t->start + (size_t)t->len <= list.text.len);
		FUZZ_MUST(t->hash == nv_hash(list.text.ptr + t->start, t->len));
		if (i < 8) {
			grams.n = 0;
			FUZZ_MUST(nv_subwords_of((nv_str){list.text.ptr + t->start, t->len}, (nv_range){3, 5}, &grams, NULL) ==
			          NV_OK);
		}
	}
	for (size_t i = 0; i < list.n_sentence; i++)
		FUZZ_MUST(list.sentence[i] < list.n && (i == 0 || list.sentence[i] > list.sentence[i - 1]));
	nv_subword_list_release(&grams);
	nv_token_list_release(&list);
}

/* Words that are read in a short loop, and the same read one by one, as a stop word asks for, one that no text holds. */
static void read_both_ways(nv_str title, nv_str text)
{
	static nv_tokenizer *stopping;
	const nv_token_options options = {"off", "off"};
	const nv_str stop = nv_str_of("nosuchwordinanytext\n");
	nv_token_list plain, other;
	if (!stopping)
		FUZZ_MUST(nv_tokenizer_new(&stopping, &options, &stop, NULL) == NV_OK);
	nv_token_list_init(&plain);
	nv_token_list_init(&other);
	FUZZ_MUST(nv_tokenize(tokenizer(0), title, text, &plain, NULL) == NV_OK);
	FUZZ_MUST(nv_tokenize(stopping, title, text, &other, NULL) == NV_OK);
	FUZZ_MUST(plain.n == other.n && plain.n_title == other.n_title && plain.n_sentence == other.n_sentence);
	FUZZ_MUST(plain.text.len == other.text.len && plain.ill_formed == other.ill_formed);
	FUZZ_MUST(plain.text.len == 0 || memcmp(plain.text.ptr, other.text.ptr, plain.text.len) == 0);
	for (size_t i = 0; i < plain.n; i++) {
		const nv_token *a = &plain.token[i], *b = &other.token[i];
		FUZZ_MUST(a->hash == b->hash && a->start == b->start && a->len == b->len);
	}
	for (size_t i = 0; i < plain.n_sentence; i++)
		FUZZ_MUST(plain.sentence[i] == other.sentence[i]);
	nv_token_list_release(&plain);
	nv_token_list_release(&other);
}

static void normalize(nv_str text)
{
	nv_buf once = NV_BUF_INIT, twice = NV_BUF_INIT;
	uint64_t ill = 0, none = 0;
	nv_normalize(text, &once, &ill);
	FUZZ_MUST(!once.failed && ill <= text.len);
	nv_normalize((nv_str){once.ptr, once.len}, &twice, &none);
	FUZZ_MUST(none == 0); /* what comes out is well-formed */
	nv_buf_release(&once);
	nv_buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const char *at = (const char *)bytes;
	const char *newline = len ? memchr(at, '\n', len) : NULL;
	nv_str title = {at, newline ? (size_t)(newline - at) : 0};
	nv_str text = {newline ? newline + 1 : at, newline ? len - title.len - 1 : len};
	nv_buf title_left = NV_BUF_INIT, text_left = NV_BUF_INIT;
	FUZZ_MUST(nv_boilerplate_strip(title, text, &title_left, &text_left));
	FUZZ_MUST(text_left.len <= len && title_left.len <= len); /* a headline in the text may become the title */
	normalize(text);
	for (size_t i = 0; i < N_STEMMER; i++)
		tokenize(i, title, text);
	read_both_ways(title, text);
	tokenize(0, (nv_str){title_left.ptr, title_left.len}, (nv_str){text_left.ptr, text_left.len});
	nv_buf_release(&title_left);
	nv_buf_release(&text_left);
	return 0;
}
