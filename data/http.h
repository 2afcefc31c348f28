/* SPDX-License-Identifier: Apache-2.0
 *
 * http.h: headers as WARC records and HTTP messages have them, and the bodies of HTTP responses: chunks joined (RFC 9112, section 7.1) and
 * gzip undone.
 */
#ifndef NV_DATA_HTTP_H
#define NV_DATA_HTTP_H

#include "base/str.h"

/* Length of the header block at the start of bytes with its blank line; 0: it is not whole. Lines end with LF or CR LF. */
size_t nv_header_block(nv_str bytes);
/* The value of the first header of that name (in any case), without blanks around it; "" (NULL) if there is none. The first line
 * is no header. */
nv_str nv_header_get(nv_str block, const char *name);
/* The body of a response into out (cleared first), or as a view where nothing is to be undone. most: bytes that it may have.
 * NV_E_RECORD: an encoding that is not read, damaged, or too long. */
int nv_http_body(nv_str header, nv_str bytes, size_t most, nv_buf *room, nv_buf *out, nv_str *body, nv_error *err);

#endif
