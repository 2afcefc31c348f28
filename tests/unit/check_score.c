/* SPDX-License-Identifier: Apache-2.0 */
#include "models/score.h"

#include "check_main.h"
#include "small_model.h"

#include <math.h>
#include <stdio.h>

#define EPS 1e-9

static double idf(uint32_t term)
{
	return 1 + log(11.0 / (1 + (8.0 - term)));
}

static nv_model *model;
static nv_scorer *scorer;
static double margin[SMALL_SCORES], coverage;

static void setup(void)
{
	model = small_model();
	ck_assert_int_eq(nv_scorer_new(&scorer, model, NULL), NV_OK);
}

static void teardown(void)
{
	nv_scorer_free(scorer);
	nv_model_free(model);
}

static void score(const char *title, const char *text)
{
	ck_assert_int_eq(nv_score(model, scorer, nv_str_of(title), nv_str_of(text), margin, &coverage, NULL), NV_OK);
}

/* Title "export ban" (2 each), text "ban": export 2, ban 3, export ban 2, of unit length. No sentence is about the target, so
 * view 1 sees the title alone, with counts 1. */
START_TEST(test_margins)
{
	const uint32_t term[] = {2, 3, 6};
	const double tf[] = {2, 3, 2};
	double value[3], square = 0;
	score("Export ban", "Ban.");
	for (int i = 0; i < 3; i++) {
		value[i] = (1 + log(tf[i])) * idf(term[i]);
		square += value[i] * value[i];
	}
	for (uint32_t s = 0; s < SMALL_SCORES; s++) {
		double want = small_bias(s);
		for (int i = 0; i < 3; i++)
			want += value[i] / sqrt(square) * (double)small_weight(term[i], s);
		for (int i = 0; i < 3 && s >= 3 && s < 6; i++)
			want += (double)small_weight(term[i], s - 3);
		ck_assert_double_eq_tol(margin[s], want, EPS);
	}
	ck_assert_double_eq(coverage, 1);
}
END_TEST

/* View 1 counts the sentence about the moon and no other. */
START_TEST(test_about)
{
	double alone[SMALL_SCORES];
	score("", "Shares.");
	for (int s = 0; s < SMALL_SCORES; s++)
		alone[s] = margin[s];
	ck_assert_double_eq_tol(alone[3], small_bias(3) + (double)small_weight(4, 3), EPS);
	score("", "Shares. Moon ban.");
	double square = idf(4) * idf(4) + idf(5) * idf(5) + idf(3) * idf(3), want = small_bias(3);
	const uint32_t all[] = {4, 5, 3}, about[] = {5, 3};
	for (int i = 0; i < 3; i++)
		want += idf(all[i]) / sqrt(square) * (double)small_weight(all[i], 3);
	for (int i = 0; i < 2; i++)
		want += (double)small_weight(about[i], 0);
	ck_assert_double_eq_tol(margin[3], want, EPS);
}
END_TEST

/* What n-grams give the word in a column, for each unit of its value; 3 is its idf. */
static double weight_of_unknown(const char *word, uint32_t column)
{
	nv_subword_list known, own;
	nv_subword_list_init(&known);
	nv_subword_list_init(&own);
	ck_assert_int_eq(nv_subwords_of(nv_str_of("market"), (nv_range){3, 4}, &known, NULL), NV_OK);
	ck_assert_int_eq(nv_subwords_of(nv_str_of(word), (nv_range){3, 4}, &own, NULL), NV_OK);
	double u = 0;
	for (size_t i = 0; i < own.n; i++)
		for (uint32_t k = 0; k < known.n; k++)
			if (known.gram[k] == own.gram[i])
				u += (double)small_weight(k, column);
	u = u / 3 + (double)small_weight((uint32_t)known.n, column); /* the last row is every unknown word's */
	nv_subword_list_release(&known);
	nv_subword_list_release(&own);
	return u;
}

/* "marker" shares <ma mar ark rke <mar mark arke of market's n-grams. Task 0 counts it in the row's length, with the idf of
 * a word of one article; the others do not. */
START_TEST(test_unknown_word)
{
	double one = weight_of_unknown("marker", 1) * 3 / (3 - log(2)), six = weight_of_unknown("marker", 6);
	ck_assert_double_gt(fabs(one), 0.1);
	ck_assert_double_gt(fabs(six), 0.1);
	score("", "marker");
	ck_assert_double_eq_tol(margin[1], small_bias(1) + one, 1e-6);
	ck_assert_double_eq_tol(margin[6], small_bias(6) + 3 * six, 1e-6);
	ck_assert_double_eq(coverage, 0);
	score("", "marker marker");
	ck_assert_double_eq_tol(margin[1], small_bias(1) + one, 1e-6);
	ck_assert_double_eq_tol(margin[6], small_bias(6) + (1 + log(2)) * 3 * six, 1e-6);
}
END_TEST

/* Beside a known word: for task 0 both are divided by the length of both. */
START_TEST(test_unknown_beside_known)
{
	double known = idf(3), unknown = 3 * (1 + log(2)), length = (3 - log(2)) * (1 + log(2));
	double whole = sqrt(known * known + length * length);
	score("", "marker ban marker");
	double want = known * (double)small_weight(3, 1) + unknown * weight_of_unknown("marker", 1);
	ck_assert_double_eq_tol(margin[1], small_bias(1) + want / whole, 1e-6);
	want = known * (double)small_weight(3, 6) + unknown * weight_of_unknown("marker", 6);
	ck_assert_double_eq_tol(margin[6], small_bias(6) + want / known, 1e-6);
}
END_TEST

/* Rows of counts have no length. */
START_TEST(test_unknown_among_counts)
{
	model->view[0].weighting = NV_WEIGHT_COUNT;
	model->view[0].normalize = 0;
	score("", "marker ban marker");
	double want = small_bias(1) + (double)small_weight(3, 1) + 2 * weight_of_unknown("marker", 1);
	ck_assert_double_eq_tol(margin[1], want, 1e-6);
}
END_TEST

/* More n-grams than are listed at once: what each word adds is what --explain shows of it. */
START_TEST(test_many_unknown_words)
{
	nv_buf text = NV_BUF_INIT;
	for (int i = 0; i < 900; i++)
		nv_buf_addf(&text, "marker%dmark ", i);
	score("", nv_buf_cstr(&text));
	for (uint32_t s = 0; s < SMALL_SCORES; s++) {
		const nv_contribution *term;
		size_t n;
		double sum = small_bias(s);
		ck_assert_int_eq(nv_score_explain(model, scorer, s, &term, &n, NULL), NV_OK);
		for (size_t i = 0; i < n; i++)
			sum += term[i].value;
		ck_assert(n == 900 || s != 1);
		ck_assert_double_eq_tol(margin[s], sum, 1e-9 * (1 + fabs(sum)));
	}
	nv_buf_release(&text);
}
END_TEST

START_TEST(test_explain)
{
	score("Chips market: marker markets", "Moon ban and marker. Export ban on chips market shares.");
	for (uint32_t s = 0; s < SMALL_SCORES; s++) {
		const nv_contribution *term;
		size_t n;
		double sum = small_bias(s);
		bool unknown = false, bigram = false;
		ck_assert_int_eq(nv_score_explain(model, scorer, s, &term, &n, NULL), NV_OK);
		ck_assert_uint_gt(n, 0);
		for (size_t i = 0; i < n; i++) {
			sum += term[i].value;
			unknown |= nv_str_is(term[i].term, "marker");
			bigram |= nv_str_is(term[i].term, "export ban");
			for (size_t j = 0; j < i; j++)
				ck_assert(!nv_str_eq(term[i].term, term[j].term));
		}
		ck_assert_double_eq_tol(sum, margin[s], 1e-6 * fabs(margin[s]));
		ck_assert(unknown || s != 1);
		ck_assert(bigram || s > 1);
	}
}
END_TEST

START_TEST(test_nothing_to_score)
{
	score("", " ... ");
	ck_assert(isnan(coverage));
	for (uint32_t s = 0; s < SMALL_SCORES; s++)
		ck_assert_double_eq(margin[s], small_bias(s));
}
END_TEST

/* A scorer that has seen other articles gives the same bits as a new one. */
START_TEST(test_no_memory_of_others)
{
	double first[SMALL_SCORES];
	score("Marker", "markdown chips");
	for (int s = 0; s < SMALL_SCORES; s++)
		first[s] = margin[s];
	for (int i = 0; i < 500; i++) {
		char text[64];
		snprintf(text, sizeof text, "mark%d moon%d shares market", i, i * 7);
		score(text, text);
	}
	score("Marker", "markdown chips");
	for (int s = 0; s < SMALL_SCORES; s++)
		ck_assert(first[s] == margin[s]);
}
END_TEST

static Suite *score_suite(void)
{
	Suite *suite = suite_create("score");
	TCase *core = tcase_create("Core"), *limits = tcase_create("Limits");
	tcase_add_checked_fixture(core, setup, teardown);
	tcase_add_checked_fixture(limits, setup, teardown);
	tcase_add_test(core, test_margins);
	tcase_add_test(core, test_about);
	tcase_add_test(core, test_unknown_word);
	tcase_add_test(core, test_unknown_beside_known);
	tcase_add_test(core, test_unknown_among_counts);
	tcase_add_test(core, test_explain);
	tcase_add_test(limits, test_many_unknown_words);
	tcase_add_test(limits, test_nothing_to_score);
	tcase_add_test(limits, test_no_memory_of_others);
	suite_add_tcase(suite, core);
	suite_add_tcase(suite, limits);
	return suite;
}

NV_CHECK_MAIN(score_suite)
