/* SPDX-License-Identifier: Apache-2.0 */
#include "small_predictions.h"

#include "eval/slices.h"

#include <math.h>

static const char one_task[] =
	"{\"tasks\": [{\"name\": \"topic\", \"kind\": \"multiclass\", \"field\": \"topic\", \"labels\": [\"a\", \"b\"]}]}";

typedef struct sliced {
	nv_schema *schema;
	nv_predictions predictions;
	nv_task_figures figures;
	nv_arena arena;
	nv_slices slices;
} sliced;

static void setup(sliced *s)
{
	s->schema = small_schema(one_task);
	nv_arena_init(&s->arena);
	ck_assert_int_eq(nv_predictions_init(&s->predictions, s->schema, NULL), NV_OK);
}

static void compute(sliced *s, nv_slice_by by)
{
	const nv_figure_options options = {.draws = 0, .bins = 10, .seed = 1, .n_thread = 1};
	ck_assert_int_eq(nv_task_figures_compute(&s->figures, &s->schema->task[0], &s->predictions.task[0], &options,
	                                         &s->arena, NULL, NULL),
	                 NV_OK);
	ck_assert_int_eq(nv_slices_compute(&s->slices, by, &s->predictions, &s->figures, &s->arena, NULL), NV_OK);
}

static void teardown(sliced *s)
{
	nv_task_figures_release(&s->figures);
	nv_predictions_release(&s->predictions);
	nv_arena_release(&s->arena);
	nv_schema_free(s->schema);
}

static void add_some(sliced *s, size_t n, size_t n_right, const char *source, const char *date)
{
	for (size_t i = 0; i < n; i++)
		add_answer(&s->predictions, 0, add_article(&s->predictions, "id", source, date), 0, i < n_right ? 0 : 1, 0.8);
}

START_TEST(test_sources)
{
	sliced s;
	setup(&s);
	add_some(&s, 31, 31, "Small Wire", "2020");
	add_some(&s, 29, 10, "B", "2020");
	add_some(&s, 40, 20, "Large Wire", "2020");
	add_some(&s, 5, 5, "C", "2020");
	add_some(&s, 30, 15, "", "2020");
	compute(&s, NV_SLICE_SOURCE);
	ck_assert_uint_eq(s.slices.n, 4);
	ck_assert_str_eq(s.slices.slice[0].name, "Large Wire");
	ck_assert_str_eq(s.slices.slice[1].name, "Small Wire");
	ck_assert_str_eq(s.slices.slice[2].name, "unknown");
	ck_assert_str_eq(s.slices.slice[3].name, "other");
	ck_assert_uint_eq(s.slices.slice[3].n, 34);
	ck_assert_uint_eq(s.slices.n_merged, 2);
	ck_assert_double_eq_tol(s.slices.slice[0].task[0].accuracy.value, 0.5, 1e-12);
	ck_assert_double_eq_tol(s.slices.slice[3].task[0].accuracy.value, 15.0 / 34, 1e-12);
	ck_assert(s.slices.of[0] == 1 && s.slices.of[31] == 3 && s.slices.of[60] == 0);
	teardown(&s);
}
END_TEST

START_TEST(test_years)
{
	sliced s;
	setup(&s);
	add_some(&s, 20, 20, "A", "2021-03-04");
	add_some(&s, 15, 15, "A", "2021-03");
	add_some(&s, 30, 30, "A", "2019");
	add_some(&s, 30, 30, "A", "March 2020");
	compute(&s, NV_SLICE_YEAR);
	ck_assert_uint_eq(s.slices.n, 3);
	ck_assert_str_eq(s.slices.slice[0].name, "2019");
	ck_assert_str_eq(s.slices.slice[1].name, "2021");
	ck_assert_uint_eq(s.slices.slice[1].n, 35);
	ck_assert_str_eq(s.slices.slice[2].name, "unknown");
	teardown(&s);
}
END_TEST

START_TEST(test_only_small_ones)
{
	sliced s;
	setup(&s);
	add_some(&s, 3, 1, "other", "2020");
	add_some(&s, 3, 1, "unknown", "2020");
	compute(&s, NV_SLICE_SOURCE);
	ck_assert_uint_eq(s.slices.n, 1);
	ck_assert_str_eq(s.slices.slice[0].name, "other");
	ck_assert_uint_eq(s.slices.slice[0].n, 6);
	teardown(&s);
}
END_TEST

static Suite *slices_suite(void)
{
	Suite *suite = suite_create("slices");
	NV_CASE(suite, "Core", test_sources, test_years);
	NV_CASE(suite, "Limits", test_only_small_ones);
	return suite;
}

NV_CHECK_MAIN(slices_suite)
