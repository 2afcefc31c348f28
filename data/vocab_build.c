/* SPDX-License-Identifier: Apache-2.0
 *
 * Counts words, then n-grams length by length (gram_count.c), then merges the lengths by falling frequency, shorter
 * first among equals: cutting that order anywhere keeps every n-gram's prefix and last word (vocab.h).
 */
#include "base/alloc.h"
#include "data/gram_count.h"
#include "data/vocab_hashed.h"

#include <string.h>

typedef struct ranked {
	uint64_t first; /* the word's first 8 bytes, big-endian: most comparisons end here */
	uint32_t df;
	uint32_t number; /* corpus's */
} ranked;

typedef struct builder {
	const nv_corpus *corpus;
	const nv_vocab_options *options;
	ranked *word; /* [n_word] kept, in the vocabulary's order */
	size_t n_word;
	uint32_t *word_map; /* corpus's word number -> place in word */
	nv_gram_counter grams;
	size_t level_end[NV_MAX_NGRAM + 1]; /* of grams.gram, by length */
	uint32_t *order;                    /* [grams.n_gram] place among the kept n-grams; NV_NO_TERM: cut off */
	size_t kept_words, kept_grams;
} builder;

/* ---- Words ---- */

static nv_str word_text(const nv_corpus *corpus, uint32_t number)
{
	uint64_t start = corpus->text_start[number];
	return (nv_str){corpus->text.ptr + start, (size_t)(corpus->text_start[number + 1] - start)};
}

static uint64_t first_bytes(nv_str word)
{
	uint64_t value = 0;
	for (size_t i = 0; i < 8; i++)
		value = value << 8 | (i < word.len ? (unsigned char)word.ptr[i] : 0u);
	return value;
}

static bool before(const nv_corpus *corpus, const ranked *a, const ranked *b)
{
	if (a->df != b->df)
		return a->df > b->df;
	if (a->first != b->first)
		return a->first < b->first;
	return nv_str_cmp(word_text(corpus, a->number), word_text(corpus, b->number)) < 0;
}

static void merge(const nv_corpus *corpus, const ranked *from, size_t low, size_t middle, size_t high, ranked *to)
{
	size_t a = low, b = middle;
	for (size_t i = low; i < high; i++) {
		bool second = a == middle || (b < high && before(corpus, &from[b], &from[a]));
		to[i] = second ? from[b++] : from[a++];
	}
}

/* Merge sort from runs of 1 up; returns the array, of the two, that holds the result. */
static ranked *sort_words(const nv_corpus *corpus, ranked *word, ranked *other, size_t n)
{
	for (size_t width = 1; width < n; width *= 2) {
		for (size_t low = 0; low < n; low += 2 * width) {
			size_t middle = low + width < n ? low + width : n, high = low + 2 * width < n ? low + 2 * width : n;
			merge(corpus, word, low, middle, high, other);
		}
		ranked *sorted = other;
		other = word;
		word = sorted;
	}
	return word;
}

/* df[n_word] over the rows; last[n_word] is scratch, all NV_NO_TERM. */
static void count_words(const nv_corpus *corpus, const uint32_t *rows, size_t n_row, uint32_t *df, uint32_t *last)
{
	for (size_t row = 0; row < n_row; row++) {
		const nv_corpus_article *a = &corpus->article[rows ? rows[row] : row];
		for (uint64_t i = a->start; i < a[1].start; i++) {
			uint32_t word = corpus->token[i] & NV_WORD_BITS;
			df[word] += last[word] != (uint32_t)row;
			last[word] = (uint32_t)row;
		}
	}
}

static uint64_t feature_limit(const nv_vocab_options *options)
{
	return options->max_features ? options->max_features : NV_MAX_TERM;
}

/* Sorts the words with min_df into b->word, at most max_features, and fills the map. */
static bool keep_words(builder *b, const uint32_t *df)
{
	size_t n = 0;
	for (size_t i = 0; i < b->corpus->n_word; i++)
		n += df[i] >= b->options->min_df;
	ranked *word = nv_alloc(n, sizeof *word), *other = nv_alloc(n, sizeof *other);
	if (!word || !other) {
		nv_free(word);
		nv_free(other);
		return false;
	}
	n = 0;
	for (uint32_t i = 0; i < b->corpus->n_word; i++) {
		if (df[i] >= b->options->min_df)
			word[n++] = (ranked){first_bytes(word_text(b->corpus, i)), df[i], i};
	}
	b->word = sort_words(b->corpus, word, other, n);
	nv_free(b->word == word ? other : word);
	b->n_word = n < feature_limit(b->options) ? n : (size_t)feature_limit(b->options);
	for (size_t i = 0; i < b->n_word; i++)
		b->word_map[b->word[i].number] = (uint32_t)i;
	return true;
}

static bool choose_words(builder *b, const uint32_t *rows, size_t n_row)
{
	size_t n = b->corpus->n_word;
	uint32_t *df = nv_alloc_zero(n, sizeof *df);
	b->word_map = nv_alloc(n, sizeof *b->word_map);
	bool ok = df && b->word_map;
	if (ok) {
		memset(b->word_map, 0xFF, n * sizeof *b->word_map);
		count_words(b->corpus, rows, n_row, df, b->word_map);
		memset(b->word_map, 0xFF, n * sizeof *b->word_map);
		ok = keep_words(b, df);
	}
	nv_free(df);
	return ok;
}

/* ---- N-grams ---- */

static int choose_grams(builder *b, nv_error *err)
{
	b->grams.word_map = b->word_map;
	b->grams.n_word = (uint32_t)b->n_word;
	b->grams.min_df = b->options->gram_min_df > b->options->min_df ? b->options->gram_min_df : b->options->min_df;
	for (size_t length = 2; length <= b->options->max_n; length++) {
		int code = nv_gram_count(&b->grams, length, feature_limit(b->options), err);
		if (code < 0)
			return code;
		b->level_end[length] = b->grams.n_gram;
	}
	return 0;
}

/* Places by merging the lengths, each sorted already, until max_features are taken. */
static bool order_terms(builder *b)
{
	size_t at[NV_MAX_NGRAM + 1] = {0}, left = b->n_word + b->grams.n_gram;
	if (left > feature_limit(b->options))
		left = (size_t)feature_limit(b->options);
	b->order = nv_alloc(b->grams.n_gram, sizeof *b->order);
	if (!b->order)
		return false;
	memset(b->order, 0xFF, b->grams.n_gram * sizeof *b->order);
	for (size_t length = 3; length <= b->options->max_n; length++)
		at[length] = b->level_end[length - 1];
	for (; left > 0; left--) {
		size_t best = 1;
		uint32_t best_df = b->kept_words < b->n_word ? b->word[b->kept_words].df : 0;
		for (size_t length = 2; length <= b->options->max_n; length++) {
			uint32_t df = at[length] < b->level_end[length] ? b->grams.gram[at[length]].df : 0;
			if (df > best_df) {
				best = length;
				best_df = df;
			}
		}
		if (best == 1)
			b->kept_words++;
		else
			b->order[at[best]++] = (uint32_t)b->kept_grams++;
	}
	return true;
}

/* ---- Flat arrays ---- */

typedef struct arrays {
	nv_word_slot *word_slot;
	nv_gram_slot *gram_slot;
	uint64_t *text_start;
	uint32_t *df, *gram_prefix, *gram_word;
	char *text;
} arrays;

/* Adds n of size bytes, rounded up to whole cache lines, to *total; returns where they start. */
static size_t place_array(size_t *total, size_t n, size_t size, bool *ok)
{
	size_t start = *total, bytes, end;
	*ok = *ok && nv_mul_size(n, size, &bytes) && nv_add_size(bytes, 63, &bytes) &&
	      nv_add_size(start, bytes / 64 * 64, &end);
	if (*ok)
		*total = end;
	return start;
}

static bool allocate(nv_vocab_owned *out, uint64_t text_len, arrays *a)
{
	nv_vocab *v = &out->vocab;
	size_t total = 0, n_gram = v->n_term - v->n_word;
	bool ok = true;
	size_t word_slot = place_array(&total, v->word_mask + 1, sizeof *a->word_slot, &ok);
	size_t gram_slot = place_array(&total, v->max_n > 1 ? v->gram_mask + 1 : 0, sizeof *a->gram_slot, &ok);
	size_t text_start = place_array(&total, (size_t)v->n_word + 1, sizeof *a->text_start, &ok);
	size_t df = place_array(&total, v->n_term, sizeof *a->df, &ok);
	size_t prefix = place_array(&total, n_gram, sizeof *a->gram_prefix, &ok);
	size_t word = place_array(&total, n_gram, sizeof *a->gram_word, &ok);
	size_t text = place_array(&total, text_len, 1, &ok);
	out->memory = ok ? nv_alloc_aligned(total, 1) : NULL;
	if (!out->memory)
		return false;
	unsigned char *base = out->memory;
	a->word_slot = (void *)(base + word_slot);
	a->gram_slot = (void *)(base + gram_slot);
	a->text_start = (void *)(base + text_start);
	a->df = (void *)(base + df);
	a->gram_prefix = (void *)(base + prefix);
	a->gram_word = (void *)(base + word);
	a->text = (char *)(base + text);
	return true;
}

static void fill_words(const builder *b, const nv_vocab *v, arrays *a)
{
	for (uint64_t i = 0; i <= v->word_mask; i++)
		a->word_slot[i] = (nv_word_slot){0, NV_NO_TERM, 0};
	uint64_t len = 0;
	for (uint32_t id = 0; id < v->n_word; id++) {
		uint32_t number = b->word[id].number;
		nv_str text = word_text(b->corpus, number);
		uint64_t hash = b->corpus->hash[number], at = hash & v->word_mask;
		while (a->word_slot[at].id != NV_NO_TERM)
			at = (at + 1) & v->word_mask;
		a->word_slot[at] = (nv_word_slot){hash, id, 0};
		a->df[id] = b->word[id].df;
		a->text_start[id] = len;
		memcpy(a->text + len, text.ptr, text.len);
		len += text.len;
	}
	a->text_start[v->n_word] = len;
}

/* A number of the counting as an id: words are the same, n-grams by their place. */
static uint32_t final_id(const builder *b, uint32_t number)
{
	return number < b->n_word ? number : (uint32_t)b->kept_words + b->order[number - b->n_word];
}

static void fill_grams(const builder *b, const nv_vocab *v, arrays *a)
{
	if (v->max_n > 1)
		nv_gram_slots_clear(a->gram_slot, v->gram_mask);
	for (size_t i = 0; i < b->grams.n_gram; i++) {
		if (b->order[i] == NV_NO_TERM)
			continue;
		const nv_gram *gram = &b->grams.gram[i];
		uint32_t at = b->order[i], prefix = final_id(b, gram->prefix);
		a->gram_prefix[at] = prefix;
		a->gram_word[at] = gram->word;
		a->df[v->n_word + at] = gram->df;
	}
	/* By rising id, so that frequent n-grams are found first. */
	for (uint32_t i = 0; i < v->n_term - v->n_word; i++)
		nv_gram_slots_add(a->gram_slot, v->gram_mask, a->gram_prefix[i], a->gram_word[i], v->n_word + i);
}

static uint64_t text_bytes(const builder *b)
{
	uint64_t len = 0;
	for (size_t i = 0; i < b->kept_words; i++)
		len += word_text(b->corpus, b->word[i].number).len;
	return len;
}

static bool assemble(const builder *b, nv_vocab_owned *out)
{
	arrays a;
	nv_vocab *v = &out->vocab;
	v->n_word = (uint32_t)b->kept_words;
	v->n_term = (uint32_t)(b->kept_words + b->kept_grams);
	for (v->word_mask = 16; v->word_mask < b->kept_words + b->kept_words / 2;)
		v->word_mask *= 2;
	v->word_mask--;
	v->gram_mask = v->max_n > 1 ? nv_gram_slots_for(b->kept_grams) - 1 : 0;
	if (!allocate(out, text_bytes(b), &a))
		return false;
	fill_words(b, v, &a);
	fill_grams(b, v, &a);
	v->word_slot = a.word_slot;
	v->gram_slot = v->max_n > 1 ? a.gram_slot : NULL;
	v->df = a.df;
	v->gram_prefix = a.gram_prefix;
	v->gram_word = a.gram_word;
	v->text_start = a.text_start;
	v->text = a.text;
	return true;
}

/* ---- Entry ---- */

static int build_counted(const nv_corpus *corpus, const uint32_t *rows, size_t n_row, const nv_vocab_options *options,
                         size_t n_thread, nv_vocab_owned *out, nv_error *err)
{
	builder b = {.corpus = corpus, .options = options};
	nv_gram_counter_init(&b.grams, corpus, rows, n_row, n_thread);
	int code = choose_words(&b, rows, n_row) ? choose_grams(&b, err) : nv_fail_memory(err);
	if (code == 0 && (!order_terms(&b) || !assemble(&b, out)))
		code = nv_fail_memory(err);
	nv_gram_counter_release(&b.grams);
	nv_free(b.word);
	nv_free(b.word_map);
	nv_free(b.order);
	return code;
}

static int check_options(const nv_vocab_options *o, nv_error *err)
{
	if (o->min_n < 1 || o->min_n > o->max_n || o->max_n > NV_MAX_NGRAM)
		return nv_fail(err, NV_E_USAGE, "ngrams takes A-B with 1 <= A <= B <= %d", NV_MAX_NGRAM);
	if (o->min_df < 1)
		return nv_fail(err, NV_E_USAGE, "min-df must be at least 1");
	if (o->hash_bits != 0 && (o->hash_bits < NV_MIN_HASH_BITS || o->hash_bits > NV_MAX_HASH_BITS))
		return nv_fail(err, NV_E_USAGE, "hash-bits must be 0 or from %d to %d", NV_MIN_HASH_BITS, NV_MAX_HASH_BITS);
	return 0;
}

int nv_corpus_build_vocab(const nv_corpus *corpus, const uint32_t *rows, size_t n_row, const nv_vocab_options *options,
                          size_t n_thread, nv_vocab_owned *out, nv_error *err)
{
	if (!rows)
		n_row = corpus->n_article;
	*out = (nv_vocab_owned){{0}, NULL};
	int code = check_options(options, err);
	if (code < 0)
		return code;
	out->vocab.min_n = options->min_n;
	out->vocab.max_n = options->max_n;
	out->vocab.hash_bits = options->hash_bits;
	out->vocab.n_document = n_row;
	code = options->hash_bits ? nv_vocab_count_hashed(corpus, rows, n_row, out, err)
	                          : build_counted(corpus, rows, n_row, options, n_thread, out, err);
	if (code < 0)
		nv_vocab_release(out);
	return code;
}

void nv_vocab_release(nv_vocab_owned *owned)
{
	if (!owned)
		return;
	nv_free_aligned(owned->memory);
	*owned = (nv_vocab_owned){{0}, NULL};
}
