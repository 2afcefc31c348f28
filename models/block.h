/* SPDX-License-Identifier: Apache-2.0
 *
 * block.h: the container of the model file (docs/model_format.md): a header, a table of named blocks, a checksum for
 * each NV_CHUNK bytes of a block. Header, table and the list of checksums are verified when the table is opened; a
 * block's chunks when they are first asked for, by whichever thread comes first, so that a large model answers at once.
 *
 * Call order: nv_block_table_open -> nv_block_find -> nv_block_need before the bytes are read -> nv_block_table_free.
 * Thread rule: nv_block_need may be called from any number of threads; a chunk may then be verified twice, which harms
 * nothing.
 */
#ifndef NV_MODELS_BLOCK_H
#define NV_MODELS_BLOCK_H

#include "base/error.h"

#include <stdatomic.h>

#define NV_MODEL_MAGIC "newsvane" /* 8 bytes, no final NUL */
#define NV_CHUNK 16384            /* bytes under one checksum */
#define NV_BLOCK_ALIGN 64
#define NV_BLOCK_NAME 16 /* bytes, padded with NUL */
#define NV_MAX_BLOCKS 1024

/* As in the file, little-endian. */
typedef struct nv_file_header {
	char magic[8];
	uint32_t version;
	uint32_t n_block;
	uint64_t file_len;
	uint64_t n_sum;
	uint64_t checksum; /* of everything before the first block, with this field 0 */
	uint64_t zero[3];
} nv_file_header;

typedef struct nv_file_entry {
	char name[NV_BLOCK_NAME];
	uint64_t offset;    /* from the file's start, a multiple of NV_BLOCK_ALIGN */
	uint64_t len;       /* without the padding behind it */
	uint64_t first_sum; /* of its chunks' checksums */
} nv_file_entry;

typedef struct nv_file_block {
	char name[NV_BLOCK_NAME + 1];
	const unsigned char *bytes; /* NULL when len is 0 */
	uint64_t offset, len;
	const uint64_t *sum;          /* [chunks] */
	_Atomic unsigned char *ready; /* [chunks] 1: verified */
	_Atomic uint64_t left;        /* chunks not verified yet: 0 allows skipping the look at ready */
	size_t real; /* of float or double, if it holds those: a chunk with one out of range is refused; 0: it does not */
	const char *path;
} nv_file_block;

typedef struct nv_block_table {
	nv_file_block *block; /* [n_block] */
	uint32_t n_block;
	uint64_t file_len;
	_Atomic unsigned char *ready; /* all blocks' */
	char path[NV_ERROR_PATH];
} nv_block_table;

/* file[len] must be aligned to 64 bytes and outlive the table; path is for messages. NV_E_MODEL: not a model, of
 * another version, cut off, or damaged. */
int nv_block_table_open(nv_block_table **table, const unsigned char *file, size_t len, const char *path, nv_error *err);
void nv_block_table_free(nv_block_table *table);
nv_file_block *nv_block_find(const nv_block_table *table, const char *name); /* NULL: not there */

/* Verifies what is not yet verified of bytes from .. from + len - 1, and the whole block when little of it is left. block NULL:
 * nothing to do. NV_E_MODEL: damaged. */
int nv_block_need(const nv_file_block *block, uint64_t from, uint64_t len, nv_error *err);
int nv_block_need_all(const nv_file_block *block, nv_error *err);
/* The same of elements row[n] of a block whose elements have size bytes. */
int nv_block_need_rows(const nv_file_block *block, uint64_t size, const uint32_t *row, size_t n, nv_error *err);
/* True when all chunks are verified (or block is NULL): nv_block_need can be left out. */
static inline bool nv_block_is_verified(const nv_file_block *block)
{
	return !block || atomic_load_explicit(&block->left, memory_order_relaxed) == 0;
}

/* 64-bit checksum of bytes[len], as if padded with zeros to a multiple of 64. Any change within eight aligned bytes
 * changes it. */
uint64_t nv_checksum(uint64_t seed, const void *bytes, size_t len);
/* The checksum of the header and of what lies between it and the first block. */
uint64_t nv_header_checksum(const nv_file_header *header, const void *rest, size_t len);
static inline uint64_t nv_block_padded(uint64_t len)
{
	return (len + (NV_BLOCK_ALIGN - 1)) & ~(uint64_t)(NV_BLOCK_ALIGN - 1);
}
static inline uint64_t nv_block_chunks(uint64_t len)
{
	return len / NV_CHUNK + (len % NV_CHUNK != 0);
}

#endif
