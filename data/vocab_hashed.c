/* SPDX-License-Identifier: Apache-2.0 */
#include "data/vocab_hashed.h"

#include "base/alloc.h"

#include <string.h>

static void count_bucket(uint32_t *df, uint32_t *last, const uint32_t *bucket, size_t n, uint32_t row)
{
	for (size_t i = 0; i < n; i++) {
		df[bucket[i]] += last[bucket[i]] != row;
		last[bucket[i]] = row;
	}
}

typedef struct hashing {
	const nv_vocab *vocab;
	uint32_t *word_map, *df, *last;
	uint32_t *gram;
	size_t cap_gram;
	nv_document document;
} hashing;

static bool count_stretch(hashing *h, const uint32_t *word, size_t n, uint32_t row)
{
	if (!nv_grow(&h->gram, &h->cap_gram, n + 1, sizeof *h->gram))
		return false;
	if (h->vocab->min_n == 1)
		count_bucket(h->df, h->last, word, n, row);
	memcpy(h->gram, word, n * sizeof *word);
	for (size_t len = 2; len <= h->vocab->max_n && len <= n; len++) {
		nv_vocab_extend(h->vocab, word + len - 1, n - len + 1, h->gram);
		if (len >= h->vocab->min_n)
			count_bucket(h->df, h->last, h->gram, n - len + 1, row);
	}
	return true;
}

static int count_hashed(const nv_corpus *corpus, const uint32_t *rows, size_t n_row, hashing *h, nv_error *err)
{
	int code = nv_corpus_word_map(corpus, h->vocab, &h->word_map, err);
	for (size_t row = 0; code == 0 && row < n_row; row++) {
		nv_document *d = &h->document;
		code = nv_corpus_document(corpus, rows ? rows[row] : row, h->word_map, d, err);
		if (code == 0 && (!count_stretch(h, d->word, d->n_title, (uint32_t)row) ||
		                  !count_stretch(h, d->word + d->n_title, d->n - d->n_title, (uint32_t)row)))
			code = nv_fail_memory(err);
	}
	return code;
}

int nv_vocab_count_hashed(const nv_corpus *corpus, const uint32_t *rows, size_t n_row, nv_vocab_owned *out,
                          nv_error *err)
{
	nv_vocab *v = &out->vocab;
	v->n_term = UINT32_C(1) << v->hash_bits;
	hashing h = {.vocab = v};
	out->memory = nv_alloc_aligned(v->n_term, sizeof *h.df);
	h.df = out->memory;
	h.last = nv_alloc(v->n_term, sizeof *h.last);
	int code;
	if (!h.df || !h.last) {
		code = nv_fail_memory(err);
	} else {
		memset(h.last, 0xFF, (size_t)v->n_term * sizeof *h.last);
		code = count_hashed(corpus, rows, n_row, &h, err);
	}
	v->df = h.df;
	nv_free(h.last);
	nv_free(h.word_map);
	nv_free(h.gram);
	nv_document_release(&h.document);
	return code;
}
