/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "base/hash.h"
#include "tests/unit/check_main.h"
#include "tests/unit/corpus_maker.h"

#include <stdio.h>

#define N(array) (sizeof(array) / sizeof *(array))

static const char *const articles[] = {"big new chip law", "big new chip plant", "big new act of law", "a big act"};

typedef struct fixture {
	nv_corpus *corpus;
	nv_vocab_owned owned;
} fixture;

static fixture set_up(void)
{
	fixture f;
	f.corpus = make_corpus(articles, N(articles));
	f.owned = build_vocab(f.corpus, (nv_vocab_options){.min_n = 1, .max_n = 3, .min_df = 2});
	return f;
}

static void tear_down(fixture *f)
{
	nv_vocab_release(&f->owned);
	nv_corpus_free(f->corpus);
}

START_TEST(lookups_invert_texts)
{
	fixture f = set_up();
	const nv_vocab *v = &f.owned.vocab;
	uint32_t big = find_term(v, "big"), new = find_term(v, "new"), chip = find_term(v, "chip");
	uint32_t big_new = find_term(v, "big new");
	ck_assert_uint_eq(big, 0);
	ck_assert_uint_eq(new, 1);
	ck_assert_uint_eq(nv_vocab_gram(v, big, new), big_new);
	ck_assert_uint_eq(nv_vocab_gram(v, big_new, chip), find_term(v, "big new chip"));
	ck_assert_uint_eq(nv_vocab_gram(v, chip, new), NV_NO_TERM);
	ck_assert_uint_eq(nv_vocab_gram(v, NV_NO_TERM, new), NV_NO_TERM);
	ck_assert_uint_eq(find_term(v, "plant"), NV_NO_TERM);
	tear_down(&f);
}
END_TEST

START_TEST(many_lookups_equal_single_ones)
{
	fixture f = set_up();
	const nv_vocab *v = &f.owned.vocab;
	uint32_t word[60], gram[60];
	for (uint32_t i = 0; i < 60; i++) {
		word[i] = i % 7 == 6 ? NV_NO_TERM : i * 31 % v->n_word;
		gram[i] = i % 11 == 10 ? NV_NO_TERM : i * 17 % v->n_term;
	}
	for (size_t n = 0; n <= 60; n += 3) {
		uint32_t got[60];
		memcpy(got, gram, sizeof got);
		nv_vocab_extend(v, word, n, got);
		for (size_t i = 0; i < 60; i++)
			ck_assert_uint_eq(got[i], i < n ? nv_vocab_gram(v, gram[i], word[i]) : gram[i]);
	}
	tear_down(&f);
}
END_TEST

/* What the filter lets through is the same to a bit: it may take a pair for an n-gram, but never an n-gram for none. */
START_TEST(the_filter_loses_no_gram)
{
	enum { N_WORD = 200, N_PAIR = N_WORD * N_WORD };
	char text[16 * N_WORD];
	const char *const one[] = {text};
	size_t len = 0;
	for (int i = 0; i < N_WORD; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "w%d ", i * i % 61 + i);
	nv_corpus *corpus = make_corpus(one, 1);
	nv_vocab_owned owned = build_vocab(corpus, (nv_vocab_options){.min_n = 1, .max_n = 3, .min_df = 1});
	nv_vocab *v = &owned.vocab;
	static uint32_t word[N_PAIR], plain[N_PAIR], filtered[N_PAIR];
	uint32_t *filter, n_word = v->n_word, n = 0, found = 0;
	nv_error err = {0};
	for (uint32_t a = 0; a < v->n_term && n < N_PAIR; a++)
		for (uint32_t b = a % 3; b < n_word && n < N_PAIR; b += 3, n++) {
			word[n] = n % 101 == 7 ? NV_NO_TERM : b;
			plain[n] = filtered[n] = n % 103 == 9 ? NV_NO_TERM : a;
		}
	nv_vocab_extend(v, word, n, plain);
	ck_assert_int_eq(nv_vocab_filter_new(v, &filter, &err), 0);
	ck_assert_ptr_eq(filter, v->gram_filter);
	nv_vocab_extend(v, word, n, filtered);
	for (uint32_t i = 0; i < n; i++) {
		ck_assert_uint_eq(filtered[i], plain[i]);
		found += plain[i] != NV_NO_TERM;
	}
	ck_assert_uint_gt(found, 50);
	nv_free(filter);
	nv_vocab_release(&owned);
	nv_corpus_free(corpus);
}
END_TEST

START_TEST(words_alone_need_no_filter)
{
	nv_corpus *corpus = make_corpus(articles, N(articles));
	nv_vocab_owned owned = build_vocab(corpus, (nv_vocab_options){.min_n = 1, .max_n = 1, .min_df = 1});
	nv_vocab hashing = {.hash_bits = 12, .n_term = 1 << 12, .min_n = 1, .max_n = 2};
	uint32_t *filter;
	nv_error err = {0};
	ck_assert_int_eq(nv_vocab_filter_new(&owned.vocab, &filter, &err), 0);
	ck_assert_ptr_null(filter);
	ck_assert_int_eq(nv_vocab_filter_new(&hashing, &filter, &err), 0);
	ck_assert_ptr_null(filter);
	nv_vocab_release(&owned);
	nv_corpus_free(corpus);
}
END_TEST

START_TEST(hashing_names_buckets)
{
	nv_vocab v = {.hash_bits = 12, .n_term = 1 << 12, .min_n = 1, .max_n = 2};
	nv_token token = {nv_hash("law", 3), 0, 3};
	nv_error err = {0};
	nv_buf text = NV_BUF_INIT;
	uint32_t id;
	nv_vocab_words(&v, &token, 1, &id);
	ck_assert_uint_eq(id, token.hash & 0xFFF);
	ck_assert_uint_eq(nv_vocab_gram(&v, id, 5), nv_hash_pair(id, 5) & 0xFFF);
	ck_assert_int_eq(nv_vocab_check(&v, &err), 0);
	nv_vocab_term_text(&v, 77, &text);
	ck_assert_str_eq(nv_buf_cstr(&text), "#77");
	nv_buf_release(&text);
}
END_TEST

static int check_all(const nv_vocab *v, uint64_t text_len, nv_error *err)
{
	int code = nv_vocab_check(v, err);
	return code < 0 ? code : nv_vocab_check_texts(v, text_len, err);
}

/* Each change of a good vocabulary's arrays (which are in writable memory of its own) or sizes is found. */
START_TEST(damage_is_found)
{
	enum { WORD_ID, FULL, GRAM_ID, PREFIX, LAST_WORD, TEXT_ORDER, TEXT_END, SIZES, MASK, LENGTHS, N_DAMAGE };
	for (int damage = 0; damage < N_DAMAGE; damage++) {
		fixture f = set_up();
		nv_vocab *v = &f.owned.vocab;
		nv_error err = {0};
		uint64_t text_len = v->text_start[v->n_word];
		nv_word_slot word_slot[64];
		nv_gram_slot gram_slot[64];
		uint32_t prefix[64], last[64];
		uint64_t text_start[64];
		ck_assert(v->word_mask < 64 && v->gram_mask < 64 && v->n_term < 63);
		ck_assert_int_eq(check_all(v, text_len, &err), 0);
		memcpy(word_slot, v->word_slot, (v->word_mask + 1) * sizeof *word_slot);
		memcpy(gram_slot, v->gram_slot, (v->gram_mask + 1) * sizeof *gram_slot);
		memcpy(prefix, v->gram_prefix, (v->n_term - v->n_word) * sizeof *prefix);
		memcpy(last, v->gram_word, (v->n_term - v->n_word) * sizeof *last);
		memcpy(text_start, v->text_start, (v->n_word + 1) * sizeof *text_start);
		v->word_slot = word_slot;
		v->gram_slot = gram_slot;
		v->gram_prefix = prefix;
		v->gram_word = last;
		v->text_start = text_start;
		for (uint64_t i = 0; i <= v->word_mask; i++) {
			if (damage == FULL || (damage == WORD_ID && word_slot[i].id == 0))
				word_slot[i].id = damage == FULL ? 0 : v->n_word;
		}
		for (uint64_t i = 0; damage == GRAM_ID && i <= v->gram_mask; i++)
			gram_slot[i].id = gram_slot[i].prefix == NV_NO_TERM ? NV_NO_TERM : 0;
		if (damage == PREFIX)
			prefix[0] = v->n_word;
		if (damage == LAST_WORD)
			last[0] = v->n_word;
		if (damage == TEXT_ORDER)
			text_start[1] = text_start[2] + 1;
		v->n_term = damage == SIZES ? NV_MAX_TERM + 1 : v->n_term;
		v->word_mask = damage == MASK ? 5 : v->word_mask;
		v->max_n = damage == LENGTHS ? 0 : v->max_n;
		ck_assert_int_eq(check_all(v, text_len - (damage == TEXT_END), &err), NV_E_MODEL);
		tear_down(&f);
	}
}
END_TEST

static Suite *vocab_suite(void)
{
	Suite *suite = suite_create("vocab");
	NV_CASE(suite, "Core", lookups_invert_texts, many_lookups_equal_single_ones, the_filter_loses_no_gram,
	        words_alone_need_no_filter, hashing_names_buckets);
	NV_CASE(suite, "Errors", damage_is_found);
	return suite;
}

NV_CHECK_MAIN(vocab_suite)
