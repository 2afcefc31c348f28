/* SPDX-License-Identifier: Apache-2.0 */
#include "data/features.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "data/utf8.h"

#include <string.h>

void nv_subword_list_init(nv_subword_list *list)
{
	*list = (nv_subword_list){0};
}

void nv_subword_list_release(nv_subword_list *list)
{
	if (!list)
		return;
	nv_free(list->gram);
	nv_subword_list_init(list);
}

/* "<w>" with the byte where each code point starts. */
typedef struct marked {
	char text[4 * NV_TOKEN_CODE_POINTS + 2];
	size_t start[NV_TOKEN_CODE_POINTS + 3]; /* [n + 1] */
	size_t n;
} marked;

static bool is_ascii(nv_str word)
{
	unsigned char all = 0;
	for (size_t i = 0; i < word.len; i++)
		all |= (unsigned char)word.ptr[i];
	return all < 0x80;
}

/* In ASCII a code point is a byte. */
static size_t mark_ascii(nv_str word, marked *out)
{
	size_t len = word.len < NV_TOKEN_CODE_POINTS ? word.len : NV_TOKEN_CODE_POINTS;
	if (len > 0)
		memcpy(out->text + 1, word.ptr, len);
	out->n = len + 1;
	for (size_t i = 0; i <= len; i++)
		out->start[i] = i;
	return len + 1;
}

static size_t mark_any(nv_str word, marked *out)
{
	const unsigned char *p = (const unsigned char *)word.ptr;
	size_t at = 1, done = 0;
	out->start[0] = 0;
	out->n = 1;
	while (done < word.len && out->n <= NV_TOKEN_CODE_POINTS) {
		uint32_t c;
		bool bad = false;
		done += nv_utf8_decode(p + done, word.len - done, &c, &bad);
		out->start[out->n++] = at;
		at += nv_utf8_encode(c, out->text + at);
	}
	return at;
}

static void mark(nv_str word, marked *out)
{
	size_t at = is_ascii(word) ? mark_ascii(word, out) : mark_any(word, out);
	out->text[0] = '<';
	out->start[out->n++] = at;
	out->text[at++] = '>';
	out->start[out->n] = at;
}

/* Keeps the first of equal n-grams of list[first ..]. Words are short: looking through the list is quicker than a table. */
static void drop_repeated(nv_subword_list *list, size_t first)
{
	size_t n = first;
	for (size_t k = first; k < list->n; k++) {
		size_t i = first;
		while (i < n && list->gram[i] != list->gram[k])
			i++;
		list->gram[n] = list->gram[k];
		n += i == n;
	}
	list->n = n;
}

/* 4,096 bits, by which most words are known to have no n-gram twice, without a branch for each n-gram. */
typedef struct seen_bits {
	uint64_t word[64], twice; /* twice: 1 if two n-grams had the same bit */
} seen_bits;

static inline void see(seen_bits *seen, uint64_t gram)
{
	uint64_t *word = &seen->word[gram >> 58], bit = gram >> 52 & 63;
	seen->twice |= *word >> bit & 1;
	*word |= UINT64_C(1) << bit;
}

int nv_subwords_of(nv_str word, nv_range range, nv_subword_list *list, nv_error *err)
{
	marked m;
	seen_bits seen = {0};
	const size_t first = list->n, shortest = range.low > 0 ? (size_t)range.low : 1;
	mark(word, &m);
	for (size_t len = shortest; (int64_t)len <= range.high && len <= m.n; len++) {
		size_t n_gram = m.n - len + 1;
		if (!nv_grow(&list->gram, &list->cap, list->n + n_gram, sizeof *list->gram))
			return nv_fail_memory(err);
		uint64_t *gram = list->gram + list->n;
		for (size_t i = 0; i < n_gram; i++) {
			uint64_t hash = nv_hash(m.text + m.start[i], m.start[i + len] - m.start[i]);
			gram[i] = hash ? hash : 1;
			see(&seen, gram[i]);
		}
		list->n += n_gram;
	}
	if (seen.twice)
		drop_repeated(list, first);
	return 0;
}
