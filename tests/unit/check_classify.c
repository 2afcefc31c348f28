/* SPDX-License-Identifier: Apache-2.0 */
#include "classify/classify.h"

#include "check_main.h"
#include "small_model.h"

#include <math.h>

static nv_model *model;
static nv_scratch *scratch;
static nv_result *result;

static void setup(void)
{
	model = small_model();
	ck_assert_int_eq(nv_scratch_new(&scratch, model, NULL), NV_OK);
	ck_assert_int_eq(nv_result_new(&result, model, NULL), NV_OK);
}

static void teardown(void)
{
	nv_result_free(result);
	nv_scratch_free(scratch);
	nv_model_free(model);
}

static void classify(const char *text, const nv_field *field, size_t n_field)
{
	nv_article article = {.text = nv_str_of(text), .field = field, .n_field = n_field};
	ck_assert_int_eq(nv_classify(model, &article, scratch, result, NULL), NV_OK);
}

static double logistic(double x)
{
	return 1 / (1 + exp(-x));
}

/* An article without words has the biases as margins: topics -1, -0.75, -0.5; tone -0.25, 0, 0.25; desk 0.5, 0.75. */
START_TEST(test_probabilities)
{
	classify("", NULL, 0);
	ck_assert(isnan(nv_result_coverage(result)));
	for (int l = 0; l < 3; l++) {
		double m = -1 + 0.25 * l, p = logistic((1 + l) * m + 0.5 - l);
		ck_assert_double_eq(nv_result_margin(result, 0, l), m);
		ck_assert_double_eq_tol(nv_result_p(result, 0, l), p, 1e-12);
		ck_assert_int_eq(nv_result_chosen(result, 0, l), p >= (l == 2 ? 0.25 : 0.5));
	}
	double sum = exp(-0.25) + 1 + exp(0.25);
	ck_assert_double_eq_tol(nv_result_p(result, 1, 2), exp(0.25) / sum, 1e-12);
	ck_assert(nv_result_chosen(result, 1, 2) && !nv_result_chosen(result, 1, 0) && !nv_result_chosen(result, 1, 1));
	ck_assert_double_eq_tol(nv_result_score(result, 1), (exp(-0.25) - exp(0.25)) / sum, 1e-12);
	ck_assert_double_eq_tol(nv_result_p(result, 2, 0), 0.6 / 1.6, 1e-12);
	ck_assert(nv_result_chosen(result, 2, 1));
	ck_assert(isnan(nv_result_score(result, 0)));
}
END_TEST

START_TEST(test_where)
{
	nv_str moon = nv_str_of("moon"), sun = nv_str_of("sun");
	nv_field match = {nv_str_of("target"), NV_FIELD_STRING, &moon, 1}, other = match, missing = match;
	other.value = &sun;
	missing.kind = NV_FIELD_MISSING;
	missing.n_value = 0;
	classify("chips", NULL, 0);
	ck_assert(nv_result_applies(result, 1));
	classify("chips", &match, 1);
	ck_assert(nv_result_applies(result, 1));
	classify("chips", &missing, 1);
	ck_assert(nv_result_applies(result, 1));
	classify("chips", &other, 1);
	ck_assert(!nv_result_applies(result, 1));
	ck_assert(nv_result_applies(result, 0) && nv_result_applies(result, 2));
}
END_TEST

START_TEST(test_ties)
{
	static const double equal_y[] = {0.5, 0.5, 0.5, 0.5, 0.5};
	model->task[2].calibration.knot_y = equal_y;
	classify("", NULL, 0);
	ck_assert_double_eq(nv_result_p(result, 2, 0), nv_result_p(result, 2, 1));
	ck_assert(nv_result_chosen(result, 2, 1)); /* margin 0.75 above 0.5 */
	static const double equal_bias[SMALL_SCORES] = {0};
	model->bias = equal_bias;
	classify("", NULL, 0);
	ck_assert(nv_result_chosen(result, 2, 0) && !nv_result_chosen(result, 2, 1));
}
END_TEST

START_TEST(test_untrained)
{
	model->task[0].trained = model->task[1].trained = false;
	classify("chips", NULL, 0);
	for (int l = 0; l < 3; l++) {
		ck_assert(isnan(nv_result_p(result, 0, l)) && !nv_result_chosen(result, 0, l));
		ck_assert(!nv_result_chosen(result, 1, l));
	}
	ck_assert(isnan(nv_result_score(result, 1)));
}
END_TEST

START_TEST(test_out_of_range)
{
	classify("chips", NULL, 0);
	ck_assert(isnan(nv_result_p(result, 3, 0)) && isnan(nv_result_p(result, 0, 3)) && isnan(nv_result_margin(result, 9, 9)));
	ck_assert(!nv_result_chosen(result, 0, 3) && !nv_result_applies(result, 3));
	nv_scratch_free(NULL);
	nv_result_free(NULL);
	nv_model_free(NULL);
}
END_TEST

START_TEST(test_result_of_another_model)
{
	nv_model *other = small_model();
	nv_article article = {.text = nv_str_of("chips")};
	nv_error err = {0};
	ck_assert_int_eq(nv_classify(other, &article, scratch, result, &err), NV_E_USAGE);
	nv_model_free(other);
}
END_TEST

static Suite *classify_suite(void)
{
	Suite *suite = suite_create("classify");
	TCase *core = tcase_create("Core"), *limits = tcase_create("Limits"), *errors = tcase_create("Errors");
	TCase *all[] = {core, limits, errors};
	for (int i = 0; i < 3; i++) {
		tcase_add_checked_fixture(all[i], setup, teardown);
		suite_add_tcase(suite, all[i]);
	}
	tcase_add_test(core, test_probabilities);
	tcase_add_test(core, test_where);
	tcase_add_test(core, test_ties);
	tcase_add_test(limits, test_untrained);
	tcase_add_test(limits, test_out_of_range);
	tcase_add_test(errors, test_result_of_another_model);
	return suite;
}

NV_CHECK_MAIN(classify_suite)
