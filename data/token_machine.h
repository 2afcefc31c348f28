/* SPDX-License-Identifier: Apache-2.0
 *
 * token_machine.h: what the two readers of nv_tokenize (raw ASCII in tokenize.c, folded text in token_folded.c) share:
 * taking a finished word, and the rule of sentence ends. For these files alone.
 */
#ifndef NV_DATA_TOKEN_MACHINE_H
#define NV_DATA_TOKEN_MACHINE_H

#include "data/tokenizer.h"

/* What stands behind the last word. */
enum {
	NV_STOP_NONE,
	NV_STOP_SEEN,   /* . ! ? and closing marks */
	NV_STOP_SPACED, /* and white space after them: a capital, a digit or a quote begins a sentence */
};

typedef struct nv_token_machine {
	const nv_tokenizer *tokenizer;
	nv_token_list *list;
	size_t word, word_len; /* last word's folded bytes in list->text, at its end or (stop words) behind it */
	size_t end;            /* what list->text has room for, NV_TOKEN_ROOM aside: all that is to be read fits */
	bool behind_word;      /* nothing came after the last word */
	bool new_sentence;     /* the next token begins one */
	bool plain;            /* no stop words, no stemmer */
	bool title;            /* one sentence, whatever it holds */
	unsigned char mark; /* '#' or '@' that stands right before what comes next, and not right behind a word; else 0 */
	unsigned stop;      /* NV_STOP_* */
	unsigned lines;     /* line feeds in a row, white space aside */
	nv_code failed;     /* 0, NV_E_MEMORY or NV_E_RECORD */
} nv_token_machine;

/* Takes the word of len folded bytes at out = end of list->text, where there is room for NV_TOKEN_ROOM more. may_begin:
 * the word's first character could begin a sentence. */
#define NV_TOKEN_ROOM 64
void nv_token_emit(nv_token_machine *m, unsigned char *out, size_t len, bool may_begin);
/* Before a word that will be a token: begins its sentence, if one begins there. False: m->failed is set. */
bool nv_token_settle(nv_token_machine *m, bool may_begin);
/* Room for `more` bytes of words and NV_TOKEN_ROOM; false: m->failed is set. */
bool nv_token_room(nv_token_machine *m, size_t more);

void nv_token_see_stop(nv_token_machine *m, bool period);

static inline unsigned char *nv_token_out(const nv_token_machine *m)
{
	return (unsigned char *)m->list->text.ptr + m->list->text.len;
}

static inline void nv_token_see_space(nv_token_machine *m, bool line)
{
	m->mark = 0;
	if (m->stop == NV_STOP_SEEN)
		m->stop = NV_STOP_SPACED;
	m->behind_word = false;
	if (line && ++m->lines >= 2)
		m->new_sentence = true;
}

static inline void nv_token_see_quote(nv_token_machine *m)
{
	m->mark = 0;
	if (m->stop == NV_STOP_SPACED)
		m->new_sentence = true;
	m->behind_word = false;
	m->lines = 0;
}

/* byte: what was seen, when it is ASCII; 0 for others. */
static inline void nv_token_see_other(nv_token_machine *m, unsigned char byte, bool closing)
{
	if (m->stop == NV_STOP_SEEN && !closing)
		m->stop = NV_STOP_NONE;
	m->mark = (byte == '#' || byte == '@') && !m->behind_word ? byte : 0;
	m->behind_word = false;
	m->lines = 0;
}

/* Folded text (of the list's run buffer) as tokens; may_begin is for its first word. */
void nv_token_read_folded(nv_token_machine *m, const unsigned char *p, size_t len, bool may_begin);

#endif
