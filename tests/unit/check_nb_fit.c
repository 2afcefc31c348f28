/* SPDX-License-Identifier: Apache-2.0 */
#include "train/nb_fit.h"

#include "tests/unit/check_main.h"
#include "tests/unit/faulty_alloc.h"
#include "train/train.h"

#include <math.h>
#include <string.h>

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

static const nv_nb_row all_rows[] = {{0, 0}, {1, 0}, {1, 0}};

/* weight[n_fit][n_term][n_class], by walks that begin at the first term and in the middle. */
static int read_weights(const nv_nb *nb, size_t n_term, double *weight, nv_error *err)
{
	int code = NV_OK;
	const size_t bound[] = {0, n_term / 2, n_term};
	for (size_t i = 0; i < 2 && code == NV_OK; i++) {
		nv_nb_walk walk;
		code = nv_nb_walk_init(&walk, nb, bound[i], err);
		for (size_t t = bound[i]; t < bound[i + 1] && code == NV_OK; t++) {
			nv_nb_next(&walk);
			for (size_t fit = 0; fit < nb->n_fit; fit++)
				nv_nb_weights(&walk, fit, weight + (fit * n_term + t) * nb->problem->n_class);
		}
		nv_nb_walk_release(&walk);
	}
	return code;
}

/* Of rows subset[n] (NULL: the first n), to which the problem's are in order: weight[n_fit][n_term][n_class], bias[n_fit][n_class];
 * with folds margin[n][n_class]. */
static int fit_rows(const nv_matrix *rows, const uint32_t *subset, size_t n, nv_nb_problem problem, double *weight,
                    double *bias, double *margin)
{
	nv_error err = {0};
	nv_columns columns;
	nv_nb nb = {0};
	int code = nv_columns_init(&columns, rows, subset, n, 2, NULL, &err);
	problem.columns = &columns;
	if (code == NV_OK)
		code = nv_nb_init(&nb, &problem, NULL, &err);
	if (code == NV_OK)
		code = nv_nb_hold_out(&nb, margin, 1, NULL, &err);
	if (code == NV_OK)
		code = read_weights(&nb, rows->n_column, weight, &err);
	for (size_t i = 0; i < (problem.n_fold + 1) * problem.n_class && code == NV_OK; i++)
		bias[i] = nb.bias[i];
	nv_nb_release(&nb);
	nv_columns_release(&columns);
	return code;
}

static void fit(int variant, double *weight, double *bias)
{
	nv_matrix rows;
	make_rows(&rows);
	ck_assert_int_eq(
		fit_rows(&rows, NULL, 3, (nv_nb_problem){NULL, all_rows, 3, 0, variant, 0.5, false}, weight, bias, NULL),
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
	const uint32_t subset[] = {0, 2};
	const nv_nb_row row[] = {{0, 0}, {1, 0}};
	make_rows(&rows);
	ck_assert_int_eq(
		fit_rows(&rows, subset, 2, (nv_nb_problem){NULL, row, 2, 0, NV_NB_MULTINOMIAL, 1, false}, w, b, NULL), NV_OK);
	ck_assert_double_eq_tol(w[1 * 2 + 1], log(1.0 / 4), EPS); /* b: not in row 2 */
	ck_assert_double_eq_tol(b[1], log(0.5), EPS);
	nv_matrix_release(&rows);
}
END_TEST

/* A fit without a fold is the fit of the rows outside it; the last is that of all. */
START_TEST(folds_as_fits_of_their_own)
{
	enum { ROWS = 40, TERMS = 12, CLASSES = 3, FOLDS = 3, WEIGHTS = TERMS * CLASSES };
	double w[(FOLDS + 1) * WEIGHTS], b[(FOLDS + 1) * CLASSES], own_w[WEIGHTS], own_b[CLASSES], margin[ROWS * CLASSES];
	nv_error err = {0};
	nv_nb_row row[ROWS], part[ROWS];
	uint32_t subset[ROWS];
	nv_matrix rows;
	nv_matrix_init(&rows, TERMS);
	for (uint32_t i = 0; i < ROWS; i++) {
		const uint32_t term[] = {i % 5, 5 + i % 3, 8 + i % 4};
		const double value[] = {0.3 + i % 7, 0.1, 1.0 / (1 + i)};
		nv_matrix_add_row(&rows, term, value, 3, &err);
		row[i] = (nv_nb_row){i * i % CLASSES, i / 5 % FOLDS};
	}
	for (int variant = NV_NB_MULTINOMIAL; variant <= NV_NB_BERNOULLI; variant++) {
		const nv_nb_problem problem = {NULL, row, CLASSES, FOLDS, variant, 0.1, true};
		memset(margin, 0, sizeof margin);
		ck_assert_int_eq(fit_rows(&rows, NULL, ROWS, problem, w, b, margin), NV_OK);
		for (size_t i = 0; i < ROWS * CLASSES; i++) {
			size_t fold = row[i / CLASSES].fold;
			double want = b[fold * CLASSES + i % CLASSES];
			for (uint64_t j = rows.start[i / CLASSES]; j < rows.start[i / CLASSES + 1]; j++)
				want += (double)rows.value[j] * w[fold * WEIGHTS + rows.term[j] * CLASSES + i % CLASSES];
			ck_assert_double_eq_tol(margin[i], want, EPS * 100);
		}
		for (uint32_t fold = 0; fold <= FOLDS; fold++) {
			size_t n = 0;
			for (uint32_t i = 0; i < ROWS; i++) {
				subset[n] = i;
				part[n] = (nv_nb_row){row[i].label, 0};
				n += row[i].fold != fold;
			}
			const nv_nb_problem own = {NULL, part, CLASSES, 0, variant, 0.1, true};
			ck_assert_int_eq(fit_rows(&rows, subset, n, own, own_w, own_b, NULL), NV_OK);
			for (size_t i = 0; i < WEIGHTS; i++)
				ck_assert_double_eq_tol(w[fold * WEIGHTS + i], own_w[i], EPS * 100);
			for (size_t c = 0; c < CLASSES; c++)
				ck_assert_double_eq_tol(b[fold * CLASSES + c], own_b[c], EPS * 100);
		}
	}
	nv_matrix_release(&rows);
}
END_TEST

START_TEST(no_rows)
{
	nv_matrix rows;
	double w[6], b[2];
	make_rows(&rows);
	for (int variant = NV_NB_MULTINOMIAL; variant <= NV_NB_BERNOULLI; variant++) {
		ck_assert_int_eq(fit_rows(&rows, NULL, 0, (nv_nb_problem){NULL, all_rows, 2, 0, variant, 1, true}, w, b, NULL),
		                 NV_OK);
		for (int i = 0; i < 6; i++)
			ck_assert(isfinite(w[i]));
	}
	nv_matrix_release(&rows);
}
END_TEST

START_TEST(out_of_memory)
{
	nv_matrix rows;
	double w[18], b[6], margin[9] = {0};
	make_rows(&rows);
	for (long n = 0, code = NV_E_MEMORY; code != NV_OK; n++) {
		faulty_on(n);
		code = fit_rows(&rows, NULL, 3, (nv_nb_problem){NULL, all_rows, 3, 1, NV_NB_COMPLEMENT, 1, true}, w, b, margin);
		ck_assert_int_eq(faulty_off(), 0);
		ck_assert(code == NV_OK || code == NV_E_MEMORY);
	}
	nv_matrix_release(&rows);
}
END_TEST

static Suite *nb_fit_suite(void)
{
	Suite *suite = suite_create("nb_fit");
	NV_CASE(suite, "Core", multinomial_by_hand, bernoulli_by_hand, complement_by_hand, subset_counts_alone,
	        folds_as_fits_of_their_own);
	NV_CASE(suite, "Limits", no_rows);
	NV_CASE(suite, "Errors", out_of_memory);
	return suite;
}

NV_CHECK_MAIN(nb_fit_suite)
