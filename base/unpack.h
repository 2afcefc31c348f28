/* SPDX-License-Identifier: Apache-2.0
 *
 * unpack.h: compressed bytes (gzip, zstd, xz, bzip2) as they come, told apart by what they begin with. Members that follow each
 * other are one stream (RFC 1952, section 2.2; the other formats' tools agree), and zero bytes behind a member are padding.
 * Memory does not depend on what is inside: a decoder keeps its window, at most 128 MiB (zstd, xz; usually 8 MiB), 32 KiB (gzip),
 * or 4 MB (bzip2). Checksums are verified.
 *
 * Call order: new -> step until the input has ended -> nv_unpacker_is_whole -> free. Each library is used by one file,
 * base/unpack_NAME.c. An unpacker belongs to one thread.
 */
#ifndef NV_BASE_UNPACK_H
#define NV_BASE_UNPACK_H

#include "base/error.h"

typedef enum nv_packing { NV_PLAIN, NV_GZIP, NV_ZSTD, NV_XZ, NV_BZIP2, NV_N_PACKING } nv_packing;

/* What the bytes at the start of a file are packed with. *may_change: more bytes could tell otherwise. */
nv_packing nv_packing_of_bytes(const char *bytes, size_t len, bool *may_change);
/* By a file name's suffix, .gz .zst .xz .bz2 in either case; *len becomes the name's length without it. */
nv_packing nv_packing_of_name(const char *name, size_t *len);
const char *nv_packing_name(nv_packing packing); /* "gzip"; static */

/* Input and room for output; a step moves both on. */
typedef struct nv_unpack_io {
	const unsigned char *in;
	size_t n_in;
	unsigned char *out;
	size_t n_out;
} nv_unpack_io;

typedef struct nv_unpacker nv_unpacker;
int nv_unpacker_new(nv_unpacker **unpacker, nv_packing packing, nv_error *err); /* not of NV_PLAIN */
void nv_unpacker_free(nv_unpacker *unpacker);
/* Goes on until the input is used up or the room is full. NV_E_INPUT: damaged, and every further step says so again. */
int nv_unpacker_step(nv_unpacker *unpacker, nv_unpack_io *io, nv_error *err);
/* Whether the input may end here: no member has begun that has not ended. */
bool nv_unpacker_is_whole(const nv_unpacker *unpacker);

/* ---- For base/unpack_NAME.c: one row a format ---- */
typedef enum nv_unpack_state {
	NV_UNPACK_GOES_ON,
	NV_UNPACK_MEMBER_ENDS,
	NV_UNPACK_DAMAGED,
	NV_UNPACK_NO_MEMORY
} nv_unpack_state;

typedef struct nv_unpack_format {
	const char *name, *suffix;
	const char *magic; /* [n_magic] */
	size_t n_magic;
	size_t size;               /* of the decoder's state, which begins zeroed */
	bool (*open)(void *state); /* false: out of memory */
	/* Reads and writes at least one byte, unless input or room lacks. *why: static, filled when damaged. */
	nv_unpack_state (*step)(void *state, nv_unpack_io *io, const char **why);
	bool (*reset)(void *state); /* for the next member; false: out of memory */
	void (*close)(void *state); /* also after a failed open */
} nv_unpack_format;

extern const nv_unpack_format nv_unpack_gzip, nv_unpack_zstd, nv_unpack_xz, nv_unpack_bzip2;

#endif
