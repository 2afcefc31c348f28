/* SPDX-License-Identifier: Apache-2.0
 *
 * The fitted arrays as a model (models/model.h): one view of the whole article, in which each score has the column of its own
 * number.
 */
#include "train/training.h"

#include "base/alloc.h"
#include "base/numeric.h"

#include <stdlib.h>
#include <string.h>

void nv_built_free(void *built)
{
	nv_built *b = built;
	if (!b)
		return;
	nv_arena_release(&b->arena);
	nv_vocab_release(&b->vocab);
	nv_free_aligned(b->idf);
	nv_free_aligned(b->weight);
	nv_free_aligned(b->gram_slot);
	nv_free_aligned(b->gram_weight);
	nv_free(b->bias);
	nv_free(b->fingerprint);
	nv_buf_release(&b->metadata);
	nv_free(b);
}

static int ascending(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void fill_view(const nv_training *training, nv_model_view *view, const uint32_t *score)
{
	const nv_built *built = training->built;
	const nv_feature_options *f = &training->trainer->options.feature;
	*view = (nv_model_view){.weighting = (uint32_t)f->weighting,
	                        .normalize = training->normalize,
	                        .title_weight = f->title_weight,
	                        .n_column = (uint32_t)training->n_score,
	                        .stride = training->stride,
	                        .score = score,
	                        .idf = built->idf,
	                        .weight = built->weight,
	                        .unknown_idf = built->idf ? (float)nv_idf(training->n_row, 0) : 1};
	if (!training->subwords)
		return;
	view->subword_low = (uint32_t)f->subwords.low;
	view->subword_high = (uint32_t)f->subwords.high;
	view->gram_slot = built->gram_slot;
	view->gram_mask = built->gram_mask;
	view->n_gram = (uint32_t)training->share.n_column + 1;
	view->gram_weight = built->gram_weight;
}

static int fill_tasks(nv_training *training, nv_model *model, nv_error *err)
{
	model->task = nv_arena_alloc(&training->built->arena, training->n_task, sizeof *model->task);
	if (!model->task)
		return nv_fail_memory(err);
	for (size_t t = 0; t < training->n_task; t++) {
		const nv_training_task *task = &training->task[t];
		model->task[t] = (nv_model_task){.first_score = (uint32_t)task->first_score,
		                                 .trained = task->n > 0,
		                                 .calibration = task->calibration,
		                                 .threshold = task->threshold,
		                                 .whole_length = task->recipe.whole_length && training->subwords};
	}
	return NV_OK;
}

static int fill_views(nv_training *training, nv_model *model, nv_error *err)
{
	uint32_t *score = nv_arena_alloc(&training->built->arena, training->n_score, sizeof *score);
	model->view = nv_arena_alloc(&training->built->arena, 1, sizeof *model->view);
	if (!score || !model->view)
		return nv_fail_memory(err);
	for (uint32_t i = 0; i < training->n_score; i++)
		score[i] = i;
	model->n_view = 1;
	fill_view(training, model->view, score);
	return NV_OK;
}

static void give_trainers(nv_trainer *trainer, nv_model *model)
{
	model->token = trainer->options.token;
	model->tokenizer = trainer->tokenizer;
	model->strip_boilerplate = trainer->options.strip_boilerplate != 0;
	model->schema = trainer->schema;
	trainer->tokenizer = NULL;
	trainer->schema = NULL;
}

int nv_training_model(nv_training *training, nv_model **out, nv_error *err)
{
	nv_built *built = training->built;
	nv_trainer *trainer = training->trainer;
	nv_model *model = nv_model_new();
	int code = model ? nv_training_metadata(training, &built->metadata, err) : nv_fail_memory(err);
	if (code == NV_OK)
		code = fill_tasks(training, model, err);
	if (code == NV_OK)
		code = fill_views(training, model, err);
	if (code != NV_OK) {
		nv_model_free(model);
		return code;
	}
	model->vocab = built->vocab.vocab;
	give_trainers(trainer, model);
	qsort(trainer->fingerprint, training->n_row, sizeof *trainer->fingerprint, ascending);
	built->fingerprint = trainer->fingerprint;
	trainer->fingerprint = NULL;
	model->fingerprint = built->fingerprint;
	model->n_fingerprint = training->n_row;
	model->n_score = (uint32_t)training->n_score;
	model->bias = built->bias;
	model->metadata = (nv_str){built->metadata.ptr, built->metadata.len};
	model->memory = built;
	model->free_memory = nv_built_free;
	training->built = NULL;
	*out = model;
	return NV_OK;
}
