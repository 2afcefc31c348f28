/* SPDX-License-Identifier: Apache-2.0 */
#include "data/xml_library.h"

#include "check_main.h"

#include "base/parallel.h"
#include "data/markup.h"

#include <string.h>

#define THREADS 4

static void count_tag(void *user, const char *name, const char *const *attribute)
{
	(void)name, (void)attribute;
	++*(int *)user;
}

static void pass_close(void *user, const char *name)
{
	(void)user, (void)name;
}

static void pass_text(void *user, const char *bytes, size_t len)
{
	(void)user, (void)bytes, (void)len;
}

static int read_one(void *context, size_t item, size_t worker, nv_error *err)
{
	int *n = context;
	(void)worker;
	return nv_markup_html(nv_str_of("<p>one<p>two"), &(nv_markup){count_tag, pass_close, pass_text, &n[item]}, err);
}

/* The first test, so that it is also the first use where all run in one process. */
START_TEST(first_use_by_several_threads)
{
	int n[THREADS] = {0};
	nv_error err = {0};
	ck_assert_msg(nv_parallel_for(THREADS, THREADS, read_one, n, &err) == NV_OK, "%s", err.message);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(n[i], 4); /* html, body, p, p */
}
END_TEST

START_TEST(one_for_all)
{
	const nv_xml_library *library = nv_xml_library_get(NULL);
	ck_assert_ptr_nonnull(library);
	ck_assert_ptr_eq(nv_xml_library_get(NULL), library);
}
END_TEST

START_TEST(no_such_library)
{
	nv_xml_library library;
	nv_error err = {0};
	ck_assert_int_eq(nv_xml_library_open(&library, "libnv-there-is-none.so.9", &err), NV_E_INPUT);
	ck_assert_ptr_nonnull(
		strstr(err.message, "web pages and feeds need libxml2: install it (libnv-there-is-none.so.9: "));
	ck_assert_int_eq(nv_xml_library_open(&library, "libnv-there-is-none.so.9", NULL), NV_E_INPUT);
}
END_TEST

START_TEST(another_library)
{
	nv_xml_library library;
	nv_error err = {0};
	ck_assert_int_eq(nv_xml_library_open(&library, "libm.so.6", &err), NV_E_INPUT);
	ck_assert_ptr_nonnull(strstr(err.message, "web pages and feeds need another libxml2 than the one installed ("));
	ck_assert_ptr_nonnull(strstr(err.message, "htmlCreateMemoryParserCtxt"));
}
END_TEST

static Suite *xml_library_suite(void)
{
	Suite *suite = suite_create("xml_library");
	NV_CASE(suite, "Core", first_use_by_several_threads, one_for_all);
	NV_CASE(suite, "Errors", no_such_library, another_library);
	return suite;
}

NV_CHECK_MAIN(xml_library_suite)
