/* SPDX-License-Identifier: Apache-2.0
 *
 * file.h: whole files in and out. Reading is bounded; writing leaves the old file or the whole new one.
 */
#ifndef NV_BASE_FILE_H
#define NV_BASE_FILE_H

#include "base/error.h"
#include "base/str.h"

/* Appends the whole file to out; more than max_bytes is NV_E_INPUT. "-" is standard input. */
int nv_file_read(const char *path, size_t max_bytes, nv_buf *out, nv_error *err);

/* A file mapped for reading, page-aligned. An empty file has ptr NULL and len 0. */
typedef struct nv_mapping {
	const unsigned char *ptr;
	size_t len;
} nv_mapping;
int nv_file_map(nv_mapping *map, const char *path, nv_error *err);
void nv_file_unmap(nv_mapping *map); /* NULL and unmapped are fine */

/* Output that appears under its name only when committed: a temporary file PATH.newsvane-tmp.PID beside it, synced, renamed. It
 * gets the mode of the file that it replaces. Opening removes temporary files of the same PATH whose owners are gone. A link to
 * a regular file stays a link, and the file is replaced in its own folder. FIFOs and what begins with "/dev/" are written to as
 * they are. path NULL or "-": standard output, unbuffered beyond our own buffer.
 * A failed write is kept: every later call gives it again, so that a sink's caller sees it at commit. The library leaves SIGPIPE
 * alone: a program that wants EPIPE (nv_output_pipe_closed) ignores that signal. */
typedef struct nv_output nv_output;
int nv_output_open(nv_output **out, const char *path, nv_error *err);
int nv_output_write(nv_output *out, const char *bytes, size_t len, nv_error *err); /* NV_E_IO; EPIPE: message "closed pipe" */
int nv_output_flush(nv_output *out, nv_error *err); /* what is in our buffer goes out */
int nv_output_commit(nv_output *out, nv_error *err);                                /* flush, check, sync, rename; frees out */
void nv_output_abort(nv_output *out);                                               /* leaves what was there before; frees out */
bool nv_output_replaces(const nv_output *out); /* a temporary file is to be renamed; false: written through, or standard output */
bool nv_output_pipe_closed(const nv_output *out);                                   /* the reader went away (EPIPE) */
nv_sink nv_output_sink(nv_output *out);

#endif
