/* SPDX-License-Identifier: Apache-2.0
 *
 * csv.h: tables as RFC 4180 has them, with what spreadsheets add: ';' or a tab for the comma, line ends with or without CR. A field that
 * begins with a quote runs to its closing quote, over line ends too; a quote inside any other field is an ordinary byte. What
 * follows a closing quote up to the delimiter is a fault of the record, which then ends at the line's end.
 *
 * The scan that finds where records end (cut_csv.c) and the parser (record_csv.c) follow the same rules, so that a broken
 * record spoils no other one, unless its open quote runs into it.
 */
#ifndef NV_DATA_CSV_H
#define NV_DATA_CSV_H

#include "base/str.h"

typedef enum nv_csv_state {
	NV_CSV_START, /* of a field */
	NV_CSV_PLAIN, /* in a field without quotes, or behind a closing quote */
	NV_CSV_QUOTED,
	NV_CSV_QUOTE, /* behind a quote in a quoted field: the closing one, or the first of a pair */
} nv_csv_state;

typedef struct nv_csv_scan {
	nv_csv_state state;
	char delimiter; /* 0: any of ',' ';' and tab, as in a header row whose delimiter is not known */
} nv_csv_scan;

/* Goes on from a zeroed or earlier state; the place of the record's line feed, or end. Behind it a new record starts. */
const char *nv_csv_record_end(nv_csv_scan *scan, const char *at, const char *end);

/* The delimiter of a header row: the one of ',' ';' and tab that stands most often outside of quotes; ',' when in doubt. */
char nv_csv_delimiter(const char *header, size_t len);

/* One field of a record. */
typedef enum nv_csv_fault { NV_CSV_FINE, NV_CSV_NO_CLOSING_QUOTE, NV_CSV_BEHIND_QUOTE } nv_csv_fault;

typedef struct nv_csv_field {
	nv_str raw;           /* without its quotes */
	bool doubled;         /* raw has doubled quotes: see nv_csv_undouble */
	const char *next;     /* the delimiter or line feed behind it, or the end */
	const char *fault_at; /* with a fault: the quote that is not closed, or the byte behind the closing quote */
	nv_csv_fault fault;
} nv_csv_field;

/* The field that begins at `at`. A CR before the record's line feed (or end) is not part of it. */
nv_csv_field nv_csv_read(const char *at, const char *end, char delimiter);
/* raw into out[raw.len] with single quotes for doubled ones; the length. */
size_t nv_csv_undouble(nv_str raw, char *out);

#endif
