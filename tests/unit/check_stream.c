/* SPDX-License-Identifier: Apache-2.0 */
#include "data/stream.h"

#include "check_main.h"
#include "scratch.h"

#include <fcntl.h>

static const char good_and_bad[] = "{\"id\": \"1\", \"text\": \"a\"}\n{\"id\": \n{\"id\": \"3\", \"text\": \"c\"}\n{\"id\": \"4\"}\n"
                                   "{\"id\": \"5\", \"text\": \"\xFFz\"}\n";

static nv_input_options options;

static nv_stream *open_files(const char *const *paths, size_t n, const nv_bad_record *bad)
{
	nv_stream *stream = NULL;
	ck_assert_int_eq(nv_stream_open(&stream, paths, n, &options, NULL, NULL, 0, bad, NULL), NV_OK);
	return stream;
}

static void setup(void)
{
	nv_option_defaults(nv_input_rows, nv_n_input_rows, &options);
}

/* What was seen, in order: an article by its id, a bad record by "!" and its line. */
static char seen[256];

static void see_bad(void *user, const nv_error *err)
{
	(void)user;
	size_t len = strlen(seen);
	snprintf(seen + len, sizeof seen - len, "!%d ", (int)err->line);
}

static void see(const nv_article *article)
{
	size_t len = strlen(seen);
	snprintf(seen + len, sizeof seen - len, "%.*s ", (int)article->id.len, article->id.ptr);
}

static const nv_bad_record bad_records = {see_bad, NULL};

static int see_each(void *user, size_t index, nv_error *err)
{
	const nv_article *article = &nv_stream_batch(user, 0)->article[index];
	see(article);
	if (nv_str_is(article->id, "3"))
		return nv_fail_at(err, NV_E_RECORD, article->path, article->line, 0, "not wanted");
	return NV_OK;
}

static int walk_all(nv_stream *stream, nv_each_article *each, nv_error *err)
{
	int code = nv_stream_slots(stream, 1, err);
	*seen = '\0';
	while (code == NV_OK && (code = nv_stream_fill(stream, 0, err)) == 1) {
		code = nv_stream_parse(stream, 0, err);
		if (code == NV_OK)
			code = nv_stream_walk(stream, 0, each, stream, err);
	}
	return code;
}

START_TEST(next_gives_articles_and_tells_of_bad_records_in_order)
{
	scratch s;
	scratch_open(&s);
	const char *paths[] = {scratch_write(&s, "a.jsonl", good_and_bad)};
	nv_stream *stream = open_files(paths, 1, &bad_records);
	nv_article article;
	*seen = '\0';
	while (nv_stream_next(stream, &article, NULL) == 1)
		see(&article);
	ck_assert_str_eq(seen, "1 !2 3 !4 5 ");
	nv_input_stats stats = nv_stream_stats(stream);
	ck_assert_uint_eq(stats.articles, 3);
	ck_assert_uint_eq(stats.bad_records, 2);
	ck_assert_uint_eq(stats.ill_formed, 1);
	ck_assert_uint_eq(stats.bytes, strlen(good_and_bad));
	nv_stream_close(stream);
	scratch_close(&s);
}
END_TEST

START_TEST(an_article_that_a_walker_refuses_is_a_bad_record)
{
	scratch s;
	scratch_open(&s);
	const char *paths[] = {scratch_write(&s, "a.jsonl", good_and_bad), scratch_write(&s, "b.txt", "T\nx")};
	nv_stream *stream = open_files(paths, 2, &bad_records);
	ck_assert_int_eq(walk_all(stream, see_each, NULL), NV_OK);
	ck_assert_ptr_nonnull(strstr(seen, "1 !2 3 !3 !4 5 "));
	ck_assert_uint_eq(nv_stream_stats(stream).articles, 3);
	ck_assert_uint_eq(nv_stream_stats(stream).bad_records, 3);
	nv_stream_close(stream);
	scratch_close(&s);
}
END_TEST

/* ---- From an iterator ---- */

typedef struct feed {
	int given, n, fail_at;
	char id[16];
} feed;

static int next_of_feed(void *user, nv_article *article, nv_error *err)
{
	feed *f = user;
	if (f->given == f->fail_at)
		return nv_fail(err, NV_E_INPUT, "the feed broke");
	if (f->given == f->n)
		return 0;
	snprintf(f->id, sizeof f->id, "%d", f->given++);
	*article = (nv_article){.id = nv_str_of(f->id), .text = nv_str_of("x")};
	return 1;
}

START_TEST(an_iterators_articles_are_copied)
{
	feed f = {.n = 600, .fail_at = -1};
	nv_stream *stream = NULL;
	size_t n = 0;
	int code;
	ck_assert_int_eq(nv_stream_from_articles(&stream, (nv_articles){next_of_feed, &f}, NULL), NV_OK);
	ck_assert_int_eq(nv_stream_slots(stream, 3, NULL), NV_OK);
	for (size_t slot = 0; (code = nv_stream_fill(stream, slot % 3, NULL)) == 1; slot++) {
		ck_assert_int_eq(nv_stream_parse(stream, slot % 3, NULL), NV_OK);
		const nv_batch *batch = nv_stream_batch(stream, slot % 3);
		for (size_t i = 0; i < batch->n; i++) {
			char id[16];
			snprintf(id, sizeof id, "%zu", n++);
			ck_assert(nv_str_is(batch->article[i].id, id));
		}
		ck_assert_int_eq(nv_stream_walk(stream, slot % 3, NULL, NULL, NULL), NV_OK);
	}
	ck_assert_int_eq(code, 0);
	ck_assert_uint_eq(n, 600);
	ck_assert_uint_eq(nv_stream_stats(stream).articles, 600);
	nv_stream_close(stream);
}
END_TEST

/* ---- Limits ---- */

START_TEST(empty_inputs_give_nothing)
{
	feed f = {.n = 0, .fail_at = -1};
	nv_stream *stream = NULL;
	nv_article article;
	ck_assert_int_eq(nv_stream_from_articles(&stream, (nv_articles){next_of_feed, &f}, NULL), NV_OK);
	ck_assert_int_eq(nv_stream_next(stream, &article, NULL), 0);
	ck_assert_int_eq(nv_stream_next(stream, &article, NULL), 0);
	nv_stream_close(stream);
	nv_stream_close(NULL);
}
END_TEST

/* ---- Errors ---- */

START_TEST(strict_ends_at_the_first_bad_record)
{
	scratch s;
	scratch_open(&s);
	const char *paths[] = {scratch_write(&s, "a.jsonl", good_and_bad)};
	nv_error err = {0};
	options.strict = true;
	nv_stream *stream = open_files(paths, 1, &bad_records);
	ck_assert_int_eq(walk_all(stream, see_each, &err), NV_E_RECORD);
	ck_assert_str_eq(seen, "1 ");
	ck_assert_uint_eq(err.line, 2);
	ck_assert_str_eq(err.path, paths[0]);
	nv_stream_close(stream);
	scratch_close(&s);
}
END_TEST

START_TEST(an_iterators_failure_is_passed_on)
{
	feed f = {.n = 10, .fail_at = 5};
	nv_stream *stream = NULL;
	nv_article article;
	nv_error err = {0};
	ck_assert_int_eq(nv_stream_from_articles(&stream, (nv_articles){next_of_feed, &f}, NULL), NV_OK);
	ck_assert_int_eq(nv_stream_next(stream, &article, &err), NV_E_INPUT);
	ck_assert_str_eq(err.message, "the feed broke");
	nv_stream_close(stream);
}
END_TEST

static int stop_at_third(void *user, const char *phase, uint64_t done, uint64_t total)
{
	int *asked = user;
	(void)phase;
	(void)done;
	(void)total;
	return ++*asked == 3;
}

START_TEST(waiting_for_a_pipe_can_be_cancelled)
{
	scratch s;
	scratch_open(&s);
	const char *path = scratch_path(&s, "pipe"), *paths[] = {path};
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	int writer = open(path, O_RDWR); /* so that opening it for reading does not wait */
	ck_assert_int_ge(writer, 0);
	int asked = 0;
	nv_progress progress = {stop_at_third, &asked};
	nv_ticker ticker;
	nv_error err = {0};
	nv_ticker_init(&ticker, &progress, "read", 0);
	nv_stream *stream = open_files(paths, 1, NULL);
	nv_stream_set_ticker(stream, &ticker);
	ck_assert_int_eq(walk_all(stream, NULL, &err), NV_E_CANCELLED);
	ck_assert_int_eq(asked, 3);
	nv_stream_close(stream);
	close(writer);
	scratch_close(&s);
}
END_TEST

static Suite *stream_suite(void)
{
	Suite *suite = suite_create("stream");
	TCase *core = tcase_create("Core"), *limits = tcase_create("Limits"), *errors = tcase_create("Errors");
	TCase *all[] = {core, limits, errors};
	for (int i = 0; i < 3; i++) {
		tcase_add_checked_fixture(all[i], setup, NULL);
		suite_add_tcase(suite, all[i]);
	}
	tcase_add_test(core, next_gives_articles_and_tells_of_bad_records_in_order);
	tcase_add_test(core, an_article_that_a_walker_refuses_is_a_bad_record);
	tcase_add_test(core, an_iterators_articles_are_copied);
	tcase_add_test(limits, empty_inputs_give_nothing);
	tcase_add_test(errors, strict_ends_at_the_first_bad_record);
	tcase_add_test(errors, an_iterators_failure_is_passed_on);
	tcase_add_test(errors, waiting_for_a_pipe_can_be_cancelled);
	return suite;
}

NV_CHECK_MAIN(stream_suite)
