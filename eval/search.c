/* SPDX-License-Identifier: Apache-2.0
 *
 * Every candidate is cross-validated by nv_crossval_run, as a user would do it by hand: with calibration inside the folds, so that what is
 * compared is what would be used. The folds and the bootstrap's draws depend on the articles and the seed alone, so candidates are compared pair by pair.
 */
#include "eval/search.h"

#include "base/alloc.h"
#include "eval/bootstrap.h"
#include "eval/candidates.h"
#include "eval/crossval_parts.h"
#include "train/read.h"

#include <math.h>
#include <string.h>

typedef struct nv_search {
	const nv_schema *schema;
	const nv_train_options *options;
	const nv_article *article; /* [n] */
	size_t n, n_thread;
	const nv_progress *progress;
	nv_candidates candidates;
	size_t n_done;
	size_t *chosen; /* [n_task] */
	nv_buf record;  /* for the model's metadata */
} nv_search;

bool nv_search_wanted(const nv_train_options *options)
{
	return options->algorithm == NV_ALGORITHM_AUTO || options->search;
}

/* ---- Articles from memory ---- */

typedef struct nv_article_walk {
	const nv_article *article; /* [n] */
	size_t n, at;
} nv_article_walk;

static int next_article(void *user, nv_article *article, nv_error *err)
{
	nv_article_walk *walk = user;
	(void)err;
	if (walk->at == walk->n)
		return 0;
	*article = walk->article[walk->at++];
	return 1;
}

/* ---- How a candidate does ---- */

static nv_figure measure_of(const nv_task_figures *figures)
{
	switch (figures->task->kind) {
	case NV_STANCE:
		return figures->f1_favor_against;
	case NV_MULTILABEL:
		return figures->macro.f1;
	case NV_MULTICLASS:
		break;
	}
	return figures->accuracy;
}

static double mean_f1(const nv_task_figures *figures, const nv_confusion *count)
{
	double sum = 0;
	size_t n = 0;
	for (size_t l = 0; l < figures->n_label; l++) {
		double f1 = figures->task->kind == NV_STANCE && l != NV_FAVOR && l != NV_AGAINST
		                ? NAN
		                : nv_f1_figure(count[l].tp, count[l].fp, count[l].fn).value;
		sum += isnan(f1) ? 0 : f1;
		n += isnan(f1) ? 0 : 1;
	}
	return n > 0 ? sum / (double)n : NAN;
}

typedef struct nv_measure_draws {
	const nv_task_figures *figures;
	nv_confusion *count; /* [n_thread][n_label] */
} nv_measure_draws;

static void draw_measure(const void *context, size_t worker, const uint32_t *weight, double *figure)
{
	const nv_measure_draws *draws = context;
	const nv_task_figures *figures = draws->figures;
	nv_confusion *count = draws->count + worker * figures->n_label;
	if (figures->task->kind == NV_MULTICLASS) {
		*figure = (double)nv_outcomes_exact(&figures->outcomes, weight) / (double)figures->outcomes.n;
		return;
	}
	nv_outcomes_count(&figures->outcomes, weight, count);
	*figure = mean_f1(figures, count);
}

static int take_score(const nv_search *search, nv_candidate *candidate, const nv_task_figures *figures, size_t task,
                      nv_error *err)
{
	if (figures->n == 0)
		return NV_OK;
	const nv_outcomes *outcomes = &figures->outcomes;
	nv_measure_draws draws = {figures, nv_alloc(search->n_thread * figures->n_label, sizeof *draws.count)};
	if (!draws.count)
		return nv_fail_memory(err);
	const nv_bootstrap bootstrap = {.n = outcomes->n,
	                                .class_of = outcomes->pattern,
	                                .n_class = outcomes->n_pattern,
	                                .n_figure = 1,
	                                .draws = NV_SEARCH_DRAWS,
	                                .n_thread = search->n_thread,
	                                .seed = (uint64_t)search->options->seed,
	                                .figures = draw_measure,
	                                .context = &draws};
	candidate->score[task] = measure_of(figures);
	int code = nv_bootstrap_run(&bootstrap, NULL, candidate->draw + task * NV_SEARCH_DRAWS, err);
	nv_free(draws.count);
	return code;
}

/* Whatever phase the cross-validation is in, what is told is which candidate. */
static int report_candidate(void *user, const char *phase, uint64_t done, uint64_t total)
{
	const nv_search *search = user;
	(void)phase;
	(void)done;
	(void)total;
	return search->progress->report(search->progress->user, "search", search->n_done, search->candidates.n);
}

static int try_candidate(nv_search *search, nv_candidate *candidate, nv_error *err)
{
	nv_eval_options eval = {.bins = 10, .folds = search->options->inner_folds, .seed = search->options->seed};
	const nv_progress inner = {report_candidate, search};
	nv_article_walk walk = {search->article, search->n, 0};
	nv_report *report = NULL;
	nv_stream *stream = NULL;
	eval.threads = (int64_t)search->n_thread;
	memcpy(eval.group_by, search->options->group_by, sizeof eval.group_by);
	int code = nv_stream_from_articles(&stream, (nv_articles){next_article, &walk}, err);
	if (code == NV_OK)
		code = nv_crossval_run(&report, search->schema, &candidate->options, NULL, &eval, stream,
		                       search->progress && search->progress->report ? &inner : NULL, NULL, err);
	for (size_t t = 0; code == NV_OK && t < search->candidates.n_task; t++)
		code = take_score(search, candidate, &report->task[t], t, err);
	nv_report_destroy(report);
	nv_stream_close(stream);
	return code;
}

/* ---- The whole ---- */

static int choose(nv_search *search, const nv_notes *notes, nv_error *err)
{
	size_t n_task = search->schema->n_task;
	search->chosen = nv_alloc_zero(n_task, sizeof *search->chosen);
	int code =
		search->chosen ? nv_candidates_init(&search->candidates, search->options, n_task, err) : nv_fail_memory(err);
	for (; code == NV_OK && search->n_done < search->candidates.n; search->n_done++)
		code = try_candidate(search, &search->candidates.item[search->n_done], err);
	return code == NV_OK
	           ? nv_candidates_record(&search->candidates, search->schema, (uint64_t)search->options->inner_folds,
	                                  search->chosen, &search->record, notes, err)
	           : code;
}

static int take_choices(const nv_search *search, nv_trainer *trainer, nv_error *err)
{
	if (!search->chosen)
		return NV_OK;
	for (size_t t = 0; t < search->schema->n_task; t++)
		nv_trainer_choose(trainer, t, &search->candidates.item[search->chosen[t]].options);
	return nv_trainer_record_search(trainer, (nv_str){search->record.ptr, search->record.len}, err);
}

static int train(const nv_search *search, const nv_notes *notes, nv_model **model, nv_error *err)
{
	nv_article_walk walk = {search->article, search->n, 0};
	nv_trainer *trainer = NULL;
	nv_stream *stream = NULL;
	int code = nv_trainer_new(&trainer, search->schema, search->options, err);
	if (code == NV_OK)
		code = take_choices(search, trainer, err);
	if (code == NV_OK)
		code = nv_stream_from_articles(&stream, (nv_articles){next_article, &walk}, err);
	if (code == NV_OK)
		code = nv_trainer_read(trainer, stream, search->n_thread, search->progress, err);
	if (code == NV_OK)
		code = nv_trainer_fit(trainer, search->progress, notes, model, err);
	nv_stream_close(stream);
	nv_trainer_free(trainer);
	return code;
}

int nv_search_train(nv_model **model, const nv_schema *schema, const nv_train_options *options,
                    const nv_article *article, size_t n, const nv_progress *progress, const nv_notes *notes,
                    nv_error *err)
{
	nv_search search = {.schema = schema, .options = options, .article = article, .n = n, .progress = progress};
	search.n_thread = options->threads > 0 ? (size_t)options->threads : nv_cores();
	int code = nv_train_options_check(options, err);
	if (code == NV_OK && nv_search_wanted(options))
		code = choose(&search, notes, err);
	if (code == NV_OK)
		code = train(&search, notes, model, err);
	nv_candidates_release(&search.candidates);
	nv_buf_release(&search.record);
	nv_free(search.chosen);
	return code;
}

int nv_search_train_stream(nv_model **model, const nv_schema *schema, const nv_train_options *options,
                           nv_stream *stream, const nv_progress *progress, const nv_notes *notes, nv_error *err)
{
	nv_crossval_state kept = {0};
	int code = nv_crossval_read(&kept, schema, stream, progress, err);
	if (code == NV_OK)
		code = nv_search_train(model, schema, options, kept.article, kept.n, progress, notes, err);
	nv_crossval_release(&kept);
	return code;
}
