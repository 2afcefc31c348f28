/* SPDX-License-Identifier: Apache-2.0 */
#include "data/features.h"

#include "base/alloc.h"
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

static void mark(nv_str word, marked *out)
{
	const unsigned char *p = (const unsigned char *)word.ptr;
	size_t at = 1, done = 0;
	out->text[0] = '<';
	out->start[0] = 0;
	out->n = 1;
	while (done < word.len && out->n <= NV_TOKEN_CODE_POINTS) {
		uint32_t c;
		bool bad = false;
		done += nv_utf8_decode(p + done, word.len - done, &c, &bad);
		out->start[out->n++] = at;
		at += nv_utf8_encode(c, out->text + at);
	}
	out->start[out->n++] = at;
	out->text[at++] = '>';
	out->start[out->n] = at;
}

/* Words are short: looking through the list is quicker than a table. */
static void add_distinct(nv_subword_list *list, uint64_t gram)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->gram[i] == gram)
			return;
	}
	list->gram[list->n++] = gram;
}

int nv_subwords_of(nv_str word, nv_range range, nv_subword_list *list, nv_error *err)
{
	marked m;
	mark(word, &m);
	list->n = 0;
	for (int64_t len = range.low > 0 ? range.low : 1; len <= range.high && (size_t)len <= m.n; len++) {
		size_t n_gram = m.n - (size_t)len + 1;
		if (!nv_grow(&list->gram, &list->cap, list->n + n_gram, sizeof *list->gram))
			return nv_fail_memory(err);
		for (size_t i = 0; i < n_gram; i++) {
			uint64_t hash = nv_hash(m.text + m.start[i], m.start[i + (size_t)len] - m.start[i]);
			add_distinct(list, hash ? hash : 1);
		}
	}
	return 0;
}
