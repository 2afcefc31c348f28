/* SPDX-License-Identifier: Apache-2.0
 *
 * search.h: binary search.
 */
#ifndef NV_BASE_SEARCH_H
#define NV_BASE_SEARCH_H

#include <stddef.h>
#include <stdint.h>

/* The first place in sorted[n], which rises, whose number is not below x; n: none. */
static inline size_t nv_first_from(const uint32_t *sorted, size_t n, size_t x)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (sorted[middle] < x)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

#endif
