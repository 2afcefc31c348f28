/* SPDX-License-Identifier: Apache-2.0
 *
 * tokenizer.h: what a tokenizer is made of, for tokenizer.c (its making) and tokenize.c (its use) alone.
 */
#ifndef NV_DATA_TOKENIZER_H
#define NV_DATA_TOKENIZER_H

#include "data/tokenize.h"

struct nv_tokenizer {
	char stemmer[NV_OPTION_TEXT_MAX]; /* "" : none */
	nv_buf stopwords;                 /* folded, one a line */
	uint64_t *stop_slot;              /* [stop_mask + 1] hashes of stop words, 0: empty; NULL: none */
	uint64_t stop_mask;
};

static inline bool nv_tokenizer_stops(const nv_tokenizer *tokenizer, uint64_t hash)
{
	if (!tokenizer->stop_slot)
		return false;
	uint64_t i = hash & tokenizer->stop_mask;
	while (tokenizer->stop_slot[i] && tokenizer->stop_slot[i] != hash)
		i = (i + 1) & tokenizer->stop_mask;
	return tokenizer->stop_slot[i] == hash;
}

#endif
