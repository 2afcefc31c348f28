/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps that several commands take.
 */
#include "base/error.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <sys/ioctl.h>
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

int nv_cli_finish_output(nv_output *output, int code, nv_error *err)
{
	if (code != NV_OK && nv_output_pipe_closed(output)) {
		nv_output_abort(output);
		nv_error_clear(err);
		return NV_OK;
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

/* Writes one form of the report to path (NULL: standard output). */
static int write_report(const nv_report *report, const char *path, bool json, nv_error *err)
{
	nv_output *output = NULL;
	int code = nv_output_open(&output, path, err);
	if (code != NV_OK)
		return code;
	nv_sink sink = nv_output_sink(output);
	code = json ? nv_report_json(report, &sink, err) : nv_report_text(report, terminal_columns(), &sink, err);
	return nv_cli_finish_output(output, code, err);
}

int nv_cli_show_report(const nv_cli_args *args, const nv_report *report, nv_error *err)
{
	const char *json = nv_cli_value(args, "json");
	int code = json ? write_report(report, json, true, err) : NV_OK;
	return code == NV_OK ? write_report(report, NULL, false, err) : code;
}
