/* SPDX-License-Identifier: Apache-2.0
 *
 * Man pages in mdoc, which mandoc and groff both read. The prose is a template's; what the tables know is put in here.
 */
#include "cli/pages.h"

#include <string.h>

/* One byte or code point as roff takes it everywhere: escapes for its own characters and for all above ASCII. */
static size_t add_escaped(nv_buf *out, const char *at, size_t left)
{
	unsigned char c = (unsigned char)*at;
	if (c == '\\')
		nv_buf_add_str(out, "\\e");
	else if (c == '"')
		nv_buf_add_str(out, "\\(dq");
	else if (c == '-')
		nv_buf_add_str(out, "\\-");
	else if (c < 0x80)
		nv_buf_add_char(out, (char)c);
	if (c < 0xC0)
		return 1;
	size_t len = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
	unsigned code = c & (0x7Fu >> len);
	for (size_t i = 1; i < len && i < left; i++)
		code = code << 6 | ((unsigned char)at[i] & 0x3F);
	nv_buf_addf(out, "\\[u%04X]", code);
	return len;
}

static void add_words(nv_buf *out, nv_str text)
{
	for (size_t i = 0; i < text.len;)
		i += add_escaped(out, text.ptr + i, text.len - i);
}

/* An argument of a macro, never taken for a macro's name. */
static void add_argument(nv_buf *out, const char *text)
{
	nv_buf_add_str(out, " \"\\&");
	add_words(out, nv_str_of(text));
	nv_buf_add_char(out, '"');
}

static bool ends_sentence(nv_str text, size_t at)
{
	return text.ptr[at] == '.' && at + 2 < text.len && text.ptr[at + 1] == ' ' && text.ptr[at + 2] >= 'A' &&
	       text.ptr[at + 2] <= 'Z';
}

void nv_man_text(nv_buf *out, nv_str text)
{
	bool at_start = true;
	for (size_t i = 0; i < text.len;) {
		if (at_start && strchr(".'", text.ptr[i]))
			nv_buf_add_str(out, "\\&");
		at_start = ends_sentence(text, i);
		i += add_escaped(out, text.ptr + i, text.len - i);
		if (at_start) {
			nv_buf_add_char(out, '\n');
			i++; /* the space */
		}
	}
	nv_buf_add_char(out, '\n');
}

void nv_man_literal(nv_buf *out, nv_str line)
{
	if (line.len && strchr(".'", line.ptr[0]))
		nv_buf_add_str(out, "\\&");
	add_words(out, line);
	nv_buf_add_char(out, '\n');
}

/* ---- What the tables know ---- */

/* First letter in upper case, and a full stop: help texts of the program begin small. */
static void add_sentence(nv_buf *out, const char *help)
{
	nv_buf text = NV_BUF_INIT;
	nv_buf_add_str(&text, help);
	if (text.len && text.ptr[0] >= 'a' && text.ptr[0] <= 'z' && help[strcspn(help, " :")] != ':')
		text.ptr[0] = (char)(text.ptr[0] - 'a' + 'A');
	if (text.len && text.ptr[text.len - 1] != '.')
		nv_buf_add_char(&text, '.');
	nv_man_text(out, (nv_str){text.ptr, text.len});
	nv_buf_release(&text);
}

static void add_option(nv_buf *out, const nv_page_option *option)
{
	nv_buf_add_str(out, ".It Fl ");
	nv_buf_add_str(out, "\\-");
	add_words(out, nv_str_of(option->name));
	if (option->value) {
		nv_buf_add_str(out, strchr(option->value, '|') ? " Cm" : " Ar");
		add_argument(out, option->value);
	}
	nv_buf_add_char(out, '\n');
	add_sentence(out, option->help);
	if (option->required)
		nv_buf_add_str(out, "Required.\n");
	if (!*option->initial)
		return;
	nv_buf_add_str(out, "The default is\n.Cm");
	add_argument(out, option->initial);
	nv_buf_add_str(out, " .\n");
}

static void add_options(nv_buf *out, const nv_cli_command *command)
{
	nv_page_option option[NV_PAGE_OPTIONS_MAX];
	size_t n = nv_page_options(command, option);
	for (size_t i = 0; i < n; i++) {
		bool first = i == 0 || strcmp(option[i].group, option[i - 1].group) != 0;
		bool last = i + 1 == n || strcmp(option[i].group, option[i + 1].group) != 0;
		if (first && *option[i].group)
			nv_buf_addf(out, ".Ss %s\n", option[i].group);
		if (first)
			nv_buf_add_str(out, ".Bl -tag -width Ds\n");
		add_option(out, &option[i]);
		if (last)
			nv_buf_add_str(out, ".El\n");
	}
}

static void add_name(nv_buf *out, const nv_cli_command *command)
{
	nv_buf_addf(out, ".Sh NAME\n.Nm newsvane-%s\n.Nd ", command->name);
	nv_man_text(out, nv_str_of(command->summary));
}

/* "newsvane train [--schema FILE] …": the name, and the rest as it stands. */
static void add_usage(nv_buf *out, const nv_cli_command *command)
{
	size_t name = strlen("newsvane ") + strlen(command->name);
	nv_buf_addf(out, ".Sh SYNOPSIS\n.Nm newsvane %s\n", command->name);
	const char *rest = strlen(command->usage) > name ? command->usage + name : "";
	nv_man_text(out, nv_str_of(rest + strspn(rest, " ")));
}

static void add_commands(nv_buf *out)
{
	nv_buf_add_str(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; nv_cli_at(i); i++) {
		nv_buf_addf(out, ".It Xr newsvane-%s 1\n", nv_cli_at(i)->name);
		add_sentence(out, nv_cli_at(i)->summary);
	}
	nv_buf_add_str(out, ".El\n");
}

/* ---- Templates ---- */

static void add_with_version(nv_buf *out, nv_str line)
{
	static const char mark[] = "@VERSION@";
	const char *at = line.len ? memmem(line.ptr, line.len, mark, sizeof mark - 1) : NULL;
	size_t before = at ? (size_t)(at - line.ptr) : line.len;
	nv_buf_add(out, line.ptr, before);
	if (at) {
		nv_buf_add_str(out, nv_version());
		before += sizeof mark - 1;
		nv_buf_add(out, line.ptr + before, line.len - before);
	}
	nv_buf_add_char(out, '\n');
}

void nv_page_fill(nv_buf *out, nv_str template, const nv_cli_command *command, nv_str header)
{
	for (size_t at = 0; at < template.len;) {
		const char *end = memchr(template.ptr + at, '\n', template.len - at);
		nv_str line = {template.ptr + at, end ? (size_t)(end - template.ptr) - at : template.len - at};
		at += line.len + 1;
		if (nv_str_is(line, "@NAME@") && command)
			add_name(out, command);
		else if (nv_str_is(line, "@USAGE@") && command)
			add_usage(out, command);
		else if (nv_str_is(line, "@OPTIONS@") && command)
			add_options(out, command);
		else if (nv_str_is(line, "@COMMANDS@"))
			add_commands(out);
		else if (nv_str_is(line, "@API@"))
			nv_page_api(out, header);
		else
			add_with_version(out, line);
	}
}
