/* SPDX-License-Identifier: Apache-2.0 */
#include "train/thresholds.h"

#include "base/alloc.h"

#include <stdlib.h>

/* Articles of a label at which its own threshold and the common one weigh the same; docs/accuracy.md. */
static const double SHRINKAGE = 10;

typedef struct scored {
	double p;
	uint8_t gold;
} scored;

static int by_falling_p(const void *a, const void *b)
{
	const scored *x = a, *y = b;
	return (x->p < y->p) - (x->p > y->p);
}

/* s[n] by falling p. */
static double best_cut(const scored *s, size_t n, size_t positive)
{
	double best = 0, threshold = 0.5;
	size_t hit = 0;
	for (size_t i = 0; i < n; i++) {
		hit += s[i].gold;
		if (i + 1 < n && !(s[i + 1].p < s[i].p))
			continue;
		double f1 = 2 * (double)hit / (double)(i + 1 + positive);
		if (f1 > best) {
			best = f1;
			threshold = i + 1 < n ? 0.5 * (s[i].p + s[i + 1].p) : s[i].p;
		}
	}
	return threshold;
}

int nv_best_f1_threshold(size_t n, size_t stride, const double *p, const uint8_t *gold, double *threshold, nv_error *err)
{
	scored *s = nv_alloc(n, sizeof *s);
	size_t positive = 0;
	if (!s)
		return nv_fail_memory(err);
	for (size_t i = 0; i < n; i++) {
		s[i] = (scored){p[i * stride], gold[i * stride] != 0};
		positive += s[i].gold;
	}
	qsort(s, n, sizeof *s, by_falling_p);
	*threshold = best_cut(s, n, positive);
	nv_free(s);
	return NV_OK;
}

static size_t count_positives(size_t n, size_t stride, const uint8_t *gold)
{
	size_t positive = 0;
	for (size_t i = 0; i < n; i++)
		positive += gold[i * stride] != 0;
	return positive;
}

int nv_f1_thresholds(size_t n, size_t n_label, const double *p, const uint8_t *gold, double *threshold, nv_error *err)
{
	double common, own;
	int code = nv_best_f1_threshold(n * n_label, 1, p, gold, &common, err);
	for (size_t l = 0; l < n_label && code == NV_OK; l++) {
		double positive = (double)count_positives(n, n_label, gold + l), weight = positive / (positive + SHRINKAGE);
		code = nv_best_f1_threshold(n, n_label, p + l, gold + l, &own, err);
		if (code == NV_OK)
			threshold[l] = weight * own + (1 - weight) * common;
	}
	return code;
}
