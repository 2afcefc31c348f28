/* SPDX-License-Identifier: Apache-2.0
 *
 * json.h: JSON for small documents: schemas, options and metadata (read with cJSON, used in json.c alone), and a writer
 * for results and reports. Records of articles are read by data/record_json.h, which is stricter and faster.
 */
#ifndef NV_BASE_JSON_H
#define NV_BASE_JSON_H

#include "base/error.h"
#include "base/str.h"

/* ---- Reading ---- */
typedef struct nv_json nv_json;            /* a parsed document, or a place in it */

/* Parses all of text; path names it in errors (NV_E_INPUT), which carry line and byte. Free with nv_json_free. The first call sets
 * cJSON's allocator hooks, which are of the whole process, to our allocator. */
int nv_json_parse(nv_json **root, nv_str text, const char *path, nv_error *err);
void nv_json_free(nv_json *root);

typedef enum nv_json_kind { NV_JSON_NULL, NV_JSON_BOOL, NV_JSON_NUMBER, NV_JSON_STRING, NV_JSON_ARRAY, NV_JSON_OBJECT } nv_json_kind;
nv_json_kind nv_json_get_kind(const nv_json *value);
const nv_json *nv_json_member(const nv_json *object, const char *name); /* exact name; NULL: not there */
size_t nv_json_size(const nv_json *value);                              /* elements or members; 0 for others */
const nv_json *nv_json_first(const nv_json *value);                     /* to walk: first, then next until NULL */
const nv_json *nv_json_next(const nv_json *value);
const char *nv_json_name(const nv_json *member);                        /* member's name; NULL for elements */
const char *nv_json_string(const nv_json *value);                       /* NULL unless a string; lives as long as root */
double nv_json_number(const nv_json *value);                            /* NaN unless a number */
bool nv_json_true(const nv_json *value);

/* ---- Writing: compact or indented, commas and escapes by the writer. Numbers: shortest text that reads back equal. ---- */
#define NV_JSON_DEPTH 64
typedef struct nv_json_writer {
	nv_buf *out;
	int depth, indent;               /* indent: spaces a level, 0 for one line */
	bool comma[NV_JSON_DEPTH];       /* an element has been written on this level */
	bool after_key;
} nv_json_writer;

void nv_json_begin(nv_json_writer *w, nv_buf *out, int indent);
void nv_json_open(nv_json_writer *w, char bracket);   /* '{' or '[' */
void nv_json_close(nv_json_writer *w, char bracket);  /* '}' or ']' */
void nv_json_key(nv_json_writer *w, const char *name);
void nv_json_put_str(nv_json_writer *w, nv_str s);    /* ill-formed UTF-8 becomes U+FFFD */
void nv_json_put_text(nv_json_writer *w, const char *text); /* NULL gives null */
void nv_json_put_number(nv_json_writer *w, double x); /* NaN and infinities give null; shortest round-trip form */
void nv_json_put_rounded(nv_json_writer *w, double x, int decimals);
void nv_json_put_uint(nv_json_writer *w, uint64_t n);
void nv_json_put_bool(nv_json_writer *w, bool b);
void nv_json_put_null(nv_json_writer *w);
void nv_json_put_raw(nv_json_writer *w, nv_str json); /* a whole value that is JSON already */

/* s as a JSON string with its quotes, straight into out. */
void nv_json_escape(nv_buf *out, nv_str s);

#endif
