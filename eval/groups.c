/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/groups.h"

#include "base/alloc.h"
#include "base/parallel.h"
#include "data/boilerplate.h"
#include "data/duplicates.h"

#include <stdlib.h>
#include <string.h>

enum { NV_SIGNATURES_A_JOB = 32 };

typedef struct nv_signing {
	const nv_article *article;
	size_t n;
	const nv_tokenizer *tokenizer;
	bool strip;
	nv_token_list *tokens; /* [n_thread] */
	nv_buf (*buf)[2];      /* [n_thread] title and text */
	uint32_t (*signature)[NV_N_MINHASH];
} nv_signing;

static int sign(nv_signing *signing, size_t i, size_t worker, nv_error *err)
{
	nv_str title = signing->article[i].title, text = signing->article[i].text;
	nv_buf *buf = signing->buf[worker];
	if (signing->strip) {
		if (!nv_boilerplate_strip(title, text, &buf[0], &buf[1]))
			return nv_fail_memory(err);
		title = (nv_str){buf[0].ptr, buf[0].len};
		text = (nv_str){buf[1].ptr, buf[1].len};
	}
	int code = nv_tokenize(signing->tokenizer, title, text, &signing->tokens[worker], err);
	if (code == NV_OK)
		nv_minhash(&signing->tokens[worker], signing->signature[i]);
	return code;
}

static int sign_some(void *context, size_t item, size_t worker, nv_error *err)
{
	nv_signing *signing = context;
	int code = NV_OK;
	for (size_t i = item * NV_SIGNATURES_A_JOB; code == NV_OK && i < signing->n && i < (item + 1) * NV_SIGNATURES_A_JOB;
	     i++)
		code = sign(signing, i, worker, err);
	return code;
}

static int sign_all(nv_signing *signing, size_t n_thread, nv_error *err)
{
	signing->tokens = nv_alloc_zero(n_thread, sizeof *signing->tokens);
	signing->buf = nv_alloc_zero(n_thread, sizeof *signing->buf);
	int code = signing->tokens && signing->buf ? NV_OK : nv_fail_memory(err);
	for (size_t i = 0; code == NV_OK && i < n_thread; i++)
		nv_token_list_init(&signing->tokens[i]);
	if (code == NV_OK)
		code = nv_parallel_for(n_thread, (signing->n + NV_SIGNATURES_A_JOB - 1) / NV_SIGNATURES_A_JOB, sign_some,
		                       signing, err);
	for (size_t i = 0; signing->tokens && signing->buf && i < n_thread; i++) {
		nv_token_list_release(&signing->tokens[i]);
		nv_buf_release(&signing->buf[i][0]);
		nv_buf_release(&signing->buf[i][1]);
	}
	nv_free(signing->buf);
	nv_free(signing->tokens);
	return code;
}

int nv_near_groups(const nv_article *article, size_t n, const nv_train_options *train, size_t n_thread, uint32_t *near,
                   nv_error *err)
{
	nv_tokenizer *tokenizer = NULL;
	nv_signing signing = {.article = article, .n = n, .strip = train->strip_boilerplate};
	signing.signature = nv_alloc(n, sizeof *signing.signature);
	int code = signing.signature ? nv_tokenizer_new(&tokenizer, &train->token, NULL, err) : nv_fail_memory(err);
	signing.tokenizer = tokenizer;
	if (code == NV_OK)
		code = sign_all(&signing, n_thread, err);
	if (code == NV_OK)
		code = nv_near_duplicates(n, (const uint32_t(*)[NV_N_MINHASH])signing.signature, near, err);
	nv_tokenizer_free(tokenizer);
	nv_free(signing.signature);
	return code;
}

/* ---- Groups by a field ---- */

typedef struct nv_valued {
	nv_str value;
	uint32_t article;
} nv_valued;

static int by_value(const void *a, const void *b)
{
	const nv_valued *x = a, *y = b;
	int order = nv_str_cmp(x->value, y->value);
	return order ? order : x->article < y->article ? -1 : x->article > y->article;
}

/* The value that names the group: the basic fields can name groups too. */
static nv_str group_value(const nv_article *article, const char *name)
{
	if (strcmp(name, "source") == 0)
		return article->source;
	if (strcmp(name, "date") == 0)
		return article->date;
	const nv_field *field = nv_article_field(article, name);
	return field && field->n_value > 0 ? field->value[0] : (nv_str){NULL, 0};
}

int nv_field_groups(const nv_article *article, size_t n, const char *field, uint32_t *group, size_t *n_without,
                    nv_error *err)
{
	size_t n_valued = 0;
	*n_without = 0;
	nv_valued *valued = nv_alloc(n, sizeof *valued);
	if (!valued)
		return nv_fail_memory(err);
	for (size_t i = 0; i < n; i++) {
		nv_str value = group_value(&article[i], field);
		group[i] = (uint32_t)i;
		if (value.len > 0)
			valued[n_valued++] = (nv_valued){value, (uint32_t)i};
	}
	*n_without = n - n_valued;
	qsort(valued, n_valued, sizeof *valued, by_value);
	for (size_t i = 1; i < n_valued; i++)
		if (nv_str_eq(valued[i].value, valued[i - 1].value))
			group[valued[i].article] = group[valued[i - 1].article];
	nv_free(valued);
	return n_valued > 0 ? (int)NV_OK
	                    : nv_fail(err, NV_E_USAGE, "--group-by: no article has a field \"%s\" with a value", field);
}

/* ---- Near-duplicates on both sides ---- */

int nv_parted_duplicates(const uint32_t *near, const uint32_t *fold, size_t n, nv_arena *arena, nv_overlap *overlap,
                         nv_error *err)
{
	/* near[i] is the first member of i's group, so its fold is what the others are compared with. */
	bool *parted = nv_alloc_zero(n, sizeof *parted);
	overlap->article = nv_arena_alloc(arena, n + 1, sizeof *overlap->article);
	overlap->checked = true;
	overlap->n = 0;
	if (!parted || !overlap->article) {
		nv_free(parted);
		return nv_fail_memory(err);
	}
	for (size_t i = 0; i < n; i++)
		parted[near[i]] |= fold[i] != fold[near[i]];
	for (size_t i = 0; i < n; i++)
		if (parted[near[i]])
			overlap->article[overlap->n++] = (uint32_t)i;
	nv_free(parted);
	return NV_OK;
}
