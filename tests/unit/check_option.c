/* SPDX-License-Identifier: Apache-2.0 */
#include "base/option.h"

#include "check_main.h"

#include <math.h>
#include <string.h>

typedef struct sample {
	int64_t folds;
	double alpha;
	int kind;
	nv_range subwords, ngrams;
	char name[NV_OPTION_TEXT_MAX];
	bool strict;
} sample;

#define ROW(option, kind_, member, low_, high_, words, first, kept)                                                    \
	{                                                                                                                  \
		.name = option, .group = "Test", .type = kind_, .offset = offsetof(sample, member), .low = low_,               \
		.high = high_, .choices = words, .initial = first, .help = "…", .commands = NV_COMMAND_TRAIN, .in_model = kept \
	}

static const nv_option_row rows[] = {
	ROW("folds", NV_OPTION_INT, folds, 2, 100, "N", "5", true),
	ROW("alpha", NV_OPTION_REAL, alpha, 0, INFINITY, "X", "0.1", true),
	ROW("kind", NV_OPTION_CHOICE, kind, 0, 0, "nb|logreg|svm", "logreg", true),
	ROW("subwords", NV_OPTION_RANGE, subwords, 0, 8, "A-B", "off", true),
	ROW("ngrams", NV_OPTION_RANGE, ngrams, 1, 5, "A-B", "1-2", true),
	ROW("name", NV_OPTION_TEXT, name, 0, 0, "FILE", "", false),
	ROW("strict", NV_OPTION_FLAG, strict, 0, 0, NULL, "no", true),
};
enum { N_ROW = sizeof rows / sizeof *rows };

static int set(sample *o, const char *name, const char *value, nv_error *err)
{
	return nv_option_set(nv_option_find(rows, N_ROW, name), o, value, err);
}

static void expect(const sample *o, const char *name, const char *want)
{
	nv_buf buf = NV_BUF_INIT;
	nv_option_get(nv_option_find(rows, N_ROW, name), o, &buf);
	ck_assert_str_eq(nv_buf_cstr(&buf), want);
	nv_buf_release(&buf);
}

START_TEST(defaults_come_from_the_table)
{
	sample o;
	memset(&o, 0xAA, sizeof o);
	nv_option_defaults(rows, N_ROW, &o);
	ck_assert_int_eq(o.folds, 5);
	ck_assert_double_eq(o.alpha, 0.1);
	ck_assert_int_eq(o.kind, 1);
	ck_assert(o.subwords.low == 0 && o.subwords.high == 0);
	ck_assert(o.ngrams.low == 1 && o.ngrams.high == 2);
	ck_assert_str_eq(o.name, "");
	ck_assert(!o.strict);
	for (size_t i = 0; i < N_ROW; i++)
		expect(&o, rows[i].name, rows[i].initial);
}
END_TEST

START_TEST(values_go_in_and_come_back)
{
	static const char *const pairs[][2] = {{"folds", "18"}, {"alpha", "1e-05"},   {"kind", "svm"},  {"subwords", "3-5"},
	                                       {"ngrams", "3"}, {"name", "a b.json"}, {"strict", "yes"}};
	sample o;
	nv_option_defaults(rows, N_ROW, &o);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		ck_assert_int_eq(set(&o, pairs[i][0], pairs[i][1], NULL), NV_OK);
		expect(&o, pairs[i][0], pairs[i][1]);
	}
	ck_assert_int_eq(set(&o, "strict", "no", NULL), NV_OK);
	ck_assert_int_eq(set(&o, "strict", NULL, NULL), NV_OK);
	ck_assert(o.strict);
	ck_assert_ptr_null(nv_option_find(rows, N_ROW, "fold"));
}
END_TEST

START_TEST(saved_options_load_back)
{
	sample o, back;
	nv_buf buf = NV_BUF_INIT;
	nv_json_writer w;
	nv_json *root = NULL;
	nv_option_defaults(rows, N_ROW, &o);
	nv_option_defaults(rows, N_ROW, &back);
	set(&o, "alpha", "0.25", NULL);
	set(&o, "subwords", "3-5", NULL);
	set(&o, "name", "not in the model", NULL);
	nv_json_begin(&w, &buf, 0);
	nv_json_open(&w, '{');
	nv_option_save(rows, N_ROW, &o, &w);
	nv_json_close(&w, '}');
	ck_assert_str_eq(nv_buf_cstr(&buf), "{\"folds\":\"5\",\"alpha\":\"0.25\",\"kind\":\"logreg\",\"subwords\":\"3-5\","
	                                    "\"ngrams\":\"1-2\",\"strict\":\"no\"}");
	ck_assert_int_eq(nv_json_parse(&root, (nv_str){buf.ptr, buf.len}, NULL, NULL), NV_OK);
	ck_assert_int_eq(nv_option_load(rows, N_ROW, &back, root, NULL), NV_OK);
	ck_assert_double_eq(back.alpha, 0.25);
	ck_assert_int_eq(back.subwords.high, 5);
	ck_assert_str_eq(back.name, "");
	nv_json_free(root);
	nv_buf_release(&buf);
}
END_TEST

START_TEST(values_outside_the_range_are_refused)
{
	static const char *const bad[][2] = {
		{"folds", "1"},    {"folds", "101"},    {"folds", "5x"},     {"folds", ""},      {"folds", "2.0"},
		{"alpha", "-1"},   {"alpha", "nan"},    {"alpha", "0x1"},    {"kind", "NB"},     {"kind", "nb|logreg"},
		{"kind", ""},      {"subwords", "5-3"}, {"subwords", "3-9"}, {"subwords", "3-"}, {"subwords", "-3"},
		{"ngrams", "off"}, {"ngrams", "0-2"},   {"strict", "1"},     {"strict", ""},
	};
	sample o, before;
	memset(&o, 0, sizeof o);
	nv_option_defaults(rows, N_ROW, &o);
	before = o;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		nv_error err = {0};
		ck_assert_msg(set(&o, bad[i][0], bad[i][1], &err) == NV_E_USAGE, "%s %s", bad[i][0], bad[i][1]);
		ck_assert_ptr_nonnull(strstr(err.message, bad[i][0]));
	}
	ck_assert_mem_eq(&o, &before, sizeof o);
	ck_assert_int_eq(set(&o, "folds", NULL, NULL), NV_E_USAGE);
}
END_TEST

START_TEST(long_texts)
{
	char text[NV_OPTION_TEXT_MAX + 1];
	sample o;
	memset(text, 'x', sizeof text);
	text[NV_OPTION_TEXT_MAX] = '\0';
	ck_assert_int_eq(set(&o, "name", text, NULL), NV_E_USAGE);
	text[NV_OPTION_TEXT_MAX - 1] = '\0';
	ck_assert_int_eq(set(&o, "name", text, NULL), NV_OK);
	ck_assert_str_eq(o.name, text);
}
END_TEST

START_TEST(messages_say_what_is_taken)
{
	sample o;
	nv_error err = {0};
	set(&o, "folds", "1", &err);
	ck_assert_str_eq(err.message, "--folds takes a whole number from 2 to 100, not \"1\"");
	nv_error_clear(&err);
	set(&o, "alpha", "x", &err);
	ck_assert_str_eq(err.message, "--alpha takes a number of at least 0, not \"x\"");
	nv_error_clear(&err);
	set(&o, "subwords", "x", &err);
	ck_assert_str_eq(err.message, "--subwords takes A-B or A, each from 0 to 8, or off, not \"x\"");
}
END_TEST

START_TEST(a_model_with_strange_options_is_refused)
{
	static const char *const bad[] = {"{\"unknown\": \"1\"}", "{\"folds\": 5}", "{\"folds\": \"1\"}",
	                                  "{\"name\": \"x\"}"};
	sample o;
	nv_option_defaults(rows, N_ROW, &o);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		nv_json *root = NULL;
		ck_assert_int_eq(nv_json_parse(&root, nv_str_of(bad[i]), NULL, NULL), NV_OK);
		ck_assert_int_eq(nv_option_load(rows, N_ROW, &o, root, NULL), NV_E_MODEL);
		nv_json_free(root);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("option");
	NV_CASE(s, "Core", defaults_come_from_the_table, values_go_in_and_come_back, saved_options_load_back);
	NV_CASE(s, "Limits", values_outside_the_range_are_refused, long_texts);
	NV_CASE(s, "Errors", messages_say_what_is_taken, a_model_with_strange_options_is_refused);
	return s;
}

NV_CHECK_MAIN(suite)
