/* SPDX-License-Identifier: Apache-2.0
 *
 * small_model.h: a model of six words and two bigrams, made by hand, for the tests of models/ and classify/.
 *   words   chips 0, market 1, export 2, ban 3, shares 4, moon 5; bigrams export ban 6, chips market 7; df[t] = 8 - t of 10 articles
 *   tasks   topics (multilabel, Platt: chips, money, space), tone (stance, uncalibrated, where target = moon), desk (multiclass,
 *           isotonic: "a, b" and "c\"d")
 *   views   0: whole article, tfidf, unit length, title weight 2, all eight scores, character n-grams 3-4 of "market"
 *           1: sentences about moon or market, counts, the three scores of tone
 *   weight  of term t (or n-gram row t) in column c: ((7 t + 3 c) mod 11 - 5) / 8
 */
#ifndef NV_TESTS_SMALL_MODEL_H
#define NV_TESTS_SMALL_MODEL_H

#include "models/model_io.h"

#define SMALL_TERMS 8
#define SMALL_SCORES 8

nv_model *small_model(void); /* aborts on failure */
float small_weight(uint32_t term, uint32_t column);
double small_bias(uint32_t score);

/* The model as a file in memory, aligned to 64 bytes; free with nv_free_aligned. */
unsigned char *small_model_bytes(const nv_model *model, size_t *len);
/* Appends to the nv_buf that user points to. */
int small_sink_write(void *user, const char *bytes, size_t len);

#endif
