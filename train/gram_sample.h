/* SPDX-License-Identifier: Apache-2.0
 *
 * gram_sample.h: the character n-grams of some rows, on which spread.h measures the mean square length of an article's n-grams.
 */
#ifndef NV_TRAIN_GRAM_SAMPLE_H
#define NV_TRAIN_GRAM_SAMPLE_H

#include "data/matrix.h"

/* SAMPLE rows or some more, up to twice as many, evenly spaced; all, of fewer. */
typedef struct nv_gram_sample {
	nv_matrix gram; /* [n_sample][n_gram] */
	uint32_t *row;  /* [n_sample] of the problem, ascending */
} nv_gram_sample;

/* Of rows row[n] (NULL: the first n) of a matrix whose words have the n-grams share[n_word][n_gram]. Release in any case. */
int nv_gram_sample_init(nv_gram_sample *sample, const nv_matrix *rows, const uint32_t *row, size_t n,
                        const nv_matrix *share, nv_error *err);
void nv_gram_sample_release(nv_gram_sample *sample);

#endif
