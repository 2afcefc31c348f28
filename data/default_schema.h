/* SPDX-License-Identifier: Apache-2.0
 *
 * default_schema.h: data/schema/tech_policy.json as bytes, put into the library by the build (cmake/embed.cmake).
 */
#ifndef NV_DATA_DEFAULT_SCHEMA_H
#define NV_DATA_DEFAULT_SCHEMA_H

#include <stddef.h>

extern const unsigned char nv_default_schema[]; /* [nv_default_schema_len] of UTF-8 JSON, without a final NUL */
extern const size_t nv_default_schema_len;

#endif
