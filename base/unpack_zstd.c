/* SPDX-License-Identifier: Apache-2.0
 *
 * Zstandard (RFC 8878) by libzstd. The library's default limit on windows, 128 MiB, holds; its memory is the system allocator's,
 * because the call that takes another one is not part of its stable interface.
 */
#include "base/unpack.h"

#include <zstd.h>
#include <zstd_errors.h>

typedef struct zstd_state {
	ZSTD_DStream *stream;
} zstd_state;

static bool open_zstd(void *state)
{
	zstd_state *z = state;
	z->stream = ZSTD_createDStream();
	return z->stream != NULL;
}

/* A stream begins its next frame by itself. */
static bool reset_zstd(void *state)
{
	(void)state;
	return true;
}

static void close_zstd(void *state)
{
	zstd_state *z = state;
	ZSTD_freeDStream(z->stream);
}

static nv_unpack_state step_zstd(void *state, nv_unpack_io *io, const char **why)
{
	zstd_state *z = state;
	ZSTD_inBuffer in = {io->in, io->n_in, 0};
	ZSTD_outBuffer out = {io->out, io->n_out, 0};
	size_t left = ZSTD_decompressStream(z->stream, &out, &in);
	if (ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation)
		return NV_UNPACK_NO_MEMORY;
	if (ZSTD_isError(left)) {
		*why = ZSTD_getErrorName(left);
		return NV_UNPACK_DAMAGED;
	}
	io->in += in.pos;
	io->n_in -= in.pos;
	io->out += out.pos;
	io->n_out -= out.pos;
	return left == 0 ? NV_UNPACK_MEMBER_ENDS : NV_UNPACK_GOES_ON;
}

const nv_unpack_format nv_unpack_zstd = {"zstd",    ".zst",    "\x28\xB5\x2F\xFD", 4,         sizeof(zstd_state),
                                         open_zstd, step_zstd, reset_zstd,         close_zstd};
