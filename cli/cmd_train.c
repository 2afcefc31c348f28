/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

static const nv_cli_option options[] = {
    {"schema", "FILE", "what to learn: tasks, labels, fields (default: topics and stance of tech-policy news)", false, false},
    {"model", "FILE", "the model to write; an old one is replaced when the new one is whole", true, true},
};

/* Trains, with schema and input open. */
static int train(const nv_cli_args *args, const nv_schema *schema, nv_input *input, nv_error *err)
{
	nv_model *model = NULL;
	nv_cli_progress progress;
	nv_cli_progress_init(&progress, args->progress);
	nv_cli_let_signals_kill(true); /* nothing is written yet */
	int code = nv_train(&model, schema, args->options, nv_input_articles(input), &progress.progress, &nv_cli_notes, err);
	nv_cli_let_signals_kill(false);
	nv_cli_progress_end(&progress);
	if (code == NV_OK)
		code = nv_model_save(model, nv_cli_value(args, "model"), err);
	nv_model_free(model);
	return code;
}

static int run(const nv_cli_args *args)
{
	nv_error err = {0};
	nv_schema *schema = NULL;
	nv_input *input = NULL;
	int code = nv_cli_open_schema(&schema, nv_cli_value(args, "schema"), &err);
	if (code == NV_OK)
		code = nv_input_open(&input, args->input, args->n_input, args->options, schema, &nv_cli_bad_records, &err);
	if (code == NV_OK)
		code = nv_cli_check_outputs(args, &err);
	if (code == NV_OK)
		code = train(args, schema, input, &err);
	int status = nv_cli_end(args, code, "trained on", input, &err);
	nv_input_free(input);
	nv_schema_free(schema);
	return status;
}

const nv_cli_command nv_cmd_train = {
    .name = "train",
    .summary = "fit every task of a schema on labelled articles, into one model file",
    .usage = "newsvane train [--schema FILE] --model FILE [options] INPUT…",
    .option = options,
    .n_option = sizeof options / sizeof *options,
    .command = NV_COMMAND_TRAIN,
    .run = run,
};
