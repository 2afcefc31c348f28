/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "tests/unit/check_main.h"
#include "tests/unit/corpus_maker.h"
#include "train/training.h"

#include <math.h>

#define N_ARTICLE 5

/* market and markets have <ma mar ark rke ket in common; bank, frost and fern nothing that a second word has. */
static const char *const article[N_ARTICLE] = {"market", "market markets", "bank", "frost", "fern"};

typedef struct fixture {
	nv_trainer trainer;
	nv_training training;
	nv_corpus *corpus;
	uint32_t market, markets, bank;
} fixture;

static void setup(fixture *f, bool weighted)
{
	nv_vocab_options options = {1, 1, 1, 1, 0, 0};
	nv_error err = {0};
	*f = (fixture){.training = {.subwords = true}};
	f->trainer.options.feature.subwords = (nv_range){3, 3};
	f->training.trainer = &f->trainer;
	f->corpus = make_corpus(article, N_ARTICLE);
	f->training.built = nv_alloc_zero(1, sizeof *f->training.built);
	ck_assert_ptr_nonnull(f->training.built);
	nv_built *built = f->training.built;
	built->vocab = build_vocab(f->corpus, options);
	const nv_vocab *vocab = &built->vocab.vocab;
	f->market = find_term(vocab, "market");
	f->markets = find_term(vocab, "markets");
	f->bank = find_term(vocab, "bank");
	if (weighted) {
		built->idf = nv_alloc_aligned(vocab->n_term, sizeof *built->idf);
		ck_assert_ptr_nonnull(built->idf);
		nv_features_idf(vocab, built->idf);
	}
	f->training.n_thread = 2;
	nv_matrix_init(&f->training.rows, vocab->n_term);
	const uint32_t word[] = {f->market, f->markets, f->bank};
	const double value[] = {2, 1, 1};
	for (size_t i = 0; i < 3; i++)
		ck_assert_int_eq(nv_matrix_add_row(&f->training.rows, &word[i], &value[i], 1, &err), NV_OK);
	ck_assert_int_eq(nv_training_shares(&f->training, &err), NV_OK);
}

static void teardown(fixture *f)
{
	nv_matrix_release(&f->training.rows);
	nv_matrix_release(&f->training.share);
	nv_columns_release(&f->training.share_columns);
	nv_free(f->training.mean_share);
	nv_built_free(f->training.built);
	nv_corpus_free(f->corpus);
}

static size_t length(const fixture *f, uint32_t word)
{
	return (size_t)(f->training.share.start[word + 1] - f->training.share.start[word]);
}

static void has_shares(const fixture *f, uint32_t word, size_t n, double share)
{
	ck_assert_uint_eq(length(f, word), n);
	for (size_t i = 0; i < n; i++)
		ck_assert_double_eq_tol(f->training.share.value[f->training.share.start[word] + i], share, 1e-6);
}

/* The five n-grams stand in three articles by the sum of the words' document frequencies, one more than in truth. */
START_TEST(own_idf)
{
	fixture f;
	setup(&f, true);
	double gram = 1 + log(6.0 / 4), market = gram / (1 + log(6.0 / 3)), markets = gram / (1 + log(6.0 / 2));
	ck_assert_uint_eq(f.training.share.n_column, 5);
	has_shares(&f, f.market, 5, market);
	has_shares(&f, f.markets, 5, markets);
	has_shares(&f, f.bank, 0, 0);
	for (size_t g = 0; g < 5; g++)
		ck_assert_double_eq_tol(f.training.mean_share[g], (2 * market + markets) / 4, 1e-6);
	teardown(&f);
}
END_TEST

START_TEST(without_idf)
{
	fixture f;
	setup(&f, false);
	has_shares(&f, f.market, 5, 1);
	has_shares(&f, f.markets, 5, 1);
	teardown(&f);
}
END_TEST

static Suite *shares_suite(void)
{
	Suite *suite = suite_create("shares");
	NV_CASE(suite, "Core", own_idf, without_idf);
	return suite;
}

NV_CHECK_MAIN(shares_suite)
