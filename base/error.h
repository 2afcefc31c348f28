/* SPDX-License-Identifier: Apache-2.0
 *
 * error.h: filling nv_error (newsvane.h). Every setter accepts a NULL err, keeps the first cause when err already holds
 * one, and returns the code, so that a failing function can end with `return nv_fail(err, NV_E_INPUT, "…")`.
 * Messages are one line, say what was expected and what to do, and hold neither path nor line: nv_fail_at gives the place.
 */
#ifndef NV_BASE_ERROR_H
#define NV_BASE_ERROR_H

#include "newsvane.h"

#include <stdarg.h>

int nv_fail(nv_error *err, nv_code code, const char *format, ...) NV_PRINTF(3, 4);

/* With a place: path may be NULL, line and byte 0. */
int nv_fail_at(nv_error *err, nv_code code, const char *path, uint64_t line, uint64_t byte, const char *format, ...)
	NV_PRINTF(6, 7);

/* "out of memory": allocates nothing. Inline, so that compilers and analyzers see that it never gives NV_OK. */
static inline int nv_fail_memory(nv_error *err)
{
	nv_fail(err, NV_E_MEMORY, "out of memory");
	return NV_E_MEMORY;
}

/* A system call's failure: "path: what: strerror(errno_value)", as "can't open: No such file or directory". */
int nv_fail_errno(nv_error *err, nv_code code, const char *path, int errno_value, const char *what);

/* Adds a place to an error that has none yet. */
void nv_error_place(nv_error *err, const char *path, uint64_t line, uint64_t byte);

/* Anything in text that could break a line or move a cursor (control characters of ASCII and of U+0080 to U+009F) becomes ' ' or '?'.
 * Messages and places have it done; notes, which quote what users gave too, do it before they are handed on. */
void nv_make_printable(char *text);

/* Forgets what err holds. */
void nv_error_clear(nv_error *err);

#endif
