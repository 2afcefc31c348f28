/* SPDX-License-Identifier: Apache-2.0
 *
 * The writing half of json.h.
 */
#include "base/json.h"
#include "base/number.h"

#include <math.h>

void nv_json_begin(nv_json_writer *w, nv_buf *out, int indent)
{
	*w = (nv_json_writer){.out = out, .indent = indent};
}

static void new_line(nv_json_writer *w)
{
	if (w->indent == 0)
		return;
	nv_buf_add_char(w->out, '\n');
	for (int i = 0; i < w->indent * w->depth; i++)
		nv_buf_add_char(w->out, ' ');
}

/* Before a value or a key: the comma and the line break that it needs. */
static void separate(nv_json_writer *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->comma[w->depth])
		nv_buf_add_char(w->out, ',');
	w->comma[w->depth] = true;
	if (w->depth > 0)
		new_line(w);
}

void nv_json_open(nv_json_writer *w, char bracket)
{
	separate(w);
	nv_buf_add_char(w->out, bracket);
	if (w->depth + 1 == NV_JSON_DEPTH) { /* the caller's mistake: told as a document that can't be used */
		w->out->failed = true;
		return;
	}
	w->comma[++w->depth] = false;
}

void nv_json_close(nv_json_writer *w, char bracket)
{
	if (w->depth == 0) {
		w->out->failed = true;
		return;
	}
	bool empty = !w->comma[w->depth--];
	if (!empty)
		new_line(w);
	nv_buf_add_char(w->out, bracket);
}

void nv_json_key(nv_json_writer *w, const char *name)
{
	separate(w);
	nv_json_escape(w->out, nv_str_of(name));
	nv_buf_add_char(w->out, ':');
	if (w->indent > 0)
		nv_buf_add_char(w->out, ' ');
	w->after_key = true;
}

void nv_json_put_str(nv_json_writer *w, nv_str s)
{
	separate(w);
	nv_json_escape(w->out, s);
}

void nv_json_put_text(nv_json_writer *w, const char *text)
{
	if (text)
		nv_json_put_str(w, nv_str_of(text));
	else
		nv_json_put_null(w);
}

void nv_json_put_number(nv_json_writer *w, double x)
{
	char text[NV_NUMBER_TEXT];
	if (!isfinite(x)) {
		nv_json_put_null(w);
		return;
	}
	separate(w);
	nv_buf_add(w->out, text, nv_number_format(text, x));
}

void nv_json_put_rounded(nv_json_writer *w, double x, int decimals)
{
	char text[NV_NUMBER_TEXT];
	if (!isfinite(x)) {
		nv_json_put_null(w);
		return;
	}
	separate(w);
	nv_buf_add(w->out, text, nv_number_format_rounded(text, x, decimals));
}

void nv_json_put_uint(nv_json_writer *w, uint64_t n)
{
	char text[NV_NUMBER_TEXT];
	separate(w);
	nv_buf_add(w->out, text, nv_number_format_uint(text, n));
}

void nv_json_put_bool(nv_json_writer *w, bool b)
{
	separate(w);
	nv_buf_add_str(w->out, b ? "true" : "false");
}

void nv_json_put_null(nv_json_writer *w)
{
	separate(w);
	nv_buf_add_str(w->out, "null");
}

void nv_json_put_raw(nv_json_writer *w, nv_str json)
{
	separate(w);
	nv_buf_add(w->out, json.ptr, json.len);
}

/* Length of the well-formed UTF-8 sequence that starts at p, whose first byte is 0x80 or more; 0 when it is ill-formed, and
 * then *bad is the length of its maximal prefix (Unicode 15, chapter 3, table 3-7), to be replaced by one U+FFFD. */
static size_t sequence_length(const unsigned char *p, size_t left, size_t *bad)
{
	size_t want = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
	unsigned char low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
	unsigned char high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
	*bad = 1;
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return 0;
	for (size_t i = 1; i < want; i++, low = 0x80, high = 0xBF) {
		if (i >= left || p[i] < low || p[i] > high) {
			*bad = i;
			return 0;
		}
	}
	return want;
}

static void escape_byte(nv_buf *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char named[32] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
	char text[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
	if (c >= 32 || named[c]) {
		text[1] = c >= 32 ? (char)c : named[c];
		nv_buf_add(out, text, 2);
	} else {
		nv_buf_add(out, text, 6);
	}
}

void nv_json_escape(nv_buf *out, nv_str s)
{
	const unsigned char *bytes = (const unsigned char *)s.ptr;
	size_t plain = 0, at = 0; /* bytes[plain..at) are to be copied as they are */
	nv_buf_add_char(out, '"');
	while (at < s.len) {
		unsigned char c = bytes[at];
		size_t bad = 1, good = c >= 0x80 ? sequence_length(bytes + at, s.len - at, &bad)
		                                 : (size_t)(c >= 0x20 && c != '"' && c != '\\');
		if (good > 0) {
			at += good;
			continue;
		}
		nv_buf_add(out, s.ptr + plain, at - plain);
		if (c >= 0x80)
			nv_buf_add(out, "\xEF\xBF\xBD", 3);
		else
			escape_byte(out, c);
		at += bad;
		plain = at;
	}
	nv_buf_add(out, s.ptr + plain, at - plain);
	nv_buf_add_char(out, '"');
}
