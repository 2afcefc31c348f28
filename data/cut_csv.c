/* SPDX-License-Identifier: Apache-2.0
 *
 * Cutting CSV and TSV files: the header row is kept aside and goes with every block; blocks end behind the line feed of a record,
 * which only the state of quotes from the file's start can tell (csv.h).
 */
#include "data/cut.h"

#include <string.h>

static size_t blank_lines(const nv_buf *bytes, size_t from)
{
	while (from < bytes->len && (bytes->ptr[from] == '\n' || bytes->ptr[from] == '\r'))
		from++;
	return from;
}

/* Reads on until the header row is whole; its length, 0 when the file is empty or breaks off in it. */
static int find_header(nv_cut *cut, nv_block *block, size_t from, size_t *len, nv_error *err)
{
	nv_buf *bytes = &block->bytes;
	size_t seen = from;
	for (;;) {
		const char *end = bytes->ptr + bytes->len;
		const char *feed = bytes->len > seen ? nv_csv_record_end(&cut->csv, bytes->ptr + seen, end) : end;
		seen = bytes->len;
		*len = bytes->len > from ? (size_t)(feed - bytes->ptr) - from : 0;
		if (feed == end && cut->broken)
			*len = 0;
		if (feed < end || cut->eof || *len > cut->max_record)
			return 0;
		int code = nv_cut_fill(cut, block, err);
		if (code)
			return code;
	}
}

/* Takes the header row off the file; 0, 1: block is bad, < 0. */
static int take_header(nv_cut *cut, nv_block *block, nv_error *err)
{
	size_t len = 0, from = blank_lines(&block->bytes, 0);
	cut->csv = (nv_csv_scan){NV_CSV_START, cut->format == NV_FORMAT_TSV ? '\t' : 0};
	int code = find_header(cut, block, from, &len, err);
	if (code)
		return code;
	nv_cut_advance(cut, block->bytes.ptr, from);
	cut->header_line = cut->line;
	if (len > cut->max_record) {
		cut->done = cut->eof = true;
		return nv_cut_too_long(cut, block);
	}
	if (len == 0) {
		cut->done = true;
		return 0;
	}
	nv_buf_add(&cut->header, block->bytes.ptr + from, len);
	if (!cut->csv.delimiter)
		cut->csv.delimiter = nv_csv_delimiter(cut->header.ptr, cut->header.len);
	size_t rest = from + len + (from + len < block->bytes.len);
	nv_cut_advance(cut, block->bytes.ptr + from, rest - from);
	block->bytes.len -= rest;
	memmove(block->bytes.ptr, block->bytes.ptr + rest, block->bytes.len);
	return cut->header.failed ? nv_fail_memory(err) : 0;
}

/* A record that is too long is read on to its end without being kept; `scan` is where block's bytes end. */
static int skip_record(nv_cut *cut, nv_block *block, nv_csv_scan *scan, nv_error *err)
{
	nv_buf *bytes = &block->bytes;
	size_t at = bytes->len;
	nv_cut_too_long(cut, block);
	while (at == bytes->len && !cut->eof) {
		nv_cut_advance(cut, bytes->ptr, bytes->len);
		nv_buf_clear(bytes);
		int code = nv_cut_fill(cut, block, err);
		if (code)
			return code;
		if (bytes->len > 0)
			at = (size_t)(nv_csv_record_end(scan, bytes->ptr, bytes->ptr + bytes->len) - bytes->ptr);
	}
	at += at < bytes->len;
	nv_cut_advance(cut, bytes->ptr, at);
	nv_buf_clear(&cut->carry);
	nv_buf_add(&cut->carry, bytes->ptr + at, bytes->len - at);
	nv_buf_clear(bytes);
	return cut->carry.failed ? nv_fail_memory(err) : 1;
}

/* Scans what has been read since `*seen`: behind the last line feed that ends a record, or what it was. */
static size_t whole_records(nv_csv_scan *scan, const nv_buf *bytes, size_t *seen, size_t whole)
{
	const char *at = bytes->ptr + *seen, *end = bytes->ptr + bytes->len;
	while (*seen < bytes->len && (at = nv_csv_record_end(scan, at, end)) < end)
		whole = (size_t)(++at - bytes->ptr);
	*seen = bytes->len;
	return whole;
}

/* A block is no shorter than the header row, which is read again with each: else a long one would be most of the work. */
static int cut_records(nv_cut *cut, nv_block *block, nv_error *err)
{
	nv_buf *bytes = &block->bytes;
	size_t target = cut->header.len > NV_CUT_TARGET ? cut->header.len : NV_CUT_TARGET;
	nv_csv_scan scan = {NV_CSV_START, cut->csv.delimiter};
	size_t seen = 0, whole = whole_records(&scan, bytes, &seen, 0);
	while (!cut->eof && (whole == 0 || (bytes->len < target && !nv_cut_waits(cut)))) {
		if (whole == 0 && bytes->len > cut->max_record)
			return skip_record(cut, block, &scan, err);
		int code = nv_cut_fill(cut, block, err);
		if (code)
			return code;
		whole = whole_records(&scan, bytes, &seen, whole);
	}
	if (cut->eof && !cut->broken)
		whole = bytes->len;
	return whole > 0 || block->header_first ? nv_cut_give(cut, block, whole, whole, err) : 0;
}

static int copy_header(const nv_cut *cut, nv_block *block, nv_error *err)
{
	nv_buf_clear(&block->header);
	nv_buf_add(&block->header, cut->header.ptr, cut->header.len);
	block->header_line = cut->header_line;
	block->delimiter = cut->csv.delimiter;
	return block->header.failed ? nv_fail_memory(err) : 0;
}

int nv_cut_csv(nv_cut *cut, nv_block *block, nv_error *err)
{
	bool first = !cut->started;
	int code = nv_cut_start(cut, block, err);
	if (code == 0 && first)
		code = take_header(cut, block, err);
	if (code || cut->done)
		return code;
	block->header_first = first;
	code = copy_header(cut, block, err);
	return code ? code : cut_records(cut, block, err);
}
