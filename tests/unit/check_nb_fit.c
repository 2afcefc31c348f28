/* SPDX-License-Identifier: Apache-2.0 */
#include "train/nb_fit.h"

#include "tests/unit/check_main.h"
#include "tests/unit/faulty_alloc.h"
#include "train/train.h"

#include <math.h>

#define EPS 1e-12

/* Class 0: "a a b"; class 1: "b c", "c"; class 2: nothing. Terms a, b, c. */
static void make_rows(nv_matrix *rows)
{
	nv_error err = {0};
	const uint32_t ab[] = {0, 1}, bc[] = {1, 2}, c[] = {2};
	const double two_one[] = {2, 1}, ones[] = {1, 1};
	nv_matrix_init(rows, 3);
	nv_matrix_add_row(rows, ab, two_one, 2, &err);
	nv_matrix_add_row(rows, bc, ones, 2, &err);
	nv_matrix_add_row(rows, c, ones, 1, &err);
}

static const uint32_t label[] = {0, 1, 1};

static int fit_problem(const nv_matrix *rows, nv_nb_problem problem, double *weight, double *bias)
{
	nv_error err = {0};
	nv_columns columns;
	nv_nb nb = {0};
	int code = nv_columns_init(&columns, rows, NULL, rows->n_row, NULL, &err);
	problem.rows = &columns;
	if (code == NV_OK)
		code = nv_nb_init(&nb, &problem, &err);
	for (size_t t = 0; t < rows->n_column && code == NV_OK; t++)
		nv_nb_weights(&nb, weight + t * problem.n_class);
	for (size_t c = 0; c < problem.n_class && code == NV_OK; c++)
		bias[c] = nb.bias[c];
	nv_nb_release(&nb);
	nv_columns_release(&columns);
	return code;
}

static void fit(int variant, double *weight, double *bias)
{
	nv_matrix rows;
	make_rows(&rows);
	ck_assert_int_eq(fit_problem(&rows, (nv_nb_problem){NULL, NULL, label, 3, variant, 0.5, false}, weight, bias),
	                 NV_OK);
	nv_matrix_release(&rows);
}

START_TEST(multinomial_by_hand)
{
	double w[9], b[3];
	fit(NV_NB_MULTINOMIAL, w, b);
	ck_assert_double_eq_tol(w[0 * 3 + 0], log(2.5 / 4.5), EPS);
	ck_assert_double_eq_tol(w[1 * 3 + 1], log(1.5 / 4.5), EPS);
	ck_assert_double_eq_tol(w[0 * 3 + 1], log(0.5 / 4.5), EPS);
	ck_assert_double_eq_tol(w[2 * 3 + 2], log(0.5 / 1.5), EPS);
	ck_assert_double_eq_tol(b[0], log(1.0 / 3), EPS);
	ck_assert_double_eq_tol(b[1], log(2.0 / 3), EPS);
	ck_assert(b[2] == -700);
}
END_TEST

START_TEST(bernoulli_by_hand)
{
	double w[9], b[3];
	fit(NV_NB_BERNOULLI, w, b);
	/* class 1: b in 1 of 2, c in 2 of 2, a in 0 of 2; smoothed by .5 of 1 */
	double a = 0.5 / 3, bb = 1.5 / 3, c = 2.5 / 3;
	ck_assert_double_eq_tol(w[0 * 3 + 1], log(a / (1 - a)), EPS);
	ck_assert_double_eq_tol(w[1 * 3 + 1], log(bb / (1 - bb)), EPS);
	ck_assert_double_eq_tol(w[2 * 3 + 1], log(c / (1 - c)), EPS);
	ck_assert_double_eq_tol(b[1], log(2.0 / 3) + log(1 - a) + log(1 - bb) + log(1 - c), EPS);
}
END_TEST

START_TEST(complement_by_hand)
{
	double w[9], b[3];
	fit(NV_NB_COMPLEMENT, w, b);
	ck_assert_double_eq_tol(w[0 * 3 + 0], -log(0.5 / 4.5), EPS); /* a outside class 0: none of 3 */
	ck_assert_double_eq_tol(w[0 * 3 + 1], -log(2.5 / 4.5), EPS); /* outside class 1: 2 of 3 */
	ck_assert_double_eq_tol(w[2 * 3 + 2], -log(2.5 / 7.5), EPS);
	for (int c = 0; c < 3; c++)
		ck_assert(b[c] == 0);
}
END_TEST

START_TEST(subset_counts_alone)
{
	nv_matrix rows;
	double w[6], b[2];
	const uint8_t counted[] = {1, 0, 1};
	make_rows(&rows);
	ck_assert_int_eq(fit_problem(&rows, (nv_nb_problem){NULL, counted, label, 2, NV_NB_MULTINOMIAL, 1, false}, w, b),
	                 NV_OK);
	ck_assert_double_eq_tol(w[1 * 2 + 1], log(1.0 / 4), EPS); /* b: not in row 2 */
	ck_assert_double_eq_tol(b[1], log(0.5), EPS);
	nv_matrix_release(&rows);
}
END_TEST

START_TEST(no_rows)
{
	nv_matrix rows;
	double w[6], b[2];
	const uint8_t counted[] = {0, 0, 0};
	make_rows(&rows);
	for (int variant = NV_NB_MULTINOMIAL; variant <= NV_NB_BERNOULLI; variant++) {
		ck_assert_int_eq(fit_problem(&rows, (nv_nb_problem){NULL, counted, label, 2, variant, 1, true}, w, b), NV_OK);
		for (int i = 0; i < 6; i++)
			ck_assert(isfinite(w[i]));
	}
	nv_matrix_release(&rows);
}
END_TEST

START_TEST(out_of_memory)
{
	nv_matrix rows;
	double w[9], b[3];
	make_rows(&rows);
	for (long n = 0, code = NV_E_MEMORY; code != NV_OK; n++) {
		faulty_on(n);
		code = fit_problem(&rows, (nv_nb_problem){NULL, NULL, label, 3, NV_NB_COMPLEMENT, 1, true}, w, b);
		ck_assert_int_eq(faulty_off(), 0);
		ck_assert(code == NV_OK || code == NV_E_MEMORY);
	}
	nv_matrix_release(&rows);
}
END_TEST

static Suite *nb_fit_suite(void)
{
	Suite *suite = suite_create("nb_fit");
	NV_CASE(suite, "Core", multinomial_by_hand, bernoulli_by_hand, complement_by_hand, subset_counts_alone);
	NV_CASE(suite, "Limits", no_rows);
	NV_CASE(suite, "Errors", out_of_memory);
	return suite;
}

NV_CHECK_MAIN(nb_fit_suite)
