/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "base/number.h"
#include "cli/cli.h"

static const nv_cli_option options[] = {
    {"top", "K", "show the K strongest terms of each label (default 10)", false, false},
    {"json", NULL, "print JSON", false, false},
    {"verify", NULL, "check every block of the file against its checksum", false, false},
};

enum { TOP_DEFAULT = 10, TOP_MAX = 100000 };

static int parse_top(const char *text, size_t *top, nv_error *err)
{
	*top = TOP_DEFAULT;
	if (!text)
		return NV_OK;
	int64_t n;
	if (!nv_number_parse_int(nv_str_of(text), &n) || n < 0 || n > TOP_MAX)
		return nv_fail(err, NV_E_USAGE, "--top takes a whole number from 0 to %d, not \"%s\"", TOP_MAX, text);
	*top = (size_t)n;
	return NV_OK;
}

static int inspect(const nv_cli_args *args, const nv_model *model, size_t top, nv_error *err)
{
	nv_output *output = NULL;
	int code = NV_OK;
	if (nv_cli_value(args, "verify"))
		code = nv_model_verify(model, err);
	if (code == NV_OK)
		code = nv_cli_open_output(&output, NULL, err);
	if (code != NV_OK)
		return code;
	nv_sink sink = nv_output_sink(output);
	code = nv_model_inspect(model, top, nv_cli_value(args, "json") != NULL, &sink, err);
	return nv_cli_finish_output(output, code, err);
}

static int run(const nv_cli_args *args)
{
	nv_error err = {0};
	nv_model *model = NULL;
	size_t top = 0;
	int code = parse_top(nv_cli_value(args, "top"), &top, &err);
	if (code == NV_OK && args->n_input != 1)
		code = nv_fail(&err, NV_E_USAGE, "inspect takes one model, %zu given", args->n_input);
	if (code == NV_OK)
		code = nv_model_open(&model, args->input[0], &err);
	if (code == NV_OK)
		code = inspect(args, model, top, &err);
	int status = code >= NV_OK ? NV_EXIT_OK : nv_cli_fail(&err);
	nv_model_free(model);
	return status;
}

const nv_cli_command nv_cmd_inspect = {
    .name = "inspect",
    .summary = "say what a model is: schema, options, sizes, training record, strongest terms",
    .usage = "newsvane inspect MODEL [--top K] [--json] [--verify]",
    .option = options,
    .n_option = sizeof options / sizeof *options,
    .command = 0,
    .run = run,
};
