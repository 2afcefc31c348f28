/* SPDX-License-Identifier: Apache-2.0
 *
 * scorer.h: what score.c, unknown.c and explain.c share: the working memory of one thread. For models/ alone.
 */
#ifndef NV_MODELS_SCORER_H
#define NV_MODELS_SCORER_H

#include "models/block.h"
#include "models/score.h"

/* A word of the article that the vocabulary lacks. */
typedef struct nv_unknown_word {
	uint64_t hash;
	uint32_t token;           /* its first, in scorer->tokens */
	double in_title, in_text; /* how often */
} nv_unknown_word;

/* An occurrence of one. */
typedef struct nv_unknown_place {
	uint32_t token, word; /* in scorer->tokens; in scorer->unknown, once they are numbered */
} nv_unknown_place;

typedef struct nv_unknown_slot {
	uint64_t epoch; /* of the scoring that filled it */
	uint32_t index;
} nv_unknown_slot;

typedef struct nv_scorer_view {
	nv_row row;
	double shrink;         /* length of the row's known terms over that with unknown words; 1 where rows have no unit length */
	double *unknown_value; /* [n_unknown] the article's, as scorer->unknown; 0: the view does not see the word */
	size_t cap_unknown_value;
} nv_scorer_view;

struct nv_scorer {
	const nv_vocab *vocab; /* the model's, ready for looking up */
	nv_token_list tokens;
	nv_document document;
	nv_feature_scratch *features;
	nv_scorer_view *view; /* [n_view] */
	uint32_t n_view;
	bool *whole_length; /* [n_score] of the score's task */
	double *sum; /* [largest stride] */

	nv_unknown_place *place; /* [n_place] by rising token */
	size_t n_place, cap_place;
	nv_unknown_word *unknown; /* [n_unknown] in order of appearance */
	size_t n_unknown, cap_unknown;
	nv_unknown_slot *slot; /* [n_slot] by hash */
	size_t n_slot;
	uint64_t epoch;        /* counts scorings of document parts */
	nv_subword_list grams; /* of the words under way */
	double *gram_value;    /* [cap_gram_value] of each, then of each row found */
	size_t cap_gram_value;
	uint32_t *gram_row; /* [cap_gram_row] */
	size_t cap_gram_row;

	bool texts_ready; /* nv_model_need_texts has been called */
	bool explained;   /* what follows belongs to the article scored last */
	uint64_t *key;    /* [n_key] ascending: term id, or NV_KEY_UNKNOWN + index of an unknown word */
	size_t n_key, cap_key;
	nv_buf text;        /* the terms' texts */
	size_t *text_start; /* [n_key + 1] */
	size_t cap_text_start;
	uint64_t *key_merged; /* [cap_merged] */
	size_t cap_merged;
	double *value; /* [cap_value] by key */
	size_t cap_value;
	nv_contribution *contribution;
	size_t cap_contribution;
};

#define NV_KEY_UNKNOWN ((uint64_t)1 << 32)

/* unknown.c. A view sees unknown words when it has character n-grams. */
static inline bool nv_view_sees_unknown(const nv_model_view *view)
{
	return view->subword_high > 0 && view->gram_slot && view->gram_weight;
}
/* Fills unknown_value and shrink of view number v from the document; row must be made. */
int nv_unknown_values(const nv_model *model, nv_scorer *scorer, uint32_t v, nv_error *err);
/* Adds what the unknown words give the view's columns to sum[stride]; their values must be filled. */
int nv_unknown_add(const nv_model *model, nv_scorer *scorer, uint32_t v, double *sum, nv_error *err);
/* One word's weight in one column. */
int nv_unknown_weight(const nv_model *model, nv_scorer *scorer, uint32_t v, const nv_unknown_word *word,
                      uint32_t column, double *weight, nv_error *err);

/* sum_rows.c: sum[j] += value[i] * weight[term[i]][j], i by i. stride: a multiple of 4. */
void nv_sum_rows(const float *weight, size_t stride, const uint32_t *term, const double *value, size_t n, double *sum);

#endif
