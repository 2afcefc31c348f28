/* SPDX-License-Identifier: Apache-2.0
 *
 * Built by a counting sort of each stretch's entries. The kernels are written for vectors of four floats, one to four of them a row, so
 * that every compiler keeps a column's labels in registers.
 */
#include "train/columns.h"

#include "base/alloc.h"
#include "base/search.h"
#include "train/widths.h"

#include <string.h>

enum { TICK_RUNS = 1 << 14, AHEAD = 64 /* entries */ };
enum { MOST_PARTS = 4 /* each has counts of all columns */, RANGE = 1 << 18 /* places */ };

typedef float quad __attribute__((vector_size(16), may_alias));

/* ---- Building ---- */

static size_t matrix_row(const uint32_t *subset, size_t i)
{
	return subset ? subset[i] : i;
}

/* A stretch is counted by parts of its rows and filled by ranges of its columns, each on any thread. A row's entries go to places all over the
 * stretch; those of a range are near enough to each other for the cache. */
typedef struct filling {
	nv_columns *columns;
	const nv_matrix *matrix;
	const uint32_t *subset;
	size_t n_thread, n_part;
	const nv_stretch *stretch; /* the one under way */
	uint32_t *count;           /* [n_part][n_column] entries; then, in the first part's, the column's next place */
} filling;

static size_t first_row_of(const filling *f, size_t part)
{
	return f->stretch->first_row + f->stretch->n_row * part / f->n_part;
}

static int count_part(void *context, size_t part, size_t worker, nv_error *err)
{
	const filling *f = context;
	const nv_matrix *matrix = f->matrix;
	uint32_t *count = f->count + part * f->columns->n_column;
	(void)worker;
	(void)err;
	memset(count, 0, f->columns->n_column * sizeof *count);
	for (size_t i = first_row_of(f, part); i < first_row_of(f, part + 1); i++) {
		size_t row = matrix_row(f->subset, i);
		for (uint64_t j = matrix->start[row]; j < matrix->start[row + 1]; j++)
			count[matrix->term[j]]++;
	}
	return NV_OK;
}

/* Adds the parts' counts up in the first one's; returns how many columns have entries. */
static size_t sum_parts(const filling *f)
{
	size_t n = 0, n_column = f->columns->n_column;
	for (size_t t = 0; t < n_column; t++) {
		for (size_t part = 1; part < f->n_part; part++)
			f->count[t] += f->count[part * n_column + t];
		n += f->count[t] > 0;
	}
	return n;
}

/* Runs from counts, which become the columns' first places. */
static bool add_runs(const filling *f, nv_stretch *s)
{
	nv_columns *c = f->columns;
	size_t n = sum_parts(f);
	s->first_run = c->n_run;
	s->n_run = n;
	if (!nv_grow(&c->run, &c->cap_run, c->n_run + n + 1, sizeof *c->run))
		return false;
	uint32_t end = 0;
	for (size_t t = 0; t < c->n_column; t++) {
		uint32_t first = end;
		if (f->count[t] == 0)
			continue;
		end += f->count[t];
		c->run[c->n_run++] = (nv_column_run){(uint32_t)t, end};
		f->count[t] = first;
	}
	return true;
}

/* The first column of the range: the one whose places begin at the range's start or behind it. */
static size_t first_column_of(const filling *f, size_t range)
{
	const nv_stretch *s = f->stretch;
	const nv_column_run *run = f->columns->run + s->first_run;
	size_t low = 0, high = s->n_run;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (middle > 0 ? run[middle - 1].end < range * RANGE : range > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->n_run ? run[low].column : f->columns->n_column;
}

static int place_range(void *context, size_t range, size_t worker, nv_error *err)
{
	const filling *f = context;
	const nv_matrix *matrix = f->matrix;
	const nv_stretch *s = f->stretch;
	const size_t first = first_column_of(f, range), end = first_column_of(f, range + 1);
	uint16_t *to_row = f->columns->row + s->first_entry;
	float *to_value = f->columns->value + s->first_entry;
	(void)worker;
	(void)err;
	for (size_t i = 0; i < s->n_row && first < end; i++) {
		const size_t row = matrix_row(f->subset, s->first_row + i);
		const uint64_t start = matrix->start[row], stop = matrix->start[row + 1];
		uint64_t j = start + nv_first_from(matrix->term + start, (size_t)(stop - start), first);
		for (; j < stop && matrix->term[j] < end; j++) {
			uint32_t at = f->count[matrix->term[j]]++;
			to_row[at] = (uint16_t)i;
			to_value[at] = matrix->value[j];
		}
	}
	return NV_OK;
}

/* Of rows first .. end - 1. */
static uint64_t entries_of(const nv_matrix *matrix, const uint32_t *subset, size_t first, size_t end)
{
	uint64_t total = 0;
	for (size_t i = first; i < end; i++)
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

static int fill_stretch(filling *f, nv_stretch *s, size_t n_entry, nv_error *err)
{
	f->stretch = s;
	int code = nv_parallel_for(f->n_part, f->n_part, count_part, f, err);
	if (code == NV_OK && !add_runs(f, s))
		code = nv_fail_memory(err);
	return code == NV_OK ? nv_parallel_for(f->n_thread, n_entry / RANGE + 1, place_range, f, err) : code;
}

static int fill(filling *f, nv_ticker *ticker, nv_error *err)
{
	nv_columns *c = f->columns;
	uint64_t entry = 0;
	int code = NV_OK;
	for (size_t k = 0; k < c->n_stretch && code == NV_OK; k++) {
		nv_stretch *s = &c->stretch[k];
		uint64_t n = entries_of(f->matrix, f->subset, s->first_row, s->first_row + s->n_row);
		s->first_entry = entry;
		entry += n;
		code = n <= UINT32_MAX ? fill_stretch(f, s, (size_t)n, err) : nv_fail_memory(err);
		if (code == NV_OK && ticker)
			code = nv_tick(ticker, 0, err);
	}
	return code;
}

int nv_columns_init(nv_columns *columns, const nv_matrix *matrix, const uint32_t *subset, size_t n, size_t n_thread,
                    nv_ticker *ticker, nv_error *err)
{
	*columns = (nv_columns){.n_row = n, .n_column = matrix->n_column};
	columns->n_stretch = (n + NV_STRETCH_ROWS - 1) / NV_STRETCH_ROWS;
	size_t entries = entries_of(matrix, subset, 0, n);
	columns->stretch = nv_alloc(columns->n_stretch, sizeof *columns->stretch);
	columns->row = nv_alloc(entries + AHEAD, sizeof *columns->row);
	columns->value = nv_alloc(entries, sizeof *columns->value);
	filling f = {.columns = columns, .matrix = matrix, .subset = subset, .n_thread = n_thread};
	f.n_part = n_thread < MOST_PARTS ? n_thread : MOST_PARTS;
	f.count = nv_alloc(columns->n_column, f.n_part * sizeof *f.count);
	int code = columns->stretch && columns->row && columns->value && f.count ? NV_OK : nv_fail_memory(err);
	if (code == NV_OK) {
		memset(columns->row + entries, 0, AHEAD * sizeof *columns->row);
		cut_stretches(columns);
		code = fill(&f, ticker, err);
	}
	nv_free(f.count);
	return code;
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

NV_ALWAYS_INLINE labels load(const float *from, size_t width)
{
	labels x = {{{0}}};
	if (width < 4)
		x.at[0] = (quad){from[0], width > 1 ? from[1] : 0};
	else
		for (size_t k = 0; k < width / 4; k++)
			x.at[k] = ((const quad *)from)[k];
	return x;
}

NV_ALWAYS_INLINE void store(float *to, const labels *x, size_t width)
{
	if (width < 4)
		for (size_t k = 0; k < width; k++)
			to[k] = x->at[0][k];
	else
		for (size_t k = 0; k < width / 4; k++)
			((quad *)to)[k] = x->at[k];
}

/* to + x * value */
NV_ALWAYS_INLINE labels plus(labels to, labels x, float value, size_t width)
{
	for (size_t k = 0; k < (width + 3) / 4; k++)
		to.at[k] += value * x.at[k];
	return to;
}

/* Runs from .. to - 1 of a stretch; of a column's vectors, the first is column number `first`'s. */
typedef struct some_runs {
	const nv_column_run *run;
	const uint16_t *row;
	const float *value;
	size_t from, to, first;
} some_runs;

static some_runs runs_of(const nv_columns *c, const nv_stretch *s, size_t from, size_t to, size_t first)
{
	return (some_runs){c->run + s->first_run, c->row + s->first_entry, c->value + s->first_entry, from, to, first};
}

static uint32_t first_entry(const some_runs *s)
{
	return s->from > 0 ? s->run[s->from - 1].end : 0;
}

/* A stretch's vectors of full width fill most of the second-level cache; where it has held others since, or columns have few entries, they come
 * from beyond it. Narrower vectors stay. */
NV_ALWAYS_INLINE void ask_ahead(const some_runs *s, uint32_t j, const float *vector, size_t width)
{
	if (width == NV_MAX_WIDTH)
		__builtin_prefetch(vector + s->row[j + AHEAD] * width);
}

NV_ALWAYS_INLINE void sum_runs(some_runs s, const float *v, size_t width, float *out)
{
	uint32_t j = first_entry(&s);
	for (size_t r = s.from; r < s.to; r++) {
		float *sum = out + (s.run[r].column - s.first) * width;
		labels part = {{{0}}};
		for (; j < s.run[r].end; j++) {
			ask_ahead(&s, j, v, width);
			part = plus(part, load(v + s.row[j] * width, width), s.value[j], width);
		}
		part = plus(load(sum, width), part, 1, width);
		store(sum, &part, width);
	}
}

NV_ALWAYS_INLINE void add_runs_to_rows(some_runs s, const float *u, size_t width, float *out)
{
	uint32_t j = first_entry(&s);
	for (size_t r = s.from; r < s.to; r++) {
		labels weight = load(u + (s.run[r].column - s.first) * width, width);
		for (; j < s.run[r].end; j++) {
			ask_ahead(&s, j, out, width);
			labels sum = plus(load(out + s.row[j] * width, width), weight, s.value[j], width);
			store(out + s.row[j] * width, &sum, width);
		}
	}
}

static void sum_some(some_runs s, const float *v, size_t width, float *out)
{
#define CALL(n) sum_runs(s, v, n, out)
	NV_FOR_EVERY_WIDTH(width, CALL)
#undef CALL
}

static void add_some(some_runs s, const float *u, size_t width, float *out){
#define CALL(n) add_runs_to_rows(s, u, n, out)
	NV_FOR_EVERY_WIDTH(width, CALL)
#undef CALL
}

/* ---- Products ---- */

size_t nv_columns_find_run(const nv_columns *c, const nv_stretch *s, size_t column)
{
	const nv_column_run *run = c->run + s->first_run;
	size_t low = 0, high = s->n_run;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (run[middle].column < column)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t until(size_t from, size_t end)
{
	return end - from < TICK_RUNS ? end : from + TICK_RUNS;
}

int nv_columns_sums(const nv_columns *columns, size_t first, size_t end, const float *v, size_t width, float *out,
                    nv_ticker *ticker, nv_error *err)
{
	int code = NV_OK;
	memset(out, 0, (end - first) * width * sizeof *out);
	for (const nv_stretch *s = columns->stretch; s < columns->stretch + columns->n_stretch; s++) {
		size_t last = nv_columns_find_run(columns, s, end);
		for (size_t r = nv_columns_find_run(columns, s, first); r < last && code == NV_OK; r = until(r, last)) {
			sum_some(runs_of(columns, s, r, until(r, last), first), v + s->first_row * width, width, out);
			code = ticker ? nv_tick(ticker, 0, err) : NV_OK;
		}
	}
	return code;
}

int nv_columns_add(const nv_columns *columns, size_t first, size_t end, const float *u, size_t width, float *out,
                   nv_ticker *ticker, nv_error *err)
{
	int code = NV_OK;
	for (const nv_stretch *s = columns->stretch; s < columns->stretch + columns->n_stretch; s++) {
		size_t last = nv_columns_find_run(columns, s, end);
		for (size_t r = nv_columns_find_run(columns, s, first); r < last && code == NV_OK; r = until(r, last)) {
			add_some(runs_of(columns, s, r, until(r, last), first), u, width, out + s->first_row * width);
			code = ticker ? nv_tick(ticker, 0, err) : NV_OK;
		}
	}
	return code;
}
