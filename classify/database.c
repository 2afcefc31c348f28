/* SPDX-License-Identifier: Apache-2.0
 *
 * A file of ours is known by its application_id and has a version of its tables in user_version; any other database is refused, so that a
 * mistyped name harms nothing. Statements are prepared once. What was there under the same id goes by the foreign keys' cascade.
 */
#include "classify/database.h"

#include "base/alloc.h"
#include "classify/rows.h"

#include <math.h>
#include <sqlite3.h>
#include <unistd.h>

#define APPLICATION_ID 0x6E76616E /* "nvan" */
#define TABLES_VERSION 1

enum { WAIT_FOR_LOCK_MS = 5000 };

static const char tables[] =
	"CREATE TABLE runs (id INTEGER PRIMARY KEY, name TEXT NOT NULL, newsvane TEXT NOT NULL, model TEXT NOT NULL,"
	" articles INTEGER NOT NULL, bad_records INTEGER NOT NULL);"
	"CREATE TABLE articles (id TEXT PRIMARY KEY NOT NULL, run INTEGER NOT NULL REFERENCES runs (id), title TEXT, date "
	"TEXT,"
	" source TEXT, coverage REAL) WITHOUT ROWID;"
	"CREATE TABLE predictions (article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE, task TEXT NOT NULL,"
	" label TEXT NOT NULL, given INTEGER NOT NULL, p REAL, score REAL, PRIMARY KEY (article, task, label)) WITHOUT "
	"ROWID;"
	"CREATE INDEX predictions_by_label ON predictions (task, label, given);"
	"PRAGMA application_id = 1853251950;"
	"PRAGMA user_version = 1;";

struct nv_database {
	sqlite3 *handle;
	sqlite3_stmt *remove, *add_article, *add_prediction;
	const nv_model *model;
	const char *path;
	int existing;
	bool made; /* the file was not there */
	sqlite3_int64 run;
	uint64_t articles; /* written */
	nv_error failure;  /* the first; code NV_OK: none */
};

/* ---- Failures ---- */

static int code_of(int status)
{
	return status == SQLITE_NOMEM ? NV_E_MEMORY : status == SQLITE_NOTADB ? NV_E_INPUT : NV_E_IO;
}

/* What SQLite said last. */
static int fail(const nv_database *d, nv_error *err)
{
	int status = sqlite3_errcode(d->handle);
	return nv_fail_at(err, (nv_code)code_of(status), d->path, 0, 0, "%s", sqlite3_errmsg(d->handle));
}

static int execute(nv_database *d, const char *sql, nv_error *err)
{
	return sqlite3_exec(d->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? NV_OK : fail(d, err);
}

static int prepare(nv_database *d, sqlite3_stmt **statement, const char *sql, nv_error *err)
{
	return sqlite3_prepare_v2(d->handle, sql, -1, statement, NULL) == SQLITE_OK ? NV_OK : fail(d, err);
}

/* Runs a statement that gives no rows, and makes it ready for the next. */
static int step(nv_database *d, sqlite3_stmt *statement, nv_error *err)
{
	int code = sqlite3_step(statement) == SQLITE_DONE ? NV_OK : fail(d, err);
	sqlite3_reset(statement);
	return code;
}

/* The one number that a query gives. */
static int ask(nv_database *d, const char *sql, int64_t *answer, nv_error *err)
{
	sqlite3_stmt *statement = NULL;
	int code = prepare(d, &statement, sql, err);
	if (code == NV_OK && sqlite3_step(statement) == SQLITE_ROW)
		*answer = sqlite3_column_int64(statement, 0);
	else if (code == NV_OK)
		code = fail(d, err);
	sqlite3_finalize(statement);
	return code;
}

/* ---- Values ---- */

static void bind_text(sqlite3_stmt *statement, int column, nv_str text)
{
	sqlite3_bind_text64(statement, column, text.len ? text.ptr : "", text.len, SQLITE_STATIC, SQLITE_UTF8);
}

/* An empty text is NULL: the record had none. */
static void bind_optional(sqlite3_stmt *statement, int column, nv_str text)
{
	if (text.len)
		bind_text(statement, column, text);
	else
		sqlite3_bind_null(statement, column);
}

/* Six decimals, as in the other formats; NaN is NULL. */
static void bind_number(sqlite3_stmt *statement, int column, double x)
{
	if (isnan(x))
		sqlite3_bind_null(statement, column);
	else
		sqlite3_bind_double(statement, column, round(x * 1e6) / 1e6);
}

/* ---- Rows ---- */

static int add_prediction(nv_database *d, const nv_result_row *row, const nv_task *task, size_t l,
                          nv_result_row_label label, double score, nv_error *err)
{
	sqlite3_stmt *s = d->add_prediction;
	bind_text(s, 1, row->id);
	bind_text(s, 2, nv_str_of(task->name));
	bind_text(s, 3, nv_str_of(task->label[l].id));
	sqlite3_bind_int(s, 4, label.given);
	bind_number(s, 5, label.p);
	bind_number(s, 6, label.given ? score : NAN);
	return step(d, s, err);
}

static int add_predictions(nv_database *d, nv_result_row *row, nv_error *err)
{
	int code = NV_OK;
	for (size_t t = 0; code == NV_OK && t < d->model->schema->n_task; t++) {
		const nv_task *task = &d->model->schema->task[t];
		nv_result_row_task head = nv_result_row_next_task(row);
		for (size_t l = 0; code == NV_OK && l < task->n_label; l++) {
			nv_result_row_label label = nv_result_row_next_label(row);
			if (head.applies)
				code = add_prediction(d, row, task, l, label, head.score, err);
		}
	}
	return code;
}

static int add_article(nv_database *d, const nv_result_row *row, nv_error *err)
{
	sqlite3_stmt *s = d->add_article;
	bind_text(s, 1, row->id);
	sqlite3_bind_int64(s, 2, d->run);
	bind_optional(s, 3, row->title);
	bind_optional(s, 4, row->date);
	bind_optional(s, 5, row->source);
	bind_number(s, 6, row->coverage);
	return step(d, s, err);
}

static int add_row(nv_database *d, nv_result_row *row, nv_error *err)
{
	int code = NV_OK;
	if (d->existing == NV_EXISTING_REPLACE) {
		bind_text(d->remove, 1, row->id);
		code = step(d, d->remove, err);
	}
	if (code == NV_OK)
		code = add_article(d, row, err);
	if (code != NV_OK || sqlite3_changes(d->handle) == 0) /* kept as it was */
		return code;
	d->articles++;
	return add_predictions(d, row, err);
}

static int write_rows(void *user, const char *bytes, size_t len)
{
	nv_database *d = user;
	for (size_t at = 0; d->failure.code == NV_OK && at < len;) {
		nv_result_row row;
		at += nv_result_row_read(&row, bytes + at);
		add_row(d, &row, &d->failure);
	}
	return d->failure.code != NV_OK;
}

nv_sink nv_database_sink(nv_database *database)
{
	return (nv_sink){write_rows, database};
}

/* ---- Begin ---- */

/* Makes the tables in an empty file; a file of another kind is left alone. */
static int check_tables(nv_database *d, nv_error *err)
{
	int64_t id = 0, version = 0, entries = 0;
	int code = ask(d, "PRAGMA application_id", &id, err);
	if (code == NV_OK)
		code = ask(d, "PRAGMA user_version", &version, err);
	if (code == NV_OK)
		code = ask(d, "SELECT count(*) FROM sqlite_schema", &entries, err);
	if (code != NV_OK || (id == APPLICATION_ID && version == TABLES_VERSION))
		return code;
	if (id == APPLICATION_ID)
		return nv_fail_at(err, NV_E_INPUT, d->path, 0, 0,
		                  "the database was made by another version of newsvane; name another file");
	if (id != 0 || entries != 0)
		return nv_fail_at(err, NV_E_INPUT, d->path, 0, 0, "a database of another program; name another file");
	return execute(d, tables, err);
}

static int prepare_all(nv_database *d, nv_error *err)
{
	int code = prepare(d, &d->remove, "DELETE FROM articles WHERE id = ?", err);
	if (code == NV_OK)
		code =
			prepare(d, &d->add_article, "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", err);
	if (code == NV_OK)
		code = prepare(d, &d->add_prediction, "INSERT INTO predictions VALUES (?, ?, ?, ?, ?, ?)", err);
	return code;
}

static int begin_run(nv_database *d, const char *name, nv_error *err)
{
	sqlite3_stmt *s = NULL;
	int code =
		prepare(d, &s, "INSERT INTO runs (name, newsvane, model, articles, bad_records) VALUES (?, ?, ?, 0, 0)", err);
	if (code == NV_OK) {
		bind_text(s, 1, nv_str_of(name));
		bind_text(s, 2, nv_str_of(NV_VERSION));
		bind_text(s, 3, d->model->metadata);
		code = step(d, s, err);
	}
	d->run = sqlite3_last_insert_rowid(d->handle);
	sqlite3_finalize(s);
	return code;
}

static int open_handle(nv_database *d, nv_error *err)
{
	d->made = access(d->path, F_OK) != 0;
	if (sqlite3_open_v2(d->path, &d->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
		return d->handle ? fail(d, err) : nv_fail_memory(err);
	sqlite3_busy_timeout(d->handle, WAIT_FOR_LOCK_MS);
	int code = execute(d, "PRAGMA foreign_keys = ON", err);
	return code == NV_OK ? execute(d, "BEGIN IMMEDIATE", err) : code;
}

int nv_database_open(nv_database **database, const char *path, const nv_model *model, int existing,
                     const char *run_name, nv_error *err)
{
	nv_database *d = nv_alloc_zero(1, sizeof *d);
	if (!d)
		return nv_fail_memory(err);
	d->path = path;
	d->model = model;
	d->existing = existing;
	int code = open_handle(d, err);
	if (code == NV_OK)
		code = check_tables(d, err);
	if (code == NV_OK)
		code = begin_run(d, run_name, err);
	if (code == NV_OK)
		code = prepare_all(d, err);
	if (code != NV_OK)
		return nv_database_end(d, code, 0, err);
	*database = d;
	return NV_OK;
}

/* ---- End ---- */

static int count_run(nv_database *d, uint64_t bad_records, nv_error *err)
{
	sqlite3_stmt *s = NULL;
	int code = prepare(d, &s, "UPDATE runs SET articles = ?, bad_records = ? WHERE id = ?", err);
	if (code == NV_OK) {
		sqlite3_bind_int64(s, 1, (sqlite3_int64)d->articles);
		sqlite3_bind_int64(s, 2, (sqlite3_int64)bad_records);
		sqlite3_bind_int64(s, 3, d->run);
		code = step(d, s, err);
	}
	sqlite3_finalize(s);
	return code;
}

static void close_all(nv_database *d)
{
	sqlite3_finalize(d->remove);
	sqlite3_finalize(d->add_article);
	sqlite3_finalize(d->add_prediction);
	sqlite3_close(d->handle); /* rolls an open transaction back */
}

int nv_database_end(nv_database *database, int code, uint64_t bad_records, nv_error *err)
{
	nv_database *d = database;
	if (!d)
		return code;
	if (d->failure.code != NV_OK) {
		code = d->failure.code;
		if (err)
			*err = d->failure;
	}
	if (code == NV_OK)
		code = count_run(d, bad_records, err);
	if (code == NV_OK)
		code = execute(d, "COMMIT", err);
	close_all(d);
	if (code != NV_OK && d->made)
		unlink(d->path);
	nv_free(d);
	return code;
}
