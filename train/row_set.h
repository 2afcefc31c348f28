/* SPDX-License-Identifier: Apache-2.0
 *
 * row_set.h: different rows of floats, numbered by first appearance. Rows are equal if their bytes are.
 *
 * Call order: nv_row_set_init -> nv_row_set_add for each row -> read row -> nv_row_set_release. One thread.
 */
#ifndef NV_TRAIN_ROW_SET_H
#define NV_TRAIN_ROW_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct nv_row_set {
	size_t width;
	float *row; /* [n][width] */
	size_t n, cap;
	uint32_t *slot; /* [n_slot] number of a row + 1, 0: empty; at most half full */
	size_t n_slot;
} nv_row_set;

void nv_row_set_init(nv_row_set *set, size_t width);
void nv_row_set_release(nv_row_set *set);
/* The number of row[width], added unless it is there. False: out of memory. */
bool nv_row_set_add(nv_row_set *set, const float *row, uint32_t *number);

#endif
