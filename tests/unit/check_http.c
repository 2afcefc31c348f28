/* SPDX-License-Identifier: Apache-2.0 */
#include "data/http.h"

#include "check_main.h"
#include "faulty_alloc.h"

#include <string.h>

/* gzip of "hello", without a name and a time. */
#define HELLO_GZ "\x1f\x8b\x08\0\0\0\0\0\x02\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x36\x05\0\0\0"

static const nv_str hello = {HELLO_GZ, sizeof HELLO_GZ - 1};

static void check_str(nv_str s, const char *want)
{
	ck_assert_msg(nv_str_is(s, want), "\"%.*s\" is not \"%s\"", (int)s.len, s.ptr, want);
}

static void check_body(const char *header, nv_str bytes, const char *want)
{
	nv_buf room = NV_BUF_INIT, out = NV_BUF_INIT;
	nv_str body;
	nv_error err = {0};
	ck_assert_msg(nv_http_body(nv_str_of(header), bytes, 1000, &room, &out, &body, &err) == NV_OK, "%s", err.message);
	check_str(body, want);
	nv_buf_release(&room);
	nv_buf_release(&out);
}

static void check_refused(const char *header, nv_str bytes, size_t most, const char *want)
{
	nv_buf room = NV_BUF_INIT, out = NV_BUF_INIT;
	nv_str body;
	nv_error err = {0};
	ck_assert_int_eq(nv_http_body(nv_str_of(header), bytes, most, &room, &out, &body, &err), NV_E_RECORD);
	ck_assert_str_eq(err.message, want);
	nv_buf_release(&room);
	nv_buf_release(&out);
}

START_TEST(headers)
{
	nv_str block =
		nv_str_of("HTTP/1.1 200 OK\r\nContent-Type:  text/html \r\nX: 1\nx: 2\r\nEmpty:\r\n\r\nbody\r\n\r\n");
	block.len = nv_header_block(block);
	ck_assert_uint_eq(block.len,
	                  strlen("HTTP/1.1 200 OK\r\nContent-Type:  text/html \r\nX: 1\nx: 2\r\nEmpty:\r\n\r\n"));
	check_str(nv_header_get(block, "content-type"), "text/html");
	check_str(nv_header_get(block, "X"), "1");
	ck_assert_uint_eq(nv_header_get(block, "Empty").len, 0);
	ck_assert_ptr_null(nv_header_get(block, "Content").ptr);
	ck_assert_ptr_null(nv_header_get(block, "HTTP/1.1 200 OK").ptr);
}
END_TEST

START_TEST(headers_that_are_not_whole)
{
	ck_assert_uint_eq(nv_header_block(nv_str_of("")), 0);
	ck_assert_uint_eq(nv_header_block(nv_str_of("HTTP/1.1 200 OK\r\nA: b\r\n")), 0);
	ck_assert_uint_eq(nv_header_block(nv_str_of("\n")), 1);
	ck_assert_ptr_null(nv_header_get((nv_str){NULL, 0}, "A").ptr);
}
END_TEST

START_TEST(bodies_as_they_are)
{
	check_body("HTTP/1.1 200 OK\r\nA: b\r\n\r\n", nv_str_of("<p>x"), "<p>x");
	check_body("HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\n\r\n", nv_str_of("x"), "x");
	/* The crawler has undone what the header still tells. */
	check_body("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n", nv_str_of("\n<p>x"),
	           "\n<p>x");
	check_body("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", nv_str_of(""), "");
}
END_TEST

START_TEST(chunks)
{
	static const char header[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n";
	check_body(header, nv_str_of("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"), "abc0123456789");
	check_body(header, nv_str_of("3\nabc\n0\n\n"), "abc");
	check_body(header, nv_str_of("0\r\n\r\n"), "");
	check_body(header, nv_str_of("3\r\nabc\r\n9\r\ncut"), "abccut");
	check_body(header, nv_str_of("abc no size behind it"), "abc no size behind it");
	check_body(header, nv_str_of("ffffffff\r\nall there is"), "all there is");
}
END_TEST

START_TEST(gzip)
{
	static const char header[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
	check_body(header, hello, "hello");
	nv_buf chunk = NV_BUF_INIT;
	nv_buf_addf(&chunk, "%zx\r\n", hello.len);
	nv_buf_add(&chunk, hello.ptr, hello.len);
	nv_buf_add_str(&chunk, "\r\n0\r\n\r\n");
	check_body("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
	           (nv_str){chunk.ptr, chunk.len}, "hello");
	nv_buf_release(&chunk);
}
END_TEST

START_TEST(what_is_not_read)
{
	static const char header[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
	check_refused("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n", nv_str_of("\x0b\x02\x80"), 1000,
	              "the page is in content encoding \"br\", which is not read");
	check_refused(header, hello, 4, "a page of more than 4 bytes when unpacked (--max-record)");
	check_refused(header, (nv_str){hello.ptr, hello.len - 1}, 1000, "the page's gzip data ends too early");
	char damaged[sizeof HELLO_GZ - 1];
	memcpy(damaged, hello.ptr, hello.len);
	damaged[18] ^= 1; /* the checksum */
	check_refused(header, (nv_str){damaged, hello.len}, 1000, "the page's gzip data is damaged");
}
END_TEST

START_TEST(memory_may_end_anywhere)
{
	static const char header[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";
	nv_buf chunk = NV_BUF_INIT;
	nv_buf_addf(&chunk, "%zx\r\n", hello.len);
	nv_buf_add(&chunk, hello.ptr, hello.len);
	int code = NV_E_MEMORY;
	for (long n = 0; code == NV_E_MEMORY && n < 100; n++) {
		nv_buf room = NV_BUF_INIT, out = NV_BUF_INIT;
		nv_str body;
		faulty_on(n);
		code = nv_http_body(nv_str_of(header), (nv_str){chunk.ptr, chunk.len}, 1000, &room, &out, &body, NULL);
		nv_buf_release(&room);
		nv_buf_release(&out);
		ck_assert_int_eq(faulty_off(), 0);
	}
	ck_assert_int_eq(code, NV_OK);
	nv_buf_release(&chunk);
}
END_TEST

static Suite *http_suite(void)
{
	Suite *suite = suite_create("http");
	NV_CASE(suite, "Core", headers, bodies_as_they_are, chunks, gzip);
	NV_CASE(suite, "Limits", headers_that_are_not_whole);
	NV_CASE(suite, "Errors", what_is_not_read, memory_may_end_anywhere);
	return suite;
}

NV_CHECK_MAIN(http_suite)
