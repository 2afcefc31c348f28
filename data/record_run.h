/* SPDX-License-Identifier: Apache-2.0
 *
 * record_run.h: what the parsers of all formats share while they turn one block into a batch: a parser clears the slots, fills
 * those that its record has, and calls nv_run_article, which checks them and adds an article or a bad record. Only a lack
 * of memory fails. For record*.c alone.
 */
#ifndef NV_DATA_RECORD_RUN_H
#define NV_DATA_RECORD_RUN_H

#include "base/str.h"
#include "data/page.h"
#include "data/record.h"
#include "data/wanted.h"

typedef enum nv_slot_kind {
	NV_SLOT_MISSING, /* or null */
	NV_SLOT_STRING,
	NV_SLOT_NUMBER, /* value: as written */
	NV_SLOT_LIST,   /* of strings */
	NV_SLOT_OTHER,
} nv_slot_kind;

/* What a record has under one wanted name; views into the block or the batch's arena. */
typedef struct nv_slot {
	nv_slot_kind kind;
	nv_str value;
	const nv_str *list; /* [n_list] */
	size_t n_list;
	uint64_t byte; /* of the value, 1-based, from the start of the record's line; for messages */
} nv_slot;

struct nv_record_reader {
	nv_wanted wanted;
	uint64_t max_record; /* bytes */
	bool strip_boilerplate, labels_from_folders;
	char page_charset[NV_OPTION_TEXT_MAX]; /* --encoding, for pages that are not converted before; "": what they say themselves */
};

typedef struct nv_run {
	const nv_record_reader *reader;
	const nv_block *block;
	nv_batch *batch;
	nv_slot *slot;        /* [n_slot] */
	nv_str *list;         /* room for one array */
	size_t cap_list;
	nv_page *page;        /* made by the first page or piece of HTML */
	nv_buf title, text;   /* room for one article without boilerplate, and for one response that is unpacked */
} nv_run;

void nv_run_clear(nv_run *run);
/* Gives a basic field a copy of value, in the batch's arena; an empty one leaves it missing. false: out of memory. */
bool nv_run_set(nv_run *run, nv_basic which, nv_str value);
int nv_run_article(nv_run *run, uint64_t line, nv_error *err);
int nv_run_bad(nv_run *run, uint64_t line, uint64_t byte, nv_error *err, const char *format, ...) NV_PRINTF(5, 6);
/* Of a file that is one article: its folder's name as label, where that is asked for. */
void nv_run_label_by_folder(nv_run *run);
int nv_run_too_long(nv_run *run, uint64_t line, nv_error *err);

/* A page as one article. id, date (where the page tells none) and source may be empty. */
typedef struct nv_page_record {
	nv_str html, charset;
	nv_str id, date, source;
	uint64_t line;
} nv_page_record;
int nv_run_page(nv_run *run, const nv_page_record *record, nv_error *err);

/* The parsers: one a format. */
int nv_parse_lines(nv_run *run, nv_error *err);    /* JSON Lines */
int nv_parse_elements(nv_run *run, nv_error *err); /* elements of a JSON array, between commas */
int nv_parse_text(nv_run *run, nv_error *err);     /* one article */
int nv_parse_table(nv_run *run, nv_error *err);    /* CSV, TSV */
int nv_parse_page(nv_run *run, nv_error *err);     /* HTML, one page */
int nv_parse_warc(nv_run *run, nv_error *err);     /* WARC records */
int nv_parse_feed(nv_run *run, nv_error *err);     /* items of feeds */

#endif
