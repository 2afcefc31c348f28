/* SPDX-License-Identifier: Apache-2.0
 *
 * entities.h: HTML character references: the 252 names of HTML 4 (section 24), &apos; and numbers, decimal and
 * hexadecimal.
 */
#ifndef NV_DATA_ENTITIES_H
#define NV_DATA_ENTITIES_H

#include <stddef.h>
#include <stdint.h>

#define NV_ENTITY_MAX 12 /* bytes of the longest reference that is looked at, "&" and ";" included */

/* at[0] is '&'. Bytes of the reference up to its ';', and *code_point; 0 where no valid reference with a ';' stands
 * there (0, surrogates and what lies above U+10FFFF are not valid). */
size_t nv_entity_decode(const char *at, size_t len, uint32_t *code_point);

#endif
