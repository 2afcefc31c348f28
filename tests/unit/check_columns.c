/* SPDX-License-Identifier: Apache-2.0 */
#include "train/columns.h"

#include "base/alloc.h"
#include "base/numeric.h"
#include "tests/unit/check_main.h"
#include "tests/unit/faulty_alloc.h"

#include <math.h>
#include <string.h>

enum { ROWS = 15000, COLUMNS = 9, ABSENT = 4 }; /* rows for two stretches; column ABSENT has no entries */

static nv_matrix rows;
static uint32_t subset[ROWS];
static size_t n_subset;

static void set_up(void)
{
	nv_rng rng;
	nv_error err = {0};
	nv_rng_init(&rng, 5, 0);
	nv_matrix_init(&rows, COLUMNS);
	n_subset = 0;
	for (uint32_t i = 0; i < ROWS; i++) {
		uint32_t term[COLUMNS];
		double value[COLUMNS];
		size_t n = 0;
		for (uint32_t t = 0; t < COLUMNS; t++)
			if (t != ABSENT && nv_rng_uniform(&rng) < 0.2) {
				term[n] = t;
				value[n++] = 0.25 * (double)(1 + nv_rng_below(&rng, 3));
			}
		ck_assert_int_eq(nv_matrix_add_row(&rows, term, value, n, &err), NV_OK);
		if (nv_rng_uniform(&rng) < 0.9)
			subset[n_subset++] = i;
	}
}

static void tear_down(void)
{
	nv_matrix_release(&rows);
}

/* Small whole numbers, so that sums are exact in any order. */
static float number(size_t i, size_t k)
{
	return (float)((i * 7 + k * 3) % 5) - 2;
}

static float *numbers(size_t n, size_t width)
{
	float *x = nv_alloc_aligned(n * width, sizeof *x);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < width; k++)
			x[i * width + k] = number(i, k);
	return x;
}

static void check_sums(const nv_columns *c, size_t first, size_t end, size_t width)
{
	nv_error err = {0};
	double want[COLUMNS * NV_MAX_WIDTH] = {0};
	float *v = numbers(n_subset, width), *out = numbers(COLUMNS, width);
	for (size_t i = 0; i < n_subset; i++)
		for (uint64_t j = rows.start[subset[i]]; j < rows.start[subset[i] + 1]; j++)
			for (size_t k = 0; k < width; k++)
				want[rows.term[j] * width + k] += (double)rows.value[j] * (double)number(i, k);
	ck_assert_int_eq(nv_columns_sums(c, first, end, v, width, out, NULL, &err), NV_OK);
	for (size_t t = 0; t < COLUMNS; t++)
		for (size_t k = 0; k < width; k++)
			ck_assert_float_eq(out[t * width + k],
			                   t < end - first ? (float)want[(first + t) * width + k] : number(t, k));
	nv_free_aligned(v);
	nv_free_aligned(out);
}

static void check_add(const nv_columns *c, size_t first, size_t end, size_t width)
{
	nv_error err = {0};
	float *u = numbers(end - first, width), *out = numbers(n_subset, width);
	ck_assert_int_eq(nv_columns_add(c, first, end, u, width, out, NULL, &err), NV_OK);
	for (size_t i = 0; i < n_subset; i++)
		for (size_t k = 0; k < width; k++) {
			double want = number(i, k);
			for (uint64_t j = rows.start[subset[i]]; j < rows.start[subset[i] + 1]; j++)
				if (rows.term[j] >= first && rows.term[j] < end)
					want += (double)rows.value[j] * (double)number(rows.term[j] - first, k);
			ck_assert_float_eq(out[i * width + k], (float)want);
		}
	nv_free_aligned(u);
	nv_free_aligned(out);
}

START_TEST(products_of_every_width)
{
	nv_columns c;
	nv_error err = {0};
	set_up();
	ck_assert_int_eq(nv_columns_init(&c, &rows, subset, n_subset, 2, NULL, &err), NV_OK);
	ck_assert_uint_gt(c.n_stretch, 1);
	for (size_t width = 1; width <= NV_MAX_WIDTH; width *= 2) {
		check_sums(&c, 0, COLUMNS, width);
		check_add(&c, 0, COLUMNS, width);
		check_sums(&c, ABSENT, COLUMNS - 1, width);
		check_add(&c, 2, ABSENT, width);
	}
	nv_columns_release(&c);
	tear_down();
}
END_TEST

START_TEST(reader_gives_every_entry)
{
	nv_columns c;
	nv_error err = {0};
	double want[COLUMNS] = {0};
	set_up();
	ck_assert_int_eq(nv_columns_init(&c, &rows, NULL, ROWS, 2, NULL, &err), NV_OK);
	for (uint64_t j = 0; j < rows.start[ROWS]; j++)
		want[rows.term[j]] += (double)rows.value[j];
	const nv_column_reader reader = {&c, nv_alloc_zero(c.n_stretch, sizeof(size_t))};
	for (size_t t = 0; t < COLUMNS; t++) {
		double sum = 0;
		for (size_t k = 0; k < c.n_stretch; k++) {
			nv_column_part part = nv_column_read(&reader, t, k);
			for (size_t j = 0; j < part.n; j++)
				sum += (double)part.value[j];
		}
		ck_assert_double_eq(sum, want[t]);
	}
	nv_free(reader.next);
	nv_columns_release(&c);
	tear_down();
}
END_TEST

START_TEST(threads_change_nothing)
{
	nv_columns one, many;
	nv_error err = {0};
	set_up();
	ck_assert_int_eq(nv_columns_init(&one, &rows, subset, n_subset, 1, NULL, &err), NV_OK);
	for (size_t n_thread = 2; n_thread <= 7; n_thread++) {
		ck_assert_int_eq(nv_columns_init(&many, &rows, subset, n_subset, n_thread, NULL, &err), NV_OK);
		ck_assert_uint_eq(many.n_stretch, one.n_stretch);
		ck_assert_uint_eq(many.n_run, one.n_run);
		ck_assert_mem_eq(many.stretch, one.stretch, one.n_stretch * sizeof *one.stretch);
		ck_assert_mem_eq(many.run, one.run, one.n_run * sizeof *one.run);
		const nv_stretch *last = &one.stretch[one.n_stretch - 1];
		size_t n = (size_t)last->first_entry + one.run[one.n_run - 1].end;
		ck_assert_mem_eq(many.row, one.row, n * sizeof *one.row);
		ck_assert_mem_eq(many.value, one.value, n * sizeof *one.value);
		nv_columns_release(&many);
	}
	nv_columns_release(&one);
	tear_down();
}
END_TEST

/* So many entries in one stretch that they are placed in several turns. */
START_TEST(many_entries)
{
	enum { MANY_ROWS = 12000, MANY_COLUMNS = 60 };
	nv_columns c;
	nv_matrix many;
	nv_error err = {0};
	nv_matrix_init(&many, MANY_COLUMNS);
	for (uint32_t i = 0; i < MANY_ROWS; i++) {
		uint32_t term[MANY_COLUMNS];
		double value[MANY_COLUMNS];
		size_t n = 0;
		for (uint32_t t = i % 3; t < MANY_COLUMNS; t += 1 + i % 2) {
			term[n] = t;
			value[n++] = (double)(i * MANY_COLUMNS + t);
		}
		ck_assert_int_eq(nv_matrix_add_row(&many, term, value, n, &err), NV_OK);
	}
	ck_assert_int_eq(nv_columns_init(&c, &many, NULL, MANY_ROWS, 3, NULL, &err), NV_OK);
	ck_assert_uint_eq(c.n_stretch, 1);
	size_t next = 0;
	const nv_column_reader reader = {&c, &next};
	for (uint32_t t = 0; t < MANY_COLUMNS; t++) {
		nv_column_part part = nv_column_read(&reader, t, 0);
		size_t n = 0, right = 0; /* an assertion an entry would take seconds */
		for (uint32_t i = 0; i < MANY_ROWS; i++) {
			if (t < i % 3 || (t - i % 3) % (1 + i % 2) != 0)
				continue;
			right += n < part.n && part.row[n] == i && part.value[n] == (float)(i * MANY_COLUMNS + t);
			n++;
		}
		ck_assert_uint_eq(n, part.n);
		ck_assert_uint_eq(n, right);
	}
	nv_columns_release(&c);
	nv_matrix_release(&many);
}
END_TEST

START_TEST(no_rows)
{
	nv_columns c;
	nv_error err = {0};
	float out[2] = {7, 7};
	nv_matrix none;
	nv_matrix_init(&none, 2);
	ck_assert_int_eq(nv_columns_init(&c, &none, NULL, 0, 2, NULL, &err), NV_OK);
	ck_assert_int_eq(nv_columns_sums(&c, 0, 1, out, 1, out, NULL, &err), NV_OK);
	ck_assert(out[0] == 0 && out[1] == 7);
	ck_assert_int_eq(nv_columns_sums(&c, 2, 2, NULL, 1, out + 1, NULL, &err), NV_OK);
	ck_assert(out[1] == 7);
	nv_columns_release(&c);
}
END_TEST

START_TEST(out_of_memory)
{
	set_up();
	for (long n = 0, code = NV_E_MEMORY; code != NV_OK; n++) {
		nv_columns c;
		nv_error err = {0};
		faulty_on(n);
		code = nv_columns_init(&c, &rows, subset, n_subset, 2, NULL, &err);
		nv_columns_release(&c);
		ck_assert_int_eq(faulty_off(), 0);
		ck_assert(code == NV_OK || code == NV_E_MEMORY);
	}
	tear_down();
}
END_TEST

static Suite *columns_suite(void)
{
	Suite *suite = suite_create("columns");
	NV_CASE(suite, "Core", products_of_every_width, reader_gives_every_entry, threads_change_nothing);
	NV_CASE(suite, "Limits", many_entries, no_rows);
	NV_CASE(suite, "Errors", out_of_memory);
	return suite;
}

NV_CHECK_MAIN(columns_suite)
