/* SPDX-License-Identifier: Apache-2.0
 *
 * printf and strtod write and read the locale's decimal point, which a host program may have set: it is swapped on the way.
 */
#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_INPUT 128

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t skip_digits(nv_str text, size_t at)
{
	while (at < text.len && is_digit(text.ptr[at]))
		at++;
	return at;
}

static bool has_sign(nv_str text, size_t at)
{
	return at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+');
}

/* Checks [+-]digits[.digits][e[+-]digits] with at least a digit before or after the point, which goes to *point (or len). */
static bool scan_number(nv_str text, size_t *point)
{
	size_t start = has_sign(text, 0) ? 1 : 0, at = skip_digits(text, start), digits = at - start;
	*point = text.len;
	if (at < text.len && text.ptr[at] == '.') {
		*point = at;
		size_t end = skip_digits(text, at + 1);
		digits += end - (at + 1);
		at = end;
	}
	if (digits == 0)
		return false;
	if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
		start = at + 1 + (has_sign(text, at + 1) ? 1 : 0);
		at = skip_digits(text, start);
		if (at == start)
			return false;
	}
	return at == text.len;
}

bool nv_number_parse(nv_str text, double *out)
{
	char copy[LONGEST_INPUT + 16];
	size_t point;
	if (text.len == 0 || text.len > LONGEST_INPUT || !scan_number(text, &point))
		return false;
	memcpy(copy, text.ptr, point);
	size_t len = point;
	if (point < text.len) {
		const char *local = localeconv()->decimal_point;
		size_t local_len = strlen(local);
		if (local_len > 8)
			return false;
		memcpy(copy + len, local, local_len);
		len += local_len;
		memcpy(copy + len, text.ptr + point + 1, text.len - point - 1);
		len += text.len - point - 1;
	}
	copy[len] = '\0';
	double value = strtod(copy, NULL);
	if (!isfinite(value))
		return false;
	*out = value;
	return true;
}

bool nv_number_parse_int(nv_str text, int64_t *out)
{
	size_t at = has_sign(text, 0) ? 1 : 0;
	bool negative = at == 1 && text.ptr[0] == '-';
	int64_t value = 0;
	if (at == text.len || skip_digits(text, at) != text.len)
		return false;
	for (; at < text.len; at++) {
		int64_t digit = text.ptr[at] - '0';
		if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
		    __builtin_add_overflow(value, negative ? -digit : digit, &value))
			return false;
	}
	*out = value;
	return true;
}

/* Makes what printf took for the decimal point, maybe of several bytes, a '.'. */
static size_t plain_point(char *buf, size_t len)
{
	size_t start = 0;
	while (start < len && (is_digit(buf[start]) || strchr("+-eE", buf[start])))
		start++;
	if (start == len)
		return len;
	size_t end = start + 1;
	while (end < len && !is_digit(buf[end]))
		end++;
	buf[start] = '.';
	memmove(buf + start + 1, buf + end, len - end);
	len -= end - start - 1;
	buf[len] = '\0';
	return len;
}

size_t nv_number_format_uint(char buf[NV_NUMBER_TEXT], uint64_t n)
{
	char reversed[24];
	size_t len = 0;
	do
		reversed[len++] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	for (size_t i = 0; i < len; i++)
		buf[i] = reversed[len - 1 - i];
	buf[len] = '\0';
	return len;
}

static size_t put_word(char *buf, const char *word)
{
	size_t len = strlen(word);
	memcpy(buf, word, len + 1);
	return len;
}

size_t nv_number_format(char buf[NV_NUMBER_TEXT], double x)
{
	if (!isfinite(x))
		return put_word(buf, isnan(x) ? "nan" : x > 0 ? "inf" : "-inf");
	if (fabs(x) < 1e15 && floor(x) == x) {
		size_t sign = x < 0 ? 1 : 0;
		buf[0] = '-';
		return sign + nv_number_format_uint(buf + sign, (uint64_t)fabs(x));
	}
	int len = 0;
	for (int digits = 15; digits <= 17; digits++) {
		len = snprintf(buf, NV_NUMBER_TEXT, "%.*g", digits, x);
		if (strtod(buf, NULL) == x)
			break;
	}
	return plain_point(buf, (size_t)len);
}

static size_t drop_zeros(char *buf, size_t len)
{
	if (!memchr(buf, '.', len))
		return len;
	while (buf[len - 1] == '0')
		len--;
	if (buf[len - 1] == '.')
		len--;
	buf[len] = '\0';
	return len;
}

static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

size_t nv_number_format_rounded(char buf[NV_NUMBER_TEXT], double x, int decimals)
{
	if (!isfinite(x))
		return nv_number_format(buf, x);
	double scaled = fabs(x) * powers[decimals];
	if (scaled >= 4e15) {
		int printed = snprintf(buf, NV_NUMBER_TEXT, "%.*f", decimals, x);
		return drop_zeros(buf, plain_point(buf, (size_t)printed));
	}
	uint64_t rounded = (uint64_t)(scaled + 0.5), unit = (uint64_t)powers[decimals];
	size_t sign = x < 0 && rounded > 0 ? 1 : 0;
	buf[0] = '-';
	size_t len = sign + nv_number_format_uint(buf + sign, rounded / unit);
	if (decimals == 0)
		return len;
	buf[len] = '.';
	uint64_t rest = rounded % unit;
	for (int i = decimals; i > 0; i--, rest /= 10)
		buf[len + (size_t)i] = (char)('0' + rest % 10);
	return drop_zeros(buf, len + 1 + (size_t)decimals);
}
