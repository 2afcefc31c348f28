/* SPDX-License-Identifier: Apache-2.0
 *
 * The words' character n-grams as a matrix: row w has idf(g) / idf(w) for each n-gram g that more than one word holds (1 where
 * terms are not weighted by idf); one that a single word holds would only repeat that word's own weight. Since a word's value in
 * an article's row has idf(w) in it, the n-gram has its own idf there, as a term would. Its document frequency is taken as the sum
 * of its words', at most all articles, which saves a walk over the texts. N-grams are numbered by first appearance, and words lie
 * by falling frequency, so those used most lie together.
 */
#include "train/training.h"

#include "base/alloc.h"

typedef struct gram_count {
	uint64_t hash; /* 0: empty */
	uint64_t df;   /* the sum of its words' */
	uint32_t words, column;
} gram_count;

typedef struct counting {
	gram_count *slot; /* [n_slot] at most half full */
	size_t n_slot, n;
	uint32_t n_column;
	double *idf; /* [n_column] */
	size_t cap_idf;
	nv_subword_list list;
	uint32_t *column; /* of one word, ascending */
	double *value;
	size_t cap_column, cap_value;
} counting;

static gram_count *find(const counting *c, uint64_t hash)
{
	size_t at = hash & (c->n_slot - 1);
	while (c->slot[at].hash && c->slot[at].hash != hash)
		at = (at + 1) & (c->n_slot - 1);
	return &c->slot[at];
}

/* The slots of a word's n-grams lie all over memory: they are asked for before the first is needed. */
static void prefetch_slots(const counting *c)
{
	for (size_t i = 0; i < c->list.n; i++)
		__builtin_prefetch(&c->slot[c->list.gram[i] & (c->n_slot - 1)], 1);
}

static int grow(counting *c, size_t more, nv_error *err)
{
	if (2 * (c->n + more) <= c->n_slot)
		return NV_OK;
	counting old = *c;
	while (c->n_slot < 2 * (c->n + more))
		c->n_slot = c->n_slot ? 2 * c->n_slot : 1024;
	c->slot = nv_alloc_zero(c->n_slot, sizeof *c->slot);
	if (!c->slot) {
		*c = old;
		return nv_fail_memory(err);
	}
	for (size_t i = 0; i < old.n_slot; i++)
		if (old.slot[i].hash)
			*find(c, old.slot[i].hash) = old.slot[i];
	nv_free(old.slot);
	return NV_OK;
}

static nv_str word_text(const nv_vocab *vocab, uint32_t word)
{
	return (nv_str){vocab->text + vocab->text_start[word], vocab->text_start[word + 1] - vocab->text_start[word]};
}

static int count_word(counting *c, const nv_vocab *vocab, uint32_t word, nv_range range, nv_error *err)
{
	c->list.n = 0;
	int code = nv_subwords_of(word_text(vocab, word), range, &c->list, err);
	if (code == NV_OK)
		code = grow(c, c->list.n, err);
	if (code == NV_OK)
		prefetch_slots(c);
	for (size_t i = 0; i < c->list.n && code == NV_OK; i++) {
		gram_count *slot = find(c, c->list.gram[i]);
		c->n += slot->hash == 0;
		slot->hash = c->list.gram[i];
		slot->column = NV_NO_TERM;
		slot->words++;
		slot->df += vocab->df[word];
	}
	return code;
}

static void insert(uint32_t *sorted, size_t n, uint32_t x)
{
	for (; n > 0 && sorted[n - 1] > x; n--)
		sorted[n] = sorted[n - 1];
	sorted[n] = x;
}

static int number(counting *c, gram_count *slot, uint64_t n_document, nv_error *err)
{
	if (!nv_grow(&c->idf, &c->cap_idf, c->n_column + 1, sizeof *c->idf))
		return nv_fail_memory(err);
	c->idf[c->n_column] = nv_idf(n_document, slot->df < n_document ? slot->df : n_document);
	slot->column = c->n_column++;
	return NV_OK;
}

/* idf: of the terms; NULL: they are not weighted by it. */
static int add_word(counting *c, const nv_vocab *vocab, uint32_t word, nv_range range, const double *idf,
                    nv_matrix *share, nv_error *err)
{
	c->list.n = 0;
	int code = nv_subwords_of(word_text(vocab, word), range, &c->list, err);
	if (code != NV_OK)
		return code;
	if (!nv_grow(&c->column, &c->cap_column, c->list.n, sizeof *c->column) ||
	    !nv_grow(&c->value, &c->cap_value, c->list.n, sizeof *c->value))
		return nv_fail_memory(err);
	prefetch_slots(c);
	size_t n = 0;
	for (size_t i = 0; i < c->list.n && code == NV_OK; i++) {
		gram_count *slot = find(c, c->list.gram[i]);
		if (slot->words < 2)
			continue;
		if (slot->column == NV_NO_TERM)
			code = number(c, slot, vocab->n_document, err);
		insert(c->column, n++, slot->column);
	}
	for (size_t i = 0; i < n && code == NV_OK; i++)
		c->value[i] = idf ? c->idf[c->column[i]] / idf[word] : 1;
	return code == NV_OK ? nv_matrix_add_row(share, c->column, c->value, n, err) : code;
}

/* The model's table: hash -> row, in an order that depends on the hashes' first appearance alone. */
static int make_slots(const counting *c, nv_built *built, nv_error *err)
{
	uint64_t *hash = nv_alloc(c->n_column, sizeof *hash);
	size_t n_slot = 2;
	while (n_slot < 2 * (size_t)c->n_column)
		n_slot *= 2;
	built->gram_slot = nv_alloc_aligned(n_slot, sizeof *built->gram_slot);
	built->gram_mask = n_slot - 1;
	if (!hash || !built->gram_slot) {
		nv_free(hash);
		return nv_fail_memory(err);
	}
	for (size_t i = 0; i < c->n_slot; i++)
		if (c->slot[i].hash && c->slot[i].column != NV_NO_TERM)
			hash[c->slot[i].column] = c->slot[i].hash;
	for (uint32_t row = 0; row < c->n_column; row++) {
		size_t at = hash[row] & built->gram_mask;
		while (built->gram_slot[at].hash)
			at = (at + 1) & built->gram_mask;
		built->gram_slot[at] = (nv_gram_row){hash[row], row, 0};
	}
	nv_free(hash);
	return NV_OK;
}

/* The mean share of a word in the rows, each word counting by the sum of its values. */
static int make_mean(nv_training *training, nv_error *err)
{
	const nv_matrix *rows = &training->rows, *share = &training->share;
	double *mass = nv_alloc_zero(share->n_row, sizeof *mass), total = 0;
	training->mean_share = nv_alloc_zero(share->n_column, sizeof *training->mean_share);
	if (!mass || !training->mean_share) {
		nv_free(mass);
		return nv_fail_memory(err);
	}
	for (uint64_t j = 0; j < rows->start[rows->n_row]; j++) {
		if (rows->term[j] < share->n_row) {
			mass[rows->term[j]] += (double)rows->value[j];
			total += (double)rows->value[j];
		}
	}
	for (size_t word = 0; word < share->n_row && total > 0; word++)
		for (uint64_t j = share->start[word]; j < share->start[word + 1]; j++)
			training->mean_share[share->term[j]] += mass[word] / total * (double)share->value[j];
	nv_free(mass);
	return NV_OK;
}

static void counting_release(counting *c)
{
	nv_free(c->slot);
	nv_free(c->idf);
	nv_free(c->column);
	nv_free(c->value);
	nv_subword_list_release(&c->list);
}

int nv_training_shares(nv_training *training, nv_error *err)
{
	const nv_vocab *vocab = &training->built->vocab.vocab;
	nv_range range = training->trainer->options.feature.subwords;
	counting c = {0};
	int code = NV_OK;
	nv_matrix_init(&training->share, 0);
	if (!training->subwords)
		return NV_OK;
	nv_subword_list_init(&c.list);
	for (uint32_t word = 0; word < vocab->n_word && code == NV_OK; word++)
		code = count_word(&c, vocab, word, range, err);
	for (uint32_t word = 0; word < vocab->n_word && code == NV_OK; word++)
		code = add_word(&c, vocab, word, range, training->built->idf, &training->share, err);
	training->share.n_column = c.n_column;
	training->subwords = c.n_column > 0;
	if (code == NV_OK && training->subwords)
		code = make_slots(&c, training->built, err);
	if (code == NV_OK && training->subwords)
		code = make_mean(training, err);
	counting_release(&c);
	if (code == NV_OK && training->subwords)
		code = nv_columns_init(&training->share_columns, &training->share, NULL, training->share.n_row,
		                       training->n_thread, NULL, err);
	return code;
}
