/* SPDX-License-Identifier: Apache-2.0 */
#include "data/article.h"

#include "base/str.h"
#include "check_main.h"
#include "faulty_alloc.h"

#include <string.h>

static nv_article sample(void)
{
	static const nv_str values[] = {{"a", 1}, {"", 0}, {"x\0y", 3}};
	static const nv_field fields[] = {
		{{"topics", 6}, NV_FIELD_LIST, values, 3},
		{{"target", 6}, NV_FIELD_STRING, values, 1},
	};
	return (nv_article){.id = {"7", 1}, .title = {"t", 1}, .text = {"body", 4}, .field = fields, .n_field = 2,
	                    .path = "p.jsonl", .line = 9};
}

START_TEST(batch_keeps_articles_in_order)
{
	nv_batch batch;
	nv_batch_init(&batch);
	for (uint64_t i = 0; i < 100; i++) {
		nv_article *article = nv_batch_add(&batch);
		ck_assert_ptr_nonnull(article);
		ck_assert_uint_eq(article->line, 0);
		article->line = i;
	}
	ck_assert_uint_eq(batch.n, 100);
	for (uint64_t i = 0; i < 100; i++)
		ck_assert_uint_eq(batch.article[i].line, i);
	nv_batch_clear(&batch);
	ck_assert_uint_eq(batch.n, 0);
	nv_batch_release(&batch);
}
END_TEST

START_TEST(bad_record_comes_back_as_it_was)
{
	nv_batch batch;
	nv_error err = {NV_E_RECORD, "reason", "some/path", 12, 34}, back = {0};
	nv_batch_init(&batch);
	nv_batch_add(&batch);
	ck_assert_int_eq(nv_batch_add_bad(&batch, &err), NV_OK);
	memset(&err, 0, sizeof err);
	ck_assert_uint_eq(batch.bad[0].before, 1);
	nv_bad_to_error(&batch.bad[0], &back);
	ck_assert_int_eq(back.code, NV_E_RECORD);
	ck_assert_str_eq(back.message, "reason");
	ck_assert_str_eq(back.path, "some/path");
	ck_assert_uint_eq(back.line, 12);
	ck_assert_uint_eq(back.byte, 34);
	nv_batch_release(&batch);
}
END_TEST

START_TEST(copy_shares_nothing)
{
	nv_arena arena;
	nv_article from = sample(), to;
	nv_arena_init(&arena);
	ck_assert_int_eq(nv_article_copy(&arena, &from, &to, NULL), NV_OK);
	ck_assert(nv_str_eq(to.text, from.text) && to.text.ptr != from.text.ptr);
	ck_assert_uint_eq(to.date.len, 0);
	ck_assert(to.path != from.path && strcmp(to.path, from.path) == 0);
	const nv_field *topics = nv_article_field(&to, "topics");
	ck_assert(topics && topics->n_value == 3 && topics->value != from.field[0].value);
	ck_assert(nv_str_eq(topics->value[2], (nv_str){"x\0y", 3}));
	nv_arena_release(&arena);
}
END_TEST

START_TEST(field_is_found_by_its_whole_name)
{
	nv_article article = sample();
	ck_assert_ptr_eq(nv_article_field(&article, "target"), &article.field[1]);
	ck_assert_ptr_null(nv_article_field(&article, "targe"));
	ck_assert_ptr_null(nv_article_field(&article, ""));
}
END_TEST

START_TEST(copy_tells_when_memory_ends)
{
	nv_article from = sample(), to;
	nv_error err = {0};
	nv_arena arena;
	nv_arena_init(&arena);
	faulty_on(0);
	ck_assert_int_eq(nv_article_copy(&arena, &from, &to, &err), NV_E_MEMORY);
	nv_arena_release(&arena);
	ck_assert_int_eq(faulty_off(), 0);
	ck_assert_int_eq(err.code, NV_E_MEMORY);
}
END_TEST

static Suite *article_suite(void)
{
	Suite *suite = suite_create("article");
	NV_CASE(suite, "Core", batch_keeps_articles_in_order, bad_record_comes_back_as_it_was, copy_shares_nothing,
	        field_is_found_by_its_whole_name);
	NV_CASE(suite, "Errors", copy_tells_when_memory_ends);
	return suite;
}

NV_CHECK_MAIN(article_suite)
