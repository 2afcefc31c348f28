/* SPDX-License-Identifier: Apache-2.0 */
#include "data/date.h"

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
