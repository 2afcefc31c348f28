/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "cli/cli.h"

static const nv_cli_option options[] = {
    {"schema", "FILE", "what to learn (default: topics and stance of tech-policy news)", false, false},
    {"compare", "OPTIONS", "training options to change for a second model, compared with the first on the same folds, as "
                           "\"--algorithm nb --ngrams 1\"", false, false},
    {"json", "FILE", "write the report as JSON too", false, true},
    {"html", "FILE", "write the report as one page for a browser too", false, true},
    {"predictions", "FILE", "write each article's gold and predicted labels as JSON Lines", false, true},
};

/* other NULL: nothing to compare with. */
static int crossvalidate(const nv_cli_args *args, const nv_schema *schema, const nv_options *other, nv_input *input, nv_error *err)
{
	nv_report *report = NULL;
	nv_cli_progress progress;
	nv_cli_progress_init(&progress, args->progress);
	nv_articles articles = nv_input_articles(input);
	nv_cli_let_signals_kill(true); /* nothing is written yet */
	int code = other ? nv_compare_options(&report, schema, args->options, other, articles, &progress.progress, &nv_cli_notes, err)
	                 : nv_crossval(&report, schema, args->options, articles, &progress.progress, &nv_cli_notes, err);
	nv_cli_let_signals_kill(false);
	nv_cli_progress_end(&progress);
	if (code == NV_OK)
		code = nv_cli_show_report(args, report, err);
	nv_report_free(report);
	return code;
}

/* The options of --compare: the command's own, with the changes that it names; *other stays NULL without it. */
static int other_options(const nv_cli_args *args, nv_options **other, nv_error *err)
{
	const char *changes = nv_cli_value(args, "compare");
	if (!changes)
		return NV_OK;
	*other = nv_options_copy(args->options);
	return *other ? nv_cli_parse_changes(*other, "compare", changes, err) : nv_fail_memory(err);
}

static int run(const nv_cli_args *args)
{
	nv_error err = {0};
	nv_schema *schema = NULL;
	nv_options *other = NULL;
	nv_input *input = NULL;
	int code = other_options(args, &other, &err);
	if (code == NV_OK)
		code = nv_cli_open_schema(&schema, nv_cli_value(args, "schema"), &err);
	if (code == NV_OK)
		code = nv_input_open(&input, args->input, args->n_input, args->options, schema, &nv_cli_bad_records, &err);
	if (code == NV_OK)
		code = nv_cli_check_outputs(args, &err);
	if (code == NV_OK)
		code = crossvalidate(args, schema, other, input, &err);
	int status = nv_cli_end(args, code, "cross-validated on", input, &err);
	nv_input_free(input);
	nv_schema_free(schema);
	nv_options_free(other);
	return status;
}

const nv_cli_command nv_cmd_crossval = {
    .name = "crossval",
    .summary = "train and judge by folds, each article by a model that has not seen it",
    .usage = "newsvane crossval [--schema FILE] [--folds K] [--group-by FIELD] [--compare OPTIONS] [options] INPUT…",
    .option = options,
    .n_option = sizeof options / sizeof *options,
    .command = NV_COMMAND_CROSSVAL,
    .run = run,
};
