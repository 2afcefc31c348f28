/* SPDX-License-Identifier: Apache-2.0
 *
 * Every candidate is cross-validated by nv_crossval_run, as a user would do it by hand: with calibration inside the folds, so that what is
 * compared is what would be used. The folds and the bootstrap's draws depend on the articles and the seed alone, so candidates are compared pair by pair.
 */
#include "eval/search.h"

#include "base/alloc.h"
#include "base/number.h"
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
	size_t *best, *chosen; /* [n_task] */
	nv_buf record;         /* for the model's metadata */
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

static const char *measure_name(nv_task_kind kind)
{
	return kind == NV_STANCE ? "mean F1 of favor and against" : kind == NV_MULTILABEL ? "macro-F1" : "accuracy";
}

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
		code = nv_crossval_run(&report, search->schema, &candidate->options, &eval, stream,
		                       search->progress && search->progress->report ? &inner : NULL, NULL, err);
	for (size_t t = 0; code == NV_OK && t < search->candidates.n_task; t++)
		code = take_score(search, candidate, &report->task[t], t, err);
	nv_report_destroy(report);
	nv_stream_close(stream);
	return code;
}

/* ---- What came of it ---- */

static void put_figure(nv_json_writer *w, const nv_figure *figure)
{
	const char *const name[] = {"value", "low", "high"};
	const double value[] = {figure->value, figure->low, figure->high};
	for (size_t i = 0; i < 3; i++) {
		nv_json_key(w, name[i]);
		nv_json_put_rounded(w, value[i], 6);
	}
}

static void tell(const nv_notes *notes, const char *text)
{
	if (notes && notes->note && text)
		notes->note(notes->user, text);
}

static void add_rounded(nv_buf *line, double x)
{
	char text[NV_NUMBER_TEXT];
	nv_buf_add(line, text, nv_number_format_rounded(text, x, 3));
}

static void add_figure(nv_buf *line, const nv_figure *figure)
{
	if (isnan(figure->value)) {
		nv_buf_add_str(line, "n/a");
		return;
	}
	add_rounded(line, figure->value);
	if (isnan(figure->low))
		return;
	nv_buf_add_str(line, " [");
	add_rounded(line, figure->low);
	nv_buf_add_str(line, ", ");
	add_rounded(line, figure->high);
	nv_buf_add_char(line, ']');
}

/* One candidate of one task, into the record and as a note. */
static int record_candidate(nv_search *search, size_t task, size_t i, nv_json_writer *w, const nv_notes *notes,
                            nv_error *err)
{
	const nv_candidate *candidate = &search->candidates.item[i];
	const nv_task *of = &search->schema->task[task];
	const nv_figure *score = &candidate->score[task];
	nv_figure behind;
	nv_buf name = NV_BUF_INIT, line = NV_BUF_INIT;
	int code = nv_candidates_behind(&search->candidates, task, i, search->best[task], &behind, err);
	nv_candidate_name(candidate, of, &name);
	nv_json_key(w, nv_buf_cstr(&name));
	nv_json_open(w, '{');
	put_figure(w, score);
	nv_json_key(w, "behind_best");
	nv_json_open(w, '{');
	put_figure(w, &behind);
	nv_json_close(w, '}');
	nv_json_close(w, '}');
	nv_buf_addf(&line, "search, task %s: %s: %s ", of->name, nv_buf_cstr(&name), measure_name(of->kind));
	add_figure(&line, score);
	if (i == search->best[task]) {
		nv_buf_add_str(&line, ", the best");
	} else {
		nv_buf_add_str(&line, ", behind the best by ");
		add_figure(&line, &behind);
	}
	if (code == NV_OK && (name.failed || line.failed))
		code = nv_fail_memory(err);
	if (code == NV_OK)
		tell(notes, nv_buf_cstr(&line));
	nv_buf_release(&line);
	nv_buf_release(&name);
	return code;
}

static int tell_choice(const nv_search *search, size_t task, nv_json_writer *w, const nv_notes *notes, nv_error *err)
{
	const nv_task *of = &search->schema->task[task];
	bool simpler = search->chosen[task] != search->best[task];
	nv_buf name = NV_BUF_INIT, line = NV_BUF_INIT;
	nv_candidate_name(&search->candidates.item[search->chosen[task]], of, &name);
	nv_json_key(w, "chosen");
	nv_json_put_text(w, nv_buf_cstr(&name));
	nv_buf_addf(&line, "search, task %s: chosen: %s%s", of->name, nv_buf_cstr(&name),
	            simpler ? ", the simplest of those that chance may have put behind the best" : "");
	int code = name.failed || line.failed ? nv_fail_memory(err) : NV_OK;
	if (code == NV_OK)
		tell(notes, nv_buf_cstr(&line));
	nv_buf_release(&line);
	nv_buf_release(&name);
	return code;
}

static int record_task(nv_search *search, size_t task, nv_json_writer *w, const nv_notes *notes, nv_error *err)
{
	const nv_task *of = &search->schema->task[task];
	int code = nv_candidates_choose(&search->candidates, task, &search->best[task], &search->chosen[task], err);
	if (code != NV_OK)
		return code;
	nv_json_key(w, of->name);
	nv_json_open(w, '{');
	nv_json_key(w, "measure");
	nv_json_put_text(w, measure_name(of->kind));
	nv_json_key(w, "tried");
	nv_json_open(w, '{');
	for (size_t i = 0; code == NV_OK && i < search->candidates.n; i++)
		code = record_candidate(search, task, i, w, notes, err);
	nv_json_close(w, '}');
	if (code == NV_OK)
		code = tell_choice(search, task, w, notes, err);
	nv_json_close(w, '}');
	return code;
}

static int record_all(nv_search *search, const nv_notes *notes, nv_error *err)
{
	nv_json_writer w;
	int code = NV_OK;
	nv_json_begin(&w, &search->record, 0);
	nv_json_open(&w, '{');
	nv_json_key(&w, "folds");
	nv_json_put_uint(&w, (uint64_t)search->options->inner_folds);
	nv_json_key(&w, "tasks");
	nv_json_open(&w, '{');
	for (size_t t = 0; code == NV_OK && t < search->candidates.n_task; t++)
		code = record_task(search, t, &w, notes, err);
	nv_json_close(&w, '}');
	nv_json_close(&w, '}');
	return code == NV_OK && search->record.failed ? nv_fail_memory(err) : code;
}

/* ---- The whole ---- */

static int choose(nv_search *search, const nv_notes *notes, nv_error *err)
{
	size_t n_task = search->schema->n_task;
	search->best = nv_alloc_zero(n_task, sizeof *search->best);
	search->chosen = nv_alloc_zero(n_task, sizeof *search->chosen);
	int code = search->best && search->chosen ? nv_candidates_init(&search->candidates, search->options, n_task, err)
	                                          : nv_fail_memory(err);
	for (; code == NV_OK && search->n_done < search->candidates.n; search->n_done++)
		code = try_candidate(search, &search->candidates.item[search->n_done], err);
	return code == NV_OK ? record_all(search, notes, err) : code;
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
	nv_free(search.best);
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
