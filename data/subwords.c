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

/* Words are short: looking through the list is quicker than a table, and bits tell of most hashes that they are not in it. */
static void add_distinct(nv_subword_list *list, size_t first, uint64_t gram, uint64_t *seen)
{
	uint64_t bit = UINT64_C(1) << (gram >> 58);
	for (size_t i = *seen & bit ? first : list->n; i < list->n; i++) {
		if (list->gram[i] == gram)
			return;
	}
	*seen |= bit;
	list->gram[list->n++] = gram;
}

int nv_subwords_of(nv_str word, nv_range range, nv_subword_list *list, nv_error *err)
{
	marked m;
	size_t first = list->n;
	uint64_t seen = 0;
	mark(word, &m);
	for (int64_t len = range.low > 0 ? range.low : 1; len <= range.high && (size_t)len <= m.n; len++) {
		size_t n_gram = m.n - (size_t)len + 1;
		if (!nv_grow(&list->gram, &list->cap, list->n + n_gram, sizeof *list->gram))
			return nv_fail_memory(err);
		for (size_t i = 0; i < n_gram; i++) {
			uint64_t hash = nv_hash(m.text + m.start[i], m.start[i + (size_t)len] - m.start[i]);
			add_distinct(list, first, hash ? hash : 1, &seen);
		}
	}
	return 0;
}
