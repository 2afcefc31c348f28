/* SPDX-License-Identifier: Apache-2.0 */
#include "train/row_set.h"

#include "tests/unit/check_main.h"
#include "tests/unit/faulty_alloc.h"

enum { ROWS = 3000, DIFFERENT = 1100 };

static void fill(float *row, size_t i)
{
	row[0] = (float)(i % DIFFERENT);
	row[1] = 0.5f;
	row[2] = (float)(i % DIFFERENT % 7);
}

START_TEST(equal_rows_have_one_number)
{
	nv_row_set set;
	float row[3];
	uint32_t number;
	nv_row_set_init(&set, 3);
	for (size_t i = 0; i < ROWS; i++) {
		fill(row, i);
		ck_assert(nv_row_set_add(&set, row, &number));
		ck_assert_uint_eq(number, i % DIFFERENT);
	}
	ck_assert_uint_eq(set.n, DIFFERENT);
	for (size_t i = 0; i < DIFFERENT; i++) {
		fill(row, i);
		for (size_t k = 0; k < 3; k++)
			ck_assert_float_eq(set.row[i * 3 + k], row[k]);
	}
	nv_row_set_release(&set);
}
END_TEST

START_TEST(zeros_of_either_sign_differ)
{
	nv_row_set set;
	const float plus = 0, minus = -0.0f;
	uint32_t a, b;
	nv_row_set_init(&set, 1);
	ck_assert(nv_row_set_add(&set, &plus, &a));
	ck_assert(nv_row_set_add(&set, &minus, &b));
	ck_assert_uint_ne(a, b);
	nv_row_set_release(&set);
}
END_TEST

START_TEST(out_of_memory)
{
	bool ok = false;
	for (long n = 0; !ok; n++) {
		nv_row_set set;
		nv_row_set_init(&set, 3);
		faulty_on(n);
		ok = true;
		for (size_t i = 0; i < ROWS && ok; i++) {
			float row[3];
			uint32_t number;
			fill(row, i);
			ok = nv_row_set_add(&set, row, &number);
			ck_assert(!ok || number == i % DIFFERENT);
		}
		nv_row_set_release(&set);
		ck_assert_int_eq(faulty_off(), 0);
	}
}
END_TEST

static Suite *row_set_suite(void)
{
	Suite *suite = suite_create("row_set");
	NV_CASE(suite, "Core", equal_rows_have_one_number);
	NV_CASE(suite, "Limits", zeros_of_either_sign_differ);
	NV_CASE(suite, "Errors", out_of_memory);
	return suite;
}

NV_CHECK_MAIN(row_set_suite)
