/* SPDX-License-Identifier: Apache-2.0
 *
 * arena.h: memory that is freed at once: a batch of articles, a schema, a report. Blocks grow by doubling up to 1 MiB;
 * larger requests get a block of their own. Not for sharing between threads.
 */
#ifndef NV_BASE_ARENA_H
#define NV_BASE_ARENA_H

#include "base/error.h"

typedef struct nv_arena_block nv_arena_block;

typedef struct nv_arena {
	nv_arena_block *head; /* current block */
	nv_arena_block *spare; /* cleared blocks, kept for reuse */
	size_t used, size;    /* bytes of the current block */
	size_t total;         /* bytes in all blocks */
} nv_arena;

void nv_arena_init(nv_arena *arena);                           /* allocates nothing */
void nv_arena_clear(nv_arena *arena);                          /* all memory is free again, blocks are kept */
void nv_arena_release(nv_arena *arena);                        /* back to the allocator; NULL is fine */
void *nv_arena_alloc(nv_arena *arena, size_t n, size_t size);  /* aligned to 16 bytes, uninitialised; NULL: out of memory */
char *nv_arena_dup(nv_arena *arena, nv_str s);                 /* a copy with a final NUL; NULL: out of memory */

#endif
