/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps that several commands take.
 */
#include "base/error.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

int nv_cli_open_schema(nv_schema **schema, const char *path, nv_error *err)
{
	nv_cli_let_signals_kill(true); /* it may be a pipe */
	int code = path ? nv_schema_open(schema, path, err) : nv_schema_default(schema, err);
	nv_cli_let_signals_kill(false);
	return code;
}

int nv_cli_check_inputs(const nv_cli_args *args, nv_error *err)
{
	nv_input *input = NULL;
	int code = nv_input_open(&input, args->input, args->n_input, args->options, NULL, NULL, err);
	nv_input_free(input);
	return code;
}

/* Devices and FIFOs, as /dev/stdout, might notice being opened. */
static bool can_try(const char *path)
{
	struct stat info;
	return stat(path, &info) != 0 || S_ISREG(info.st_mode) || S_ISDIR(info.st_mode);
}

static bool same_file(const char *path, const struct stat *output)
{
	struct stat info;
	return path && stat(path, &info) == 0 && info.st_dev == output->st_dev && info.st_ino == output->st_ino;
}

/* An output that is a file which the command reads would be lost. */
static int check_not_read(const nv_cli_args *args, size_t option, nv_error *err)
{
	struct stat info;
	if (stat(args->value[option], &info) != 0 || !S_ISREG(info.st_mode))
		return NV_OK;
	bool is_read = false;
	for (size_t i = 0; i < args->n_input; i++)
		is_read |= same_file(args->input[i], &info);
	for (size_t i = 0; i < args->command->n_option; i++)
		is_read |= i != option && same_file(args->value[i], &info);
	if (is_read)
		return nv_fail(err, NV_E_USAGE, "--%s %s is a file that the command reads or writes too; name another",
		               args->command->option[option].name, args->value[option]);
	return NV_OK;
}

int nv_cli_check_outputs(const nv_cli_args *args, nv_error *err)
{
	int code = NV_OK;
	for (size_t i = 0; code == NV_OK && i < args->command->n_option; i++) {
		nv_output *output = NULL;
		if (!args->command->option[i].output || !args->value[i] || !can_try(args->value[i]))
			continue;
		code = check_not_read(args, i, err);
		if (code == NV_OK)
			code = nv_output_open(&output, args->value[i], err);
		nv_output_abort(output);
	}
	return code;
}

int nv_cli_open_output(nv_output **output, const char *path, nv_error *err)
{
	int code = nv_output_open(output, path, err);
	if (code == NV_OK && !nv_output_replaces(*output))
		nv_cli_let_signals_kill(true);
	return code;
}

/* Frees the output. */
static int end_output(nv_output *output, int code, nv_error *err)
{
	if (code == NV_OK)
		code = nv_output_flush(output, err);
	if (code == NV_OK)
		return nv_output_commit(output, err);
	nv_error why = {0};
	if (code == NV_E_IO &&
	    nv_output_flush(output, &why) != NV_OK) /* whoever wrote knows that it failed, the output why */
		*err = why;
	bool reader_gone = nv_output_pipe_closed(output);
	nv_output_abort(output);
	if (!reader_gone)
		return code;
	nv_error_clear(err);
	return NV_CLI_READER_GONE;
}

int nv_cli_finish_output(nv_output *output, int code, nv_error *err)
{
	code = end_output(output, code, err);
	nv_cli_let_signals_kill(false);
	return code;
}

/* The terminal's width; 100 where there is none. */
static size_t terminal_columns(void)
{
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col;
	return 100;
}

typedef int report_writer(const nv_report *report, const nv_sink *sink, nv_error *err);

static int write_text(const nv_report *report, const nv_sink *sink, nv_error *err)
{
	return nv_report_text(report, terminal_columns(), sink, err);
}

/* The forms that an option names a file for. */
static const struct {
	const char *option;
	report_writer *write;
} forms[] = {{"json", nv_report_json}, {"html", nv_report_html}, {"predictions", nv_report_predictions}};

/* path NULL: standard output. */
static int write_report(const nv_report *report, const char *path, report_writer *write, nv_error *err)
{
	nv_output *output = NULL;
	int code = nv_cli_open_output(&output, path, err);
	if (code != NV_OK)
		return code;
	nv_sink sink = nv_output_sink(output);
	return nv_cli_finish_output(output, write(report, &sink, err), err);
}

int nv_cli_show_report(const nv_cli_args *args, const nv_report *report, nv_error *err)
{
	int code = NV_OK;
	for (size_t i = 0; code == NV_OK && i < sizeof forms / sizeof *forms; i++) {
		const char *path = nv_cli_value(args, forms[i].option);
		if (path)
			code = write_report(report, path, forms[i].write, err);
	}
	return code == NV_OK ? write_report(report, NULL, write_text, err) : code;
}
