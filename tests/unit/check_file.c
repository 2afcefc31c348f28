/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include "check_main.h"
#include "faulty_alloc.h"
#include "scratch.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

static scratch dir;

static void setup(void)
{
	scratch_open(&dir);
}

static void teardown(void)
{
	scratch_close(&dir);
}

static void expect_content(const char *path, const char *want)
{
	nv_buf buf = NV_BUF_INIT;
	ck_assert_int_eq(nv_file_read(path, 1 << 20, &buf, NULL), NV_OK);
	ck_assert_str_eq(nv_buf_cstr(&buf), want);
	nv_buf_release(&buf);
}

static void write_text(const char *path, const char *text)
{
	nv_output *out = NULL;
	nv_error err = {0};
	ck_assert_int_eq(nv_output_open(&out, path, &err), NV_OK);
	ck_assert_int_eq(nv_output_write(out, text, strlen(text), &err), NV_OK);
	ck_assert_int_eq(nv_output_commit(out, &err), NV_OK);
}

START_TEST(reads_and_maps_whole_files)
{
	const char *path = scratch_write(&dir, "a", "hello\n");
	nv_buf buf = NV_BUF_INIT;
	nv_mapping map;
	nv_buf_add_str(&buf, "> ");
	ck_assert_int_eq(nv_file_read(path, 6, &buf, NULL), NV_OK);
	ck_assert_str_eq(nv_buf_cstr(&buf), "> hello\n");
	nv_buf_release(&buf);
	ck_assert_int_eq(nv_file_map(&map, path, NULL), NV_OK);
	ck_assert_uint_eq(map.len, 6);
	ck_assert_mem_eq(map.ptr, "hello\n", 6);
	nv_file_unmap(&map);
	nv_file_unmap(&map);
	nv_file_unmap(NULL);
}
END_TEST

START_TEST(output_appears_when_committed)
{
	const char *path = scratch_write(&dir, "out", "old");
	nv_output *out = NULL;
	ck_assert_int_eq(chmod(path, 0640), 0);
	ck_assert_int_eq(nv_output_open(&out, path, NULL), NV_OK);
	ck_assert(nv_output_replaces(out));
	ck_assert_int_eq(nv_output_write(out, "new", 3, NULL), NV_OK);
	expect_content(path, "old");
	ck_assert_int_eq(nv_output_commit(out, NULL), NV_OK);
	expect_content(path, "new");
	struct stat info;
	ck_assert_int_eq(stat(path, &info), 0);
	ck_assert_uint_eq(info.st_mode & 0777, 0640);
	ck_assert_uint_eq(scratch_count(&dir), 1);
}
END_TEST

START_TEST(a_new_file_follows_the_umask)
{
	mode_t old = umask(027);
	const char *path = scratch_path(&dir, "fresh");
	struct stat info;
	write_text(path, "x");
	umask(old);
	ck_assert_int_eq(stat(path, &info), 0);
	ck_assert_uint_eq(info.st_mode & 0777, 0640);
}
END_TEST

START_TEST(abort_leaves_what_was_there)
{
	const char *path = scratch_write(&dir, "out", "old");
	nv_output *out = NULL;
	ck_assert_int_eq(nv_output_open(&out, path, NULL), NV_OK);
	nv_output_write(out, "new", 3, NULL);
	nv_output_abort(out);
	nv_output_abort(NULL);
	expect_content(path, "old");
	ck_assert_uint_eq(scratch_count(&dir), 1);
}
END_TEST

START_TEST(a_link_stays_a_link)
{
	const char *target = scratch_write(&dir, "target", "old"), *link = scratch_path(&dir, "link");
	struct stat info;
	ck_assert_int_eq(symlink("target", link), 0);
	write_text(link, "new");
	expect_content(target, "new");
	ck_assert_int_eq(lstat(link, &info), 0);
	ck_assert(S_ISLNK(info.st_mode));
	const char *dangling = scratch_path(&dir, "dangling");
	ck_assert_int_eq(symlink("made", dangling), 0);
	write_text(dangling, "x");
	expect_content(scratch_path(&dir, "made"), "x");
	ck_assert_uint_eq(scratch_count(&dir), 4);
}
END_TEST

START_TEST(fifos_and_devices_are_written_to)
{
	const char *fifo = scratch_path(&dir, "fifo");
	struct stat info;
	char got[4] = {0};
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	int reader = open(fifo, O_RDONLY | O_NONBLOCK);
	write_text(fifo, "abc");
	ck_assert_int_eq(read(reader, got, 3), 3);
	close(reader);
	ck_assert_str_eq(got, "abc");
	ck_assert(stat(fifo, &info) == 0 && S_ISFIFO(info.st_mode));
	write_text("/dev/null", "abc");
	ck_assert(stat("/dev/null", &info) == 0 && S_ISCHR(info.st_mode));
}
END_TEST

START_TEST(two_writers_of_one_path_do_not_meet)
{
	const char *path = scratch_path(&dir, "out");
	nv_output *a = NULL, *b = NULL;
	ck_assert_int_eq(nv_output_open(&a, path, NULL), NV_OK);
	ck_assert_int_eq(nv_output_open(&b, path, NULL), NV_OK);
	nv_output_write(a, "a", 1, NULL);
	nv_output_write(b, "b", 1, NULL);
	ck_assert_int_eq(nv_output_commit(b, NULL), NV_OK);
	ck_assert_int_eq(nv_output_commit(a, NULL), NV_OK);
	expect_content(path, "a");
	ck_assert_uint_eq(scratch_count(&dir), 1);
}
END_TEST

START_TEST(leavings_of_dead_writers_are_removed)
{
	pid_t dead = fork();
	if (dead == 0)
		_exit(0);
	waitpid(dead, NULL, 0);
	char name[64];
	snprintf(name, sizeof name, "out.newsvane-tmp.%ld", (long)dead);
	scratch_write(&dir, name, "half");
	snprintf(name, sizeof name, "out.newsvane-tmp.%ld", (long)getpid()); /* a container gives the same number again */
	scratch_write(&dir, name, "half");
	scratch_write(&dir, "out.newsvane-tmp.1", "of a living process");
	scratch_write(&dir, "out.newsvane-tmp.x", "not ours");
	write_text(scratch_path(&dir, "out"), "whole");
	ck_assert_uint_eq(scratch_count(&dir), 3);
}
END_TEST

START_TEST(large_and_empty)
{
	const char *path = scratch_path(&dir, "large");
	nv_output *out = NULL;
	nv_buf buf = NV_BUF_INIT;
	nv_mapping map;
	char piece[1000];
	memset(piece, 'p', sizeof piece);
	ck_assert_int_eq(nv_output_open(&out, path, NULL), NV_OK);
	nv_sink sink = nv_output_sink(out);
	for (int i = 0; i < 200; i++)
		ck_assert_int_eq(sink.write(sink.user, piece, sizeof piece), 0);
	ck_assert_int_eq(nv_output_commit(out, NULL), NV_OK);
	ck_assert_int_eq(nv_file_read(path, 200000, &buf, NULL), NV_OK);
	ck_assert_uint_eq(buf.len, 200000);
	nv_buf_release(&buf);
	write_text(path, "");
	ck_assert_int_eq(nv_file_map(&map, path, NULL), NV_OK);
	ck_assert(map.ptr == NULL && map.len == 0);
}
END_TEST

START_TEST(too_large_is_an_error)
{
	nv_buf buf = NV_BUF_INIT;
	nv_error err = {0};
	ck_assert_int_eq(nv_file_read(scratch_write(&dir, "a", "1234567"), 6, &buf, &err), NV_E_INPUT);
	ck_assert_ptr_nonnull(strstr(err.message, "6 bytes"));
	nv_buf_release(&buf);
}
END_TEST

START_TEST(what_can_not_be_opened)
{
	nv_buf buf = NV_BUF_INIT;
	nv_output *out = NULL;
	nv_mapping map;
	nv_error err = {0};
	ck_assert_int_eq(nv_file_read(scratch_path(&dir, "gone"), 9, &buf, &err), NV_E_INPUT);
	ck_assert_ptr_nonnull(strstr(err.message, "No such file"));
	ck_assert_int_eq(nv_file_read(dir.dir, 9, &buf, NULL), NV_E_INPUT);
	ck_assert_int_eq(nv_file_map(&map, dir.dir, NULL), NV_E_INPUT);
	ck_assert_int_eq(nv_output_open(&out, scratch_path(&dir, "no/such/folder"), NULL), NV_E_IO);
	ck_assert_int_eq(nv_output_open(&out, dir.dir, NULL), NV_E_IO);
	ck_assert_int_eq(nv_output_open(&out, "", NULL), NV_E_IO);
	ck_assert_ptr_null(out);
	nv_buf_release(&buf);
}
END_TEST

START_TEST(a_full_disk_is_told_at_commit)
{
	nv_output *out = NULL;
	nv_error err = {0};
	if (access("/dev/full", W_OK) != 0)
		return;
	ck_assert_int_eq(nv_output_open(&out, "/dev/full", NULL), NV_OK);
	ck_assert_int_eq(nv_output_write(out, "x", 1, NULL), NV_OK);
	ck_assert_int_eq(nv_output_commit(out, &err), NV_E_IO);
	ck_assert_ptr_nonnull(strstr(err.message, "No space"));
}
END_TEST

START_TEST(a_closed_pipe_is_known)
{
	const char *fifo = scratch_path(&dir, "fifo");
	char piece[70000] = {0};
	nv_output *out = NULL;
	nv_error err = {0};
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	int reader = open(fifo, O_RDONLY | O_NONBLOCK);
	ck_assert_int_eq(nv_output_open(&out, fifo, NULL), NV_OK);
	close(reader);
	ck_assert_int_eq(nv_output_write(out, piece, sizeof piece, NULL), NV_E_IO);
	ck_assert(nv_output_pipe_closed(out));
	ck_assert_int_eq(nv_output_commit(out, &err), NV_E_IO);
	ck_assert_str_eq(err.message, "closed pipe");
}
END_TEST

START_TEST(out_of_memory_leaves_no_file)
{
	const char *path = scratch_path(&dir, "out");
	int code = NV_E_MEMORY;
	for (long n = 0; code == NV_E_MEMORY; n++) {
		nv_output *out = NULL;
		faulty_on(n);
		code = nv_output_open(&out, path, NULL);
		nv_output_abort(out);
		ck_assert_int_eq(faulty_off(), 0);
		ck_assert_uint_eq(scratch_count(&dir), 0);
	}
	ck_assert_int_eq(code, NV_OK);
}
END_TEST

static void add_case(Suite *s, const char *title, const TTest *const *tests, size_t n)
{
	TCase *c = tcase_create(title);
	tcase_add_checked_fixture(c, setup, teardown);
	for (size_t i = 0; i < n; i++)
		tcase_add_test(c, tests[i]);
	suite_add_tcase(s, c);
}

static Suite *suite(void)
{
	Suite *s = suite_create("file");
	const TTest *core[] = {reads_and_maps_whole_files,   output_appears_when_committed,
	                       a_new_file_follows_the_umask, abort_leaves_what_was_there,
	                       a_link_stays_a_link,          fifos_and_devices_are_written_to};
	const TTest *limits[] = {two_writers_of_one_path_do_not_meet, leavings_of_dead_writers_are_removed,
	                         large_and_empty};
	const TTest *errors[] = {too_large_is_an_error, what_can_not_be_opened, a_full_disk_is_told_at_commit,
	                         a_closed_pipe_is_known, out_of_memory_leaves_no_file};
	add_case(s, "Core", core, sizeof core / sizeof *core);
	add_case(s, "Limits", limits, sizeof limits / sizeof *limits);
	add_case(s, "Errors", errors, sizeof errors / sizeof *errors);
	return s;
}

NV_CHECK_MAIN(suite)
