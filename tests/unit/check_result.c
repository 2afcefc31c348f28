/* SPDX-License-Identifier: Apache-2.0 */
#include "classify/result.h"

#include "base/json.h"
#include "check_main.h"
#include "json_at.h"
#include "small_model.h"

#include <math.h>
#include <string.h>

static nv_model *model;
static nv_scratch *scratch;
static nv_result *result;
static nv_buf out;

static void setup(void)
{
	model = small_model();
	ck_assert_int_eq(nv_scratch_new(&scratch, model, NULL), NV_OK);
	ck_assert_int_eq(nv_result_new(&result, model, NULL), NV_OK);
	out = (nv_buf)NV_BUF_INIT;
}

static void teardown(void)
{
	nv_buf_release(&out);
	nv_result_free(result);
	nv_scratch_free(scratch);
	nv_model_free(model);
}

/* Sets p and chosen by hand, so that the text can be told. */
static void set(const double p[SMALL_SCORES], const uint8_t chosen[SMALL_SCORES])
{
	memcpy(result->p, p, SMALL_SCORES * sizeof *p);
	memcpy(result->chosen, chosen, SMALL_SCORES);
	memset(result->applies, 1, 3);
}

static const char *line(int to, const char *id)
{
	nv_result_format *format;
	nv_article article = {.id = nv_str_of(id)};
	ck_assert_int_eq(nv_result_format_new(&format, model, to, 0, NULL), NV_OK);
	nv_buf_clear(&out);
	nv_result_header(format, &out);
	ck_assert_int_eq(nv_result_write(format, &article, result, scratch, &out, NULL), NV_OK);
	nv_result_format_free(format);
	return nv_buf_cstr(&out);
}

static const double some_p[] = {0.97, 0.4100004, 0.0000004, 0.7, 0.22, 0.08, 1, 0};
static const uint8_t some_chosen[] = {1, 1, 0, 1, 0, 0, 1, 0};

START_TEST(test_jsonl)
{
	set(some_p, some_chosen);
	result->coverage = 0.93;
	ck_assert_str_eq(line(NV_TO_JSONL, "a\"1"),
	                 "{\"id\": \"a\\\"1\", \"coverage\": 0.93, \"predictions\": {"
	                 "\"topics\": {\"labels\": [\"chips\", \"money\"], \"p\": {\"chips\": 0.97, \"money\": 0.41, \"space\": 0}}, "
	                 "\"tone\": {\"label\": \"favor\", \"score\": 0.62, \"p\": {\"favor\": 0.7, \"none\": 0.22, \"against\": 0.08}}, "
	                 "\"desk\": {\"label\": \"a, b\", \"p\": {\"a, b\": 1, \"c\\\"d\": 0}}}}\n");
}
END_TEST

START_TEST(test_csv)
{
	set(some_p, some_chosen);
	ck_assert_str_eq(line(NV_TO_CSV, "x,1"),
	                 "id,topics,topics.p.chips,topics.p.money,topics.p.space,tone,tone.score,tone.p.favor,tone.p.none,"
	                 "tone.p.against,desk,\"desk.p.a, b\",\"desk.p.c\"\"d\"\n"
	                 "\"x,1\",chips|money,0.97,0.41,0,favor,0.62,0.7,0.22,0.08,\"a, b\",1,0\n");
}
END_TEST

START_TEST(test_tsv)
{
	set(some_p, some_chosen);
	const char *text = line(NV_TO_TSV, "x\t\n1");
	ck_assert_str_eq(strchr(text, '\n') + 1, "x  1\tchips|money\t0.97\t0.41\t0\tfavor\t0.62\t0.7\t0.22\t0.08\ta, b\t1\t0\n");
}
END_TEST

START_TEST(test_what_does_not_apply)
{
	set(some_p, some_chosen);
	result->applies[1] = 0;
	result->coverage = NAN;
	const char *text = line(NV_TO_JSONL, "a");
	ck_assert(!strstr(text, "tone"));
	ck_assert(strstr(text, "\"coverage\": null, "));
	ck_assert(strstr(text, "0}}, \"desk\""));
	ck_assert(strstr(line(NV_TO_CSV, "a"), "a,chips|money,0.97,0.41,0,,,,,,\"a, b\",1,0\n"));
	memset(result->applies, 0, 3);
	ck_assert_str_eq(line(NV_TO_JSONL, "a"), "{\"id\": \"a\", \"coverage\": null, \"predictions\": {}}\n");
}
END_TEST

START_TEST(test_numbers)
{
	const double p[] = {0.9999996, 0.1234565, 0.000001, 1e-300, 0.5, 0.499999, NAN, NAN};
	const uint8_t chosen[8] = {0};
	set(p, chosen);
	ck_assert(strstr(line(NV_TO_CSV, "a"), "\na,,1,0.123457,0.000001,,-0.499999,0,0.5,0.499999,,,\n"));
	const char *json = line(NV_TO_JSONL, "a");
	ck_assert(strstr(json, "\"labels\": []"));
	ck_assert(strstr(json, "\"desk\": {\"label\": null, \"p\": {\"a, b\": null, \"c\\\"d\": null}}"));
}
END_TEST

static const nv_json *why_of(const nv_json *root, const char *task, const char *label)
{
	return nv_json_member(nv_json_member(nv_json_member(root, "why"), task), label);
}

static void check_why(const nv_json *why, double margin, size_t k)
{
	double sum = nv_json_number(nv_json_member(why, "bias")), last = INFINITY;
	const nv_json *terms = nv_json_member(why, "terms");
	ck_assert_uint_eq(nv_json_size(terms), k);
	for (const nv_json *at = nv_json_first(terms); at; at = nv_json_next(at)) {
		double value = nv_json_number(json_at(at, 1));
		ck_assert_double_le(fabs(value), last);
		last = fabs(value);
		sum += value;
	}
	sum += nv_json_number(nv_json_member(why, "rest"));
	ck_assert_double_eq(nv_json_number(nv_json_member(why, "margin")), margin);
	ck_assert_double_eq_tol(sum, margin, 1e-6 * fabs(margin));
}

START_TEST(test_explain)
{
	nv_result_format *format;
	nv_json *root;
	nv_article article = {.id = nv_str_of("1"), .title = nv_str_of("Chips market"), .text = nv_str_of("Export ban, marker shares.")};
	ck_assert_int_eq(nv_result_format_new(&format, model, NV_TO_JSONL, 2, NULL), NV_OK);
	ck_assert_int_eq(nv_classify(model, &article, scratch, result, NULL), NV_OK);
	ck_assert_int_eq(nv_result_write(format, &article, result, scratch, &out, NULL), NV_OK);
	ck_assert_int_eq(nv_json_parse(&root, (nv_str){out.ptr, out.len}, "line", NULL), NV_OK);
	check_why(why_of(root, "topics", "money"), nv_result_margin(result, 0, 1), 2);
	check_why(why_of(root, "tone", "against"), nv_result_margin(result, 1, 2), 2);
	const nv_json *first = json_at(nv_json_member(why_of(root, "topics", "money"), "terms"), 0);
	ck_assert_str_eq(nv_json_string(json_at(first, 0)), "chips market");
	nv_json_free(root);
	nv_result_format_free(format);
}
END_TEST

START_TEST(test_explain_wants_json)
{
	nv_result_format *format;
	nv_error err = {0};
	ck_assert_int_eq(nv_result_format_new(&format, model, NV_TO_CSV, 3, &err), NV_E_USAGE);
	ck_assert_ptr_null(format);
	nv_result_format_free(NULL);
}
END_TEST

static Suite *result_suite(void)
{
	Suite *suite = suite_create("result");
	TCase *core = tcase_create("Core"), *limits = tcase_create("Limits"), *errors = tcase_create("Errors");
	TCase *all[] = {core, limits, errors};
	for (int i = 0; i < 3; i++) {
		tcase_add_checked_fixture(all[i], setup, teardown);
		suite_add_tcase(suite, all[i]);
	}
	tcase_add_test(core, test_jsonl);
	tcase_add_test(core, test_csv);
	tcase_add_test(core, test_tsv);
	tcase_add_test(core, test_explain);
	tcase_add_test(limits, test_what_does_not_apply);
	tcase_add_test(limits, test_numbers);
	tcase_add_test(errors, test_explain_wants_json);
	return suite;
}

NV_CHECK_MAIN(result_suite)
