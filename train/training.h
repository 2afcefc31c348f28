/* SPDX-License-Identifier: Apache-2.0
 *
 * training.h: the state of one nv_trainer_fit, filled step by step, each step in a file of its own:
 *   tasks.c   labels and labelled rows of each task
 *   folds.c   their folds and order
 *   rows.c    vocabulary, one shared matrix of weighted rows, character n-grams
 *   jobs.c    fits of each task, without each fold and of all rows; margins out of fold
 *   task_rows.c a task's rows by columns
 *   linear_jobs.c, nb_jobs.c   one job of linear models, of naive Bayes
 *   outcome.c calibration and thresholds
 *   model_build.c, metadata.c   the model
 */
#ifndef NV_TRAIN_TRAINING_H
#define NV_TRAIN_TRAINING_H

#include "data/matrix.h"
#include "train/columns.h"
#include "train/gram_sample.h"
#include "train/recipe.h"
#include "train/trainer.h"

#include <pthread.h>

/* What the solver came to for a task, over its fits: one for each block of labels, on all rows and without each fold. */
typedef struct nv_solver_record {
	uint64_t fits, stopped_early;
	int iterations; /* the most of a fit */
} nv_solver_record;

/* One task; rows are numbered as the trainer's articles. */
typedef struct nv_training_task {
	const nv_task *task;
	nv_recipe recipe;
	size_t n_label, first_score;
	uint32_t *row;      /* [n] labelled rows: ascending, then as nv_training_order says, and so what is by [n] */
	size_t n;
	uint8_t *gold;      /* [n_row][n_label] */
	uint64_t *count;    /* [n_label] articles of each label */
	uint32_t *fold;     /* [n], n_fold 0: none */
	size_t n_fold;
	double *weight;     /* [n_label][2] of negatives and positives */
	double *margin;     /* [n][n_label] out of fold */
	nv_calibration calibration;
	double *threshold;  /* [n_label]; NULL: 0.5 */
	nv_solver_record solver;
} nv_training_task;

/* The arrays that the model will own; freed with it. */
typedef struct nv_built {
	nv_arena arena;
	nv_vocab_owned vocab;
	double *idf;            /* [n_term] */
	float *weight;          /* [n_term][stride]; NULL before nv_training_weights, as gram_weight */
	nv_gram_row *gram_slot; /* [gram_mask + 1] */
	uint64_t gram_mask;
	float *gram_weight;     /* [n_gram][stride] */
	double *bias;           /* [n_score] */
	uint64_t *fingerprint;  /* [n] ascending */
	nv_buf metadata;
} nv_built;
void nv_built_free(void *built); /* nv_built *; NULL is fine */

typedef struct nv_training {
	nv_trainer *trainer;
	size_t n_row, n_thread;
	const nv_progress *progress;
	const nv_notes *notes;
	bool normalize, subwords; /* subwords: of one task at least */
	nv_training_task *task; /* [n_task] */
	size_t n_task, n_score;
	uint32_t stride;
	nv_matrix rows;         /* [n_row][n_term]; its entries are freed once the last task that reads them has its columns */
	nv_matrix share;        /* [n_word][n_gram]; n_column 0: no n-grams; freed likewise */
	nv_columns share_columns; /* the same by columns */
	double *mean_share;     /* [n_gram] mean over the words of the rows, each by its values: without it the n-grams that all text
	                         * shares would add up with an article's length */
	uint64_t n_known, n_word; /* tokens in the vocabulary, and all */
	double cell_bytes;        /* of the arrays that have a number for each article and label of a task */
	nv_built *built;
	pthread_mutex_t weights_lock; /* over nv_training_weights */
} nv_training;

/* A block of labels of a task: one fit for all rows, and one without each fold. */
typedef struct nv_training_block {
	size_t task, first_label, width;
} nv_training_block;

/* A task's rows as its fits read them, in the task's order. */
typedef struct nv_task_rows {
	nv_columns columns;
	nv_gram_sample sample; /* where the fits need it */
} nv_task_rows;
/* Reads training->rows and training->share. Release in any case. */
int nv_task_rows_init(nv_task_rows *rows, const nv_training *training, const nv_training_task *task, nv_ticker *ticker,
                      nv_error *err);
void nv_task_rows_release(nv_task_rows *rows);

/* Whether the task's words have weights by their character n-grams. */
static inline bool nv_training_has_grams(const nv_training *training, const nv_training_task *task)
{
	return training->subwords && task->recipe.subwords;
}

/* A multiclass task of two labels, of which one is fitted. */
static inline bool nv_training_mirrored(const nv_training_task *task)
{
	return task->task->kind == NV_MULTICLASS && task->n_label == 2;
}

void nv_note(const nv_training *training, const char *format, ...) NV_PRINTF(2, 3);

/* NV_E_MEMORY, saying so, where training would take more bytes than there can be. */
int nv_training_room(const nv_training *training, double bytes, nv_error *err);

/* Freezes the schema: labels without articles leave it (a stance keeps its three). NV_E_SCHEMA if no task has a labelled article. */
int nv_training_tasks(nv_training *training, nv_error *err);
int nv_training_folds(nv_training *training, nv_error *err);
/* Puts a task's rows, where they make several stretches (columns.h), label by label: those of none, then by each one's rarest label, in the order
 * that they had. */
int nv_training_order(nv_training *training, nv_error *err);
int nv_training_rows(nv_training *training, nv_error *err);
int nv_training_shares(nv_training *training, nv_error *err);
int nv_training_jobs(nv_training *training, nv_error *err);
/* Makes the model's weights, zero, unless they are there; from any thread. */
int nv_training_weights(nv_training *training, nv_error *err);
/* The block's fit without the fold, or (fold n_fold) of all rows. */
int nv_training_linear(nv_training *training, const nv_training_block *block, const nv_task_rows *rows, size_t fold,
                       nv_ticker *ticker, nv_solver_result *result, nv_error *err);
/* The block's fits of naive Bayes, with all rows and without each fold: of the task's labels, or of one of a multilabel task. */
int nv_training_nb(nv_training *training, const nv_training_block *block, const nv_task_rows *rows, nv_ticker *ticker,
                   nv_error *err);
int nv_training_outcome(nv_training *training, nv_error *err);
int nv_training_metadata(nv_training *training, nv_buf *out, nv_error *err);
int nv_training_model(nv_training *training, nv_model **model, nv_error *err);

#endif
