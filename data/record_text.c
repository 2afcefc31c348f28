/* SPDX-License-Identifier: Apache-2.0
 *
 * Text files: one article each. The first line that is not blank is the title, what follows it the text.
 */
#include "data/record_run.h"

#include <string.h>

static bool is_blank_byte(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static nv_str trim(nv_str s)
{
	while (s.len > 0 && is_blank_byte(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len > 0 && is_blank_byte(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

static void set_string(nv_run *run, size_t slot, nv_str value)
{
	run->slot[slot] = (nv_slot){.kind = NV_SLOT_STRING, .value = value};
}

/* The name of the folder that the file lies in; empty where the path names none. */
static nv_str parent_folder(const char *path)
{
	const char *end = strrchr(path, '/'), *start;
	while (end && end > path && end[-1] == '/')
		end--;
	if (!end || end == path)
		return (nv_str){NULL, 0};
	for (start = end; start > path && start[-1] != '/'; start--)
		;
	nv_str name = {start, (size_t)(end - start)};
	bool is_name = !nv_str_is(name, ".") && !nv_str_is(name, "..");
	return is_name ? name : (nv_str){NULL, 0};
}

void nv_run_label_by_folder(nv_run *run)
{
	const nv_wanted *wanted = &run->reader->wanted;
	if (!run->reader->labels_from_folders)
		return;
	nv_str folder = parent_folder(run->block->path);
	for (size_t i = 0; folder.len > 0 && i < wanted->n_field; i++) {
		nv_task_kind kind = wanted->field[i].kind;
		if (kind == NV_MULTICLASS || kind == NV_MULTILABEL)
			set_string(run, wanted->field[i].slot, folder);
	}
}

int nv_parse_text(nv_run *run, nv_error *err)
{
	const nv_wanted *wanted = &run->reader->wanted;
	nv_str all = trim((nv_str){run->block->bytes.ptr, run->block->bytes.len});
	const char *newline = all.len ? memchr(all.ptr, '\n', all.len) : NULL;
	size_t first = newline ? (size_t)(newline - all.ptr) : all.len;
	nv_run_clear(run);
	nv_run_label_by_folder(run);
	set_string(run, wanted->basic[NV_BASIC_TITLE], trim((nv_str){all.ptr, first}));
	if (newline)
		set_string(run, wanted->basic[NV_BASIC_TEXT], trim((nv_str){newline + 1, all.len - first - 1}));
	return nv_run_article(run, run->block->line, err);
}
