/* SPDX-License-Identifier: Apache-2.0 */
#include "data/source.h"

#include "check_main.h"
#include "data/cut.h"
#include "scratch.h"

#include <string.h>

static nv_input_options defaults(void)
{
	nv_input_options options;
	memset(&options, 0, sizeof options);
	nv_option_defaults(nv_input_rows, nv_n_input_rows, &options);
	return options;
}

/* What a source gives, as "PATH:LINE:COLUMN bytes" lines; a bad block as its message. */
static void list_blocks(nv_source *source, nv_buf *out)
{
	nv_block block;
	nv_block_init(&block);
	int code;
	while ((code = nv_source_next(source, &block, NULL)) == 1) {
		const char *name = strrchr(block.path, '/');
		nv_buf_addf(out, "%s:%llu:%llu ", name ? name + 1 : block.path, (unsigned long long)block.line,
		            (unsigned long long)block.column);
		if (block.bad)
			nv_buf_addf(out, "BAD %llu %s", (unsigned long long)block.err.line, block.err.message);
		else
			nv_buf_add(out, block.bytes.ptr, block.bytes.len);
		nv_buf_add_char(out, ';');
	}
	ck_assert_int_eq(code, 0);
	nv_block_release(&block);
}

static void check_blocks(const char *path, const nv_input_options *options, const char *want)
{
	nv_source *source;
	nv_error err = {0};
	nv_buf out = NV_BUF_INIT;
	ck_assert_msg(nv_source_open(&source, &path, 1, options, &err) == 0, "%s", err.message);
	list_blocks(source, &out);
	nv_source_close(source);
	ck_assert_str_eq(nv_buf_cstr(&out), want);
	nv_buf_release(&out);
}

START_TEST(lines_are_whole)
{
	nv_input_options options = defaults();
	scratch s;
	scratch_open(&s);
	check_blocks(scratch_write(&s, "a.jsonl", "\xEF\xBB\xBF{1}\r\n\n{2}"), &options, "a.jsonl:1:4 {1}\r\n\n{2};");
	check_blocks(scratch_write(&s, "b.ndjson", ""), &options, "");
	scratch_close(&s);
}
END_TEST

START_TEST(json_by_what_it_begins_with)
{
	nv_input_options options = defaults();
	scratch s;
	scratch_open(&s);
	check_blocks(scratch_write(&s, "a.json", "\n [ {\"a\":\"],\"},\n[2] ]\n"), &options,
	             "a.json:2:3  {\"a\":\"],\"},\n[2] ;");
	check_blocks(scratch_write(&s, "b.json", "{\"a\":1}\n{\"a\":2}\n"), &options, "b.json:1:1 {\"a\":1}\n{\"a\":2}\n;");
	check_blocks(scratch_write(&s, "c.json", "{\n\"a\":1}\n"), &options, "c.json:1:1 {\n\"a\":1}\n;");
	check_blocks(scratch_write(&s, "d.json", "[]"), &options, "d.json:1:2 ;");
	scratch_close(&s);
}
END_TEST

START_TEST(folder_in_order_of_names)
{
	nv_input_options options = defaults();
	scratch s;
	scratch_open(&s);
	ck_assert_int_eq(mkdir(scratch_path(&s, "b"), 0700), 0);
	ck_assert_int_eq(mkdir(scratch_path(&s, ".hidden"), 0700), 0);
	scratch_write(&s, "b/x.txt", "X");
	scratch_write(&s, ".hidden/h.txt", "H");
	scratch_write(&s, "c.TXT", "C");
	scratch_write(&s, "a.jsonl", "{}");
	scratch_write(&s, "z.pdf", "Z");
	scratch_write(&s, ".txt", "dot");
	ck_assert_int_eq(symlink(s.dir, scratch_path(&s, "loop")), 0);
	ck_assert_int_eq(symlink("c.TXT", scratch_path(&s, "link.txt")), 0);
	check_blocks(s.dir, &options, "a.jsonl:1:1 {};x.txt:1:1 X;c.TXT:1:1 C;link.txt:1:1 C;");
	options.format = NV_FORMAT_TXT;
	check_blocks(s.dir, &options, "a.jsonl:1:1 {};x.txt:1:1 X;c.TXT:1:1 C;link.txt:1:1 C;z.pdf:1:1 Z;");
	scratch_close(&s);
}
END_TEST

/* n records of about `len` bytes; returns the file's path. */
static const char *write_many(scratch *s, const char *name, int n, int len, const char *first, const char *between)
{
	const char *path = scratch_path(s, name);
	FILE *file = fopen(path, "wb");
	ck_assert_ptr_nonnull(file);
	fputs(first, file);
	for (int i = 0; i < n; i++)
		fprintf(file, "%s{\"id\":%d,\"text\":\"%0*d,]}\\\"\"}", i ? between : "", i, len, i);
	fputs(*first ? "]" : "\n", file);
	ck_assert_int_eq(fclose(file), 0);
	return path;
}

static void check_many(const char *path, int n, const char *between)
{
	nv_input_options options = defaults();
	nv_source *source;
	nv_block block;
	int seen = 0;
	uint64_t line = 1;
	ck_assert_int_eq(nv_source_open(&source, &path, 1, &options, NULL), 0);
	nv_block_init(&block);
	while (nv_source_next(source, &block, NULL) == 1) {
		ck_assert(!block.bad);
		ck_assert_uint_eq(block.line, line);
		ck_assert_uint_le(block.bytes.len, 3 * NV_CUT_TARGET);
		const char *at = nv_buf_cstr(&block.bytes);
		for (; (at = strstr(at, "{\"id\":")); at++)
			ck_assert_int_eq(atoi(at + 6), seen++);
		line = 1 + (*between == '\n' || between[1] == '\n' ? (uint64_t)seen : 0);
	}
	ck_assert_int_eq(seen, n);
	nv_block_release(&block);
	nv_source_close(source);
}

START_TEST(long_inputs_are_cut_between_records)
{
	scratch s;
	scratch_open(&s);
	check_many(write_many(&s, "a.jsonl", 3000, 700, "", "\n"), 3000, "\n");
	check_many(write_many(&s, "b.jsonl", 5, 300000, "", "\n"), 5, "\n");
	check_many(write_many(&s, "c.json", 3000, 700, "[", ","), 3000, ",");
	check_many(write_many(&s, "d.json", 5, 300000, "[", ","), 5, ",");
	scratch_close(&s);
}
END_TEST

START_TEST(too_long_is_skipped_without_being_kept)
{
	nv_input_options options = defaults();
	scratch s;
	scratch_open(&s);
	options.max_record = 100;
	const char *path = write_many(&s, "a.jsonl", 3, 1000000, "", "\n");
	const char *message = "record of more than 100 bytes (--max-record)";
	char want[400];
	snprintf(want, sizeof want, "a.jsonl:1:1 BAD 1 %s;a.jsonl:1:1 BAD 2 %s;a.jsonl:1:1 BAD 3 %s;", message, message, message);
	nv_source *source;
	nv_block block;
	nv_block_init(&block);
	ck_assert_int_eq(nv_source_open(&source, &path, 1, &options, NULL), 0);
	for (uint64_t line = 1; line <= 3; line++) {
		ck_assert_int_eq(nv_source_next(source, &block, NULL), 1);
		ck_assert(block.bad && block.err.line == line);
		ck_assert_str_eq(block.err.message, message);
		ck_assert_uint_le(block.bytes.cap, 4 * NV_CUT_TARGET);
	}
	ck_assert_int_eq(nv_source_next(source, &block, NULL), 0);
	nv_block_release(&block);
	nv_source_close(source);
	scratch_close(&s);
}
END_TEST

START_TEST(tables_are_cut_between_records)
{
	nv_input_options options = defaults();
	nv_source *source;
	nv_block block;
	scratch s;
	uint64_t line = 3, n_block = 0;
	int seen = 0;
	scratch_open(&s);
	const char *path = scratch_path(&s, "a.csv");
	FILE *file = fopen(path, "wb");
	fputs("\nid;text\r\n", file);
	for (int i = 0; i < 30000; i++)
		fprintf(file, "%d;\"line; one\nline \"\"two\"\" of %d\"\r\n", i, i);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(nv_source_open(&source, &path, 1, &options, NULL), 0);
	nv_block_init(&block);
	for (; nv_source_next(source, &block, NULL) == 1; n_block++) {
		ck_assert(!block.bad && block.header_first == (n_block == 0) && block.delimiter == ';' && block.header_line == 2);
		ck_assert_str_eq(nv_buf_cstr(&block.header), "id;text\r");
		ck_assert_uint_eq(block.line, line);
		const char *at = nv_buf_cstr(&block.bytes);
		ck_assert_int_eq(atoi(at), seen);
		for (; (at = strstr(at, " of ")); at++)
			ck_assert_int_eq(atoi(at + 4), seen++);
		line = 3 + 2 * (uint64_t)seen;
	}
	ck_assert_int_eq(seen, 30000);
	ck_assert_uint_gt(n_block, 2);
	nv_block_release(&block);
	nv_source_close(source);
	scratch_close(&s);
}
END_TEST

START_TEST(other_encodings_are_converted)
{
	nv_input_options options = defaults();
	scratch s;
	scratch_open(&s);
	snprintf(options.encoding, sizeof options.encoding, "windows-1252");
	check_blocks(scratch_write(&s, "a.jsonl", "{caf\xE9}\n{\x80}"), &options, "a.jsonl:1:1 {caf\xC3\xA9}\n{\xE2\x82\xAC};");
	snprintf(options.encoding, sizeof options.encoding, "klingon");
	nv_source *source = NULL;
	nv_error err = {0};
	ck_assert_int_eq(nv_source_open(&source, NULL, 0, &options, &err), NV_E_USAGE);
	ck_assert_str_eq(err.message, "--encoding: unknown encoding \"klingon\"");
	scratch_close(&s);
}
END_TEST

static void check_refused(const char *path, const char *message)
{
	nv_input_options options = defaults();
	nv_source *source = NULL;
	nv_error err = {0};
	ck_assert_int_eq(nv_source_open(&source, &path, 1, &options, &err), NV_E_INPUT);
	ck_assert_ptr_null(source);
	ck_assert_msg(strstr(err.message, message) != NULL, "%s", err.message);
	ck_assert_str_eq(err.path, path);
}

START_TEST(wrong_paths_are_told_at_once)
{
	scratch s;
	scratch_open(&s);
	check_refused(scratch_path(&s, "none.jsonl"), "can't open: No such file");
	check_refused(scratch_write(&s, "a.pdf", "x"), "give --format");
	check_refused(s.dir, "no article in this folder");
	check_refused("", "can't open");
	if (geteuid() != 0) {
		const char *locked = scratch_write(&s, "locked.jsonl", "{}");
		ck_assert_int_eq(chmod(locked, 0), 0);
		check_refused(locked, "can't open: Permission denied");
	}
	scratch_close(&s);
}
END_TEST

START_TEST(file_that_went_away_is_a_bad_block)
{
	nv_input_options options = defaults();
	nv_source *source;
	nv_buf out = NV_BUF_INIT;
	scratch s;
	scratch_open(&s);
	const char *paths[] = {scratch_write(&s, "a.jsonl", "{}"), scratch_write(&s, "b.jsonl", "{}")};
	ck_assert_int_eq(nv_source_open(&source, paths, 2, &options, NULL), 0);
	unlink(paths[0]);
	list_blocks(source, &out);
	nv_source_close(source);
	ck_assert_ptr_nonnull(strstr(nv_buf_cstr(&out), "BAD 0 can't open: No such file"));
	ck_assert_ptr_nonnull(strstr(nv_buf_cstr(&out), ";b.jsonl:1:1 {};"));
	nv_buf_release(&out);
	scratch_close(&s);
}
END_TEST

/* How many blocks a source gives that are items of feeds, and what is wrong. */
static void check_feeds(const char *path, const nv_input_options *options, const char *want)
{
	nv_source *source;
	nv_block block;
	nv_error err = {0};
	nv_buf out = NV_BUF_INIT;
	nv_block_init(&block);
	ck_assert_msg(nv_source_open(&source, &path, 1, options, &err) == 0, "%s", err.message);
	while (nv_source_next(source, &block, NULL) == 1) {
		const char *name = strrchr(block.path, '/');
		nv_buf_addf(&out, "%s:", name ? name + 1 : block.path);
		if (block.bad)
			nv_buf_addf(&out, "%llu %s;", (unsigned long long)block.err.line, block.err.message);
		else
			nv_buf_addf(&out, "%s;", block.format == NV_FORMAT_FEED ? "feed" : "other");
	}
	ck_assert_str_eq(nv_buf_cstr(&out), want);
	nv_source_close(source);
	nv_block_release(&block);
	nv_buf_release(&out);
}

START_TEST(feeds_by_name_and_content)
{
	static const char rss[] = "<?xml version='1.0'?>\n<rss><item><title>A</title></item></rss>";
	nv_input_options options = defaults();
	scratch s;
	scratch_open(&s);
	check_feeds(scratch_write(&s, "a.xml", rss), &options, "a.xml:feed;");
	check_feeds(scratch_write(&s, "index.html", rss), &options, "index.html:feed;");
	check_feeds(scratch_write(&s, "noname", rss), &options, "noname:feed;");
	check_feeds(scratch_write(&s, "empty.rss", ""), &options, "");
	scratch_write(&s, "page.html", "<p>x");
	scratch_write(&s, "sitemap.xml", "<urlset/>");
	scratch_write(&s, "torn.xml", "<rss>\n<item>");
	check_feeds(s.dir, &options,
	            "a.xml:feed;index.html:feed;page.html:other;torn.xml:2 not well-formed XML: it ends before its root does;");
	check_feeds(scratch_path(&s, "sitemap.xml"), &options,
	            "sitemap.xml:1 XML, but no feed: expected <rss>, <feed> or <RDF>, and found <urlset>;");
	options.format = NV_FORMAT_HTML;
	check_feeds(scratch_path(&s, "index.html"), &options, "index.html:other;");
	options.format = NV_FORMAT_FEED;
	check_feeds(scratch_path(&s, "page.html"), &options,
	            "page.html:1 XML, but no feed: expected <rss>, <feed> or <RDF>, and found <p>;");
	scratch_close(&s);
}
END_TEST

static Suite *source_suite(void)
{
	Suite *suite = suite_create("source");
	NV_CASE(suite, "Core", lines_are_whole, json_by_what_it_begins_with, folder_in_order_of_names, feeds_by_name_and_content,
	        other_encodings_are_converted);
	NV_CASE(suite, "Limits", long_inputs_are_cut_between_records, tables_are_cut_between_records, too_long_is_skipped_without_being_kept);
	NV_CASE(suite, "Errors", wrong_paths_are_told_at_once, file_that_went_away_is_a_bad_block);
	return suite;
}

NV_CHECK_MAIN(source_suite)
