/* SPDX-License-Identifier: Apache-2.0 */
#include "data/normalize.h"
#include "tests/unit/check_main.h"

#include <string.h>

/* text is a string literal: it may hold NULs. */
#define ck_normalizes(text, expected) check_normalizes(text, sizeof(text) - 1, expected, sizeof(expected) - 1, 0)
#define ck_normalizes_bad(text, expected, ill_formed) \
	check_normalizes(text, sizeof(text) - 1, expected, sizeof(expected) - 1, ill_formed)

static void check_normalizes(const char *text, size_t len, const char *expected, size_t expected_len,
                             uint64_t ill_formed)
{
	nv_buf out = NV_BUF_INIT;
	uint64_t bad = 0;
	nv_normalize((nv_str){text, len}, &out, &bad);
	nv_str got = {out.ptr, out.len}, want = {expected, expected_len};
	ck_assert_msg(nv_str_eq(got, want), "\"%s\" gave \"%s\", not \"%s\"", text, nv_buf_cstr(&out), expected);
	ck_assert_uint_eq(bad, ill_formed);
	nv_buf_release(&out);
}

START_TEST(letters_are_folded)
{
	ck_normalizes("", "");
	ck_normalizes("The U.S. AI Act", "the u.s. ai act");
	ck_normalizes("STRASSE Stra\u00DFe", "strasse strasse");
	ck_normalizes("\u00C9cole", "\u00E9cole");
	ck_normalizes("\uFF21\uFF22\uFF11", "ab1"); /* full width */
	ck_normalizes("\uFB01ne", "fine");          /* ligature */
	ck_normalizes("\u0130", "i\u0307");
	ck_normalizes("\uD55C", "\uD55C");
}
END_TEST

START_TEST(marks_compose_with_their_base)
{
	ck_normalizes("cafe\u0301", "caf\u00E9");
	ck_normalizes("E\u0301", "\u00E9");
	ck_normalizes("e&#769;t", "\u00E9t");
	ck_normalizes("a\u0323\u0302", "\u1EAD");
	ck_normalizes("a\u0302\u0323", "\u1EAD"); /* reordered first */
	ck_normalizes("\u1112\u1161\u11AB", "\uD55C");
	ck_normalizes("\u0627\u0653", "\u0622");
	ck_normalizes("\u09C7\u09BE", "\u09CB"); /* both without a combining class */
}
END_TEST

START_TEST(punctuation_becomes_plain)
{
	ck_normalizes("\u201CIt\u2019s\u201D \u2014 5\u201310", "\"it's\" - 5-10");
	ck_normalizes("\u00ABoui\u00BB\u2026", "\"oui\"...");
	ck_normalizes("a\u00ADb\u200Bc\uFEFFd", "abcd");
	ck_normalizes("a\u00A0b", "a b");
}
END_TEST

START_TEST(entities_are_decoded_once)
{
	ck_normalizes("AT&amp;T", "at&t");
	ck_normalizes("&amp;lt;", "&lt;");
	ck_normalizes("don&#8217;t &Eacute;", "don't \u00E9");
	ck_normalizes("R&D & x; &", "r&d & x; &");
}
END_TEST

START_TEST(ill_formed_bytes_are_replaced_and_counted)
{
	ck_normalizes_bad("a\xFF" "b", "a\uFFFDb", 1);
	ck_normalizes_bad("\xE2\x80", "\uFFFD", 2);
	ck_normalizes_bad("\xE2\x80" "A", "\uFFFDa", 2);
	ck_normalizes_bad("\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD", 3); /* a surrogate */
	ck_normalizes_bad("\xC0\xAF", "\uFFFD\uFFFD", 2);           /* overlong */
	ck_normalizes_bad("\xF0\x9F\x98", "\uFFFD", 3);
	ck_normalizes_bad("\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD", 4);
	ck_normalizes("x\0y", "x\0y");
}
END_TEST

START_TEST(marks_beyond_thirty_are_dropped)
{
	nv_buf text = NV_BUF_INIT, out = NV_BUF_INIT;
	uint64_t bad = 0;
	nv_buf_add_str(&text, "q");
	for (int i = 0; i < 10000; i++)
		nv_buf_add_str(&text, "\u0301");
	nv_buf_add_str(&text, "z");
	nv_normalize((nv_str){text.ptr, text.len}, &out, &bad);
	ck_assert_uint_eq(out.len, 1 + 30 * 2 + 1);
	ck_assert_int_eq(out.ptr[out.len - 1], 'z');
	nv_buf_release(&text);
	nv_buf_release(&out);
}
END_TEST

START_TEST(classes)
{
	ck_assert_int_eq(nv_char_class_of('a'), NV_CHAR_WORD);
	ck_assert_int_eq(nv_char_class_of('_'), NV_CHAR_WORD);
	ck_assert_int_eq(nv_char_class_of(0x0301), NV_CHAR_WORD);
	ck_assert_int_eq(nv_char_class_of(0x0416), NV_CHAR_WORD);
	ck_assert_int_eq(nv_char_class_of(0x4E2D), NV_CHAR_IDEOGRAPH);
	ck_assert_int_eq(nv_char_class_of(0xD55C), NV_CHAR_WORD); /* Korean has spaces */
	ck_assert_int_eq(nv_char_class_of(0x3002), NV_CHAR_STOP);
	ck_assert_int_eq(nv_char_class_of('\n'), NV_CHAR_SPACE);
	ck_assert_int_eq(nv_char_class_of(0x2003), NV_CHAR_SPACE);
	ck_assert_int_eq(nv_char_class_of('-'), NV_CHAR_OTHER);
	ck_assert_int_eq(nv_char_class_of(0xFFFD), NV_CHAR_OTHER);
}
END_TEST

static Suite *normalize_suite(void)
{
	Suite *suite = suite_create("normalize");
	NV_CASE(suite, "Core", letters_are_folded, marks_compose_with_their_base, punctuation_becomes_plain,
	        entities_are_decoded_once, classes);
	NV_CASE(suite, "Limits", marks_beyond_thirty_are_dropped);
	NV_CASE(suite, "Errors", ill_formed_bytes_are_replaced_and_counted);
	return suite;
}

NV_CHECK_MAIN(normalize_suite)
