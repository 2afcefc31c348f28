/* SPDX-License-Identifier: Apache-2.0
 *
 * train.h: labelled articles -> a model. The steps, each in a file of its own:
 *   articles -> tokens and gold (prepare, any thread) -> corpus (take, in input order) -> vocabulary -> rows (one shared matrix a view)
 *   -> jobs (task x fold) -> margins out of fold -> calibration and thresholds; full fit -> folded weights -> model.
 *
 * Call order: nv_trainer_new -> nv_trainer_prepare / nv_trainer_take for each article -> nv_trainer_fit -> nv_trainer_free.
 */
#ifndef NV_TRAIN_TRAIN_H
#define NV_TRAIN_TRAIN_H

#include "data/corpus.h"
#include "data/duplicates.h"
#include "data/features.h"
#include "data/schema.h"
#include "models/model.h"

enum { NV_ALGORITHM_NB, NV_ALGORITHM_LOGREG, NV_ALGORITHM_SVM, NV_ALGORITHM_NBLOGREG, NV_ALGORITHM_BLEND, NV_ALGORITHM_AUTO };
enum { NV_NB_MULTINOMIAL, NV_NB_COMPLEMENT, NV_NB_BERNOULLI };
enum { NV_PENALTY_L2, NV_PENALTY_L1, NV_PENALTY_ELASTICNET };
enum { NV_CLASS_WEIGHT_NONE, NV_CLASS_WEIGHT_BALANCED };
enum { NV_THRESHOLD_HALF, NV_THRESHOLD_F1 };

#define NV_MAX_FOLDS 1000

typedef struct nv_train_options {
	int algorithm;
	int nb_variant;
	double alpha;          /* naive Bayes smoothing */
	int penalty;
	double c;              /* inverse regularisation strength: penalty + c * sum of losses; 0: the algorithm's own;
	                        * negative (a search's, no user's): -c times that */
	double l1_ratio;
	int class_weight;
	bool search;           /* over c, alpha and class weights; done by eval/search.h, as is NV_ALGORITHM_AUTO */
	int calibrate;         /* NV_CALIBRATE_* */
	int threshold;
	int64_t inner_folds;   /* for out-of-fold scores; 2 to NV_MAX_FOLDS */
	char group_by[NV_OPTION_TEXT_MAX];
	int64_t seed, threads; /* threads 0: all cores */
	int strip_boilerplate; /* --boilerplate: 0 keep, 1 strip */
	nv_token_options token;
	nv_feature_options feature;
} nv_train_options;
extern const nv_option_row nv_train_rows[]; /* offsets into nv_train_options, token and feature options included */
extern const size_t nv_n_train_rows;
/* Range checks across options: "--penalty l1 needs an algorithm of log loss", … */
int nv_train_options_check(const nv_train_options *options, nv_error *err);

typedef struct nv_trainer nv_trainer;
typedef struct nv_prepared nv_prepared; /* one article, tokenised; reused from call to call, one thread's */

int nv_trainer_new(nv_trainer **trainer, const nv_schema *schema, const nv_train_options *options, nv_error *err);
void nv_trainer_free(nv_trainer *trainer);
/* For one task, options in place of the trainer's own: of them the algorithm, its variant, alpha, penalty, c, and class weights. */
void nv_trainer_choose(nv_trainer *trainer, size_t task, const nv_train_options *options);
/* What a search tried, a JSON object for the model's metadata; copied. */
int nv_trainer_record_search(nv_trainer *trainer, nv_str json, nv_error *err);

int nv_prepared_new(nv_prepared **prepared, nv_error *err);
void nv_prepared_free(nv_prepared *prepared);
/* Thread-safe on one trainer: boilerplate, tokens, fingerprint. The article must live until take. */
int nv_trainer_prepare(const nv_trainer *trainer, const nv_article *article, nv_prepared *prepared, nv_error *err);
/* In input order, one at a time: word numbers, gold, group, date, source. A label error is NV_E_RECORD with the article's place, and the
 * article is left out. */
int nv_trainer_take(nv_trainer *trainer, const nv_prepared *prepared, nv_error *err);

/* Fits all tasks; the trainer can be fitted once. No labelled article for any task is NV_E_SCHEMA; a task whose algorithm is still NV_ALGORITHM_AUTO, NV_E_USAGE. */
int nv_trainer_fit(nv_trainer *trainer, const nv_progress *progress, const nv_notes *notes, nv_model **model,
                   nv_error *err);

#endif
