/* SPDX-License-Identifier: Apache-2.0
 *
 * source.h: inputs (files, folders, standard input) as blocks of whole records. Cutting is sequential and cheap; what lies in a
 * block is parsed by record.h, on any thread.
 *
 * Call order: nv_source_open checks every path -> nv_source_next until 0 -> nv_source_close.
 * Folders are walked in sorted order, links to folders are not followed, hidden names are skipped; with format AUTO files of
 * other names are skipped too, with another all files are read in it. Standard input, pipes and devices that have no suffix
 * are JSON Lines under AUTO. Where AUTO takes a file for a page or for JSON Lines, or its name tells nothing, a feed is known by its root.
 * Files that are compressed (base/unpack.h) are read through, whatever their names; a name's .gz, .zst,
 * .xz or .bz2 promises that and is not part of the rest of the name. An empty file is valid and gives nothing. Memory: one block and the carried rest of the next.
 * A file that fails after the open check is a bad block (NV_E_INPUT), and the next one is read.
 */
#ifndef NV_DATA_SOURCE_H
#define NV_DATA_SOURCE_H

#include "base/option.h"
#include "base/parallel.h"
#include "base/str.h"

typedef enum nv_format {
	NV_FORMAT_AUTO, /* by the file's name */
	NV_FORMAT_JSONL,
	NV_FORMAT_JSON, /* an array of objects, or one object */
	NV_FORMAT_TXT,  /* one article a file: first line the title */
	NV_FORMAT_CSV,  /* a header row and a record an article (csv.h) */
	NV_FORMAT_TSV,  /* the same with tabs */
	NV_FORMAT_HTML, /* one page a file (page.h) */
	NV_FORMAT_WARC, /* web crawls: responses that hold pages */
	NV_FORMAT_FEED, /* RSS and Atom: an article an item (feed.h) */
} nv_format;

typedef struct nv_input_options {
	int format; /* nv_format */
	int64_t max_record; /* bytes; default 64 MiB */
	bool strict;
	bool labels_from_folders;
	bool strip_boilerplate; /* from --boilerplate, which is a model's option: set by whoever opens the input */
	char field[NV_OPTION_TEXT_MAX]; /* "text=body,id=doc_id" */
	char encoding[NV_OPTION_TEXT_MAX]; /* a name that iconv knows; "utf-8": nothing is converted */
} nv_input_options;

extern const nv_option_row nv_input_rows[];
extern const size_t nv_n_input_rows;

/* What a record over options.max_record is reported with; takes an unsigned long long. */
#define NV_RECORD_TOO_LONG "record of more than %llu bytes (--max-record)"

/* What an element that is missing from an array is reported with. */
#define NV_RECORD_MISSING "not a JSON record: expected a value before ',' or ']'"

/* Whole records of one file. JSON Lines: lines. JSON: elements of an array with the commas between them. TXT: one file.
 * WARC: records. FEED: items as feed.h packs them, which know their own lines.
 * CSV, TSV: records with their line ends; the header row stands apart. */
typedef struct nv_block {
	nv_format format; /* never AUTO */
	const char *path; /* in path_bytes, so it lives as long as the block keeps its contents; "<stdin>" for standard input */
	uint64_t line;    /* 1-based, of the block's first byte */
	uint64_t column;  /* 1-based: that byte's place in its line */
	nv_buf bytes;     /* the caller's, reused */
	nv_buf path_bytes;
	nv_buf header;         /* CSV, TSV: the header row without its line feed */
	uint64_t header_line;
	char delimiter;
	bool header_first;     /* the file's first block: a fault of the header row is told with it */
	uint64_t ill_formed;   /* bytes that were converted to U+FFFD since the last block */
	bool bad;         /* not records but something to report: see err */
	nv_error err;     /* a record over max_record, a file that can't be read */
} nv_block;

typedef struct nv_source nv_source;
int nv_source_open(nv_source **source, const char *const *paths, size_t n_path, const nv_input_options *options,
                   nv_error *err);
/* 1: block filled; 0: end; negative: the input can't be used further. */
int nv_source_next(nv_source *source, nv_block *block, nv_error *err);
/* Whom to tell that time goes by while a pipe gives nothing; nv_source_next then fails with NV_E_CANCELLED when told to. It must live
 * until the next call of this. NULL: nobody, as at first. */
void nv_source_set_ticker(nv_source *source, nv_ticker *ticker);
void nv_source_close(nv_source *source);

void nv_block_init(nv_block *block);
void nv_block_release(nv_block *block);

#endif
