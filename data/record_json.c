/* SPDX-License-Identifier: Apache-2.0 */
#include "data/record_json.h"

#include "data/utf8.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* ---- Bytes ---- */

static inline bool is_special(char c)
{
	return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Non-zero when one of the word's bytes is zero (Warren, Hacker's Delight, 6-1); exact as a yes or no. */
static inline uint64_t has_zero(uint64_t word)
{
	return (word - 0x0101010101010101u) & ~word & 0x8080808080808080u;
}

const char *nv_find_special_portable(const char *at, const char *end)
{
	const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
	for (; end - at >= 8; at += 8) {
		uint64_t word;
		memcpy(&word, at, sizeof word);
		uint64_t control = (word - ones * 0x20) & ~word & high;
		if (control | has_zero(word ^ ones * '"') | has_zero(word ^ ones * '\\'))
			break;
	}
	while (at < end && !is_special(*at))
		at++;
	return at;
}

#ifdef __SSE2__
static inline int special_mask(const char *at)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
	__m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
	return _mm_movemask_epi8(_mm_or_si128(hit, control));
}

const char *nv_find_special(const char *at, const char *end)
{
	for (; end - at >= 16; at += 16) {
		int mask = special_mask(at);
		if (mask)
			return at + __builtin_ctz((unsigned)mask);
	}
	return nv_find_special_portable(at, end);
}
#else
const char *nv_find_special(const char *at, const char *end)
{
	return nv_find_special_portable(at, end);
}
#endif

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

/* at stands on a backslash. */
static bool take_escape(nv_pull *pull)
{
	const char *at = pull->at;
	if (pull->end - at < 2) {
		pull->at = pull->end;
		return fail_or_end(pull, NULL);
	}
	if (at[1] != 'u') {
		if (at[1] == '\0' || !strchr("\"\\/bfnrt", at[1]))
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

/* ---- Escapes ---- */

static uint32_t hex4(const char *p)
{
	uint32_t value = 0;
	for (int i = 0; i < 4; i++) {
		char c = p[i];
		value = value << 4 | (uint32_t)(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

static bool is_low_surrogate(const char *p, const char *end)
{
	return end - p >= 6 && p[0] == '\\' && p[1] == 'u' && (hex4(p + 2) & 0xFC00) == 0xDC00;
}

/* p stands on \uXXXX; returns the code point and moves p behind it, or behind both of a pair. */
static uint32_t take_unicode(const char **p, const char *end)
{
	uint32_t unit = hex4(*p + 2);
	*p += 6;
	if ((unit & 0xF800) != 0xD800)
		return unit;
	if (unit >= 0xDC00 || !is_low_surrogate(*p, end))
		return 0xFFFD;
	uint32_t low = hex4(*p + 2);
	*p += 6;
	return 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF);
}

static char plain_escape(char c)
{
	switch (c) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return c;
	}
}

/* Copies up to the next backslash or end, whole words at a time: what is left of out is never shorter than what is left of
 * raw, so that a word may be written before it is known to be free of a backslash. Returns what has been copied. */
static size_t copy_plain(const char *at, const char *end, char *to)
{
	const char *start = at;
#ifdef __SSE2__
	for (; end - at >= 16; at += 16, to += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		_mm_storeu_si128((__m128i *)(void *)to, bytes);
		int mask = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
		if (mask)
			return (size_t)(at - start) + (size_t)__builtin_ctz((unsigned)mask);
	}
#endif
	for (; end - at >= 8; at += 8, to += 8) {
		uint64_t word;
		memcpy(&word, at, sizeof word);
		if (has_zero(word ^ 0x0101010101010101u * '\\'))
			break;
		memcpy(to, &word, sizeof word);
	}
	while (at < end && *at != '\\')
		*to++ = *at++;
	return (size_t)(at - start);
}

size_t nv_pull_decode(nv_str raw, char *out)
{
	const char *at = raw.ptr, *end = raw.ptr + raw.len;
	char *to = out;
	for (;;) {
		size_t len = copy_plain(at, end, to);
		at += len;
		to += len;
		if (at == end)
			break;
		if (at[1] == 'u') {
			to += nv_utf8_encode(take_unicode(&at, end), to);
		} else {
			*to++ = plain_escape(at[1]);
			at += 2;
		}
	}
	return (size_t)(to - out);
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
