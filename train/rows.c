/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows are made in parallel, in pieces of fixed size that are appended in order. All tasks and folds work on this one matrix.
 */
#include "train/training.h"

#include "base/alloc.h"
#include "base/parallel.h"

#include <string.h>

enum { PIECE_ROWS = 256 };

/* Some rows, one behind the other. */
typedef struct piece {
	size_t first, n; /* articles */
	size_t length[PIECE_ROWS];
	uint32_t *term;
	double *value;
	size_t used, cap_term, cap_value;
	uint64_t n_known, n_word;
} piece;

typedef struct worker {
	nv_feature_scratch *scratch;
	nv_document document;
	nv_row row;
} worker;

typedef struct making {
	nv_training *training;
	nv_features features;
	uint32_t *word_map;
	piece *slot;    /* [n_slot] */
	worker *worker; /* [n_thread] */
	size_t next;
	nv_ticker ticker;
} making;

static int produce(void *context, size_t slot, nv_error *err)
{
	(void)err;
	making *m = context;
	size_t left = m->training->n_row - m->next;
	if (left == 0)
		return 0;
	m->slot[slot].first = m->next;
	m->slot[slot].n = left < PIECE_ROWS ? left : PIECE_ROWS;
	m->next += m->slot[slot].n;
	return 1;
}

static int add_row(piece *p, size_t i, const nv_row *row, nv_error *err)
{
	if (!nv_grow(&p->term, &p->cap_term, p->used + row->n, sizeof *p->term) ||
	    !nv_grow(&p->value, &p->cap_value, p->used + row->n, sizeof *p->value))
		return nv_fail_memory(err);
	if (row->n > 0) {
		memcpy(p->term + p->used, row->term, row->n * sizeof *p->term);
		memcpy(p->value + p->used, row->value, row->n * sizeof *p->value);
	}
	p->used += row->n;
	p->length[i] = row->n;
	return NV_OK;
}

static void count_words(piece *p, const nv_document *document)
{
	p->n_word += document->n;
	for (size_t i = 0; i < document->n; i++)
		p->n_known += document->word[i] != NV_NO_TERM;
}

static int work(void *context, size_t slot, size_t number, nv_error *err)
{
	making *m = context;
	piece *p = &m->slot[slot];
	worker *w = &m->worker[number];
	const nv_view whole = {NULL, 0};
	p->used = 0;
	p->n_known = p->n_word = 0;
	int code = NV_OK;
	for (size_t i = 0; i < p->n && code == NV_OK; i++) {
		code = nv_corpus_document(m->training->trainer->corpus, p->first + i, m->word_map, &w->document, err);
		if (code == NV_OK)
			code = nv_features_row(&m->features, &whole, &w->document, w->scratch, &w->row, err);
		if (code == NV_OK)
			code = add_row(p, i, &w->row, err);
		if (code == NV_OK)
			count_words(p, &w->document);
	}
	return code;
}

static int consume(void *context, size_t slot, nv_error *err)
{
	making *m = context;
	const piece *p = &m->slot[slot];
	size_t at = 0;
	int code = NV_OK;
	for (size_t i = 0; i < p->n && code == NV_OK; at += p->length[i++])
		code = nv_matrix_add_row(&m->training->rows, p->term + at, p->value + at, p->length[i], err);
	m->training->n_known += p->n_known;
	m->training->n_word += p->n_word;
	return code == NV_OK ? nv_tick(&m->ticker, p->n, err) : code;
}

static int run(making *m, size_t n_thread, size_t n_slot, nv_error *err)
{
	m->slot = nv_alloc_zero(n_slot, sizeof *m->slot);
	m->worker = nv_alloc_zero(n_thread, sizeof *m->worker);
	int code = m->slot && m->worker ? NV_OK : nv_fail_memory(err);
	for (size_t i = 0; i < n_thread && code == NV_OK; i++) {
		nv_document_init(&m->worker[i].document);
		nv_row_init(&m->worker[i].row);
		code = nv_feature_scratch_new(&m->worker[i].scratch, err);
	}
	if (code == NV_OK) {
		const nv_pipeline pipeline = {n_thread, n_slot, produce, work, consume, m};
		code = nv_pipeline_run(&pipeline, err);
	}
	for (size_t i = 0; m->worker && i < n_thread; i++) {
		nv_document_release(&m->worker[i].document);
		nv_row_release(&m->worker[i].row);
		nv_feature_scratch_free(m->worker[i].scratch);
	}
	for (size_t i = 0; m->slot && i < n_slot; i++) {
		nv_free(m->slot[i].term);
		nv_free(m->slot[i].value);
	}
	nv_free(m->slot);
	nv_free(m->worker);
	return code;
}

static int make_vocabulary(nv_training *training, nv_error *err)
{
	const nv_feature_options *f = &training->trainer->options.feature;
	nv_built *built = training->built;
	const nv_vocab_options options = {(uint32_t)f->ngrams.low,  (uint32_t)f->ngrams.high,  (uint32_t)f->min_df,
	                                  (uint32_t)f->gram_min_df, (uint64_t)f->max_features, (uint32_t)f->hash_bits};
	int code =
		nv_corpus_build_vocab(training->trainer->corpus, NULL, 0, &options, training->n_thread, &built->vocab, err);
	if (code != NV_OK || f->weighting != NV_WEIGHT_TFIDF)
		return code;
	built->idf = nv_alloc_aligned(built->vocab.vocab.n_term, sizeof *built->idf);
	if (!built->idf)
		return nv_fail_memory(err);
	nv_features_idf(&built->vocab.vocab, built->idf);
	return NV_OK;
}

int nv_training_rows(nv_training *training, nv_error *err)
{
	const nv_feature_options *f = &training->trainer->options.feature;
	making m = {.training = training};
	int code = make_vocabulary(training, err);
	const nv_vocab *vocab = &training->built->vocab.vocab;
	if (code != NV_OK)
		return code;
	nv_matrix_init(&training->rows, vocab->n_term);
	m.features = (nv_features){vocab, training->built->idf, f->weighting, f->title_weight, training->normalize};
	nv_ticker_init(&m.ticker, training->progress, "features", training->n_row);
	code = nv_corpus_word_map(training->trainer->corpus, vocab, &m.word_map, err);
	if (code == NV_OK)
		code = run(&m, training->n_thread, 3 * training->n_thread, err);
	nv_free(m.word_map);
	return code;
}
