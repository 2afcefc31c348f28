/* SPDX-License-Identifier: Apache-2.0
 *
 * The reading half of file.h.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE ((size_t)64 << 10)

static int open_input(const char *path, nv_error *err)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 ? fd : nv_fail_errno(err, NV_E_INPUT, path, errno, "can't open");
}

/* One byte more than the file's size, so that its end is seen without growing; READ_SIZE where the size is not known. */
static size_t first_size(int fd, size_t max_bytes)
{
	struct stat info;
	if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size <= 0)
		return READ_SIZE;
	size_t size = (size_t)info.st_size;
	return (size < max_bytes ? size : max_bytes) + 1;
}

static int read_all(int fd, const char *path, size_t max_bytes, nv_buf *out, nv_error *err)
{
	size_t start = out->len;
	if (max_bytes > SIZE_MAX / 2)
		max_bytes = SIZE_MAX / 2;
	if (!nv_buf_reserve(out, first_size(fd, max_bytes)))
		return nv_fail_memory(err);
	for (;;) {
		if (out->cap == out->len && !nv_buf_reserve(out, READ_SIZE))
			return nv_fail_memory(err);
		ssize_t got = read(fd, out->ptr + out->len, out->cap - out->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return nv_fail_errno(err, NV_E_INPUT, path, errno, "can't read");
		if (got == 0)
			return NV_OK;
		out->len += (size_t)got;
		if (out->len - start > max_bytes)
			return nv_fail_at(err, NV_E_INPUT, path, 0, 0, "larger than the limit of %zu bytes", max_bytes);
	}
}

int nv_file_read(const char *path, size_t max_bytes, nv_buf *out, nv_error *err)
{
	int fd = open_input(path, err);
	if (fd < 0)
		return fd;
	int code = read_all(fd, path, max_bytes, out, err);
	if (fd != STDIN_FILENO)
		close(fd);
	return code;
}

static int map_open(nv_mapping *map, int fd, const char *path, nv_error *err)
{
	struct stat info;
	if (fstat(fd, &info) != 0)
		return nv_fail_errno(err, NV_E_INPUT, path, errno, "can't read");
	if (!S_ISREG(info.st_mode))
		return nv_fail_at(err, NV_E_INPUT, path, 0, 0, "not a regular file");
	if (info.st_size == 0)
		return NV_OK;
	void *ptr = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (ptr == MAP_FAILED)
		return nv_fail_errno(err, errno == ENOMEM ? NV_E_MEMORY : NV_E_INPUT, path, errno, "can't map");
	map->ptr = ptr;
	map->len = (size_t)info.st_size;
	return NV_OK;
}

int nv_file_map(nv_mapping *map, const char *path, nv_error *err)
{
	*map = (nv_mapping){NULL, 0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not block before it is refused */
	if (fd < 0)
		return nv_fail_errno(err, NV_E_INPUT, path, errno, "can't open");
	int code = map_open(map, fd, path, err);
	close(fd);
	return code;
}

void nv_file_unmap(nv_mapping *map)
{
	if (!map || !map->ptr)
		return;
	munmap((void *)(uintptr_t)map->ptr, map->len);
	*map = (nv_mapping){NULL, 0};
}
