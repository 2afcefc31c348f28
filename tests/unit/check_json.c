/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include "check_main.h"
#include "json_at.h"
#include "faulty_alloc.h"

#include <math.h>
#include <string.h>

static nv_json *parse(const char *text)
{
	nv_json *root = NULL;
	nv_error err = {0};
	ck_assert_int_eq(nv_json_parse(&root, nv_str_of(text), "t.json", &err), NV_OK);
	return root;
}

START_TEST(reads_every_kind)
{
	nv_json *root = parse("\n{\"a\": [1, 2.5, \"x\", null, true], \"b\": {\"c\": false}}\n ");
	const nv_json *a = nv_json_member(root, "a");
	ck_assert_int_eq(nv_json_get_kind(root), NV_JSON_OBJECT);
	ck_assert_uint_eq(nv_json_size(root), 2);
	ck_assert_uint_eq(nv_json_size(a), 5);
	ck_assert_double_eq(nv_json_number(json_at(a, 1)), 2.5);
	ck_assert_str_eq(nv_json_string(json_at(a, 2)), "x");
	ck_assert_int_eq(nv_json_get_kind(json_at(a, 3)), NV_JSON_NULL);
	ck_assert(nv_json_true(json_at(a, 4)));
	const nv_json *c = nv_json_first(nv_json_member(root, "b"));
	ck_assert_str_eq(nv_json_name(c), "c");
	ck_assert_int_eq(nv_json_get_kind(c), NV_JSON_BOOL);
	ck_assert(!nv_json_true(c));
	nv_json_free(root);
}
END_TEST

START_TEST(names_are_exact_and_absence_is_null)
{
	nv_json *root = parse("{\"Name\": 1}");
	ck_assert_ptr_null(nv_json_member(root, "name"));
	ck_assert_ptr_null(nv_json_member(nv_json_member(root, "Name"), "x"));
	ck_assert_ptr_null(nv_json_string(nv_json_member(root, "Name")));
	ck_assert(isnan(nv_json_number(root)) && isnan(nv_json_number(NULL)));
	ck_assert_ptr_null(json_at(root, 1));
	ck_assert_uint_eq(nv_json_size(NULL), 0);
	nv_json_free(root);
	nv_json_free(NULL);
}
END_TEST

static void write_sample(nv_json_writer *w)
{
	nv_json_open(w, '{');
	nv_json_key(w, "a");
	nv_json_open(w, '[');
	nv_json_put_uint(w, 7);
	nv_json_put_number(w, 0.1);
	nv_json_put_number(w, NAN);
	nv_json_put_rounded(w, 0.12345, 3);
	nv_json_put_bool(w, true);
	nv_json_close(w, ']');
	nv_json_key(w, "b");
	nv_json_open(w, '{');
	nv_json_close(w, '}');
	nv_json_key(w, "c");
	nv_json_put_text(w, NULL);
	nv_json_key(w, "d");
	nv_json_put_raw(w, nv_str_of("[1]"));
	nv_json_close(w, '}');
}

START_TEST(writes_compact_and_indented)
{
	nv_buf buf = NV_BUF_INIT;
	nv_json_writer w;
	nv_json_begin(&w, &buf, 0);
	write_sample(&w);
	ck_assert_str_eq(nv_buf_cstr(&buf), "{\"a\":[7,0.1,null,0.123,true],\"b\":{},\"c\":null,\"d\":[1]}");
	nv_buf_clear(&buf);
	nv_json_begin(&w, &buf, 2);
	write_sample(&w);
	ck_assert_str_eq(nv_buf_cstr(&buf),
	                 "{\n  \"a\": [\n    7,\n    0.1,\n    null,\n    0.123,\n    true\n  ],\n  \"b\": {},\n"
	                 "  \"c\": null,\n  \"d\": [1]\n}");
	nv_buf_release(&buf);
}
END_TEST

static void expect_escaped(const char *bytes, size_t len, const char *want)
{
	nv_buf buf = NV_BUF_INIT;
	nv_json_escape(&buf, (nv_str){bytes, len});
	ck_assert_str_eq(nv_buf_cstr(&buf), want);
	nv_buf_release(&buf);
}

#define BAD "\xEF\xBF\xBD"

START_TEST(escapes_and_mends_utf8)
{
	expect_escaped("", 0, "\"\"");
	expect_escaped(NULL, 0, "\"\"");
	expect_escaped("a\"b\\c\n\t\x01\0z", 10, "\"a\\\"b\\\\c\\n\\t\\u0001\\u0000z\"");
	expect_escaped("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 9, "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"");
	expect_escaped("\x80", 1, "\"" BAD "\"");
	expect_escaped("\xE2\x82", 2, "\"" BAD "\""); /* cut at the end: one mark */
	expect_escaped("\xE2\x82z", 3, "\"" BAD "z\"");
	expect_escaped("\xC0\xAF", 2, "\"" BAD BAD "\"");                 /* overlong */
	expect_escaped("\xED\xA0\x80", 3, "\"" BAD BAD BAD "\"");         /* surrogate */
	expect_escaped("\xF4\x90\x80\x80", 4, "\"" BAD BAD BAD BAD "\""); /* above U+10FFFF */
}
END_TEST

START_TEST(too_deep_or_closed_too_often_fails)
{
	nv_buf buf = NV_BUF_INIT;
	nv_json_writer w;
	nv_json_begin(&w, &buf, 0);
	for (int i = 0; i < NV_JSON_DEPTH - 1; i++)
		nv_json_open(&w, '[');
	ck_assert(!buf.failed);
	nv_json_open(&w, '[');
	ck_assert(buf.failed);
	nv_buf_clear(&buf);
	nv_json_begin(&w, &buf, 0);
	nv_json_close(&w, ']');
	ck_assert(buf.failed);
	nv_buf_release(&buf);
}
END_TEST

START_TEST(errors_carry_line_and_byte)
{
	static const struct {
		const char *text;
		uint64_t line, byte;
	} bad[] = {
		{"", 1, 1}, {"{\"a\": 1} x", 1, 10}, {"{\"a\": 1}\n\n  {}", 3, 3}, {"[1,\n2,\n oops]", 3, 2}, {"[1", 1, 3},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		nv_json *root = NULL;
		nv_error err = {0};
		ck_assert_int_eq(nv_json_parse(&root, nv_str_of(bad[i].text), "s.json", &err), NV_E_INPUT);
		ck_assert_ptr_null(root);
		ck_assert_str_eq(err.path, "s.json");
		ck_assert_uint_eq(err.line, bad[i].line);
		ck_assert_msg(err.byte + 1 >= bad[i].byte && err.byte <= bad[i].byte, "%s: byte %d", bad[i].text,
		              (int)err.byte);
	}
	nv_json *root = NULL;
	ck_assert_int_eq(nv_json_parse(&root, (nv_str){"1\0", 2}, NULL, NULL), NV_E_INPUT);
}
END_TEST

START_TEST(out_of_memory_is_told_apart)
{
	const char *text = "{\"a\": [1, \"two\", {\"b\": null}]}";
	int code = NV_E_MEMORY;
	for (long n = 0; code == NV_E_MEMORY; n++) {
		nv_json *root = NULL;
		nv_error err = {0};
		faulty_on(n);
		code = nv_json_parse(&root, nv_str_of(text), NULL, &err);
		nv_json_free(root);
		ck_assert_int_eq(faulty_off(), 0);
		ck_assert(n > 3 || code == NV_E_MEMORY);
	}
	ck_assert_int_eq(code, NV_OK);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("json");
	NV_CASE(s, "Core", reads_every_kind, names_are_exact_and_absence_is_null, writes_compact_and_indented);
	NV_CASE(s, "Limits", escapes_and_mends_utf8, too_deep_or_closed_too_often_fails);
	NV_CASE(s, "Errors", errors_carry_line_and_byte, out_of_memory_is_told_apart);
	return s;
}

NV_CHECK_MAIN(suite)
