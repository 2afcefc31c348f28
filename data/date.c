/* SPDX-License-Identifier: Apache-2.0 */
#include "data/date.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The number in text[from..from + n); -1 if not all are digits. */
static int number_at(nv_str text, size_t from, size_t n)
{
	int number = 0;
	for (size_t i = from; i < from + n; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return -1;
		number = 10 * number + (text.ptr[i] - '0');
	}
	return number;
}

static int days_of(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return days[month - 1] + (month == 2 && leap);
}

bool nv_is_date(nv_str text)
{
	if (text.len != 4 && text.len != 7 && text.len != 10)
		return false;
	int year = number_at(text, 0, 4), month = 1, day = 1;
	if (text.len >= 7)
		month = text.ptr[4] == '-' ? number_at(text, 5, 2) : -1;
	if (text.len == 10)
		day = text.ptr[7] == '-' ? number_at(text, 8, 2) : -1;
	return year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= days_of(year, month);
}

/* ---- Days out of times ---- */

static nv_str skip_to(nv_str s, size_t n)
{
	n = n < s.len ? n : s.len;
	s = (nv_str){s.ptr + n, s.len - n};
	while (s.len > 0 && (*s.ptr == ' ' || *s.ptr == '\t' || *s.ptr == '\n' || *s.ptr == '\r')) {
		s.ptr++;
		s.len--;
	}
	return s;
}

static size_t count_digits(nv_str s)
{
	size_t n = 0;
	while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9')
		n++;
	return n;
}

/* 1 to 12 by an English name's first three letters; 0: none. */
static int month_of(nv_str s)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	for (size_t i = 0; s.len >= 3 && i < 12; i++) {
		if (strncasecmp(s.ptr, names + 3 * i, 3) == 0)
			return (int)i + 1;
	}
	return 0;
}

static size_t count_letters(nv_str s)
{
	size_t n = 0;
	while (n < s.len && (s.ptr[n] | 0x20) >= 'a' && (s.ptr[n] | 0x20) <= 'z')
		n++;
	return n;
}

/* Years of two digits are those of 1950 to 2049 (RFC 5322, section 4.3). */
static int full_year(int year, size_t digits)
{
	return digits == 4 ? year : digits != 2 ? -1 : year < 50 ? 2000 + year : 1900 + year;
}

static bool day_of_mail(nv_str s, char day[NV_DAY_SIZE])
{
	const char *comma = s.len > 0 ? memchr(s.ptr, ',', s.len) : NULL;
	s = skip_to(s, comma ? (size_t)(comma + 1 - s.ptr) : 0);
	size_t digits = count_digits(s);
	int number = digits == 1 || digits == 2 ? number_at(s, 0, digits) : -1;
	s = skip_to(s, digits);
	int month = month_of(s);
	s = skip_to(s, count_letters(s));
	digits = count_digits(s);
	int year = full_year(digits <= 4 ? number_at(s, 0, digits) : -1, digits);
	if (number < 1 || month == 0 || year < 0 || number > days_of(year, month))
		return false;
	snprintf(day, NV_DAY_SIZE, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100, (unsigned)number % 100);
	return true;
}

bool nv_date_of_time(nv_str text, char day[NV_DAY_SIZE])
{
	nv_str s = skip_to(text, 0), first = {s.ptr, 10};
	if (s.len < 10 || !nv_is_date(first))
		return day_of_mail(s, day);
	memcpy(day, s.ptr, 10);
	day[10] = '\0';
	return true;
}
