/* SPDX-License-Identifier: Apache-2.0 */
#include "data/walk.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef enum entry_kind { IS_OTHER, IS_FILE, IS_FOLDER } entry_kind;

/* A folder's names; read whole and closed before the first is looked at. */
typedef struct level {
	struct level *above;
	nv_arena arena;
	const char **name; /* [n], sorted */
	size_t n, cap, at;
	size_t path_len;   /* of the folder in walk->path */
} level;

struct nv_walk {
	level *top;
	nv_buf path;
};

static void free_level(level *l)
{
	nv_arena_release(&l->arena);
	nv_free(l->name);
	nv_free(l);
}

static int compare_names(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

static int add_name(level *l, const char *name, nv_error *err)
{
	const char *copy = nv_arena_dup(&l->arena, nv_str_of(name));
	if (!copy || !nv_grow(&l->name, &l->cap, l->n + 1, sizeof *l->name))
		return nv_fail_memory(err);
	l->name[l->n++] = copy;
	return NV_OK;
}

static int read_names(level *l, const char *path, nv_error *err)
{
	DIR *dir = opendir(path);
	if (!dir)
		return nv_fail_errno(err, NV_E_INPUT, path, errno, "can't open the folder");
	int code = NV_OK;
	const struct dirent *entry;
	errno = 0;
	while (code == NV_OK && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			code = add_name(l, entry->d_name, err);
		errno = 0;
	}
	if (code == NV_OK && errno)
		code = nv_fail_errno(err, NV_E_INPUT, path, errno, "can't read the folder");
	closedir(dir);
	if (l->n > 1)
		qsort(l->name, l->n, sizeof *l->name, compare_names);
	return code;
}

/* Goes into the folder whose path is in walk->path. */
static int push_level(nv_walk *walk, nv_error *err)
{
	level *l = nv_alloc_zero(1, sizeof *l);
	if (!l)
		return nv_fail_memory(err);
	nv_arena_init(&l->arena);
	l->path_len = walk->path.len;
	int code = read_names(l, nv_buf_cstr(&walk->path), err);
	if (code) {
		free_level(l);
		return code;
	}
	l->above = walk->top;
	walk->top = l;
	return NV_OK;
}

static void pop_level(nv_walk *walk)
{
	level *l = walk->top;
	walk->top = l->above;
	free_level(l);
}

int nv_walk_open(nv_walk **walk, const char *folder, nv_error *err)
{
	nv_walk *made = nv_alloc_zero(1, sizeof *made);
	if (!made)
		return nv_fail_memory(err);
	size_t len = strlen(folder);
	while (len > 1 && folder[len - 1] == '/')
		len--;
	nv_buf_add(&made->path, folder, len);
	nv_buf_cstr(&made->path);
	int code = made->path.failed ? nv_fail_memory(err) : push_level(made, err);
	if (code) {
		nv_walk_close(made);
		return code;
	}
	*walk = made;
	return NV_OK;
}

static void set_path(nv_walk *walk, const level *l, const char *name)
{
	walk->path.len = l->path_len;
	if (l->path_len == 0 || walk->path.ptr[l->path_len - 1] != '/')
		nv_buf_add_char(&walk->path, '/');
	nv_buf_add_str(&walk->path, name);
}

/* A link counts as what it leads to, unless that is a folder. */
static entry_kind kind_of(const char *path)
{
	struct stat st;
	if (lstat(path, &st) != 0)
		return IS_OTHER;
	if (S_ISDIR(st.st_mode))
		return IS_FOLDER;
	if (S_ISLNK(st.st_mode) && stat(path, &st) != 0)
		return IS_OTHER;
	return S_ISREG(st.st_mode) ? IS_FILE : IS_OTHER;
}

int nv_walk_next(nv_walk *walk, const char **path, nv_error *err)
{
	while (walk->top) {
		level *l = walk->top;
		if (l->at == l->n) {
			pop_level(walk);
			continue;
		}
		set_path(walk, l, l->name[l->at++]);
		*path = nv_buf_cstr(&walk->path);
		if (walk->path.failed)
			return nv_fail_memory(err);
		entry_kind kind = kind_of(*path);
		if (kind == IS_FILE)
			return 1;
		int code = kind == IS_FOLDER ? push_level(walk, err) : NV_OK;
		if (code)
			return code;
	}
	return 0;
}

void nv_walk_close(nv_walk *walk)
{
	if (!walk)
		return;
	while (walk->top)
		pop_level(walk);
	nv_buf_release(&walk->path);
	nv_free(walk);
}
