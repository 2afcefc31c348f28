/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"

#include "base/numeric.h"

#include "check_main.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *shortest(double x)
{
	static char text[NV_NUMBER_TEXT];
	ck_assert_uint_eq(nv_number_format(text, x), strlen(text));
	return text;
}

static const char *rounded(double x, int decimals)
{
	static char text[NV_NUMBER_TEXT];
	ck_assert_uint_eq(nv_number_format_rounded(text, x, decimals), strlen(text));
	return text;
}

START_TEST(shortest_texts)
{
	ck_assert_str_eq(shortest(0.0), "0");
	ck_assert_str_eq(shortest(-0.0), "0");
	ck_assert_str_eq(shortest(-17), "-17");
	ck_assert_str_eq(shortest(0.1), "0.1");
	ck_assert_str_eq(shortest(1.0 / 3), "0.3333333333333333");
	ck_assert_str_eq(shortest(0.1 + 0.2), "0.30000000000000004");
	ck_assert_str_eq(shortest(1e300), "1e+300");
	ck_assert_str_eq(shortest(NAN), "nan");
	ck_assert_str_eq(shortest(-INFINITY), "-inf");
}
END_TEST

START_TEST(texts_read_back_equal)
{
	nv_rng rng;
	nv_rng_init(&rng, 1, 0);
	for (int i = 0; i < 20000; i++) {
		uint64_t bits = nv_rng_next(&rng);
		double x, back = 0;
		memcpy(&x, &bits, sizeof x);
		if (!isfinite(x))
			continue;
		ck_assert(nv_number_parse(nv_str_of(shortest(x)), &back));
		ck_assert(back == x);
	}
}
END_TEST

START_TEST(rounds_halves_away_and_drops_zeros)
{
	ck_assert_str_eq(rounded(0.5, 0), "1");
	ck_assert_str_eq(rounded(0.125, 2), "0.13");
	ck_assert_str_eq(rounded(-0.125, 2), "-0.13");
	ck_assert_str_eq(rounded(0.97001, 3), "0.97");
	ck_assert_str_eq(rounded(-0.0001, 3), "0");
	ck_assert_str_eq(rounded(12, 4), "12");
	ck_assert_str_eq(rounded(0.999999, 4), "1");
	ck_assert_str_eq(rounded(1.0625, 6), "1.0625");
	ck_assert_str_eq(rounded(100, 2), "100");
	ck_assert_str_eq(rounded(1e20, 2), "100000000000000000000");
	ck_assert_str_eq(rounded(INFINITY, 2), "inf");
}
END_TEST

START_TEST(the_locale_does_not_matter)
{
	double x = 0;
	if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "fr_FR.UTF-8"))
		return; /* not installed here */
	ck_assert_str_eq(shortest(0.1 + 0.2), "0.30000000000000004");
	ck_assert_str_eq(rounded(1e16 + 0.5, 3), "10000000000000000");
	ck_assert(nv_number_parse(nv_str_of("2.5e-1"), &x) && x == 0.25);
	ck_assert(!nv_number_parse(nv_str_of("2,5"), &x));
	setlocale(LC_NUMERIC, "C");
}
END_TEST

START_TEST(extremes)
{
	char text[NV_NUMBER_TEXT];
	int64_t n = 0;
	double x = 1;
	nv_number_format_uint(text, UINT64_MAX);
	ck_assert_str_eq(text, "18446744073709551615");
	ck_assert(nv_number_parse_int(nv_str_of("-9223372036854775808"), &n) && n == INT64_MIN);
	ck_assert(nv_number_parse_int(nv_str_of("+9223372036854775807"), &n) && n == INT64_MAX);
	ck_assert(nv_number_parse(nv_str_of("1e-400"), &x) && x == 0);
	ck_assert(nv_number_parse(nv_str_of(".5"), &x) && x == 0.5);
	ck_assert(nv_number_parse(nv_str_of("5."), &x) && x == 5);
}
END_TEST

START_TEST(what_is_no_number_is_refused)
{
	static const char *const bad[] = {"",   "-",  ".",   "1e",    "1e+", "0x10",  "inf", "nan",
	                                  " 1", "1 ", "1,5", "1.2.3", "--1", "1e400", "1_0"};
	double x = 7;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!nv_number_parse(nv_str_of(bad[i]), &x), "%s", bad[i]);
	ck_assert(x == 7);
	static const char *const bad_int[] = {"",   "+", "1.0", "1e3", "9223372036854775808", "-9223372036854775809",
	                                      " 1", "1x"};
	int64_t n = 7;
	for (size_t i = 0; i < sizeof bad_int / sizeof *bad_int; i++)
		ck_assert_msg(!nv_number_parse_int(nv_str_of(bad_int[i]), &n), "%s", bad_int[i]);
	ck_assert(n == 7);
	ck_assert(!nv_number_parse((nv_str){"1\0", 2}, &x));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("number");
	NV_CASE(s, "Core", shortest_texts, texts_read_back_equal, rounds_halves_away_and_drops_zeros,
	        the_locale_does_not_matter);
	NV_CASE(s, "Limits", extremes);
	NV_CASE(s, "Errors", what_is_no_number_is_refused);
	return s;
}

NV_CHECK_MAIN(suite)
