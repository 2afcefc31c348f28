/* SPDX-License-Identifier: Apache-2.0
 *
 * The exact figures are check_reference.c's; here, that variances and character n-grams are what they say: the same as fitting the
 * features written out.
 */
#include "train/linear_fit.h"

#include "base/numeric.h"
#include "tests/unit/check_main.h"
#include "tests/unit/faulty_alloc.h"
#include "tests/unit/whole_weights.h"

#include <math.h>
#include <string.h>

enum { ROWS = 60, TERMS = 12, WORDS = 7, GRAMS = 5, LABELS = 19 };

/* Products are in single precision, and the conditions below magnify their rounding by the rows' squared lengths, some hundreds in sum. */
#define TIGHT 5e-4

typedef struct data {
	nv_matrix rows, share;
	nv_columns columns, share_columns; /* of the subset; of share */
	nv_gram_sample sample;
	uint8_t gold[ROWS][LABELS];
	uint32_t subset[ROWS];
	size_t n;
} data;

static void random_matrix(nv_matrix *m, size_t n_row, size_t n_column, double density, nv_rng *rng)
{
	nv_error err = {0};
	nv_matrix_init(m, n_column);
	for (size_t i = 0; i < n_row; i++) {
		uint32_t term[TERMS];
		double value[TERMS];
		size_t n = 0;
		for (uint32_t j = 0; j < n_column; j++) {
			if (nv_rng_uniform(rng) > density)
				continue;
			term[n] = j;
			value[n++] = 0.125 * (double)(1 + nv_rng_below(rng, 7)); /* exact in single precision */
		}
		ck_assert_int_eq(nv_matrix_add_row(m, term, value, n, &err), NV_OK);
	}
}

static void set_up(data *d)
{
	nv_rng rng;
	nv_error err = {0};
	nv_rng_init(&rng, 3, 0);
	random_matrix(&d->rows, ROWS, TERMS, 0.4, &rng);
	random_matrix(&d->share, WORDS, GRAMS, 0.5, &rng);
	ck_assert_int_eq(nv_columns_init(&d->share_columns, &d->share, NULL, WORDS, 2, NULL, &err), NV_OK);
	d->n = 0;
	for (uint32_t i = 0; i < ROWS; i++) {
		for (size_t l = 0; l < LABELS; l++)
			d->gold[i][l] = nv_rng_uniform(&rng) < 0.3;
		if (i % 7 != 0)
			d->subset[d->n++] = i;
	}
	ck_assert_int_eq(nv_columns_init(&d->columns, &d->rows, d->subset, d->n, 2, NULL, &err), NV_OK);
	ck_assert_int_eq(nv_gram_sample_init(&d->sample, &d->rows, d->subset, d->n, &d->share, &err), NV_OK);
}

static void tear_down(data *d)
{
	nv_matrix_release(&d->rows);
	nv_matrix_release(&d->share);
	nv_columns_release(&d->columns);
	nv_columns_release(&d->share_columns);
	nv_gram_sample_release(&d->sample);
}

static nv_linear_problem problem_of(const data *d)
{
	return (nv_linear_problem){.columns = &d->columns,
	                           .matrix = &d->rows,
	                           .row = d->subset,
	                           .sample = &d->sample,
	                           .n = d->n,
	                           .gold = d->gold[0],
	                           .n_label = LABELS,
	                           .first_label = 2,
	                           .width = 3,
	                           .loss = NV_LOSS_SQUARED_HINGE,
	                           .c = 0.7,
	                           .intercept_scale = 1,
	                           .tolerance = 1e-8,
	                           .max_iteration = 100};
}

/* Row i of [x o s, (x C) o s_gram] for one label. */
static void written_out(const data *d, size_t row, const float *variance, const float *gram_variance, size_t k,
                        double *out)
{
	memset(out, 0, (TERMS + GRAMS) * sizeof *out);
	for (uint64_t j = d->rows.start[row]; j < d->rows.start[row + 1]; j++) {
		uint32_t t = d->rows.term[j];
		out[t] = d->rows.value[j] * sqrt(variance[t * 4 + k]);
		for (uint64_t g = t < WORDS ? d->share.start[t] : 0; t < WORDS && g < d->share.start[t + 1]; g++)
			out[TERMS + d->share.term[g]] +=
				d->rows.value[j] * d->share.value[g] * sqrt(gram_variance[d->share.term[g] * 4 + k]);
	}
}

/* The optimum's conditions in the features written out, with w = X'a recovered from the folded weights' margins. */
static void check_optimal(const data *d, const nv_linear_problem *p, const float *variance, const float *gram_variance,
                          const nv_linear_fitted *fitted, const whole_weights *w_all, size_t k)
{
	double w[TERMS + GRAMS] = {0}, b = 0, x[TERMS + GRAMS], margin[NV_MAX_WIDTH];
	for (size_t i = 0; i < p->n; i++) {
		whole_margins(w_all, fitted, p->matrix, p->row[i], p->width, margin);
		double y = d->gold[p->row[i]][p->first_label + k] ? 1 : -1, gap = fmax(0, 1 - y * margin[k]);
		written_out(d, p->row[i], variance, gram_variance, k, x);
		for (size_t j = 0; j < TERMS + GRAMS; j++)
			w[j] += 2 * p->c * y * gap * x[j];
		b += 2 * p->c * y * gap;
	}
	for (size_t i = 0; i < p->n; i++) { /* the same margins from w */
		double m = b;
		written_out(d, p->row[i], variance, gram_variance, k, x);
		for (size_t j = 0; j < TERMS + GRAMS; j++)
			m += w[j] * x[j];
		whole_margins(w_all, fitted, p->matrix, p->row[i], p->width, margin);
		ck_assert_double_eq_tol(m, margin[k], TIGHT);
	}
	for (size_t g = 0; g < GRAMS; g++)
		ck_assert_double_eq_tol(fitted->gram[g * fitted->stride + k], sqrt(gram_variance[g * 4 + k]) * w[TERMS + g],
		                        TIGHT);
}

static const nv_spread_options spread = {1, 1, 0.5, 0.3, 0.3, 0.1, false, false};

static void spread_of(const nv_linear_problem *p, float *variance, float *gram_variance)
{
	nv_error err = {0};
	nv_pass pass;
	nv_variance v;
	ck_assert_int_eq(nv_pass_init(&pass, p, NULL, &err), NV_OK);
	ck_assert_int_eq(nv_spread(&pass, &v, &err), NV_OK);
	for (size_t t = 0; t < pass.n_term; t++)
		memcpy(variance + t * pass.width, v.term.row + v.of[t] * pass.width, pass.width * sizeof *variance);
	if (pass.n_gram > 0)
		memcpy(gram_variance, v.gram, pass.n_gram * pass.width * sizeof *gram_variance);
	nv_variance_release(&v);
	nv_pass_release(&pass);
}

START_TEST(prior_equals_features_written_out)
{
	data d;
	nv_error err = {0};
	nv_linear_fitted fitted;
	whole_weights w;
	float variance[TERMS * 4], gram_variance[GRAMS * 4];
	set_up(&d);
	nv_linear_problem p = problem_of(&d);
	p.share = &d.share_columns;
	p.spread = &spread;
	spread_of(&p, variance, gram_variance);
	ck_assert_int_eq(whole_fit(&p, NULL, NULL, &fitted, &w, &err), NV_OK);
	for (size_t k = 0; k < p.width; k++)
		check_optimal(&d, &p, variance, gram_variance, &fitted, &w, k);
	nv_linear_fitted_release(&fitted);
	whole_release(&w);
	tear_down(&d);
}
END_TEST

/* Three rows, two terms: r and the mean square by hand. */
START_TEST(spread_by_hand)
{
	nv_matrix rows;
	nv_error err = {0};
	const uint32_t t0[] = {0}, t01[] = {0, 1}, t1[] = {1};
	const double one[] = {1, 1};
	const uint8_t gold[] = {1, 1, 0};
	const nv_spread_options two_sided = {1, 2, 1, 0, 0, 1, false, false}, one_sided = {1, 2, 1, 0, 0, 1, true, false},
							by_odds = {1, 2, 1, 0, 0, 1, false, true};
	float variance[2];
	nv_matrix_init(&rows, 2);
	nv_matrix_add_row(&rows, t0, one, 1, &err);
	nv_matrix_add_row(&rows, t01, one, 2, &err);
	nv_matrix_add_row(&rows, t1, one, 1, &err);
	nv_columns columns;
	ck_assert_int_eq(nv_columns_init(&columns, &rows, NULL, 3, 2, NULL, &err), NV_OK);
	nv_linear_problem p = {.columns = &columns, .n = 3, .gold = gold, .n_label = 1, .width = 1, .spread = &two_sided};
	/* term 0: 2 of 2 and 0 of 1; term 1: 1 of 2 and 1 of 1 */
	double r0 = log(3.0 / 4) - log(1.0 / 3), r1 = log(2.0 / 4) - log(2.0 / 3), mean = (2 * r0 * r0 + 2 * r1 * r1) / 3;
	spread_of(&p, variance, NULL);
	ck_assert_double_eq_tol(variance[0], 1 + 2 * r0 * r0 / mean, 1e-6);
	ck_assert_double_eq_tol(variance[1], 1 + 2 * r1 * r1 / mean, 1e-6);
	p.spread = &by_odds;
	spread_of(&p, variance, NULL);
	ck_assert_double_eq_tol(variance[0], 1 + 2 * log10(3.0 / 2) * r0 * r0 / mean, 1e-6);
	p.spread = &one_sided;
	spread_of(&p, variance, NULL);
	ck_assert_double_eq_tol(variance[0], 1 + 2 * 3.0 / 2, 1e-6);
	ck_assert_double_eq_tol(variance[1], 1, 1e-6); /* speaks against the label */
	nv_columns_release(&columns);
	nv_matrix_release(&rows);
}
END_TEST

/* Without a fold: the same as without its rows from the start. */
START_TEST(rows_held_out_take_no_part)
{
	uint32_t other[ROWS], fold[ROWS];
	size_t n = 0;
	data d;
	nv_error err = {0};
	nv_columns all, less;
	nv_linear_fitted held, without;
	whole_weights held_w, without_w;
	set_up(&d);
	for (uint32_t i = 0; i < ROWS; i++) {
		fold[i] = i * i % 5 % 3;
		if (fold[i] != 1)
			other[n++] = i;
	}
	ck_assert_int_eq(nv_columns_init(&all, &d.rows, NULL, ROWS, 2, NULL, &err), NV_OK);
	ck_assert_int_eq(nv_columns_init(&less, &d.rows, other, n, 2, NULL, &err), NV_OK);
	for (double l1_ratio = 0; l1_ratio <= 1; l1_ratio++) {
		nv_linear_problem p = problem_of(&d), q;
		p.width = l1_ratio > 0 ? 1 : 3;
		p.l1_ratio = l1_ratio;
		p.spread = l1_ratio > 0 ? NULL : &spread;
		q = p;
		p.columns = &all;
		p.row = NULL;
		p.n = ROWS;
		p.fold = fold;
		p.held = 1;
		q.columns = &less;
		q.row = other;
		q.n = n;
		ck_assert_int_eq(whole_fit(&p, NULL, NULL, &held, &held_w, &err), NV_OK);
		ck_assert_int_eq(whole_fit(&q, NULL, NULL, &without, &without_w, &err), NV_OK);
		for (size_t i = 0; i < TERMS * held_w.stride; i++)
			ck_assert_float_eq(held_w.u[i], without_w.u[i]);
		for (size_t k = 0; k < p.width; k++)
			ck_assert_double_eq(held.bias[k], without.bias[k]);
		nv_linear_fitted_release(&held);
		nv_linear_fitted_release(&without);
		whole_release(&held_w);
		whole_release(&without_w);
	}
	nv_columns_release(&all);
	nv_columns_release(&less);
	tear_down(&d);
}
END_TEST

/* A row's n-grams are sums over its words. */
START_TEST(sample_is_of_the_rows)
{
	data d;
	set_up(&d);
	ck_assert_uint_eq(d.sample.gram.n_row, d.n);
	for (size_t i = 0; i < d.n; i++) {
		double want[GRAMS] = {0};
		uint32_t row = d.subset[d.sample.row[i]];
		ck_assert_uint_eq(d.sample.row[i], i);
		for (uint64_t j = d.rows.start[row]; j < d.rows.start[row + 1]; j++)
			for (uint64_t g = 0; d.rows.term[j] < WORDS && g < d.share.start[WORDS]; g++)
				if (g >= d.share.start[d.rows.term[j]] && g < d.share.start[d.rows.term[j] + 1])
					want[d.share.term[g]] += (double)d.rows.value[j] * (double)d.share.value[g];
		for (uint64_t j = d.sample.gram.start[i]; j < d.sample.gram.start[i + 1]; j++) {
			ck_assert_double_eq_tol((double)d.sample.gram.value[j], want[d.sample.gram.term[j]], 1e-6);
			want[d.sample.gram.term[j]] = 0;
		}
		for (size_t g = 0; g < GRAMS; g++)
			ck_assert(want[g] <= 0);
	}
	tear_down(&d);
}
END_TEST

START_TEST(blocks_do_not_matter)
{
	data d;
	nv_error err = {0};
	nv_linear_fitted wide, narrow;
	whole_weights wide_w, narrow_w;
	set_up(&d);
	nv_linear_problem p = problem_of(&d), q = p;
	p.first_label = 0;
	p.width = 16;
	p.spread = q.spread = &spread;
	q.first_label = 5;
	q.width = 1;
	ck_assert_int_eq(whole_fit(&p, NULL, NULL, &wide, &wide_w, &err), NV_OK);
	ck_assert_int_eq(whole_fit(&q, NULL, NULL, &narrow, &narrow_w, &err), NV_OK);
	for (size_t t = 0; t < TERMS; t++)
		ck_assert(wide_w.u[t * 16 + 5] == narrow_w.u[t]);
	ck_assert(wide.bias[5] == narrow.bias[0]);
	nv_linear_fitted_release(&wide);
	nv_linear_fitted_release(&narrow);
	whole_release(&wide_w);
	whole_release(&narrow_w);
	tear_down(&d);
}
END_TEST

START_TEST(warm_starts_reach_the_same)
{
	data d;
	nv_error err = {0};
	nv_linear_fitted full, cold, warm;
	whole_weights full_w, cold_w, warm_w;
	double coefficient[ROWS * LABELS] = {0};
	set_up(&d);
	nv_linear_problem p = problem_of(&d), part = p;
	nv_columns fewer;
	part.n -= 10;
	ck_assert_int_eq(nv_columns_init(&fewer, &d.rows, d.subset, part.n, 2, NULL, &err), NV_OK);
	part.columns = &fewer;
	const nv_linear_start keep = {coefficient, false, true}, from = {coefficient, true, false};
	ck_assert_int_eq(whole_fit(&p, &keep, NULL, &full, &full_w, &err), NV_OK);
	ck_assert_int_eq(whole_fit(&part, NULL, NULL, &cold, &cold_w, &err), NV_OK);
	ck_assert_int_eq(whole_fit(&part, &from, NULL, &warm, &warm_w, &err), NV_OK);
	for (size_t i = 0; i < TERMS * warm.stride; i++)
		ck_assert_double_eq_tol(warm_w.u[i], cold_w.u[i], 1e-4);
	nv_linear_fitted_release(&full);
	whole_release(&full_w);
	nv_linear_fitted_release(&cold);
	whole_release(&cold_w);
	nv_linear_fitted_release(&warm);
	whole_release(&warm_w);
	nv_columns_release(&fewer);
	tear_down(&d);
}
END_TEST

/* K v of rows whose terms fill several blocks of a pass, against sums over pairs of rows. */
START_TEST(products_over_several_blocks)
{
	enum { MANY = 50000, N = 20 };
	nv_matrix rows;
	nv_rng rng;
	nv_error err = {0};
	nv_pass pass;
	double v[N * 16], out[N * 16], dense[N][64];
	nv_rng_init(&rng, 9, 0);
	nv_matrix_init(&rows, MANY);
	for (size_t i = 0; i < N; i++) {
		uint32_t term[64];
		for (size_t j = 0; j < 64; j++) {
			term[j] = (uint32_t)(j * (MANY / 64) + i % 3);
			dense[i][j] = (double)(1 + nv_rng_below(&rng, 4));
		}
		ck_assert_int_eq(nv_matrix_add_row(&rows, term, dense[i], 64, &err), NV_OK);
	}
	for (size_t i = 0; i < N * 16; i++)
		v[i] = (double)nv_rng_below(&rng, 5) - 2;
	nv_columns columns;
	ck_assert_int_eq(nv_columns_init(&columns, &rows, NULL, N, 2, NULL, &err), NV_OK);
	nv_linear_problem p = {.columns = &columns, .n = N, .n_label = 16, .width = 16, .intercept_scale = 2};
	ck_assert_int_eq(nv_pass_init(&pass, &p, NULL, &err), NV_OK);
	ck_assert_uint_lt(pass.n_block, MANY / 2);
	ck_assert_int_eq(nv_pass_product(&pass, v, out, &err), NV_OK);
	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k < 16; k++) {
			double want = 0;
			for (size_t other = 0; other < N; other++) {
				want += 4 * v[other * 16 + k]; /* the intercept, by the square of its scale */
				for (size_t j = 0; j < 64 && other % 3 == i % 3; j++)
					want += dense[i][j] * dense[other][j] * v[other * 16 + k];
			}
			ck_assert_double_eq(out[i * 16 + k], want);
		}
	nv_pass_release(&pass);
	nv_columns_release(&columns);
	nv_matrix_release(&rows);
}
END_TEST

/* A product of some columns is of no others' doing: the same bits, whichever stand beside them, and zero where there are none. */
START_TEST(columns_of_zeros_are_left_out)
{
	static const unsigned sets[] = {0, 1, 1U << 15, 0x0201, 0x8421, 0x1F00, 0x7BDE, 0xFFFE};
	static const size_t packed[] = {1, 1, 1, 2, 4, 8, 16, 16};
	data d;
	nv_error err = {0};
	nv_pass pass;
	nv_variance variance;
	nv_rng rng;
	double whole_v[ROWS * 16], v[ROWS * 16], whole[ROWS * 16], out[ROWS * 16], mean[GRAMS] = {0.5, 0.25, 0, 0.1, 0.3};
	set_up(&d);
	nv_rng_init(&rng, 4, 0);
	nv_linear_problem p = problem_of(&d);
	p.width = 16;
	p.share = &d.share_columns;
	p.mean_share = mean;
	p.spread = &spread;
	ck_assert_int_eq(nv_pass_init(&pass, &p, NULL, &err), NV_OK);
	ck_assert_int_eq(nv_spread(&pass, &variance, &err), NV_OK);
	nv_pass_set_variance(&pass, &variance);
	for (size_t i = 0; i < p.n * 16; i++)
		whole_v[i] = nv_rng_uniform(&rng) - 0.5;
	ck_assert_int_eq(nv_pass_product(&pass, whole_v, whole, &err), NV_OK);
	for (size_t set = 0; set < sizeof sets / sizeof *sets; set++) {
		for (size_t i = 0; i < p.n * 16; i++)
			v[i] = sets[set] >> i % 16 & 1 ? whole_v[i] : 0;
		ck_assert_int_eq(nv_pass_product(&pass, v, out, &err), NV_OK);
		for (size_t i = 0; i < p.n * 16; i++)
			ck_assert_double_eq(out[i], sets[set] >> i % 16 & 1 ? whole[i] : 0);
		ck_assert_uint_eq(pass.packed, packed[set]);
	}
	nv_variance_release(&variance);
	nv_pass_release(&pass);
	tear_down(&d);
}
END_TEST

START_TEST(a_loss_beyond_all_numbers_is_told)
{
	data d;
	nv_error err = {0};
	nv_linear_fitted fitted;
	whole_weights w;
	set_up(&d);
	nv_linear_problem p = problem_of(&d);
	p.c = 1e308;
	ck_assert_int_eq(whole_fit(&p, NULL, NULL, &fitted, &w, &err), NV_E_USAGE);
	ck_assert_ptr_nonnull(strstr(err.message, "not finite"));
	whole_release(&w);
	tear_down(&d);
}
END_TEST

START_TEST(no_rows_and_one_sided_labels)
{
	data d;
	nv_error err = {0};
	nv_linear_fitted fitted;
	whole_weights w;
	double margin[NV_MAX_WIDTH];
	set_up(&d);
	memset(d.gold, 0, sizeof d.gold);
	nv_linear_problem p = problem_of(&d);
	p.spread = &spread;
	ck_assert_int_eq(whole_fit(&p, NULL, NULL, &fitted, &w, &err), NV_OK);
	whole_margins(&w, &fitted, &d.rows, 1, p.width, margin);
	ck_assert_double_lt(margin[0], -0.5);
	nv_linear_fitted_release(&fitted);
	whole_release(&w);
	nv_columns none;
	ck_assert_int_eq(nv_columns_init(&none, &d.rows, NULL, 0, 2, NULL, &err), NV_OK);
	p.columns = &none;
	p.n = 0;
	ck_assert_int_eq(whole_fit(&p, NULL, NULL, &fitted, &w, &err), NV_OK);
	whole_margins(&w, &fitted, &d.rows, 1, p.width, margin);
	ck_assert_double_eq_tol(margin[0], 0, 1e-12);
	nv_columns_release(&none);
	nv_linear_fitted_release(&fitted);
	whole_release(&w);
	tear_down(&d);
}
END_TEST

static int stop(void *user, const char *phase, uint64_t done, uint64_t total)
{
	(void)user, (void)phase, (void)done, (void)total;
	return 1;
}

START_TEST(cancelling)
{
	data d;
	nv_error err = {0};
	nv_linear_fitted fitted;
	whole_weights w;
	nv_ticker ticker;
	const nv_progress progress = {stop, NULL};
	set_up(&d);
	nv_ticker_init(&ticker, &progress, "fit", 1);
	ticker.next_ns = 0; /* due now */
	nv_linear_problem p = problem_of(&d);
	ck_assert_int_eq(whole_fit(&p, NULL, &ticker, &fitted, &w, &err), NV_E_CANCELLED);
	whole_release(&w);
	tear_down(&d);
}
END_TEST

START_TEST(l1_wants_one_label)
{
	data d;
	nv_error err = {0};
	nv_linear_fitted fitted;
	whole_weights w;
	set_up(&d);
	nv_linear_problem p = problem_of(&d);
	p.l1_ratio = 1;
	ck_assert_int_eq(whole_fit(&p, NULL, NULL, &fitted, &w, &err), NV_E_USAGE);
	whole_release(&w);
	tear_down(&d);
}
END_TEST

START_TEST(out_of_memory)
{
	data d;
	set_up(&d);
	for (double l1_ratio = 0; l1_ratio <= 1; l1_ratio++)
		for (long n = 0;; n++) {
			nv_error err = {0};
			nv_linear_fitted fitted;
			whole_weights w;
			nv_linear_problem p = problem_of(&d);
			if (l1_ratio > 0) {
				p.width = 1;
				p.l1_ratio = l1_ratio;
			} else {
				p.share = &d.share_columns;
				p.spread = &spread;
			}
			faulty_on(n);
			int code = whole_fit(&p, NULL, NULL, &fitted, &w, &err);
			if (code == NV_OK)
				nv_linear_fitted_release(&fitted);
			whole_release(&w);
			ck_assert_int_eq(faulty_off(), 0);
			if (code == NV_OK)
				break;
			ck_assert_int_eq(code, NV_E_MEMORY);
		}
	tear_down(&d);
}
END_TEST

static Suite *linear_fit_suite(void)
{
	Suite *suite = suite_create("linear_fit");
	NV_CASE(suite, "Core", prior_equals_features_written_out, spread_by_hand, products_over_several_blocks,
	        columns_of_zeros_are_left_out, rows_held_out_take_no_part, sample_is_of_the_rows, blocks_do_not_matter,
	        warm_starts_reach_the_same);
	NV_CASE(suite, "Limits", no_rows_and_one_sided_labels);
	NV_CASE(suite, "Errors", a_loss_beyond_all_numbers_is_told, cancelling, l1_wants_one_label, out_of_memory);
	return suite;
}

NV_CHECK_MAIN(linear_fit_suite)
