/* SPDX-License-Identifier: Apache-2.0
 *
 * scratch.h: a folder of its own for each test that needs files. scratch_open at the start, scratch_path for names in it,
 * scratch_close at the end, which removes it with all that is in it.
 */
#ifndef NV_TESTS_SCRATCH_H
#define NV_TESTS_SCRATCH_H

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct scratch {
	char dir[256];
	char path[4][512]; /* the last four names given */
	unsigned given;
} scratch;

static inline void scratch_open(scratch *s)
{
	const char *tmp = getenv("TMPDIR");
	memset(s, 0, sizeof *s);
	snprintf(s->dir, sizeof s->dir, "%.200s/newsvane-test.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(s->dir));
}

static inline const char *scratch_path(scratch *s, const char *name)
{
	char whole[sizeof s->path[0]];
	snprintf(whole, sizeof whole, "%.255s/%.200s", s->dir, name);
	return memcpy(s->path[s->given++ % 4], whole, sizeof whole);
}

static inline const char *scratch_write(scratch *s, const char *name, const char *text)
{
	const char *path = scratch_path(s, name);
	FILE *file = fopen(path, "wb");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, strlen(text), file), strlen(text));
	ck_assert_int_eq(fclose(file), 0);
	return path;
}

/* Entries in the folder. */
static inline size_t scratch_count(const scratch *s)
{
	size_t n = 0;
	DIR *dir = opendir(s->dir);
	ck_assert_ptr_nonnull(dir);
	for (struct dirent *e = readdir(dir); e; e = readdir(dir))
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	closedir(dir);
	return n;
}

static inline void scratch_remove(const char *dir_name)
{
	DIR *dir = opendir(dir_name);
	if (!dir)
		return;
	for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		char path[1024];
		struct stat info;
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof path, "%.700s/%.255s", dir_name, e->d_name);
		if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode))
			scratch_remove(path);
		else
			unlink(path);
	}
	closedir(dir);
	rmdir(dir_name);
}

static inline void scratch_close(scratch *s)
{
	scratch_remove(s->dir);
}

#endif
