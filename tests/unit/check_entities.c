/* SPDX-License-Identifier: Apache-2.0 */
#include "data/entities.h"
#include "tests/unit/check_main.h"

#include <string.h>

/* The code point; 0 where there is no reference. *used: its bytes. */
static uint32_t decode(const char *text, size_t *used)
{
	uint32_t c = 0;
	*used = nv_entity_decode(text, strlen(text), &c);
	return c;
}

START_TEST(names_are_found)
{
	static const struct {
		const char *text;
		uint32_t code_point;
	} known[] = {{"&AElig;", 0xC6}, {"&amp;", '&'},  {"&zwnj;", 0x200C}, {"&apos;", '\''}, {"&thetasym;", 0x3D1},
	             {"&nbsp;", 0xA0},  {"&pi;", 0x3C0}, {"&piv;", 0x3D6},   {"&sup2;", 0xB2}, {"&Prime;", 0x2033}};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		size_t used;
		ck_assert_uint_eq(decode(known[i].text, &used), known[i].code_point);
		ck_assert_uint_eq(used, strlen(known[i].text));
	}
}
END_TEST

START_TEST(numbers_are_read)
{
	size_t used;
	ck_assert_uint_eq(decode("&#65;x", &used), 65);
	ck_assert_uint_eq(used, 5);
	ck_assert_uint_eq(decode("&#x1F600;", &used), 0x1F600);
	ck_assert_uint_eq(decode("&#X41;", &used), 0x41);
	ck_assert_uint_eq(decode("&#146;", &used), 0x2019); /* windows-1252 */
	ck_assert_uint_eq(decode("&#1114111;", &used), 0x10FFFF);
}
END_TEST

START_TEST(all_else_is_left)
{
	static const char *const text[] = {
		"&",    "&;",       "&#;",        "&#x;",   "&amp",          "&am;",  "&ampx;",
		"&#0;", "&#xD800;", "&#1114112;", "&#12a;", "&unknownname;", "&AMP;", "&#99999999999;"};
	for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
		size_t used;
		ck_assert_uint_eq(decode(text[i], &used), 0);
		ck_assert_uint_eq(used, 0);
	}
}
END_TEST

static Suite *entities_suite(void)
{
	Suite *suite = suite_create("entities");
	NV_CASE(suite, "Core", names_are_found, numbers_are_read);
	NV_CASE(suite, "Errors", all_else_is_left);
	return suite;
}

NV_CHECK_MAIN(entities_suite)
