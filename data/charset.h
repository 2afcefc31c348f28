/* SPDX-License-Identifier: Apache-2.0
 *
 * charset.h: bytes of another encoding as UTF-8, by the C library's iconv, whatever names it knows ("windows-1252", "utf-16",
 * "shift_jis"). Bytes that mean nothing in the encoding become U+FFFD each and are counted. Bytes come in pieces of any size.
 *
 * Thread rule: one thread at a time.
 */
#ifndef NV_DATA_CHARSET_H
#define NV_DATA_CHARSET_H

#include "base/str.h"

typedef struct nv_charset nv_charset;

/* Whether the name means UTF-8, so that nothing needs converting. */
bool nv_charset_is_utf8(nv_str name);
/* NV_E_USAGE: no such encoding. */
int nv_charset_new(nv_charset **charset, nv_str name, nv_error *err);
void nv_charset_free(nv_charset *charset); /* NULL is fine */
/* Appends what the bytes say to out (see out->failed); a character that the piece cuts is kept for the next call. */
void nv_charset_add(nv_charset *charset, const char *bytes, size_t len, nv_buf *out);
/* The input has ended: what is kept is ill-formed. Ready for another input then. */
void nv_charset_end(nv_charset *charset, nv_buf *out);
uint64_t nv_charset_ill_formed(const nv_charset *charset); /* bytes replaced so far */

#endif
