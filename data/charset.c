/* SPDX-License-Identifier: Apache-2.0 */
#include "data/charset.h"

#include "base/alloc.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

enum { NV_KEPT_MAX = 16, NV_NAME_MAX = 40, NV_ROOM = 4096 };

struct nv_charset {
	iconv_t converter;
	char kept[NV_KEPT_MAX]; /* the first bytes of a character */
	size_t n_kept;
	uint64_t ill_formed;
};

bool nv_charset_is_utf8(nv_str name)
{
	return (name.len == 5 && strncasecmp(name.ptr, "utf-8", 5) == 0) ||
	       (name.len == 4 && strncasecmp(name.ptr, "utf8", 4) == 0);
}

/* Only what names of encodings are made of: iconv gives a meaning to '/'. */
static bool copy_name(nv_str name, char *copy)
{
	if (name.len == 0 || name.len >= NV_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.ptr[i];
		bool fits = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c && strchr("-_.:+", c));
		if (!fits)
			return false;
		copy[i] = (char)c;
	}
	copy[name.len] = '\0';
	return true;
}

int nv_charset_new(nv_charset **charset, nv_str name, nv_error *err)
{
	char copy[NV_NAME_MAX];
	iconv_t converter = copy_name(name, copy) ? iconv_open("UTF-8", copy) : (iconv_t)-1;
	if (converter == (iconv_t)-1)
		return nv_fail(err, NV_E_USAGE, "unknown encoding \"%.*s\"", (int)(name.len < 100 ? name.len : 100), name.ptr);
	nv_charset *made = nv_alloc_zero(1, sizeof *made);
	if (!made) {
		iconv_close(converter);
		return nv_fail_memory(err);
	}
	made->converter = converter;
	*charset = made;
	return NV_OK;
}

void nv_charset_free(nv_charset *charset)
{
	if (!charset)
		return;
	iconv_close(charset->converter);
	nv_free(charset);
}

static void replace_byte(nv_charset *charset, nv_buf *out)
{
	nv_buf_add(out, "\xEF\xBF\xBD", 3);
	charset->ill_formed++;
}

/* Converts up to the end, or up to a cut character; returns the bytes that are left. iconv's input is char ** for history's sake. */
static size_t convert(nv_charset *charset, char *at, size_t left, nv_buf *out)
{
	while (left > 0 && nv_buf_reserve(out, NV_ROOM + left)) {
		char *to = out->ptr + out->len;
		size_t room = out->cap - out->len;
		size_t result = iconv(charset->converter, &at, &left, &to, &room);
		int why = result == (size_t)-1 ? errno : 0;
		out->len = out->cap - room;
		if (why == EINVAL)
			break;
		if (why == EILSEQ) {
			replace_byte(charset, out);
			at++;
			left--;
		}
	}
	return left;
}

/* A cut character's bytes are completed one by one. */
static size_t finish_kept(nv_charset *charset, const char *bytes, size_t len, nv_buf *out)
{
	size_t used = 0;
	while (charset->n_kept > 0 && used < len && !out->failed) {
		charset->kept[charset->n_kept++] = bytes[used++];
		size_t left = convert(charset, charset->kept, charset->n_kept, out);
		if (left == NV_KEPT_MAX) {
			replace_byte(charset, out);
			left--;
		}
		memmove(charset->kept, charset->kept + charset->n_kept - left, left);
		charset->n_kept = left;
	}
	return used;
}

void nv_charset_add(nv_charset *charset, const char *bytes, size_t len, nv_buf *out)
{
	char piece[NV_ROOM];
	size_t used = finish_kept(charset, bytes, len, out);
	while (used < len && !out->failed) {
		size_t n = len - used < sizeof piece ? len - used : sizeof piece;
		memcpy(piece, bytes + used, n);
		size_t left = convert(charset, piece, n, out);
		used += n;
		if (left < NV_KEPT_MAX) {
			memcpy(charset->kept, piece + n - left, left);
			charset->n_kept = left;
		}
		used += finish_kept(charset, bytes + used, len - used, out);
	}
}

void nv_charset_end(nv_charset *charset, nv_buf *out)
{
	for (; charset->n_kept > 0; charset->n_kept--)
		replace_byte(charset, out);
	iconv(charset->converter, NULL, NULL, NULL, NULL);
}

uint64_t nv_charset_ill_formed(const nv_charset *charset)
{
	return charset->ill_formed;
}
