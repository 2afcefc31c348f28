/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"

#include "check_main.h"
#include "faulty_alloc.h"

#include <stdint.h>
#include <string.h>

START_TEST(all_memory_goes_through_the_hook)
{
	faulty_on(FAULTY_NEVER);
	void *a = nv_alloc(3, 5), *b = nv_alloc_zero(2, 8), *c = nv_alloc_aligned(10, 4);
	ck_assert_int_eq(faulty.held, 3);
	a = nv_resize(a, 100, 5);
	nv_free(a);
	nv_free(b);
	nv_free_aligned(c);
	ck_assert_int_eq(faulty_off(), 0);
}
END_TEST

START_TEST(zeroed_and_aligned)
{
	for (size_t n = 0; n < 200; n += 7) {
		unsigned char *p = nv_alloc_aligned(n, 3), *q = nv_alloc_zero(n, 3);
		ck_assert_uint_eq((uintptr_t)p % 64, 0);
		for (size_t i = 0; i < 3 * n; i++)
			ck_assert(p[i] == 0 && q[i] == 0);
		memset(p, 0xFF, 3 * n);
		nv_free_aligned(p);
		nv_free(q);
	}
}
END_TEST

START_TEST(growing_keeps_the_elements)
{
	int *x = NULL;
	size_t cap = 0;
	for (int i = 0; i < 1000; i++) {
		ck_assert(nv_grow(&x, &cap, (size_t)i + 1, sizeof *x));
		x[i] = i;
	}
	ck_assert_uint_lt(cap, 1600);
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(x[i], i);
	nv_free(x);
}
END_TEST

START_TEST(zero_bytes_are_a_pointer)
{
	void *a = nv_alloc(0, 8), *b = nv_alloc_aligned(0, 0);
	ck_assert_ptr_nonnull(a);
	ck_assert_ptr_nonnull(b);
	nv_free(a);
	nv_free_aligned(b);
	nv_free(NULL);
	nv_free_aligned(NULL);
}
END_TEST

START_TEST(products_that_overflow_fail)
{
	size_t out = 5;
	ck_assert_ptr_null(nv_alloc(SIZE_MAX / 2, 3));
	ck_assert_ptr_null(nv_alloc_zero(SIZE_MAX, SIZE_MAX));
	ck_assert_ptr_null(nv_alloc_aligned(SIZE_MAX - 10, 1));
	ck_assert_ptr_null(nv_alloc(SIZE_MAX, 1));
	ck_assert(!nv_mul_size(SIZE_MAX, 2, &out));
	ck_assert(!nv_add_size(SIZE_MAX, 1, &out));
	ck_assert(nv_mul_size(6, 7, &out) && out == 42);
	ck_assert(nv_add_size(SIZE_MAX - 1, 1, &out) && out == SIZE_MAX);
}
END_TEST

START_TEST(a_failed_growth_changes_nothing)
{
	size_t cap = 0;
	char *x = NULL;
	faulty_on(1);
	ck_assert(nv_grow(&x, &cap, 10, 1));
	memcpy(x, "abcdefghi", 10);
	size_t before = cap;
	ck_assert(!nv_grow(&x, &cap, before + 1, 1));
	ck_assert_uint_eq(cap, before);
	ck_assert_str_eq(x, "abcdefghi");
	ck_assert(!nv_grow(&x, &cap, SIZE_MAX, 8));
	nv_free(x);
	ck_assert_int_eq(faulty_off(), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("alloc");
	NV_CASE(s, "Core", all_memory_goes_through_the_hook, zeroed_and_aligned, growing_keeps_the_elements);
	NV_CASE(s, "Limits", zero_bytes_are_a_pointer, products_that_overflow_fail);
	NV_CASE(s, "Errors", a_failed_growth_changes_nothing);
	return s;
}

NV_CHECK_MAIN(suite)
