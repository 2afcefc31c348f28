/* SPDX-License-Identifier: Apache-2.0
 *
 * The reader of folded text: code point by code point, with the rules of tokenize.h for every script. tokenize.c's
 * reader of raw ASCII must find the same tokens; check_tokenize.c compares the two.
 */
#include "data/bytes.h"
#include "data/normalize.h"
#include "data/token_machine.h"
#include "data/utf8.h"

typedef struct reader {
	nv_token_machine *m;
	const unsigned char *p, *end;
	unsigned char *out; /* where the word under way goes */
	size_t len;
} reader;

/* The code point at p; 0 at the end. */
static size_t peek(const reader *r, const unsigned char *p, uint32_t *c)
{
	bool bad = false;
	*c = 0;
	return p < r->end ? nv_utf8_decode(p, (size_t)(r->end - p), c, &bad) : 0;
}

static void take(reader *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		r->out[r->len++] = *r->p++;
}

static bool is_word_char(uint32_t c)
{
	return c < 0x80 ? nv_byte_class[c] == NV_BYTE_WORD : nv_char_class_of(c) == NV_CHAR_WORD;
}

/* Whether the ' . or , at p joins what is before and behind it. */
static bool joins(const reader *r, uint32_t c)
{
	uint32_t next;
	peek(r, r->p + 1, &next);
	if (c == '\'')
		return is_word_char(next) && nv_char_is_letter(next);
	return (c == '.' || c == ',') && nv_byte_is_digit(r->out[r->len - 1]) && nv_byte_is_digit(next);
}

static void take_word(reader *r, size_t n)
{
	uint32_t c;
	take(r, n);
	for (; (n = peek(r, r->p, &c)) > 0; take(r, n)) {
		if (!is_word_char(c) && !joins(r, c))
			break;
	}
}

static void take_ideograph(reader *r, size_t n)
{
	uint32_t c;
	take(r, n);
	while ((n = peek(r, r->p, &c)) > 0 && nv_char_is_mark(c))
		take(r, n);
}

static void see_gap(nv_token_machine *m, uint32_t c, nv_char_class kind)
{
	unsigned byte = c < 0x80 ? nv_byte_class[c] : NV_BYTE_OTHER;
	if (kind == NV_CHAR_SPACE)
		nv_token_see_space(m, c == '\n' || c == 0x2029);
	else if (kind == NV_CHAR_STOP)
		nv_token_see_stop(m, c == '.');
	else if (byte == NV_BYTE_QUOTE)
		nv_token_see_quote(m);
	else
		nv_token_see_other(m, c < 0x80 ? (unsigned char)c : 0, byte == NV_BYTE_CLOSE);
	if (c == 0x3002) /* the ideographic full stop needs no white space */
		m->stop = NV_STOP_SPACED;
}

void nv_token_read_folded(nv_token_machine *m, const unsigned char *p, size_t len, bool may_begin)
{
	if (!nv_token_room(m, len))
		return;
	reader r = {.m = m, .p = p, .end = p + len};
	uint32_t c;
	size_t n;
	while ((n = peek(&r, r.p, &c)) > 0 && m->failed == 0) {
		nv_char_class kind = nv_char_class_of(c);
		r.out = nv_token_out(m);
		r.len = 0;
		if (kind == NV_CHAR_IDEOGRAPH) {
			m->mark = 0;
			take_ideograph(&r, n);
		} else if (kind == NV_CHAR_WORD && !nv_char_is_mark(c)) {
			take_word(&r, n);
		}
		if (r.len > 0) {
			nv_token_emit(m, r.out, r.len, may_begin || nv_char_may_begin_sentence(c));
			may_begin = false;
		} else {
			see_gap(m, c, kind);
			r.p += n;
		}
	}
}
