/* SPDX-License-Identifier: Apache-2.0
 *
 * model.h: a trained model: schema, vocabulary, weights, calibration, record of the training. Every algorithm ends in
 * the same form, so that one scorer serves all (naive Bayes is linear in counts; blends are folded):
 *
 *   margin[task][label] = bias + sum over views v, sum over terms t:  x_v[t] * weight_v[t][column]
 *
 * A view is a way to make a row of an article (data/features.h): which part, which weighting. A task's scores may draw
 * on several views (components side by side). A score is one (task, label) pair; scores are numbered task by task,
 * label by label. Words that the vocabulary lacks still count where the view has character n-grams: such a word's
 * weights are
 *   u(w) = gram_weight[n_gram - 1] + sum over its distinct n-grams g of gram_weight[g] / unknown_idf
 * where the last row, which every unknown word gets, makes up for the mean word's n-grams (train/linear_fit.h).
 * A row of unit length is one by its known terms. For a task of whole_length, what a view's terms and unknown words add to
 * a margin is divided by the length with unknown words, if the view has character n-grams. Their idf is there that of a
 * word of one article, unknown_idf - ln 2. So an article of which little is known is not judged as firmly as others.
 *
 * A model is immutable and may be shared by threads: what is verified or made at its first use stays out of sight. Its
 * arrays lie in memory of its own (after training) or in the mapped file.
 */
#ifndef NV_MODELS_MODEL_H
#define NV_MODELS_MODEL_H

#include "base/file.h"
#include "data/features.h"
#include "data/schema.h"
#include "models/calibration.h"

typedef struct nv_gram_row {
	uint64_t hash; /* of the character n-gram; 0: empty slot */
	uint32_t row;
	uint32_t unused; /* 0 */
} nv_gram_row;

typedef struct nv_model_view {
	uint32_t weighting;      /* NV_WEIGHT_* */
	uint32_t normalize;      /* 0 or 1 */
	double title_weight;
	const uint32_t *about;   /* [n_about] word ids; none: the whole article */
	uint32_t n_about;
	uint32_t n_column;       /* columns in use */
	uint32_t stride;         /* columns stored: nv_model_stride(n_column); the rest are 0 */
	const uint32_t *score;   /* [n_column] the score that a column adds to */
	const double *idf;       /* [n_term]; NULL unless tfidf */
	const float *weight;     /* [n_term][stride] */
	/* models/block.h; NULL: nothing to verify */
	const struct nv_file_block *idf_block, *weight_block, *gram_slot_block, *gram_weight_block;
	float unknown_idf;       /* idf of a word that no training article holds, at least 1; 1 unless tfidf */
	uint32_t subword_low, subword_high; /* code points; 0: the view has no character n-grams */
	const nv_gram_row *gram_slot;       /* [gram_mask + 1], linear probing from hash & mask; NULL: none */
	uint64_t gram_mask;
	uint32_t n_gram;
	const float *gram_weight;           /* [n_gram][stride]; the last row is every unknown word's */
} nv_model_view;

typedef struct nv_model_task {
	uint32_t first_score;      /* its labels' scores are first_score .. + n_label - 1 */
	bool trained;              /* false: no labelled article; every p is the prior of nothing, NaN */
	nv_calibration calibration;
	const double *threshold;   /* [n_label] on p, multilabel tasks; 0.5 unless chosen; NULL: 0.5 for all */
	bool whole_length;         /* unknown words count in the length of rows */
} nv_model_task;

struct nv_model {
	nv_schema *schema;          /* owned */
	nv_vocab vocab;
	struct nv_model_lookups *lookups; /* owned; for nv_model_need_lookups, changed under its own lock */
	nv_token_options token;     /* what tokenizer was made of */
	nv_tokenizer *tokenizer;    /* owned */
	bool strip_boilerplate;
	nv_model_view *view;        /* [n_view] */
	uint32_t n_view;
	nv_model_task *task;        /* [schema->n_task] */
	uint32_t n_score;
	const double *bias;         /* [n_score] */
	nv_str metadata;            /* JSON object: options, training record; extensible (docs/model_format.md) */
	const uint64_t *fingerprint; /* [n_fingerprint] of the training articles (data/duplicates.h), ascending */
	uint64_t n_fingerprint;
	nv_mapping file;            /* when mapped */
	void *memory;               /* when in memory of its own: freed with it */
	void (*free_memory)(void *memory);
	struct nv_block_table *blocks; /* of a file: place, checksum, verified or not */
};

/* Floats of a stored row of so many columns: a multiple of 4, so that rows are whole vectors. 0 for 0. */
uint32_t nv_model_stride(uint32_t n_column);
/* Verifies and checks what nv_vocab_term_text reads: to be called, from any thread, before the texts of an opened model's terms are
 * shown. NV_E_MODEL: damaged, or hostile. */
int nv_model_need_texts(const nv_model *model, nv_error *err);
/* Makes ready, at the first call, what looking up terms needs: verifies and checks the tables of an opened model, takes or makes the filter
 * of its n-grams. To be called, from any thread, before terms are looked up. *vocab: the model's with the filter, as long as
 * the model lives. NV_E_MODEL: damaged, or hostile. */
int nv_model_need_lookups(const nv_model *model, const nv_vocab **vocab, nv_error *err);
int nv_model_lookups_new(struct nv_model_lookups **lookups); /* for nv_model_new and nv_model_free */
void nv_model_lookups_free(struct nv_model_lookups *lookups);
/* A zeroed model; NULL: out of memory. nv_model_free releases whatever has been filled in. */
nv_model *nv_model_new(void);
/* No number is infinite, NaN or larger than NV_MODEL_LARGEST (layout.h), which no model may hold: so that no sum of products of a
 * few of them overflows. */
bool nv_floats_in_range(const float *x, size_t n);
bool nv_doubles_in_range(const double *x, size_t n);

#endif
