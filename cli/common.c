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
	return path ? nv_schema_open(schema, path, err) : nv_schema_default(schema, err);
}

int nv_cli_check_inputs(const nv_cli_args *args, nv_error *err)
{
	nv_input *input = NULL;
	int code = nv_input_open(&input, args->input, args->n_input, args->options, NULL, NULL, err);
	nv_input_free(input);
	return code;
}

/* What is no regular file, as /dev/stdout or a FIFO, might notice being opened. */
static bool can_try(const char *path)
{
	struct stat info;
	return lstat(path, &info) != 0 || S_ISREG(info.st_mode);
}

int nv_cli_check_outputs(const nv_cli_args *args, nv_error *err)
{
	int code = NV_OK;
	for (size_t i = 0; code == NV_OK && i < args->command->n_option; i++) {
		nv_output *output = NULL;
		if (!args->command->option[i].output || !args->value[i] || !can_try(args->value[i]))
			continue;
		code = nv_output_open(&output, args->value[i], err);
		nv_output_abort(output);
	}
	return code;
}

int nv_cli_finish_output(nv_output *output, int code, nv_error *err)
{
	if (code == NV_OK)
		code = nv_output_flush(output, err);
	if (code != NV_OK && nv_output_pipe_closed(output)) {
		nv_output_abort(output);
		nv_error_clear(err);
		return NV_CLI_READER_GONE;
	}
	if (code == NV_OK)
		return nv_output_commit(output, err);
	nv_output_abort(output);
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
	int code = nv_output_open(&output, path, err);
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
