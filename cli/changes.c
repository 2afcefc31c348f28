/* SPDX-License-Identifier: Apache-2.0
 *
 * Options inside the value of an option: "--algorithm nb --ngrams 1".
 */
#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "cli/cli.h"

#include <string.h>

enum { NV_LONGEST_NAME = 64 };

/* What is being read, word by word. */
typedef struct nv_words {
	const char *option; /* that text is the value of */
	const char *at;
	nv_buf word; /* the one read last */
} nv_words;

/* 1 and the next word, 0 at the end. Quotes join what they hold and are left out. */
static int next_word(nv_words *words, nv_error *err)
{
	char quote = '\0';
	words->at += strspn(words->at, " \t\n");
	nv_buf_clear(&words->word);
	if (!*words->at)
		return 0;
	for (; *words->at && (quote || !strchr(" \t\n", *words->at)); words->at++) {
		if (*words->at == quote)
			quote = '\0';
		else if (!quote && (*words->at == '\'' || *words->at == '"'))
			quote = *words->at;
		else
			nv_buf_add_char(&words->word, *words->at);
	}
	if (quote)
		return nv_fail(err, NV_E_USAGE, "--%s: the quote %c is not closed", words->option, quote);
	nv_buf_cstr(&words->word);
	return words->word.failed ? nv_fail_memory(err) : 1;
}

/* An option that makes another model of the same articles and folds. */
static bool changes_training(const nv_option_info *info)
{
	const unsigned elsewhere = NV_COMMAND_CLASSIFY | NV_COMMAND_EVAL;
	return (info->commands & NV_COMMAND_TRAIN) && !(info->commands & elsewhere) && strcmp(info->name, "group-by") != 0;
}

static int find_option(const nv_words *words, const char *name, nv_option_info *info, nv_error *err)
{
	for (size_t i = 0; nv_option_describe(i, info); i++) {
		if (strcmp(info->name, name) != 0)
			continue;
		if (changes_training(info))
			return NV_OK;
		return nv_fail(err, NV_E_USAGE, "--%s: --%s holds for both models; only options of training can differ",
		               words->option, name);
	}
	return nv_fail(err, NV_E_USAGE, "--%s: unknown option --%s", words->option, name);
}

static int set(nv_options *options, const nv_words *words, const char *name, const char *value, nv_error *err)
{
	nv_error cause = {0};
	if (nv_options_set(options, name, value, &cause) == NV_OK)
		return NV_OK;
	return nv_fail(err, cause.code, "--%s: %s", words->option, cause.message);
}

/* The option in words->word, its value behind '=' or in the next word. */
static int take_option(nv_options *options, nv_words *words, nv_error *err)
{
	char name[NV_LONGEST_NAME];
	nv_option_info info;
	const char *word = nv_buf_cstr(&words->word);
	if (strncmp(word, "--", 2) != 0)
		return nv_fail(err, NV_E_USAGE, "--%s: \"%s\" is no option (options begin with --)", words->option, word);
	size_t len = strcspn(word + 2, "=");
	if (len >= sizeof name)
		return nv_fail(err, NV_E_USAGE, "--%s: unknown option %.60s…", words->option, word);
	memcpy(name, word + 2, len);
	name[len] = '\0';
	int code = find_option(words, name, &info, err);
	if (code != NV_OK)
		return code;
	if (word[2 + len] == '=')
		return set(options, words, name, word + 2 + len + 1, err);
	if (!info.value)
		return set(options, words, name, "yes", err);
	code = next_word(words, err);
	if (code == 0)
		return nv_fail(err, NV_E_USAGE, "--%s: --%s needs a value", words->option, name);
	return code < 0 ? code : set(options, words, name, nv_buf_cstr(&words->word), err);
}

int nv_cli_parse_changes(nv_options *options, const char *option, const char *text, nv_error *err)
{
	nv_words words = {option, text, NV_BUF_INIT};
	size_t n = 0;
	int code;
	while ((code = next_word(&words, err)) == 1) {
		code = take_option(options, &words, err);
		if (code != NV_OK)
			break;
		n++;
	}
	if (code == NV_OK && n == 0)
		code = nv_fail(err, NV_E_USAGE, "--%s names no option of training", option);
	nv_buf_release(&words.word);
	return code;
}
