/* SPDX-License-Identifier: Apache-2.0 */
#include "check_main.h"

#include "eval/outcomes.h"

#include <math.h>

#define NEAR(a, b) ck_assert_double_eq_tol((a), (b), 1e-12)

static void add(nv_outcomes *o, size_t times, size_t n, const nv_cell *cell)
{
	for (size_t i = 0; i < times; i++)
		ck_assert_int_eq(nv_outcomes_add(o, cell, n, NULL), NV_OK);
}

/* Two labels: 6 articles right on both, 2 with label 0 missed, 1 with label 1 wrongly chosen, 3 with nothing. */
static void fill(nv_outcomes *o)
{
	const nv_cell right[] = {NV_CELL(1, 1, 1), NV_CELL(0, 1, 1)}, missed[] = {NV_CELL(0, 1, 0)},
				  wrong[] = {NV_CELL(1, 0, 1)};
	ck_assert_int_eq(nv_outcomes_init(o, 2, NULL), NV_OK);
	add(o, 6, 2, right);
	add(o, 2, 1, missed);
	add(o, 1, 1, wrong);
	add(o, 3, 0, NULL);
}

START_TEST(test_count)
{
	nv_outcomes o;
	nv_confusion c[2];
	fill(&o);
	ck_assert_uint_eq(o.n_pattern, 4);
	ck_assert_uint_eq(nv_outcomes_total(&o, o.weight), 12);
	ck_assert_uint_eq(nv_outcomes_exact(&o, o.weight), 9);
	nv_outcomes_count(&o, o.weight, c);
	ck_assert(c[0].tp == 6 && c[0].fn == 2 && c[0].fp == 0 && c[0].tn == 4);
	ck_assert(c[1].tp == 6 && c[1].fn == 0 && c[1].fp == 1 && c[1].tn == 5);
	nv_outcomes_release(&o);
}
END_TEST

START_TEST(test_rate_of_one_label)
{
	/* For one label articles are the trials: the figures of interval.h. */
	nv_outcomes o;
	fill(&o);
	nv_figure recall = nv_outcomes_rate(&o, o.weight, NV_RATE_RECALL, 0), same = nv_proportion(6, 8);
	NEAR(recall.value, same.value);
	NEAR(recall.low, same.low);
	nv_figure f1 = nv_outcomes_rate(&o, o.weight, NV_RATE_F1, 1);
	same = nv_f1_figure(6, 1, 0);
	NEAR(f1.value, same.value);
	NEAR(f1.high, same.high);
	nv_outcomes_release(&o);
}
END_TEST

START_TEST(test_micro)
{
	nv_outcomes o;
	fill(&o);
	NEAR(nv_outcomes_rate(&o, o.weight, NV_RATE_PRECISION, NV_ALL_LABELS).value, 12.0 / 13);
	NEAR(nv_outcomes_rate(&o, o.weight, NV_RATE_RECALL, NV_ALL_LABELS).value, 12.0 / 14);
	NEAR(nv_outcomes_rate(&o, o.weight, NV_RATE_F1, NV_ALL_LABELS).value, 24.0 / 27);
	nv_outcomes_release(&o);
}
END_TEST

START_TEST(test_articles_that_hang_together)
{
	/* Both labels are right or wrong together: no more information than one of them has. */
	const nv_cell right[] = {NV_CELL(0, 1, 1), NV_CELL(1, 1, 1)}, missed[] = {NV_CELL(0, 1, 0), NV_CELL(1, 1, 0)};
	nv_outcomes o;
	ck_assert_int_eq(nv_outcomes_init(&o, 2, NULL), NV_OK);
	add(&o, 30, 2, right);
	add(&o, 10, 2, missed);
	nv_figure one = nv_proportion(30, 40), micro = nv_outcomes_rate(&o, o.weight, NV_RATE_RECALL, NV_ALL_LABELS), macro;
	NEAR(micro.low, one.low);
	nv_figure each[] = {one, one};
	ck_assert_int_eq(nv_outcomes_macro(&o, o.weight, NV_RATE_RECALL, each, NULL, &macro, NULL), NV_OK);
	NEAR(macro.value, 0.75);
	NEAR(macro.low, one.low);
	NEAR(macro.high, one.high);
	nv_outcomes_release(&o);
}
END_TEST

START_TEST(test_macro_of_independent_labels)
{
	const nv_cell a[] = {NV_CELL(0, 1, 1)}, b[] = {NV_CELL(0, 1, 0)}, c[] = {NV_CELL(1, 1, 1)},
				  d[] = {NV_CELL(1, 1, 0)};
	nv_outcomes o;
	nv_figure macro, each[] = {nv_proportion(30, 40), nv_proportion(20, 40)};
	ck_assert_int_eq(nv_outcomes_init(&o, 2, NULL), NV_OK);
	add(&o, 30, 1, a);
	add(&o, 10, 1, b);
	add(&o, 20, 1, c);
	add(&o, 20, 1, d);
	ck_assert_int_eq(nv_outcomes_macro(&o, o.weight, NV_RATE_RECALL, each, NULL, &macro, NULL), NV_OK);
	double x = each[0].value - each[0].low, y = each[1].value - each[1].low;
	NEAR(macro.value - macro.low, sqrt(x * x + y * y) / 2);
	const uint8_t part[] = {0, 1};
	ck_assert_int_eq(nv_outcomes_macro(&o, o.weight, NV_RATE_RECALL, each, part, &macro, NULL), NV_OK);
	NEAR(macro.low, each[1].low);
	nv_outcomes_release(&o);
}
END_TEST

START_TEST(test_many_patterns)
{
	nv_outcomes o;
	ck_assert_int_eq(nv_outcomes_init(&o, 500, NULL), NV_OK);
	for (size_t round = 0; round < 2; round++)
		for (size_t l = 0; l < 500; l++) {
			nv_cell cell = NV_CELL(l, 1, l % 2);
			add(&o, 1, 1, &cell);
		}
	ck_assert_uint_eq(o.n_pattern, 500);
	for (size_t l = 0; l < 500; l++)
		ck_assert(o.weight[l] == 2 && o.pattern[500 + l] == l);
	nv_outcomes_release(&o);
}
END_TEST

START_TEST(test_nothing)
{
	nv_outcomes o;
	nv_figure macro, each[] = {nv_figure_undefined()};
	ck_assert_int_eq(nv_outcomes_init(&o, 1, NULL), NV_OK);
	ck_assert(isnan(nv_outcomes_rate(&o, o.weight, NV_RATE_F1, NV_ALL_LABELS).value));
	ck_assert_int_eq(nv_outcomes_macro(&o, o.weight, NV_RATE_F1, each, NULL, &macro, NULL), NV_OK);
	ck_assert(isnan(macro.value));
	nv_outcomes_release(&o);
}
END_TEST

static Suite *outcomes_suite(void)
{
	Suite *suite = suite_create("outcomes");
	NV_CASE(suite, "Core", test_count, test_rate_of_one_label, test_micro, test_articles_that_hang_together,
	        test_macro_of_independent_labels);
	NV_CASE(suite, "Limits", test_many_patterns, test_nothing);
	return suite;
}

NV_CHECK_MAIN(outcomes_suite)
