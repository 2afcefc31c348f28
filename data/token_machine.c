/* SPDX-License-Identifier: Apache-2.0 */
#include "data/token_machine.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "data/bytes.h"
#include "data/stem.h"
#include "data/utf8.h"

#include <string.h>

bool nv_token_room(nv_token_machine *m, size_t more)
{
	size_t need;
	if (!nv_add_size(more, NV_TOKEN_ROOM, &need) || !nv_buf_reserve(&m->list->text, need))
		m->failed = NV_E_MEMORY;
	else if (m->list->text.len + more > UINT32_C(1) << 31)
		m->failed = NV_E_RECORD;
	m->end = m->list->text.len + more;
	return m->failed == 0;
}

/* Length of the first NV_TOKEN_CODE_POINTS code points. */
static size_t cut(const unsigned char *word, size_t len)
{
	size_t n = 0, i = 0;
	for (; i < len; i++) {
		if ((word[i] & 0xC0) != 0x80 && n++ == NV_TOKEN_CODE_POINTS)
			break;
	}
	return i;
}

static void begin_sentence(nv_token_machine *m)
{
	nv_token_list *list = m->list;
	m->new_sentence = false;
	if ((m->title && list->n > 0) || (list->n_sentence > 0 && list->sentence[list->n_sentence - 1] == list->n))
		return;
	if (!nv_grow(&list->sentence, &list->cap_sentence, list->n_sentence + 1, sizeof *list->sentence))
		m->failed = NV_E_MEMORY;
	else
		list->sentence[list->n_sentence++] = (uint32_t)list->n;
}

/* Replaces the word at the text's end by its stem; returns the stem's length. Turkish stems may be longer than their words,
 * and what is still to be read needs its room behind them. */
static size_t stem(nv_token_machine *m, size_t len)
{
	const unsigned char *out = nv_token_out(m);
	nv_str stem = nv_stem(m->list->stemmer, (nv_str){(const char *)out, len});
	if (!stem.ptr) {
		m->failed = NV_E_MEMORY;
		return len;
	}
	if (stem.len == 0 || (stem.len > len && !nv_token_room(m, m->end - m->list->text.len + stem.len - len)))
		return len;
	memcpy(nv_token_out(m), stem.ptr, stem.len);
	return stem.len;
}

static void add_token(nv_token_machine *m, uint64_t hash, size_t start, size_t len)
{
	nv_token_list *list = m->list;
	if (m->new_sentence)
		begin_sentence(m);
	if (list->n == list->cap && !nv_grow(&list->token, &list->cap, list->n + 1, sizeof *list->token)) {
		m->failed = NV_E_MEMORY;
		return;
	}
	list->token[list->n++] = (nv_token){hash, (uint32_t)start, (uint32_t)len};
}

/* The len bytes at out, the text's end; behind a mark that word, and then the mark and it as another token of the same bytes. The mark's own byte
 * in the article makes room for it. */
static void add_word(nv_token_machine *m, unsigned char mark, unsigned char *out, uint64_t hash, size_t len)
{
	size_t start = m->list->text.len;
	if (mark) {
		memmove(out + 1, out, len);
		out[0] = mark;
		m->word = start + 1;
		add_token(m, hash, start + 1, len);
		hash = nv_hash(out, ++len);
	}
	add_token(m, hash, start, len);
	m->list->text.len += len;
}

/* What is behind the last word, at the start of the next. */
static void see_word(nv_token_machine *m, bool may_begin)
{
	if (m->stop == NV_STOP_SPACED && may_begin)
		m->new_sentence = true;
	m->stop = NV_STOP_NONE;
}

bool nv_token_settle(nv_token_machine *m, bool may_begin)
{
	see_word(m, may_begin);
	if (m->new_sentence)
		begin_sentence(m);
	return m->failed == 0;
}

void nv_token_emit(nv_token_machine *m, unsigned char *out, size_t len, bool may_begin)
{
	if (len > 2 && out[len - 1] == 's' && out[len - 2] == '\'')
		len -= 2;
	if (len > NV_TOKEN_CODE_POINTS)
		len = cut(out, len);
	see_word(m, may_begin);
	m->lines = 0;
	m->behind_word = true;
	unsigned char mark = m->mark;
	m->mark = 0;
	m->word = m->list->text.len;
	m->word_len = len;
	uint64_t hash = nv_hash(out, len);
	if (nv_tokenizer_stops(m->tokenizer, hash))
		return;
	if (m->list->stemmer) {
		len = stem(m, len);
		out = nv_token_out(m);
		hash = nv_hash(out, len);
	}
	add_word(m, mark, out, hash, len);
}

/* ---- Sentence ends ---- */

static bool is_abbreviation(const unsigned char *word, size_t len)
{
	static const struct {
		unsigned char len;
		char text[7];
	} known[] = {{2, "mr"},  {3, "mrs"}, {2, "ms"}, {2, "dr"},  {4, "prof"}, {3, "sen"}, {3, "rep"}, {3, "gov"},
	             {3, "gen"}, {3, "col"}, {2, "lt"}, {3, "sgt"}, {4, "capt"}, {2, "st"},  {2, "vs"},  {6, "messrs"}};
	if (len == 1)
		return nv_byte_is_letter(word[0]);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (known[i].len == len && known[i].text[0] == (char)word[0] && memcmp(known[i].text, word, len) == 0)
			return true;
	}
	return false;
}

void nv_token_see_stop(nv_token_machine *m, bool period)
{
	bool abbreviated =
		period && m->behind_word && is_abbreviation((const unsigned char *)m->list->text.ptr + m->word, m->word_len);
	m->stop = abbreviated ? NV_STOP_NONE : NV_STOP_SEEN;
	m->behind_word = false;
	m->lines = 0;
}
