/* SPDX-License-Identifier: Apache-2.0
 *
 * Optima are held against references in check_reference.c; here: which labels share, and the ends.
 */
#include "train/calibrate_fit.h"

#include "base/numeric.h"
#include "tests/unit/check_main.h"
#include "tests/unit/faulty_alloc.h"
#include "train/isotonic.h"

#include <math.h>
#include <string.h>

enum { N = 200, LABELS = 4 };

typedef struct fixture {
	double margin[N][LABELS];
	uint8_t gold[N][LABELS];
	nv_arena arena;
} fixture;

/* Label 3 has two articles. */
static nv_calibration_data set_up(fixture *d, bool one_label)
{
	nv_rng rng;
	nv_rng_init(&rng, 11, 0);
	memset(d, 0, sizeof *d);
	nv_arena_init(&d->arena);
	for (size_t i = 0; i < N; i++) {
		size_t own = nv_rng_below(&rng, LABELS - 1);
		own = i == 20 || i == 90 ? 3 : own;
		for (size_t l = 0; l < LABELS; l++) {
			d->margin[i][l] = 2 * nv_rng_uniform(&rng) - 1.5 + (l == own);
			d->gold[i][l] = l == own || (!one_label && l < 3 && d->margin[i][l] > 0.4);
		}
	}
	return (nv_calibration_data){N, LABELS, d->margin[0], d->gold[0], 5};
}

START_TEST(rare_labels_share)
{
	fixture d;
	nv_calibration c;
	nv_error err = {0};
	const nv_calibration_data data = set_up(&d, false);
	ck_assert_int_eq(nv_calibrate_fit(NV_CALIBRATE_PLATT, NV_MULTILABEL, &data, &d.arena, &c, &err), NV_OK);
	double margin[N * LABELS], a, b;
	uint8_t gold[N * LABELS];
	for (size_t i = 0; i < N; i++)
		for (size_t l = 0; l < LABELS; l++) {
			margin[l * N + i] = d.margin[i][l];
			gold[l * N + i] = d.gold[i][l];
		}
	nv_platt_fit(N, margin, gold, &a, &b);
	ck_assert_double_eq_tol(c.a[0], a, 1e-9);
	nv_platt_fit(N * LABELS, margin, gold, &a, &b); /* two articles are too few alone: all labels together */
	ck_assert_double_eq_tol(c.a[3], a, 1e-9);
	ck_assert_double_eq_tol(c.b[3], b, 1e-9);
	nv_arena_release(&d.arena);
}
END_TEST

static double log_loss(const fixture *d, const nv_calibration *c, nv_task_kind kind)
{
	double total = 0, p[LABELS];
	for (size_t i = 0; i < N; i++) {
		double sum = 0;
		nv_calibration_apply(c, kind, d->margin[i], p);
		for (size_t l = 0; l < LABELS; l++) {
			sum += p[l];
			total -= d->gold[i][l] ? log(fmax(p[l], 1e-12)) : 0;
		}
		ck_assert_double_eq_tol(sum, 1, 1e-9);
	}
	return total;
}

START_TEST(several_classes)
{
	fixture d;
	nv_calibration off = {NV_CALIBRATE_OFF, LABELS, NULL, NULL, NULL, NULL, NULL}, platt, loglog, isotonic;
	nv_error err = {0};
	const nv_calibration_data data = set_up(&d, true);
	ck_assert_int_eq(nv_calibrate_fit(NV_CALIBRATE_PLATT, NV_MULTICLASS, &data, &d.arena, &platt, &err), NV_OK);
	ck_assert_int_eq(nv_calibrate_fit(NV_CALIBRATE_ISOTONIC, NV_MULTICLASS, &data, &d.arena, &isotonic, &err), NV_OK);
	ck_assert_int_eq(nv_calibrate_fit(NV_CALIBRATE_LOGLOG, NV_MULTICLASS, &data, &d.arena, &loglog, &err), NV_OK);
	ck_assert_double_lt(log_loss(&d, &loglog, NV_MULTICLASS), log_loss(&d, &off, NV_MULTICLASS));
	ck_assert_double_lt(log_loss(&d, &platt, NV_MULTICLASS), log_loss(&d, &off, NV_MULTICLASS));
	ck_assert_double_lt(log_loss(&d, &isotonic, NV_MULTICLASS), log_loss(&d, &off, NV_MULTICLASS));
	nv_arena_release(&d.arena);
}
END_TEST

/* A label that no article has comes with margins of -700. */
START_TEST(a_label_that_never_is)
{
	fixture d;
	nv_calibration c;
	nv_error err = {0};
	double p[LABELS];
	const nv_calibration_data data = set_up(&d, true);
	for (size_t i = 0; i < N; i++) {
		d.margin[i][3] = -700;
		d.gold[i][0] |= d.gold[i][3];
		d.gold[i][3] = 0;
	}
	for (int kind = NV_CALIBRATE_PLATT; kind <= NV_CALIBRATE_LOGLOG; kind++) {
		ck_assert_int_eq(nv_calibrate_fit(kind, NV_STANCE, &data, &d.arena, &c, &err), NV_OK);
		nv_calibration_apply(&c, NV_STANCE, d.margin[0], p);
		ck_assert_double_lt(p[3], 0.02);
		ck_assert_double_eq_tol(p[0] + p[1] + p[2] + p[3], 1, 1e-9);
	}
	nv_arena_release(&d.arena);
}
END_TEST

START_TEST(isotonic_pools)
{
	const double x[] = {3, 1, 2, 4, 4, 5}, y[] = {0, 0, 1, 1, 0, 1}, want_x[] = {1, 2, 4, 5}, want_y[] = {0, 0.5, 0.5, 1};
	double *knot_x, *knot_y;
	uint32_t n;
	nv_arena arena;
	nv_error err = {0};
	nv_arena_init(&arena);
	ck_assert_int_eq(nv_isotonic_fit(6, x, y, NULL, &arena, &knot_x, &knot_y, &n, &err), NV_OK);
	ck_assert_uint_eq(n, 4);
	for (int i = 0; i < 4; i++) {
		ck_assert_double_eq_tol(knot_x[i], want_x[i], 1e-12);
		ck_assert_double_eq_tol(knot_y[i], want_y[i], 1e-12);
	}
	nv_arena_release(&arena);
}
END_TEST

START_TEST(platt_of_one_side)
{
	const double margin[] = {1, 2, 3};
	const uint8_t gold[] = {1, 1, 1};
	double a, b;
	nv_platt_fit(3, margin, gold, &a, &b);
	ck_assert(isfinite(a) && isfinite(b));
	ck_assert_double_eq_tol(nv_sigmoid(2 * a + b), 0.8, 1e-6); /* (3 + 1) / (3 + 2) */
}
END_TEST

START_TEST(out_of_memory)
{
	fixture d;
	const nv_calibration_data data = set_up(&d, true);
	for (int kind = NV_CALIBRATE_PLATT; kind <= NV_CALIBRATE_ISOTONIC; kind++)
		for (int task = NV_MULTICLASS; task <= NV_MULTILABEL; task++)
			for (long n = 0;; n++) {
				nv_calibration c;
				nv_error err = {0};
				nv_arena arena;
				nv_arena_init(&arena);
				faulty_on(n);
				int code = nv_calibrate_fit(kind, (nv_task_kind)task, &data, &arena, &c, &err);
				nv_arena_release(&arena);
				ck_assert_int_eq(faulty_off(), 0);
				if (code == NV_OK)
					break;
				ck_assert_int_eq(code, NV_E_MEMORY);
			}
	nv_arena_release(&d.arena);
}
END_TEST

static Suite *calibrate_fit_suite(void)
{
	Suite *suite = suite_create("calibrate_fit");
	NV_CASE(suite, "Core", rare_labels_share, several_classes, isotonic_pools);
	NV_CASE(suite, "Limits", a_label_that_never_is, platt_of_one_side);
	NV_CASE(suite, "Errors", out_of_memory);
	return suite;
}

NV_CHECK_MAIN(calibrate_fit_suite)
