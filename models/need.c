/* SPDX-License-Identifier: Apache-2.0
 *
 * What of a model file is verified and checked as a whole, but not before something needs it. A right checksum proves
 * nothing about who wrote the file: what is checked here holds for hostile ones.
 */
#include "models/block.h"
#include "models/model.h"

#include "base/alloc.h"

#include <pthread.h>

/* ---- Texts ---- */

static int unusable(const nv_model *model, const char *block, const char *what, nv_error *err)
{
	return nv_fail_at(err, NV_E_MODEL, model->blocks->path, 0, 0, "unusable model file: block %s: %s", block, what);
}

static int need_block(const nv_model *model, const char *name, nv_error *err)
{
	return nv_block_need_all(nv_block_find(model->blocks, name), err);
}

int nv_model_need_texts(const nv_model *model, nv_error *err)
{
	static const char *const name[] = {"df", "gram_prefix", "gram_word", "text_start", "text"};
	nv_error inner = {0};
	int code = NV_OK;
	if (!model->blocks)
		return NV_OK;
	for (size_t i = 0; i < sizeof name / sizeof *name && code == NV_OK; i++)
		code = need_block(model, name[i], err);
	if (code < 0 || nv_vocab_check_texts(&model->vocab, nv_block_find(model->blocks, "text")->len, &inner) == NV_OK)
		return code;
	return unusable(model, "vocabulary", inner.message, err);
}

/* ---- Looking up ---- */

struct nv_model_lookups {
	pthread_mutex_t mutex;
	bool ready;
	nv_vocab vocab;   /* the model's, with the filter */
	uint32_t *filter; /* of a model whose file has none */
};

int nv_model_lookups_new(struct nv_model_lookups **lookups)
{
	struct nv_model_lookups *made = nv_alloc_zero(1, sizeof *made);
	*lookups = made;
	if (made && pthread_mutex_init(&made->mutex, NULL) == 0)
		return NV_OK;
	nv_free(made);
	*lookups = NULL;
	return NV_E_MEMORY;
}

void nv_model_lookups_free(struct nv_model_lookups *lookups)
{
	if (!lookups)
		return;
	pthread_mutex_destroy(&lookups->mutex);
	nv_free(lookups->filter);
	nv_free(lookups);
}

static int check_lookups(const nv_model *model, nv_error *err)
{
	nv_error inner = {0};
	int code = need_block(model, "words", err);
	if (code == NV_OK)
		code = need_block(model, "grams", err);
	if (code == NV_OK && nv_vocab_check(&model->vocab, &inner) < 0)
		code = unusable(model, "vocabulary", inner.message, err);
	return code;
}

/* Any filter is safe: a wrong one hides n-grams, as wrong weights give wrong scores. */
static int take_filter(const nv_model *model, const nv_file_block *block, nv_vocab *vocab, nv_error *err)
{
	uint64_t n = block->len / sizeof *vocab->gram_filter;
	if (block->len % sizeof *vocab->gram_filter != 0 || (n & (n - 1)) != 0)
		return unusable(model, "gram_filter", "has the wrong length", err);
	vocab->gram_filter = (const uint32_t *)(const void *)block->bytes;
	vocab->filter_mask = n - 1;
	return nv_block_need_all(block, err);
}

static int make_ready(const nv_model *model, nv_error *err)
{
	struct nv_model_lookups *l = model->lookups;
	int code = model->blocks ? check_lookups(model, err) : NV_OK;
	if (code < 0)
		return code;
	const nv_file_block *kept = model->blocks ? nv_block_find(model->blocks, "gram_filter") : NULL;
	l->vocab = model->vocab;
	if (kept && kept->len > 0)
		code = take_filter(model, kept, &l->vocab, err);
	else
		code = nv_vocab_filter_new(&l->vocab, &l->filter, err);
	l->ready = code == NV_OK;
	return code;
}

int nv_model_need_lookups(const nv_model *model, const nv_vocab **vocab, nv_error *err)
{
	struct nv_model_lookups *l = model->lookups;
	pthread_mutex_lock(&l->mutex);
	int code = l->ready ? NV_OK : make_ready(model, err);
	pthread_mutex_unlock(&l->mutex);
	*vocab = &l->vocab;
	return code;
}
