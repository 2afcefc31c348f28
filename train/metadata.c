/* SPDX-License-Identifier: Apache-2.0
 *
 * The model's record of its training, as JSON: which options, how many articles of which labels, dates and sources, and checksums. No
 * time, no path, no machine: the same training writes the same bytes.
 */
#include "train/training.h"

#include "base/alloc.h"
#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_SOURCES = 50 };

static void put_count(nv_json_writer *w, const char *name, uint64_t n)
{
	nv_json_key(w, name);
	nv_json_put_uint(w, n);
}

static void put_tasks(const nv_training *training, nv_json_writer *w)
{
	nv_json_key(w, "labelled");
	nv_json_open(w, '{');
	for (size_t t = 0; t < training->n_task; t++)
		put_count(w, training->task[t].task->name, training->task[t].n);
	nv_json_close(w, '}');
	nv_json_key(w, "classes");
	nv_json_open(w, '{');
	for (size_t t = 0; t < training->n_task; t++) {
		const nv_training_task *task = &training->task[t];
		nv_json_key(w, task->task->name);
		nv_json_open(w, '{');
		for (size_t l = 0; l < task->n_label; l++)
			put_count(w, task->task->label[l].id, task->count[l]);
		nv_json_close(w, '}');
	}
	nv_json_close(w, '}');
}

/* Naive Bayes has no solver. */
static void put_solver(const nv_training *training, nv_json_writer *w)
{
	nv_json_key(w, "solver");
	nv_json_open(w, '{');
	for (size_t t = 0; t < training->n_task; t++) {
		const nv_solver_record *solver = &training->task[t].solver;
		if (solver->fits == 0)
			continue;
		nv_json_key(w, training->task[t].task->name);
		nv_json_open(w, '{');
		put_count(w, "fits", solver->fits);
		put_count(w, "stopped_early", solver->stopped_early);
		put_count(w, "iterations", (uint64_t)solver->iterations);
		nv_json_close(w, '}');
	}
	nv_json_close(w, '}');
}

static void put_dates(const nv_trainer *trainer, nv_json_writer *w)
{
	nv_json_key(w, "dates");
	nv_json_open(w, '{');
	nv_json_key(w, "first");
	nv_json_put_text(w, *trainer->first_date ? trainer->first_date : NULL);
	nv_json_key(w, "last");
	nv_json_put_text(w, *trainer->last_date ? trainer->last_date : NULL);
	nv_json_close(w, '}');
}

/* Most frequent first, then by bytes. */
static int by_count(const void *a, const void *b)
{
	const nv_name *x = a, *y = b;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return nv_str_cmp(x->text, y->text);
}

static int put_sources(const nv_names *sources, nv_json_writer *w, nv_error *err)
{
	nv_name *sorted = nv_alloc(sources->n, sizeof *sorted);
	if (!sorted)
		return nv_fail_memory(err);
	for (size_t i = 0; i < sources->n; i++)
		sorted[i] = sources->name[i];
	qsort(sorted, sources->n, sizeof *sorted, by_count);
	nv_json_key(w, "sources");
	nv_json_open(w, '[');
	for (size_t i = 0; i < sources->n && i < MOST_SOURCES; i++) {
		nv_json_open(w, '[');
		nv_json_put_str(w, sorted[i].text);
		nv_json_put_uint(w, sorted[i].count);
		nv_json_close(w, ']');
	}
	nv_json_close(w, ']');
	nv_free(sorted);
	return NV_OK;
}

static void put_checksum(nv_json_writer *w, uint64_t checksum)
{
	char text[17];
	snprintf(text, sizeof text, "%016" PRIx64, checksum);
	nv_json_key(w, "data_checksum");
	nv_json_put_text(w, text);
}

static int put_training(const nv_training *training, nv_json_writer *w, nv_error *err)
{
	const nv_trainer *trainer = training->trainer;
	nv_json_open(w, '{');
	put_count(w, "articles", training->n_row);
	put_tasks(training, w);
	put_solver(training, w);
	put_dates(trainer, w);
	int code = put_sources(&trainer->sources, w, err);
	put_checksum(w, trainer->checksum);
	put_count(w, "seed", (uint64_t)trainer->options.seed);
	put_count(w, "tokens", trainer->n_token);
	nv_json_key(w, "coverage");
	bool known = training->n_word > 0 && training->built->vocab.vocab.hash_bits == 0;
	if (known)
		nv_json_put_rounded(w, (double)training->n_known / (double)training->n_word, 6);
	else
		nv_json_put_null(w);
	nv_json_close(w, '}');
	return code;
}

int nv_training_metadata(nv_training *training, nv_buf *out, nv_error *err)
{
	nv_json_writer w;
	nv_json_begin(&w, out, 0);
	nv_json_open(&w, '{');
	nv_json_key(&w, "newsvane");
	nv_json_put_text(&w, NV_VERSION);
	nv_json_key(&w, "options");
	nv_json_open(&w, '{');
	nv_option_save(nv_train_rows, nv_n_train_rows, &training->trainer->options, &w);
	nv_json_close(&w, '}');
	if (training->trainer->search.len > 0) {
		nv_json_key(&w, "search");
		nv_json_put_raw(&w, (nv_str){training->trainer->search.ptr, training->trainer->search.len});
	}
	nv_json_key(&w, "training");
	int code = put_training(training, &w, err);
	nv_json_close(&w, '}');
	return code == NV_OK && out->failed ? nv_fail_memory(err) : code;
}
