/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/alloc.h"

#include <string.h>

#define ALIGNMENT 16
#define FIRST_BLOCK ((size_t)4 << 10)
#define LARGEST_BLOCK ((size_t)1 << 20)

struct nv_arena_block {
	nv_arena_block *next;
	size_t size; /* of bytes[] */
	_Alignas(ALIGNMENT) unsigned char bytes[];
};

void nv_arena_init(nv_arena *arena)
{
	memset(arena, 0, sizeof *arena);
}

void nv_arena_clear(nv_arena *arena)
{
	while (arena->head) {
		nv_arena_block *block = arena->head;
		arena->head = block->next;
		block->next = arena->spare;
		arena->spare = block;
	}
	arena->used = arena->size = 0;
}

void nv_arena_release(nv_arena *arena)
{
	if (!arena)
		return;
	nv_arena_clear(arena);
	while (arena->spare) {
		nv_arena_block *block = arena->spare;
		arena->spare = block->next;
		nv_free(block);
	}
	nv_arena_init(arena);
}

/* Takes the first spare block with room for `bytes` out of the list; NULL: there is none. */
static nv_arena_block *take_spare(nv_arena *arena, size_t bytes)
{
	nv_arena_block **link = &arena->spare;
	while (*link && (*link)->size < bytes)
		link = &(*link)->next;
	nv_arena_block *block = *link;
	if (block)
		*link = block->next;
	return block;
}

static size_t next_size(const nv_arena *arena, size_t bytes)
{
	size_t size = arena->size ? arena->size * 2 : FIRST_BLOCK;
	if (size > LARGEST_BLOCK)
		size = LARGEST_BLOCK;
	return size < bytes ? bytes : size;
}

static nv_arena_block *get_block(nv_arena *arena, size_t bytes)
{
	nv_arena_block *block = take_spare(arena, bytes);
	if (block)
		return block;
	size_t size = next_size(arena, bytes), whole;
	if (!nv_add_size(size, sizeof *block, &whole))
		return NULL;
	block = nv_alloc(whole, 1);
	if (!block)
		return NULL;
	block->size = size;
	arena->total += size;
	return block;
}

/* A block for a large request goes behind the current one, whose rest stays in use. */
static void *add_block(nv_arena *arena, size_t bytes)
{
	nv_arena_block *block = get_block(arena, bytes);
	if (!block)
		return NULL;
	if (bytes > LARGEST_BLOCK && arena->head) {
		block->next = arena->head->next;
		arena->head->next = block;
		return block->bytes;
	}
	block->next = arena->head;
	arena->head = block;
	arena->size = block->size;
	arena->used = bytes;
	return block->bytes;
}

void *nv_arena_alloc(nv_arena *arena, size_t n, size_t size)
{
	size_t bytes;
	if (!nv_mul_size(n, size, &bytes) || !nv_add_size(bytes ? bytes : 1, ALIGNMENT - 1, &bytes))
		return NULL;
	bytes -= bytes % ALIGNMENT;
	if (bytes > arena->size - arena->used)
		return add_block(arena, bytes);
	void *ptr = arena->head->bytes + arena->used;
	arena->used += bytes;
	return ptr;
}

char *nv_arena_dup(nv_arena *arena, nv_str s)
{
	size_t size;
	char *copy = nv_add_size(s.len, 1, &size) ? nv_arena_alloc(arena, size, 1) : NULL;
	if (!copy)
		return NULL;
	if (s.len > 0)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return copy;
}
