/* SPDX-License-Identifier: Apache-2.0 */
#include "classify/database.h"

#include "check_main.h"
#include "classify/rows.h"
#include "scratch.h"
#include "small_model.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>

static nv_model *model;
static nv_scratch *working;
static nv_result *result;
static scratch folder;
static const char *path;

static const double some_p[] = {0.97, 0.4100004, 0.0000004, 0.7, 0.22, 0.08, 1, 0};
static const uint8_t some_chosen[] = {1, 1, 0, 1, 0, 0, 1, 0};

static void setup(void)
{
	model = small_model();
	ck_assert_int_eq(nv_scratch_new(&working, model, NULL), NV_OK);
	ck_assert_int_eq(nv_result_new(&result, model, NULL), NV_OK);
	memcpy(result->p, some_p, sizeof some_p);
	memcpy(result->chosen, some_chosen, sizeof some_chosen);
	memset(result->applies, 1, 3);
	result->coverage = 0.5;
	scratch_open(&folder);
	path = scratch_path(&folder, "results.db");
}

static void teardown(void)
{
	scratch_close(&folder);
	nv_result_free(result);
	nv_scratch_free(working);
	nv_model_free(model);
}

/* A run that writes the articles of these ids with this title and ends with code. */
static int run(int existing, const char *name, const char *const *ids, const char *title, int code, nv_error *err)
{
	nv_database *database = NULL;
	nv_buf rows = NV_BUF_INIT;
	int opened = nv_database_open(&database, path, model, existing, name, err);
	if (opened != NV_OK)
		return opened;
	for (; *ids; ids++) {
		nv_article article = {.id = nv_str_of(*ids), .title = nv_str_of(title), .date = nv_str_of("2025-01-02")};
		nv_result_row_write(model, &article, result, &rows);
	}
	nv_sink sink = nv_database_sink(database);
	sink.write(sink.user, rows.ptr, rows.len);
	nv_buf_release(&rows);
	return nv_database_end(database, code, 3, err);
}

/* The first column of the first row, as text; valid until the next call. */
static const char *ask(const char *sql)
{
	static char answer[200];
	sqlite3 *handle;
	sqlite3_stmt *statement;
	ck_assert_int_eq(sqlite3_open(path, &handle), SQLITE_OK);
	ck_assert_msg(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(handle));
	ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
	const unsigned char *text = sqlite3_column_text(statement, 0);
	snprintf(answer, sizeof answer, "%s", text ? (const char *)text : "NULL");
	sqlite3_finalize(statement);
	sqlite3_close(handle);
	return answer;
}

static const char *const two[] = {"a", "b", NULL}, *const later[] = {"b", "c", NULL}, *const none[] = {NULL};

START_TEST(test_tables)
{
	ck_assert_int_eq(run(NV_EXISTING_REPLACE, "first", two, "Chips", NV_OK, NULL), NV_OK);
	ck_assert_str_eq(ask("SELECT id || name || newsvane || articles || bad_records FROM runs"),
	                 "1first" NV_VERSION "23");
	ck_assert_str_eq(
		ask("SELECT group_concat(id || run || title || date || ifnull(source, '-') || coverage, ' ') FROM articles"),
		"a1Chips2025-01-02-0.5 b1Chips2025-01-02-0.5");
	ck_assert_str_eq(ask("SELECT count(*) FROM predictions"), "16");
	ck_assert_str_eq(ask("SELECT group_concat(label || ' ' || given || ' ' || p, ', ') FROM predictions"
	                     " WHERE article = 'a' AND task = 'topics'"),
	                 "chips 1 0.97, money 1 0.41, space 0 0.0");
	ck_assert_str_eq(
		ask("SELECT group_concat(label || ' ' || score) FROM predictions WHERE article = 'a' AND score IS NOT NULL"),
		"favor 0.62");
}
END_TEST

START_TEST(test_replace)
{
	ck_assert_int_eq(run(NV_EXISTING_REPLACE, "", two, "old", NV_OK, NULL), NV_OK);
	ck_assert_int_eq(run(NV_EXISTING_REPLACE, "", later, "new", NV_OK, NULL), NV_OK);
	ck_assert_str_eq(ask("SELECT group_concat(id || run || title, ' ') FROM articles"), "a1old b2new c2new");
	ck_assert_str_eq(ask("SELECT count(*) FROM predictions"), "24");
	ck_assert_str_eq(ask("SELECT group_concat(articles, ' ') FROM runs"), "2 2");
}
END_TEST

START_TEST(test_keep)
{
	ck_assert_int_eq(run(NV_EXISTING_KEEP, "", two, "old", NV_OK, NULL), NV_OK);
	ck_assert_int_eq(run(NV_EXISTING_KEEP, "", later, "new", NV_OK, NULL), NV_OK);
	ck_assert_str_eq(ask("SELECT group_concat(id || run || title, ' ') FROM articles"), "a1old b1old c2new");
	ck_assert_str_eq(ask("SELECT count(*) FROM predictions"), "24");
	ck_assert_str_eq(ask("SELECT group_concat(articles, ' ') FROM runs"), "2 1");
}
END_TEST

START_TEST(test_limits)
{
	const char *const twice[] = {"", "x'y", "x'y", NULL};
	result->coverage = NAN;
	result->applies[1] = 0;
	result->p[0] = NAN;
	ck_assert_int_eq(run(NV_EXISTING_REPLACE, "", twice, "\xC3\xA9 \xFF \xE2\x82", NV_OK, NULL), NV_OK);
	ck_assert_str_eq(ask("SELECT group_concat('<' || id || '>', '') FROM articles"), "<><x'y>");
	ck_assert_str_eq(ask("SELECT title FROM articles"), "\xC3\xA9 \xEF\xBF\xBD \xEF\xBF\xBD");
	ck_assert_str_eq(ask("SELECT coverage FROM articles"), "NULL");
	ck_assert_str_eq(ask("SELECT p FROM predictions WHERE label = 'chips'"), "NULL");
	ck_assert_str_eq(ask("SELECT count(*) FROM predictions WHERE task = 'tone'"), "0");
	ck_assert_str_eq(ask("SELECT count(*) FROM predictions"), "10");
}
END_TEST

/* Nothing is left of a run that failed, nor of a file that it made. */
START_TEST(test_failed_run)
{
	ck_assert_int_eq(run(NV_EXISTING_REPLACE, "", two, "first", NV_E_CANCELLED, NULL), NV_E_CANCELLED);
	ck_assert_uint_eq(scratch_count(&folder), 0);
	ck_assert_int_eq(run(NV_EXISTING_REPLACE, "", two, "first", NV_OK, NULL), NV_OK);
	ck_assert_int_eq(run(NV_EXISTING_REPLACE, "", later, "second", NV_E_IO, NULL), NV_E_IO);
	ck_assert_str_eq(ask("SELECT group_concat(id || title, ' ') FROM articles"), "afirst bfirst");
	ck_assert_str_eq(ask("SELECT count(*) FROM runs"), "1");
	ck_assert_int_eq(nv_database_end(NULL, NV_E_USAGE, 0, NULL), NV_E_USAGE);
}
END_TEST

static void execute(const char *sql)
{
	sqlite3 *handle;
	ck_assert_int_eq(sqlite3_open(path, &handle), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(handle);
}

static void check_refused(int code, const char *said)
{
	nv_error err = {0};
	ck_assert_int_eq(run(NV_EXISTING_REPLACE, "", none, "", NV_OK, &err), code);
	ck_assert_int_eq(err.code, code);
	ck_assert_str_eq(err.path, path);
	ck_assert_msg(strstr(err.message, said), "%s", err.message);
}

START_TEST(test_other_files)
{
	execute("CREATE TABLE theirs (x)");
	check_refused(NV_E_INPUT, "another program");
	execute("DROP TABLE theirs; PRAGMA application_id = 1853251950; PRAGMA user_version = 7;");
	check_refused(NV_E_INPUT, "another version");
	path =
		scratch_write(&folder, "text",
	                  "This is a text, and long enough to be taken for no database at all. It has more than a hundred "
	                  "bytes, which is the length of the header of a database of SQLite.");
	check_refused(NV_E_INPUT, "not a database");
	path = scratch_path(&folder, "no/such/folder.db");
	check_refused(NV_E_IO, "unable to open");
}
END_TEST

/* A failure while rows are written is the one that is told. */
START_TEST(test_failed_row)
{
	nv_error err = {0};
	execute("PRAGMA user_version = 0");
	ck_assert_int_eq(run(NV_EXISTING_REPLACE, "", none, "", NV_OK, NULL), NV_OK);
	execute("CREATE TRIGGER broken BEFORE INSERT ON predictions BEGIN SELECT RAISE(ABORT, 'no more room'); END");
	ck_assert_int_eq(run(NV_EXISTING_REPLACE, "", two, "", NV_OK, &err), NV_E_IO);
	ck_assert_str_eq(err.message, "no more room");
	ck_assert_str_eq(ask("SELECT count(*) FROM articles"), "0");
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("database");
	TCase *core = tcase_create("Core"), *limits = tcase_create("Limits"), *errors = tcase_create("Errors");
	tcase_add_checked_fixture(core, setup, teardown);
	tcase_add_checked_fixture(limits, setup, teardown);
	tcase_add_checked_fixture(errors, setup, teardown);
	tcase_add_test(core, test_tables);
	tcase_add_test(core, test_replace);
	tcase_add_test(core, test_keep);
	tcase_add_test(limits, test_limits);
	tcase_add_test(errors, test_failed_run);
	tcase_add_test(errors, test_other_files);
	tcase_add_test(errors, test_failed_row);
	suite_add_tcase(suite, core);
	suite_add_tcase(suite, limits);
	suite_add_tcase(suite, errors);
	return suite;
}

NV_CHECK_MAIN(make_suite)
