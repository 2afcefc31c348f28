/* SPDX-License-Identifier: Apache-2.0 */
#include "train/block_math.h"

#include "base/numeric.h"
#include "tests/unit/check_main.h"
#include "train/solver.h"

#include <string.h>

enum { ROWS = 37 };

typedef struct numbers {
	float x[ROWS * NV_MAX_WIDTH], y[ROWS * NV_MAX_WIDTH];
	double by[ROWS], what[NV_MAX_WIDTH];
} numbers;

static void fill(numbers *s)
{
	nv_rng rng;
	nv_rng_init(&rng, 5, 0);
	for (size_t i = 0; i < ROWS * NV_MAX_WIDTH; i++)
		s->x[i] = s->y[i] = (float)nv_rng_uniform(&rng) - 0.5f;
	for (size_t i = 0; i < ROWS; i++)
		s->by[i] = nv_rng_uniform(&rng);
	for (size_t k = 0; k < NV_MAX_WIDTH; k++)
		s->what[k] = nv_rng_uniform(&rng);
}

START_TEST(sums)
{
	numbers s;
	fill(&s);
	for (size_t width = 1; width <= NV_MAX_WIDTH; width *= 2) {
		double sum[NV_MAX_WIDTH], plain[NV_MAX_WIDTH];
		memcpy(sum, s.what, sizeof sum);
		memset(plain, 0, sizeof plain);
		nv_block_sum(s.x, ROWS, width, s.by, sum);
		nv_block_sum(s.x, ROWS, width, NULL, plain);
		for (size_t k = 0; k < width; k++) {
			double want = s.what[k], want_plain = 0;
			for (size_t i = 0; i < ROWS; i++) {
				want += s.by[i] * (double)s.x[i * width + k];
				want_plain += (double)s.x[i * width + k];
			}
			ck_assert_double_eq(sum[k], want);
			ck_assert_double_eq(plain[k], want_plain);
		}
		for (size_t k = width; k < NV_MAX_WIDTH; k++)
			ck_assert_double_eq(sum[k], s.what[k]);
	}
}
END_TEST

START_TEST(differences_and_sums_with_one_row)
{
	for (size_t width = 1; width <= NV_MAX_WIDTH; width *= 2) {
		numbers s;
		float what[NV_MAX_WIDTH];
		fill(&s);
		for (size_t k = 0; k < NV_MAX_WIDTH; k++)
			what[k] = (float)s.what[k];
		nv_block_subtract(s.y, ROWS, width, s.by, s.what);
		for (size_t i = 0; i < ROWS * width; i++) {
			float want = (float)((double)s.x[i] - s.by[i / width] * s.what[i % width]);
			ck_assert_float_eq(s.y[i], want);
		}
		fill(&s);
		nv_block_add(s.y, ROWS, width, what);
		for (size_t i = 0; i < ROWS * width; i++)
			ck_assert_float_eq(s.y[i], s.x[i] + what[i % width]);
		for (size_t i = ROWS * width; i < ROWS * NV_MAX_WIDTH; i++)
			ck_assert_float_eq(s.y[i], s.x[i]);
	}
}
END_TEST

/* Some columns of the factors, or all; rows in their order, or by number. */
START_TEST(factors_of_some_columns)
{
	const uint8_t column[NV_MAX_WIDTH] = {1, 3, 4, 6, 7, 9, 12, 15};
	uint32_t of[ROWS];
	for (uint32_t i = 0; i < ROWS; i++)
		of[i] = i * 7 % ROWS;
	for (size_t width = 1; width <= NV_MAX_WIDTH; width *= 2)
		for (int numbered = 0; numbered < 2; numbered++) {
			numbers s;
			fill(&s);
			const nv_block_factors by = {s.x, NV_MAX_WIDTH, numbered ? of : NULL};
			nv_block_scale(s.y, ROWS, width, &by, column);
			for (size_t i = 0; i < ROWS * width; i++) {
				size_t row = numbered ? of[i / width] : i / width, k = i % width;
				float factor = s.x[row * NV_MAX_WIDTH + (width == NV_MAX_WIDTH ? k : column[k])];
				ck_assert_float_eq(s.y[i], s.x[i] * factor);
			}
		}
}
END_TEST

static Suite *block_math_suite(void)
{
	Suite *suite = suite_create("block_math");
	NV_CASE(suite, "Core", sums, differences_and_sums_with_one_row, factors_of_some_columns);
	return suite;
}

NV_CHECK_MAIN(block_math_suite)
