/* SPDX-License-Identifier: Apache-2.0
 *
 * Cutting WARC files (ISO 28500): a header block tells the length of what follows; two line ends stand behind it.
 */
#include "data/cut.h"
#include "data/http.h"

#include <string.h>

enum { NV_WARC_HEADER_MAX = 1 << 18 };

typedef struct record {
	size_t header; /* bytes, with the blank line */
	uint64_t len;  /* bytes of the whole, with the line ends behind it */
	bool response;
} record;

static bool read_length(nv_str value, uint64_t *len)
{
	*len = 0;
	for (size_t i = 0; i < value.len && i < 15; i++) {
		if (value.ptr[i] < '0' || value.ptr[i] > '9')
			return false;
		*len = *len * 10 + (uint64_t)(value.ptr[i] - '0');
	}
	return value.len > 0 && value.len < 15;
}

/* The record that begins at `at`: 1, 0: more bytes are needed, -1: this is no record. */
static int look_at(const nv_buf *bytes, size_t at, record *r)
{
	nv_str rest = {bytes->ptr + at, bytes->len - at};
	static const char magic[] = "WARC/";
	size_t n = rest.len < sizeof magic - 1 ? rest.len : sizeof magic - 1;
	if (memcmp(rest.ptr, magic, n) != 0)
		return -1;
	r->header = nv_header_block(rest);
	if (r->header == 0)
		return rest.len > NV_WARC_HEADER_MAX ? -1 : 0;
	rest.len = r->header;
	if (!read_length(nv_header_get(rest, "Content-Length"), &r->len))
		return -1;
	r->len += r->header + 4;
	r->response = nv_str_is(nv_header_get(rest, "WARC-Type"), "response");
	return 1;
}

/* Takes bytes [at, at + n) out of block; they are counted as read before what is left. */
static void take_out(nv_cut *cut, nv_block *block, size_t n)
{
	nv_cut_advance(cut, block->bytes.ptr, n);
	block->bytes.len -= n;
	memmove(block->bytes.ptr, block->bytes.ptr + n, block->bytes.len);
}

/* Reads a record's bytes away, `len` from the block's start on. */
static int skip(nv_cut *cut, nv_block *block, uint64_t len, nv_error *err)
{
	while (len > block->bytes.len && !cut->eof) {
		len -= block->bytes.len;
		take_out(cut, block, block->bytes.len);
		int code = nv_cut_fill(cut, block, err);
		if (code)
			return code;
	}
	take_out(cut, block, len < block->bytes.len ? (size_t)len : block->bytes.len);
	return 0;
}

static int keep_rest(nv_cut *cut, nv_block *block, nv_error *err)
{
	nv_buf_clear(&cut->carry);
	nv_buf_add(&cut->carry, block->bytes.ptr, block->bytes.len);
	nv_buf_clear(&block->bytes);
	return cut->carry.failed ? nv_fail_memory(err) : 1;
}

static int skip_too_long(nv_cut *cut, nv_block *block, uint64_t len, nv_error *err)
{
	nv_cut_too_long(cut, block);
	int code = skip(cut, block, len, err);
	return code ? code : keep_rest(cut, block, err);
}

static int stop_at(nv_cut *cut, nv_block *block)
{
	cut->done = cut->eof = true;
	nv_buf_clear(&block->bytes);
	return nv_cut_bad(cut, block, NV_E_RECORD, "expected a WARC record (\"WARC/1.0\", headers with Content-Length)");
}

/* Whole records from the block's start up to the target. Of those that are too long, only responses are told of. */
static int cut_records(nv_cut *cut, nv_block *block, nv_error *err)
{
	size_t whole = 0;
	record r;
	for (;;) {
		int found = block->bytes.len > whole ? look_at(&block->bytes, whole, &r) : 0;
		if (found < 0 && whole == 0)
			return stop_at(cut, block);
		if (found < 0)
			return nv_cut_give(cut, block, whole, whole, err);
		if (found > 0 && r.len > cut->max_record) {
			if (whole > 0)
				return nv_cut_give(cut, block, whole, whole, err);
			int code = r.response ? skip_too_long(cut, block, r.len, err) : skip(cut, block, r.len, err);
			if (code)
				return code;
			continue;
		}
		if (found > 0 && whole + r.len <= block->bytes.len) {
			whole += (size_t)r.len;
			continue;
		}
		if (whole > 0 && (block->bytes.len >= NV_CUT_TARGET || nv_cut_waits(cut) || cut->eof))
			return nv_cut_give(cut, block, whole, whole, err);
		if (cut->eof) {
			bool tail = block->bytes.len > 0 && !cut->broken;
			cut->done = true;
			/* The last record may lack its line ends. */
			if (found > 0 && block->bytes.len + 4 >= r.len)
				return nv_cut_give(cut, block, block->bytes.len, block->bytes.len, err);
			return tail ? nv_cut_bad(cut, block, NV_E_RECORD, "the file ends inside a WARC record") : 0;
		}
		int code = nv_cut_fill(cut, block, err);
		if (code)
			return code;
	}
}

int nv_cut_warc(nv_cut *cut, nv_block *block, nv_error *err)
{
	int code = nv_cut_start(cut, block, err);
	return code || cut->done ? code : cut_records(cut, block, err);
}
