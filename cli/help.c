/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "base/str.h"
#include "cli/cli.h"

#include <string.h>

enum { HELP_COLUMN = 30, HELP_WIDTH = 100 };

/* Code points of well-formed UTF-8. */
static size_t characters(const char *text, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)text[i] & 0xC0) != 0x80;
	return n;
}

/* "  --name VALUE" padded to HELP_COLUMN, then text wrapped at HELP_WIDTH. */
static void print_row(nv_buf *out, const char *name, const char *value, const char *text)
{
	size_t start = out->len;
	nv_buf_addf(out, "  --%s%s%s", name, value ? " " : "", value ? value : "");
	size_t width = characters(out->ptr + start, out->len - start);
	if (width >= HELP_COLUMN)
		nv_buf_add_char(out, '\n');
	else
		nv_buf_addf(out, "%*s", (int)(HELP_COLUMN - width), "");
	bool indented = out->len && out->ptr[out->len - 1] != '\n';
	size_t column = indented ? HELP_COLUMN : 0;
	for (const char *word = text; *word;) {
		size_t len = strcspn(word, " ");
		if (column + len + 1 > HELP_WIDTH || column == 0) {
			out->len -= column ? 1 : 0; /* the space behind the last word */
			nv_buf_addf(out, "%s%*s", column ? "\n" : "", HELP_COLUMN, "");
			column = HELP_COLUMN;
		}
		nv_buf_add(out, word, len);
		nv_buf_add_char(out, ' ');
		column += len + 1;
		word += len;
		word += strspn(word, " ");
	}
	if (out->len && out->ptr[out->len - 1] == ' ')
		out->len--;
	nv_buf_add_char(out, '\n');
}

static void print_library_row(nv_buf *out, const nv_option_info *info)
{
	nv_buf text = NV_BUF_INIT;
	nv_buf_add_str(&text, info->help);
	if (info->value && *info->initial)
		nv_buf_addf(&text, " (default %s)", info->initial);
	print_row(out, info->name, info->value, nv_buf_cstr(&text));
	nv_buf_release(&text);
}

/* The library's options under their headings, in the order in which the headings first appear. */
static void print_library_options(nv_buf *out, unsigned command)
{
	nv_option_info first, info;
	for (size_t i = 0; nv_option_describe(i, &first); i++) {
		bool done = !(first.commands & command);
		for (size_t k = 0; k < i && !done && nv_option_describe(k, &info); k++)
			done = (info.commands & command) && strcmp(info.group, first.group) == 0;
		if (done)
			continue;
		nv_buf_addf(out, "\n%s:\n", first.group);
		for (size_t k = i; nv_option_describe(k, &info); k++)
			if ((info.commands & command) && strcmp(info.group, first.group) == 0)
				print_library_row(out, &info);
	}
}

/* Standard output is checked like any other result. */
static int print_and_check(nv_buf *out)
{
	const char *text = nv_buf_cstr(out);
	nv_error err = {0};
	nv_output *output = NULL;
	int code = out->failed ? nv_fail_memory(&err) : nv_cli_open_output(&output, NULL, &err);
	if (code == NV_OK)
		code = nv_cli_finish_output(output, nv_output_write(output, text, out->len, &err), &err);
	nv_buf_release(out);
	return code >= NV_OK ? NV_EXIT_OK : nv_cli_fail(&err);
}

int nv_cli_print_help(const nv_cli_command *command)
{
	nv_buf out = NV_BUF_INIT;
	nv_buf_addf(&out, "newsvane %s: %s\n\nusage: %s\n\n", command->name, command->summary, command->usage);
	for (size_t i = 0; i < command->n_option; i++)
		print_row(&out, command->option[i].name, command->option[i].value, command->option[i].help);
	if (nv_cli_has_progress(command))
		print_row(&out, "progress", NULL, "show progress even when stderr is no terminal");
	print_row(&out, "help", NULL, "print this");
	print_library_options(&out, command->command);
	return print_and_check(&out);
}

static int print_overview(void)
{
	nv_buf out = NV_BUF_INIT;
	nv_buf_add_str(&out, "newsvane: train, run and judge statistical classifiers of news articles\n\n"
	                     "usage: newsvane COMMAND [options] [INPUT…]\n\ncommands:\n");
	for (size_t i = 0; nv_cli_at(i); i++)
		nv_buf_addf(&out, "  %-10s %s\n", nv_cli_at(i)->name, nv_cli_at(i)->summary);
	nv_buf_add_str(&out, "  help       say more: newsvane help COMMAND\n\n"
	                     "Inputs are files, folders or - for standard input. Exit status: 0 done; 1 done, but some records\n"
	                     "were bad; 2 wrong usage; 3 an input or a model can't be used; 4 out of memory, disk full or the like.\n");
	return print_and_check(&out);
}

int nv_cli_help(int argc, char **argv)
{
	if (argc == 0)
		return print_overview();
	const nv_cli_command *command = nv_cli_find(argv[0]);
	if (command && argc == 1)
		return nv_cli_print_help(command);
	if (command)
		nv_cli_say("help takes one command, %d given; try: newsvane help", argc);
	else
		nv_cli_say("no command \"%s\"; try: newsvane help", argv[0]);
	return NV_EXIT_USAGE;
}

int nv_cli_print_version(int argc)
{
	if (argc > 0) {
		nv_cli_say("--version takes no argument, %d given; try: newsvane help", argc);
		return NV_EXIT_USAGE;
	}
	nv_buf out = NV_BUF_INIT;
	nv_buf_addf(&out, "newsvane %s\n", nv_version());
	return print_and_check(&out);
}
