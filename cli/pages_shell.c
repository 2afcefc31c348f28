/* SPDX-License-Identifier: Apache-2.0
 *
 * Completions. Each shell gets the same three answers: after the program's name the commands; after "--" the command's options; behind
 * an option its choices, or files where the value is a FILE. Anything else is a file to read.
 */
#include "cli/pages.h"

#include <string.h>

/* What stands behind an option. */
typedef enum value_kind { VALUE_NONE, VALUE_CHOICES, VALUE_FILE, VALUE_FREE } value_kind;

static value_kind kind_of(const nv_page_option *option)
{
	const char *at = option->value;
	if (!at)
		return VALUE_NONE;
	if (strncmp(at, "FILE", 4) == 0)
		return VALUE_FILE;
	return strchr(at, '|') && nv_page_choice(&at).len ? VALUE_CHOICES : VALUE_FREE;
}

static void add_choices(nv_buf *out, const char *value)
{
	bool first = true;
	for (nv_str word = nv_page_choice(&value); word.len; word = nv_page_choice(&value)) {
		if (!first)
			nv_buf_add_char(out, ' ');
		first = false;
		nv_buf_add(out, word.ptr, word.len);
	}
}

static void add_command_names(nv_buf *out)
{
	for (size_t i = 0; nv_cli_at(i); i++)
		nv_buf_addf(out, "%s ", nv_cli_at(i)->name);
	nv_buf_add_str(out, "help");
}

/* text with a backslash, or what the shell takes in its place, before each of the characters `special`. */
static void add_quoted(nv_buf *out, const char *text, const char *special, const char *quote)
{
	for (; *text; text++) {
		if (*text == '\'')
			nv_buf_add_str(out, quote);
		else if (strchr(special, *text))
			nv_buf_addf(out, "\\%c", *text);
		else
			nv_buf_add_char(out, *text);
	}
}

/* ---- bash ---- */

static void bash_values(nv_buf *out, const nv_cli_command *command)
{
	nv_page_option option[NV_PAGE_OPTIONS_MAX];
	size_t n = nv_page_options(command, option);
	for (size_t i = 0; i < n; i++) {
		value_kind kind = kind_of(&option[i]);
		if (kind == VALUE_NONE)
			continue;
		nv_buf_addf(out, "\t'%s --%s') ", command->name, option[i].name);
		if (kind == VALUE_CHOICES) {
			nv_buf_add_str(out, "words='");
			add_choices(out, option[i].value);
			nv_buf_add_str(out, "' ;;\n");
		} else {
			nv_buf_add_str(out, kind == VALUE_FILE ? "return ;;\n"
			                                       : "compopt +o default +o bashdefault 2>/dev/null; return ;;\n");
		}
	}
}

static void bash_options(nv_buf *out, const nv_cli_command *command)
{
	nv_page_option option[NV_PAGE_OPTIONS_MAX];
	size_t n = nv_page_options(command, option);
	nv_buf_addf(out, "\t'%s -'*) words='", command->name);
	for (size_t i = 0; i < n; i++)
		nv_buf_addf(out, "%s--%s", i ? " " : "", option[i].name);
	nv_buf_add_str(out, "' ;;\n");
}

void nv_page_bash(nv_buf *out)
{
	nv_buf_add_str(
		out,
		"# bash completion of newsvane; files are bash's own completion (-o default)\n"
		"_newsvane() {\n"
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} words=\n"
		"\tCOMPREPLY=()\n"
		"\t# bash takes --name=value for three words\n"
		"\tif [ \"$cur\" = = ]; then\n\t\tcur=\n"
		"\telif [ \"$option\" = = ]; then\n\t\toption=${COMP_WORDS[COMP_CWORD - 2]}\n\tfi\n"
		"\tif [ \"$COMP_CWORD\" -eq 1 ] || [ \"$COMP_CWORD $command\" = '2 help' ]; then\n\t\twords='");
	add_command_names(out);
	nv_buf_add_str(out, " --help --version'\n\telse\n\tcase \"$command $option\" in\n");
	for (size_t i = 0; nv_cli_at(i); i++)
		bash_values(out, nv_cli_at(i));
	nv_buf_add_str(out, "\tesac\n\tfi\n\t[ -n \"$words\" ] || case \"$command $cur\" in\n");
	for (size_t i = 0; nv_cli_at(i); i++)
		bash_options(out, nv_cli_at(i));
	nv_buf_add_str(out, "\tesac\n"
	                    "\t[ -z \"$words\" ] || mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	                    "}\ncomplete -o bashdefault -o default -F _newsvane newsvane\n");
}

/* ---- zsh ---- */

static void zsh_text(nv_buf *out, const char *text)
{
	add_quoted(out, text, "[]:\\", "'\\''");
}

static void zsh_option(nv_buf *out, const nv_page_option *option)
{
	value_kind kind = kind_of(option);
	nv_buf_addf(out, "\t\t\t'--%s%s[", option->name, kind == VALUE_NONE ? "" : "=");
	zsh_text(out, option->help);
	nv_buf_add_char(out, ']');
	if (kind != VALUE_NONE) {
		nv_buf_add_char(out, ':');
		zsh_text(out, option->name);
		nv_buf_add_char(out, ':');
	}
	if (kind == VALUE_CHOICES) {
		nv_buf_add_char(out, '(');
		add_choices(out, option->value);
		nv_buf_add_char(out, ')');
	}
	nv_buf_add_str(out, kind == VALUE_FILE ? "_files' \\\n" : kind == VALUE_FREE ? " ' \\\n" : "' \\\n");
}

static void zsh_command(nv_buf *out, const nv_cli_command *command)
{
	nv_page_option option[NV_PAGE_OPTIONS_MAX];
	size_t n = nv_page_options(command, option);
	nv_buf_addf(out, "\t%s)\n\t\t_arguments \\\n", command->name);
	for (size_t i = 0; i < n; i++)
		zsh_option(out, &option[i]);
	nv_buf_add_str(out, "\t\t\t'*:input:_files' ;;\n");
}

void nv_page_zsh(nv_buf *out)
{
	nv_buf_add_str(out, "#compdef newsvane\n_newsvane() {\n\tlocal -a commands\n\tcommands=(\n");
	for (size_t i = 0; nv_cli_at(i); i++) {
		nv_buf_addf(out, "\t\t'%s:", nv_cli_at(i)->name);
		zsh_text(out, nv_cli_at(i)->summary);
		nv_buf_add_str(out, "'\n");
	}
	nv_buf_add_str(out, "\t\t'help:say more about a command'\n\t)\n"
	                    "\tif ((CURRENT == 2)); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n"
	                    "\tshift words\n\t((CURRENT--))\n"
	                    "\tcase $words[1] in\n\thelp) _describe command commands ;;\n");
	for (size_t i = 0; nv_cli_at(i); i++)
		zsh_command(out, nv_cli_at(i));
	nv_buf_add_str(out, "\tesac\n}\n_newsvane \"$@\"\n");
}

/* ---- fish ---- */

static void fish_text(nv_buf *out, const char *text)
{
	nv_buf_add_str(out, " -d '");
	add_quoted(out, text, "\\", "\\'");
	nv_buf_add_str(out, "'\n");
}

static void fish_option(nv_buf *out, const nv_cli_command *command, const nv_page_option *option)
{
	static const char *const takes[] = {
		[VALUE_NONE] = "", [VALUE_CHOICES] = " -x -a '", [VALUE_FILE] = " -r -F", [VALUE_FREE] = " -x"};
	value_kind kind = kind_of(option);
	nv_buf_addf(out, "complete -c newsvane -n '__fish_seen_subcommand_from %s' -l %s%s", command->name, option->name,
	            takes[kind]);
	if (kind == VALUE_CHOICES) {
		add_choices(out, option->value);
		nv_buf_add_char(out, '\'');
	}
	fish_text(out, option->help);
}

static void fish_command(nv_buf *out, const nv_cli_command *command)
{
	nv_page_option option[NV_PAGE_OPTIONS_MAX];
	size_t n = nv_page_options(command, option);
	nv_buf_addf(out, "complete -c newsvane -n \"not __fish_seen_subcommand_from $commands\" -f -a %s", command->name);
	fish_text(out, command->summary);
	for (size_t i = 0; i < n; i++)
		fish_option(out, command, &option[i]);
}

void nv_page_fish(nv_buf *out)
{
	nv_buf_add_str(out, "# fish completion of newsvane\nset -l commands ");
	add_command_names(out);
	nv_buf_add_str(
		out, "\ncomplete -c newsvane -n \"not __fish_seen_subcommand_from $commands\" -f -a help -d 'say more about a "
			 "command'\ncomplete -c newsvane -n '__fish_seen_subcommand_from help' -f -a \"$commands\"\n");
	for (size_t i = 0; nv_cli_at(i); i++)
		fish_command(out, nv_cli_at(i));
}
