/* SPDX-License-Identifier: Apache-2.0
 *
 * Built by a counting sort of each stretch's entries. The kernels are written for vectors of four floats, one to four of them a row, so
 * that every compiler keeps a column's labels in registers.
 */
#include "train/columns.h"

#include "base/alloc.h"

#include <string.h>

enum { STRETCH_BYTES = 3 << 18, STRETCH_ROWS = STRETCH_BYTES / (NV_MAX_WIDTH * 4), TICK_RUNS = 1 << 14 };

typedef float quad __attribute__((vector_size(16), may_alias));

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* ---- Building ---- */

static size_t matrix_row(const uint32_t *subset, size_t i)
{
	return subset ? subset[i] : i;
}

/* Entries of each column among the stretch's rows. */
static uint64_t count_entries(const nv_matrix *matrix, const uint32_t *subset, const nv_stretch *s, uint32_t *count)
{
	uint64_t n = 0;
	for (size_t i = s->first_row; i < s->first_row + s->n_row; i++) {
		size_t row = matrix_row(subset, i);
		for (uint64_t j = matrix->start[row]; j < matrix->start[row + 1]; j++)
			count[matrix->term[j]]++;
		n += matrix->start[row + 1] - matrix->start[row];
	}
	return n;
}

/* Runs from counts, which become the columns' first places. */
static bool add_runs(nv_columns *c, nv_stretch *s, uint32_t *count, bool *seen)
{
	size_t n = 0;
	for (size_t t = 0; t < c->n_column; t++)
		n += count[t] > 0;
	s->first_run = c->n_run;
	s->n_run = n;
	if (!nv_grow(&c->run, &c->cap_run, c->n_run + n + 1, sizeof *c->run))
		return false;
	uint32_t end = 0;
	for (size_t t = 0; t < c->n_column; t++) {
		uint32_t first = end;
		if (count[t] == 0)
			continue;
		end += count[t];
		c->run[c->n_run++] = (nv_column_run){(uint32_t)t, !seen[t], end & INT32_MAX};
		seen[t] = true;
		count[t] = first;
	}
	return true;
}

static void place_entries(nv_columns *c, const nv_matrix *matrix, const uint32_t *subset, const nv_stretch *s,
                          uint32_t *place)
{
	for (size_t i = 0; i < s->n_row; i++) {
		size_t row = matrix_row(subset, s->first_row + i);
		for (uint64_t j = matrix->start[row]; j < matrix->start[row + 1]; j++) {
			uint64_t at = s->first_entry + place[matrix->term[j]]++;
			c->row[at] = (uint16_t)i;
			c->value[at] = matrix->value[j];
		}
	}
}

static uint64_t entries_of(const nv_matrix *matrix, const uint32_t *subset, size_t n)
{
	uint64_t total = 0;
	for (size_t i = 0; i < n; i++)
		total += matrix->start[matrix_row(subset, i) + 1] - matrix->start[matrix_row(subset, i)];
	return total;
}

/* Stretches of equal length, or nearly. */
static void cut_stretches(nv_columns *c)
{
	for (size_t k = 0; k < c->n_stretch; k++) {
		size_t first = c->n_row * k / c->n_stretch, end = c->n_row * (k + 1) / c->n_stretch;
		c->stretch[k] = (nv_stretch){.first_row = first, .n_row = end - first};
	}
}

static int fill(nv_columns *c, const nv_matrix *matrix, const uint32_t *subset, nv_ticker *ticker, nv_error *err)
{
	uint32_t *count = nv_alloc(c->n_column, sizeof *count);
	bool *seen = nv_alloc_zero(c->n_column, sizeof *seen);
	uint64_t entry = 0;
	int code = count && seen ? NV_OK : nv_fail_memory(err);
	for (size_t k = 0; k < c->n_stretch && code == NV_OK; k++) {
		nv_stretch *s = &c->stretch[k];
		memset(count, 0, c->n_column * sizeof *count);
		s->first_entry = entry;
		uint64_t n = count_entries(matrix, subset, s, count);
		entry += n;
		if (n <= INT32_MAX && add_runs(c, s, count, seen))
			place_entries(c, matrix, subset, s, count);
		else
			code = nv_fail_memory(err);
		if (code == NV_OK && ticker)
			code = nv_tick(ticker, 0, err);
	}
	nv_free(count);
	nv_free(seen);
	return code;
}

int nv_columns_init(nv_columns *columns, const nv_matrix *matrix, const uint32_t *subset, size_t n, nv_ticker *ticker,
                    nv_error *err)
{
	*columns = (nv_columns){.n_row = n, .n_column = matrix->n_column};
	columns->n_stretch = (n + STRETCH_ROWS - 1) / STRETCH_ROWS;
	size_t entries = entries_of(matrix, subset, n);
	columns->stretch = nv_alloc(columns->n_stretch, sizeof *columns->stretch);
	columns->row = nv_alloc(entries, sizeof *columns->row);
	columns->value = nv_alloc(entries, sizeof *columns->value);
	if (!columns->stretch || !columns->row || !columns->value)
		return nv_fail_memory(err);
	cut_stretches(columns);
	return fill(columns, matrix, subset, ticker, err);
}

void nv_columns_release(nv_columns *columns)
{
	nv_free(columns->stretch);
	nv_free(columns->run);
	nv_free(columns->row);
	nv_free(columns->value);
	*columns = (nv_columns){0};
}

/* ---- Kernels: width floats ---- */

typedef struct labels {
	quad at[NV_MAX_WIDTH / 4];
} labels;

ALWAYS_INLINE labels load(const float *from, size_t width)
{
	labels x = {{{0}}};
	if (width < 4)
		for (size_t k = 0; k < width; k++)
			x.at[0][k] = from[k];
	else
		for (size_t k = 0; k < width / 4; k++)
			x.at[k] = ((const quad *)from)[k];
	return x;
}

ALWAYS_INLINE void store(float *to, const labels *x, size_t width)
{
	if (width < 4)
		for (size_t k = 0; k < width; k++)
			to[k] = x->at[0][k];
	else
		for (size_t k = 0; k < width / 4; k++)
			((quad *)to)[k] = x->at[k];
}

/* to + x * value */
ALWAYS_INLINE labels plus(labels to, labels x, float value, size_t width)
{
	for (size_t k = 0; k < (width + 3) / 4; k++)
		to.at[k] += value * x.at[k];
	return to;
}

ALWAYS_INLINE labels times(labels x, labels y, size_t width)
{
	for (size_t k = 0; k < (width + 3) / 4; k++)
		x.at[k] *= y.at[k];
	return x;
}

ALWAYS_INLINE void sum_runs(const nv_columns *c, const nv_stretch *s, size_t from, size_t to, const float *v,
                            size_t width, float *out)
{
	const nv_column_run *run = c->run + s->first_run;
	const uint16_t *row = c->row + s->first_entry;
	const float *value = c->value + s->first_entry;
	const labels zero = {{{0}}};
	uint32_t j = from > 0 ? run[from - 1].end : 0;
	for (size_t r = from; r < to; r++) {
		float *sum = out + run[r].column * width;
		labels part = zero;
		for (; j < run[r].end; j++)
			part = plus(part, load(v + row[j] * width, width), value[j], width);
		if (!run[r].first)
			part = plus(load(sum, width), part, 1, width);
		store(sum, &part, width);
	}
}

ALWAYS_INLINE void add_runs_to_rows(const nv_columns *c, const nv_stretch *s, size_t from, size_t to, const float *u,
                                    const float *by, size_t first_by, size_t width, float *out)
{
	const nv_column_run *run = c->run + s->first_run;
	const uint16_t *row = c->row + s->first_entry;
	const float *value = c->value + s->first_entry;
	uint32_t j = from > 0 ? run[from - 1].end : 0;
	for (size_t r = from; r < to; r++) {
		labels weight = load(u + run[r].column * width, width);
		if (by && run[r].column >= first_by)
			weight = times(weight, load(by + run[r].column * width, width), width);
		for (; j < run[r].end; j++) {
			labels sum = plus(load(out + row[j] * width, width), weight, value[j], width);
			store(out + row[j] * width, &sum, width);
		}
	}
}

#define FOR_EVERY_WIDTH(width, call) \
	switch (width) {                 \
	case 1:                          \
		call(1);                     \
		break;                       \
	case 2:                          \
		call(2);                     \
		break;                       \
	case 4:                          \
		call(4);                     \
		break;                       \
	case 8:                          \
		call(8);                     \
		break;                       \
	default:                         \
		call(16);                    \
	}

static void sum_some(const nv_columns *c, const nv_stretch *s, size_t from, size_t to, const float *v, size_t width,
                     float *out)
{
#define CALL(n) sum_runs(c, s, from, to, v, n, out)
	FOR_EVERY_WIDTH(width, CALL)
#undef CALL
}

static void add_some(const nv_columns *c, const nv_stretch *s, size_t from, size_t to, const float *u, const float *by,
                     size_t first_by, size_t width, float *out)
{
#define CALL(n) add_runs_to_rows(c, s, from, to, u, by, first_by, n, out)
	FOR_EVERY_WIDTH(width, CALL)
#undef CALL
}

/* ---- Products ---- */

static size_t until(const nv_stretch *s, size_t from)
{
	return s->n_run - from < TICK_RUNS ? s->n_run : from + TICK_RUNS;
}

int nv_columns_sums(const nv_columns *columns, const float *v, size_t width, float *out, nv_ticker *ticker,
                    nv_error *err)
{
	int code = NV_OK;
	for (const nv_stretch *s = columns->stretch; s < columns->stretch + columns->n_stretch; s++)
		for (size_t from = 0; from < s->n_run && code == NV_OK; from = until(s, from)) {
			sum_some(columns, s, from, until(s, from), v + s->first_row * width, width, out);
			code = ticker ? nv_tick(ticker, 0, err) : NV_OK;
		}
	return code;
}

int nv_columns_add(const nv_columns *columns, const float *u, const float *by, size_t first_by, size_t width,
                   float *out, nv_ticker *ticker, nv_error *err)
{
	int code = NV_OK;
	for (const nv_stretch *s = columns->stretch; s < columns->stretch + columns->n_stretch; s++)
		for (size_t from = 0; from < s->n_run && code == NV_OK; from = until(s, from)) {
			add_some(columns, s, from, until(s, from), u, by, first_by, width, out + s->first_row * width);
			code = ticker ? nv_tick(ticker, 0, err) : NV_OK;
		}
	return code;
}
