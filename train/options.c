/* SPDX-License-Identifier: Apache-2.0
 *
 * The options of training, those of tokens and features among them, and what they may not be together.
 */
#include "train/train.h"

#define AT(member) offsetof(nv_train_options, member)
#define BOTH (NV_COMMAND_TRAIN | NV_COMMAND_CROSSVAL)
#define ANY (BOTH | NV_COMMAND_CLASSIFY | NV_COMMAND_EVAL)

#define INT(name, member, low, high, what, initial, help) \
	{name, GROUP, NV_OPTION_INT, AT(member), low, high, what, initial, help, BOTH, true}
#define REAL(name, member, low, high, initial, help) \
	{name, GROUP, NV_OPTION_REAL, AT(member), low, high, "X", initial, help, BOTH, true}
#define CHOICE(name, member, choices, initial, help) \
	{name, GROUP, NV_OPTION_CHOICE, AT(member), 0, 0, choices, initial, help, BOTH, true}
#define RANGE(name, member, low, high, what, initial, help) \
	{name, GROUP, NV_OPTION_RANGE, AT(member), low, high, what, initial, help, BOTH, true}
#define TEXT(name, member, what, initial, help) \
	{name, GROUP, NV_OPTION_TEXT, AT(member), 0, 0, what, initial, help, BOTH, true}

const nv_option_row nv_train_rows[] = {
#define GROUP "Model"
    CHOICE("algorithm", algorithm, "nb|logreg|svm|nblogreg|blend|auto", "blend",
           "how weights are learnt; blend is a linear SVM whose prior comes from naive Bayes and from spelling; auto: "
           "what does best in cross-validation, task by task"),
    CHOICE("nb-variant", nb_variant, "multinomial|complement|bernoulli", "complement", "the kind of naive Bayes"),
    REAL("alpha", alpha, 1e-10, 1e6, "0.1", "smoothing of naive Bayes"),
    CHOICE("penalty", penalty, "l2|l1|elasticnet", "l2", "penalty on the weights of logreg and svm"),
    REAL("c", c, 0, 1e9, "0", "strength of the data against the penalty; 0 is the algorithm's own default"),
    REAL("l1-ratio", l1_ratio, 0, 1, "0.5", "share of l1 in the elastic net's penalty"),
    CHOICE("class-weight", class_weight, "none|balanced", "none",
           "balanced: articles of rare labels weigh more in the loss"),
    {"search", GROUP, NV_OPTION_FLAG, AT(search), 0, 0, NULL, "no",
     "choose c, alpha and class weights by cross-validation, task by task", BOTH, true},
#undef GROUP
#define GROUP "Features"
    RANGE("ngrams", feature.ngrams, 1, 5, "A-B", "1-2", "lengths of the word sequences that are features"),
    RANGE("subwords", feature.subwords, 0, 12, "A-B|off", "3-5", "lengths of the character sequences inside words"),
    INT("min-df", feature.min_df, 1, 1e9, "N", "1", "a term must occur in so many training articles"),
    INT("ngram-min-df", feature.gram_min_df, 1, 1e9, "N", "2", "and a sequence of two or more words in so many"),
    INT("max-features", feature.max_features, 0, 4e9, "N", "0", "at most so many terms, the most frequent; 0: all"),
    INT("hash-bits", feature.hash_bits, 0, 30, "N", "0", "hash terms into 2^N columns, 10 to 30, instead of a vocabulary; 0: off"),
    CHOICE("weighting", feature.weighting, "count|binary|tfidf", "tfidf", "how a term's count becomes a value"),
    REAL("title-weight", feature.title_weight, 0, 100, "2", "how many times a title's words count"),
    TEXT("stemmer", token.stemmer, "NAME|off", "off", "a Snowball stemmer, as english"),
    TEXT("stopwords", token.stopwords, "FILE|off", "off", "a file of words to leave out, one a line"),
    {"boilerplate", GROUP, NV_OPTION_CHOICE, AT(strip_boilerplate), 0, 0, "keep|strip", "keep",
     "strip: leave out what is page, not article, in pasted text", BOTH, true},
#undef GROUP
#define GROUP "Probabilities"
    CHOICE("calibrate", calibrate, "off|platt|isotonic", "platt", "how scores become probabilities"),
    INT("inner-folds", inner_folds, 2, NV_MAX_FOLDS, "N", "5", "folds for the scores that calibration learns from"),
    CHOICE("threshold", threshold, "0.5|f1", "0.5",
           "from which probability on a label of a multilabel task is given; f1: the best for F1 on held-out scores"),
#undef GROUP
    NV_ROW_GROUP_BY(AT(group_by), BOTH, true),
    NV_ROW_SEED(AT(seed), ANY, true),
    NV_ROW_THREADS(AT(threads), ANY),
};
const size_t nv_n_train_rows = sizeof nv_train_rows / sizeof *nv_train_rows;

static int usage(nv_error *err, const char *message)
{
	return nv_fail(err, NV_E_USAGE, "%s", message);
}

int nv_train_options_check(const nv_train_options *o, nv_error *err)
{
	bool plain = o->algorithm == NV_ALGORITHM_LOGREG || o->algorithm == NV_ALGORITHM_SVM;
	if (o->penalty != NV_PENALTY_L2 && !plain)
		return usage(err, "--penalty l1 and elasticnet need --algorithm logreg or svm");
	if (o->feature.hash_bits != 0 && o->feature.hash_bits < 10)
		return usage(err, "--hash-bits takes 0 or a number from 10 to 30");
	if (o->feature.hash_bits != 0 && o->feature.max_features != 0)
		return usage(err, "--max-features does not go with --hash-bits, which has no vocabulary");
	return NV_OK;
}
