/* SPDX-License-Identifier: Apache-2.0
 *
 * Holds features, naive Bayes, linear models and calibration against scikit-learn and exact solutions
 * (tests/reference/make_reference.py). Run from the source folder.
 */
#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "base/numeric.h"
#include "data/features.h"
#include "data/matrix.h"
#include "tests/unit/check_main.h"
#include "tests/unit/corpus_maker.h"
#include "tests/unit/whole_weights.h"
#include "train/calibrate_fit.h"
#include "train/isotonic.h"
#include "train/linear_fit.h"
#include "train/nb_fit.h"
#include "train/softmax_fit.h"
#include "train/train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FOLDER "tests/reference/"
#define MOST 64 /* articles */

static nv_json *expected;

static nv_json *load(const char *path, nv_buf *text)
{
	nv_json *root = NULL;
	nv_error err = {0};
	ck_assert_msg(nv_file_read(path, 1 << 24, text, &err) == NV_OK, "%s", err.message);
	ck_assert_int_eq(nv_json_parse(&root, (nv_str){text->ptr, text->len}, path, &err), NV_OK);
	return root;
}

static void open_expected(void)
{
	nv_buf text = NV_BUF_INIT;
	expected = load(FOLDER "expected.json", &text);
	nv_buf_release(&text);
}

static void close_expected(void)
{
	nv_json_free(expected);
}

static const nv_json *find(const nv_json *at, const char *name)
{
	const nv_json *member = nv_json_member(at, name);
	ck_assert_msg(member != NULL, "expected.json lacks %s", name);
	return member;
}

static size_t flatten(const nv_json *value, double *out)
{
	size_t n = 0;
	if (nv_json_get_kind(value) != NV_JSON_ARRAY) {
		*out = nv_json_number(value);
		return 1;
	}
	for (const nv_json *x = nv_json_first(value); x; x = nv_json_next(x))
		n += flatten(x, out + n);
	return n;
}

/* All numbers of a member, nested arrays one after the other; free() it. */
static double *numbers(const nv_json *at, const char *name, size_t n)
{
	double *out = malloc((n + 1) * sizeof *out);
	ck_assert_uint_eq(flatten(find(at, name), out), n);
	return out;
}

/* ---- A data set as newsvane's own rows ---- */

typedef struct data_set {
	const nv_json *expected;
	size_t n, n_label, n_term;
	nv_corpus *corpus;
	nv_vocab_owned vocab;
	double *idf;
	uint32_t *column; /* [n_term] the reference's number of our term */
	uint8_t *gold;    /* [n][n_label] */
	nv_matrix tfidf, count;
	nv_columns columns; /* of tfidf */
	double *exact;      /* [n][n_term] tf-idf before it is rounded, in the reference's order */
} data_set;

static uint32_t reference_column(const nv_json *terms, const nv_vocab *vocab, uint32_t term)
{
	nv_buf text = NV_BUF_INIT;
	uint32_t n = 0, found = UINT32_MAX;
	nv_vocab_term_text(vocab, term, &text);
	for (const nv_json *x = nv_json_first(terms); x; x = nv_json_next(x), n++)
		if (strcmp(nv_json_string(x), nv_buf_cstr(&text)) == 0)
			found = n;
	ck_assert_msg(found != UINT32_MAX, "the reference lacks %s", nv_buf_cstr(&text));
	nv_buf_release(&text);
	return found;
}

static void make_rows(data_set *d, int weighting, bool normalize, nv_matrix *rows)
{
	nv_error err = {0};
	nv_features features = {&d->vocab.vocab, d->idf, weighting, 1, normalize};
	nv_feature_scratch *scratch;
	nv_document document;
	nv_row row;
	uint32_t *map;
	nv_document_init(&document);
	nv_row_init(&row);
	ck_assert_int_eq(nv_feature_scratch_new(&scratch, &err), NV_OK);
	ck_assert_int_eq(nv_corpus_word_map(d->corpus, &d->vocab.vocab, &map, &err), NV_OK);
	nv_matrix_init(rows, d->n_term);
	for (size_t i = 0; i < d->n; i++) {
		ck_assert_int_eq(nv_corpus_document(d->corpus, i, map, &document, &err), NV_OK);
		ck_assert_int_eq(nv_features_row(&features, NULL, &document, scratch, &row, &err), NV_OK);
		ck_assert_int_eq(nv_matrix_add_row(rows, row.term, row.value, row.n, &err), NV_OK);
		for (size_t k = 0; k < row.n && normalize; k++)
			d->exact[i * d->n_term + d->column[row.term[k]]] = row.value[k];
	}
	nv_free(map);
	nv_row_release(&row);
	nv_document_release(&document);
	nv_feature_scratch_free(scratch);
}

static void load_articles(data_set *d, const char *name)
{
	char path[200];
	static char texts[MOST][200];
	const char *text[MOST];
	nv_error err = {0};
	nv_buf file = NV_BUF_INIT;
	snprintf(path, sizeof path, FOLDER "%s.jsonl", name);
	ck_assert_int_eq(nv_file_read(path, 1 << 20, &file, &err), NV_OK);
	for (char *at = file.ptr, *end; at < file.ptr + file.len; at = end + 1, d->n++) {
		nv_json *record;
		end = memchr(at, '\n', file.len - (size_t)(at - file.ptr));
		ck_assert_int_eq(nv_json_parse(&record, (nv_str){at, (size_t)(end - at)}, path, &err), NV_OK);
		snprintf(texts[d->n], sizeof *texts, "%s", nv_json_string(find(record, "text")));
		text[d->n] = texts[d->n];
		nv_json_free(record);
	}
	nv_buf_release(&file);
	d->corpus = make_corpus(text, d->n);
	d->vocab = build_vocab(d->corpus, (nv_vocab_options){.min_n = 1, .max_n = 2, .min_df = 1});
}

static void set_up(data_set *d, const char *name)
{
	*d = (data_set){.expected = find(expected, name)};
	const nv_json *terms = find(d->expected, "terms");
	load_articles(d, name);
	d->n_term = d->vocab.vocab.n_term;
	d->n_label = nv_json_size(find(d->expected, "labels"));
	ck_assert_uint_eq(nv_json_size(terms), d->n_term);
	d->idf = malloc(d->n_term * sizeof *d->idf);
	nv_features_idf(&d->vocab.vocab, d->idf);
	d->column = malloc(d->n_term * sizeof *d->column);
	for (uint32_t t = 0; t < d->n_term; t++)
		d->column[t] = reference_column(terms, &d->vocab.vocab, t);
	double *gold = numbers(d->expected, "gold", d->n * d->n_label);
	d->gold = malloc(d->n * d->n_label);
	for (size_t i = 0; i < d->n * d->n_label; i++)
		d->gold[i] = (uint8_t)gold[i];
	free(gold);
	d->exact = calloc(d->n * d->n_term, sizeof *d->exact);
	make_rows(d, NV_WEIGHT_TFIDF, true, &d->tfidf);
	ck_assert_int_eq(nv_columns_init(&d->columns, &d->tfidf, NULL, d->tfidf.n_row, 2, NULL, &(nv_error){0}), NV_OK);
	make_rows(d, NV_WEIGHT_COUNT, false, &d->count);
}

static void tear_down(data_set *d)
{
	nv_matrix_release(&d->tfidf);
	nv_columns_release(&d->columns);
	nv_matrix_release(&d->count);
	free(d->idf);
	free(d->column);
	free(d->gold);
	free(d->exact);
	nv_vocab_release(&d->vocab);
	nv_corpus_free(d->corpus);
}

static const char *const names[] = {"multiclass", "multilabel", "stance"};

/* ---- Tests, one run a data set ---- */

#define TOLERANCE 1e-9 /* relative */

START_TEST(tfidf_weights)
{
	data_set d;
	set_up(&d, names[_i]);
	double *want = numbers(d.expected, "tfidf", d.n * d.n_term);
	for (size_t i = 0; i < d.n * d.n_term; i++)
		ck_assert_double_eq_tol(d.exact[i], want[i], want[i] * TOLERANCE + 1e-12);
	free(want);
	tear_down(&d);
}
END_TEST

static double log_sum_exp(const double *x, size_t n)
{
	double largest = x[0], sum = 0;
	for (size_t i = 1; i < n; i++)
		largest = fmax(largest, x[i]);
	for (size_t i = 0; i < n; i++)
		sum += exp(x[i] - largest);
	return largest + log(sum);
}

static void check_nb(data_set *d, const char *name, int variant, bool normalize)
{
	nv_error err = {0};
	size_t n_class = strcmp(nv_json_string(nv_json_first(find(d->expected, "labels"))), "chips") == 0 ? 2 : d->n_label;
	double *want = numbers(find(d->expected, "naive_bayes"), name, d->n * n_class);
	double *weight = malloc(d->n_term * n_class * sizeof *weight), bias[8], margin[8];
	nv_nb_row row[MOST] = {{0, 0}};
	for (size_t i = 0; i < d->n; i++)
		for (size_t l = 0; l < d->n_label; l++)
			if (d->gold[i * d->n_label + l] && (n_class == d->n_label || l == 0))
				row[i].label = n_class == d->n_label ? (uint32_t)l : 1;
	nv_columns columns;
	nv_nb nb;
	nv_nb_walk walk;
	const nv_nb_problem problem = {&columns, row, n_class, 0, variant, nv_json_number(find(expected, "alpha")),
	                               normalize};
	ck_assert_int_eq(nv_columns_init(&columns, &d->count, NULL, d->n, 2, NULL, &err), NV_OK);
	ck_assert_int_eq(nv_nb_init(&nb, &problem, NULL, &err), NV_OK);
	ck_assert_int_eq(nv_nb_hold_out(&nb, NULL, 1, NULL, &err), NV_OK);
	ck_assert_int_eq(nv_nb_walk_init(&walk, &nb, 0, &err), NV_OK);
	for (size_t t = 0; t < d->n_term; t++) {
		nv_nb_next(&walk);
		nv_nb_weights(&walk, 0, weight + t * n_class);
	}
	memcpy(bias, nb.bias, n_class * sizeof *bias);
	nv_nb_walk_release(&walk);
	nv_nb_release(&nb);
	nv_columns_release(&columns);
	for (size_t i = 0; i < d->n; i++) {
		for (size_t c = 0; c < n_class; c++) {
			margin[c] = bias[c];
			for (uint64_t j = d->count.start[i]; j < d->count.start[i + 1]; j++)
				margin[c] += weight[d->count.term[j] * n_class + c] *
				             (variant == NV_NB_BERNOULLI ? 1 : (double)d->count.value[j]);
		}
		double lse = log_sum_exp(margin, n_class);
		for (size_t c = 0; c < n_class; c++)
			ck_assert_double_eq_tol(margin[c] - lse, want[i * n_class + c], 1e-9);
	}
	free(weight);
	free(want);
}

START_TEST(naive_bayes)
{
	data_set d;
	set_up(&d, names[_i]);
	/* The reference numbers stances as favor, none, against, as we do; multilabel: the first label against the rest. */
	check_nb(&d, "multinomial", NV_NB_MULTINOMIAL, false);
	check_nb(&d, "bernoulli", NV_NB_BERNOULLI, false);
	check_nb(&d, "complement", NV_NB_COMPLEMENT, false);
	check_nb(&d, "complement_normalized", NV_NB_COMPLEMENT, true);
	tear_down(&d);
}
END_TEST

/* Largest absolute value of n numbers. */
static double largest(const double *x, size_t n)
{
	double max = 0;
	for (size_t i = 0; i < n; i++)
		max = fmax(max, fabs(x[i]));
	return max;
}

static nv_linear_problem problem_of(const data_set *d, int loss, double c)
{
	return (nv_linear_problem){.columns = &d->columns,
	                           .matrix = &d->tfidf,
	                           .n = d->n,
	                           .gold = d->gold,
	                           .n_label = d->n_label,
	                           .width = d->n_label,
	                           .loss = loss,
	                           .c = c,
	                           .intercept_scale = 1,
	                           .tolerance = 1e-6,
	                           .max_iteration = 200};
}

static void check_margins(const data_set *d, const nv_linear_fitted *fitted, const whole_weights *w,
                          const nv_json *want)
{
	double *p = numbers(want, "p", d->n * d->n_label), margin[NV_MAX_WIDTH];
	for (size_t i = 0; i < d->n; i++) {
		whole_margins(w, fitted, &d->tfidf, i, d->n_label, margin);
		for (size_t l = 0; l < d->n_label; l++)
			ck_assert_double_eq_tol(nv_sigmoid(margin[l]), p[i * d->n_label + l], 1e-5);
	}
	free(p);
}

static void check_linear(const data_set *d, const char *name, int loss, double c, const double *label_weight)
{
	nv_error err = {0};
	nv_linear_fitted fitted;
	whole_weights w;
	nv_linear_problem problem = problem_of(d, loss, c);
	const nv_json *want = find(d->expected, name);
	problem.label_weight = label_weight;
	ck_assert_int_eq(whole_fit(&problem, NULL, NULL, &fitted, &w, &err), NV_OK);
	ck_assert_int_eq(fitted.result.outcome, NV_CONVERGED);
	double *weight = numbers(want, "weight", d->n_label * d->n_term),
		   *intercept = numbers(want, "intercept", d->n_label);
	for (size_t l = 0; l < d->n_label; l++) {
		double tolerance = 1e-4 * largest(weight + l * d->n_term, d->n_term);
		ck_assert_double_eq_tol(fitted.bias[l], intercept[l], tolerance);
		for (size_t t = 0; t < d->n_term; t++)
			ck_assert_double_eq_tol(w.u[t * w.stride + l], weight[l * d->n_term + d->column[t]], tolerance);
	}
	check_margins(d, &fitted, &w, want);
	free(weight);
	free(intercept);
	nv_linear_fitted_release(&fitted);
	whole_release(&w);
}

START_TEST(linear_models)
{
	data_set d;
	set_up(&d, names[_i]);
	check_linear(&d, "logreg", NV_LOSS_LOG, nv_json_number(find(expected, "c")), NULL);
	check_linear(&d, "svm", NV_LOSS_SQUARED_HINGE, 1, NULL);
	tear_down(&d);
}
END_TEST

START_TEST(balanced_classes)
{
	data_set d;
	double weight[8][2];
	set_up(&d, "stance");
	for (size_t l = 0; l < d.n_label; l++) {
		size_t positive = 0;
		for (size_t i = 0; i < d.n; i++)
			positive += d.gold[i * d.n_label + l];
		weight[l][0] = (double)d.n / (2.0 * (double)(d.n - positive));
		weight[l][1] = (double)d.n / (2.0 * (double)positive);
	}
	check_linear(&d, "logreg_balanced", NV_LOSS_LOG, nv_json_number(find(expected, "c")), weight[0]);
	tear_down(&d);
}
END_TEST

static void check_sparse(const data_set *d, const char *name, double l1_ratio, bool unique)
{
	nv_error err = {0};
	nv_linear_fitted fitted;
	whole_weights w;
	nv_linear_problem problem = problem_of(d, NV_LOSS_LOG, nv_json_number(find(expected, "c_sparse")));
	const nv_json *want = find(d->expected, name);
	double *weight = numbers(want, "weight", d->n_term), *p = numbers(want, "p", d->n), norm = 0, margin[1];
	double tolerance = 1e-4 * largest(weight, d->n_term);
	problem.width = 1;
	problem.l1_ratio = l1_ratio;
	problem.max_iteration = 20000;
	problem.tolerance = 1e-7;
	ck_assert_int_eq(whole_fit(&problem, NULL, NULL, &fitted, &w, &err), NV_OK);
	for (size_t t = 0; t < d->n_term; t++) {
		norm += fabs(w.u[t]);
		if (unique)
			ck_assert_double_eq_tol(w.u[t], weight[d->column[t]], tolerance);
	}
	ck_assert_double_eq_tol(norm, nv_json_number(find(want, "norm")), 1e-4 * norm);
	for (size_t i = 0; i < d->n; i++) {
		whole_margins(&w, &fitted, &d->tfidf, i, 1, margin);
		ck_assert_double_eq_tol(nv_sigmoid(margin[0]), p[i], 1e-5);
	}
	free(weight);
	free(p);
	nv_linear_fitted_release(&fitted);
	whole_release(&w);
}

START_TEST(sparse_models)
{
	data_set d;
	set_up(&d, "multiclass");
	check_sparse(&d, "l1", 1, false);
	check_sparse(&d, "elasticnet", nv_json_number(find(expected, "l1_ratio")), true);
	tear_down(&d);
}
END_TEST

START_TEST(platt_optimum)
{
	const nv_json *c = find(expected, "calibration");
	double *margin = numbers(c, "margin", 180), *gold = numbers(c, "gold", 180), *want = numbers(c, "platt", 2), m[60],
		   a, b;
	uint8_t g[60];
	for (size_t i = 0; i < 60; i++) {
		m[i] = margin[3 * i];
		g[i] = (uint8_t)gold[3 * i];
	}
	nv_platt_fit(60, m, g, &a, &b);
	ck_assert_double_eq_tol(a, want[0], 1e-7);
	ck_assert_double_eq_tol(b, want[1], 1e-7);
	free(margin);
	free(gold);
	free(want);
}
END_TEST

static void check_several(const char *name, int kind)
{
	const nv_json *c = find(expected, "calibration");
	nv_error err = {0};
	double *margin = numbers(c, "margin", 180), *gold = numbers(c, "gold", 180), *want = numbers(c, name, 4), a[3],
		   b[3];
	uint8_t g[180];
	for (size_t i = 0; i < 180; i++)
		g[i] = (uint8_t)gold[i];
	const nv_calibration_data data = {60, 3, margin, g, 0};
	ck_assert_int_eq(nv_softmax_fit(kind, &data, a, b, &err), NV_OK);
	for (size_t l = 0; l < 3; l++) {
		ck_assert_double_eq_tol(a[l], want[0], 1e-4);
		ck_assert_double_eq_tol(b[l], want[1 + l], 1e-4);
	}
	free(margin);
	free(gold);
	free(want);
}

START_TEST(several_classes_optimum)
{
	check_several("loglog", NV_CALIBRATE_LOGLOG);
	check_several("platt_several", NV_CALIBRATE_PLATT);
}
END_TEST

static void check_isotonic(const nv_json *c, const double *x, const double *y, const char *name)
{
	nv_error err = {0};
	nv_arena arena;
	double *knot_x, *knot_y, *at = numbers(c, "at", 41), *want = numbers(c, name, 41), p;
	uint32_t n_knot;
	nv_arena_init(&arena);
	ck_assert_int_eq(nv_isotonic_fit(60, x, y, NULL, &arena, &knot_x, &knot_y, &n_knot, &err), NV_OK);
	const uint32_t start[] = {0, n_knot};
	const nv_calibration calibration = {NV_CALIBRATE_ISOTONIC, 1, NULL, NULL, start, knot_x, knot_y};
	for (size_t i = 0; i < 41; i++) {
		nv_calibration_apply(&calibration, NV_MULTILABEL, &at[i], &p);
		ck_assert_double_eq_tol(p, want[i], 1e-12);
	}
	nv_arena_release(&arena);
	free(at);
	free(want);
}

START_TEST(isotonic_regression)
{
	const nv_json *c = find(expected, "calibration");
	double *margin = numbers(c, "margin", 180), *gold = numbers(c, "gold", 180), *tied = numbers(c, "tied", 60), x[60],
		   y[60];
	for (size_t i = 0; i < 60; i++) {
		x[i] = margin[3 * i + 1];
		y[i] = gold[3 * i + 1];
	}
	check_isotonic(c, x, y, "isotonic");
	check_isotonic(c, tied, y, "isotonic_tied");
	free(margin);
	free(gold);
	free(tied);
}
END_TEST

static Suite *reference_suite(void)
{
	Suite *suite = suite_create("reference");
	TCase *sets = tcase_create("Core");
	tcase_add_unchecked_fixture(sets, open_expected, close_expected);
	tcase_add_loop_test(sets, tfidf_weights, 0, 3);
	tcase_add_loop_test(sets, naive_bayes, 0, 3);
	tcase_add_loop_test(sets, linear_models, 0, 3);
	tcase_add_test(sets, balanced_classes);
	tcase_add_test(sets, sparse_models);
	tcase_add_test(sets, platt_optimum);
	tcase_add_test(sets, several_classes_optimum);
	tcase_add_test(sets, isotonic_regression);
	tcase_set_timeout(sets, 60);
	suite_add_tcase(suite, sets);
	return suite;
}

NV_CHECK_MAIN(reference_suite)
