/* SPDX-License-Identifier: Apache-2.0
 *
 * tokenize.h: an article's title and text as tokens over one buffer of folded words, in one pass. Hashes are those of
 * nv_hash over the folded bytes (after stemming). Folding: data/normalize.h.
 *
 * Tokens:
 *   - A token is a maximal run of word characters (letters, digits, marks, '_') that does not begin with a mark, or one
 *     ideograph (normalize.h) with the marks behind it. Single letters and digits are tokens.
 *   - An apostrophe between a word character and a letter joins: "don't" is one token. A final 's is then dropped as a
 *     possessive: "company's" gives "company", "it's" gives "it"; "n't" stays.
 *   - '.' and ',' between digits join: "5,000" and "3.5" are one token each. All other punctuation parts: "u.s." gives
 *     "u", "s".
 *   - A word right behind '#' or '@' that no word stands right before is a tag: it gives two tokens, the word and, of the same bytes, the word
 *     with its mark: "#AI" gives "ai", "#ai"; "name@host" has no tag, and an ideograph is none.
 *   - Of a token longer than 64 code points (so 256 bytes at most, a mark aside) the first 64 are kept, and the rest is dropped.
 *   - Stop words get no token; they are compared before stemming.
 * Sentences end at . ! ? (and their kin in other scripts) before white space and a capital, a digit, a quote or a
 * letter of a script without case, and at blank lines; a full stop behind a single letter ("U.S.", initials) or a title
 * ("Mr.", "Sen.") ends none. Closing quotes and brackets may stand behind the stop, brackets and dashes before the
 * capital.
 *
 * Thread rule: a list belongs to one thread; tokenizers are const and may be shared.
 */
#ifndef NV_DATA_TOKENIZE_H
#define NV_DATA_TOKENIZE_H

#include "base/option.h"
#include "base/str.h"

#define NV_TOKEN_CODE_POINTS 64

typedef struct nv_token {
	uint64_t hash;
	uint32_t start, len; /* bytes, in list->text */
} nv_token;

typedef struct nv_token_list {
	nv_buf text;     /* the tokens' folded bytes, one behind the other; a tag's tokens share theirs */
	nv_token *token; /* [n]: the title's, then the text's */
	size_t n, cap;
	size_t n_title; /* of these, the title's */
	/* [n_sentence] first token of each sentence; the title is a sentence of its own when it has tokens */
	uint32_t *sentence;
	size_t n_sentence, cap_sentence;
	uint64_t ill_formed;        /* bytes */
	nv_buf run;                 /* working memory: a stretch of text that is not ASCII, folded */
	struct nv_stemmer *stemmer; /* working memory: the tokenizer's stemmer, this thread's */
} nv_token_list;

typedef struct nv_token_options {
	char stemmer[NV_OPTION_TEXT_MAX];   /* a Snowball stemmer's name, or "off" */
	char stopwords[NV_OPTION_TEXT_MAX]; /* a file of words, one a line, or "off" */
} nv_token_options;
extern const nv_option_row nv_token_rows[];
extern const size_t nv_n_token_rows;

/* What the options mean: the stemmer's name checked (NV_E_USAGE), the stop words read (NV_E_INPUT); const while in use.
 * Stop words are kept inside a model, so a model needs no file: nv_tokenizer_stopwords gives them as text, folded, one
 * a line, and _new takes that text (NULL: read the file; an empty text: no stop words). */
typedef struct nv_tokenizer nv_tokenizer;
int nv_tokenizer_new(nv_tokenizer **tokenizer, const nv_token_options *options, const nv_str *stopwords, nv_error *err);
void nv_tokenizer_free(nv_tokenizer *tokenizer);
nv_str nv_tokenizer_stopwords(const nv_tokenizer *tokenizer); /* the tokenizer's memory; "" if none */

void nv_token_list_init(nv_token_list *list);
void nv_token_list_release(nv_token_list *list);

/* Replaces what list holds. Fails for memory alone (the list is then empty), and with NV_E_RECORD for more than 2^31
 * bytes. */
int nv_tokenize(const nv_tokenizer *tokenizer, nv_str title, nv_str text, nv_token_list *list, nv_error *err);

#endif
