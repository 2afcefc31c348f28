/* SPDX-License-Identifier: Apache-2.0
 *
 * option.h: one table for each set of options. The same row parses a value, checks its range, prints it, describes it in
 * help, and saves it in a model's metadata. A row points into the module's options struct by offset. No argv here.
 */
#ifndef NV_BASE_OPTION_H
#define NV_BASE_OPTION_H

#include "base/error.h"
#include "base/json.h"

typedef enum nv_option_type {
	NV_OPTION_INT,    /* int64_t, range low..high */
	NV_OPTION_REAL,   /* double, range low..high */
	NV_OPTION_CHOICE, /* int: index into choices "a|b|c" */
	NV_OPTION_RANGE,  /* nv_range: "A-B" or "A"; "off" gives 0-0 where low is 0 */
	NV_OPTION_TEXT,   /* char[NV_OPTION_TEXT_MAX], NUL-terminated: a name or a path */
	NV_OPTION_FLAG,   /* bool: "yes" and "no"; on the command line the name alone means yes */
} nv_option_type;

#define NV_OPTION_TEXT_MAX 256

typedef struct nv_range {
	int64_t low, high;
} nv_range;

typedef struct nv_option_row {
	const char *name, *group;
	nv_option_type type;
	size_t offset;       /* of the member in the module's options struct */
	double low, high;    /* range of INT and REAL, of both ends of RANGE */
	const char *choices; /* CHOICE: "a|b|c"; others: what stands for the value in help ("N", "NAME|off"), or NULL */
	const char *initial; /* the default, as text */
	const char *help;    /* one sentence: lower case, no full stop */
	unsigned commands;   /* sum of nv_command */
	bool in_model;       /* part of what a trained model records */
} nv_option_row;

/* Rows that several modules have, each with a member of its own: one wording, one range. */
#define NV_ROW_GROUP_BY(offset, commands, in_model) \
	{"group-by", "Run", NV_OPTION_TEXT, offset, 0, 0, "FIELD", "", \
	 "keep articles of one value of this field together in one fold", commands, in_model}
#define NV_ROW_SEED(offset, commands, in_model) \
	{"seed", "Run", NV_OPTION_INT, offset, 0, 9007199254740992.0, "N", "1", "seed of all that is drawn", commands, in_model}
#define NV_ROW_THREADS(offset, commands) \
	{"threads", "Run", NV_OPTION_INT, offset, 0, 1024, "N", "0", \
	 "threads; 0: one a core; any number gives the same bytes", commands, false}

/* Sets every row's member to its initial value. */
void nv_option_defaults(const nv_option_row *rows, size_t n, void *options);
/* Strict: the whole text must be a value in range, or NV_E_USAGE with a message that names the option and what it takes. */
int nv_option_set(const nv_option_row *row, void *options, const char *value, nv_error *err);
/* The member as text into out. */
void nv_option_get(const nv_option_row *row, const void *options, nv_buf *out);
const nv_option_row *nv_option_find(const nv_option_row *rows, size_t n, const char *name);
/* Members of rows with in_model, as key and text value pairs into an open JSON object, and back (unknown names are errors). */
void nv_option_save(const nv_option_row *rows, size_t n, const void *options, nv_json_writer *w);
int nv_option_load(const nv_option_row *rows, size_t n, void *options, const nv_json *object, nv_error *err);

#endif
