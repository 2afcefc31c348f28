/* SPDX-License-Identifier: Apache-2.0 */
#include "small_predictions.h"

#include "base/str.h"

#include <math.h>
#include <string.h>

static const char two_tasks[] =
	"{\"tasks\": [{\"name\": \"topic\", \"kind\": \"multiclass\", \"field\": \"topic\", \"labels\": [\"a\", \"b\"]},"
	"{\"name\": \"view\", \"kind\": \"stance\", \"field\": \"view\"}]}";

START_TEST(test_rows_are_kept)
{
	nv_schema *schema = small_schema(two_tasks);
	nv_predictions predictions;
	ck_assert_int_eq(nv_predictions_init(&predictions, schema, NULL), NV_OK);
	for (size_t i = 0; i < 300; i++) {
		uint32_t article = add_article(&predictions, "id", "source", "2020");
		add_answer(&predictions, 0, article, i % 2, 1, 0.75);
		if (i % 3 == 0)
			add_answer(&predictions, 1, article, NV_FAVOR, NV_AGAINST, 0.5);
	}
	ck_assert_uint_eq(predictions.n, 300);
	ck_assert_uint_eq(predictions.task[0].n, 300);
	ck_assert_uint_eq(predictions.task[1].n, 100);
	ck_assert_uint_eq(predictions.task[1].article[99], 297);
	ck_assert(predictions.task[0].gold[2 * 299] == 0 && predictions.task[0].gold[2 * 299 + 1] == 1);
	ck_assert_double_eq(predictions.task[1].p[3 * 99 + NV_AGAINST], 0.5);
	nv_predictions_release(&predictions);
	nv_schema_free(schema);
}
END_TEST

START_TEST(test_copies_outlive_the_article)
{
	nv_schema *schema = small_schema(two_tasks);
	nv_predictions predictions;
	char text[400], id[] = "x1";
	uint32_t index;
	memset(text, 'a', sizeof text);
	for (size_t i = 9; i < sizeof text; i += 10)
		text[i] = ' ';
	ck_assert_int_eq(nv_predictions_init(&predictions, schema, NULL), NV_OK);
	nv_article article = {.id = nv_str_of(id), .text = {text, sizeof text}, .line = 12};
	ck_assert_int_eq(nv_predictions_add_article(&predictions, &article, &index, NULL), NV_OK);
	ck_assert_int_eq(nv_predictions_add_unknown(&predictions, 0, index, article.id, NULL), NV_OK);
	memset(id, '?', 2);
	memset(text, '?', sizeof text);
	const nv_judged_article *kept = &predictions.article[0];
	ck_assert(nv_str_is(kept->id, "x1") && kept->line == 12 && isnan(kept->coverage));
	ck_assert_uint_eq(kept->snippet.len, 199); /* up to the blank at 199 */
	ck_assert_int_eq(kept->snippet.ptr[198], 'a');
	ck_assert(nv_str_is(predictions.task[0].unknown[0].label, "x1"));
	nv_predictions_release(&predictions);
	nv_schema_free(schema);
}
END_TEST

START_TEST(test_snippet_without_blanks)
{
	nv_schema *schema = small_schema(two_tasks);
	nv_predictions predictions;
	nv_buf text = NV_BUF_INIT;
	uint32_t index;
	nv_buf_add_char(&text, 'x');
	for (size_t i = 0; i < 200; i++)
		nv_buf_add_str(&text, "é");
	ck_assert_int_eq(nv_predictions_init(&predictions, schema, NULL), NV_OK);
	nv_article article = {.text = {text.ptr, text.len}};
	ck_assert_int_eq(nv_predictions_add_article(&predictions, &article, &index, NULL), NV_OK);
	ck_assert_uint_eq(predictions.article[0].snippet.len, 199); /* whole characters */
	nv_buf_release(&text);
	nv_predictions_release(&predictions);
	nv_schema_free(schema);
}
END_TEST

static Suite *predictions_suite(void)
{
	Suite *suite = suite_create("predictions");
	NV_CASE(suite, "Core", test_rows_are_kept, test_copies_outlive_the_article);
	NV_CASE(suite, "Limits", test_snippet_without_blanks);
	return suite;
}

NV_CHECK_MAIN(predictions_suite)
