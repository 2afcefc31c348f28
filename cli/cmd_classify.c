/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "cli/cli.h"

#include <string.h>

static const nv_cli_option options[] = {
	{"model", "FILE", "the model, as train wrote it", true, false},
	{"output", "FILE", "where results go (default: standard output)", false, true},
};

static bool to_database(const nv_cli_args *args)
{
	return strcmp(nv_options_get(args->options, "to"), "sqlite") == 0;
}

static int check_database(const nv_cli_args *args, nv_error *err)
{
	const char *path = nv_cli_value(args, "output");
	if (to_database(args) && (!path || strcmp(path, "-") == 0))
		return nv_fail(err, NV_E_USAGE, "--to sqlite needs --output FILE, the database");
	return NV_OK;
}

static int classify_to_database(const nv_cli_args *args, const nv_model *model, nv_input *input, nv_error *err)
{
	nv_cli_progress progress;
	nv_cli_progress_init(&progress, args->progress);
	int code = nv_classify_to_database(model, input, args->options, nv_cli_value(args, "output"), &progress.progress,
	                                   &nv_cli_notes, err);
	nv_cli_progress_end(&progress);
	return code;
}

/* Classifies, with model and input open. A reader that went away is no failure. */
static int classify_to_stream(const nv_cli_args *args, const nv_model *model, nv_input *input, nv_error *err)
{
	nv_output *output = NULL;
	int code = nv_cli_open_output(&output, nv_cli_value(args, "output"), err);
	if (code != NV_OK)
		return code;
	nv_sink sink = nv_output_sink(output);
	nv_cli_progress progress;
	nv_cli_progress_init(&progress, args->progress);
	code = nv_classify_input(model, input, args->options, &sink, &progress.progress, &nv_cli_notes, err);
	nv_cli_progress_end(&progress);
	return nv_cli_finish_output(output, code, err);
}

static int run(const nv_cli_args *args)
{
	nv_error err = {0};
	nv_model *model = NULL;
	nv_input *input = NULL;
	/* Wrong paths are told before the model is loaded; which fields to read is known after. */
	int code = check_database(args, &err);
	if (code == NV_OK)
		code = nv_cli_check_inputs(args, &err);
	if (code == NV_OK)
		code = nv_cli_check_outputs(args, &err);
	if (code == NV_OK)
		code = nv_model_open(&model, nv_cli_value(args, "model"), &err);
	if (code == NV_OK)
		code = nv_input_open(&input, args->input, args->n_input, args->options, nv_model_schema(model),
		                     &nv_cli_bad_records, &err);
	if (code == NV_OK)
		code = to_database(args) ? classify_to_database(args, model, input, &err)
		                         : classify_to_stream(args, model, input, &err);
	int status = nv_cli_end(args, code, "classified", input, &err);
	nv_input_free(input);
	nv_model_free(model);
	return status;
}

const nv_cli_command nv_cmd_classify = {
	.name = "classify",
	.summary = "label new articles by topic and stance, one result a line",
	.usage = "newsvane classify --model FILE [--output FILE] [options] INPUT…",
	.option = options,
	.n_option = sizeof options / sizeof *options,
	.command = NV_COMMAND_CLASSIFY,
	.run = run,
};
