/* SPDX-License-Identifier: Apache-2.0
 *
 * wanted.h: which of a record's fields are kept, whatever the format of the record: the five basic ones, those that a schema
 * names, and extra ones, under the names that the record uses (--field ours=theirs). Each such name has one slot. Names with
 * dots are paths into nested objects ("stance.ai_progress"); a flat member of that very name is taken too.
 */
#ifndef NV_DATA_WANTED_H
#define NV_DATA_WANTED_H

#include "data/schema.h"

#define NV_NO_SLOT ((size_t)-1)

/* Basic fields, in the order of nv_wanted.basic. */
typedef enum nv_basic { NV_BASIC_ID, NV_BASIC_TITLE, NV_BASIC_TEXT, NV_BASIC_DATE, NV_BASIC_SOURCE, NV_N_BASIC } nv_basic;

/* A step of a path: a tree over the names of members. */
typedef struct nv_wanted_key {
	nv_str name;
	size_t slot; /* NV_NO_SLOT: only on the way to others */
	struct nv_wanted_key *child, *next;
} nv_wanted_key;

typedef struct nv_wanted_field {
	nv_str name;      /* as the schema has it */
	size_t slot;
	nv_task_kind kind; /* of the first task that reads it; 0 for others */
} nv_wanted_field;

typedef struct nv_wanted {
	nv_arena arena;       /* all below */
	const char **name;    /* [n_slot] as the record has it */
	size_t n_slot;
	size_t basic[NV_N_BASIC]; /* slots */
	nv_wanted_field *field;   /* [n_field] */
	size_t n_field;
	nv_wanted_key root;
} nv_wanted;

/* renames: "text=body,id=doc_id" or "". A name that nothing reads is NV_E_USAGE. Release it after a failure too. */
int nv_wanted_init(nv_wanted *wanted, const char *renames, const nv_schema *schema, const char *const *extra,
                   size_t n_extra, nv_error *err);
void nv_wanted_release(nv_wanted *wanted);

/* The child of that name; NULL: nothing below it is wanted. */
const nv_wanted_key *nv_wanted_find(const nv_wanted_key *parent, nv_str name);

#endif
