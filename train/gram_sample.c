/* SPDX-License-Identifier: Apache-2.0 */
#include "train/gram_sample.h"

#include "base/alloc.h"

#include <stdlib.h>

enum { SAMPLE = 500 };

/* value[n_gram] and gram[n_gram], the n-grams met, are scratch; all values are 0 before and after. */
typedef struct gram_row {
	double *value, *out;
	uint32_t *gram;
	size_t n;
} gram_row;

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static int add_sample(nv_gram_sample *sample, const nv_matrix *rows, size_t row, const nv_matrix *share, gram_row *g,
                      nv_error *err)
{
	g->n = 0;
	for (uint64_t j = rows->start[row]; j < rows->start[row + 1] && rows->term[j] < share->n_row; j++)
		for (uint64_t i = share->start[rows->term[j]]; i < share->start[rows->term[j] + 1]; i++) {
			uint32_t gram = share->term[i];
			if (g->value[gram] <= 0)
				g->gram[g->n++] = gram;
			g->value[gram] += (double)rows->value[j] * (double)share->value[i];
		}
	qsort(g->gram, g->n, sizeof *g->gram, by_number);
	for (size_t i = 0; i < g->n; i++) {
		g->out[i] = g->value[g->gram[i]];
		g->value[g->gram[i]] = 0;
	}
	return nv_matrix_add_row(&sample->gram, g->gram, g->out, g->n, err);
}

int nv_gram_sample_init(nv_gram_sample *sample, const nv_matrix *rows, const uint32_t *row, size_t n,
                        const nv_matrix *share, nv_error *err)
{
	size_t step = n > SAMPLE ? n / SAMPLE : 1;
	gram_row g = {nv_alloc_zero(share->n_column, sizeof *g.value), nv_alloc(share->n_column, sizeof *g.out),
	              nv_alloc(share->n_column, sizeof *g.gram), 0};
	nv_matrix_init(&sample->gram, share->n_column);
	sample->row = nv_alloc(n / step + 1, sizeof *sample->row);
	int code = g.value && g.out && g.gram && sample->row ? NV_OK : nv_fail_memory(err);
	for (size_t i = 0; i < n && code == NV_OK; i += step) {
		sample->row[sample->gram.n_row] = (uint32_t)i;
		code = add_sample(sample, rows, row ? row[i] : i, share, &g, err);
	}
	nv_free(g.value);
	nv_free(g.out);
	nv_free(g.gram);
	return code;
}

void nv_gram_sample_release(nv_gram_sample *sample)
{
	nv_matrix_release(&sample->gram);
	nv_free(sample->row);
	sample->row = NULL;
}
