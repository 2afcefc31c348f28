/* SPDX-License-Identifier: Apache-2.0
 *
 * record_json.h: a strict JSON pull reader (RFC 8259) over bytes in memory. It allocates nothing: strings and numbers are
 * views, and json_string.h decodes their escapes. Beyond the RFC it allows ill-formed UTF-8 and lone
 * surrogate escapes inside strings, and it refuses more than NV_PULL_DEPTH levels.
 *
 * Call order: init -> value. NV_PULL_OBJECT: member until 0, and after each member value or skip. NV_PULL_ARRAY: element
 * until 0, and after each element value or skip. After an error every call gives the error again.
 */
#ifndef NV_DATA_RECORD_JSON_H
#define NV_DATA_RECORD_JSON_H

#include "base/str.h"

#define NV_PULL_DEPTH 512

typedef enum nv_pull_kind {
	NV_PULL_ERROR = -1,
	NV_PULL_NULL,
	NV_PULL_TRUE,
	NV_PULL_FALSE,
	NV_PULL_NUMBER, /* raw: as written */
	NV_PULL_STRING, /* raw: between the quotes */
	NV_PULL_ARRAY,  /* the opening bracket has been read */
	NV_PULL_OBJECT,
} nv_pull_kind;

typedef struct nv_pull {
	const char *at, *end;
	const char *message; /* static; NULL until an error, which is at `at` */
	nv_str raw;          /* the last number, string or member's name */
	bool escaped;        /* raw is a string with escapes: see nv_pull_decode in json_string.h */
	bool fresh;          /* a bracket has just been opened */
	unsigned depth;
} nv_pull;

void nv_pull_init(nv_pull *pull, const char *bytes, size_t len);
nv_pull_kind nv_pull_value(nv_pull *pull);
int nv_pull_member(nv_pull *pull);  /* 1: raw is its name, a value follows; 0: the object has ended; -1: error */
int nv_pull_element(nv_pull *pull); /* 1: a value follows; 0: the array has ended; -1: error */
bool nv_pull_skip(nv_pull *pull);   /* one whole value, checked; false: error */
/* What is left of an array or object whose opening bracket has been read. */
bool nv_pull_skip_rest(nv_pull *pull, nv_pull_kind kind);
/* The first byte that is not white space; -1 at the end. */
int nv_pull_peek(nv_pull *pull);
bool nv_pull_fail(nv_pull *pull, const char *message); /* message is static; returns false */

/* ---- Finding where elements of an array end, without checking them ---- */
typedef struct nv_scan {
	uint64_t depth;
	bool in_string, escape;
} nv_scan;

/* Goes on from a zeroed or earlier state; stops at the first ',' or ']' outside of strings and brackets and returns its
 * place, or end. A stopped-at byte has not been taken into the state: go on behind it. */
const char *nv_scan_element(nv_scan *scan, const char *at, const char *end);

#endif
