/* SPDX-License-Identifier: Apache-2.0
 *
 * duplicates.h: fingerprints of texts, exact and near. Exact: a 64-bit hash of the tokens. Near: MinHash signatures
 * (Broder 1997) over word 3-grams by one permutation (Li, Owen and Zhang 2012), empty bins filled from the next full
 * one in a random direction (Shrivastava and Li 2014, "Improved densification"), and banded lookup: 16 bands of 4
 * values propose pairs (one of Jaccard similarity 0.7 with a probability of 0.988), and pairs whose estimated
 * similarity, the share of equal values, reaches NV_NEAR_DUPLICATE are kept. A text of one or two tokens is one gram; a
 * text without tokens is nobody's duplicate.
 */
#ifndef NV_DATA_DUPLICATES_H
#define NV_DATA_DUPLICATES_H

#include "data/tokenize.h"

#define NV_NEAR_DUPLICATE 0.7 /* Jaccard threshold, stated in reports */
#define NV_N_MINHASH 64

uint64_t nv_text_fingerprint(const nv_token_list *tokens); /* of token hashes in order; 0 for no token */
void nv_minhash(const nv_token_list *tokens, uint32_t signature[NV_N_MINHASH]);

/* group[n]: near-duplicates (transitively) get the same number, the first member's index.
 * signature: [n][NV_N_MINHASH]. */
int nv_near_duplicates(size_t n, const uint32_t (*signature)[NV_N_MINHASH], uint32_t *group, nv_error *err);

#endif
