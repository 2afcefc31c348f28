/* SPDX-License-Identifier: Apache-2.0
 *
 * One pass over the raw bytes. ASCII words with plain gaps between them are cut by the bits of data/scan.h; all others
 * are classified and folded 16 bytes at a time into the list's text and hashed there; no folded copy of the whole is
 * made. A word that holds or touches something else (a byte that is not ASCII, a character reference) is taken back to
 * its start, and from there to the next ASCII white space the text is folded by nv_normalize and read by token_folded.c.
 * That stretch is closed under normalisation: nothing composes across ASCII white space but a mark with the blank before
 * it, and a mark alone is no token. The commonest characters beyond ASCII in English text, curly quotes, dashes and the
 * no-break space, are handled here where they change nothing but the gap or join as an apostrophe.
 */
#include "data/tokenize.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "data/bytes.h"
#include "data/bytes_16.h"
#include "data/entities.h"
#include "data/normalize.h"
#include "data/scan.h"
#include "data/stem.h"
#include "data/token_machine.h"
#include "data/utf8.h"

#include <string.h>

typedef const unsigned char *bytes;

/* ---- Words ---- */

#ifdef __SSE2__
/* Bit i: byte i of the 16 at p is a word character; their folded form to out. */
static inline unsigned take_16(bytes p, unsigned char *out)
{
	__m128i digit, word, folded = nv_fold_16(_mm_loadu_si128((const __m128i *)(const void *)p), &digit, &word);
	_mm_storeu_si128((__m128i *)(void *)out, folded);
	return (unsigned)_mm_movemask_epi8(word);
}
#endif

/* Folds word characters from p on into out, which has room for 16 bytes more than it needs; returns how many. The byte
 * loop gives the same as the blocks of 16, and finishes where fewer are left. */
static inline size_t fold_word(bytes p, bytes end, unsigned char *out)
{
	size_t n = 0, len = (size_t)(end - p);
#ifdef __SSE2__
	for (; len - n >= 16; n += 16) {
		unsigned mask = take_16(p + n, out + n);
		if (mask != 0xFFFF)
			return n + (size_t)__builtin_ctz(~mask);
	}
#endif
	for (; n < len && nv_byte_class[p[n]] == NV_BYTE_WORD; n++)
		out[n] = (unsigned char)nv_byte_fold(p[n]);
	return n;
}

/* How a word goes on at a byte that is no word character. */
enum { WORD_ENDS, WORD_JOINS, WORD_NEEDS_FOLDING };

static bool needs_folding(bytes p, bytes end)
{
	uint32_t c;
	return p < end && (*p >= 0x80 || (*p == '&' && nv_entity_decode((const char *)p, (size_t)(end - p), &c) > 0));
}

static int after_apostrophe(bytes p, bytes end)
{
	if (p < end && nv_byte_is_letter(*p))
		return WORD_JOINS;
	return needs_folding(p, end) ? WORD_NEEDS_FOLDING : WORD_ENDS;
}

/* Bytes of a no-break space, or of a quote, dash or ellipsis of the block U+2010 to U+203F that is plain punctuation
 * when folded; 0 for all else. */
static size_t plain_punctuation(bytes p, bytes end)
{
	size_t len = (size_t)(end - p);
	if (len >= 2 && p[0] == 0xC2 && p[1] == 0xA0)
		return 2;
	bool listed =
		len >= 3 && p[0] == 0xE2 && p[1] == 0x80 && p[2] >= 0x90 && (p[2] <= 0x95 || (p[2] >= 0x98 && p[2] <= 0x9F));
	return listed ? 3 : 0;
}

/* Looks at p behind a word whose last folded byte is `last`. For WORD_JOINS *n bytes of it are one folded byte,
 * *joint. */
static int go_on(bytes p, bytes end, unsigned last, size_t *n, unsigned char *joint)
{
	*n = 1;
	*joint = *p;
	if (*p == '\'')
		return after_apostrophe(p + 1, end);
	if (*p == '.' || *p == ',') {
		if (!nv_byte_is_digit(last) || p + 1 == end)
			return WORD_ENDS;
		return nv_byte_is_digit(p[1]) ? WORD_JOINS : needs_folding(p + 1, end) ? WORD_NEEDS_FOLDING : WORD_ENDS;
	}
	if (*p == '&')
		return needs_folding(p, end) ? WORD_NEEDS_FOLDING : WORD_ENDS;
	*n = plain_punctuation(p, end);
	if (*n == 3 && p[2] >= 0x98 && p[2] <= 0x9B) {
		*joint = '\'';
		return after_apostrophe(p + 3, end);
	}
	return *n > 0 ? WORD_ENDS : WORD_NEEDS_FOLDING;
}

/* ---- Stretches that are not ASCII ---- */

static bool may_begin(bytes p, bytes end)
{
	uint32_t c;
	bool bad = false;
	for (; p < end; p += nv_utf8_decode(p, (size_t)(end - p), &c, &bad)) {
		nv_utf8_decode(p, (size_t)(end - p), &c, &bad);
		if (nv_char_class_of(c) == NV_CHAR_WORD)
			return nv_char_may_begin_sentence(c);
	}
	return false;
}

/* From p to the next ASCII white space through nv_normalize; returns where that is. */
static bytes read_folded(nv_token_machine *m, bytes p, bytes end)
{
	bytes stop = p;
	while (stop < end && !nv_byte_is_space(*stop))
		stop++;
	nv_buf *run = &m->list->run;
	nv_buf_clear(run);
	nv_normalize((nv_str){(const char *)p, (size_t)(stop - p)}, run, &m->list->ill_formed);
	if (run->failed)
		m->failed = NV_E_MEMORY;
	else if (run->len > 0)
		nv_token_read_folded(m, (bytes)run->ptr, run->len, may_begin(p, stop));
	if (m->failed == 0)
		nv_token_room(m, (size_t)(end - stop));
	return stop;
}

/* ---- The pass ---- */

static bool begins_sentence(unsigned char c)
{
	return nv_byte_is_upper(c) || nv_byte_is_digit(c);
}

static bytes read_word(nv_token_machine *m, bytes p, bytes end)
{
	bytes start = p;
	unsigned char *out = nv_token_out(m);
	size_t len = 0;
	for (;;) {
		size_t n = fold_word(p, end, out + len);
		p += n;
		len += n;
		if (p == end || !nv_byte_may_join[*p])
			break;
		unsigned char joint;
		int how = go_on(p, end, out[len - 1], &n, &joint);
		if (how == WORD_NEEDS_FOLDING)
			return read_folded(m, start, end);
		if (how == WORD_ENDS)
			break;
		out[len++] = joint;
		p += n;
	}
	nv_token_emit(m, out, len, begins_sentence(*start));
	return p;
}

/* Where p is in the scanned stretch, which is made anew where it ends. */
static size_t place_in(nv_scan *scan, bytes p, bytes end)
{
	size_t at = (size_t)(p - scan->from), left = (size_t)(end - p);
	if (at < scan->n && (scan->n - at >= (size_t)2 * NV_SCAN_SPAN || scan->n - at == left))
		return at;
	nv_scan_bytes(scan, p, left < NV_SCAN_MAX ? left : NV_SCAN_MAX);
	return 0;
}

/* Takes words out of folded[], of which the first begins at byte 0, up to the last one whose start is a bit of `start`,
 * which is not taken, or one of more than 16 characters. end_of: the bytes behind the words. Returns where that word
 * begins. */
static size_t take_words(nv_token_machine *m, const unsigned char *folded, uint64_t start, uint64_t end_of)
{
	nv_token_list *list = m->list;
	unsigned char *out = nv_token_out(m);
	size_t at = 0, text_len = list->text.len, n = list->n;
	for (uint64_t next = start & (start - 1); next != 0; next &= next - 1, end_of &= end_of - 1) {
		size_t len = (size_t)__builtin_ctzll(end_of) - at;
		if (len > 16)
			break;
		memcpy(out, folded + at, 16);
		list->token[n++] = (nv_token){nv_hash_short(folded + at, len), (uint32_t)text_len, (uint32_t)len};
		out += len;
		text_len += len;
		at = (size_t)__builtin_ctzll(next);
	}
	list->n = n;
	list->text.len = text_len;
	return at;
}

static bool may_join(unsigned char c)
{
	return c == '&' || c == '\'' || c >= 0x80;
}

/* Takes the word at byte `at` of folded[], in front of the first special byte, where that leaves no doubt of where it ends.
 * word, special: bits of the span. Leaves m as nv_token_emit does. Returns the word's end; `at` when it is left. */
static size_t take_last(nv_token_machine *m, const unsigned char *folded, size_t at, uint64_t word, uint64_t special)
{
	nv_token_list *list = m->list;
	const size_t len = (size_t)__builtin_ctzll(~(word >> at) | UINT64_C(1) << 63);
	const size_t stop = at + len, s = (size_t)__builtin_ctzll(special);
	if (len > 16 || stop >= NV_SCAN_SPAN || (s <= stop + 1 && ((word >> s & 1) || may_join(folded[s]))))
		return at;
	memcpy(nv_token_out(m), folded + at, 16);
	m->word = list->text.len;
	m->word_len = len;
	m->behind_word = true;
	m->lines = 0;
	list->token[list->n++] = (nv_token){nv_hash_short(folded + at, len), (uint32_t)list->text.len, (uint32_t)len};
	list->text.len += len;
	return stop;
}

/* Most of a text: words of at most 16 characters with nothing special between them (data/scan.h), where nothing is done to
 * words and the first one's sentence has begun. The same as read_word and read_gap in turn. Returns the end of the last word that it takes, which is not the text's,
 * or the start of the first one that it leaves to them: one that may go on behind a special byte, or without another start behind it in
 * the span. */
static bytes read_plain(nv_token_machine *m, nv_scan *scan, bytes p, bytes end)
{
	nv_token_list *list = m->list;
	for (;;) {
		size_t at = place_in(scan, p, end);
		uint64_t word = nv_scan_bits(scan->word, at), special = nv_scan_bits(scan->special, at);
		uint64_t before_special = (special & (0 - special)) - 1;
		if (list->cap - list->n < NV_SCAN_SPAN / 2 &&
		    !nv_grow(&list->token, &list->cap, list->n + NV_SCAN_SPAN / 2, sizeof *list->token)) {
			m->failed = NV_E_MEMORY;
			return p;
		}
		size_t n = take_words(m, scan->folded + at, word & ~(word << 1) & before_special, ~word & word << 1);
		if (special != 0)
			return p + take_last(m, scan->folded + at, n, word, special);
		if (n == 0)
			return p;
		p += n;
	}
}

static bytes read_high(nv_token_machine *m, bytes p, bytes end)
{
	size_t n = plain_punctuation(p, end);
	if (n == 0)
		return read_folded(m, p, end);
	if (n == 2)
		nv_token_see_space(m, false);
	else if (p[2] >= 0x98)
		nv_token_see_quote(m);
	else
		nv_token_see_other(m, 0, false);
	return p + n;
}

/* What is between words, up to the next word or the end. */
static bytes read_gap(nv_token_machine *m, bytes p, bytes end)
{
	for (; p < end; p++) {
		unsigned kind = nv_byte_class[*p];
		if (kind == NV_BYTE_WORD)
			return p;
		if (kind == NV_BYTE_SPACE || kind == NV_BYTE_LINE)
			nv_token_see_space(m, kind == NV_BYTE_LINE);
		else if (kind == NV_BYTE_STOP)
			nv_token_see_stop(m, *p == '.');
		else if (kind == NV_BYTE_QUOTE)
			nv_token_see_quote(m);
		else if (kind == NV_BYTE_HIGH)
			return read_high(m, p, end);
		else if (kind == NV_BYTE_AMPERSAND && needs_folding(p, end))
			return read_folded(m, p, end);
		else
			nv_token_see_other(m, *p, kind == NV_BYTE_CLOSE);
	}
	return p;
}

static void read_all(nv_token_machine *m, nv_str text)
{
	bytes p = (bytes)text.ptr, end = p ? p + text.len : p;
	nv_scan scan;
	scan.from = p;
	scan.n = 0;
	if (!nv_token_room(m, text.len))
		return;
	while (p < end && m->failed == 0) {
		if (nv_byte_class[*p] == NV_BYTE_WORD) {
			if (m->plain && m->mark == 0 && nv_token_settle(m, begins_sentence(*p)))
				p = read_plain(m, &scan, p, end);
			if (nv_byte_class[*p] == NV_BYTE_WORD)
				p = read_word(m, p, end);
		} else if (*p == ' ' && m->behind_word)
			m->behind_word = false, p++;
		else
			p = read_gap(m, p, end);
	}
}

void nv_token_list_init(nv_token_list *list)
{
	*list = (nv_token_list){0};
}

void nv_token_list_release(nv_token_list *list)
{
	if (!list)
		return;
	nv_buf_release(&list->text);
	nv_buf_release(&list->run);
	nv_free(list->token);
	nv_free(list->sentence);
	nv_stemmer_free(list->stemmer);
	nv_token_list_init(list);
}

static void clear(nv_token_list *list)
{
	nv_buf_clear(&list->text);
	list->n = list->n_title = list->n_sentence = 0;
	list->ill_formed = 0;
}

/* The list's own copy of the tokenizer's stemmer. */
static bool prepare_stemmer(const nv_tokenizer *tokenizer, nv_token_list *list)
{
	if (list->stemmer && nv_stemmer_is(list->stemmer, tokenizer->stemmer))
		return true;
	nv_stemmer_free(list->stemmer);
	list->stemmer = tokenizer->stemmer[0] ? nv_stemmer_new(tokenizer->stemmer) : NULL;
	return list->stemmer || !tokenizer->stemmer[0];
}

int nv_tokenize(const nv_tokenizer *tokenizer, nv_str title, nv_str text, nv_token_list *list, nv_error *err)
{
	clear(list);
	nv_token_machine m = {.tokenizer = tokenizer, .list = list, .title = true, .new_sentence = true};
	if (!prepare_stemmer(tokenizer, list))
		return nv_fail_memory(err);
	m.plain = !list->stemmer && !tokenizer->stop_slot;
	read_all(&m, title);
	list->n_title = list->n;
	m.title = false;
	m.new_sentence = true;
	m.behind_word = false;
	m.mark = 0;
	m.stop = NV_STOP_NONE;
	m.lines = 0;
	if (m.failed == 0)
		read_all(&m, text);
	if (m.failed == 0)
		return 0;
	clear(list);
	if (m.failed == NV_E_MEMORY)
		return nv_fail_memory(err);
	return nv_fail(err, NV_E_RECORD, "the text is longer than 2^31 bytes");
}
