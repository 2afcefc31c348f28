/* SPDX-License-Identifier: Apache-2.0 */
#include "check_main.h"

#include "base/numeric.h"
#include "eval/candidates.h"
#include "eval/search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two tasks: one whose label is told by a word, one whose label is told by nothing. */
static const char schema_text[] = "{\"tasks\": [{\"name\": \"topic\", \"kind\": \"multiclass\", \"field\": \"topic\"},"
								  "{\"name\": \"side\", \"kind\": \"stance\", \"field\": \"side\"}]}";

enum { N = 90, TEXT = 400 };

typedef struct making {
	char text[N][TEXT], id[N][8];
	nv_str topic[N], side[N];
	nv_field field[N][2];
	nv_article article[N];
	nv_schema *schema;
	nv_train_options options;
	char notes[20000];
} making;

static void make_article(making *m, size_t i)
{
	static const char *const words[2][5] = {{"moon", "rocket", "orbit", "crater", "probe"},
	                                        {"market", "shares", "profit", "bank", "bond"}};
	static const char *const sides[3] = {"favor", "none", "against"};
	nv_rng rng;
	nv_rng_init(&rng, 5, i);
	for (size_t k = 0, len = 0; k < 25; k++)
		len += (size_t)snprintf(m->text[i] + len, TEXT - len, "%s ", words[i % 2][nv_rng_below(&rng, 5)]);
	snprintf(m->id[i], sizeof m->id[i], "a%zu", i);
	m->topic[i] = nv_str_of(i % 2 ? "market" : "moon");
	m->side[i] = nv_str_of(sides[nv_rng_below(&rng, 3)]);
	m->field[i][0] = (nv_field){nv_str_of("topic"), NV_FIELD_STRING, &m->topic[i], 1};
	m->field[i][1] = (nv_field){nv_str_of("side"), NV_FIELD_STRING, &m->side[i], 1};
	m->article[i] =
		(nv_article){.id = nv_str_of(m->id[i]), .text = nv_str_of(m->text[i]), .field = m->field[i], .n_field = 2};
}

static making *made(int algorithm, bool search)
{
	making *m = calloc(1, sizeof *m);
	ck_assert_ptr_nonnull(m);
	for (size_t i = 0; i < N; i++)
		make_article(m, i);
	nv_option_defaults(nv_train_rows, nv_n_train_rows, &m->options);
	m->options.algorithm = algorithm;
	m->options.search = search;
	m->options.inner_folds = 3;
	m->options.threads = 1;
	ck_assert_int_eq(nv_schema_parse(&m->schema, nv_str_of(schema_text), "test", NULL), NV_OK);
	return m;
}

static void unmake(making *m)
{
	nv_schema_free(m->schema);
	free(m);
}

static void keep_note(void *user, const char *text)
{
	making *m = user;
	size_t len = strlen(m->notes);
	snprintf(m->notes + len, sizeof m->notes - len, "%s\n", text);
}

static nv_model *train(making *m, size_t n)
{
	nv_model *model = NULL;
	nv_error err = {0};
	const nv_notes notes = {keep_note, m};
	ck_assert_msg(nv_search_train(&model, m->schema, &m->options, m->article, n, NULL, &notes, &err) == NV_OK, "%s",
	              err.message);
	return model;
}

static bool recorded(const nv_model *model, const char *part)
{
	char *text = calloc(model->metadata.len + 1, 1);
	ck_assert_ptr_nonnull(text);
	memcpy(text, model->metadata.ptr, model->metadata.len);
	bool found = strstr(text, part) != NULL;
	free(text);
	return found;
}

static size_t lines_with(const char *text, const char *part)
{
	size_t n = 0;
	for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
		n++;
	return n;
}

START_TEST(test_auto_tries_every_algorithm)
{
	making *m = made(NV_ALGORITHM_AUTO, false);
	nv_model *model = train(m, N);
	ck_assert_uint_eq(lines_with(m->notes, "search, task topic: nb, alpha 0.1: accuracy "), 1);
	ck_assert_uint_eq(lines_with(m->notes, "search, task side: svm, c 1: mean F1 of favor and against "), 1);
	ck_assert_uint_eq(lines_with(m->notes, "\n"), 2 * (5 + 1));
	ck_assert(recorded(model, "\"search\":{\"folds\":3,\"tasks\":{\"topic\":{\"measure\":\"accuracy\""));
	ck_assert(recorded(model, "\"behind_best\":{\"value\":0,"));
	nv_model_free(model);
	unmake(m);
}
END_TEST

/* All candidates are right on every article: the simplest is taken, and the model is the one that it alone would give. */
START_TEST(test_simplest_of_equals)
{
	making *m = made(NV_ALGORITHM_AUTO, false), *plain = made(NV_ALGORITHM_NB, false);
	nv_model *model = train(m, N), *nb = train(plain, N);
	ck_assert_ptr_nonnull(strstr(m->notes, "search, task topic: chosen: nb, alpha 0.1\n"));
	for (size_t l = 0; l < 2; l++)
		ck_assert_double_eq(model->bias[l], nb->bias[l]);
	nv_model_free(nb);
	nv_model_free(model);
	unmake(plain);
	unmake(m);
}
END_TEST

START_TEST(test_search_of_one_algorithm)
{
	making *m = made(NV_ALGORITHM_SVM, true);
	nv_model *model = train(m, N);
	const char *const tried[] = {
		"topic: svm, c 1: ", "topic: svm, c 0.25: ", "topic: svm, c 4: ", "topic: svm, c 1, balanced: "};
	for (size_t i = 0; i < sizeof tried / sizeof *tried; i++)
		ck_assert_uint_eq(lines_with(m->notes, tried[i]), 1);
	ck_assert_ptr_null(strstr(m->notes, "nb, "));
	nv_model_free(model);
	unmake(m);
}
END_TEST

START_TEST(test_given_c_is_the_middle)
{
	making *m = made(NV_ALGORITHM_LOGREG, true);
	m->options.c = 2;
	nv_model *model = train(m, N);
	ck_assert_ptr_nonnull(strstr(m->notes, "topic: logreg, c 0.5: "));
	ck_assert_ptr_nonnull(strstr(m->notes, "topic: logreg, c 8: "));
	nv_model_free(model);
	unmake(m);
}
END_TEST

START_TEST(test_no_search)
{
	making *m = made(NV_ALGORITHM_SVM, false);
	nv_model *model = train(m, N);
	ck_assert_str_eq(m->notes, "");
	ck_assert(!recorded(model, "\"search\":{"));
	nv_model_free(model);
	unmake(m);
}
END_TEST

/* A clearly better candidate is taken though it is not the simplest; one within chance is not. */
START_TEST(test_choice)
{
	nv_candidates candidates;
	nv_train_options options;
	size_t best, chosen;
	nv_option_defaults(nv_train_rows, nv_n_train_rows, &options);
	options.algorithm = NV_ALGORITHM_AUTO;
	ck_assert_int_eq(nv_candidates_init(&candidates, &options, 1, NULL), NV_OK);
	ck_assert_uint_eq(candidates.n, 5);
	const double value[5] = {0.6, 0.78, 0.8, 0.79, 0.5};
	for (size_t i = 0; i < 5; i++) {
		candidates.item[i].score[0] = nv_figure_plain(value[i]);
		for (size_t d = 0; d < NV_SEARCH_DRAWS;
		     d++) /* the second swings against the third, the first goes along with it */
			candidates.item[i].draw[d] = value[i] + (i == 1 ? 0.03 : 0.01) * (d % 2 ? 1 : -1);
	}
	ck_assert_int_eq(nv_candidates_choose(&candidates, 0, &best, &chosen, NULL), NV_OK);
	ck_assert_uint_eq(best, 2);
	ck_assert_uint_eq(chosen, 1);
	for (size_t d = 0; d < NV_SEARCH_DRAWS; d++)
		candidates.item[1].draw[d] = candidates.item[2].draw[d] - 0.02;
	ck_assert_int_eq(nv_candidates_choose(&candidates, 0, &best, &chosen, NULL), NV_OK);
	ck_assert_uint_eq(chosen, 2);
	for (size_t i = 0; i < 5; i++)
		candidates.item[i].score[0].value = NAN;
	ck_assert_int_eq(nv_candidates_choose(&candidates, 0, &best, &chosen, NULL), NV_OK);
	ck_assert_uint_eq(chosen, 4);
	nv_candidates_release(&candidates);
}
END_TEST

START_TEST(test_too_few_articles)
{
	making *m = made(NV_ALGORITHM_AUTO, false);
	nv_model *model = NULL;
	nv_error err = {0};
	ck_assert_int_eq(nv_search_train(&model, m->schema, &m->options, m->article, 2, NULL, NULL, &err), NV_E_USAGE);
	ck_assert_ptr_nonnull(strstr(err.message, "folds"));
	ck_assert_ptr_null(model);
	unmake(m);
}
END_TEST

static int cancel(void *user, const char *phase, uint64_t done, uint64_t total)
{
	(void)user;
	(void)done;
	(void)total;
	return strcmp(phase, "search") == 0;
}

START_TEST(test_cancelled)
{
	making *m = made(NV_ALGORITHM_AUTO, true);
	nv_model *model = NULL;
	nv_error err = {0};
	const nv_progress progress = {cancel, NULL};
	ck_assert_int_eq(nv_search_train(&model, m->schema, &m->options, m->article, N, &progress, NULL, &err),
	                 NV_E_CANCELLED);
	ck_assert_ptr_null(model);
	unmake(m);
}
END_TEST

static Suite *search_suite(void)
{
	Suite *suite = suite_create("search");
	NV_CASE(suite, "Core", test_auto_tries_every_algorithm, test_simplest_of_equals, test_search_of_one_algorithm,
	        test_given_c_is_the_middle, test_no_search, test_choice);
	NV_CASE(suite, "Errors", test_too_few_articles, test_cancelled);
	return suite;
}

NV_CHECK_MAIN(search_suite)
