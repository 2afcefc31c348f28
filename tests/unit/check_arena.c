/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "check_main.h"
#include "faulty_alloc.h"

#include <string.h>

START_TEST(pieces_are_aligned_and_apart)
{
	nv_arena arena;
	unsigned char *piece[500];
	nv_arena_init(&arena);
	for (size_t i = 0; i < 500; i++) {
		piece[i] = nv_arena_alloc(&arena, i, 3);
		ck_assert_uint_eq((uintptr_t)piece[i] % 16, 0);
		memset(piece[i], (int)(i & 0xFF), 3 * i);
	}
	for (size_t i = 0; i < 500; i++) {
		for (size_t j = 0; j < 3 * i; j++)
			ck_assert_uint_eq(piece[i][j], i & 0xFF);
	}
	nv_arena_release(&arena);
	ck_assert_uint_eq(arena.total, 0);
}
END_TEST

START_TEST(clearing_keeps_blocks_for_reuse)
{
	nv_arena arena;
	nv_arena_init(&arena);
	size_t total = 0;
	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < 1000; i++)
			ck_assert_ptr_nonnull(nv_arena_alloc(&arena, 5000, 1));
		ck_assert(round == 0 || arena.total == total);
		total = arena.total;
		nv_arena_clear(&arena);
	}
	nv_arena_release(&arena);
}
END_TEST

START_TEST(copies_end_in_nul)
{
	nv_arena arena;
	nv_arena_init(&arena);
	ck_assert_str_eq(nv_arena_dup(&arena, (nv_str){"abcdef", 3}), "abc");
	ck_assert_str_eq(nv_arena_dup(&arena, (nv_str){NULL, 0}), "");
	nv_arena_release(&arena);
	nv_arena_release(NULL);
}
END_TEST

START_TEST(large_requests_leave_the_current_block_in_use)
{
	nv_arena arena;
	nv_arena_init(&arena);
	char *small = nv_arena_alloc(&arena, 16, 1);
	char *large = nv_arena_alloc(&arena, 3 << 20, 1);
	memset(large, 1, 3 << 20);
	char *next = nv_arena_alloc(&arena, 16, 1);
	ck_assert_ptr_eq(next, small + 16);
	nv_arena_release(&arena);
}
END_TEST

START_TEST(zero_bytes_are_a_pointer_of_their_own)
{
	nv_arena arena;
	nv_arena_init(&arena);
	void *a = nv_arena_alloc(&arena, 0, 8), *b = nv_arena_alloc(&arena, 8, 0);
	ck_assert(a && b && a != b);
	ck_assert_ptr_null(nv_arena_alloc(&arena, SIZE_MAX, 2));
	ck_assert_ptr_null(nv_arena_alloc(&arena, SIZE_MAX, 1));
	ck_assert_ptr_null(nv_arena_alloc(&arena, SIZE_MAX - 40, 1));
	nv_arena_release(&arena);
}
END_TEST

START_TEST(out_of_memory_is_null_and_leaks_nothing)
{
	nv_arena arena;
	nv_arena_init(&arena);
	faulty_on(1);
	ck_assert_ptr_nonnull(nv_arena_alloc(&arena, 100, 1));
	ck_assert_ptr_null(nv_arena_alloc(&arena, 100000, 1));
	ck_assert_ptr_nonnull(nv_arena_alloc(&arena, 100, 1));
	nv_arena_release(&arena);
	ck_assert_int_eq(faulty_off(), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("arena");
	NV_CASE(s, "Core", pieces_are_aligned_and_apart, clearing_keeps_blocks_for_reuse, copies_end_in_nul);
	NV_CASE(s, "Limits", large_requests_leave_the_current_block_in_use, zero_bytes_are_a_pointer_of_their_own);
	NV_CASE(s, "Errors", out_of_memory_is_null_and_leaks_nothing);
	return s;
}

NV_CHECK_MAIN(suite)
