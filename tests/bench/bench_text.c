/* SPDX-License-Identifier: Apache-2.0
 *
 * bench_text FILE: megabytes a second of processor time for each step from text to row, articles being the file's
 * stretches between form feeds (or the whole file). Best of several rounds; words and bigrams of two articles or more.
 */
#include "base/file.h"
#include "data/corpus.h"
#include "data/features.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_ROUND 7

typedef struct bench {
	nv_buf text;
	nv_str *article; /* [n] */
	size_t n;
	nv_tokenizer *tokenizer;
	nv_token_list tokens;
	nv_document document;
	nv_row row;
	size_t n_token, n_entry; /* of the last round */
} bench;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void die(int code, const nv_error *err)
{
	char text[1024];
	if (code >= 0)
		return;
	fprintf(stderr, "bench_text: %s\n", nv_error_format(err, text, sizeof text));
	exit(3);
}

static void cut_articles(bench *b)
{
	size_t start = 0;
	b->article = malloc((b->text.len + 1) * sizeof *b->article);
	for (size_t i = 0; i <= b->text.len; i++) {
		if (i < b->text.len && b->text.ptr[i] != '\f')
			continue;
		b->article[b->n++] = (nv_str){b->text.ptr + start, i - start};
		start = i + 1;
	}
}

static void report(const bench *b, const char *step, double seconds, double tokens)
{
	printf("%-28s %7.1f MB/s %7.1f ns/token\n", step, 1e-6 * (double)b->text.len / seconds, 1e9 * seconds / tokens);
}

/* How far the steps go in one round. */
enum { TOKENS, WORDS, ROW };

static double run(bench *b, int until, const nv_features *features, nv_feature_scratch *scratch)
{
	nv_error err = {0};
	double best = 1e9;
	for (int round = 0; round < N_ROUND; round++) {
		double start = now();
		b->n_token = b->n_entry = 0;
		for (size_t i = 0; i < b->n; i++) {
			die(nv_tokenize(b->tokenizer, (nv_str){NULL, 0}, b->article[i], &b->tokens, &err), &err);
			if (until >= WORDS)
				die(nv_document_from_tokens(&b->document, features->vocab, &b->tokens, &err), &err);
			if (until >= ROW)
				die(nv_features_row(features, NULL, &b->document, scratch, &b->row, &err), &err);
			b->n_token += b->tokens.n;
			b->n_entry += b->row.n;
		}
		double seconds = now() - start;
		best = seconds < best ? seconds : best;
	}
	return best;
}

static void bench_vocab(bench *b, nv_corpus *corpus, uint32_t max_n)
{
	nv_error err = {0};
	nv_vocab_owned owned;
	nv_vocab_options options = {.min_n = 1, .max_n = max_n, .min_df = 2};
	double start = now();
	die(nv_corpus_build_vocab(corpus, NULL, 0, &options, 1, &owned, &err), &err);
	printf("1-%u-grams: %u words, %u terms\n", max_n, owned.vocab.n_word, owned.vocab.n_term);
	report(b, "  build vocabulary", now() - start, (double)b->n_token);
	double *idf = malloc(owned.vocab.n_term * sizeof *idf);
	nv_features_idf(&owned.vocab, idf);
	nv_features features = {&owned.vocab, idf, NV_WEIGHT_TFIDF, 1.0, true};
	nv_feature_scratch *scratch;
	die(nv_feature_scratch_new(&scratch, &err), &err);
	report(b, "  tokens, words", run(b, WORDS, &features, scratch), (double)b->n_token);
	report(b, "  tokens, words, row", run(b, ROW, &features, scratch), (double)b->n_token);
	printf("  entries a token: %.2f\n", (double)b->n_entry / (double)b->n_token);
	nv_feature_scratch_free(scratch);
	free(idf);
	nv_vocab_release(&owned);
}

int main(int argc, char **argv)
{
	nv_error err = {0};
	bench b = {.text = NV_BUF_INIT};
	if (argc != 2) {
		fprintf(stderr, "usage: bench_text FILE\n");
		return 2;
	}
	die(nv_file_read(argv[1], (size_t)1 << 32, &b.text, &err), &err);
	cut_articles(&b);
	nv_token_options options = {.stemmer = "off", .stopwords = "off"};
	die(nv_tokenizer_new(&b.tokenizer, &options, NULL, &err), &err);
	nv_token_list_init(&b.tokens);
	nv_document_init(&b.document);
	nv_row_init(&b.row);
	double seconds = run(&b, TOKENS, NULL, NULL);
	printf("%zu articles, %zu tokens\n", b.n, b.n_token);
	report(&b, "tokens", seconds, (double)b.n_token);
	nv_corpus *corpus;
	die(nv_corpus_new(&corpus, &err), &err);
	double start = now();
	for (size_t i = 0; i < b.n; i++) {
		die(nv_tokenize(b.tokenizer, (nv_str){NULL, 0}, b.article[i], &b.tokens, &err), &err);
		die(nv_corpus_add(corpus, &b.tokens, &err), &err);
	}
	report(&b, "tokens, corpus", now() - start, (double)b.n_token);
	bench_vocab(&b, corpus, 1);
	bench_vocab(&b, corpus, 2);
	nv_corpus_free(corpus);
	nv_row_release(&b.row);
	nv_document_release(&b.document);
	nv_token_list_release(&b.tokens);
	nv_tokenizer_free(b.tokenizer);
	nv_buf_release(&b.text);
	free(b.article);
	return 0;
}
