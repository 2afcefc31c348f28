/* SPDX-License-Identifier: Apache-2.0 */
#include "data/date.h"

#include "check_main.h"

START_TEST(dates_of_three_lengths)
{
	const char *good[] = {"2021", "0000", "2021-03", "2021-12", "2021-03-04", "2021-01-31", "2021-04-30"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ck_assert_msg(nv_is_date(nv_str_of(good[i])), "%s", good[i]);
}
END_TEST

START_TEST(leap_years)
{
	ck_assert(nv_is_date(nv_str_of("2024-02-29")) && nv_is_date(nv_str_of("2000-02-29")));
	ck_assert(!nv_is_date(nv_str_of("2023-02-29")) && !nv_is_date(nv_str_of("1900-02-29")));
}
END_TEST

START_TEST(all_else)
{
	const char *bad[] = {"", "21", "202a", "2021-3", "2021/03", "2021/03/04", "2021-03/04", "2021-03-04T00:00", "2020-13-45", "2020-13",
	                     "2020-00", "2020-01-00", "2020-01-32", "2021-04-31", "-202", "2021- 1", "2021-0a-01"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!nv_is_date(nv_str_of(bad[i])), "%s", bad[i]);
	ck_assert(!nv_is_date(nv_str_of(NULL)));
}
END_TEST

static Suite *date_suite(void)
{
	Suite *suite = suite_create("date");
	NV_CASE(suite, "Core", dates_of_three_lengths, leap_years);
	NV_CASE(suite, "Errors", all_else);
	return suite;
}

NV_CHECK_MAIN(date_suite)
