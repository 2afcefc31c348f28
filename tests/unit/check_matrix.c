/* SPDX-License-Identifier: Apache-2.0 */
#include "data/matrix.h"
#include "tests/unit/check_main.h"

START_TEST(rows_are_appended)
{
	nv_matrix matrix;
	nv_error err = {0};
	const uint32_t term[] = {1, 4, 9};
	const double value[] = {0.5, 0.25, 2.0};
	nv_matrix_init(&matrix, 10);
	for (size_t n = 0; n <= 3; n++)
		ck_assert_int_eq(nv_matrix_add_row(&matrix, term, value, n, &err), 0);
	ck_assert_uint_eq(matrix.n_row, 4);
	ck_assert_uint_eq(matrix.n_column, 10);
	const uint64_t start[] = {0, 0, 1, 3, 6};
	ck_assert_mem_eq(matrix.start, start, sizeof start);
	ck_assert_uint_eq(matrix.term[5], 9);
	ck_assert_float_eq(matrix.value[4], 0.25f);
	nv_matrix_release(&matrix);
	ck_assert_uint_eq(matrix.n_row, 0);
}
END_TEST

START_TEST(many_rows)
{
	nv_matrix matrix;
	nv_error err = {0};
	nv_matrix_init(&matrix, 1000);
	for (uint32_t i = 0; i < 1000; i++) {
		double value = i;
		ck_assert_int_eq(nv_matrix_add_row(&matrix, &i, &value, 1, &err), 0);
	}
	for (uint32_t i = 0; i < 1000; i++) {
		ck_assert_uint_eq(matrix.start[i], i);
		ck_assert_uint_eq(matrix.term[i], i);
		ck_assert_float_eq(matrix.value[i], (float)i);
	}
	nv_matrix_release(&matrix);
	nv_matrix_release(NULL);
}
END_TEST

static Suite *matrix_suite(void)
{
	Suite *suite = suite_create("matrix");
	NV_CASE(suite, "Core", rows_are_appended);
	NV_CASE(suite, "Limits", many_rows);
	return suite;
}

NV_CHECK_MAIN(matrix_suite)
