/* SPDX-License-Identifier: Apache-2.0
 *
 * nv_trainer_fit: the steps of training.h, one after the other. What a step no longer needs is freed before the next.
 */
#include "train/training.h"

#include "base/alloc.h"
#include "base/parallel.h"

static int training_init(nv_training *training, nv_trainer *trainer, nv_error *err)
{
	training->n_row = trainer->n;
	training->n_thread = trainer->options.threads > 0 ? (size_t)trainer->options.threads : nv_cores();
	nv_matrix_init(&training->rows, 0);
	nv_matrix_init(&training->share, 0);
	pthread_mutex_init(&training->weights_lock, NULL);
	training->built = nv_alloc_zero(1, sizeof *training->built);
	if (!training->built)
		return nv_fail_memory(err);
	nv_arena_init(&training->built->arena);
	return NV_OK;
}

static void training_release(nv_training *training)
{
	for (size_t t = 0; training->task && t < training->n_task; t++) {
		nv_training_task *task = &training->task[t];
		nv_free(task->row);
		nv_free(task->gold);
		nv_free(task->count);
		nv_free(task->fold);
		nv_free(task->weight);
		nv_free(task->margin);
	}
	nv_free(training->task);
	nv_matrix_release(&training->rows);
	nv_matrix_release(&training->share);
	nv_columns_release(&training->share_columns);
	pthread_mutex_destroy(&training->weights_lock);
	nv_free(training->mean_share);
	nv_built_free(training->built);
}

/* What all tasks' rows are, by what the tasks need. */
static void settle_rows(nv_training *training)
{
	const nv_feature_options *f = &training->trainer->options.feature;
	/* Naive Bayes on counts is a model of counts; all else wants rows of one length. */
	training->normalize = f->weighting == NV_WEIGHT_TFIDF;
	for (size_t t = 0; t < training->n_task; t++) {
		training->normalize |= !training->task[t].recipe.naive_bayes;
		training->subwords |= training->task[t].recipe.subwords;
	}
	/* N-grams of words need the words as features of their own. */
	training->subwords &= f->subwords.high > 0 && f->hash_bits == 0 && f->ngrams.low == 1;
}

static int make_rows(nv_training *training, nv_error *err)
{
	settle_rows(training);
	int code = nv_training_rows(training, err);
	nv_corpus_free(training->trainer->corpus);
	training->trainer->corpus = NULL;
	return code == NV_OK ? nv_training_shares(training, err) : code;
}

static int run(nv_training *training, nv_model **model, nv_error *err)
{
	int code = nv_training_tasks(training, err);
	if (code == NV_OK)
		code = nv_training_folds(training, err);
	if (code == NV_OK)
		code = nv_training_order(training, err);
	if (code == NV_OK)
		code = make_rows(training, err);
	if (code == NV_OK)
		code = nv_training_jobs(training, err);
	if (code == NV_OK)
		code = nv_training_outcome(training, err);
	return code == NV_OK ? nv_training_model(training, model, err) : code;
}

int nv_trainer_fit(nv_trainer *trainer, const nv_progress *progress, const nv_notes *notes, nv_model **model,
                   nv_error *err)
{
	nv_training training = {.trainer = trainer, .progress = progress, .notes = notes};
	if (trainer->fitted)
		return nv_fail(err, NV_E_USAGE, "a trainer can be fitted once");
	trainer->fitted = true;
	for (size_t t = 0; t < trainer->n_task; t++)
		if (trainer->task_options[t].algorithm == NV_ALGORITHM_AUTO)
			return nv_fail(err, NV_E_USAGE, "the algorithm of task %s is not chosen yet",
			               trainer->schema->task[t].name);
	int code = training_init(&training, trainer, err);
	if (code == NV_OK) {
		nv_names_note_twice(&trainer->ids, notes);
		code = run(&training, model, err);
	}
	training_release(&training);
	return code;
}
