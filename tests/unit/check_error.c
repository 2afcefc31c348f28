/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include "check_main.h"

#include <errno.h>
#include <string.h>

START_TEST(fills_code_message_and_place)
{
	nv_error err = {0};
	ck_assert_int_eq(nv_fail_at(&err, NV_E_RECORD, "a.jsonl", 7, 12, "bad %s", "title"), NV_E_RECORD);
	ck_assert_int_eq(err.code, NV_E_RECORD);
	ck_assert_str_eq(err.message, "bad title");
	ck_assert_str_eq(err.path, "a.jsonl");
	ck_assert_uint_eq(err.line, 7);
	ck_assert_uint_eq(err.byte, 12);
}
END_TEST

START_TEST(first_cause_is_kept)
{
	nv_error err = {0};
	nv_fail(&err, NV_E_INPUT, "first");
	ck_assert_int_eq(nv_fail(&err, NV_E_IO, "second"), NV_E_IO);
	ck_assert_int_eq(err.code, NV_E_INPUT);
	ck_assert_str_eq(err.message, "first");
	nv_error_clear(&err);
	ck_assert_int_eq(err.code, NV_OK);
	nv_fail_memory(&err);
	ck_assert_str_eq(err.message, "out of memory");
}
END_TEST

START_TEST(format_leaves_out_what_is_not_known)
{
	char text[64];
	nv_error err = {0};
	nv_fail(&err, NV_E_USAGE, "what");
	ck_assert_str_eq(nv_error_format(&err, text, sizeof text), "what");
	nv_error_place(&err, "p", 0, 0);
	ck_assert_str_eq(nv_error_format(&err, text, sizeof text), "p: what");
	nv_error_place(&err, "p", 3, 1);
	ck_assert_str_eq(nv_error_format(&err, text, sizeof text), "p:3: what");
	err.path[0] = '\0';
	ck_assert_str_eq(nv_error_format(&err, text, sizeof text), "line 3: what");
}
END_TEST

START_TEST(place_is_not_overwritten)
{
	nv_error err = {0};
	nv_fail_at(&err, NV_E_INPUT, "inner", 2, 1, "x");
	nv_error_place(&err, "outer", 9, 9);
	ck_assert_str_eq(err.path, "inner");
	ck_assert_uint_eq(err.line, 2);
	nv_error other = {0};
	nv_fail_at(&other, NV_E_INPUT, "inner", 0, 0, "x");
	nv_error_place(&other, "outer", 9, 9);
	ck_assert_uint_eq(other.line, 0);
}
END_TEST

START_TEST(long_texts_are_cut_between_characters)
{
	char text[2 * NV_ERROR_PATH + 1], small[8];
	nv_error err = {0};
	for (size_t i = 0; i + 1 < sizeof text; i += 2)
		memcpy(text + i, "\xC3\xA9", 2);
	text[sizeof text - 1] = '\0';
	nv_fail_at(&err, NV_E_INPUT, text, 0, 0, "%s", text);
	size_t path_len = strlen(err.path), message_len = strlen(err.message);
	ck_assert_uint_eq(path_len, NV_ERROR_PATH - 2); /* 511 would cut a character */
	ck_assert_uint_eq(message_len, NV_ERROR_TEXT - 2);
	ck_assert_int_eq((unsigned char)err.path[0], 0xC3);
	ck_assert_int_eq((unsigned char)err.message[message_len - 1], 0xA9);
	ck_assert_uint_eq(strlen(nv_error_format(&err, small, sizeof small)), 6);
	ck_assert_ptr_eq(nv_error_format(&err, small, 0), small);
}
END_TEST

START_TEST(control_characters_do_not_reach_a_terminal)
{
	nv_error err = {0};
	char text[64];
	nv_fail_at(&err, NV_E_INPUT, "a\x1b[2J", 0, 0, "one\ntwo\x1b[1m\x7f");
	ck_assert_str_eq(err.message, "one two?[1m?");
	ck_assert_str_eq(nv_error_format(&err, text, sizeof text), "a?[2J: one two?[1m?");
}
END_TEST

START_TEST(null_error_is_fine)
{
	ck_assert_int_eq(nv_fail(NULL, NV_E_IO, "x"), NV_E_IO);
	ck_assert_int_eq(nv_fail_memory(NULL), NV_E_MEMORY);
	ck_assert_int_eq(nv_fail_errno(NULL, NV_E_IO, "p", EIO, "x"), NV_E_IO);
	nv_error_place(NULL, "p", 1, 1);
	nv_error_clear(NULL);
}
END_TEST

START_TEST(system_errors_are_told_in_words)
{
	nv_error err = {0};
	nv_fail_errno(&err, NV_E_INPUT, "gone", ENOENT, "can't open");
	ck_assert_str_eq(err.message, "can't open: No such file or directory");
	ck_assert_str_eq(err.path, "gone");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("error");
	NV_CASE(s, "Core", fills_code_message_and_place, first_cause_is_kept, format_leaves_out_what_is_not_known,
	        place_is_not_overwritten);
	NV_CASE(s, "Limits", long_texts_are_cut_between_characters, control_characters_do_not_reach_a_terminal);
	NV_CASE(s, "Errors", null_error_is_fine, system_errors_are_told_in_words);
	return s;
}

NV_CHECK_MAIN(suite)
