/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <stdio.h>
#include <string.h>

/* Length of text[0..len) without a UTF-8 sequence that the end cuts in two. */
static size_t whole_characters(const char *text, size_t len)
{
	size_t start = len;
	while (start > 0 && len - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start == 0)
		return len;
	unsigned char lead = (unsigned char)text[start - 1];
	size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
	return len - (start - 1) < want ? start - 1 : len;
}

void nv_make_printable(char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)text[0], next = (unsigned char)text[1];
		if (c < 0x20 || c == 0x7F)
			*text = c == '\n' || c == '\t' ? ' ' : '?';
		else if (c == 0xC2 && next >= 0x80 && next <= 0x9F)
			text[0] = text[1] = '?';
	}
}

static void set_message(nv_error *err, const char *format, va_list args) NV_PRINTF(2, 0);
static void set_message(nv_error *err, const char *format, va_list args)
{
	int len = vsnprintf(err->message, sizeof err->message, format, args);
	if (len < 0)
		err->message[0] = '\0';
	else if ((size_t)len >= sizeof err->message)
		err->message[whole_characters(err->message, sizeof err->message - 1)] = '\0';
	nv_make_printable(err->message);
}

static void set_path(nv_error *err, const char *path)
{
	size_t len = path ? strlen(path) : 0, room = sizeof err->path - 1;
	if (len > room) {
		path += len - room;
		while (((unsigned char)*path & 0xC0) == 0x80)
			path++;
		len = strlen(path);
	}
	if (len > 0)
		memmove(err->path, path, len);
	err->path[len] = '\0';
}

static bool is_open(const nv_error *err)
{
	return err && err->code == NV_OK;
}

static void set_place(nv_error *err, const char *path, uint64_t line, uint64_t byte)
{
	set_path(err, path);
	err->line = line;
	err->byte = byte;
}

int nv_fail(nv_error *err, nv_code code, const char *format, ...)
{
	if (is_open(err)) {
		va_list args;
		va_start(args, format);
		set_message(err, format, args);
		va_end(args);
		set_place(err, NULL, 0, 0);
		err->code = code;
	}
	return code;
}

int nv_fail_at(nv_error *err, nv_code code, const char *path, uint64_t line, uint64_t byte, const char *format, ...)
{
	if (is_open(err)) {
		va_list args;
		va_start(args, format);
		set_message(err, format, args);
		va_end(args);
		set_place(err, path, line, byte);
		err->code = code;
	}
	return code;
}

int nv_fail_errno(nv_error *err, nv_code code, const char *path, int errno_value, const char *what)
{
	char text[128];
	const char *reason = strerror_r(errno_value, text, sizeof text);
	return nv_fail_at(err, code, path, 0, 0, "%s: %s", what, reason);
}

void nv_error_place(nv_error *err, const char *path, uint64_t line, uint64_t byte)
{
	if (!err || err->code == NV_OK || err->line != 0)
		return;
	nv_error place = {0};
	set_path(&place, path);
	if (err->path[0] != '\0' && strcmp(err->path, place.path) != 0)
		return;
	set_place(err, path, line, byte);
}

void nv_error_clear(nv_error *err)
{
	if (err)
		memset(err, 0, sizeof *err);
}

const char *nv_error_format(const nv_error *err, char *buf, size_t size)
{
	if (size == 0)
		return buf;
	int len;
	if (err->path[0] && err->line)
		len = snprintf(buf, size, "%s:%llu: %s", err->path, (unsigned long long)err->line, err->message);
	else if (err->path[0])
		len = snprintf(buf, size, "%s: %s", err->path, err->message);
	else if (err->line)
		len = snprintf(buf, size, "line %llu: %s", (unsigned long long)err->line, err->message);
	else
		len = snprintf(buf, size, "%s", err->message);
	if (len < 0)
		buf[0] = '\0';
	else if ((size_t)len >= size)
		buf[whole_characters(buf, size - 1)] = '\0';
	nv_make_printable(buf);
	return buf;
}
