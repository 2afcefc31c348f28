/* SPDX-License-Identifier: Apache-2.0 */
#include "classify/batch.h"

#include "base/alloc.h"
#include "check_main.h"
#include "scratch.h"
#include "small_model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct feed {
	int given, n;
	char id[32], text[256];
} feed;

static const char *const vocabulary[] = {"chips", "market", "export", "ban", "shares", "moon", "marker", "and", "the", "rocket"};

static int next_article(void *user, nv_article *article, nv_error *err)
{
	feed *f = user;
	(void)err;
	if (f->given == f->n)
		return 0;
	unsigned x = (unsigned)f->given++ * 2654435761u;
	size_t len = 0;
	snprintf(f->id, sizeof f->id, "a%d", f->given);
	for (int i = 0; i < 20; i++, x = x * 1664525u + 1013904223u)
		len += (size_t)snprintf(f->text + len, sizeof f->text - len, "%s ", vocabulary[(x >> 16) % 10]);
	*article = (nv_article){.id = nv_str_of(f->id), .text = nv_str_of(f->text)};
	return 1;
}

static nv_model *model;
static nv_buf out;
static nv_batch_totals totals;

static void setup(void)
{
	model = small_model();
	out = (nv_buf)NV_BUF_INIT;
}

static void teardown(void)
{
	nv_buf_release(&out);
	nv_model_free(model);
}

static int run(int n, int threads, int to, int explain, const nv_progress *progress, const nv_sink *to_sink, nv_error *err)
{
	feed f = {.n = n};
	nv_stream *stream;
	nv_sink sink = {small_sink_write, &out};
	nv_classify_options options = {.to = to, .explain = explain, .threads = threads};
	nv_buf_clear(&out);
	ck_assert_int_eq(nv_stream_from_articles(&stream, (nv_articles){next_article, &f}, NULL), NV_OK);
	int code = nv_classify_stream(model, stream, &options, to_sink ? to_sink : &sink, progress, &totals, err);
	nv_stream_close(stream);
	return code;
}

static size_t count_lines(void)
{
	size_t n = 0;
	for (size_t i = 0; i < out.len; i++)
		n += out.ptr[i] == '\n';
	return n;
}

START_TEST(test_order)
{
	ck_assert_int_eq(run(1000, 3, NV_TO_JSONL, 0, NULL, NULL, NULL), NV_OK);
	ck_assert_uint_eq(count_lines(), 1000);
	ck_assert_uint_eq(totals.articles, 1000);
	const char *at = nv_buf_cstr(&out);
	for (int i = 1; i <= 1000; i++) {
		char start[32];
		snprintf(start, sizeof start, "{\"id\": \"a%d\", ", i);
		ck_assert(strncmp(at, start, strlen(start)) == 0);
		at = strchr(at, '\n') + 1;
	}
}
END_TEST

START_TEST(test_threads_same_bytes)
{
	nv_buf one = NV_BUF_INIT;
	ck_assert_int_eq(run(1500, 1, NV_TO_JSONL, 3, NULL, NULL, NULL), NV_OK);
	nv_buf_add(&one, out.ptr, out.len);
	double coverage = totals.coverage_sum / (double)totals.coverage_n;
	ck_assert_double_gt(coverage, 0.4);
	ck_assert_double_lt(coverage, 0.8);
	for (int threads = 2; threads <= 5; threads++) {
		ck_assert_int_eq(run(1500, threads, NV_TO_JSONL, 3, NULL, NULL, NULL), NV_OK);
		ck_assert_uint_eq(out.len, one.len);
		ck_assert_mem_eq(out.ptr, one.ptr, one.len);
		ck_assert(totals.coverage_sum / (double)totals.coverage_n == coverage);
	}
	nv_buf_release(&one);
}
END_TEST

/* A model from a file verifies its weights as they are used, here by several threads at once. */
START_TEST(test_mapped_model)
{
	size_t len;
	nv_model *made = model;
	nv_buf one = NV_BUF_INIT;
	unsigned char *bytes = small_model_bytes(made, &len);
	ck_assert_int_eq(run(600, 1, NV_TO_JSONL, 0, NULL, NULL, NULL), NV_OK);
	nv_buf_add(&one, out.ptr, out.len);
	ck_assert_int_eq(nv_model_from_buffer(&model, bytes, len, NULL), NV_OK);
	ck_assert_int_eq(run(600, 4, NV_TO_JSONL, 0, NULL, NULL, NULL), NV_OK);
	ck_assert_uint_eq(out.len, one.len);
	ck_assert_mem_eq(out.ptr, one.ptr, one.len);
	nv_model_free(model);
	model = made;
	nv_free_aligned(bytes);
	nv_buf_release(&one);
}
END_TEST

START_TEST(test_header)
{
	ck_assert_int_eq(run(2, 1, NV_TO_CSV, 0, NULL, NULL, NULL), NV_OK);
	ck_assert_uint_eq(count_lines(), 3);
	ck_assert(strncmp(out.ptr, "id,topics,", 10) == 0);
}
END_TEST

START_TEST(test_empty)
{
	ck_assert_int_eq(run(0, 2, NV_TO_JSONL, 0, NULL, NULL, NULL), NV_OK);
	ck_assert_uint_eq(out.len, 0);
	ck_assert_uint_eq(totals.articles, 0);
	ck_assert_int_eq(run(0, 2, NV_TO_TSV, 0, NULL, NULL, NULL), NV_OK);
	ck_assert_uint_eq(count_lines(), 1);
}
END_TEST

/* ---- Files: bad records between good ones ---- */

static char bad_lines[8];
static size_t n_bad;

static void note_bad(void *user, const nv_error *err)
{
	(void)user;
	ck_assert_uint_lt(n_bad, sizeof bad_lines);
	bad_lines[n_bad++] = (char)('0' + err->line);
}

static int run_file(const char *text, bool strict, nv_error *err)
{
	scratch s;
	nv_stream *stream;
	nv_input_options input = {0};
	nv_classify_options options = {.to = NV_TO_JSONL, .threads = 2};
	nv_bad_record bad = {note_bad, NULL};
	nv_sink sink = {small_sink_write, &out};
	scratch_open(&s);
	const char *path = scratch_write(&s, "in.jsonl", text);
	nv_option_defaults(nv_input_rows, nv_n_input_rows, &input);
	input.strict = strict;
	n_bad = 0;
	nv_buf_clear(&out);
	ck_assert_int_eq(nv_stream_open(&stream, &path, 1, &input, model->schema, NULL, 0, &bad, NULL), NV_OK);
	int code = nv_classify_stream(model, stream, &options, &sink, NULL, &totals, err);
	nv_stream_close(stream);
	scratch_close(&s);
	return code;
}

static const char three_good[] = "{\"id\": \"1\", \"text\": \"chips\"}\n{\"id\": \n{\"id\": \"3\", \"text\": \"moon\"}\n{\"id\": \"4\"}\n"
                                 "{\"id\": \"5\", \"title\": \"ban\"}\n";

START_TEST(test_bad_records)
{
	ck_assert_int_eq(run_file(three_good, false, NULL), NV_OK);
	ck_assert_uint_eq(count_lines(), 3);
	ck_assert_uint_eq(totals.articles, 3);
	ck_assert_uint_eq(n_bad, 2);
	ck_assert_mem_eq(bad_lines, "24", 2);
}
END_TEST

START_TEST(test_strict)
{
	nv_error err = {0};
	ck_assert_int_eq(run_file(three_good, true, &err), NV_E_RECORD);
	ck_assert_uint_eq(err.line, 2);
	ck_assert_uint_eq(count_lines(), 1);
	ck_assert_uint_eq(totals.articles, 1);
}
END_TEST

/* ---- Failures ---- */

static int take_some(void *user, const char *text, size_t text_len)
{
	int *left = user;
	(void)text;
	(void)text_len;
	return (*left)-- <= 0;
}

START_TEST(test_sink_fails)
{
	for (int threads = 1; threads <= 3; threads++) {
		int left = 1;
		nv_sink sink = {take_some, &left};
		nv_error err = {0};
		ck_assert_int_eq(run(2000, threads, NV_TO_JSONL, 0, NULL, &sink, &err), NV_E_IO);
		ck_assert_int_eq(err.code, NV_E_IO);
		ck_assert_int_eq(left, -1); /* asked once more, and not again */
	}
}
END_TEST

static int stop(void *user, const char *phase, uint64_t done, uint64_t total)
{
	(void)user;
	(void)done;
	(void)total;
	return strcmp(phase, "classify") == 0;
}

START_TEST(test_cancelled)
{
	nv_progress progress = {stop, NULL};
	nv_error err = {0};
	ck_assert_int_eq(run(1 << 30, 2, NV_TO_JSONL, 0, &progress, NULL, &err), NV_E_CANCELLED);
}
END_TEST

START_TEST(test_options)
{
	nv_classify_options options;
	nv_error err = {0};
	nv_option_defaults(nv_classify_rows, nv_n_classify_rows, &options);
	ck_assert_int_eq(options.to, NV_TO_JSONL);
	ck_assert_int_eq(options.explain, 0);
	ck_assert_int_eq(nv_option_set(nv_option_find(nv_classify_rows, nv_n_classify_rows, "to"), &options, "tsv", NULL), NV_OK);
	ck_assert_int_eq(options.to, NV_TO_TSV);
	ck_assert_int_eq(nv_option_set(nv_option_find(nv_classify_rows, nv_n_classify_rows, "to"), &options, "xml", &err), NV_E_USAGE);
	ck_assert_int_eq(run(1, 1, NV_TO_CSV, 2, NULL, NULL, &err), NV_E_USAGE);
}
END_TEST

static Suite *batch_suite(void)
{
	Suite *suite = suite_create("batch");
	TCase *core = tcase_create("Core"), *limits = tcase_create("Limits"), *errors = tcase_create("Errors");
	TCase *all[] = {core, limits, errors};
	for (int i = 0; i < 3; i++) {
		tcase_add_checked_fixture(all[i], setup, teardown);
		tcase_set_timeout(all[i], 60);
		suite_add_tcase(suite, all[i]);
	}
	tcase_add_test(core, test_order);
	tcase_add_test(core, test_threads_same_bytes);
	tcase_add_test(core, test_mapped_model);
	tcase_add_test(core, test_header);
	tcase_add_test(core, test_bad_records);
	tcase_add_test(limits, test_empty);
	tcase_add_test(errors, test_strict);
	tcase_add_test(errors, test_sink_fails);
	tcase_add_test(errors, test_cancelled);
	tcase_add_test(errors, test_options);
	return suite;
}

NV_CHECK_MAIN(batch_suite)
