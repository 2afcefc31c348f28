/* SPDX-License-Identifier: Apache-2.0
 *
 * The writing half of file.h. A regular file is written as PATH.newsvane-tmp.PID beside it and renamed; the temporary file is
 * locked (flock) while its writer lives, so that one left by a killed run can be told from one in use, whatever its PID says.
 */
#include "base/alloc.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE ((size_t)64 << 10)
#define TEMP_MARK ".newsvane-tmp."
#define TEMP_TRIES 100

struct nv_output {
	int fd;
	bool borrowed; /* fd is standard output, which stays open */
	bool pipe_closed;
	nv_buf target;    /* the name to rename to, links resolved; empty when written through */
	nv_buf temp;      /* the temporary file's name; empty when written through */
	nv_buf path;      /* as given, for messages */
	nv_buf pending;   /* bytes not written yet */
	nv_error failure; /* the first one: a sink's caller sees it at commit */
};

static void free_output(nv_output *out)
{
	if (!out)
		return;
	if (out->fd >= 0 && !out->borrowed)
		close(out->fd);
	nv_buf_release(&out->pending);
	nv_buf_release(&out->path);
	nv_buf_release(&out->temp);
	nv_buf_release(&out->target);
	nv_free(out);
}

/* ---- Temporary files ---- */

/* Folder of the target, into dir; the name inside it is returned. */
static const char *split_target(nv_output *out, nv_buf *dir)
{
	const char *target = nv_buf_cstr(&out->target), *slash = strrchr(target, '/');
	if (!slash)
		nv_buf_add_char(dir, '.');
	else
		nv_buf_add(dir, target, slash == target ? 1 : (size_t)(slash - target));
	return slash ? slash + 1 : target;
}

/* The PID in a temporary name of `base`, or 0 when it is not one. */
static pid_t temp_owner(const char *name, const char *base)
{
	size_t len = strlen(base), mark = strlen(TEMP_MARK);
	if (strncmp(name, base, len) != 0 || strncmp(name + len, TEMP_MARK, mark) != 0)
		return 0;
	char *end;
	errno = 0;
	long pid = strtol(name + len + mark, &end, 10);
	return errno == 0 && pid > 0 && (*end == '\0' || *end == '.') && pid == (pid_t)pid ? (pid_t)pid : 0;
}

static void remove_if_stale(int dir_fd, const char *name, pid_t owner)
{
	if (owner != getpid() && (kill(owner, 0) == 0 || errno != ESRCH))
		return;
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(dir_fd, name, 0);
	close(fd);
}

static void remove_stale_temps(nv_output *out)
{
	nv_buf dir_name = NV_BUF_INIT;
	const char *base = split_target(out, &dir_name);
	DIR *dir = opendir(nv_buf_cstr(&dir_name));
	nv_buf_release(&dir_name);
	if (!dir)
		return;
	for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		pid_t owner = temp_owner(entry->d_name, base);
		if (owner > 0)
			remove_if_stale(dirfd(dir), entry->d_name, owner);
	}
	closedir(dir);
}

static int create_temp(nv_output *out, mode_t mode)
{
	for (int i = 0; i < TEMP_TRIES; i++) {
		nv_buf_clear(&out->temp);
		nv_buf_addf(&out->temp, "%s" TEMP_MARK "%ld", nv_buf_cstr(&out->target), (long)getpid());
		if (i > 0)
			nv_buf_addf(&out->temp, ".%d", i);
		const char *name = nv_buf_cstr(&out->temp);
		if (out->temp.failed)
			return -1;
		int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

/* old: the file that will be replaced, whose mode the new one gets, or NULL. */
static int open_temp(nv_output *out, const char *target, const struct stat *old, nv_error *err)
{
	nv_buf_add_str(&out->target, target);
	if (nv_buf_cstr(&out->target)[0] == '\0')
		return nv_fail_memory(err);
	remove_stale_temps(out);
	out->fd = create_temp(out, old ? old->st_mode & 0777 : 0666);
	int reason = errno;
	if (out->temp.failed)
		return nv_fail_memory(err);
	if (out->fd < 0) {
		nv_buf_clear(&out->temp);
		return nv_fail_errno(err, NV_E_IO, nv_buf_cstr(&out->path), reason, "can't write");
	}
	/* Both are for good measure: a file system without locks or modes can still be written to. */
	(void)!flock(out->fd, LOCK_EX | LOCK_NB);
	if (old)
		(void)!fchmod(out->fd, old->st_mode & 0777);
	return NV_OK;
}

/* ---- Opening ---- */

static int open_through(nv_output *out, const char *path, int flags, nv_error *err)
{
	out->fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0666);
	return out->fd >= 0 ? NV_OK : nv_fail_errno(err, NV_E_IO, path, errno, "can't write");
}

/* A link stays a link: the file that it leads to is replaced, or written to where it is no regular file. A link to nothing
 * makes the file. */
static int open_link(nv_output *out, const char *path, nv_error *err)
{
	struct stat info;
	if (stat(path, &info) != 0)
		return open_through(out, path, O_CREAT, err);
	char *target = S_ISREG(info.st_mode) ? realpath(path, NULL) : NULL;
	if (!target)
		return open_through(out, path, 0, err);
	int code = open_temp(out, target, &info, err);
	free(target);
	return code;
}

static int open_path(nv_output *out, const char *path, nv_error *err)
{
	struct stat info;
	nv_buf_add_str(&out->path, path);
	if (out->path.failed)
		return nv_fail_memory(err);
	if (path[0] == '\0')
		return nv_fail(err, NV_E_IO, "the output's name is empty");
	if (strncmp(path, "/dev/", 5) == 0) /* /dev/stdout may be a file that others append to */
		return open_through(out, path, O_APPEND, err);
	if (lstat(path, &info) != 0)
		return errno == ENOENT ? open_temp(out, path, NULL, err)
		                       : nv_fail_errno(err, NV_E_IO, path, errno, "can't write");
	if (S_ISLNK(info.st_mode))
		return open_link(out, path, err);
	if (!S_ISREG(info.st_mode))
		return open_through(out, path, 0, err);
	if (access(path, W_OK) != 0)
		return nv_fail_errno(err, NV_E_IO, path, errno, "can't write");
	return open_temp(out, path, &info, err);
}

int nv_output_open(nv_output **result, const char *path, nv_error *err)
{
	*result = NULL;
	nv_output *out = nv_alloc_zero(1, sizeof *out);
	if (!out)
		return nv_fail_memory(err);
	int code = NV_OK;
	out->fd = -1;
	if (!path || strcmp(path, "-") == 0) {
		out->fd = STDOUT_FILENO;
		out->borrowed = true;
	} else {
		code = open_path(out, path, err);
	}
	if (code == NV_OK && !nv_buf_reserve(&out->pending, BUFFER_SIZE))
		code = nv_fail_memory(err);
	if (code == NV_OK)
		*result = out;
	else
		nv_output_abort(out);
	return code;
}

/* ---- Writing ---- */

/* Keeps the first failure, and gives it to the caller. */
static int fail_output(nv_output *out, nv_error *err, int reason, const char *what)
{
	const char *path = out->path.len > 0 ? nv_buf_cstr(&out->path) : "<stdout>";
	if (reason == EPIPE) {
		out->pipe_closed = true;
		nv_fail_at(&out->failure, NV_E_IO, path, 0, 0, "closed pipe");
	} else {
		nv_fail_errno(&out->failure, NV_E_IO, path, reason, what);
	}
	if (err && err->code == NV_OK)
		*err = out->failure;
	return out->failure.code;
}

static int write_all(nv_output *out, const char *bytes, size_t len, nv_error *err)
{
	while (len > 0) {
		ssize_t done = write(out->fd, bytes, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return fail_output(out, err, errno, "can't write");
		bytes += done;
		len -= (size_t)done;
	}
	return NV_OK;
}

int nv_output_flush(nv_output *out, nv_error *err)
{
	if (out->failure.code != NV_OK)
		return fail_output(out, err, 0, "can't write");
	int code = write_all(out, out->pending.ptr, out->pending.len, err);
	nv_buf_clear(&out->pending);
	return code;
}

int nv_output_write(nv_output *out, const char *bytes, size_t len, nv_error *err)
{
	if (out->failure.code != NV_OK)
		return fail_output(out, err, 0, "can't write");
	if (len > BUFFER_SIZE - out->pending.len) {
		int code = nv_output_flush(out, err);
		if (code != NV_OK)
			return code;
	}
	if (len >= BUFFER_SIZE)
		return write_all(out, bytes, len, err);
	nv_buf_add(&out->pending, bytes, len);
	return NV_OK;
}

static int sink_write(void *user, const char *bytes, size_t len)
{
	return nv_output_write(user, bytes, len, NULL);
}

nv_sink nv_output_sink(nv_output *out)
{
	return (nv_sink){sink_write, out};
}

bool nv_output_replaces(const nv_output *out)
{
	return out->temp.len > 0;
}

bool nv_output_pipe_closed(const nv_output *out)
{
	return out->pipe_closed;
}

/* ---- The end ---- */

/* Makes the rename itself last; not every file system can, and the file's bytes are safe by then. */
static void sync_folder(nv_output *out)
{
	nv_buf dir = NV_BUF_INIT;
	split_target(out, &dir);
	int fd = open(nv_buf_cstr(&dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		(void)!fsync(fd);
		close(fd);
	}
	nv_buf_release(&dir);
}

static int close_output(nv_output *out, nv_error *err)
{
	if (out->borrowed)
		return NV_OK;
	int fd = out->fd;
	out->fd = -1;
	return close(fd) == 0 || errno == EINTR ? NV_OK : fail_output(out, err, errno, "can't write");
}

static int put_in_place(nv_output *out, nv_error *err)
{
	if (fsync(out->fd) != 0)
		return fail_output(out, err, errno, "can't write to the disk");
	if (rename(nv_buf_cstr(&out->temp), nv_buf_cstr(&out->target)) != 0)
		return fail_output(out, err, errno, "can't rename the finished file");
	nv_buf_clear(&out->temp);
	sync_folder(out);
	return NV_OK;
}

int nv_output_commit(nv_output *out, nv_error *err)
{
	int code = nv_output_flush(out, err);
	if (code == NV_OK && out->temp.len > 0)
		code = put_in_place(out, err);
	if (code == NV_OK)
		code = close_output(out, err);
	nv_output_abort(out);
	return code;
}

void nv_output_abort(nv_output *out)
{
	if (out && out->temp.len > 0)
		unlink(nv_buf_cstr(&out->temp));
	free_output(out);
}
