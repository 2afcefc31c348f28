/* SPDX-License-Identifier: Apache-2.0 */
#include "data/source.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "data/cut.h"
#include "data/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STDIN_NAME "<stdin>"

#define EVERY (NV_COMMAND_TRAIN | NV_COMMAND_CLASSIFY | NV_COMMAND_EVAL | NV_COMMAND_CROSSVAL)
#define AT(member) offsetof(nv_input_options, member)

const nv_option_row nv_input_rows[] = {
	{"format", "Input", NV_OPTION_CHOICE, AT(format), 0, 0, "auto|jsonl|json|txt|csv|tsv|html|warc|feed", "auto",
	 "how inputs are read; auto goes by each file's name, and takes standard input as JSON Lines", EVERY, false},
	{"field", "Input", NV_OPTION_TEXT, AT(field), 0, 0, "OURS=THEIRS,…", "",
	 "the record's own names for fields, as text=body,id=doc_id", EVERY, false},
	{"encoding", "Input", NV_OPTION_TEXT, AT(encoding), 0, 0, "NAME", "utf-8",
	 "what inputs are written in, as windows-1252", EVERY, false},
	{"labels-from-folders", "Input", NV_OPTION_FLAG, AT(labels_from_folders), 0, 0, NULL, "no",
	 "a text file's label is the name of the folder that it lies in", EVERY, false},
	{"max-record", "Input", NV_OPTION_INT, AT(max_record), 16, 2147483647, "BYTES", "67108864",
	 "a longer record is a bad one", EVERY, false},
	{"strict", "Input", NV_OPTION_FLAG, AT(strict), 0, 0, NULL, "no", "stop at the first bad record", EVERY, false},
};
const size_t nv_n_input_rows = sizeof nv_input_rows / sizeof *nv_input_rows;

void nv_block_init(nv_block *block)
{
	memset(block, 0, sizeof *block);
	block->path = "";
}

void nv_block_release(nv_block *block)
{
	if (!block)
		return;
	nv_buf_release(&block->bytes);
	nv_buf_release(&block->path_bytes);
	nv_buf_release(&block->header);
	nv_block_init(block);
}

typedef struct input {
	const char *path; /* NULL: standard input */
	bool folder;
	nv_format format; /* of a file */
} input;

struct nv_source {
	nv_arena arena;
	input *input; /* [n] */
	size_t n, at;
	nv_format format; /* asked for; AUTO: by name */
	char encoding[NV_OPTION_TEXT_MAX];
	nv_walk *walk;    /* in a folder */
	nv_buf path;      /* of the open file */
	bool open;
	nv_cut cut;
};

/* ---- Checking the paths ---- */

static nv_format format_of(const nv_source *source, const char *path)
{
	return source->format != NV_FORMAT_AUTO ? source->format : nv_format_of_name(path);
}

/* The next file of a folder that has a format; as nv_walk_next. */
static int next_in_folder(const nv_source *source, nv_walk *walk, const char **path, nv_error *err)
{
	int code;
	do
		code = nv_walk_next(walk, path, err);
	while (code == 1 && format_of(source, *path) == NV_FORMAT_AUTO);
	return code;
}

/* Walks up to the first file; folders that can't be read are told of later, in their place. */
static int check_folder(const nv_source *source, const char *folder, nv_error *err)
{
	nv_walk *walk = NULL;
	const char *path;
	int code = nv_walk_open(&walk, folder, err);
	if (code)
		return code;
	do
		code = next_in_folder(source, walk, &path, NULL);
	while (code == NV_E_INPUT);
	nv_walk_close(walk);
	if (code == 0)
		return nv_fail_at(err, NV_E_INPUT, folder, 0, 0, "no article in this folder: no file has a name that tells its format (as .jsonl, .csv, .txt); give --format");
	return code < 0 ? nv_fail_memory(err) : NV_OK;
}

/* A pipe or a device has no name to go by, and is taken as JSON Lines like standard input. */
static int check_path(const nv_source *source, input *in, nv_error *err)
{
	struct stat st;
	if (stat(in->path, &st) != 0 || euidaccess(in->path, R_OK) != 0)
		return nv_fail_errno(err, NV_E_INPUT, in->path, errno, "can't open");
	in->folder = S_ISDIR(st.st_mode);
	if (in->folder)
		return check_folder(source, in->path, err);
	in->format = format_of(source, in->path);
	if (in->format == NV_FORMAT_AUTO && !S_ISREG(st.st_mode))
		in->format = NV_FORMAT_JSONL;
	if (in->format == NV_FORMAT_AUTO && nv_cut_is_feed(in->path))
		in->format = NV_FORMAT_FEED;
	if (in->format == NV_FORMAT_AUTO)
		return nv_fail_at(err, NV_E_INPUT, in->path, 0, 0,
		                  "the name does not tell the format (as .jsonl, .csv, .txt): give --format");
	return NV_OK;
}

static int add_input(nv_source *source, const char *path, nv_error *err)
{
	input *in = &source->input[source->n++];
	*in = (input){NULL, false, source->format == NV_FORMAT_AUTO ? NV_FORMAT_JSONL : source->format};
	if (strcmp(path, "-") == 0)
		return NV_OK;
	in->path = nv_arena_dup(&source->arena, nv_str_of(path));
	return in->path ? check_path(source, in, err) : nv_fail_memory(err);
}

static int add_inputs(nv_source *source, const char *const *paths, size_t n_path, nv_error *err)
{
	static const char *const standard[] = {"-"};
	if (n_path == 0) {
		paths = standard;
		n_path = 1;
	}
	source->input = nv_arena_alloc(&source->arena, n_path, sizeof *source->input);
	int code = source->input ? NV_OK : nv_fail_memory(err);
	for (size_t i = 0; code == NV_OK && i < n_path; i++)
		code = add_input(source, paths[i], err);
	return code;
}

static int check_encoding(const char *name, nv_error *err)
{
	nv_charset *charset = NULL;
	nv_error why = {0};
	int code = nv_charset_new(&charset, nv_str_of(name), &why);
	nv_charset_free(charset);
	return code == NV_E_USAGE ? nv_fail(err, NV_E_USAGE, "--encoding: %s", why.message) : code ? nv_fail_memory(err) : NV_OK;
}

int nv_source_open(nv_source **source, const char *const *paths, size_t n_path, const nv_input_options *options,
                   nv_error *err)
{
	nv_source *made = nv_alloc_zero(1, sizeof *made);
	if (!made)
		return nv_fail_memory(err);
	nv_arena_init(&made->arena);
	made->format = (nv_format)options->format;
	made->cut.max_record = (uint64_t)options->max_record;
	memcpy(made->encoding, options->encoding, sizeof made->encoding);
	made->cut.reading.encoding = made->encoding;
	int code = check_encoding(made->encoding, err);
	if (code == NV_OK)
		code = add_inputs(made, paths, n_path, err);
	if (code) {
		nv_source_close(made);
		return code;
	}
	*source = made;
	return NV_OK;
}

/* ---- Going through them ---- */

static int set_path(nv_source *source, const char *path, nv_error *err)
{
	nv_buf_clear(&source->path);
	nv_buf_add_str(&source->path, path);
	nv_buf_cstr(&source->path);
	return source->path.failed ? nv_fail_memory(err) : NV_OK;
}

static int report(nv_block *block, const nv_error *why)
{
	block->bad = true;
	block->err = *why;
	return 1;
}

/* 0: it is open; 1: block tells why not. */
static int open_file(nv_source *source, const char *path, nv_format format, nv_block *block, nv_error *err)
{
	int code = set_path(source, path ? path : STDIN_NAME, err);
	if (code)
		return code;
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO;
	if (fd < 0) {
		nv_error why = {0};
		nv_fail_errno(&why, NV_E_INPUT, path, errno, "can't open");
		return report(block, &why);
	}
	size_t plain;
	bool asked = source->format != NV_FORMAT_AUTO;
	nv_guess guess = asked ? NV_GUESS_NONE : nv_guess_of_name(source->path.ptr, source->walk != NULL);
	nv_cut_open(&source->cut, fd, source->path.ptr, format, guess, nv_packing_of_name(source->path.ptr, &plain));
	source->open = true;
	return 0;
}

/* Opens the folder's next file, or leaves the folder. */
static int next_of_walk(nv_source *source, nv_block *block, nv_error *err)
{
	nv_error why = {0};
	const char *path;
	int code = next_in_folder(source, source->walk, &path, &why);
	if (code == 1)
		return open_file(source, path, format_of(source, path), block, err);
	if (code == NV_E_INPUT) {
		code = set_path(source, why.path, err);
		return code ? code : report(block, &why);
	}
	nv_walk_close(source->walk);
	source->walk = NULL;
	return code < 0 ? nv_fail_memory(err) : 0;
}

/* Opens the next file or folder: 0, 1: block tells why not, or a negative code. */
static int open_next(nv_source *source, nv_block *block, nv_error *err)
{
	if (source->walk)
		return next_of_walk(source, block, err);
	const input *in = &source->input[source->at++];
	return in->folder ? nv_walk_open(&source->walk, in->path, err) : open_file(source, in->path, in->format, block, err);
}

/* 1: block is filled, 0: the file has ended, or a negative code. */
static int next_of_file(nv_source *source, nv_block *block, nv_error *err)
{
	int code = nv_cut_next(&source->cut, block, err);
	if (code <= 0) {
		nv_cut_close(&source->cut);
		source->open = false;
	}
	return code;
}

static int name_block(const nv_source *source, nv_block *block, nv_error *err)
{
	nv_buf_clear(&block->path_bytes);
	nv_buf_add(&block->path_bytes, source->path.ptr, source->path.len);
	block->path = nv_buf_cstr(&block->path_bytes);
	return block->path_bytes.failed ? nv_fail_memory(err) : 1;
}

int nv_source_next(nv_source *source, nv_block *block, nv_error *err)
{
	int code = 0;
	nv_buf_clear(&block->bytes);
	block->bad = block->header_first = false;
	while (code == 0 && (source->open || source->walk || source->at < source->n))
		code = source->open ? next_of_file(source, block, err) : open_next(source, block, err);
	return code == 1 ? name_block(source, block, err) : code;
}

void nv_source_set_ticker(nv_source *source, nv_ticker *ticker)
{
	source->cut.reading.ticker = ticker;
}

void nv_source_close(nv_source *source)
{
	if (!source)
		return;
	if (source->open)
		nv_cut_close(&source->cut);
	nv_walk_close(source->walk);
	nv_cut_release(&source->cut);
	nv_buf_release(&source->path);
	nv_arena_release(&source->arena);
	nv_free(source);
}
