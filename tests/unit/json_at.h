/* SPDX-License-Identifier: Apache-2.0
 *
 * json_at.h: a place in a parsed JSON document by its number, for tests that look at results.
 */
#ifndef NV_TESTS_JSON_AT_H
#define NV_TESTS_JSON_AT_H

#include "base/json.h"

/* The element, or the member's value; NULL past the end. */
static inline const nv_json *json_at(const nv_json *value, size_t index)
{
	const nv_json *at = nv_json_first(value);
	while (at && index-- > 0)
		at = nv_json_next(at);
	return at;
}

#endif
