/* SPDX-License-Identifier: Apache-2.0
 *
 * database.h: results in an SQLite database, the only user of libsqlite3. docs/sqlite.md has the tables. All that a run writes is one
 * transaction: the database holds the whole run or is as it was.
 *
 * Call order: nv_database_open -> rows (classify/rows.h) into nv_database_sink -> nv_database_end.
 * One thread at a time.
 */
#ifndef NV_CLASSIFY_DATABASE_H
#define NV_CLASSIFY_DATABASE_H

#include "models/model.h"

enum { NV_EXISTING_REPLACE, NV_EXISTING_KEEP };

typedef struct nv_database nv_database;

/* Opens or makes the database and begins the run. existing: what becomes of an article whose id the database has. run_name may be "". The
 * model must outlive the database. NV_E_INPUT: path is a file of another kind; NV_E_IO: it can't be opened, written or locked. */
int nv_database_open(nv_database **database, const char *path, const nv_model *model, int existing,
                     const char *run_name, nv_error *err);
/* Takes whole rows. A failure is kept, and told by nv_database_end. */
nv_sink nv_database_sink(nv_database *database);
/* Ends the run, with code what came of the classifying: NV_OK commits; anything else, or a failure kept, takes all back, removes a file
 * that was made for it, and is returned. Frees the database. NULL: returns code. */
int nv_database_end(nv_database *database, int code, uint64_t bad_records, nv_error *err);

#endif
