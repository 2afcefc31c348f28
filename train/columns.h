/* SPDX-License-Identifier: Apache-2.0
 *
 * columns.h: rows of a sparse matrix rearranged by columns, for the two products that fitting repeats: X' v and X u, for a block of up to
 * NV_MAX_WIDTH labels side by side.
 *
 * The rows are cut into stretches of so few that their numbers fit two bytes and that what a product touches at random, one short vector a
 * row, stays in the second-level cache; all else is read and written from front to back. By rows, the touched
 * vectors would be the columns', of which text has many more.
 *
 * Vectors are single precision, [n][width], aligned to 64 bytes, width a power of two. A stretch's sums are in the order of rows (X' v) or
 * columns (X u), those of stretches are added in their order, and each label has sums of its own, so that the same input gives the
 * same bits however labels are put together.
 *
 * Call order: nv_columns_init -> products, from any number of threads -> nv_columns_release.
 */
#ifndef NV_TRAIN_COLUMNS_H
#define NV_TRAIN_COLUMNS_H

#include "base/parallel.h"
#include "data/matrix.h"
#include "train/solver.h"

enum { NV_STRETCH_ROWS = (3 << 18) / (NV_MAX_WIDTH * 4) /* at most: 0.75 MB of vectors */ };

/* The entries of a column in one stretch begin where those of the run before end. */
typedef struct nv_column_run {
	uint32_t column, end; /* end: from the stretch's first entry */
} nv_column_run;

typedef struct nv_stretch {
	size_t first_row, n_row;
	uint64_t first_entry;
	size_t first_run, n_run; /* runs by rising column */
} nv_stretch;

typedef struct nv_columns {
	size_t n_row, n_column;
	nv_stretch *stretch; /* [n_stretch] */
	size_t n_stretch;
	nv_column_run *run; /* [n_run] */
	size_t n_run, cap_run;
	uint16_t *row; /* [entries, and some zeros, which the kernels read ahead] from the stretch's first row */
	float *value;  /* [entries] */
} nv_columns;

/* subset[n]: row numbers of the matrix, which become rows 0 .. n - 1; NULL: its first n. n_thread, 1 or more, changes nothing but
 * the time that it takes. ticker may be NULL. */
int nv_columns_init(nv_columns *columns, const nv_matrix *matrix, const uint32_t *subset, size_t n, size_t n_thread,
                    nv_ticker *ticker, nv_error *err);
void nv_columns_release(nv_columns *columns);

/* out[end - first][width] = X' v for columns first .. end - 1. ticker may be NULL. */
int nv_columns_sums(const nv_columns *columns, size_t first, size_t end, const float *v, size_t width, float *out,
                    nv_ticker *ticker, nv_error *err);
/* out[n_row][width] += X u, of columns first .. end - 1, whose weights are u[end - first][width]. */
int nv_columns_add(const nv_columns *columns, size_t first, size_t end, const float *u, size_t width, float *out,
                   nv_ticker *ticker, nv_error *err);

/* The stretch's first run of a column not below `column`, counted from its first; n_run: none. */
size_t nv_columns_find_run(const nv_columns *columns, const nv_stretch *stretch, size_t column);

/* Reads columns one by one, by rising number, each stretch's part of it once. `next` is the caller's array [n_stretch], zeroed. */
typedef struct nv_column_reader {
	const nv_columns *columns;
	size_t *next; /* run of each stretch */
} nv_column_reader;

typedef struct nv_column_part {
	size_t first_row; /* what `row` counts from */
	const uint16_t *row;
	const float *value;
	size_t n;
} nv_column_part;

/* The part of `column` in stretch number k; n 0: none. */
static inline nv_column_part nv_column_read(const nv_column_reader *reader, size_t column, size_t k)
{
	const nv_columns *c = reader->columns;
	const nv_stretch *s = &c->stretch[k];
	const nv_column_run *run = c->run + s->first_run + reader->next[k];
	if (reader->next[k] == s->n_run || run->column != column)
		return (nv_column_part){0, NULL, NULL, 0};
	size_t from = reader->next[k]++ > 0 ? run[-1].end : 0;
	return (nv_column_part){s->first_row, c->row + s->first_entry + from, c->value + s->first_entry + from,
	                        run->end - from};
}

#endif
