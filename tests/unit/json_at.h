/* SPDX-License-Identifier: Apache-2.0
 *
 * json_at.h: places in a parsed JSON document, for tests that look at results.
 */
#ifndef NV_TESTS_JSON_AT_H
#define NV_TESTS_JSON_AT_H

#include "base/json.h"

#include <string.h>

/* The element, or the member's value; NULL past the end. */
static inline const nv_json *json_at(const nv_json *value, size_t index)
{
	const nv_json *at = nv_json_first(value);
	while (at && index-- > 0)
		at = nv_json_next(at);
	return at;
}

/* The value at "name/name/…" below from; NULL where there is none. */
static inline const nv_json *json_below(const nv_json *from, const char *path)
{
	char part[64];
	while (from && *path) {
		size_t len = strcspn(path, "/");
		memcpy(part, path, len);
		part[len] = '\0';
		from = nv_json_member(from, part);
		path += len + (path[len] == '/');
	}
	return from;
}

#endif
