/* SPDX-License-Identifier: Apache-2.0
 *
 * replay.c: the main of a fuzz target without libFuzzer: replay_TARGET FILE_OR_FOLDER… runs each file, and each file of a folder, once.
 */
#include "fuzz.h"

#include "base/file.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

static size_t n_run;

static void run_file(const char *path)
{
	nv_buf buf = NV_BUF_INIT;
	nv_error err = {0};
	if (nv_file_read(path, (size_t)1 << 30, &buf, &err) != NV_OK) {
		fprintf(stderr, "%s: %s\n", path, err.message);
		exit(EXIT_FAILURE);
	}
	/* A copy of the very size, so that AddressSanitizer sees a byte read behind it. */
	size_t len = buf.len;
	uint8_t *copy = malloc(len ? len : 1);
	FUZZ_MUST(copy);
	if (len)
		memcpy(copy, buf.ptr, len);
	nv_buf_release(&buf);
	fprintf(stderr, "%s\n", path); /* the last one named is the one that failed */
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
	n_run++;
}

static int is_named(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void run_folder(const char *folder)
{
	struct dirent **entry;
	int n = scandir(folder, &entry, is_named, alphasort);
	FUZZ_MUST(n >= 0);
	for (int i = 0; i < n; i++) {
		char path[4096];
		snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name);
		run_file(path);
		free(entry[i]);
	}
	free(entry);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct stat info;
		if (stat(argv[i], &info) == 0 && S_ISDIR(info.st_mode))
			run_folder(argv[i]);
		else
			run_file(argv[i]);
	}
	printf("%zu inputs replayed\n", n_run);
	return n_run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
