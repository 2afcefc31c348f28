/* SPDX-License-Identifier: Apache-2.0 */
#include "data/http.h"

#include "base/unpack.h"

#include <string.h>
#include <strings.h>

enum { NV_ROOM_STEP = 65536 };

static size_t line_length(nv_str bytes, size_t at)
{
	const char *feed = at < bytes.len ? memchr(bytes.ptr + at, '\n', bytes.len - at) : NULL;
	return feed ? (size_t)(feed + 1 - bytes.ptr) - at : 0;
}

size_t nv_header_block(nv_str bytes)
{
	size_t at = 0, n;
	while ((n = line_length(bytes, at)) > 0) {
		bool blank = n == 1 || (n == 2 && bytes.ptr[at] == '\r');
		at += n;
		if (blank)
			return at;
	}
	return 0;
}

static nv_str trim(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	while (end > at && (unsigned char)end[-1] <= ' ')
		end--;
	return (nv_str){at, (size_t)(end - at)};
}

nv_str nv_header_get(nv_str block, const char *name)
{
	size_t len = strlen(name), n = line_length(block, 0);
	for (size_t at = n; n > 0 && (n = line_length(block, at)) > 0; at += n) {
		const char *line = block.ptr + at;
		if (n > len && line[len] == ':' && strncasecmp(line, name, len) == 0)
			return trim(line + len + 1, line + n);
	}
	return (nv_str){NULL, 0};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool has(nv_str value, const char *word)
{
	size_t len = strlen(word);
	for (size_t i = 0; i + len <= value.len; i++) {
		if (strncasecmp(value.ptr + i, word, len) == 0)
			return true;
	}
	return false;
}

/* The hexadecimal number that a chunk begins with; false: there is none, or one too large. */
static bool chunk_size(nv_str bytes, size_t at, size_t *size)
{
	size_t n = 0;
	*size = 0;
	for (; at < bytes.len && n < 8; at++, n++) {
		unsigned char c = (unsigned char)bytes.ptr[at];
		int digit = c >= '0' && c <= '9'                     ? c - '0'
		            : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
		                                                     : -1;
		if (digit < 0)
			break;
		*size = *size * 16 + (size_t)digit;
	}
	return n > 0;
}

/* What does not look like chunks has been joined by the crawler already: false. A body that is cut keeps what is there. */
static bool join_chunks(nv_str bytes, nv_buf *out)
{
	size_t at = 0, size, n;
	nv_buf_clear(out);
	while (chunk_size(bytes, at, &size) && (n = line_length(bytes, at)) > 0) {
		at += n;
		if (size == 0)
			return true;
		size = size < bytes.len - at ? size : bytes.len - at;
		nv_buf_add(out, bytes.ptr + at, size);
		at += size;
		at += at < bytes.len && bytes.ptr[at] == '\r';
		at += at < bytes.len && bytes.ptr[at] == '\n';
	}
	return at > 0 && at >= bytes.len;
}

static int unpack(nv_str bytes, size_t most, nv_buf *out, nv_error *err)
{
	nv_unpacker *unpacker = NULL;
	nv_unpack_io io = {.in = (const unsigned char *)bytes.ptr, .n_in = bytes.len};
	int code = nv_unpacker_new(&unpacker, NV_GZIP, err);
	nv_buf_clear(out);
	while (code == NV_OK) {
		if (!nv_buf_reserve(out, NV_ROOM_STEP)) {
			code = nv_fail_memory(err);
			break;
		}
		io.out = (unsigned char *)out->ptr + out->len;
		io.n_out = NV_ROOM_STEP;
		code = nv_unpacker_step(unpacker, &io, err);
		out->len += NV_ROOM_STEP - io.n_out;
		if (code == NV_OK && out->len > most)
			code = nv_fail(err, NV_E_RECORD, "a page of more than %zu bytes when unpacked (--max-record)", most);
		if (io.n_out > 0)
			break;
	}
	if (code == NV_OK && !nv_unpacker_is_whole(unpacker))
		code = nv_fail(err, NV_E_RECORD, "the page's gzip data ends too early");
	nv_unpacker_free(unpacker);
	if (code == NV_E_INPUT)
		nv_error_clear(err);
	return code == NV_E_INPUT ? nv_fail(err, NV_E_RECORD, "the page's gzip data is damaged") : code;
}

int nv_http_body(nv_str header, nv_str bytes, size_t most, nv_buf *room, nv_buf *out, nv_str *body, nv_error *err)
{
	*body = bytes;
	if (has(nv_header_get(header, "Transfer-Encoding"), "chunked") && join_chunks(bytes, room))
		*body = (nv_str){room->ptr, room->len};
	if (room->failed)
		return nv_fail_memory(err);
	nv_str encoding = nv_header_get(header, "Content-Encoding");
	if (encoding.len == 0 || has(encoding, "identity"))
		return NV_OK;
	bool may_change;
	if (body->len > 0 && nv_packing_of_bytes(body->ptr, body->len, &may_change) == NV_GZIP) {
		int code = unpack(*body, most, out, err);
		*body = (nv_str){out->ptr, out->len};
		return code;
	}
	/* Crawlers often undo the encoding and leave the header: text begins with '<' or white space. */
	const char *first = body->ptr;
	if (body->len == 0 || *first == '<' || is_blank(*first) || (unsigned char)*first == 0xEF)
		return NV_OK;
	return nv_fail(err, NV_E_RECORD, "the page is in content encoding \"%.*s\", which is not read",
	               (int)(encoding.len < 40 ? encoding.len : 40), encoding.ptr);
}
