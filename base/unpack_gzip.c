/* SPDX-License-Identifier: Apache-2.0
 *
 * gzip (RFC 1952) by zlib.
 */
#include "base/alloc.h"
#include "base/unpack.h"

#include <limits.h>
#define ZLIB_CONST
#include <zlib.h>

static void *take(void *opaque, uInt n, uInt size)
{
	(void)opaque;
	return nv_alloc(n, size);
}

static void give_back(void *opaque, void *ptr)
{
	(void)opaque;
	nv_free(ptr);
}

static bool open_gzip(void *state)
{
	z_stream *z = state;
	z->zalloc = take;
	z->zfree = give_back;
	return inflateInit2(z, 16 + MAX_WBITS) == Z_OK;
}

static bool reset_gzip(void *state)
{
	return inflateReset(state) == Z_OK;
}

static void close_gzip(void *state)
{
	z_stream *z = state;
	if (z->state)
		inflateEnd(z);
}

static uInt at_most(size_t n)
{
	return n < UINT_MAX ? (uInt)n : UINT_MAX;
}

static nv_unpack_state step_gzip(void *state, nv_unpack_io *io, const char **why)
{
	z_stream *z = state;
	uInt in = at_most(io->n_in), out = at_most(io->n_out);
	z->next_in = io->in;
	z->avail_in = in;
	z->next_out = io->out;
	z->avail_out = out;
	int result = inflate(z, Z_NO_FLUSH);
	io->in += in - z->avail_in;
	io->n_in -= in - z->avail_in;
	io->out += out - z->avail_out;
	io->n_out -= out - z->avail_out;
	if (result == Z_STREAM_END)
		return NV_UNPACK_MEMBER_ENDS;
	if (result == Z_OK || result == Z_BUF_ERROR)
		return NV_UNPACK_GOES_ON;
	*why = z->msg ? z->msg : "an unknown part";
	return result == Z_MEM_ERROR ? NV_UNPACK_NO_MEMORY : NV_UNPACK_DAMAGED;
}

const nv_unpack_format nv_unpack_gzip = {"gzip",    ".gz",     "\x1F\x8B", 2,         sizeof(z_stream),
                                         open_gzip, step_gzip, reset_gzip, close_gzip};
