/* SPDX-License-Identifier: Apache-2.0 */
#include "data/cut.h"

#include "data/feed.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>

/* ---- Formats: a row each ---- */

static const struct { /* NOLINT(clang-analyzer-optin.performance.Padding): the order reads best in rows */
	nv_format format;
	nv_cutter *next;
	const char *suffix[5];
	bool own_encoding; /* the documents say it themselves: bytes are handed on as they are */
	bool maybe_feed;   /* such a name, or none, may be that of a feed */
} formats[] = {
	{NV_FORMAT_JSONL, nv_cut_lines, {".jsonl", ".ndjson", NULL}, false, true},
	{NV_FORMAT_JSON, nv_cut_json, {".json", NULL}, false, false},
	{NV_FORMAT_TXT, nv_cut_whole, {".txt", NULL}, false, false},
	{NV_FORMAT_CSV, nv_cut_csv, {".csv", NULL}, false, false},
	{NV_FORMAT_TSV, nv_cut_csv, {".tsv", NULL}, false, false},
	{NV_FORMAT_HTML, nv_cut_whole, {".html", ".htm", NULL}, true, true},
	{NV_FORMAT_WARC, nv_cut_warc, {".warc", NULL}, true, false},
	{NV_FORMAT_FEED, nv_cut_feed, {".rss", ".atom", ".rdf", ".xml", NULL}, false, false},
};

static bool has_suffix(const char *name, size_t len, const char *suffix)
{
	size_t n = strlen(suffix);
	return len > n && strncasecmp(name + len - n, suffix, n) == 0;
}

nv_format nv_format_of_name(const char *name)
{
	size_t len;
	nv_packing_of_name(name, &len);
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		for (size_t k = 0; formats[i].suffix[k]; k++) {
			if (has_suffix(name, len, formats[i].suffix[k]))
				return formats[i].format;
		}
	}
	return NV_FORMAT_AUTO;
}

nv_guess nv_guess_of_name(const char *name, bool found)
{
	size_t len;
	nv_packing_of_name(name, &len);
	return found && has_suffix(name, len, ".xml") ? NV_GUESS_XML_IN_FOLDER : NV_GUESS_NAME;
}

static size_t row_of(nv_format format)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		if (formats[i].format == format)
			return i;
	}
	return 0;
}

/* ---- The open file ---- */

void nv_cut_open(nv_cut *cut, int fd, const char *path, nv_format format, nv_guess guess, nv_packing packing)
{
	nv_buf_clear(&cut->carry);
	nv_buf_clear(&cut->header);
	size_t row = row_of(format);
	*cut = (nv_cut){.format = format, .next = formats[row].next, .started = formats[row].own_encoding, .reading = cut->reading, .path = path, .guess = guess, .max_record = cut->max_record,
	                .carry = cut->carry, .header = cut->header, .line = 1, .column = 1};
	nv_reading_open(&cut->reading, fd, packing, !formats[row].own_encoding);
}

void nv_cut_close(nv_cut *cut)
{
	nv_feed_free(cut->feed);
	cut->feed = NULL;
	nv_reading_close(&cut->reading);
}

void nv_cut_release(nv_cut *cut)
{
	nv_reading_release(&cut->reading);
	nv_buf_release(&cut->carry);
	nv_buf_release(&cut->header);
}

static int tell_fault(nv_cut *cut, nv_block *block)
{
	cut->broken = false;
	cut->over = block->bad = true;
	block->err = cut->fault;
	nv_error_place(&block->err, cut->path, cut->line, 0);
	return 1;
}

static void turn_to_feed(nv_cut *cut)
{
	cut->format = NV_FORMAT_FEED;
	cut->next = nv_cut_feed;
}

static bool is_blank(const nv_buf *bytes)
{
	for (size_t i = 0; i < bytes->len; i++) {
		if ((unsigned char)bytes->ptr[i] > ' ')
			return false;
	}
	return true;
}

/* Reads the file's first bytes into carry, where the cutters look first. */
static int look_for_feed(nv_cut *cut, nv_block *block, nv_error *err)
{
	int code = 0;
	cut->guess = NV_GUESS_NONE;
	while (code == 0 && is_blank(&block->bytes) && !cut->eof)
		code = nv_cut_fill(cut, block, err);
	if (nv_feed_begins((nv_str){block->bytes.ptr, block->bytes.len}))
		turn_to_feed(cut);
	nv_buf swap = block->bytes;
	block->bytes = cut->carry;
	cut->carry = swap;
	return code;
}

static int next_block(nv_cut *cut, nv_block *block, nv_error *err)
{
	bool look = cut->guess == NV_GUESS_NAME && formats[row_of(cut->format)].maybe_feed;
	int code = look ? look_for_feed(cut, block, err) : 0;
	return code ? code : cut->next(cut, block, err);
}

int nv_cut_next(nv_cut *cut, nv_block *block, nv_error *err)
{
	int code = cut->over ? 0 : next_block(cut, block, err);
	block->format = cut->format;
	block->ill_formed = cut->reading.ill_formed - cut->told_ill_formed;
	cut->told_ill_formed = cut->reading.ill_formed;
	return code == 0 && cut->broken ? tell_fault(cut, block) : code;
}

void nv_cut_advance(nv_cut *cut, const char *bytes, size_t len)
{
	const char *end = bytes + len, *newline;
	if (len == 0)
		return;
	while (bytes < end && (newline = memchr(bytes, '\n', (size_t)(end - bytes)))) {
		cut->line++;
		cut->column = 1;
		bytes = newline + 1;
	}
	cut->column += (uint64_t)(end - bytes);
}

int nv_cut_bad(nv_cut *cut, nv_block *block, nv_code code, const char *message)
{
	block->bad = true;
	nv_error_clear(&block->err);
	nv_fail_at(&block->err, code, cut->path, cut->line, code == NV_E_RECORD ? cut->column : 0, "%s", message);
	return 1;
}

int nv_cut_too_long(nv_cut *cut, nv_block *block)
{
	block->bad = true;
	nv_error_clear(&block->err);
	nv_fail_at(&block->err, NV_E_RECORD, cut->path, cut->line, 0, NV_RECORD_TOO_LONG,
	           (unsigned long long)cut->max_record);
	return 1;
}

int nv_cut_fill(nv_cut *cut, nv_block *block, nv_error *err)
{
	nv_error fault = {0};
	int code = nv_reading_fill(&cut->reading, &block->bytes, &fault);
	cut->eof = code <= 0;
	if (code == NV_E_INPUT) {
		cut->broken = true;
		cut->fault = fault;
	} else if (code < 0) {
		return nv_fail_at(err, fault.code, fault.path, fault.line, 0, "%s", fault.message);
	}
	return 0;
}

bool nv_cut_waits(const nv_cut *cut)
{
	return cut->reading.waits;
}

static void drop_front(nv_buf *bytes, size_t n)
{
	bytes->len -= n;
	memmove(bytes->ptr, bytes->ptr + n, bytes->len);
}

static bool begins(const nv_buf *bytes, const char *mark, size_t n)
{
	return bytes->len >= n && memcmp(bytes->ptr, mark, n) == 0;
}

/* Reads the file's first bytes; a pipe may give them one by one. */
static int look_for_mark(nv_cut *cut, nv_block *block, nv_error *err)
{
	int code = 0;
	while (code == 0 && block->bytes.len < 3 && !cut->eof)
		code = nv_cut_fill(cut, block, err);
	if (code)
		return code;
	cut->started = true;
	if (begins(&block->bytes, "\xEF\xBB\xBF", 3)) {
		drop_front(&block->bytes, 3);
		cut->column += 3;
	} else if (begins(&block->bytes, "\xFF\xFE", 2) || begins(&block->bytes, "\xFE\xFF", 2)) {
		cut->done = cut->eof = true;
		return nv_cut_bad(cut, block, NV_E_INPUT, "this is UTF-16; expected UTF-8, or --encoding utf-16");
	}
	return 0;
}

int nv_cut_start(nv_cut *cut, nv_block *block, nv_error *err)
{
	nv_buf swap = block->bytes;
	block->bytes = cut->carry;
	cut->carry = swap;
	nv_buf_clear(&cut->carry);
	return cut->started ? 0 : look_for_mark(cut, block, err);
}

int nv_cut_give(nv_cut *cut, nv_block *block, size_t len, size_t rest, nv_error *err)
{
	nv_buf *bytes = &block->bytes;
	nv_buf_clear(&cut->carry);
	nv_buf_add(&cut->carry, bytes->ptr + rest, bytes->len - rest);
	if (cut->carry.failed)
		return nv_fail_memory(err);
	block->line = cut->line;
	block->column = cut->column;
	nv_cut_advance(cut, bytes->ptr, rest);
	bytes->len = len;
	return 1;
}

/* ---- JSON Lines ---- */

/* A line that is too long is read on to its end without being kept. */
static int skip_line(nv_cut *cut, nv_block *block, nv_error *err)
{
	nv_buf *bytes = &block->bytes;
	const char *newline = NULL;
	while (!newline && !cut->eof) {
		nv_buf_clear(bytes);
		int code = nv_cut_fill(cut, block, err);
		if (code)
			return code;
		newline = bytes->len ? memchr(bytes->ptr, '\n', bytes->len) : NULL;
	}
	nv_cut_too_long(cut, block);
	if (newline) {
		size_t rest = (size_t)(newline + 1 - bytes->ptr);
		nv_buf_clear(&cut->carry);
		nv_buf_add(&cut->carry, bytes->ptr + rest, bytes->len - rest);
		cut->line++;
		cut->column = 1;
	}
	nv_buf_clear(bytes);
	return cut->carry.failed ? nv_fail_memory(err) : 1;
}

/* Length up to and with the last newline at or behind `from`; 0: there is none. */
static size_t whole_lines(const nv_buf *bytes, size_t from)
{
	const char *last = bytes->len > from ? memrchr(bytes->ptr + from, '\n', bytes->len - from) : NULL;
	return last ? (size_t)(last + 1 - bytes->ptr) : 0;
}

int nv_cut_lines(nv_cut *cut, nv_block *block, nv_error *err)
{
	nv_buf *bytes = &block->bytes;
	int code = nv_cut_start(cut, block, err);
	size_t whole = whole_lines(bytes, 0), seen = bytes->len;
	while (code == 0 && !cut->eof && (whole == 0 || (bytes->len < NV_CUT_TARGET && !nv_cut_waits(cut)))) {
		if (whole == 0 && bytes->len > cut->max_record)
			return skip_line(cut, block, err);
		code = nv_cut_fill(cut, block, err);
		size_t more = whole_lines(bytes, seen);
		whole = more ? more : whole;
		seen = bytes->len;
	}
	if (code || (cut->eof && bytes->len == 0))
		return code;
	if (cut->eof && !cut->broken)
		whole = bytes->len;
	return whole > 0 ? nv_cut_give(cut, block, whole, whole, err) : 0;
}

/* ---- Whole files ---- */

int nv_cut_whole(nv_cut *cut, nv_block *block, nv_error *err)
{
	int code = nv_cut_start(cut, block, err);
	while (code == 0 && !cut->eof) {
		code = nv_cut_fill(cut, block, err);
		if (code == 0 && block->bytes.len > cut->max_record) {
			cut->eof = cut->done = true;
			nv_buf_clear(&block->bytes);
			return nv_cut_too_long(cut, block);
		}
	}
	if (code || cut->done || cut->broken)
		return code;
	cut->done = true; /* an empty file is an article too, and a bad one */
	return nv_cut_give(cut, block, block->bytes.len, block->bytes.len, err);
}

/* ---- Files whose names tell nothing ---- */

bool nv_cut_is_feed(const char *path)
{
	nv_reading reading = {.fd = -1};
	nv_buf bytes = NV_BUF_INIT;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return false;
	nv_reading_open(&reading, fd, NV_PLAIN, false);
	bool is = nv_reading_fill(&reading, &bytes, NULL) > 0 && nv_feed_begins((nv_str){bytes.ptr, bytes.len});
	nv_reading_close(&reading);
	nv_reading_release(&reading);
	nv_buf_release(&bytes);
	return is;
}
