/* SPDX-License-Identifier: Apache-2.0
 *
 * reading.h: an open file as bytes of UTF-8: read, unpacked when its first bytes tell that it is compressed (base/unpack.h), and
 * converted when an encoding was named (charset.h). All of it in the thread that reads.
 *
 * Call order: open -> fill until it gives 0 -> close; the struct may then open another file and keeps its memory until release.
 */
#ifndef NV_DATA_READING_H
#define NV_DATA_READING_H

#include "base/parallel.h"
#include "base/str.h"
#include "base/unpack.h"
#include "data/charset.h"

#ifdef NV_FUZZ
#define NV_READ_STEP ((size_t)1 << 9) /* small inputs meet the ends of blocks too, and no run pays for large buffers */
#else
#define NV_READ_STEP ((size_t)256 << 10)
#endif

typedef struct nv_reading {
	int fd;
	nv_ticker *ticker;    /* asked while a pipe keeps us waiting; NULL: nobody is */
	const char *encoding; /* of what is unpacked; "" or UTF-8: as it is */
	nv_packing expected;  /* by the file's name */
	bool is_regular;      /* a file, not a pipe or a device */
	bool waits;           /* a pipe's last read gave less than asked for: the rest may be long in coming */
	bool converts;           /* from `encoding`, unless that is UTF-8 */
	bool started, ended;
	nv_unpacker *unpacker; /* NULL: not compressed */
	nv_charset *charset;   /* NULL: nothing to convert */
	nv_buf packed;         /* read, not yet unpacked from `at` on */
	size_t at;
	nv_buf foreign;      /* unpacked, not yet converted */
	uint64_t ill_formed; /* bytes of this file that meant nothing in the encoding */
} nv_reading;

/* Zero-initialise it once. Takes fd over, which nv_reading_close closes unless it is standard input. convert: from
 * reading->encoding, unless that is UTF-8; without it bytes are as they are. */
void nv_reading_open(nv_reading *reading, int fd, nv_packing expected, bool convert);
/* Appends to bytes, at most about NV_READ_STEP: 1, or 0 at the end. NV_E_INPUT: the file is at fault (err has no place, other
 * than those of system calls); what is in bytes came before the fault. NV_E_CANCELLED by the ticker, NV_E_USAGE: no such encoding. */
int nv_reading_fill(nv_reading *reading, nv_buf *bytes, nv_error *err);
void nv_reading_close(nv_reading *reading);
void nv_reading_release(nv_reading *reading);

#endif
