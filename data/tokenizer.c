/* SPDX-License-Identifier: Apache-2.0 */
#include "data/tokenizer.h"

#include "base/alloc.h"
#include "base/file.h"
#include "data/stem.h"

#include <stddef.h>
#include <string.h>

#define STOPWORD_FILE_MAX ((size_t)16 << 20)

const nv_option_row nv_token_rows[] = {
	{.name = "stemmer",
     .group = "Features",
     .type = NV_OPTION_TEXT,
     .offset = offsetof(nv_token_options, stemmer),
     .choices = "NAME|off",
     .initial = "off",
     .help = "Reduce words to stems by Snowball's stemmer of that language.",
     .commands = NV_COMMAND_TRAIN | NV_COMMAND_CROSSVAL,
     .in_model = true},
	{.name = "stopwords",
     .group = "Features",
     .type = NV_OPTION_TEXT,
     .offset = offsetof(nv_token_options, stopwords),
     .choices = "FILE|off",
     .initial = "off",
     .help = "Leave out the words of this file, one a line.",
     .commands = NV_COMMAND_TRAIN | NV_COMMAND_CROSSVAL,
     .in_model = true},
};
const size_t nv_n_token_rows = sizeof nv_token_rows / sizeof *nv_token_rows;

static bool is_set(const char *value)
{
	return value[0] != '\0' && strcmp(value, "off") != 0;
}

static int set_stemmer(nv_tokenizer *tokenizer, const char *name, nv_error *err)
{
	if (!is_set(name))
		return 0;
	if (nv_stemmer_known(name)) {
		memcpy(tokenizer->stemmer, name, strlen(name) + 1);
		return 0;
	}
	nv_buf names = NV_BUF_INIT;
	nv_stemmer_names(&names);
	int code = nv_fail(err, NV_E_USAGE, "no stemmer is named \"%.40s\"; there are: %s, off", name, nv_buf_cstr(&names));
	nv_buf_release(&names);
	return code;
}

/* Each token of the text becomes a stop word; a word that comes again is left out. */
static int fill_stopwords(nv_tokenizer *tokenizer, const nv_token_list *words, nv_error *err)
{
	size_t size = 16;
	while (size < 2 * words->n)
		size *= 2;
	uint64_t *slot = nv_alloc_zero(size, sizeof *slot);
	if (!slot)
		return nv_fail_memory(err);
	tokenizer->stop_slot = slot;
	tokenizer->stop_mask = size - 1;
	for (size_t i = 0; i < words->n; i++) {
		const nv_token *word = &words->token[i];
		if (nv_tokenizer_stops(tokenizer, word->hash))
			continue;
		uint64_t at = word->hash & tokenizer->stop_mask;
		while (slot[at])
			at = (at + 1) & tokenizer->stop_mask;
		slot[at] = word->hash;
		nv_buf_add(&tokenizer->stopwords, words->text.ptr + word->start, word->len);
		nv_buf_add_char(&tokenizer->stopwords, '\n');
	}
	return tokenizer->stopwords.failed ? nv_fail_memory(err) : 0;
}

/* The words go through a tokenizer without stemmer and stop words, so that they meet an article's words in the same
 * form. */
static int add_stopwords(nv_tokenizer *tokenizer, nv_str text, nv_error *err)
{
	const nv_tokenizer plain = {.stemmer = ""};
	nv_token_list words;
	nv_token_list_init(&words);
	int code = nv_tokenize(&plain, nv_str_of(NULL), text, &words, err);
	if (code == 0 && words.n > 0)
		code = fill_stopwords(tokenizer, &words, err);
	nv_token_list_release(&words);
	return code;
}

static int read_stopwords(nv_tokenizer *tokenizer, const char *path, nv_error *err)
{
	if (!is_set(path))
		return 0;
	nv_buf text = NV_BUF_INIT;
	int code = nv_file_read(path, STOPWORD_FILE_MAX, &text, err);
	if (code == 0)
		code = add_stopwords(tokenizer, (nv_str){text.ptr, text.len}, err);
	nv_buf_release(&text);
	return code;
}

int nv_tokenizer_new(nv_tokenizer **out, const nv_token_options *options, const nv_str *stopwords, nv_error *err)
{
	nv_tokenizer *tokenizer = nv_alloc_zero(1, sizeof *tokenizer);
	if (!tokenizer)
		return nv_fail_memory(err);
	int code = set_stemmer(tokenizer, options->stemmer, err);
	if (code == 0)
		code =
			stopwords ? add_stopwords(tokenizer, *stopwords, err) : read_stopwords(tokenizer, options->stopwords, err);
	if (code == 0)
		*out = tokenizer;
	else
		nv_tokenizer_free(tokenizer);
	return code;
}

void nv_tokenizer_free(nv_tokenizer *tokenizer)
{
	if (!tokenizer)
		return;
	nv_buf_release(&tokenizer->stopwords);
	nv_free(tokenizer->stop_slot);
	nv_free(tokenizer);
}

nv_str nv_tokenizer_stopwords(const nv_tokenizer *tokenizer)
{
	return (nv_str){tokenizer->stopwords.ptr, tokenizer->stopwords.len};
}
