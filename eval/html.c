/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/html.h"

#include "data/utf8.h"

#include <math.h>
#include <string.h>

static const char *entity(uint32_t c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static bool is_control(uint32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0);
}

void nv_html_text(nv_buf *out, nv_str text)
{
	bool bad = false;
	for (size_t at = 0, len; at < text.len; at += len) {
		uint32_t c;
		char bytes[4];
		len = nv_utf8_decode((const unsigned char *)text.ptr + at, text.len - at, &c, &bad);
		const char *name = entity(c);
		if (name)
			nv_buf_add_str(out, name);
		else
			nv_buf_add(out, bytes, nv_utf8_encode(is_control(c) ? NV_REPLACEMENT : c, bytes));
	}
}

void nv_html_bdi(nv_buf *out, nv_str text)
{
	nv_buf_add_str(out, "<bdi>");
	nv_html_text(out, text);
	nv_buf_add_str(out, "</bdi>");
}

/* In JSON these characters stand inside strings alone, where \u forms mean the same. */
void nv_html_island(nv_buf *out, nv_str json)
{
	for (size_t i = 0; i < json.len; i++) {
		unsigned char c = (unsigned char)json.ptr[i];
		bool line_end = c == 0xE2 && json.len - i >= 3 &&
		                (memcmp(json.ptr + i, "\xE2\x80\xA8", 3) == 0 || memcmp(json.ptr + i, "\xE2\x80\xA9", 3) == 0);
		if (c == '<' || c == '>' || c == '&') {
			nv_buf_addf(out, "\\u%04x", c);
		} else if (line_end) {
			nv_buf_addf(out, "\\u20%02x", (unsigned char)json.ptr[i + 2] - 0x80);
			i += 2;
		} else {
			nv_buf_add_char(out, (char)c);
		}
	}
}

nv_str nv_html_cut(nv_str text, size_t max)
{
	size_t len = max;
	if (text.len <= max)
		return text;
	while (len > 0 && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
		len--;
	return (nv_str){text.ptr, len};
}

void nv_html_count(nv_buf *out, uint64_t n)
{
	if (n >= 1000) {
		nv_html_count(out, n / 1000);
		nv_buf_addf(out, ",%03u", (unsigned)(n % 1000));
	} else {
		nv_buf_addf(out, "%u", (unsigned)n);
	}
}

/* From whole numbers, since printf's decimal point is the locale's. */
void nv_html_number(nv_buf *out, double x, int decimals)
{
	uint64_t scale = 1;
	if (!isfinite(x) || fabs(x) > 1e12) {
		nv_buf_add_str(out, "n/a");
		return;
	}
	for (int i = 0; i < decimals; i++)
		scale *= 10;
	uint64_t whole = (uint64_t)(fabs(x) * (double)scale + 0.5);
	if (x < 0 && whole > 0)
		nv_buf_add_str(out, "\u2212");
	nv_buf_addf(out, "%llu", (unsigned long long)(whole / scale));
	if (decimals > 0)
		nv_buf_addf(out, ".%0*llu", decimals, (unsigned long long)(whole % scale));
}

void nv_html_signed(nv_buf *out, double x, int decimals)
{
	double half = 0.5;
	for (int i = 0; i < decimals; i++)
		half /= 10;
	if (x >= half)
		nv_buf_add_char(out, '+');
	nv_html_number(out, x, decimals);
}

void nv_html_share(nv_buf *out, double x)
{
	nv_html_number(out, 100 * x, 0);
	if (isfinite(x))
		nv_buf_add_char(out, '%');
}

void nv_html_range(nv_buf *out, nv_figure figure)
{
	if (isnan(figure.low) || isnan(figure.high))
		return;
	nv_html_number(out, figure.low, 2);
	nv_buf_add_str(out, figure.low < 0 ? " to " : "\u2013");
	nv_html_number(out, figure.high, 2);
}

void nv_html_figure(nv_buf *out, nv_figure figure)
{
	if (isnan(figure.value)) {
		nv_buf_add_str(out, "<span class=\"na\">n/a</span>");
		return;
	}
	nv_buf_add_str(out, "<b>");
	nv_html_number(out, figure.value, 2);
	nv_buf_add_str(out, "</b>");
	if (isnan(figure.low) || isnan(figure.high))
		return;
	nv_buf_add_str(out, " <span class=\"ci\">");
	nv_html_range(out, figure);
	nv_buf_add_str(out, "</span>");
}

void nv_html_whisker(nv_buf *out, nv_figure figure, double mark)
{
	if (isnan(figure.value))
		return;
	nv_buf_add_str(out, "<svg class=\"whisker\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
	                    "aria-hidden=\"true\" focusable=\"false\">"
	                    "<path class=\"rail\" d=\"M0 5H100\"/>");
	if (!isnan(mark)) {
		nv_buf_add_str(out, "<path class=\"mark\" d=\"M");
		nv_html_number(out, 100 * mark, 1);
		nv_buf_add_str(out, " 0V10\"/>");
	}
	if (!isnan(figure.low) && !isnan(figure.high)) {
		nv_buf_add_str(out, "<path class=\"range\" d=\"M");
		nv_html_number(out, 100 * fmax(figure.low, 0), 1);
		nv_buf_add_str(out, " 5H");
		nv_html_number(out, 100 * figure.high, 1);
		nv_buf_add_str(out, "\"/>");
	}
	/* A dot that no stretching of the drawing distorts: a line of no length with round ends. */
	nv_buf_add_str(out, "<path class=\"dot\" d=\"M");
	nv_html_number(out, 100 * fmax(figure.value, 0), 1);
	nv_buf_add_str(out, " 5h0\"/></svg>");
}
