/* SPDX-License-Identifier: Apache-2.0 */
#include "base/numeric.h"
#include "data/scan.h"
#include "tests/unit/check_main.h"

#include <stdbool.h>
#include <string.h>

static nv_scan one, two;

/* The bits of 64 bytes and fewer, one character each: '.' for 0, '1' for 1. */
static void check_bits(const uint64_t *bits, const char *expected)
{
	char got[65] = {0};
	size_t n = strlen(expected);
	ck_assert_uint_le(n, 64);
	for (size_t i = 0; i < n; i++)
		got[i] = nv_scan_bits(bits, i) & 1 ? '1' : '.';
	ck_assert_str_eq(got, expected);
}

static void check_text(const char *text, const char *word, const char *special)
{
	nv_scan_bytes(&one, (const unsigned char *)text, strlen(text));
	check_bits(one.word, word);
	check_bits(one.special, special);
}

START_TEST(words_and_what_is_special)
{
	check_text("A law, 2 (b-c)_d", "1.111..1..1.1.11", "................");
	check_text("one. two.b 3.5 1,000 a,b", "111..111.1.1.1.1.111.1.1", "....1........1...1......");
	check_text("it's a&b c@d #e f! g?", "11.1.1.1.1.1..1.1..1.", "..1...1...1..1...1..1");
	check_text("a\nb\n\nc\n \td\n \t\ne \n ", "1.1..1...1....1...", "....1........1....");
	check_text("x \xC3\xA9", "1...", "..11");
	ck_assert_str_eq((const char *)one.folded, "x \xC3\xA9");
	nv_scan_bytes(&one, (const unsigned char *)"AZ[@`az{", 8);
	ck_assert_str_eq((const char *)one.folded, "az[@`az{");
}
END_TEST

/* Every byte, in runs that cross from one block of 64 to the next. */
START_TEST(the_portable_twin_agrees)
{
	static const char likely[] = "aB5.,\n \t'&#@!?_-\x80(";
	unsigned char text[NV_SCAN_MAX];
	nv_rng rng;
	nv_rng_init(&rng, 1, 1);
	for (int round = 0; round < 2000; round++) {
		size_t n = (size_t)nv_rng_below(&rng, round % 100 == 0 ? NV_SCAN_MAX + 1 : 200);
		for (size_t i = 0; i < n;) {
			bool any = round % 2 == 0;
			uint64_t c = nv_rng_below(&rng, any ? 256 : sizeof likely);
			for (uint64_t run = nv_rng_below(&rng, nv_rng_below(&rng, 20) == 0 ? 150 : 3) + 1; run > 0 && i < n; run--)
				text[i++] = any ? (unsigned char)c : (unsigned char)likely[c];
		}
		nv_scan_bytes(&one, text, n);
		nv_scan_bytes_portable(&two, text, n);
		ck_assert_uint_eq(two.n, n);
		ck_assert_mem_eq(one.word, two.word, (n / 64 + 1) * sizeof *one.word);
		ck_assert_mem_eq(one.special, two.special, (n / 64 + 1) * sizeof *one.special);
		ck_assert_mem_eq(one.folded, two.folded, n);
		for (size_t at = 0; at < n; at += 37) {
			uint64_t window = nv_scan_bits(one.special, at);
			for (size_t i = 0; i < 64 && at + i < n; i++)
				ck_assert_uint_eq(window >> i & 1, one.special[(at + i) / 64] >> (at + i) % 64 & 1);
		}
	}
}
END_TEST

/* What is special is told the same wherever the blocks of 64 begin. */
START_TEST(blocks_leave_no_trace)
{
	const char *text = "a.b 1.5 2,3 x\n\ny\n   \nz end. New";
	size_t len = strlen(text);
	unsigned char moved[256];
	nv_scan_bytes(&two, (const unsigned char *)text, len);
	for (size_t by = 0; by < 100; by++) {
		memset(moved, '-', sizeof moved);
		memcpy(moved + by, text, len);
		nv_scan_bytes(&one, moved, sizeof moved);
		for (size_t i = 0; i < len; i++)
			ck_assert_uint_eq(nv_scan_bits(one.special, by + i) & 1, nv_scan_bits(two.special, i) & 1);
	}
}
END_TEST

static Suite *scan_suite(void)
{
	Suite *suite = suite_create("scan");
	NV_CASE(suite, "Core", words_and_what_is_special, blocks_leave_no_trace);
	NV_CASE(suite, "Limits", the_portable_twin_agrees);
	return suite;
}

NV_CHECK_MAIN(scan_suite)
