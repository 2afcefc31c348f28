/* SPDX-License-Identifier: Apache-2.0 */
#include "base/option.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

static void *member(const nv_option_row *row, void *options)
{
	return (char *)options + row->offset;
}

static const void *const_member(const nv_option_row *row, const void *options)
{
	return (const char *)options + row->offset;
}

/* ---- What an option takes, in words ---- */

static void describe_bounds(const nv_option_row *row, nv_buf *out)
{
	char low[NV_NUMBER_TEXT], high[NV_NUMBER_TEXT];
	nv_number_format(low, row->low);
	nv_number_format(high, row->high);
	if (isfinite(row->high) && row->high < 9e15)
		nv_buf_addf(out, "from %s to %s", low, high);
	else
		nv_buf_addf(out, "of at least %s", low);
}

static void describe(const nv_option_row *row, nv_buf *out)
{
	switch (row->type) {
	case NV_OPTION_INT:
		nv_buf_add_str(out, "a whole number ");
		describe_bounds(row, out);
		break;
	case NV_OPTION_REAL:
		nv_buf_add_str(out, "a number ");
		describe_bounds(row, out);
		break;
	case NV_OPTION_CHOICE:
		nv_buf_addf(out, "one of %s", row->choices);
		break;
	case NV_OPTION_RANGE:
		nv_buf_addf(out, "A-B or A, each ");
		describe_bounds(row, out);
		nv_buf_add_str(out, row->low <= 0 ? ", or off" : "");
		break;
	case NV_OPTION_TEXT:
		nv_buf_addf(out, "a text of at most %d bytes", NV_OPTION_TEXT_MAX - 1);
		break;
	case NV_OPTION_FLAG:
		nv_buf_add_str(out, "yes or no");
		break;
	}
}

static int fail_value(const nv_option_row *row, const char *value, nv_error *err)
{
	nv_buf takes = NV_BUF_INIT;
	describe(row, &takes);
	int code = value ? nv_fail(err, NV_E_USAGE, "--%s takes %s, not \"%s\"", row->name, nv_buf_cstr(&takes), value)
	                 : nv_fail(err, NV_E_USAGE, "--%s takes %s", row->name, nv_buf_cstr(&takes));
	nv_buf_release(&takes);
	return code;
}

/* ---- One parser a type: true, and the member set, when the whole text is a value in range ---- */

static bool in_bounds(const nv_option_row *row, double x)
{
	return x >= row->low && x <= row->high;
}

static bool parse_int(const nv_option_row *row, nv_str text, int64_t *out)
{
	int64_t x;
	if (!nv_number_parse_int(text, &x) || !in_bounds(row, (double)x))
		return false;
	*out = x;
	return true;
}

static bool parse_real(const nv_option_row *row, nv_str text, double *out)
{
	double x;
	if (!nv_number_parse(text, &x) || !in_bounds(row, x))
		return false;
	*out = x;
	return true;
}

static nv_str next_choice(const char **at)
{
	size_t len = strcspn(*at, "|");
	nv_str choice = {*at, len};
	*at += len + ((*at)[len] == '|');
	return choice;
}

static bool parse_choice(const nv_option_row *row, nv_str text, int *out)
{
	const char *at = row->choices;
	for (int i = 0; *at; i++) {
		if (nv_str_eq(next_choice(&at), text)) {
			*out = i;
			return true;
		}
	}
	return false;
}

static bool parse_range(const nv_option_row *row, nv_str text, nv_range *out)
{
	nv_range range;
	if (row->low <= 0 && nv_str_is(text, "off")) {
		*out = (nv_range){0, 0};
		return true;
	}
	const char *dash = text.len ? memchr(text.ptr, '-', text.len) : NULL;
	size_t first = dash ? (size_t)(dash - text.ptr) : text.len;
	if (!parse_int(row, (nv_str){text.ptr, first}, &range.low))
		return false;
	range.high = range.low;
	if (dash && !parse_int(row, (nv_str){dash + 1, text.len - first - 1}, &range.high))
		return false;
	if (range.low > range.high)
		return false;
	*out = range;
	return true;
}

static bool parse_text(nv_str text, char *out)
{
	if (text.len >= NV_OPTION_TEXT_MAX)
		return false;
	memcpy(out, text.ptr, text.len);
	memset(out + text.len, 0, NV_OPTION_TEXT_MAX - text.len);
	return true;
}

static bool parse_flag(nv_str text, bool *out)
{
	bool yes = nv_str_is(text, "yes");
	if (!yes && !nv_str_is(text, "no"))
		return false;
	*out = yes;
	return true;
}

static bool parse(const nv_option_row *row, void *to, nv_str text)
{
	switch (row->type) {
	case NV_OPTION_INT:
		return parse_int(row, text, to);
	case NV_OPTION_REAL:
		return parse_real(row, text, to);
	case NV_OPTION_CHOICE:
		return parse_choice(row, text, to);
	case NV_OPTION_RANGE:
		return parse_range(row, text, to);
	case NV_OPTION_TEXT:
		return parse_text(text, to);
	case NV_OPTION_FLAG:
		return parse_flag(text, to);
	}
	return false;
}

int nv_option_set(const nv_option_row *row, void *options, const char *value, nv_error *err)
{
	const char *text = !value && row->type == NV_OPTION_FLAG ? "yes" : value;
	return text && parse(row, member(row, options), nv_str_of(text)) ? NV_OK : fail_value(row, value, err);
}

void nv_option_defaults(const nv_option_row *rows, size_t n, void *options)
{
	for (size_t i = 0; i < n; i++)
		nv_option_set(&rows[i], options, rows[i].initial ? rows[i].initial : "", NULL);
}

/* ---- Back to text ---- */

static void get_int(int64_t x, nv_buf *out)
{
	nv_buf_addf(out, "%lld", (long long)x);
}

static void get_real(double x, nv_buf *out)
{
	char text[NV_NUMBER_TEXT];
	nv_buf_add(out, text, nv_number_format(text, x));
}

static void get_choice(const char *choices, int index, nv_buf *out)
{
	for (int i = 0; *choices; i++) {
		nv_str choice = next_choice(&choices);
		if (i == index)
			nv_buf_add(out, choice.ptr, choice.len);
	}
}

static void get_range(const nv_option_row *row, nv_range range, nv_buf *out)
{
	if (row->low <= 0 && range.low == 0 && range.high == 0) {
		nv_buf_add_str(out, "off");
		return;
	}
	get_int(range.low, out);
	if (range.high != range.low) {
		nv_buf_add_char(out, '-');
		get_int(range.high, out);
	}
}

void nv_option_get(const nv_option_row *row, const void *options, nv_buf *out)
{
	const void *from = const_member(row, options);
	switch (row->type) {
	case NV_OPTION_INT:
		get_int(*(const int64_t *)from, out);
		break;
	case NV_OPTION_REAL:
		get_real(*(const double *)from, out);
		break;
	case NV_OPTION_CHOICE:
		get_choice(row->choices, *(const int *)from, out);
		break;
	case NV_OPTION_RANGE:
		get_range(row, *(const nv_range *)from, out);
		break;
	case NV_OPTION_TEXT:
		nv_buf_add_str(out, from);
		break;
	case NV_OPTION_FLAG:
		nv_buf_add_str(out, *(const bool *)from ? "yes" : "no");
		break;
	}
}

const nv_option_row *nv_option_find(const nv_option_row *rows, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	}
	return NULL;
}

void nv_option_save(const nv_option_row *rows, size_t n, const void *options, nv_json_writer *w)
{
	nv_buf text = NV_BUF_INIT;
	for (size_t i = 0; i < n; i++) {
		if (!rows[i].in_model)
			continue;
		nv_buf_clear(&text);
		nv_option_get(&rows[i], options, &text);
		nv_json_key(w, rows[i].name);
		nv_json_put_str(w, (nv_str){text.ptr, text.len});
		if (text.failed)
			w->out->failed = true;
	}
	nv_buf_release(&text);
}

int nv_option_load(const nv_option_row *rows, size_t n, void *options, const nv_json *object, nv_error *err)
{
	for (const nv_json *at = nv_json_first(object); at; at = nv_json_next(at)) {
		const char *name = nv_json_name(at), *value = nv_json_string(at);
		if (!name || !value)
			return nv_fail(err, NV_E_MODEL, "option \"%s\" of the model is not a text", name ? name : "");
		const nv_option_row *row = nv_option_find(rows, n, name);
		if (!row || !row->in_model)
			return nv_fail(err, NV_E_MODEL, "the model has an option \"%s\" that this version does not know", name);
		nv_error cause = {0};
		if (nv_option_set(row, options, value, &cause) != NV_OK)
			return nv_fail(err, cause.code == NV_E_USAGE ? NV_E_MODEL : cause.code, "option of the model: %s",
			               cause.message);
	}
	return NV_OK;
}
