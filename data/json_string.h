/* SPDX-License-Identifier: Apache-2.0
 *
 * json_string.h: the insides of JSON strings: where one may end, and what its escapes mean. These are the inner loops of reading JSON
 * Lines, and take several bytes a step.
 */
#ifndef NV_DATA_JSON_STRING_H
#define NV_DATA_JSON_STRING_H

#include "base/str.h"

/* raw, a string that the reader has checked, without escapes into out[raw.len]; returns its length. A lone surrogate
 * becomes U+FFFD, \u0000 a NUL byte. */
size_t nv_pull_decode(nv_str raw, char *out);

/* First of '"', '\\' or a control byte (below 0x20) in [at, end); end if there is none. The portable form takes 8 bytes a
 * step, the other 16 where the machine has SSE2; both give the same. */
const char *nv_find_special(const char *at, const char *end);
const char *nv_find_special_portable(const char *at, const char *end);

#endif
