/* SPDX-License-Identifier: Apache-2.0
 *
 * pages.h: the man pages and shell completions, written from the program's own tables of commands and options, so that they can't
 * say anything else than the program. Used by the build alone: newsvane_pages SOURCE OUT (cli/pages.c), one file a kind of page:
 *   pages_man.c     newsvane.1, one page a command, newsvane-model.5, newsvane.3: prose in docs/man/PAGE.in, tables filled in
 *   pages_api.c     what newsvane.h declares, as the body of newsvane.3
 *   pages_shell.c   completions for bash, zsh and fish
 */
#ifndef NV_CLI_PAGES_H
#define NV_CLI_PAGES_H

#include "base/str.h"
#include "cli/cli.h"

/* An option of a command, its own or the library's. Static texts. */
typedef struct nv_page_option {
	const char *name;
	const char *value;   /* NULL: a flag */
	const char *initial; /* "" where there is none */
	const char *help;
	const char *group; /* heading; "" for the command's own */
	bool required;
} nv_page_option;

enum { NV_PAGE_OPTIONS_MAX = 128 };

/* All options of a command in the order of its --help; returns their number. */
size_t nv_page_options(const nv_cli_command *command, nv_page_option option[NV_PAGE_OPTIONS_MAX]);
/* The next word that a value like "nb|logreg|svm" offers, from *at on, which moves behind it; empty at the end. What stands for a
 * value ("FILE") is not offered. */
nv_str nv_page_choice(const char **at);

/* pages_man.c: the template's text with its directives filled in:
 *   @VERSION@ anywhere; and, alone in a line, @NAME@, @USAGE@ and @OPTIONS@ (command must be given), @COMMANDS@, @API@ (of header). */
void nv_page_fill(nv_buf *out, nv_str template, const nv_cli_command *command, nv_str header);
/* Text for a roff line of its own: escaped, a sentence a line. */
void nv_man_text(nv_buf *out, nv_str text);
void nv_man_literal(nv_buf *out, nv_str line); /* one line of a literal display */

/* pages_api.c: comments as paragraphs, declarations as they stand. */
void nv_page_api(nv_buf *out, nv_str header);

/* pages_shell.c */
void nv_page_bash(nv_buf *out);
void nv_page_zsh(nv_buf *out);
void nv_page_fish(nv_buf *out);

#endif
