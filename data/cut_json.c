/* SPDX-License-Identifier: Apache-2.0
 *
 * Cutting JSON files: the elements of a top-level array are found by brackets, quotes and commas alone (nv_scan_element); whether
 * they are valid is the parser's matter. A file that begins with '{' is one object, or JSON Lines when its first line is a
 * whole object or its next line begins with another.
 */
#include "data/cut.h"

#include <string.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static size_t count_space(const nv_buf *bytes, size_t from)
{
	size_t n = from;
	while (n < bytes->len && is_space(bytes->ptr[n]))
		n++;
	return n;
}

/* Takes the first n bytes off block. */
static void drop(nv_cut *cut, nv_block *block, size_t n)
{
	nv_cut_advance(cut, block->bytes.ptr, n);
	block->bytes.len -= n;
	if (block->bytes.len > 0)
		memmove(block->bytes.ptr, block->bytes.ptr + n, block->bytes.len);
}

/* Reads up to a byte that is not white space and drops what is before it. */
static int drop_space(nv_cut *cut, nv_block *block, nv_error *err)
{
	int code = 0;
	for (;;) {
		if (block->bytes.len > 0)
			drop(cut, block, count_space(&block->bytes, 0));
		if (code || cut->eof || block->bytes.len > 0)
			return code;
		code = nv_cut_fill(cut, block, err);
	}
}

/* ---- What begins with '{' ---- */

/* Whether what is there up to the newline is a whole object. */
static bool is_whole(const char *bytes, size_t len)
{
	nv_scan scan = {0};
	return nv_scan_element(&scan, bytes, bytes + len) == bytes + len && scan.depth == 0 && !scan.in_string;
}

/* 1: JSON Lines, 0: one object, -1: more bytes must be read. */
static int are_lines(const nv_buf *bytes, bool all)
{
	const char *newline = memchr(bytes->ptr, '\n', bytes->len);
	if (!newline)
		return all ? 1 : -1;
	size_t first = (size_t)(newline - bytes->ptr);
	if (is_whole(bytes->ptr, first))
		return 1;
	size_t next = count_space(bytes, first);
	if (next == bytes->len && !all)
		return -1;
	return next < bytes->len && bytes->ptr[next] == '{';
}

static int choose_cutter(nv_cut *cut, nv_block *block, nv_error *err)
{
	int lines = are_lines(&block->bytes, cut->eof), code = 0;
	while (code == 0 && lines < 0) {
		code = nv_cut_fill(cut, block, err);
		lines = code ? lines : are_lines(&block->bytes, cut->eof || block->bytes.len > cut->max_record);
	}
	if (code == 0 && lines) {
		cut->format = NV_FORMAT_JSONL;
		cut->next = nv_cut_lines;
	}
	return code;
}

/* ---- Elements ---- */

static int give_elements(nv_cut *cut, nv_block *block, size_t len, char separator, nv_error *err)
{
	bool empty = count_space(&block->bytes, 0) >= len;
	size_t rest = separator ? len + 1 : len;
	if (empty && (separator == ',' || (separator == ']' && cut->separated)))
		cut->pending = NV_RECORD_MISSING;
	cut->separated = separator == ',';
	cut->scanned = block->bytes.len - rest;
	return nv_cut_give(cut, block, len, rest, err);
}

/* ']' is at `len`, or in a file of one object anything that parts elements. */
static int give_last(nv_cut *cut, nv_block *block, size_t len, nv_error *err)
{
	char separator = block->bytes.ptr[len];
	cut->done = true;
	if (!cut->in_array) {
		cut->pending = "expected nothing after the object; more of them need an array around them";
		separator = ' ';
	}
	return give_elements(cut, block, len, separator, err);
}

/* The file has ended before the array has. */
static int give_rest(nv_cut *cut, nv_block *block, nv_error *err)
{
	cut->done = true;
	if (cut->broken) {
		cut->in_array = false;
		return 0;
	}
	if (cut->in_array && cut->scan.depth == 0 && !cut->scan.in_string)
		cut->pending = "the file ends inside the array: expected ',' or ']'";
	return give_elements(cut, block, block->bytes.len, '\0', err);
}

/* An element that is too long is read on to its end without being kept; the state of the scan goes on. */
static int skip_element(nv_cut *cut, nv_block *block, nv_error *err)
{
	nv_buf *bytes = &block->bytes;
	drop(cut, block, count_space(bytes, 0));
	nv_cut_too_long(cut, block);
	size_t at = bytes->len;
	while (at == bytes->len && !cut->eof) {
		nv_cut_advance(cut, bytes->ptr, bytes->len);
		nv_buf_clear(bytes);
		int code = nv_cut_fill(cut, block, err);
		if (code)
			return code;
		at = (size_t)(nv_scan_element(&cut->scan, bytes->ptr, bytes->ptr + bytes->len) - bytes->ptr);
	}
	cut->separated = at < bytes->len && bytes->ptr[at] == ',' && cut->in_array;
	at += cut->separated;
	cut->done = cut->eof;
	cut->scanned = 0;
	drop(cut, block, at);
	nv_buf_clear(&cut->carry);
	nv_buf_add(&cut->carry, bytes->ptr, bytes->len);
	nv_buf_clear(bytes);
	return cut->carry.failed ? nv_fail_memory(err) : 1;
}

/* Scans what has been read since: the last ',' to cut at goes into *comma (SIZE_MAX: none); true when the last element's end
 * has been found, at *end. */
static bool scan_on(nv_cut *cut, const nv_buf *bytes, size_t *comma, size_t *end)
{
	const char *at = bytes->ptr + cut->scanned, *stop = bytes->ptr + bytes->len;
	while ((at = nv_scan_element(&cut->scan, at, stop)) < stop) {
		*end = (size_t)(at - bytes->ptr);
		if (*at == ']' || !cut->in_array)
			return true;
		*comma = *end;
		at++;
	}
	cut->scanned = bytes->len;
	return false;
}

static int cut_elements(nv_cut *cut, nv_block *block, nv_error *err)
{
	nv_buf *bytes = &block->bytes;
	size_t comma = SIZE_MAX, end = 0;
	for (;;) {
		if (bytes->len > 0 && scan_on(cut, bytes, &comma, &end))
			return give_last(cut, block, end, err);
		if (comma != SIZE_MAX && (bytes->len >= NV_CUT_TARGET || nv_cut_waits(cut) || cut->eof))
			return give_elements(cut, block, comma, ',', err);
		if (comma == SIZE_MAX && bytes->len > cut->max_record)
			return skip_element(cut, block, err);
		if (cut->eof)
			return give_rest(cut, block, err);
		int code = nv_cut_fill(cut, block, err);
		if (code)
			return code;
	}
}

/* ---- The whole ---- */

/* What follows the array's ']': nothing is right. */
static int cut_tail(nv_cut *cut, nv_block *block, nv_error *err)
{
	if (!cut->in_array)
		return 0;
	cut->in_array = false;
	int code = drop_space(cut, block, err);
	if (code || block->bytes.len == 0)
		return code;
	return nv_cut_bad(cut, block, NV_E_RECORD, "expected nothing after the array");
}

static int begin(nv_cut *cut, nv_block *block, nv_error *err)
{
	int code = drop_space(cut, block, err);
	if (code || block->bytes.len == 0)
		return code;
	char first = block->bytes.ptr[0];
	if (first == '[') {
		cut->in_array = true;
		drop(cut, block, 1);
		return 0;
	}
	if (first == '{')
		return choose_cutter(cut, block, err);
	cut->done = true;
	return nv_cut_bad(cut, block, NV_E_RECORD, "expected an array of objects, or an object");
}

static void swap_carry(nv_cut *cut, nv_block *block)
{
	nv_buf bytes = block->bytes;
	block->bytes = cut->carry;
	cut->carry = bytes;
}

static int tell_pending(nv_cut *cut, nv_block *block)
{
	const char *message = cut->pending;
	cut->pending = NULL;
	return nv_cut_bad(cut, block, NV_E_RECORD, message);
}

int nv_cut_json(nv_cut *cut, nv_block *block, nv_error *err)
{
	if (cut->pending)
		return tell_pending(cut, block);
	bool first = !cut->started;
	int code = nv_cut_start(cut, block, err);
	if (code == 0 && first)
		code = begin(cut, block, err);
	if (code || (first && block->bytes.len == 0 && !cut->in_array))
		return code;
	if (cut->next != nv_cut_json) {
		swap_carry(cut, block);
		return cut->next(cut, block, err);
	}
	return cut->done ? cut_tail(cut, block, err) : cut_elements(cut, block, err);
}
