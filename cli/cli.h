/* SPDX-License-Identifier: Apache-2.0
 *
 * cli.h: what the program's commands share. Results go to stdout or --output, all else to stderr. Exit statuses are those of docs/formats.md.
 * A command is one file: its usage, its options, its run function; commands.c lists them.
 */
#ifndef NV_CLI_CLI_H
#define NV_CLI_CLI_H

#include "base/file.h"
#include "newsvane.h"

typedef enum nv_exit {
	NV_EXIT_OK = 0,
	NV_EXIT_BAD_RECORDS = 1,
	NV_EXIT_USAGE = 2,
	NV_EXIT_INPUT = 3,
	NV_EXIT_MACHINE = 4,
} nv_exit;

/* An option of the program alone, beside those of the library (nv_option_describe). */
typedef struct nv_cli_option {
	const char *name;
	const char *value; /* what stands for the value in help; NULL: a flag */
	const char *help;
	bool required;
	bool output; /* the value names a file to write */
} nv_cli_option;

typedef struct nv_cli_args nv_cli_args;

typedef struct nv_cli_command {
	const char *name, *summary;
	const char *usage; /* lines behind "usage: " */
	const nv_cli_option *option; /* [n_option] */
	size_t n_option;
	unsigned command; /* nv_command whose library options it takes; 0: none */
	int (*run)(const nv_cli_args *args); /* exit status */
} nv_cli_command;

/* A parsed command line. */
struct nv_cli_args {
	const nv_cli_command *command;
	const char **value;    /* [command->n_option] the program's own options; flags "yes"; NULL: not given */
	nv_options *options;   /* the library's */
	const char **input;    /* [n_input] what is not an option */
	size_t n_input;
	bool progress;         /* asked for by --progress */
};

extern const nv_cli_command nv_cmd_train, nv_cmd_classify, nv_cmd_eval, nv_cmd_crossval, nv_cmd_inspect;

/* commands.c */
const nv_cli_command *nv_cli_find(const char *name); /* NULL: no such command */
const nv_cli_command *nv_cli_at(size_t index);       /* NULL past the end */

/* optparse.c: 0, or NV_E_USAGE; *help is set by --help, and nothing else is checked then. Free with nv_cli_args_release. */
int nv_cli_parse(nv_cli_args *args, const nv_cli_command *command, int argc, char **argv, bool *help, nv_error *err);
void nv_cli_args_release(nv_cli_args *args);
/* changes.c: sets the options of training that text names, as "--algorithm nb --ngrams=1"; a value with blanks stands in ' or ". Any other
 * option is NV_E_USAGE. option is named in messages. */
int nv_cli_parse_changes(nv_options *options, const char *option, const char *text, nv_error *err);
/* The value of the program's own option; NULL: not given. */
const char *nv_cli_value(const nv_cli_args *args, const char *name);
/* Its work can be long enough for --progress: that of all commands that take library options. */
bool nv_cli_has_progress(const nv_cli_command *command);

/* help.c: to stdout; exit status. */
int nv_cli_print_help(const nv_cli_command *command);
int nv_cli_help(int argc, char **argv); /* what stands behind "help": a command's name, or nothing for the overview */
int nv_cli_print_version(int argc); /* argc: arguments behind --version, of which it takes none */

/* interrupt.c */
void nv_cli_watch_signals(void);
bool nv_cli_interrupted(void);
void nv_cli_die_if_interrupted(void);
/* True: from here on a signal ends the program at once, since no temporary file is there and a call may block or take long. */
void nv_cli_let_signals_kill(bool let);
#define NV_CLI_ERASE "\r\033[K" /* erases a line of a terminal */
void nv_cli_line_is_shown(bool shown); /* such a line is to be erased before a signal ends the program */

/* messages.c: to stderr, prefixed "newsvane: ". */
void nv_cli_say(const char *format, ...) NV_PRINTF(1, 2);
void nv_cli_say_error(const nv_error *err);
/* Prints the error, unless it is a closed pipe, and gives the exit status. */
int nv_cli_fail(const nv_error *err);
extern const nv_bad_record nv_cli_bad_records; /* prints each record left out */
extern const nv_notes nv_cli_notes;            /* prints each note */
/* The exit status of a command that ended with `code`: says how many articles of input it was done with (`what`: "trained on"), or what
 * failed; nothing when the reader of standard output has gone. */
int nv_cli_end(const nv_cli_args *args, int code, const char *what, const nv_input *input, nv_error *err);

/* common.c: steps that several commands take. */
int nv_cli_open_schema(nv_schema **schema, const char *path, nv_error *err); /* path NULL: the built-in one */
int nv_cli_check_inputs(const nv_cli_args *args, nv_error *err);             /* every path exists; nothing is read */
/* Every file that an option names can be written, as far as can be told without writing. Before long work. */
int nv_cli_check_outputs(const nv_cli_args *args, nv_error *err);
/* nv_output_open; while an output without a temporary file is open, a signal ends the program at once. */
int nv_cli_open_output(nv_output **output, const char *path, nv_error *err);
/* Ends an output whose writing ended with `code`: committed, or taken back. NV_CLI_READER_GONE: standard output was a pipe that its
 * reader has closed, which is no failure and ends the program in silence. */
#define NV_CLI_READER_GONE 1
int nv_cli_finish_output(nv_output *output, int code, nv_error *err);
/* The report as text on standard output, and in the files that the options name. */
int nv_cli_show_report(const nv_cli_args *args, const nv_report *report, nv_error *err);

/* progress.c: shows a phase and how far it is on a terminal after the first second, or always when asked; erases itself. */
typedef struct nv_cli_progress {
	nv_progress progress; /* to hand to the library */
	bool enabled, shown;
	double started, drawn; /* seconds, monotonic */
} nv_cli_progress;
void nv_cli_progress_init(nv_cli_progress *progress, bool asked);
void nv_cli_progress_end(nv_cli_progress *progress);

#endif
