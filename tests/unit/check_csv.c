/* SPDX-License-Identifier: Apache-2.0 */
#include "data/csv.h"

#include "check_main.h"

#include <string.h>

/* Ends of records in text, as offsets in a list, when it is scanned in pieces of `step` bytes. */
static void list_ends(const char *text, char delimiter, size_t step, nv_buf *out)
{
	size_t len = strlen(text);
	nv_csv_scan scan = {NV_CSV_START, delimiter};
	for (size_t from = 0; from < len; from += step) {
		const char *at = text + from, *end = text + (len - from < step ? len : from + step);
		while (at < end && (at = nv_csv_record_end(&scan, at, end)) < end)
			nv_buf_addf(out, "%zu ", (size_t)(at++ - text));
	}
}

static void check_ends(const char *text, const char *want)
{
	for (size_t step = 1; step <= strlen(text); step++) {
		nv_buf out = NV_BUF_INIT;
		list_ends(text, ',', step, &out);
		ck_assert_msg(strcmp(nv_buf_cstr(&out), want) == 0, "%s in steps of %zu: %s", text, step, nv_buf_cstr(&out));
		nv_buf_release(&out);
	}
}

START_TEST(records_end_outside_of_quotes)
{
	check_ends("a,b\nc\n", "3 5 ");
	check_ends("a,\"b\nc\",d\n\n", "9 10 ");
	check_ends("\"a\"\"\n\",b\r\nc", "9 ");
	check_ends("5\" disk,b\n\"x\" y\"\nz\n", "9 16 18 ");
	check_ends("a,\"\"\n\"\"\n", "4 7 ");
	check_ends("a;\"b\nc\"\n", "4 7 ");
	check_ends("\"never closed\n\n", "");
}
END_TEST

static void check_field(const char *text, const char *raw, size_t next, nv_csv_fault fault)
{
	nv_csv_field field = nv_csv_read(text, text + strlen(text), ',');
	ck_assert_msg(nv_str_is(field.raw, raw), "%s: %.*s", text, (int)field.raw.len, field.raw.ptr);
	ck_assert_uint_eq((size_t)(field.next - text), next);
	ck_assert_int_eq(field.fault, fault);
}

START_TEST(fields_with_and_without_quotes)
{
	check_field("ab,c", "ab", 2, NV_CSV_FINE);
	check_field("", "", 0, NV_CSV_FINE);
	check_field(",", "", 0, NV_CSV_FINE);
	check_field("a\r\n", "a", 2, NV_CSV_FINE);
	check_field("a\rb\r", "a\rb", 4, NV_CSV_FINE);
	check_field("\"a,\nb\"\r\nc", "a,\nb", 7, NV_CSV_FINE);
	check_field("\"\"", "", 2, NV_CSV_FINE);
	check_field(" \"a\",", " \"a\"", 4, NV_CSV_FINE);
	check_field("\"a\"b,c", "a", 4, NV_CSV_BEHIND_QUOTE);
	check_field("\"a\"\"", "a\"\"", 4, NV_CSV_NO_CLOSING_QUOTE);
	check_field("\"", "", 1, NV_CSV_NO_CLOSING_QUOTE);
}
END_TEST

START_TEST(doubled_quotes_become_single)
{
	const char text[] = "\"\"\"a\"\" b\"\"\"\"\",c";
	char out[sizeof text];
	nv_csv_field field = nv_csv_read(text, text + sizeof text - 1, ',');
	ck_assert(field.doubled && field.fault == NV_CSV_FINE);
	size_t len = nv_csv_undouble(field.raw, out);
	ck_assert(nv_str_is((nv_str){out, len}, "\"a\" b\"\""));
}
END_TEST

START_TEST(delimiter_of_a_header)
{
	static const struct {
		const char *header;
		char want;
	} rows[] = {{"text", ','},  {"id,text", ','},        {"id;text", ';'}, {"id\ttext", '\t'},
	            {"a;b,c", ','}, {"\"a,b,c\";text", ';'}, {"", ','},        {"\"a;b", ','}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ck_assert_int_eq(nv_csv_delimiter(rows[i].header, strlen(rows[i].header)), rows[i].want);
}
END_TEST

/* A record of many quoted fields costs its length, not its square: this takes minutes if the line feed is searched for each. */
START_TEST(one_record_of_many_fields)
{
	nv_buf text = NV_BUF_INIT;
	nv_csv_scan scan = {NV_CSV_START, ','};
	for (int i = 0; i < 2000000; i++)
		nv_buf_add_str(&text, "\"\",");
	nv_buf_add_char(&text, '\n');
	ck_assert_ptr_eq(nv_csv_record_end(&scan, text.ptr, text.ptr + text.len), text.ptr + text.len - 1);
	nv_buf_release(&text);
}
END_TEST

static Suite *csv_suite(void)
{
	Suite *suite = suite_create("csv");
	NV_CASE(suite, "Core", records_end_outside_of_quotes, fields_with_and_without_quotes, doubled_quotes_become_single);
	NV_CASE(suite, "Limits", delimiter_of_a_header, one_record_of_many_fields);
	return suite;
}

NV_CHECK_MAIN(csv_suite)
