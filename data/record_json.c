/* SPDX-License-Identifier: Apache-2.0 */
#include "data/record_json.h"

#include "data/json_string.h"

#include <string.h>

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* ---- Reading ---- */

void nv_pull_init(nv_pull *pull, const char *bytes, size_t len)
{
	memset(pull, 0, sizeof *pull);
	pull->at = bytes;
	pull->end = len ? bytes + len : bytes;
}

bool nv_pull_fail(nv_pull *pull, const char *message)
{
	if (!pull->message)
		pull->message = message;
	return false;
}

int nv_pull_peek(nv_pull *pull)
{
	const char *at = pull->at, *end = pull->end;
	while (at < end && is_space(*at))
		at++;
	pull->at = at;
	return at < end ? (unsigned char)*at : -1;
}

static bool fail_or_end(nv_pull *pull, const char *message)
{
	return nv_pull_fail(pull, pull->at < pull->end ? message : "it ends too early");
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static inline bool is_escape(char c)
{
	return c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r' || c == 't';
}

/* at stands on a backslash. */
static bool take_escape(nv_pull *pull)
{
	const char *at = pull->at;
	if (pull->end - at < 2) {
		pull->at = pull->end;
		return fail_or_end(pull, NULL);
	}
	if (at[1] != 'u') {
		if (!is_escape(at[1]))
			return nv_pull_fail(pull, "an unknown escape in a string");
		pull->at += 2;
		return true;
	}
	for (int i = 2; i < 6; i++) {
		if (at + i >= pull->end || !is_hex(at[i]))
			return nv_pull_fail(pull, "\\u without four hexadecimal digits");
	}
	pull->at += 6;
	return true;
}

/* at stands on the opening quote. */
static bool take_string(nv_pull *pull)
{
	const char *start = ++pull->at;
	pull->escaped = false;
	for (;;) {
		pull->at = nv_find_special(pull->at, pull->end);
		if (pull->at == pull->end)
			return nv_pull_fail(pull, "a string without its closing quote");
		if (*pull->at == '"')
			break;
		if (*pull->at != '\\')
			return nv_pull_fail(pull, "a control character inside a string");
		pull->escaped = true;
		if (!take_escape(pull))
			return false;
	}
	pull->raw = (nv_str){start, (size_t)(pull->at - start)};
	pull->at++;
	return true;
}

static bool take_digits(nv_pull *pull)
{
	const char *start = pull->at;
	while (pull->at < pull->end && is_digit(*pull->at))
		pull->at++;
	return pull->at > start || fail_or_end(pull, "a digit is missing in a number");
}

static bool next_is(const nv_pull *pull, char a, char b)
{
	return pull->at < pull->end && (*pull->at == a || *pull->at == b);
}

static bool take_number(nv_pull *pull)
{
	const char *start = pull->at;
	if (*pull->at == '-')
		pull->at++;
	if (next_is(pull, '0', '0'))
		pull->at++;
	else if (!take_digits(pull))
		return false;
	if (next_is(pull, '.', '.')) {
		pull->at++;
		if (!take_digits(pull))
			return false;
	}
	if (next_is(pull, 'e', 'E')) {
		pull->at++;
		if (next_is(pull, '+', '-'))
			pull->at++;
		if (!take_digits(pull))
			return false;
	}
	pull->raw = (nv_str){start, (size_t)(pull->at - start)};
	return true;
}

static nv_pull_kind take_literal(nv_pull *pull, const char *word, nv_pull_kind kind)
{
	size_t len = strlen(word);
	if ((size_t)(pull->end - pull->at) < len || memcmp(pull->at, word, len) != 0) {
		nv_pull_fail(pull, "expected a value");
		return NV_PULL_ERROR;
	}
	pull->at += len;
	return kind;
}

static nv_pull_kind open_bracket(nv_pull *pull, nv_pull_kind kind)
{
	if (pull->depth == NV_PULL_DEPTH) {
		nv_pull_fail(pull, "more than 512 levels");
		return NV_PULL_ERROR;
	}
	pull->at++;
	pull->depth++;
	pull->fresh = true;
	return kind;
}

nv_pull_kind nv_pull_value(nv_pull *pull)
{
	if (pull->message)
		return NV_PULL_ERROR;
	int c = nv_pull_peek(pull);
	switch (c) {
	case '"':
		return take_string(pull) ? NV_PULL_STRING : NV_PULL_ERROR;
	case '{':
		return open_bracket(pull, NV_PULL_OBJECT);
	case '[':
		return open_bracket(pull, NV_PULL_ARRAY);
	case 't':
		return take_literal(pull, "true", NV_PULL_TRUE);
	case 'f':
		return take_literal(pull, "false", NV_PULL_FALSE);
	case 'n':
		return take_literal(pull, "null", NV_PULL_NULL);
	default:
		if (c == '-' || (c >= '0' && c <= '9'))
			return take_number(pull) ? NV_PULL_NUMBER : NV_PULL_ERROR;
		fail_or_end(pull, "expected a value");
		return NV_PULL_ERROR;
	}
}

static int close_bracket(nv_pull *pull)
{
	pull->at++;
	pull->depth--;
	pull->fresh = false;
	return 0;
}

/* Reads the comma before all items but the first, or the closing bracket: 1, 0 or -1 as nv_pull_member. */
static int next_item(nv_pull *pull, char closing, const char *message)
{
	if (pull->message)
		return -1;
	int c = nv_pull_peek(pull);
	if (c == closing)
		return close_bracket(pull);
	if (!pull->fresh) {
		if (c != ',') {
			fail_or_end(pull, message);
			return -1;
		}
		pull->at++;
	}
	pull->fresh = false;
	return 1;
}

int nv_pull_member(nv_pull *pull)
{
	int more = next_item(pull, '}', "expected ',' or '}'");
	if (more <= 0)
		return more;
	if (nv_pull_peek(pull) != '"') {
		fail_or_end(pull, "expected a name in double quotes");
		return -1;
	}
	if (!take_string(pull))
		return -1;
	if (nv_pull_peek(pull) != ':') {
		fail_or_end(pull, "expected ':' after a name");
		return -1;
	}
	pull->at++;
	return 1;
}

int nv_pull_element(nv_pull *pull)
{
	return next_item(pull, ']', "expected ',' or ']'");
}

bool nv_pull_skip_rest(nv_pull *pull, nv_pull_kind kind)
{
	int more;
	if (kind == NV_PULL_OBJECT) {
		while ((more = nv_pull_member(pull)) > 0 && nv_pull_skip(pull))
			;
	} else {
		while ((more = nv_pull_element(pull)) > 0 && nv_pull_skip(pull))
			;
	}
	return more == 0;
}

/* Recursion is bounded by NV_PULL_DEPTH. */
bool nv_pull_skip(nv_pull *pull)
{
	nv_pull_kind kind = nv_pull_value(pull);
	if (kind == NV_PULL_OBJECT || kind == NV_PULL_ARRAY)
		return nv_pull_skip_rest(pull, kind);
	return kind != NV_PULL_ERROR;
}

/* ---- Scanning ---- */

/* Inside a string: behind its closing quote, or end. */
static const char *scan_string(nv_scan *scan, const char *at, const char *end)
{
	while (at < end) {
		if (scan->escape) {
			scan->escape = false;
			at++;
			continue;
		}
		at = nv_find_special(at, end);
		if (at == end)
			break;
		char c = *at++;
		if (c == '\\')
			scan->escape = true;
		if (c == '"') {
			scan->in_string = false;
			break;
		}
	}
	return at;
}

const char *nv_scan_element(nv_scan *scan, const char *at, const char *end)
{
	while (at < end) {
		if (scan->in_string) {
			at = scan_string(scan, at, end);
			continue;
		}
		char c = *at;
		if (scan->depth == 0 && (c == ',' || c == ']'))
			return at;
		if (c == '"')
			scan->in_string = true;
		else if (c == '{' || c == '[')
			scan->depth++;
		else if ((c == '}' || c == ']') && scan->depth > 0)
			scan->depth--;
		at++;
	}
	return end;
}
