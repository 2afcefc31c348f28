/* SPDX-License-Identifier: Apache-2.0
 *
 * alloc.h: the one allocator of the library (nv_set_allocator in newsvane.h), with checked sizes. NULL on failure or when
 * n * size overflows; the caller turns that into nv_fail_memory. Zero bytes are given a valid pointer.
 */
#ifndef NV_BASE_ALLOC_H
#define NV_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *nv_alloc(size_t n, size_t size);             /* uninitialised [n] of size bytes */
void *nv_alloc_zero(size_t n, size_t size);        /* zeroed */
void *nv_alloc_aligned(size_t n, size_t size);     /* zeroed, aligned to 64 bytes; free with nv_free_aligned */
void *nv_resize(void *ptr, size_t n, size_t size); /* realloc; on failure ptr stays valid */
void nv_free(void *ptr);                           /* NULL is fine */
void nv_free_aligned(void *ptr);

/* Makes room for at least `need` elements in *array, whose capacity is *cap; grows by half. False: out of memory, and
 * nothing has changed. `*array` is any object pointer: nv_grow(&x, &x_cap, n + 1, sizeof *x). */
#define nv_grow(array, cap, need, size) nv_grow_bytes((void **)(array), (cap), (need), (size))
bool nv_grow_bytes(void **array, size_t *cap, size_t need, size_t size);

/* a * b and a + b into *out; false when it overflows. */
bool nv_mul_size(size_t a, size_t b, size_t *out);
bool nv_add_size(size_t a, size_t b, size_t *out);

/* Bytes that this process may use: the machine's memory, or a smaller limit of its group or its address space. UINT64_MAX: not known.
 * For what would be granted and then not be there: systems promise more memory than they have. */
uint64_t nv_memory_limit(void);

#endif
