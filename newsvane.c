/* SPDX-License-Identifier: Apache-2.0
 *
 * newsvane.c: the facade. It joins the layers' parts into the calls of newsvane.h and holds no method of its own: options from the layers'
 * tables, inputs from data/stream.h, then training, classifying and judging.
 */
#include "newsvane.h"

#include "base/alloc.h"
#include "base/numeric.h"
#include "classify/batch.h"
#include "classify/coverage.h"
#include "data/stream.h"
#include "eval/crossval.h"
#include "eval/judge.h"
#include "eval/report.h"
#include "eval/report_html.h"
#include "eval/search.h"
#include "train/read.h"

#include <string.h>

const char *nv_version(void)
{
	return NV_VERSION;
}

/* ---- Options ---- */

struct nv_options {
	nv_train_options train;
	nv_input_options input;
	nv_classify_options classify;
	nv_eval_options eval;
	nv_buf text; /* of nv_options_get */
};

typedef struct option_table {
	const nv_option_row *rows;
	const size_t *n;
	size_t offset; /* of the module's struct in nv_options */
} option_table;

static const option_table tables[] = {
	{nv_train_rows, &nv_n_train_rows, offsetof(nv_options, train)},
	{nv_eval_rows, &nv_n_eval_rows, offsetof(nv_options, eval)},
	{nv_classify_rows, &nv_n_classify_rows, offsetof(nv_options, classify)},
	{nv_input_rows, &nv_n_input_rows, offsetof(nv_options, input)},
};
enum { N_TABLE = sizeof tables / sizeof *tables };

static void *module_options(nv_options *options, const option_table *table)
{
	return (char *)options + table->offset;
}

/* The index-th row of all tables; NULL past the end. */
static const nv_option_row *row_at(size_t index)
{
	for (size_t t = 0; t < N_TABLE; t++) {
		if (index < *tables[t].n)
			return &tables[t].rows[index];
		index -= *tables[t].n;
	}
	return NULL;
}

/* Modules share some names (threads, seed, group-by): the first row of a name stands for all. */
static bool is_first_of_name(const nv_option_row *row)
{
	const nv_option_row *other;
	for (size_t i = 0; (other = row_at(i)) && other != row; i++)
		if (strcmp(other->name, row->name) == 0)
			return false;
	return true;
}

size_t nv_option_count(void)
{
	const nv_option_row *row;
	size_t n = 0;
	for (size_t i = 0; (row = row_at(i)); i++)
		n += is_first_of_name(row);
	return n;
}

static void describe(const nv_option_row *row, nv_option_info *info)
{
	const nv_option_row *other;
	*info = (nv_option_info){row->name, row->choices, row->initial, row->help, row->group, row->commands};
	if (row->type == NV_OPTION_FLAG)
		info->value = NULL;
	for (size_t i = 0; (other = row_at(i)); i++)
		if (strcmp(other->name, row->name) == 0)
			info->commands |= other->commands;
}

bool nv_option_describe(size_t index, nv_option_info *info)
{
	const nv_option_row *row;
	for (size_t i = 0; (row = row_at(i)); i++) {
		if (!is_first_of_name(row))
			continue;
		if (index-- == 0) {
			describe(row, info);
			return true;
		}
	}
	return false;
}

nv_options *nv_options_new(void)
{
	nv_options *options = nv_alloc_zero(1, sizeof *options);
	for (size_t t = 0; options && t < N_TABLE; t++)
		nv_option_defaults(tables[t].rows, *tables[t].n, module_options(options, &tables[t]));
	return options;
}

nv_options *nv_options_copy(const nv_options *options)
{
	nv_options *copy = nv_alloc(1, sizeof *copy);
	if (!copy)
		return NULL;
	*copy = *options;
	copy->text = (nv_buf)NV_BUF_INIT;
	return copy;
}

void nv_options_free(nv_options *options)
{
	if (!options)
		return;
	nv_buf_release(&options->text);
	nv_free(options);
}

int nv_options_set(nv_options *options, const char *name, const char *value, nv_error *err)
{
	bool known = false;
	for (size_t t = 0; t < N_TABLE; t++) {
		const nv_option_row *row = nv_option_find(tables[t].rows, *tables[t].n, name);
		if (!row)
			continue;
		known = true;
		int code = nv_option_set(row, module_options(options, &tables[t]), value, err);
		if (code != NV_OK)
			return code;
	}
	return known ? NV_OK : nv_fail(err, NV_E_USAGE, "unknown option %s", name);
}

const char *nv_options_get(nv_options *options, const char *name)
{
	for (size_t t = 0; t < N_TABLE; t++) {
		const nv_option_row *row = nv_option_find(tables[t].rows, *tables[t].n, name);
		if (!row)
			continue;
		nv_buf_clear(&options->text);
		nv_option_get(row, module_options(options, &tables[t]), &options->text);
		return nv_buf_cstr(&options->text);
	}
	return NULL;
}

static size_t thread_count(int64_t threads)
{
	return threads > 0 ? (size_t)threads : nv_cores();
}

/* ---- Inputs ---- */

struct nv_input {
	nv_stream *stream;
};

int nv_input_open(nv_input **input, const char *const *paths, size_t n_path, const nv_options *options,
                  const nv_schema *schema, const nv_bad_record *bad, nv_error *err)
{
	const char *const extra[] = {options->train.group_by};
	nv_input *in = nv_alloc_zero(1, sizeof *in);
	if (!in)
		return nv_fail_memory(err);
	int code = nv_stream_open(&in->stream, paths, n_path, &options->input, schema, extra, *extra[0] ? 1 : 0, bad, err);
	if (code != NV_OK) {
		nv_free(in);
		return code;
	}
	*input = in;
	return NV_OK;
}

static int next_of_input(void *user, nv_article *article, nv_error *err)
{
	nv_input *input = user;
	return nv_stream_next(input->stream, article, err);
}

nv_articles nv_input_articles(nv_input *input)
{
	return (nv_articles){next_of_input, input};
}

nv_input_stats nv_input_get_stats(const nv_input *input)
{
	return nv_stream_stats(input->stream);
}

void nv_input_free(nv_input *input)
{
	if (!input)
		return;
	nv_stream_close(input->stream);
	nv_free(input);
}

/* The stream of an input, or *own around any other iterator (to be closed by the caller). */
static int stream_of(nv_articles articles, nv_stream **stream, nv_stream **own, nv_error *err)
{
	*own = NULL;
	if (articles.next == next_of_input) {
		const nv_input *input = articles.user;
		*stream = input->stream;
		return NV_OK;
	}
	int code = nv_stream_from_articles(own, articles, err);
	*stream = *own;
	return code;
}

static int need_articles(const nv_stream *stream, nv_error *err)
{
	nv_input_stats stats = nv_stream_stats(stream);
	if (stats.articles > 0)
		return NV_OK;
	return nv_fail(err, NV_E_INPUT, "no article to train on%s", stats.bad_records ? ": every record is bad" : "");
}

/* ---- Training ---- */

static int train_on(nv_trainer *trainer, nv_stream *stream, const nv_options *options, const nv_progress *progress,
                    const nv_notes *notes, nv_model **model, nv_error *err)
{
	int code = nv_trainer_read(trainer, stream, thread_count(options->train.threads), progress, err);
	if (code == NV_OK)
		code = need_articles(stream, err);
	return code == NV_OK ? nv_trainer_fit(trainer, progress, notes, model, err) : code;
}

/* A search reads the articles more than once, so it keeps them; else they pass through. */
int nv_train(nv_model **model, const nv_schema *schema, const nv_options *options, nv_articles articles,
             const nv_progress *progress, const nv_notes *notes, nv_error *err)
{
	nv_stream *stream = NULL, *own = NULL;
	nv_trainer *trainer = NULL;
	nv_numeric_init();
	int code = stream_of(articles, &stream, &own, err);
	if (code == NV_OK && nv_search_wanted(&options->train)) {
		code = nv_search_train_stream(model, schema, &options->train, stream, progress, notes, err);
	} else if (code == NV_OK) {
		code = nv_trainer_new(&trainer, schema, &options->train, err);
		if (code == NV_OK)
			code = train_on(trainer, stream, options, progress, notes, model, err);
	}
	nv_stream_close(own);
	nv_trainer_free(trainer);
	return code;
}

/* ---- Classifying ---- */

static int classify_to(const nv_model *model, nv_input *input, nv_classify_options options, const nv_sink *sink,
                       const nv_progress *progress, const nv_notes *notes, nv_error *err)
{
	nv_batch_totals totals = {0};
	options.threads = (int64_t)thread_count(options.threads);
	int code = nv_classify_stream(model, input->stream, &options, sink, progress, &totals, err);
	if (code == NV_OK)
		code = nv_coverage_note(model, totals.coverage_sum, totals.coverage_n, notes, err);
	return code;
}

int nv_classify_input(const nv_model *model, nv_input *input, const nv_options *options, const nv_sink *sink,
                      const nv_progress *progress, const nv_notes *notes, nv_error *err)
{
	if (options->classify.to == NV_TO_SQLITE)
		return nv_fail(err, NV_E_USAGE, "--to sqlite makes a file: nv_classify_to_database writes it");
	return classify_to(model, input, options->classify, sink, progress, notes, err);
}

int nv_classify_to_database(const nv_model *model, nv_input *input, const nv_options *options, const char *path,
                            const nv_progress *progress, const nv_notes *notes, nv_error *err)
{
	nv_database *database = NULL;
	nv_classify_options classify = options->classify;
	classify.to = NV_TO_SQLITE;
	int code = nv_database_open(&database, path, model, classify.existing, classify.run_name, err);
	if (code != NV_OK)
		return code;
	nv_sink sink = nv_database_sink(database);
	code = classify_to(model, input, classify, &sink, progress, notes, err);
	return nv_database_end(database, code, nv_stream_stats(input->stream).bad_records, err);
}

/* ---- Evaluation ---- */

/* other NULL: without a comparison. */
static int evaluate(nv_report **report, const nv_model *model, const nv_model *other, nv_articles articles,
                    const nv_options *options, const nv_progress *progress, const nv_notes *notes, nv_error *err)
{
	nv_stream *stream = NULL, *own = NULL;
	nv_eval_options eval = options->eval;
	eval.threads = (int64_t)thread_count(eval.threads);
	nv_numeric_init();
	int code = stream_of(articles, &stream, &own, err);
	if (code == NV_OK)
		code = nv_evaluate_run(report, model, other, stream, &eval, progress, notes, err);
	nv_stream_close(own);
	return code;
}

int nv_evaluate(nv_report **report, const nv_model *model, nv_articles articles, const nv_options *options,
                const nv_progress *progress, const nv_notes *notes, nv_error *err)
{
	return evaluate(report, model, NULL, articles, options, progress, notes, err);
}

int nv_compare_models(nv_report **report, const nv_model *model, const nv_model *other, nv_articles articles,
                      const nv_options *options, const nv_progress *progress, const nv_notes *notes, nv_error *err)
{
	return evaluate(report, model, other, articles, options, progress, notes, err);
}

/* other NULL: without a comparison. */
static int crossvalidate(nv_report **report, const nv_schema *schema, const nv_options *options,
                         const nv_train_options *other, nv_articles articles, const nv_progress *progress,
                         const nv_notes *notes, nv_error *err)
{
	nv_stream *stream = NULL, *own = NULL;
	nv_eval_options eval = options->eval;
	eval.threads = (int64_t)thread_count(eval.threads);
	nv_numeric_init();
	int code = stream_of(articles, &stream, &own, err);
	if (code == NV_OK)
		code = nv_crossval_run(report, schema, &options->train, other, &eval, stream, progress, notes, err);
	nv_stream_close(own);
	return code;
}

int nv_crossval(nv_report **report, const nv_schema *schema, const nv_options *options, nv_articles articles,
                const nv_progress *progress, const nv_notes *notes, nv_error *err)
{
	return crossvalidate(report, schema, options, NULL, articles, progress, notes, err);
}

/* What can't go together is told before the articles are read. */
int nv_compare_options(nv_report **report, const nv_schema *schema, const nv_options *options, const nv_options *other,
                       nv_articles articles, const nv_progress *progress, const nv_notes *notes, nv_error *err)
{
	nv_error cause = {0};
	nv_train_options train = other->train;
	if (nv_train_options_check(&train, &cause) != NV_OK)
		return nv_fail(err, cause.code, "the options to compare with: %s", cause.message);
	train.seed = options->train.seed;
	memcpy(train.group_by, options->train.group_by, sizeof train.group_by);
	return crossvalidate(report, schema, options, &train, articles, progress, notes, err);
}

int nv_report_text(const nv_report *report, size_t columns, const nv_sink *sink, nv_error *err)
{
	return nv_report_write_text(report, columns, sink, err);
}

int nv_report_json(const nv_report *report, const nv_sink *sink, nv_error *err)
{
	return nv_report_write_json(report, sink, err);
}

int nv_report_html(const nv_report *report, const nv_sink *sink, nv_error *err)
{
	return nv_report_write_html(report, sink, err);
}

int nv_report_predictions(const nv_report *report, const nv_sink *sink, nv_error *err)
{
	return nv_report_write_predictions(report, sink, err);
}

void nv_report_free(nv_report *report)
{
	nv_report_destroy(report);
}

int nv_metrics(nv_task_kind kind, size_t n, size_t n_label, const char *const *labels, const uint8_t *gold,
               const double *p, const uint8_t *chosen, const nv_options *options, const nv_sink *sink, nv_error *err)
{
	nv_numeric_init();
	return nv_metrics_run(kind, n, n_label, labels, gold, p, chosen, &options->eval, sink, err);
}
