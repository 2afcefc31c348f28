/* SPDX-License-Identifier: Apache-2.0 */
#include "data/csv.h"

#include <string.h>

static bool is_delimiter(const nv_csv_scan *scan, char c)
{
	return scan->delimiter ? c == scan->delimiter : c == ',' || c == ';' || c == '\t';
}

static const char *find(const char *at, const char *end, char c)
{
	const char *found = at < end ? memchr(at, c, (size_t)(end - at)) : NULL;
	return found ? found : end;
}

/* Outside of quotes, up to `stop` (a line feed or the end): behind the quote that opens a field, or stop. */
static const char *scan_plain(nv_csv_scan *scan, const char *at, const char *stop)
{
	for (const char *quote = find(at, stop, '"'); quote < stop; quote = find(quote + 1, stop, '"')) {
		if (quote == at ? scan->state == NV_CSV_START : is_delimiter(scan, quote[-1])) {
			scan->state = NV_CSV_QUOTED;
			return quote + 1;
		}
	}
	if (stop > at)
		scan->state = is_delimiter(scan, stop[-1]) ? NV_CSV_START : NV_CSV_PLAIN;
	return stop;
}

/* What a quote in a quoted field was is told by the byte behind it; moves past that byte if it belongs to this field. */
static const char *scan_quote(nv_csv_scan *scan, const char *at)
{
	if (*at == '"') {
		scan->state = NV_CSV_QUOTED;
		return at + 1;
	}
	scan->state = NV_CSV_PLAIN;
	return at;
}

static const char *scan_quoted(nv_csv_scan *scan, const char *at, const char *end)
{
	const char *quote = find(at, end, '"');
	if (quote == end)
		return end;
	scan->state = NV_CSV_QUOTE;
	return quote + 1;
}

/* The next line feed is searched for once, not once a field: a record of many quoted fields would cost the square of its length. */
const char *nv_csv_record_end(nv_csv_scan *scan, const char *at, const char *end)
{
	const char *feed = NULL;
	while (at < end) {
		if (scan->state == NV_CSV_QUOTED) {
			at = scan_quoted(scan, at, end);
			continue;
		}
		if (scan->state == NV_CSV_QUOTE) {
			at = scan_quote(scan, at);
			continue;
		}
		if (!feed || feed < at)
			feed = find(at, end, '\n');
		at = scan_plain(scan, at, feed);
		if (at == feed && scan->state != NV_CSV_QUOTED) {
			scan->state = feed < end ? NV_CSV_START : scan->state;
			return feed;
		}
	}
	return end;
}

char nv_csv_delimiter(const char *header, size_t len)
{
	static const char candidates[] = ",;\t";
	size_t count[3] = {0}, best = 0;
	const char *end = header + len;
	nv_csv_scan scan = {NV_CSV_START, 0};
	for (const char *at = header; at < end;) {
		const char *delimiter = scan.state == NV_CSV_QUOTED ? NULL : strchr(candidates, *at);
		if (delimiter && *at)
			count[delimiter - candidates]++;
		nv_csv_record_end(&scan, at, at + 1);
		at++;
	}
	for (size_t i = 1; i < 3; i++)
		best = count[i] > count[best] ? i : best;
	return candidates[best];
}

static nv_csv_field read_plain(const char *at, const char *end, char delimiter)
{
	const char *next = at;
	while (next < end && *next != delimiter && *next != '\n')
		next++;
	const char *stop = next > at && next[-1] == '\r' && (next == end || *next == '\n') ? next - 1 : next;
	return (nv_csv_field){.raw = {at, (size_t)(stop - at)}, .next = next};
}

/* The closing quote of the field that `at` is inside of, or end. */
static const char *closing_quote(const char *at, const char *end, bool *doubled)
{
	const char *quote = find(at, end, '"');
	while (end - quote >= 2 && quote[1] == '"') {
		*doubled = true;
		quote = find(quote + 2, end, '"');
	}
	return quote;
}

static nv_csv_field read_quoted(const char *at, const char *end, char delimiter)
{
	bool doubled = false;
	const char *quote = closing_quote(at + 1, end, &doubled);
	nv_csv_field field = {.raw = {at + 1, (size_t)(quote - at - 1)}, .doubled = doubled, .next = end};
	if (quote == end) {
		field.fault = NV_CSV_NO_CLOSING_QUOTE;
		field.fault_at = at;
		return field;
	}
	nv_csv_field behind = read_plain(quote + 1, end, delimiter);
	field.next = behind.next;
	if (behind.raw.len > 0) {
		field.fault = NV_CSV_BEHIND_QUOTE;
		field.fault_at = quote + 1;
	}
	return field;
}

nv_csv_field nv_csv_read(const char *at, const char *end, char delimiter)
{
	return at < end && *at == '"' ? read_quoted(at, end, delimiter) : read_plain(at, end, delimiter);
}

size_t nv_csv_undouble(nv_str raw, char *out)
{
	const char *at = raw.ptr, *end = raw.ptr + raw.len;
	char *to = out;
	while (at < end) {
		const char *quote = find(at, end, '"');
		size_t n = (size_t)(quote - at) + (quote < end);
		memcpy(to, at, n);
		to += n;
		at = quote < end ? quote + 2 : end;
	}
	return (size_t)(to - out);
}
