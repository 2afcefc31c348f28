/* SPDX-License-Identifier: Apache-2.0
 *
 * Blocks lie without gaps in the order of the table, each padded with zeros to 64 bytes, and the file ends with the
 * last: so every byte is under a checksum, and offsets can be checked by adding up.
 */
#include "models/block.h"

#include "base/alloc.h"
#include "models/model_io.h"

#include <string.h>

/* When no more than one chunk in so many is left, all are verified, since only then nobody need ask again. */
#define FEW_LEFT 8

_Static_assert(sizeof(nv_file_header) == 64, "the header is 64 bytes");
_Static_assert(sizeof(nv_file_entry) == 40, "a table entry is 40 bytes");
#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "model files are used in place, which needs a little-endian machine"
#endif

static int damaged(const char *path, nv_error *err, const char *what)
{
	return nv_fail_at(err, NV_E_MODEL, path, 0, 0, "damaged model file: %s", what);
}

/* Everything that can be told from the header's 64 bytes alone. */
static int check_header(const nv_file_header *header, size_t len, const char *path, nv_error *err)
{
	if (len < sizeof *header || memcmp(header->magic, NV_MODEL_MAGIC, sizeof header->magic) != 0)
		return nv_fail_at(err, NV_E_MODEL, path, 0, 0, "not a newsvane model");
	if (header->version != NV_MODEL_VERSION)
		return nv_fail_at(err, NV_E_MODEL, path, 0, 0,
		                  "model format %u; this newsvane reads %d: train the model again with it", header->version,
		                  NV_MODEL_VERSION);
	if (header->file_len != len)
		return nv_fail_at(err, NV_E_MODEL, path, 0, 0, "damaged model file: %s (%llu bytes, the header says %llu)",
		                  len < header->file_len ? "cut off" : "too long", (unsigned long long)len,
		                  (unsigned long long)header->file_len);
	if (header->n_block > NV_MAX_BLOCKS || header->n_sum > len / sizeof(uint64_t))
		return damaged(path, err, "impossible sizes in the header");
	return NV_OK;
}

/* Where the first block begins; 0 when that is past the end. */
static size_t first_offset(const nv_file_header *header, size_t len)
{
	uint64_t end =
		sizeof *header + header->n_block * (uint64_t)sizeof(nv_file_entry) + header->n_sum * sizeof(uint64_t);
	end = nv_block_padded(end);
	return end <= len ? (size_t)end : 0;
}

/* Entry by entry: names unlike, places adding up, checksums in order. */
static int check_entries(const nv_file_header *header, const nv_file_entry *entry, uint64_t first, const char *path,
                         nv_error *err)
{
	uint64_t offset = first, sum = 0;
	for (uint32_t i = 0; i < header->n_block; i++) {
		if (entry[i].offset != offset || entry[i].len > header->file_len - offset || entry[i].first_sum != sum)
			return damaged(path, err, "the table of blocks does not add up");
		if (nv_block_padded(entry[i].len) > header->file_len - offset)
			return damaged(path, err, "a block runs past the end");
		offset += nv_block_padded(entry[i].len);
		sum += nv_block_chunks(entry[i].len);
		for (uint32_t j = 0; j < i; j++)
			if (memcmp(entry[i].name, entry[j].name, NV_BLOCK_NAME) == 0)
				return damaged(path, err, "two blocks of one name");
	}
	if (offset != header->file_len || sum != header->n_sum)
		return damaged(path, err, "the table of blocks does not add up");
	return NV_OK;
}

static void fill_block(nv_block_table *table, uint32_t index, const unsigned char *file, const nv_file_entry *entry,
                       const uint64_t *sum)
{
	nv_file_block *block = &table->block[index];
	memcpy(block->name, entry->name, NV_BLOCK_NAME);
	block->bytes = entry->len > 0 ? file + entry->offset : NULL;
	block->offset = entry->offset;
	block->len = entry->len;
	block->sum = sum + entry->first_sum;
	block->ready = table->ready + entry->first_sum;
	block->path = table->path;
	atomic_init(&block->left, nv_block_chunks(entry->len));
}

static int make_table(nv_block_table **out, const unsigned char *file, const nv_file_header *header, const char *path,
                      nv_error *err)
{
	const nv_file_entry *entry = (const nv_file_entry *)(const void *)(file + sizeof *header);
	const uint64_t *sum = (const uint64_t *)(const void *)(entry + header->n_block);
	nv_block_table *table = nv_alloc_zero(1, sizeof *table);
	if (!table)
		return nv_fail_memory(err);
	table->block = nv_alloc_zero(header->n_block, sizeof *table->block);
	table->ready = nv_alloc_zero((size_t)header->n_sum, sizeof *table->ready);
	if (!table->block || !table->ready) {
		nv_block_table_free(table);
		return nv_fail_memory(err);
	}
	table->n_block = header->n_block;
	table->file_len = header->file_len;
	size_t path_len = path ? strlen(path) : 0, room = sizeof table->path - 1;
	if (path_len > 0)
		memcpy(table->path, path + (path_len > room ? path_len - room : 0), path_len > room ? room : path_len);
	for (uint32_t i = 0; i < header->n_block; i++)
		fill_block(table, i, file, &entry[i], sum);
	*out = table;
	return NV_OK;
}

int nv_block_table_open(nv_block_table **table, const unsigned char *file, size_t len, const char *path, nv_error *err)
{
	const nv_file_header *header = (const nv_file_header *)(const void *)file;
	*table = NULL;
	int code = check_header(header, len, path, err);
	if (code < 0)
		return code;
	size_t first = first_offset(header, len);
	if (first == 0)
		return damaged(path, err, "impossible sizes in the header");
	if (nv_header_checksum(header, file + sizeof *header, first - sizeof *header) != header->checksum)
		return damaged(path, err, "the header's checksum is wrong");
	code = check_entries(header, (const nv_file_entry *)(const void *)(file + sizeof *header), first, path, err);
	return code < 0 ? code : make_table(table, file, header, path, err);
}

void nv_block_table_free(nv_block_table *table)
{
	if (!table)
		return;
	nv_free(table->ready);
	nv_free(table->block);
	nv_free(table);
}

nv_file_block *nv_block_find(const nv_block_table *table, const char *name)
{
	for (uint32_t i = 0; i < table->n_block; i++)
		if (strcmp(table->block[i].name, name) == 0)
			return &table->block[i];
	return NULL;
}

/* The numbers of a chunk, which are aligned. */
static bool reals_in_range(const nv_file_block *block, uint64_t start, size_t len)
{
	const void *number = block->bytes + start;
	return block->real == sizeof(double)  ? nv_doubles_in_range(number, len / sizeof(double))
	       : block->real == sizeof(float) ? nv_floats_in_range(number, len / sizeof(float))
	                                      : true;
}

static int verify_chunk(const nv_file_block *block, uint64_t chunk, nv_error *err)
{
	uint64_t start = chunk * NV_CHUNK, left = block->len - start;
	size_t len = left < NV_CHUNK ? (size_t)left : NV_CHUNK;
	/* The padding lies within the file and is read too: its zeros are part of the promise. */
	if (nv_checksum(0, block->bytes + start, (size_t)nv_block_padded(len)) != block->sum[chunk])
		return nv_fail_at(err, NV_E_MODEL, block->path, 0, 0, "damaged model file: the checksum of block %s is wrong",
		                  block->name);
	if (!reals_in_range(block, start, len))
		return nv_fail_at(err, NV_E_MODEL, block->path, 0, 0,
		                  "damaged model file: block %s holds a number that is not finite, or too large", block->name);
	return NV_OK;
}

/* The block is const to its users; what is verified of it is kept through pointers, but for `left`. */
static void mark_ready(const nv_file_block *block, uint64_t chunk)
{
	if (atomic_exchange_explicit(&block->ready[chunk], 1, memory_order_relaxed) == 0)
		atomic_fetch_sub_explicit(&((nv_file_block *)(uintptr_t)block)->left, 1, memory_order_relaxed);
}

/* Chunks first .. last. */
static int need_chunks(const nv_file_block *block, uint64_t first, uint64_t last, nv_error *err)
{
	for (uint64_t chunk = first; chunk <= last; chunk++) {
		if (atomic_load_explicit(&block->ready[chunk], memory_order_relaxed))
			continue;
		int code = verify_chunk(block, chunk, err);
		if (code < 0)
			return code;
		mark_ready(block, chunk);
	}
	return NV_OK;
}

int nv_block_need(const nv_file_block *block, uint64_t from, uint64_t len, nv_error *err)
{
	if (nv_block_is_verified(block) || len == 0)
		return NV_OK;
	uint64_t n = nv_block_chunks(block->len);
	int code = need_chunks(block, from / NV_CHUNK, (from + len - 1) / NV_CHUNK, err);
	uint64_t left = atomic_load_explicit(&block->left, memory_order_relaxed);
	return code == NV_OK && left <= n / FEW_LEFT ? need_chunks(block, 0, n - 1, err) : code;
}

int nv_block_need_all(const nv_file_block *block, nv_error *err)
{
	return nv_block_is_verified(block) ? NV_OK : nv_block_need(block, 0, block->len, err);
}

int nv_block_need_rows(const nv_file_block *block, uint64_t size, const uint32_t *row, size_t n, nv_error *err)
{
	int code = NV_OK;
	for (size_t i = 0; i < n && code == NV_OK && !nv_block_is_verified(block); i++)
		code = nv_block_need(block, row[i] * size, size, err);
	return code;
}
