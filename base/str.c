/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include "base/alloc.h"
#include "base/wide.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void nv_buf_clear(nv_buf *buf)
{
	buf->len = 0;
	buf->failed = false;
}

void nv_buf_release(nv_buf *buf)
{
	if (!buf)
		return;
	nv_free(buf->ptr);
	*buf = (nv_buf)NV_BUF_INIT;
}

bool nv_buf_reserve(nv_buf *buf, size_t more)
{
	size_t need;
	if (!buf->failed && (!nv_add_size(buf->len, more, &need) || !nv_grow(&buf->ptr, &buf->cap, need, 1)))
		buf->failed = true;
	return !buf->failed;
}

void nv_buf_add(nv_buf *buf, const char *bytes, size_t len)
{
	if (len == 0 || !nv_buf_reserve(buf, len))
		return;
	memcpy(buf->ptr + buf->len, bytes, len);
	buf->len += len;
}

void nv_buf_add_str(nv_buf *buf, const char *text)
{
	nv_buf_add(buf, text, strlen(text));
}

void nv_buf_add_char(nv_buf *buf, char c)
{
	if (nv_buf_reserve(buf, 1))
		buf->ptr[buf->len++] = c;
}

/* Tries in the room that is there; a second pass only where that was too small. */
void nv_buf_addf(nv_buf *buf, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	if (nv_buf_reserve(buf, 64)) {
		size_t room = buf->cap - buf->len;
		int len = vsnprintf(buf->ptr + buf->len, room, format, args);
		if (len < 0)
			buf->failed = true;
		else if ((size_t)len < room)
			buf->len += (size_t)len;
		else if (nv_buf_reserve(buf, (size_t)len + 1))
			buf->len += (size_t)vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
	}
	va_end(again);
	va_end(args);
}

const char *nv_buf_cstr(nv_buf *buf)
{
	if (!nv_buf_reserve(buf, 1))
		return "";
	buf->ptr[buf->len] = '\0';
	return buf->ptr;
}

nv_str nv_str_of(const char *text)
{
	return (nv_str){text, text ? strlen(text) : 0};
}

bool nv_str_eq(nv_str a, nv_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool nv_str_is(nv_str a, const char *text)
{
	return nv_str_eq(a, nv_str_of(text));
}

int nv_str_cmp(nv_str a, nv_str b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool nv_str_ends(nv_str a, const char *suffix)
{
	size_t len = strlen(suffix);
	return len == 0 || (a.len >= len && memcmp(a.ptr + a.len - len, suffix, len) == 0);
}

/* ---- Hashing: 128-bit products of pairs of words, folded (the idea of wyhash, Wang Yi 2019); up to 16 bytes take two loads
 * and two products. Not meant to withstand keys chosen to collide. Odd constants with balanced bits, from the digits of the
 * square roots of 2, 3, 5 and 7. ---- */
#define HASH_A 0x6A09E667F3BCC909u
#define HASH_B 0xBB67AE8584CAA73Bu
#define HASH_C 0x3C6EF372FE94F82Bu
#define HASH_D 0xA54FF53A5F1D36F1u

/* Written out byte by byte: one load on little-endian machines, the same value on the others. */
static inline uint64_t load_64(const unsigned char *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
	       (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

static inline uint64_t load_32(const unsigned char *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24;
}

static inline uint64_t fold(uint64_t a, uint64_t b)
{
	uint64_t high, low = nv_mul_wide(a, b, &high);
	return low ^ high;
}

uint64_t nv_hash(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t a = 0, b = 0, state = HASH_A;
	size_t left = len;
	if (len >= 8) {
		for (; left > 16; left -= 16, p += 16)
			state = fold(load_64(p) ^ HASH_B, load_64(p + 8) ^ state);
		/* The last 16 bytes, overlapping what came before; of 8 to 16 bytes, both ends. */
		p += left;
		a = load_64(len >= 16 ? p - 16 : p - left);
		b = load_64(p - 8);
	} else if (len >= 4) {
		a = load_32(p);
		b = load_32(p + len - 4);
	} else if (len > 0) {
		a = (uint64_t)p[0] | (uint64_t)p[len / 2] << 8 | (uint64_t)p[len - 1] << 16;
	}
	return fold(HASH_C ^ len, fold(a ^ HASH_B, b ^ state));
}

uint64_t nv_hash_pair(uint64_t a, uint64_t b)
{
	return fold(HASH_D, fold(a ^ HASH_B, b ^ HASH_A) ^ HASH_C);
}
