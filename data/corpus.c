/* SPDX-License-Identifier: Apache-2.0 */
#include "data/corpus.h"

#include "base/alloc.h"
#include "data/corpus_store.h"

#include <string.h>

#define AHEAD 32 /* lookups between a prefetch and its use */
#define FIRST_SLOTS 4096

static nv_word_slot *new_slots(size_t n)
{
	nv_word_slot *slot = nv_alloc(n, sizeof *slot);
	if (slot)
		memset(slot, 0xFF, n * sizeof *slot); /* every id NV_NO_TERM */
	return slot;
}

int nv_corpus_new(nv_corpus **out, nv_error *err)
{
	nv_corpus *corpus = nv_alloc_zero(1, sizeof *corpus);
	if (!corpus)
		return nv_fail_memory(err);
	corpus->slot = new_slots(FIRST_SLOTS);
	corpus->mask = FIRST_SLOTS - 1;
	if (!corpus->slot || !nv_grow(&corpus->text_start, &corpus->cap_text_start, 1, sizeof *corpus->text_start) ||
	    !nv_grow(&corpus->token, &corpus->cap_token, 1, sizeof *corpus->token) ||
	    !nv_grow(&corpus->article, &corpus->cap_article, 1, sizeof *corpus->article)) {
		nv_corpus_free(corpus);
		return nv_fail_memory(err);
	}
	corpus->text_start[0] = 0;
	corpus->article[0] = (nv_corpus_article){0, 0};
	*out = corpus;
	return 0;
}

void nv_corpus_free(nv_corpus *corpus)
{
	if (!corpus)
		return;
	nv_free(corpus->hash);
	nv_free(corpus->text_start);
	nv_buf_release(&corpus->text);
	nv_free(corpus->slot);
	nv_free(corpus->token);
	nv_free(corpus->article);
	nv_free(corpus);
}

static uint64_t find_slot(const nv_corpus *corpus, uint64_t hash)
{
	uint64_t i = hash & corpus->mask;
	while (corpus->slot[i].id != NV_NO_TERM && corpus->slot[i].hash != hash)
		i = (i + 1) & corpus->mask;
	return i;
}

/* Twice the slots once half are in use. */
static bool grow_slots(nv_corpus *corpus)
{
	size_t size = (size_t)corpus->mask + 1;
	if (corpus->n_word * 2 < size)
		return true;
	nv_word_slot *slot = new_slots(size * 2);
	if (!slot)
		return false;
	nv_free(corpus->slot);
	corpus->slot = slot;
	corpus->mask = size * 2 - 1;
	for (size_t i = 0; i < corpus->n_word; i++)
		slot[find_slot(corpus, corpus->hash[i])] = (nv_word_slot){corpus->hash[i], (uint32_t)i, 0};
	return true;
}

/* NV_NO_TERM: out of memory, or too many words. */
static uint32_t add_word(nv_corpus *corpus, uint64_t hash, nv_str word)
{
	if (corpus->n_word >= NV_MAX_TERM || !grow_slots(corpus) ||
	    !nv_grow(&corpus->hash, &corpus->cap_hash, corpus->n_word + 1, sizeof *corpus->hash) ||
	    !nv_grow(&corpus->text_start, &corpus->cap_text_start, corpus->n_word + 2, sizeof *corpus->text_start) ||
	    !nv_buf_reserve(&corpus->text, word.len))
		return NV_NO_TERM;
	uint32_t id = (uint32_t)corpus->n_word++;
	nv_buf_add(&corpus->text, word.ptr, word.len);
	corpus->hash[id] = hash;
	corpus->text_start[id + 1] = corpus->text.len;
	corpus->slot[find_slot(corpus, hash)] = (nv_word_slot){hash, id, 0};
	return id;
}

static bool add_tokens(nv_corpus *corpus, const nv_token_list *tokens)
{
	for (size_t i = 0; i < tokens->n; i++) {
		const nv_token *token = &tokens->token[i];
		if (i + AHEAD < tokens->n)
			__builtin_prefetch(&corpus->slot[token[AHEAD].hash & corpus->mask]);
		uint32_t id = corpus->slot[find_slot(corpus, token->hash)].id;
		if (id == NV_NO_TERM)
			id = add_word(corpus, token->hash, (nv_str){tokens->text.ptr + token->start, token->len});
		if (id == NV_NO_TERM)
			return false;
		corpus->token[corpus->n_token + i] = id;
	}
	return true;
}

int nv_corpus_add(nv_corpus *corpus, const nv_token_list *tokens, nv_error *err)
{
	size_t need;
	if (corpus->n_article >= NV_NO_TERM - 1)
		return nv_fail(err, NV_E_INPUT, "there are more than 2^32 articles");
	if (!nv_add_size(corpus->n_token, tokens->n, &need) ||
	    !nv_grow(&corpus->token, &corpus->cap_token, need, sizeof *corpus->token) ||
	    !nv_grow(&corpus->article, &corpus->cap_article, corpus->n_article + 2, sizeof *corpus->article) ||
	    !add_tokens(corpus, tokens))
		return nv_fail_memory(err);
	for (size_t k = 0; k < tokens->n_sentence; k++) {
		if (tokens->sentence[k] < tokens->n)
			corpus->token[corpus->n_token + tokens->sentence[k]] |= NV_SENTENCE_BIT;
	}
	corpus->article[corpus->n_article++].n_title = (uint32_t)tokens->n_title;
	corpus->n_token = need;
	corpus->article[corpus->n_article] = (nv_corpus_article){need, 0};
	return 0;
}

/* ---- Documents ---- */

void nv_document_init(nv_document *document)
{
	*document = (nv_document){0};
}

void nv_document_release(nv_document *document)
{
	if (!document)
		return;
	nv_free(document->word);
	nv_free(document->sentence);
	nv_document_init(document);
}

int nv_corpus_word_map(const nv_corpus *corpus, const nv_vocab *vocab, uint32_t **out, nv_error *err)
{
	nv_token *token = nv_alloc(1024, sizeof *token); /* nv_vocab_words looks at the hashes alone */
	uint32_t *map = nv_alloc(corpus->n_word, sizeof *map);
	if (!token || !map) {
		nv_free(token);
		nv_free(map);
		return nv_fail_memory(err);
	}
	for (size_t start = 0; start < corpus->n_word; start += 1024) {
		size_t n = corpus->n_word - start < 1024 ? corpus->n_word - start : 1024;
		for (size_t i = 0; i < n; i++)
			token[i] = (nv_token){corpus->hash[start + i], 0, 0};
		nv_vocab_words(vocab, token, n, map + start);
	}
	nv_free(token);
	*out = map;
	return 0;
}

static bool reserve_document(nv_document *d, size_t n, size_t n_sentence)
{
	return nv_grow(&d->word, &d->cap, n + 1, sizeof *d->word) &&
	       nv_grow(&d->sentence, &d->cap_sentence, n_sentence + 1, sizeof *d->sentence);
}

static size_t count_sentences(const uint32_t *token, size_t n)
{
	size_t n_sentence = 0;
	for (size_t i = 0; i < n; i++)
		n_sentence += token[i] >> 31;
	return n_sentence;
}

int nv_corpus_document(const nv_corpus *corpus, size_t article, const uint32_t *word_map, nv_document *d, nv_error *err)
{
	const nv_corpus_article *a = &corpus->article[article];
	const uint32_t *token = corpus->token + a->start;
	size_t n = a[1].start - a->start;
	if (!reserve_document(d, n, count_sentences(token, n)))
		return nv_fail_memory(err);
	d->n = n;
	d->n_title = a->n_title;
	d->n_sentence = 0;
	for (size_t i = 0; i < n; i++) {
		if (token[i] & NV_SENTENCE_BIT)
			d->sentence[d->n_sentence++] = (uint32_t)i;
		d->word[i] = word_map[token[i] & NV_WORD_BITS];
	}
	return 0;
}

int nv_document_from_tokens(nv_document *d, const nv_vocab *vocab, const nv_token_list *tokens, nv_error *err)
{
	if (!reserve_document(d, tokens->n, tokens->n_sentence))
		return nv_fail_memory(err);
	d->n = tokens->n;
	d->n_title = tokens->n_title;
	d->n_sentence = tokens->n_sentence;
	if (tokens->n_sentence > 0)
		memcpy(d->sentence, tokens->sentence, tokens->n_sentence * sizeof *d->sentence);
	nv_vocab_words(vocab, tokens->token, tokens->n, d->word);
	return 0;
}
