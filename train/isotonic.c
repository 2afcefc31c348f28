/* SPDX-License-Identifier: Apache-2.0
 *
 * Points are sorted and points of equal x become one. Then levels stand on a stack: a point joins it as a level of its own, and
 * as long as the last two levels descend they become one, of their weighted mean. Linear after the sorting.
 */
#include "train/isotonic.h"

#include "base/alloc.h"

#include <stdlib.h>

typedef struct level {
	double low, high; /* of x */
	double y, weight; /* mean and weight */
} level;

static int by_x(const void *a, const void *b)
{
	const level *p = a, *q = b;
	return (p->low > q->low) - (p->low < q->low);
}

/* b joins a, which lies below it. */
static void join(level *a, const level *b)
{
	double weight = a->weight + b->weight;
	a->y = weight > 0 ? (a->y * a->weight + b->y * b->weight) / weight : a->y;
	a->weight = weight;
	a->high = b->high;
}

static size_t join_ties(level *point, size_t n)
{
	size_t last = 0;
	for (size_t i = 1; i < n; i++) {
		if (point[i].low > point[last].low)
			point[++last] = point[i];
		else
			join(&point[last], &point[i]);
	}
	return last + 1;
}

static size_t pool(level *point, size_t n)
{
	size_t top = 0;
	for (size_t i = 1; i < n; i++) {
		point[++top] = point[i];
		while (top > 0 && point[top - 1].y >= point[top].y) {
			join(&point[top - 1], &point[top]);
			top--;
		}
	}
	return top + 1;
}

static int give_knots(const level *point, size_t n, nv_arena *arena, double **knot_x, double **knot_y, uint32_t *n_knot,
                      nv_error *err)
{
	double *x = nv_arena_alloc(arena, 2 * n, sizeof *x), *y = nv_arena_alloc(arena, 2 * n, sizeof *y);
	if (!x || !y)
		return nv_fail_memory(err);
	*knot_x = x;
	*knot_y = y;
	*n_knot = 0;
	for (size_t i = 0; i < n; i++) {
		x[*n_knot] = point[i].low;
		y[(*n_knot)++] = point[i].y;
		if (point[i].high > point[i].low) {
			x[*n_knot] = point[i].high;
			y[(*n_knot)++] = point[i].y;
		}
	}
	return NV_OK;
}

int nv_isotonic_fit(size_t n, const double *x, const double *y, const double *weight, nv_arena *arena, double **knot_x,
                    double **knot_y, uint32_t *n_knot, nv_error *err)
{
	level *point = nv_alloc(n, sizeof *point);
	if (!point)
		return nv_fail_memory(err);
	for (size_t i = 0; i < n; i++)
		point[i] = (level){x[i], x[i], y[i], weight ? weight[i] : 1};
	qsort(point, n, sizeof *point, by_x);
	size_t left = pool(point, join_ties(point, n));
	int code = give_knots(point, left, arena, knot_x, knot_y, n_knot, err);
	nv_free(point);
	return code;
}
