/* SPDX-License-Identifier: Apache-2.0
 *
 * normalize.h: bytes -> folded UTF-8, the form in which words are compared. This is the only place that states these
 * rules:
 *   1. Ill-formed bytes become U+FFFD, one for each maximal ill-formed part (Unicode 15, section 3.9).
 *   2. HTML character references that end in ';' are decoded, once ("&amp;lt;" gives "&lt;").
 *   3. Single quotes, apostrophes, primes and the acute accent as a character become ', double quotes, double primes
 *      and guillemets ", hyphens, dashes and the minus sign -.
 *   4. NFKC and full case folding (Unicode, by utf8proc); soft hyphens, zero-width marks and whatever else is
 *      default-ignorable drop out. Combining marks beyond 30 on one base are dropped (UAX #15's stream-safe limit).
 */
#ifndef NV_DATA_NORMALIZE_H
#define NV_DATA_NORMALIZE_H

#include "base/str.h"

/* Appends the folded form of text to out and adds the number of ill-formed bytes to *ill_formed. Runs of ASCII take a
 * fast path; utf8proc sees the rest. */
void nv_normalize(nv_str text, nv_buf *out, uint64_t *ill_formed);

/* What a code point is to the tokenizer. */
typedef enum nv_char_class {
	NV_CHAR_SPACE,
	NV_CHAR_WORD,
	NV_CHAR_IDEOGRAPH,
	NV_CHAR_STOP,
	NV_CHAR_OTHER,
} nv_char_class;
/* WORD: letters, digits, marks, '_'; IDEOGRAPH: letters of scripts written without spaces (Chinese, Japanese, Thai,
 * Lao, Khmer, Burmese: each code point is a word); STOP: . ! ? and their kin; SPACE, OTHER: the rest. */
nv_char_class nv_char_class_of(uint32_t code_point);
bool nv_char_is_letter(uint32_t code_point);
bool nv_char_is_mark(uint32_t code_point); /* combining */
/* Capitals, letters of scripts without case, and digits: what may begin a sentence. */
bool nv_char_may_begin_sentence(uint32_t code_point);

#endif
