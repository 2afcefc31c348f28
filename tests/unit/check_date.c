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
	const char *bad[] = {
		"",           "21",      "202a",    "2021-3",     "2021/03",    "2021/03/04", "2021-03/04", "2021-03-04T00:00",
		"2020-13-45", "2020-13", "2020-00", "2020-01-00", "2020-01-32", "2021-04-31", "-202",       "2021- 1",
		"2021-0a-01"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!nv_is_date(nv_str_of(bad[i])), "%s", bad[i]);
	ck_assert(!nv_is_date(nv_str_of(NULL)));
}
END_TEST

START_TEST(days_of_times)
{
	static const char *const good[][2] = {{"2021-03-04T10:00:00Z", "2021-03-04"},
	                                      {"2021-03-04", "2021-03-04"},
	                                      {" Thu, 04 Mar 2021 23:10:00 -0500", "2021-03-04"},
	                                      {"4 march 2021", "2021-03-04"},
	                                      {"Mon,\n 9 Sep 99 10:00 GMT", "1999-09-09"},
	                                      {"29 Feb 24", "2024-02-29"}};
	static const char *const bad[] = {"",
	                                  "yesterday",
	                                  "2021",
	                                  "2021-13-04T10:00",
	                                  "Thu, 31 Apr 2021 10:00:00 GMT",
	                                  "04 Mai 2021",
	                                  "Thu, Mar 04 2021",
	                                  "4 Mar 021",
	                                  "4 Mar",
	                                  "999999999999 Mar 2021",
	                                  "4 Mar 99999999999",
	                                  "0 Mar 2021",
	                                  "Thu,"};
	char day[NV_DAY_SIZE];
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		ck_assert_msg(nv_date_of_time(nv_str_of(good[i][0]), day), "%s", good[i][0]);
		ck_assert_str_eq(day, good[i][1]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!nv_date_of_time(nv_str_of(bad[i]), day), "%s", bad[i]);
	ck_assert(!nv_date_of_time((nv_str){NULL, 0}, day));
}
END_TEST

static Suite *date_suite(void)
{
	Suite *suite = suite_create("date");
	NV_CASE(suite, "Core", dates_of_three_lengths, leap_years, days_of_times);
	NV_CASE(suite, "Errors", all_else);
	return suite;
}

NV_CHECK_MAIN(date_suite)
