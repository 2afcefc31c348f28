/* SPDX-License-Identifier: Apache-2.0
 *
 * widths.h: one copy of a function for every width of a block, so that its loops over labels have a length that the compiler knows. For the
 * kernels of train/ alone.
 */
#ifndef NV_TRAIN_WIDTHS_H
#define NV_TRAIN_WIDTHS_H

#include "train/solver.h"

_Static_assert(NV_MAX_WIDTH == 16, "NV_FOR_EVERY_WIDTH has every width");

#define NV_ALWAYS_INLINE static inline __attribute__((always_inline))

/* call(width) with a constant: 1, 2, 4, 8 or 16. */
#define NV_FOR_EVERY_WIDTH(width, call) \
	switch (width) {                    \
	case 1:                             \
		call(1);                        \
		break;                          \
	case 2:                             \
		call(2);                        \
		break;                          \
	case 4:                             \
		call(4);                        \
		break;                          \
	case 8:                             \
		call(8);                        \
		break;                          \
	default:                            \
		call(16);                       \
	}

#endif
