/* SPDX-License-Identifier: Apache-2.0
 *
 * cut.h: one open file as blocks of whole records (source.h). Each format has a cutter; a row of formats[] in cut.c names it with
 * the suffixes of its files. What follows a block's last whole record is carried into the next block by swapping buffers, so
 * most bytes are copied once, by read(). A block holds about NV_CUT_TARGET bytes, or one longer record.
 * A file that breaks off (a failing read, damaged compressed data) gives the whole records before that place, then the fault; the
 * record that it breaks off in is not given.
 */
#ifndef NV_DATA_CUT_H
#define NV_DATA_CUT_H

#include "data/csv.h"
#include "data/reading.h"
#include "data/record_json.h"
#include "data/source.h"

#define NV_CUT_TARGET NV_READ_STEP

typedef struct nv_cut nv_cut;

/* How sure the format is. */
typedef enum nv_guess {
	NV_GUESS_NONE,          /* it was asked for */
	NV_GUESS_NAME,          /* the name tells it, but a feed may be called .html or come from a pipe */
	NV_GUESS_XML_IN_FOLDER, /* the file is called .xml and lies in a folder: where it is no feed, nobody asked for it */
} nv_guess;

/* Fills block: 1, 0 at the file's end, or a negative code. */
typedef int nv_cutter(nv_cut *cut, nv_block *block, nv_error *err);

struct nv_cut {
	nv_format format;
	nv_cutter *next;
	nv_reading reading;
	const char *path;
	uint64_t max_record;
	nv_buf carry;          /* read, but not given yet */
	uint64_t line, column; /* of the first byte that has not been given */
	bool eof;              /* there is no more to read */
	bool broken;           /* because of `fault`, which nv_cut_next tells of */
	bool over;             /* the fault has been told */
	nv_error fault;
	uint64_t told_ill_formed;
	bool started;          /* the byte order mark has been looked for */
	nv_guess guess;
	/* JSON: */
	nv_scan scan;
	size_t scanned;        /* bytes of carry that are in scan */
	bool in_array;         /* '[' has been read */
	bool separated;        /* an element has been given, and a comma read behind it */
	const char *pending;   /* what is wrong behind the block just given */
	bool done;
	/* CSV, TSV: */
	nv_csv_scan csv;
	nv_buf header;         /* the header row */
	uint64_t header_line;
	/* Feeds: */
	struct nv_feed *feed;
};

/* The format of a file's name by its suffix, in either case and before one of compression; NV_FORMAT_AUTO: none. */
nv_format nv_format_of_name(const char *name);

/* How sure the format of that name is; found: it was found in a folder. */
nv_guess nv_guess_of_name(const char *name, bool found);
/* Whether the file begins as a feed does. */
bool nv_cut_is_feed(const char *path);

/* Takes fd over, which nv_cut_close closes. path must live until then. The struct is zeroed before its first use; what it holds is
 * kept for the next file, up to nv_cut_release. */
void nv_cut_open(nv_cut *cut, int fd, const char *path, nv_format format, nv_guess guess, nv_packing packing);
void nv_cut_close(nv_cut *cut);
void nv_cut_release(nv_cut *cut);
/* The cutter's next block, and after the last one the file's fault as a bad block, if there is one. */
int nv_cut_next(nv_cut *cut, nv_block *block, nv_error *err);

/* ---- For cutters ---- */
int nv_cut_start(nv_cut *cut, nv_block *block, nv_error *err); /* carry into block, byte order mark dropped; 0, 1: block is bad, < 0 */
int nv_cut_fill(nv_cut *cut, nv_block *block, nv_error *err);  /* reads on into block; sets eof; 0 or < 0 */
bool nv_cut_waits(const nv_cut *cut); /* a pipe has given what it had: give what is there, the rest may be long in coming */
/* Gives bytes [0, len) of block and carries those from `rest` on. Returns 1. */
int nv_cut_give(nv_cut *cut, nv_block *block, size_t len, size_t rest, nv_error *err);
void nv_cut_advance(nv_cut *cut, const char *bytes, size_t len); /* line and column behind these bytes */
int nv_cut_bad(nv_cut *cut, nv_block *block, nv_code code, const char *message); /* a bad block at line and column; 1 */
int nv_cut_too_long(nv_cut *cut, nv_block *block);

nv_cutter nv_cut_lines, nv_cut_whole, nv_cut_json, nv_cut_csv, nv_cut_warc, nv_cut_feed;

#endif
