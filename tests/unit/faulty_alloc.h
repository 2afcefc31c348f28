/* SPDX-License-Identifier: Apache-2.0
 *
 * faulty_alloc.h: an allocator for tests that fails at a chosen call and counts what is still held. Not for several threads.
 *   faulty_on(n): the n-th allocation from now (0: the next) and all after it fail; FAULTY_NEVER: none.
 *   faulty.once = true after faulty_on: that allocation alone fails.
 *   faulty_off(): back to malloc; returns how many pieces are still held, 0 when nothing has leaked.
 */
#ifndef NV_TESTS_FAULTY_ALLOC_H
#define NV_TESTS_FAULTY_ALLOC_H

#include "newsvane.h"

#include <stdlib.h>

#define FAULTY_NEVER (-1)

typedef struct faulty_state {
	long left; /* allocations that still succeed; negative: all */
	long held;
	bool once;
} faulty_state;

static faulty_state faulty;

static inline void *faulty_resize(void *user, void *ptr, size_t size)
{
	faulty_state *state = user;
	if (state->left == 0) {
		if (state->once)
			state->left = FAULTY_NEVER;
		return NULL;
	}
	if (state->left > 0)
		state->left--;
	void *grown = realloc(ptr, size);
	if (grown && !ptr)
		state->held++;
	return grown;
}

static inline void faulty_release(void *user, void *ptr)
{
	faulty_state *state = user;
	state->held--;
	free(ptr);
}

static inline void faulty_on(long n)
{
	faulty = (faulty_state){n, 0, false};
	nv_set_allocator(&(nv_allocator){faulty_resize, faulty_release, &faulty});
}

static inline long faulty_off(void)
{
	nv_set_allocator(NULL);
	return faulty.held;
}

#endif
