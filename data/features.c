/* SPDX-License-Identifier: Apache-2.0
 *
 * A row is counted by sorting: every occurrence becomes its term's number, marked if it is in the title, a radix sort
 * brings equal ones together, and one pass over them counts each term. That needs no array of the vocabulary's size,
 * stays in the first-level cache for an article of ordinary length, and gives the terms by rising id.
 * Which terms come again is as good as chance to the processor, so these loops have no branch that depends on it.
 */
#include "data/features.h"

#include "base/alloc.h"
#include "base/numeric.h"
#include "base/search.h"
#include "data/radix.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define TF_TABLE 256
#define IN_TITLE (UINT32_C(1) << 31) /* of a key; terms are below NV_MAX_TERM */
#define AHEAD 16                     /* occurrences between a prefetch and its use */

double nv_idf(uint64_t n_document, uint64_t df)
{
	return 1.0 + nv_log((1.0 + (double)n_document) / (1.0 + (double)df));
}

void nv_features_idf(const nv_vocab *vocab, double *idf)
{
	for (uint32_t term = 0; term < vocab->n_term; term++) {
		if (term > 0 && vocab->df[term] == vocab->df[term - 1]) /* terms lie by falling df */
			idf[term] = idf[term - 1];
		else
			idf[term] = nv_idf(vocab->n_document, vocab->df[term]);
	}
}

/* What a term is worth but for its idf. A title's weight below 1/e would make 1 + ln tf negative: such a count is as
 * good as none. */
static double weigh(int weighting, double tf)
{
	if (tf <= 0.0)
		return 0.0;
	if (weighting == NV_WEIGHT_BINARY)
		return 1.0;
	if (weighting == NV_WEIGHT_COUNT)
		return tf;
	double value = 1.0 + nv_log(tf);
	return value > 0.0 ? value : 0.0;
}

struct nv_feature_scratch {
	uint32_t *key, *other; /* [n_key] occurrences, term or term | IN_TITLE; [cap] each */
	size_t n_key, cap;
	uint32_t *gram; /* [cap_gram] n-grams that begin at each word of a stretch */
	size_t cap_gram;
	double whole[NV_WEIGHT_TFIDF + 1][TF_TABLE]; /* weigh, by weighting, of a whole number of occurrences */
};

int nv_feature_scratch_new(nv_feature_scratch **out, nv_error *err)
{
	nv_feature_scratch *scratch = nv_alloc_zero(1, sizeof *scratch);
	if (!scratch)
		return nv_fail_memory(err);
	for (int weighting = NV_WEIGHT_COUNT; weighting <= NV_WEIGHT_TFIDF; weighting++) {
		for (int tf = 1; tf < TF_TABLE; tf++)
			scratch->whole[weighting][tf] = weigh(weighting, tf);
	}
	*out = scratch;
	return 0;
}

void nv_feature_scratch_free(nv_feature_scratch *scratch)
{
	if (!scratch)
		return;
	nv_free(scratch->key);
	nv_free(scratch->other);
	nv_free(scratch->gram);
	nv_free(scratch);
}

void nv_row_init(nv_row *row)
{
	*row = (nv_row){.scale = 1.0};
}

void nv_row_release(nv_row *row)
{
	if (!row)
		return;
	nv_free(row->term);
	nv_free(row->value);
	nv_row_init(row);
}

/* ---- Occurrences ---- */

static bool grow_pair(uint32_t **a, uint32_t **b, size_t *cap, size_t need)
{
	size_t cap_a = *cap, cap_b = *cap;
	if (!nv_grow(a, &cap_a, need, sizeof **a) || !nv_grow(b, &cap_b, need, sizeof **b))
		return false;
	*cap = cap_b;
	return true;
}

static void add_keys(nv_feature_scratch *s, const uint32_t *term, size_t n, uint32_t mark)
{
	uint32_t *key = s->key;
	size_t at = s->n_key;
	for (size_t i = 0; i < n; i++) {
		key[at] = term[i] | mark;
		at += term[i] != NV_NO_TERM;
	}
	s->n_key = at;
}

/* The words and n-grams of one stretch, across which n-grams may run. */
static bool add_stretch(const nv_vocab *vocab, nv_feature_scratch *s, const uint32_t *word, size_t n, uint32_t mark)
{
	size_t longest = vocab->max_n < n ? vocab->max_n : n, most, need;
	if (n == 0)
		return true;
	if (!nv_mul_size(n, longest, &most) || !nv_add_size(s->n_key, most + 1, &need) ||
	    !grow_pair(&s->key, &s->other, &s->cap, need) || !nv_grow(&s->gram, &s->cap_gram, n, sizeof *s->gram))
		return false;
	if (vocab->min_n == 1)
		add_keys(s, word, n, mark);
	if (longest > 1)
		memcpy(s->gram, word, n * sizeof *word);
	for (size_t len = 2; len <= longest; len++) {
		size_t n_gram = n - len + 1;
		nv_vocab_extend(vocab, word + len - 1, n_gram, s->gram);
		if (len >= vocab->min_n)
			add_keys(s, s->gram, n_gram, mark);
	}
	return true;
}

static bool is_about(const nv_view *view, uint32_t word)
{
	size_t at = nv_first_from(view->about, view->n_about, word);
	return at < view->n_about && view->about[at] == word;
}

bool nv_view_mentions(const nv_view *view, const uint32_t *word, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (is_about(view, word[i]))
			return true;
	}
	return false;
}

/* The text's sentences that hold an about word; those that follow each other make one stretch. */
static bool add_about(const nv_vocab *vocab, nv_feature_scratch *s, const nv_view *view, const nv_document *d)
{
	/* cppcheck-suppress duplicateAssignExpression ; an empty stretch begins and ends in one place */
	size_t from = d->n_title, to = d->n_title; /* the stretch under way */
	for (size_t k = 0; k < d->n_sentence; k++) {
		size_t start = d->sentence[k], end = k + 1 < d->n_sentence ? d->sentence[k + 1] : d->n;
		if (start < d->n_title || !nv_view_mentions(view, d->word + start, end - start))
			continue;
		if (start != to) {
			if (!add_stretch(vocab, s, d->word + from, to - from, 0))
				return false;
			from = start;
		}
		to = end;
	}
	return add_stretch(vocab, s, d->word + from, to - from, 0);
}

static bool add_document(const nv_vocab *vocab, nv_feature_scratch *s, const nv_view *view, const nv_document *d)
{
	s->n_key = 0;
	if (!add_stretch(vocab, s, d->word, d->n_title, IN_TITLE))
		return false;
	if (view && view->n_about > 0)
		return add_about(vocab, s, view, d);
	return add_stretch(vocab, s, d->word + d->n_title, d->n - d->n_title, 0);
}

/* ---- Weighing ---- */

/* As weigh, of n_text occurrences in the text and n_title in the title; whole is s->whole of the weighting. */
static inline double value_of(const nv_features *f, const double *whole, uint32_t n_text, uint32_t n_title)
{
	if (n_title == 0 && n_text < TF_TABLE)
		return whole[n_text];
	double tf = (double)n_text + f->title_weight * (double)n_title;
	bool listed = tf < TF_TABLE && tf == (double)(int)tf;
	return listed ? whole[(int)tf] : weigh(f->weighting, tf);
}

/* Counts equal keys, which are sorted, into terms and values; terms of weight 0 are left out. Every key writes an entry, and
 * the next one writes over it unless a term ends there. */
static void fill_row(const nv_features *f, const nv_feature_scratch *s, nv_row *row)
{
	const double *whole = s->whole[f->weighting];
	const uint32_t *key = s->key;
	uint32_t *term = row->term, n_title = 0, n_text = 0;
	double *value = row->value;
	size_t n = 0, n_key = s->n_key;
	for (size_t i = 0; i < n_key; i++) {
		uint32_t own = key[i] & ~IN_TITLE, next = i + 1 < n_key ? key[i + 1] & ~IN_TITLE : NV_NO_TERM;
		uint32_t in_title = key[i] >> 31, ends = own != next;
		n_title += in_title;
		n_text += 1 - in_title;
		double worth = value_of(f, whole, n_text, n_title);
		term[n] = own;
		value[n] = worth;
		n += ends & (worth > 0.0);
		n_title &= ends - 1;
		n_text &= ends - 1;
	}
	row->n = n;
}

static void multiply_by_idf(const double *idf, nv_row *row)
{
	for (size_t i = 0; i < row->n && i < AHEAD; i++)
		__builtin_prefetch(&idf[row->term[i]]);
	for (size_t i = 0; i < row->n; i++) {
		if (i + AHEAD < row->n)
			__builtin_prefetch(&idf[row->term[i + AHEAD]]);
		row->value[i] *= idf[row->term[i]];
	}
}

static void normalize_row(nv_row *row)
{
	double sum = 0.0;
	for (size_t i = 0; i < row->n; i++)
		sum += row->value[i] * row->value[i];
	row->scale = sum > 0.0 ? 1.0 / sqrt(sum) : 1.0;
	for (size_t i = 0; i < row->n; i++)
		row->value[i] *= row->scale;
}

static bool grow_row(nv_row *row, size_t need)
{
	size_t cap_term = row->cap, cap_value = row->cap;
	if (!nv_grow(&row->term, &cap_term, need, sizeof *row->term) ||
	    !nv_grow(&row->value, &cap_value, need, sizeof *row->value))
		return false;
	row->cap = cap_value;
	return true;
}

/* Of the highest term; marks do not count. */
static unsigned bits_of(uint32_t n_term)
{
	return n_term > 1 ? 32u - (unsigned)__builtin_clz(n_term - 1) : 0;
}

int nv_features_count(const nv_features *features, const nv_view *view, const nv_document *document,
                      nv_feature_scratch *scratch, nv_row *row, nv_error *err)
{
	if (!add_document(features->vocab, scratch, view, document) || !grow_row(row, scratch->n_key + 1))
		return nv_fail_memory(err);
	nv_radix_sort(&scratch->key, &scratch->other, scratch->n_key, bits_of(features->vocab->n_term));
	fill_row(features, scratch, row);
	return 0;
}

void nv_features_weigh(const nv_features *features, nv_row *row)
{
	if (features->weighting == NV_WEIGHT_TFIDF && features->idf)
		multiply_by_idf(features->idf, row);
	row->scale = 1.0;
	if (features->normalize)
		normalize_row(row);
}

int nv_features_row(const nv_features *features, const nv_view *view, const nv_document *document,
                    nv_feature_scratch *scratch, nv_row *row, nv_error *err)
{
	int code = nv_features_count(features, view, document, scratch, row, err);
	if (code == 0)
		nv_features_weigh(features, row);
	return code;
}
