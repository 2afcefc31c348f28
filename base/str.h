/* SPDX-License-Identifier: Apache-2.0
 *
 * str.h: byte views (nv_str, newsvane.h) and a growing byte buffer. After a failed allocation a buffer keeps what it has,
 * takes nothing more and has `failed` set: check it once, at the end of the writing.
 */
#ifndef NV_BASE_STR_H
#define NV_BASE_STR_H

#include "base/error.h"

typedef struct nv_buf {
	char *ptr;  /* [cap]; not NUL-terminated unless nv_buf_cstr was called */
	size_t len; /* bytes in use */
	size_t cap;
	bool failed; /* an allocation failed: contents are incomplete */
} nv_buf;

#define NV_BUF_INIT       \
	{                     \
		NULL, 0, 0, false \
	}
void nv_buf_clear(nv_buf *buf); /* empty again, memory kept */
void nv_buf_release(nv_buf *buf);
bool nv_buf_reserve(nv_buf *buf, size_t more); /* room for `more` bytes behind len; false: failed */
void nv_buf_add(nv_buf *buf, const char *bytes, size_t len);
void nv_buf_add_str(nv_buf *buf, const char *text); /* NUL-terminated */
void nv_buf_add_char(nv_buf *buf, char c);
void nv_buf_addf(nv_buf *buf, const char *format, ...) NV_PRINTF(2, 3);
const char *nv_buf_cstr(nv_buf *buf); /* with a final NUL; "" when failed */

nv_str nv_str_of(const char *text); /* NULL gives the empty string */
bool nv_str_eq(nv_str a, nv_str b);
bool nv_str_is(nv_str a, const char *text);
int nv_str_cmp(nv_str a, nv_str b); /* by bytes, shorter first */
bool nv_str_ends(nv_str a, const char *suffix);

#endif
