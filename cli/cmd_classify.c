/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

static const nv_cli_option options[] = {
    {"model", "FILE", "the model, as train wrote it", true, false},
    {"output", "FILE", "where results go (default: standard output)", false, true},
};

/* Classifies, with model and input open. A reader that went away is no failure. */
static int classify(const nv_cli_args *args, const nv_model *model, nv_input *input, nv_error *err)
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
	int code = nv_cli_check_inputs(args, &err);
	if (code == NV_OK)
		code = nv_cli_check_outputs(args, &err);
	if (code == NV_OK)
		code = nv_model_open(&model, nv_cli_value(args, "model"), &err);
	if (code == NV_OK)
		code = nv_input_open(&input, args->input, args->n_input, args->options, nv_model_schema(model),
		                     &nv_cli_bad_records, &err);
	if (code == NV_OK)
		code = classify(args, model, input, &err);
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
