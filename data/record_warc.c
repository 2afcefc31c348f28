/* SPDX-License-Identifier: Apache-2.0
 *
 * WARC files: each response with status 2xx that holds HTML is an article. Its id is the target's address, its source the host, its date what the
 * page tells, else the day of WARC-Date. Other responses are passed over.
 */
#include "data/date.h"
#include "data/http.h"
#include "data/record_run.h"

#include <string.h>
#include <strings.h>

typedef struct response {
	nv_str uri, date;     /* of the WARC header */
	nv_str header, bytes; /* of the HTTP message */
	uint64_t line;
} response;

static bool begins(nv_str s, const char *word)
{
	size_t len = strlen(word);
	return s.len >= len && strncasecmp(s.ptr, word, len) == 0;
}

static bool is_page(const response *r)
{
	nv_str type = nv_header_get(r->header, "Content-Type");
	const char *status = r->header.len > 0 ? memchr(r->header.ptr, ' ', r->header.len) : NULL;
	bool fine = status && status + 1 < r->header.ptr + r->header.len && status[1] == '2';
	return fine && (begins(type, "text/html") || begins(type, "application/xhtml+xml"));
}

static nv_str charset_of(nv_str type)
{
	for (size_t at = 0; at + 9 <= type.len; at++) {
		if (strncasecmp(type.ptr + at, "charset=", 8) != 0)
			continue;
		at += type.ptr[at + 8] == '"' ? 9u : 8u;
		size_t stop = at;
		while (stop < type.len && !strchr("\"; ", type.ptr[stop]))
			stop++;
		return (nv_str){type.ptr + at, stop - at};
	}
	return (nv_str){NULL, 0};
}

/* "<https://…>", as older files have it, or without brackets. */
static nv_str without_brackets(nv_str s)
{
	if (s.len >= 2 && s.ptr[0] == '<' && s.ptr[s.len - 1] == '>')
		return (nv_str){s.ptr + 1, s.len - 2};
	return s;
}

static int parse_response(nv_run *run, const response *r, nv_error *err)
{
	nv_str body;
	nv_error why = {0};
	int code = nv_http_body(r->header, r->bytes, (size_t)run->reader->max_record, &run->title, &run->text, &body, &why);
	if (code == NV_E_RECORD)
		return nv_run_bad(run, r->line, 0, err, "%s", why.message);
	if (code != NV_OK)
		return nv_fail_memory(err);
	nv_str day = {r->date.ptr, r->date.len < 10 ? r->date.len : 10};
	return nv_run_page(run,
	                   &(nv_page_record){.html = body,
	                                     .charset = charset_of(nv_header_get(r->header, "Content-Type")),
	                                     .id = r->uri,
	                                     .date = nv_is_date(day) ? day : (nv_str){NULL, 0},
	                                     .source = nv_page_host(r->uri),
	                                     .line = r->line},
	                   err);
}

static uint64_t count_lines(const char *at, const char *end)
{
	uint64_t n = 0;
	for (; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
		n++;
	return n;
}

static size_t number_of(nv_str digits)
{
	size_t n = 0;
	for (size_t i = 0; i < digits.len; i++)
		n = n * 10 + (size_t)(digits.ptr[i] - '0');
	return n;
}

/* The cutter gives whole records, whose headers it has read. */
int nv_parse_warc(nv_run *run, nv_error *err)
{
	const nv_buf *bytes = &run->block->bytes;
	uint64_t line = run->block->line;
	int code = NV_OK;
	for (size_t at = 0; code == NV_OK && at < bytes->len;) {
		nv_str rest = {bytes->ptr + at, bytes->len - at};
		nv_str header = {rest.ptr, nv_header_block(rest)};
		size_t len = number_of(nv_header_get(header, "Content-Length"));
		nv_str message = {rest.ptr + header.len, len < rest.len - header.len ? len : rest.len - header.len};
		response r = {.uri = without_brackets(nv_header_get(header, "WARC-Target-URI")),
		              .date = nv_header_get(header, "WARC-Date"),
		              .line = line};
		r.header = (nv_str){message.ptr, nv_header_block(message)};
		r.bytes = (nv_str){message.ptr + r.header.len, message.len - r.header.len};
		if (nv_str_is(nv_header_get(header, "WARC-Type"), "response") && is_page(&r))
			code = parse_response(run, &r, err);
		size_t whole = header.len + message.len + 4;
		whole = whole < rest.len ? whole : rest.len;
		line += count_lines(rest.ptr, rest.ptr + whole);
		at += whole;
	}
	return code;
}
