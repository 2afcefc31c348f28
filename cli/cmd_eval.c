/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

static const nv_cli_option options[] = {
    {"model", "FILE", "the model to judge", true, false},
    {"compare", "FILE", "another model, to compare with it on the same articles", false, false},
    {"json", "FILE", "write the report as JSON too", false, true},
    {"html", "FILE", "write the report as one page for a browser too", false, true},
    {"predictions", "FILE", "write each article's gold and predicted labels as JSON Lines", false, true},
};

/* other NULL: nothing to compare with. */
static int evaluate(const nv_cli_args *args, const nv_model *model, const nv_model *other, nv_input *input, nv_error *err)
{
	nv_report *report = NULL;
	nv_cli_progress progress;
	nv_cli_progress_init(&progress, args->progress);
	nv_articles articles = nv_input_articles(input);
	nv_cli_let_signals_kill(true); /* nothing is written yet */
	int code = other ? nv_compare_models(&report, model, other, articles, args->options, &progress.progress, &nv_cli_notes, err)
	                 : nv_evaluate(&report, model, articles, args->options, &progress.progress, &nv_cli_notes, err);
	nv_cli_let_signals_kill(false);
	nv_cli_progress_end(&progress);
	if (code == NV_OK)
		code = nv_cli_show_report(args, report, err);
	nv_report_free(report);
	return code;
}

static int run(const nv_cli_args *args)
{
	nv_error err = {0};
	nv_model *model = NULL, *other = NULL;
	nv_input *input = NULL;
	int code = nv_cli_check_inputs(args, &err);
	if (code == NV_OK)
		code = nv_cli_check_outputs(args, &err);
	if (code == NV_OK)
		code = nv_model_open(&model, nv_cli_value(args, "model"), &err);
	if (code == NV_OK && nv_cli_value(args, "compare"))
		code = nv_model_open(&other, nv_cli_value(args, "compare"), &err);
	if (code == NV_OK)
		code = nv_input_open(&input, args->input, args->n_input, args->options, nv_model_schema(model),
		                     &nv_cli_bad_records, &err);
	if (code == NV_OK)
		code = evaluate(args, model, other, input, &err);
	int status = nv_cli_end(args, code, "judged on", input, &err);
	nv_input_free(input);
	nv_model_free(other);
	nv_model_free(model);
	return status;
}

const nv_cli_command nv_cmd_eval = {
    .name = "eval",
    .summary = "judge a model on labelled articles",
    .usage = "newsvane eval --model FILE [--compare FILE] [--json FILE] [--html FILE] [options] INPUT…",
    .option = options,
    .n_option = sizeof options / sizeof *options,
    .command = NV_COMMAND_EVAL,
    .run = run,
};
