/* SPDX-License-Identifier: Apache-2.0
 *
 * xz by liblzma, with at most 128 MiB of memory (a file of `xz -9` wants 65).
 */
#include "base/alloc.h"
#include "base/unpack.h"

#include <lzma.h>

#define NV_XZ_MEMORY ((uint64_t)128 << 20)

static void *take(void *opaque, size_t n, size_t size)
{
	(void)opaque;
	return nv_alloc(n, size);
}

static void give_back(void *opaque, void *ptr)
{
	(void)opaque;
	nv_free(ptr);
}

static const lzma_allocator allocator = {take, give_back, NULL};

static bool reset_xz(void *state)
{
	return lzma_stream_decoder(state, NV_XZ_MEMORY, 0) == LZMA_OK;
}

static bool open_xz(void *state)
{
	lzma_stream *xz = state;
	*xz = (lzma_stream)LZMA_STREAM_INIT;
	xz->allocator = &allocator;
	return reset_xz(state);
}

static void close_xz(void *state)
{
	lzma_end(state);
}

static nv_unpack_state fail(lzma_ret result, const char **why)
{
	*why = result == LZMA_MEMLIMIT_ERROR  ? "it wants more than 128 MiB of memory"
	       : result == LZMA_OPTIONS_ERROR ? "made with options that are not supported"
	       : result == LZMA_FORMAT_ERROR  ? "its header is wrong"
	                                      : "its contents or checksums are wrong";
	return result == LZMA_MEM_ERROR ? NV_UNPACK_NO_MEMORY : NV_UNPACK_DAMAGED;
}

static nv_unpack_state step_xz(void *state, nv_unpack_io *io, const char **why)
{
	lzma_stream *xz = state;
	xz->next_in = io->in;
	xz->avail_in = io->n_in;
	xz->next_out = io->out;
	xz->avail_out = io->n_out;
	lzma_ret result = lzma_code(xz, LZMA_RUN);
	io->in = xz->next_in;
	io->n_in = xz->avail_in;
	io->out = xz->next_out;
	io->n_out = xz->avail_out;
	if (result == LZMA_STREAM_END)
		return NV_UNPACK_MEMBER_ENDS;
	return result == LZMA_OK || result == LZMA_BUF_ERROR ? NV_UNPACK_GOES_ON : fail(result, why);
}

const nv_unpack_format nv_unpack_xz = {"xz",
                                       ".xz",
                                       "\xFD"
                                       "7zXZ\0",
                                       6,
                                       sizeof(lzma_stream),
                                       open_xz,
                                       step_xz,
                                       reset_xz,
                                       close_xz};
