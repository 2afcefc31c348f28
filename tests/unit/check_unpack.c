/* SPDX-License-Identifier: Apache-2.0 */
#include "base/unpack.h"

#include "base/str.h"
#include "check_main.h"
#include "faulty_alloc.h"

#include <stdio.h>
#include <string.h>

/* "newsvane newsvane newsvane\n" by gzip, zstd, xz and bzip2. */
static const unsigned char gzip_bytes[] = {0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB,
                                           0x4B, 0x2D, 0x2F, 0x2E, 0x4B, 0xCC, 0x4B, 0x55, 0xC8, 0x43, 0x67,
                                           0x70, 0x01, 0x00, 0xFC, 0x8E, 0x7F, 0x77, 0x1B, 0x00, 0x00, 0x00};
static const unsigned char zstd_bytes[] = {0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58, 0x85, 0x00, 0x00, 0x50,
                                           0x6E, 0x65, 0x77, 0x73, 0x76, 0x61, 0x6E, 0x65, 0x20, 0x0A,
                                           0x01, 0x00, 0x9C, 0xCB, 0x11, 0x1D, 0x11, 0x04, 0xB0};
static const unsigned char xz_bytes[] = {
	0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00, 0x04, 0xE6, 0xD6, 0xB4, 0x46, 0x02, 0x00, 0x21, 0x01, 0x16, 0x00, 0x00,
	0x00, 0x74, 0x2F, 0xE5, 0xA3, 0xE0, 0x00, 0x1A, 0x00, 0x10, 0x5D, 0x00, 0x37, 0x19, 0x4B, 0x56, 0x03, 0x46, 0x84,
	0x37, 0x96, 0x7D, 0xC5, 0x27, 0xB5, 0xFA, 0x00, 0x00, 0x00, 0xD8, 0x63, 0x8D, 0x47, 0x0E, 0xB2, 0x9B, 0x79, 0x00,
	0x01, 0x2C, 0x1B, 0x69, 0x17, 0xD2, 0x93, 0x1F, 0xB6, 0xF3, 0x7D, 0x01, 0x00, 0x00, 0x00, 0x00, 0x04, 0x59, 0x5A};
static const unsigned char bzip2_bytes[] = {
	0x42, 0x5A, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0xAA, 0x9E, 0x6D, 0xE0, 0x00, 0x00, 0x08, 0xD1,
	0x80, 0x00, 0x10, 0x40, 0x00, 0x22, 0x01, 0x09, 0x80, 0x20, 0x00, 0x21, 0xB5, 0x06, 0x9A, 0x10, 0xC0, 0x8C,
	0x38, 0x68, 0x63, 0x4E, 0x10, 0x87, 0x8B, 0xB9, 0x22, 0x9C, 0x28, 0x48, 0x55, 0x4F, 0x36, 0xF0, 0x00};
static const char said[] = "newsvane newsvane newsvane\n";

typedef struct packed {
	nv_packing packing;
	const char *suffix;
	const unsigned char *bytes;
	size_t len;
	size_t summed; /* a byte that a checksum covers or is part of */
} packed;

static const packed all[] = {{NV_GZIP, ".gz", gzip_bytes, sizeof gzip_bytes, sizeof gzip_bytes - 6},
                             {NV_ZSTD, ".zst", zstd_bytes, sizeof zstd_bytes, sizeof zstd_bytes - 2},
                             {NV_XZ, ".XZ", xz_bytes, sizeof xz_bytes, 30},
                             {NV_BZIP2, ".bz2", bzip2_bytes, sizeof bzip2_bytes, 12}};
enum { N_PACKED = sizeof all / sizeof *all };

/* Unpacks in pieces of `in` bytes into rooms of `out` bytes; the last code. */
static int unpack(nv_unpacker *u, const unsigned char *bytes, size_t len, size_t in, size_t out, nv_buf *to,
                  nv_error *err)
{
	unsigned char room[64];
	int code = NV_OK;
	for (size_t at = 0; at < len && code == NV_OK;) {
		size_t n = len - at < in ? len - at : in;
		nv_unpack_io io = {bytes + at, n, room, out};
		do {
			io.out = room;
			io.n_out = out;
			code = nv_unpacker_step(u, &io, err);
			nv_buf_add(to, (char *)room, out - io.n_out);
		} while (code == NV_OK && (io.n_in > 0 || io.n_out == 0));
		at += n - io.n_in;
	}
	return code;
}

static void check_whole(const packed *p, size_t in, size_t out)
{
	nv_unpacker *u;
	nv_buf to = NV_BUF_INIT;
	ck_assert_int_eq(nv_unpacker_new(&u, p->packing, NULL), NV_OK);
	ck_assert(!nv_unpacker_is_whole(u));
	ck_assert_int_eq(unpack(u, p->bytes, p->len, in, out, &to, NULL), NV_OK);
	ck_assert_str_eq(nv_buf_cstr(&to), said);
	ck_assert(nv_unpacker_is_whole(u));
	/* A second member, with padding before it. */
	ck_assert_int_eq(unpack(u, (const unsigned char *)"\0\0\0\0", 4, in, out, &to, NULL), NV_OK);
	ck_assert_int_eq(unpack(u, p->bytes, p->len, in, out, &to, NULL), NV_OK);
	ck_assert_uint_eq(to.len, 2 * (sizeof said - 1));
	ck_assert(nv_unpacker_is_whole(u));
	nv_unpacker_free(u);
	nv_buf_release(&to);
}

START_TEST(pieces_of_any_size)
{
	for (size_t i = 0; i < N_PACKED; i++) {
		check_whole(&all[i], 1000, 64);
		check_whole(&all[i], 1, 64);
		check_whole(&all[i], 1, 1);
		check_whole(&all[i], 7, 3);
	}
}
END_TEST

START_TEST(told_by_first_bytes_and_by_name)
{
	bool may_change;
	size_t len;
	for (size_t i = 0; i < N_PACKED; i++) {
		char name[20];
		snprintf(name, sizeof name, "a.csv%s", all[i].suffix);
		ck_assert_int_eq(nv_packing_of_bytes((const char *)all[i].bytes, all[i].len, &may_change), all[i].packing);
		ck_assert(!may_change);
		ck_assert_int_eq(nv_packing_of_bytes((const char *)all[i].bytes, 1, &may_change), NV_PLAIN);
		ck_assert(may_change);
		ck_assert_int_eq(nv_packing_of_name(name, &len), all[i].packing);
		ck_assert_uint_eq(len, 5);
	}
	ck_assert_int_eq(nv_packing_of_bytes("{\"te", 4, &may_change), NV_PLAIN);
	ck_assert(!may_change);
	nv_packing_of_bytes(NULL, 0, &may_change);
	ck_assert(may_change);
	ck_assert_int_eq(nv_packing_of_name(".gz", &len), NV_PLAIN);
	ck_assert_int_eq(nv_packing_of_name("gz", &len), NV_PLAIN);
	ck_assert_str_eq(nv_packing_name(NV_PLAIN), "plain");
}
END_TEST

START_TEST(every_prefix_is_not_whole)
{
	for (size_t i = 0; i < N_PACKED; i++) {
		for (size_t len = 1; len < all[i].len; len++) {
			nv_unpacker *u;
			nv_buf to = NV_BUF_INIT;
			ck_assert_int_eq(nv_unpacker_new(&u, all[i].packing, NULL), NV_OK);
			ck_assert_int_eq(unpack(u, all[i].bytes, len, 1000, 64, &to, NULL), NV_OK);
			ck_assert(!nv_unpacker_is_whole(u));
			nv_unpacker_free(u);
			nv_buf_release(&to);
		}
	}
}
END_TEST

START_TEST(changed_contents_are_told)
{
	for (size_t i = 0; i < N_PACKED; i++) {
		unsigned char bytes[200];
		nv_unpacker *u;
		nv_error err = {0};
		nv_buf to = NV_BUF_INIT;
		memcpy(bytes, all[i].bytes, all[i].len);
		bytes[all[i].summed] ^= 0x10;
		ck_assert_int_eq(nv_unpacker_new(&u, all[i].packing, NULL), NV_OK);
		int code = unpack(u, bytes, all[i].len, 1000, 64, &to, &err);
		ck_assert_int_eq(code, NV_E_INPUT);
		ck_assert_msg(strncmp(err.message, "damaged ", 8) == 0, "%s", err.message);
		nv_unpack_io io = {bytes, 1, bytes, 1};
		ck_assert_int_eq(nv_unpacker_step(u, &io, NULL), NV_E_INPUT);
		nv_unpacker_free(u);
		nv_buf_release(&to);
	}
}
END_TEST

START_TEST(other_bytes_behind_a_member)
{
	for (size_t i = 0; i < N_PACKED; i++) {
		nv_unpacker *u;
		nv_error err = {0};
		nv_buf to = NV_BUF_INIT;
		ck_assert_int_eq(nv_unpacker_new(&u, all[i].packing, NULL), NV_OK);
		ck_assert_int_eq(unpack(u, all[i].bytes, all[i].len, 1000, 64, &to, NULL), NV_OK);
		ck_assert_int_eq(unpack(u, (const unsigned char *)"something else, long enough", 27, 1000, 64, &to, &err),
		                 NV_E_INPUT);
		ck_assert_ptr_nonnull(strstr(err.message, "what follows the "));
		nv_unpacker_free(u);
		nv_buf_release(&to);
	}
}
END_TEST

START_TEST(memory_may_end_anywhere)
{
	for (size_t i = 0; i < N_PACKED; i++) {
		int code = NV_E_MEMORY;
		for (long n = 0; code == NV_E_MEMORY && n < 1000; n++) {
			nv_unpacker *u = NULL;
			unsigned char room[64];
			nv_unpack_io io = {all[i].bytes, all[i].len, room, sizeof room};
			faulty_on(n);
			code = nv_unpacker_new(&u, all[i].packing, NULL);
			if (code == NV_OK)
				code = nv_unpacker_step(u, &io, NULL);
			nv_unpacker_free(u);
			ck_assert_int_eq(faulty_off(), 0);
		}
		ck_assert_int_eq(code, NV_OK);
	}
}
END_TEST

static Suite *unpack_suite(void)
{
	Suite *suite = suite_create("unpack");
	NV_CASE(suite, "Core", pieces_of_any_size, told_by_first_bytes_and_by_name);
	NV_CASE(suite, "Limits", every_prefix_is_not_whole);
	NV_CASE(suite, "Errors", changed_contents_are_told, other_bytes_behind_a_member, memory_may_end_anywhere);
	return suite;
}

NV_CHECK_MAIN(unpack_suite)
