/* SPDX-License-Identifier: Apache-2.0 */
#include "data/stem.h"
#include "tests/unit/check_main.h"

#include <string.h>

START_TEST(words_are_reduced)
{
	nv_stemmer *stemmer = nv_stemmer_new("english");
	ck_assert_ptr_nonnull(stemmer);
	ck_assert(nv_str_is(nv_stem(stemmer, nv_str_of("regulations")), "regul"));
	ck_assert(nv_str_is(nv_stem(stemmer, nv_str_of("a")), "a"));
	ck_assert(nv_stemmer_is(stemmer, "english"));
	ck_assert(!nv_stemmer_is(stemmer, "german"));
	nv_stemmer_free(stemmer);
}
END_TEST

START_TEST(names_are_listed)
{
	nv_buf names = NV_BUF_INIT;
	nv_stemmer_names(&names);
	ck_assert_ptr_nonnull(strstr(nv_buf_cstr(&names), "english, "));
	ck_assert(nv_stemmer_known("german"));
	nv_buf_release(&names);
}
END_TEST

START_TEST(unknown_names_are_refused)
{
	ck_assert(!nv_stemmer_known("klingon"));
	ck_assert(!nv_stemmer_known(""));
	ck_assert_ptr_null(nv_stemmer_new("klingon"));
	nv_stemmer_free(NULL);
}
END_TEST

static Suite *stem_suite(void)
{
	Suite *suite = suite_create("stem");
	NV_CASE(suite, "Core", words_are_reduced, names_are_listed);
	NV_CASE(suite, "Errors", unknown_names_are_refused);
	return suite;
}

NV_CHECK_MAIN(stem_suite)
