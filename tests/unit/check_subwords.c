/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "data/features.h"
#include "tests/unit/check_main.h"

#include <string.h>

static void check_grams(const char *word, nv_range range, size_t n, const char *const *expected)
{
	nv_subword_list list;
	nv_error err = {0};
	nv_subword_list_init(&list);
	ck_assert_int_eq(nv_subwords_of(nv_str_of(word), range, &list, &err), 0);
	ck_assert_uint_eq(list.n, n);
	for (size_t i = 0; expected && i < n; i++)
		ck_assert_uint_eq(list.gram[i], nv_hash(expected[i], strlen(expected[i])));
	nv_subword_list_release(&list);
}

START_TEST(grams_in_order)
{
	check_grams("law", (nv_range){3, 5}, 6, (const char *const[]){"<la", "law", "aw>", "<law", "law>", "<law>"});
	check_grams("a", (nv_range){3, 5}, 1, (const char *const[]){"<a>"});
	check_grams("\u00E9t\u00E9", (nv_range){4, 4}, 2, (const char *const[]){"<\u00E9t\u00E9", "\u00E9t\u00E9>"});
}
END_TEST

START_TEST(grams_are_distinct)
{
	check_grams("aaaaaa", (nv_range){3, 3}, 3, (const char *const[]){"<aa", "aaa", "aa>"});
}
END_TEST

START_TEST(ends_of_the_range)
{
	char word[300];
	memset(word, 'x', 299);
	word[299] = '\0';
	check_grams("law", (nv_range){0, 0}, 0, NULL);
	check_grams("law", (nv_range){6, 9}, 0, NULL);
	check_grams("", (nv_range){1, 2}, 3, (const char *const[]){"<", ">", "<>"});
	check_grams(word, (nv_range){66, 66}, 1, NULL);
	check_grams(word, (nv_range){67, 67}, 0, NULL);
	nv_subword_list_release(NULL);
}
END_TEST

static Suite *subwords_suite(void)
{
	Suite *suite = suite_create("subwords");
	NV_CASE(suite, "Core", grams_in_order, grams_are_distinct);
	NV_CASE(suite, "Limits", ends_of_the_range);
	return suite;
}

NV_CHECK_MAIN(subwords_suite)
