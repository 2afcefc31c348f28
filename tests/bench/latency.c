/* SPDX-License-Identifier: Apache-2.0
 *
 * latency MODEL TEXT: microseconds that the library takes for one article, no batch: the words of TEXT (a plain file) in stretches of 300,
 * each an article of its own, round after round. Prints the median over articles of the least time of an article, and how many
 * times memory was asked for after the first round.
 */
#include "newsvane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORDS = 300, MOST = 2000, ROUNDS = 9, TEXT_MAX = 1 << 26 };

static unsigned long n_asked;

static void *resize(void *user, void *ptr, size_t size)
{
	(void)user;
	n_asked++;
	return realloc(ptr, size);
}

static void release(void *user, void *ptr)
{
	(void)user;
	free(ptr);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

static void need(int code, const nv_error *err)
{
	char text[1024];
	if (code == NV_OK)
		return;
	fprintf(stderr, "latency: %s\n", nv_error_format(err, text, sizeof text));
	exit(3);
}

/* Stretches of WORDS words into article[]; returns how many. */
static size_t cut(const char *text, size_t len, nv_str *article)
{
	size_t n = 0, start = 0, words = 0;
	for (size_t i = 1; i < len && n < MOST; i++) {
		bool ends = (unsigned char)text[i] <= ' ' && (unsigned char)text[i - 1] > ' ';
		words += ends;
		if (!ends || words < WORDS)
			continue;
		article[n++] = (nv_str){text + start, i - start};
		start = i;
		words = 0;
	}
	return n;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void measure(const nv_model *model, const nv_str *article, size_t n)
{
	static double least[MOST];
	nv_error err = {0};
	nv_scratch *scratch;
	nv_result *result;
	unsigned long before = 0;
	need(nv_scratch_new(&scratch, model, &err), &err);
	need(nv_result_new(&result, model, &err), &err);
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < n; i++) {
			const nv_article one = {.text = article[i]};
			double start = now();
			need(nv_classify(model, &one, scratch, result, &err), &err);
			double time = now() - start;
			if (round == 0 || time < least[i])
				least[i] = time;
		}
		if (round == 0)
			before = n_asked;
	}
	qsort(least, n, sizeof *least, by_value);
	printf("one article of %d words: %.1f us (median of %zu), %lu allocations after the first round\n", WORDS,
	       least[n / 2], n, n_asked - before);
	nv_result_free(result);
	nv_scratch_free(scratch);
}

int main(int argc, char **argv)
{
	static nv_str article[MOST];
	const nv_allocator counting = {resize, release, NULL};
	nv_error err = {0};
	nv_model *model;
	FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
	char *text = malloc(TEXT_MAX);
	if (!file || !text) {
		fprintf(stderr, "usage: latency MODEL TEXT\n");
		return 2;
	}
	size_t n = cut(text, fread(text, 1, TEXT_MAX, file), article);
	fclose(file);
	nv_set_allocator(&counting);
	need(nv_model_open(&model, argv[1], &err), &err);
	if (n > 0)
		measure(model, article, n);
	nv_model_free(model);
	free(text);
	return n > 0 ? 0 : 3;
}
