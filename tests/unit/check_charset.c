/* SPDX-License-Identifier: Apache-2.0 */
#include "data/charset.h"

#include "check_main.h"
#include "faulty_alloc.h"

#include <string.h>

/* Converts in pieces of `step` bytes. */
static uint64_t convert(const char *name, const char *bytes, size_t len, size_t step, nv_buf *out)
{
	nv_charset *charset;
	ck_assert_int_eq(nv_charset_new(&charset, nv_str_of(name), NULL), NV_OK);
	for (size_t at = 0; at < len; at += step)
		nv_charset_add(charset, bytes + at, len - at < step ? len - at : step, out);
	nv_charset_end(charset, out);
	uint64_t ill = nv_charset_ill_formed(charset);
	nv_charset_free(charset);
	return ill;
}

static void check(const char *name, const char *bytes, size_t len, const char *want, uint64_t ill)
{
	for (size_t step = 1; step <= len; step++) {
		nv_buf out = NV_BUF_INIT;
		ck_assert_uint_eq(convert(name, bytes, len, step, &out), ill);
		ck_assert_str_eq(nv_buf_cstr(&out), want);
		nv_buf_release(&out);
	}
}

START_TEST(encodings_of_the_web)
{
	check("windows-1252",
	      "\x93"
	      "caf\xE9\x94 \x80"
	      "5",
	      10,
	      "\xE2\x80\x9C"
	      "caf\xC3\xA9\xE2\x80\x9D \xE2\x82\xAC"
	      "5",
	      0);
	check("utf-16le", "a\0\x3D\xD8\0\xDE", 6, "a\xF0\x9F\x98\x80", 0);
	check("shift_jis", "\x93\xFA\x96{", 4, "\xE6\x97\xA5\xE6\x9C\xAC", 0);
	check("UTF-8", "\xC3\xA9", 2, "\xC3\xA9", 0);
	ck_assert(nv_charset_is_utf8(nv_str_of("Utf-8")) && nv_charset_is_utf8(nv_str_of("UTF8")) &&
	          !nv_charset_is_utf8(nv_str_of("utf-16")));
}
END_TEST

START_TEST(wrong_bytes_become_marks)
{
	check("windows-1252", "a\x81z", 3, "a\xEF\xBF\xBDz", 1);
	check("utf-16le", "a\0b", 3, "a\xEF\xBF\xBD", 1);
	check("UTF-8", "\xE2\x82", 2, "\xEF\xBF\xBD\xEF\xBF\xBD", 2);
}
END_TEST

START_TEST(long_pieces)
{
	nv_buf in = NV_BUF_INIT, out = NV_BUF_INIT;
	for (int i = 0; i < 50000; i++)
		nv_buf_add(&in, "\xE9\xE8 ", 3);
	ck_assert_uint_eq(convert("windows-1252", in.ptr, in.len, 100000, &out), 0);
	ck_assert_uint_eq(out.len, 250000);
	nv_buf_release(&in);
	nv_buf_release(&out);
}
END_TEST

START_TEST(unknown_names)
{
	static const char *const wrong[] = {"",
	                                    "no such one",
	                                    "windows-1252//TRANSLIT",
	                                    "latin\xC3\xA9",
	                                    "x-unknown",
	                                    "a-name-that-is-longer-than-any-encoding-has-ever-had"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		nv_charset *charset = NULL;
		nv_error err = {0};
		ck_assert_int_eq(nv_charset_new(&charset, nv_str_of(wrong[i]), &err), NV_E_USAGE);
		ck_assert_ptr_null(charset);
		ck_assert_ptr_nonnull(strstr(err.message, "unknown encoding"));
	}
	nv_charset_free(NULL);
}
END_TEST

START_TEST(memory_may_end)
{
	nv_charset *charset = NULL;
	nv_buf out = NV_BUF_INIT;
	faulty_on(0);
	ck_assert_int_eq(nv_charset_new(&charset, nv_str_of("latin1"), NULL), NV_E_MEMORY);
	faulty_on(1);
	ck_assert_int_eq(nv_charset_new(&charset, nv_str_of("latin1"), NULL), NV_OK);
	nv_charset_add(charset, "\xE9", 1, &out);
	ck_assert(out.failed);
	nv_charset_free(charset);
	nv_buf_release(&out);
	ck_assert_int_eq(faulty_off(), 0);
}
END_TEST

static Suite *charset_suite(void)
{
	Suite *suite = suite_create("charset");
	NV_CASE(suite, "Core", encodings_of_the_web);
	NV_CASE(suite, "Limits", wrong_bytes_become_marks, long_pieces);
	NV_CASE(suite, "Errors", unknown_names, memory_may_end);
	return suite;
}

NV_CHECK_MAIN(charset_suite)
