/* SPDX-License-Identifier: Apache-2.0
 *
 * features.h: a document -> one sparse row of weighted terms. Training and classifying make rows by this one function.
 *
 * A row's values: with tf(t) the term's count (a title's words count title_weight times),
 *   count:  tf          binary: 1          tfidf: (1 + ln tf) * idf(t), idf(t) = 1 + ln((1 + N) / (1 + df(t)))
 * (sublinear term frequency and smooth idf, Manning, Raghavan and Schuetze 2008, section 6.4; as in scikit-learn). With
 * norm l2 the row is divided by the Euclidean length of its terms. Terms are given by rising id, each once; a term
 * whose value is not above 0 (title_weight 0, or a tf below 1/e) is left out. N-grams run across the sentences of the
 * text, but neither from the title into the text nor over a sentence that a view leaves out.
 */
#ifndef NV_DATA_FEATURES_H
#define NV_DATA_FEATURES_H

#include "data/corpus.h"

enum { NV_WEIGHT_COUNT, NV_WEIGHT_BINARY, NV_WEIGHT_TFIDF };

typedef struct nv_feature_options {
	nv_range ngrams;   /* words */
	nv_range subwords; /* characters; 0-0: off */
	int64_t min_df, gram_min_df, max_features, hash_bits;
	int weighting; /* NV_WEIGHT_* */
	double title_weight;
	bool normalize; /* l2; false for naive Bayes on counts. Not an option of the program: follows from the algorithm. */
} nv_feature_options;

/* Which part of an article a row is made of. */
typedef struct nv_view {
	/* [n_about] word ids, ascending: the title and the sentences that hold one of them; n_about 0: all */
	const uint32_t *about;
	size_t n_about;
} nv_view;

/* Whether one of word[n] is an about word. */
bool nv_view_mentions(const nv_view *view, const uint32_t *word, size_t n);

typedef struct nv_features {
	const nv_vocab *vocab;
	const double *idf; /* [n_term]; NULL unless tfidf */
	int weighting;
	double title_weight;
	bool normalize;
} nv_features;

/* Inverse document frequency, smoothed as above: at least 1 for df <= n_document. */
double nv_idf(uint64_t n_document, uint64_t df);
/* idf[n_term] from the vocabulary's df. */
void nv_features_idf(const nv_vocab *vocab, double *idf);

typedef struct nv_row {
	uint32_t *term;
	double *value;
	size_t n, cap;
	double scale; /* what the values were multiplied by (1 / length), for unknown words' share */
} nv_row;
void nv_row_init(nv_row *row);
void nv_row_release(nv_row *row);

/* Per-thread memory. */
typedef struct nv_feature_scratch nv_feature_scratch;
int nv_feature_scratch_new(nv_feature_scratch **scratch, nv_error *err);
void nv_feature_scratch_free(nv_feature_scratch *scratch);

/* The row of a document: its terms counted, then weighed. */
int nv_features_row(const nv_features *features, const nv_view *view, const nv_document *document,
                    nv_feature_scratch *scratch, nv_row *row, nv_error *err);
/* The same in two steps, for who must see which terms there are before their idf is read. */
int nv_features_count(const nv_features *features, const nv_view *view, const nv_document *document,
                      nv_feature_scratch *scratch, nv_row *row, nv_error *err);
void nv_features_weigh(const nv_features *features, nv_row *row);

/* ---- Character n-grams inside words ----
 * The distinct n-grams (range.low to high code points) of "<w>", each known by nv_hash of its bytes (1 in the place of 0). Of a longer word the first NV_TOKEN_CODE_POINTS code points count. high 0: none.
 * nv_subwords_of adds a word's to the list: clear it (n = 0) for a list of its own. */
typedef struct nv_subword_list {
	uint64_t *gram; /* [n] hashes, of each word distinct, in order of first appearance */
	size_t n, cap;
} nv_subword_list;
void nv_subword_list_init(nv_subword_list *list);
void nv_subword_list_release(nv_subword_list *list);
int nv_subwords_of(nv_str word, nv_range range, nv_subword_list *list, nv_error *err);

#endif
