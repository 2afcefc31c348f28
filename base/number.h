/* SPDX-License-Identifier: Apache-2.0
 *
 * number.h: numbers as text, strictly and without regard to the locale: options, JSON, tables.
 */
#ifndef NV_BASE_NUMBER_H
#define NV_BASE_NUMBER_H

#include "base/str.h"

/* The whole text must be one decimal number: sign, digits, point, exponent; no spaces, hexadecimal, "inf" or "nan". False, and
 * *out untouched, for anything else and for what overflows. Nearest double (by strtod). */
bool nv_number_parse(nv_str text, double *out);
/* The whole text must be a decimal integer within int64_t. */
bool nv_number_parse_int(nv_str text, int64_t *out);

#define NV_NUMBER_TEXT 400 /* room enough for any of the texts below */

/* The shortest text of at most 17 digits that reads back as x, "nan", "inf" or "-inf"; returns its length. -0 gives "0". */
size_t nv_number_format(char buf[NV_NUMBER_TEXT], double x);
/* At most `decimals` digits behind the point (0 to 15), halves away from zero, zeros at the end left out: "0.5", "12". */
size_t nv_number_format_rounded(char buf[NV_NUMBER_TEXT], double x, int decimals);
size_t nv_number_format_uint(char buf[NV_NUMBER_TEXT], uint64_t n);

#endif
