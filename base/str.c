/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include "base/alloc.h"

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
