/* SPDX-License-Identifier: Apache-2.0
 *
 * newsvane.h as a man page's body. The header is the manual, so nothing is written twice: a line "/ * ---- Title ---- * /" becomes a
 * heading, a comment that begins a line becomes a paragraph, and declarations stand as they are.
 */
#include "cli/pages.h"

#include <string.h>

typedef struct walk {
	nv_buf *out;
	bool in_code, in_comment, after_heading;
	nv_buf paragraph;
} walk;

static bool starts(nv_str line, const char *text)
{
	size_t len = strlen(text);
	return line.len >= len && memcmp(line.ptr, text, len) == 0;
}

static nv_str trimmed(nv_str line)
{
	while (line.len && strchr(" *\t", line.ptr[0]))
		line = (nv_str){line.ptr + 1, line.len - 1};
	while (line.len && line.ptr[line.len - 1] == ' ')
		line.len--;
	return line;
}

static void end_code(walk *w)
{
	if (w->in_code)
		nv_buf_add_str(w->out, ".Ed\n");
	w->in_code = false;
}

static void code_line(walk *w, nv_str line)
{
	if (!w->in_code)
		nv_buf_add_str(w->out, ".Bd -literal\n");
	w->in_code = true;
	w->after_heading = false;
	nv_buf expanded = NV_BUF_INIT;
	if (starts(line, "NV_API "))
		line = (nv_str){line.ptr + strlen("NV_API "), line.len - strlen("NV_API ")};
	for (size_t i = 0; i < line.len; i++)
		nv_buf_add(&expanded, line.ptr[i] == '\t' ? "    " : line.ptr + i, line.ptr[i] == '\t' ? 4 : 1);
	nv_man_literal(w->out, (nv_str){expanded.ptr, expanded.len});
	nv_buf_release(&expanded);
}

static void heading(walk *w, nv_str line)
{
	nv_str title = {line.ptr + strlen("/* ---- "), line.len - strlen("/* ---- ")};
	const char *end = memmem(title.ptr, title.len, " --", 3);
	title.len = end ? (size_t)(end - title.ptr) : title.len;
	end_code(w);
	nv_buf_add_str(w->out, ".Ss ");
	nv_man_text(w->out, title);
	w->after_heading = true;
}

/* A line of a comment, without its marks. */
static void comment_line(walk *w, nv_str line)
{
	const char *end = line.len ? memmem(line.ptr, line.len, "*/", 2) : NULL;
	nv_str text = trimmed((nv_str){line.ptr, end ? (size_t)(end - line.ptr) : line.len});
	if (text.len && w->paragraph.len)
		nv_buf_add_char(&w->paragraph, ' ');
	nv_buf_add(&w->paragraph, text.ptr, text.len);
	w->in_comment = !end;
	if (end) {
		nv_buf_add_str(w->out, w->after_heading ? "" : ".Pp\n");
		w->after_heading = false;
		nv_man_text(w->out, (nv_str){w->paragraph.ptr, w->paragraph.len});
		nv_buf_clear(&w->paragraph);
	}
}

static void api_line(walk *w, nv_str line)
{
	if (w->in_comment) {
		comment_line(w, line);
	} else if (starts(line, "/* ---- ")) {
		heading(w, line);
	} else if (starts(line, "/*")) {
		end_code(w);
		comment_line(w, (nv_str){line.ptr + 2, line.len - 2});
	} else if (line.len == 0) {
		end_code(w);
	} else if (!starts(line, "#if") && !starts(line, "#endif") && !starts(line, "extern \"C\"") &&
	           !nv_str_is(line, "}")) {
		code_line(w, line);
	}
}

void nv_page_api(nv_buf *out, nv_str header)
{
	walk w = {.out = out, .paragraph = NV_BUF_INIT};
	const char *from = memmem(header.ptr, header.len, "/* ---- ", strlen("/* ---- "));
	size_t at = from ? (size_t)(from - header.ptr) : header.len;
	while (at < header.len) {
		const char *end = memchr(header.ptr + at, '\n', header.len - at);
		nv_str line = {header.ptr + at, end ? (size_t)(end - header.ptr) - at : header.len - at};
		at += line.len + 1;
		api_line(&w, line);
	}
	end_code(&w);
	nv_buf_release(&w.paragraph);
}
