/* SPDX-License-Identifier: Apache-2.0
 *
 * bytes.h: what a single byte is to the tokenizer's fast path.
 */
#ifndef NV_DATA_BYTES_H
#define NV_DATA_BYTES_H

#include <stdbool.h>
#include <stdint.h>

enum {
	NV_BYTE_OTHER,
	NV_BYTE_SPACE, /* white space but line feed */
	NV_BYTE_LINE,  /* line feed */
	NV_BYTE_WORD,  /* ASCII letter, digit, '_' */
	NV_BYTE_STOP,  /* . ! ? */
	NV_BYTE_QUOTE, /* " and ' */
	NV_BYTE_CLOSE, /* ) ] } */
	NV_BYTE_AMPERSAND,
	NV_BYTE_HIGH, /* not ASCII */
};
extern const uint8_t nv_byte_class[256];
/* 1 for a byte behind a word that may go on with it: nothing else needs a closer look. */
extern const uint8_t nv_byte_may_join[256];

static inline bool nv_byte_is_letter(unsigned c)
{
	return ((c | 0x20u) - 'a') < 26u;
}

static inline bool nv_byte_is_upper(unsigned c)
{
	return c - 'A' < 26u;
}

static inline bool nv_byte_is_digit(unsigned c)
{
	return c - '0' < 10u;
}

static inline bool nv_byte_is_space(unsigned char c)
{
	return nv_byte_class[c] == NV_BYTE_SPACE || nv_byte_class[c] == NV_BYTE_LINE;
}

/* ASCII upper case to lower case, all else as it is. */
static inline char nv_byte_fold(unsigned char c)
{
	return (char)(nv_byte_is_upper(c) ? c | 0x20 : c);
}

#endif
