/* SPDX-License-Identifier: Apache-2.0
 *
 * bzip2 by libbz2.
 */
#include "base/alloc.h"
#include "base/unpack.h"

#include <bzlib.h>
#include <limits.h>

typedef struct bzip2_state {
	bz_stream stream;
	bool open;
} bzip2_state;

static void *take(void *opaque, int n, int size)
{
	(void)opaque;
	return nv_alloc((size_t)n, (size_t)size);
}

static void give_back(void *opaque, void *ptr)
{
	(void)opaque;
	nv_free(ptr);
}

static bool open_bzip2(void *state)
{
	bzip2_state *b = state;
	b->stream = (bz_stream){.bzalloc = take, .bzfree = give_back};
	b->open = BZ2_bzDecompressInit(&b->stream, 0, 0) == BZ_OK;
	return b->open;
}

static void close_bzip2(void *state)
{
	bzip2_state *b = state;
	if (b->open)
		BZ2_bzDecompressEnd(&b->stream);
	b->open = false;
}

static bool reset_bzip2(void *state)
{
	close_bzip2(state);
	return open_bzip2(state);
}

static unsigned at_most(size_t n)
{
	return n < UINT_MAX ? (unsigned)n : UINT_MAX;
}

/* The library reads its input through a pointer that is not const, and does not write there. */
static char *not_const(const unsigned char *in)
{
	union {
		const unsigned char *in;
		char *out;
	} same = {in};
	return same.out;
}

static nv_unpack_state step_bzip2(void *state, nv_unpack_io *io, const char **why)
{
	bz_stream *stream = &((bzip2_state *)state)->stream;
	unsigned in = at_most(io->n_in), out = at_most(io->n_out);
	stream->next_in = not_const(io->in);
	stream->avail_in = in;
	stream->next_out = (char *)io->out;
	stream->avail_out = out;
	int result = BZ2_bzDecompress(stream);
	io->in += in - stream->avail_in;
	io->n_in -= in - stream->avail_in;
	io->out += out - stream->avail_out;
	io->n_out -= out - stream->avail_out;
	if (result == BZ_STREAM_END)
		return NV_UNPACK_MEMBER_ENDS;
	if (result == BZ_OK)
		return NV_UNPACK_GOES_ON;
	*why = result == BZ_DATA_ERROR_MAGIC ? "its header is wrong" : "its contents or checksums are wrong";
	return result == BZ_MEM_ERROR ? NV_UNPACK_NO_MEMORY : NV_UNPACK_DAMAGED;
}

const nv_unpack_format nv_unpack_bzip2 = {"bzip2",    ".bz2",     "BZh",       3,          sizeof(bzip2_state),
                                          open_bzip2, step_bzip2, reset_bzip2, close_bzip2};
