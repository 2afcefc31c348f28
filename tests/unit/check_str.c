/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include "base/hash.h"
#include "base/numeric.h"
#include "check_main.h"
#include "faulty_alloc.h"

#include <stdio.h>
#include <string.h>

START_TEST(buffer_grows_and_formats)
{
	nv_buf buf = NV_BUF_INIT;
	char want[3001];
	memset(want, 'x', 3000);
	want[3000] = '\0';
	nv_buf_add(&buf, "ab", 2);
	nv_buf_add_char(&buf, 'c');
	nv_buf_add_str(&buf, "de");
	nv_buf_addf(&buf, "%d-%s", 42, "z");
	ck_assert_str_eq(nv_buf_cstr(&buf), "abcde42-z");
	ck_assert_uint_eq(buf.len, 9);
	nv_buf_clear(&buf);
	nv_buf_addf(&buf, "%s", want);
	ck_assert_str_eq(nv_buf_cstr(&buf), want);
	nv_buf_release(&buf);
	nv_buf_release(NULL);
}
END_TEST

START_TEST(views_compare_by_bytes)
{
	nv_str a = nv_str_of("abc"), b = nv_str_of("abd"), c = nv_str_of("ab"), none = nv_str_of(NULL);
	ck_assert(nv_str_eq(a, nv_str_of("abc")) && !nv_str_eq(a, b) && !nv_str_eq(a, c));
	ck_assert_int_lt(nv_str_cmp(a, b), 0);
	ck_assert_int_gt(nv_str_cmp(a, c), 0);
	ck_assert_int_eq(nv_str_cmp(none, nv_str_of("")), 0);
	ck_assert_int_gt(nv_str_cmp(nv_str_of("\xC3"), a), 0);
	ck_assert(nv_str_is(a, "abc") && nv_str_is(none, ""));
	ck_assert(nv_str_ends(a, "bc") && nv_str_ends(a, "") && !nv_str_ends(c, "abc") && !nv_str_ends(none, "x"));
}
END_TEST

/* Hashes are written into model files: these values must stay. */
START_TEST(hash_has_fixed_values)
{
	static const struct {
		const char *text;
		uint64_t hash;
	} known[] = {
		{"", 0x1EB244682E62CA05u},
		{"a", 0x96793DE16411C41Cu},
		{"chip", 0x17B6F6B24EC1A24Bu},
		{"chips", 0x9A27F468FF2EE360u},
		{"tariffs", 0x6D7043033848B5DEu},
		{"artificial", 0x775A4883DD27D690u},
		{"sixteen bytes ok", 0x3E6837EF90956681u},
		{"a text that is longer than thirty-two bytes", 0x3536C2280C8C7803u},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		ck_assert_uint_eq(nv_hash(known[i].text, strlen(known[i].text)), known[i].hash);
	ck_assert_uint_eq(nv_hash_pair(1, 2), 0x83477AAC1566C79Fu);
}
END_TEST

/* Whatever stands behind the bytes. */
START_TEST(short_hash_is_the_same)
{
	nv_rng rng;
	nv_rng_init(&rng, 1, 1);
	for (int round = 0; round < 1000; round++) {
		unsigned char bytes[24];
		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = (unsigned char)nv_rng_next(&rng);
		for (size_t len = 1; len <= 16; len++)
			ck_assert_uint_eq(nv_hash_short(bytes, len), nv_hash(bytes, len));
	}
}
END_TEST

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static size_t count_equal(uint64_t *x, size_t n)
{
	size_t equal = 0;
	qsort(x, n, sizeof *x, compare_u64);
	for (size_t i = 1; i < n; i++)
		equal += x[i] == x[i - 1];
	return equal;
}

/* 200,000 short keys: no two 64-bit values meet, and the low 16 bits fill their table as chance would. */
START_TEST(hash_spreads_short_words)
{
	enum { N = 200000 };
	uint64_t *hash = malloc(N * sizeof *hash);
	size_t used = 0;
	static unsigned char seen[65536];
	memset(seen, 0, sizeof seen);
	for (size_t i = 0; i < N; i++) {
		char text[16];
		int len = snprintf(text, sizeof text, "w%zx", i);
		hash[i] = nv_hash(text, (size_t)len);
		used += !seen[hash[i] & 0xFFFF];
		seen[hash[i] & 0xFFFF] = 1;
	}
	ck_assert_uint_eq(count_equal(hash, N), 0);
	/* 65536 (1 - e^-3.05) = 62437 slots, standard deviation about 50. */
	ck_assert(used > 62100 && used < 62800);
	for (size_t i = 0; i < N; i++)
		hash[i] = nv_hash_pair(i / 450, i % 450);
	ck_assert_uint_eq(count_equal(hash, N), 0);
	free(hash);
}
END_TEST

START_TEST(hash_depends_on_every_byte_and_the_length)
{
	unsigned char bytes[70] = {0};
	uint64_t seen[70 * 71];
	size_t n = 0;
	for (size_t len = 0; len <= 69; len++) {
		seen[n++] = nv_hash(bytes, len);
		for (size_t i = 0; i < len; i++) {
			bytes[i] = 1;
			seen[n++] = nv_hash(bytes, len);
			bytes[i] = 0;
		}
	}
	ck_assert_uint_eq(count_equal(seen, n), 0);
}
END_TEST

START_TEST(a_failed_buffer_takes_nothing_more)
{
	nv_buf buf = NV_BUF_INIT;
	faulty_on(1);
	nv_buf_add_str(&buf, "kept");
	size_t cap = buf.cap;
	while (!buf.failed)
		nv_buf_add(&buf, "0123456789", 10);
	ck_assert_uint_le(buf.len, cap);
	ck_assert_mem_eq(buf.ptr, "kept", 4);
	size_t len = buf.len;
	nv_buf_add_char(&buf, 'x');
	nv_buf_addf(&buf, "%d", 1);
	ck_assert_uint_eq(buf.len, len);
	ck_assert_str_eq(nv_buf_cstr(&buf), "");
	nv_buf_release(&buf);
	ck_assert_int_eq(faulty_off(), 0);
	ck_assert(!nv_buf_reserve(&buf, SIZE_MAX) && buf.failed);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("str");
	NV_CASE(s, "Core", buffer_grows_and_formats, views_compare_by_bytes, hash_has_fixed_values);
	NV_CASE(s, "Limits", short_hash_is_the_same, hash_spreads_short_words, hash_depends_on_every_byte_and_the_length);
	NV_CASE(s, "Errors", a_failed_buffer_takes_nothing_more);
	return s;
}

NV_CHECK_MAIN(suite)
