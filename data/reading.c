/* SPDX-License-Identifier: Apache-2.0 */
#include "data/reading.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NV_WAIT_MS = 50 };

void nv_reading_open(nv_reading *r, int fd, nv_packing expected, bool convert)
{
	struct stat st;
	r->fd = fd;
	r->expected = expected;
	r->converts = convert;
	r->is_regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	r->waits = r->started = r->ended = false;
	r->at = 0;
	r->ill_formed = 0;
	nv_buf_clear(&r->packed);
	nv_buf_clear(&r->foreign);
}

void nv_reading_close(nv_reading *r)
{
	if (r->fd > STDIN_FILENO)
		close(r->fd);
	r->fd = -1;
	nv_unpacker_free(r->unpacker);
	nv_charset_free(r->charset);
	r->unpacker = NULL;
	r->charset = NULL;
}

void nv_reading_release(nv_reading *r)
{
	nv_buf_release(&r->packed);
	nv_buf_release(&r->foreign);
}

/* ---- The file ---- */

/* Until a pipe has something to give, or whoever asked for progress wants to stop. */
static int wait_for_bytes(nv_reading *r, nv_error *err)
{
	struct pollfd wanted = {.fd = r->fd, .events = POLLIN};
	int code = NV_OK;
	while (code == NV_OK && r->ticker && !r->is_regular) {
		int ready = poll(&wanted, 1, NV_WAIT_MS);
		if (ready > 0 || (ready < 0 && errno != EINTR))
			break;
		code = nv_tick(r->ticker, 0, err);
	}
	return code;
}

/* 1, 0 at the end, or a negative code. */
static int read_some(nv_reading *r, nv_buf *to, nv_error *err)
{
	ssize_t n;
	if (!nv_buf_reserve(to, NV_READ_STEP))
		return nv_fail_memory(err);
	int code = wait_for_bytes(r, err);
	if (code != NV_OK)
		return code;
	do
		n = read(r->fd, to->ptr + to->len, NV_READ_STEP);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return nv_fail_errno(err, NV_E_INPUT, NULL, errno, "can't read");
	r->waits = !r->is_regular && (size_t)n < NV_READ_STEP;
	to->len += (size_t)n;
	return n > 0;
}

/* ---- What it is packed in ---- */

/* Reads the first bytes, as many as tell; a pipe may give them one by one. */
static int look_for_packing(nv_reading *r, nv_buf *first, size_t from, nv_packing *packing, nv_error *err)
{
	bool may_change = true;
	int code = 1;
	while (code == 1 && may_change) {
		code = read_some(r, first, err);
		if (code >= 0)
			*packing = nv_packing_of_bytes(first->ptr + from, first->len - from, &may_change);
	}
	r->ended = code == 0;
	return code < 0 ? code : NV_OK;
}

static int start_charset(nv_reading *r, nv_error *err)
{
	nv_str name = nv_str_of(r->encoding);
	return !r->converts || nv_charset_is_utf8(name) ? NV_OK : nv_charset_new(&r->charset, name, err);
}

/* The first bytes are in `bytes` then, or in `packed`. */
static int start(nv_reading *r, nv_buf *bytes, nv_error *err)
{
	nv_packing packing = NV_PLAIN;
	size_t from = bytes->len;
	r->started = true;
	int code = look_for_packing(r, bytes, from, &packing, err);
	if (code == NV_OK)
		code = start_charset(r, err);
	if (code != NV_OK)
		return code;
	if (packing == NV_PLAIN && r->expected != NV_PLAIN) {
		bytes->len = from;
		return nv_fail(err, NV_E_INPUT, "this is no %s data, which its name promises", nv_packing_name(r->expected));
	}
	if (packing == NV_PLAIN && !r->charset)
		return NV_OK;
	nv_buf *to = packing == NV_PLAIN ? &r->foreign : &r->packed;
	nv_buf_add(to, bytes->ptr + from, bytes->len - from);
	bytes->len = from;
	if (to->failed)
		return nv_fail_memory(err);
	return packing == NV_PLAIN ? NV_OK : nv_unpacker_new(&r->unpacker, packing, err);
}

/* ---- Unpacking ---- */

static int refill_packed(nv_reading *r, nv_error *err)
{
	nv_buf_clear(&r->packed);
	r->at = 0;
	int more = r->ended ? 0 : read_some(r, &r->packed, err);
	r->ended = more == 0;
	if (more == 0 && !nv_unpacker_is_whole(r->unpacker))
		return nv_fail(err, NV_E_INPUT, "the compressed data ends too early");
	return more;
}

static int unpack(nv_reading *r, nv_buf *to, size_t *room, nv_error *err)
{
	nv_unpack_io io = {(const unsigned char *)r->packed.ptr + r->at, r->packed.len - r->at,
	                   (unsigned char *)to->ptr + to->len, *room};
	int code = nv_unpacker_step(r->unpacker, &io, err);
	r->at = r->packed.len - io.n_in;
	to->len += *room - io.n_out;
	*room = io.n_out;
	return code;
}

/* As read_some. A pipe's bytes are handed on before it is waited for again. */
static int unpack_some(nv_reading *r, nv_buf *to, nv_error *err)
{
	size_t room = NV_READ_STEP;
	if (!nv_buf_reserve(to, room))
		return nv_fail_memory(err);
	int code = unpack(r, to, &room, err);
	while (code == NV_OK && room > 0) {
		if (r->waits && room < NV_READ_STEP)
			return 1;
		int more = refill_packed(r, err);
		if (more <= 0)
			return more < 0 ? more : room < NV_READ_STEP;
		code = unpack(r, to, &room, err);
	}
	return code == NV_OK ? 1 : code;
}

/* ---- The whole ---- */

static int fill_raw(nv_reading *r, nv_buf *to, nv_error *err)
{
	if (r->unpacker)
		return unpack_some(r, to, err);
	int more = r->ended ? 0 : read_some(r, to, err);
	r->ended = more == 0;
	return more;
}

/* What is unpacked before a fault is converted too. */
static int convert_some(nv_reading *r, nv_buf *bytes, nv_error *err)
{
	int more = r->foreign.len > 0 ? 1 : fill_raw(r, &r->foreign, err);
	nv_charset_add(r->charset, r->foreign.ptr, r->foreign.len, bytes);
	nv_buf_clear(&r->foreign);
	if (more == 0)
		nv_charset_end(r->charset, bytes);
	r->ill_formed = nv_charset_ill_formed(r->charset);
	return bytes->failed ? nv_fail_memory(err) : more;
}

int nv_reading_fill(nv_reading *r, nv_buf *bytes, nv_error *err)
{
	if (!r->started) {
		int code = start(r, bytes, err);
		if (code != NV_OK)
			return code;
		if (!r->unpacker && !r->charset)
			return !r->ended;
	}
	return r->charset ? convert_some(r, bytes, err) : fill_raw(r, bytes, err);
}
