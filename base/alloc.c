/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"

#include "base/error.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ALIGNMENT 64
#define HUGE_PAGE ((size_t)2 << 20)

/* Large arrays are asked for in huge pages: one fault and one address translation in the place of 512. A system that has none
 * goes on as before. All pages of a block are advised, to its edges: a mapping that is advised in part becomes several, which the
 * system does not move as one, so that every growth would copy. */
static void prefer_huge_pages(char *ptr, size_t size)
{
	if (size < 2 * HUGE_PAGE)
		return;
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), before = (uintptr_t)ptr % page;
	(void)madvise(ptr - before, (before + size + page - 1) / page * page, MADV_HUGEPAGE);
}

static void *default_resize(void *user, void *ptr, size_t size)
{
	(void)user;
	void *resized = realloc(ptr, size);
	if (resized)
		prefer_huge_pages(resized, size);
	return resized;
}

static void default_release(void *user, void *ptr)
{
	(void)user;
	free(ptr);
}

/* The library's one global: read by all threads, written by nv_set_allocator before there are any. */
static nv_allocator hook = {default_resize, default_release, NULL};

void nv_set_allocator(const nv_allocator *allocator)
{
	hook = allocator ? *allocator : (nv_allocator){default_resize, default_release, NULL};
}

bool nv_mul_size(size_t a, size_t b, size_t *out)
{
	return !__builtin_mul_overflow(a, b, out);
}

bool nv_add_size(size_t a, size_t b, size_t *out)
{
	return !__builtin_add_overflow(a, b, out);
}

void *nv_resize(void *ptr, size_t n, size_t size)
{
	size_t bytes;
	if (!nv_mul_size(n, size, &bytes) || bytes > PTRDIFF_MAX)
		return NULL;
	return hook.resize(hook.user, ptr, bytes ? bytes : 1);
}

void *nv_alloc(size_t n, size_t size)
{
	return nv_resize(NULL, n, size);
}

void *nv_alloc_zero(size_t n, size_t size)
{
	void *ptr = nv_alloc(n, size);
	if (ptr)
		memset(ptr, 0, n * size);
	return ptr;
}

void nv_free(void *ptr)
{
	if (ptr)
		hook.release(hook.user, ptr);
}

/* The hook knows no alignment: a larger piece is taken, and its start is kept in the word before the aligned address. */
void *nv_alloc_aligned(size_t n, size_t size)
{
	size_t bytes, whole;
	if (!nv_mul_size(n, size, &bytes) || !nv_add_size(bytes, ALIGNMENT + sizeof(void *), &whole))
		return NULL;
	unsigned char *start = nv_alloc(whole, 1);
	if (!start)
		return NULL;
	size_t skip = sizeof(void *);
	skip += (ALIGNMENT - ((uintptr_t)start + skip) % ALIGNMENT) % ALIGNMENT;
	unsigned char *aligned = start + skip;
	memcpy(aligned - sizeof(void *), &start, sizeof start);
	memset(aligned, 0, bytes);
	return aligned;
}

void nv_free_aligned(void *ptr)
{
	if (!ptr)
		return;
	void *start;
	memcpy(&start, (unsigned char *)ptr - sizeof start, sizeof start);
	nv_free(start);
}

/* *array is any object pointer: it is copied by bytes, since reading it through a void ** would break the aliasing rules. */
bool nv_grow_bytes(void **array, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return true;
	size_t grown;
	if (!nv_add_size(*cap, *cap / 2, &grown) || grown < need)
		grown = need;
	if (grown < 8)
		grown = 8;
	void *ptr;
	memcpy(&ptr, array, sizeof ptr);
	ptr = nv_resize(ptr, grown, size);
	if (!ptr)
		return false;
	memcpy(array, &ptr, sizeof ptr);
	*cap = grown;
	return true;
}
