/* SPDX-License-Identifier: Apache-2.0 */
#include "check_main.h"

#include "base/numeric.h"
#include "eval/cases.h"
#include "eval/crossval.h"
#include "eval/judge.h"
#include "train/read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char collected[] = "{\"tasks\": [{\"name\": \"topic\", \"kind\": \"multiclass\", \"field\": \"topic\"}]}";

enum { N = 60, WRITERS = 6 };

/* Articles about the moon or the market by six writers in turn, made when asked for. */
typedef struct making {
	size_t at, n;
	bool lone;      /* article 0 alone has the label "rare" */
	bool duplicate; /* article 1 has the text of article 7, which is another writer's */
	bool bad;       /* article 2's label is a number */
	size_t wrong;   /* each so many-th article has the other label; 0: none */
	char text[400], id[16], writer[8];
	nv_str topic, writer_value;
	nv_field field[2];
} making;

static const char *const words[2][6] = {{"moon", "rocket", "orbit", "crater", "lunar", "probe"},
                                        {"market", "shares", "profit", "bank", "bond", "yield"}};

static void write_text(making *m, size_t i)
{
	size_t same = m->duplicate && i == 1 ? 7 : i, len = 0;
	nv_rng rng;
	nv_rng_init(&rng, 11, same);
	for (size_t k = 0; k < 30; k++)
		len += (size_t)snprintf(m->text + len, sizeof m->text - len, "%s%s ", words[same % 2][nv_rng_below(&rng, 6)],
		                        nv_rng_below(&rng, 3) ? "" : " the");
}

static int next(void *user, nv_article *article, nv_error *err)
{
	making *m = user;
	(void)err;
	if (m->at == m->n)
		return 0;
	size_t i = m->at++;
	write_text(m, i);
	snprintf(m->id, sizeof m->id, "a%zu", i);
	snprintf(m->writer, sizeof m->writer, "w%zu", i % WRITERS);
	bool other = m->wrong > 0 && i % m->wrong == 0;
	m->topic = nv_str_of(m->lone && i == 0 ? "rare" : (i % 2 == 1) != other ? "market" : "moon");
	m->writer_value = nv_str_of(m->writer);
	m->field[0] = (nv_field){nv_str_of("topic"), m->bad && i == 2 ? NV_FIELD_OTHER : NV_FIELD_STRING, &m->topic, 1};
	m->field[1] = (nv_field){nv_str_of("writer"), NV_FIELD_STRING, &m->writer_value, 1};
	*article = (nv_article){.id = nv_str_of(m->id), .text = nv_str_of(m->text), .field = m->field, .n_field = 2};
	return 1;
}

/* What a run is asked for beside folds and groups. */
typedef struct asking {
	bool learning_curve;
	const nv_progress *progress;
} asking;

static int run_asking(making *m, int64_t folds, const char *group_by, int64_t threads, asking ask, nv_report **report,
                      nv_error *err)
{
	nv_train_options train;
	nv_eval_options eval;
	nv_schema *schema = NULL;
	nv_stream *stream = NULL;
	nv_option_defaults(nv_train_rows, nv_n_train_rows, &train);
	nv_option_defaults(nv_eval_rows, nv_n_eval_rows, &eval);
	eval.folds = folds;
	eval.draws = 50;
	eval.threads = train.threads = threads;
	eval.learning_curve = ask.learning_curve;
	snprintf(eval.group_by, sizeof eval.group_by, "%s", group_by);
	ck_assert_int_eq(nv_schema_parse(&schema, nv_str_of(collected), "test", NULL), NV_OK);
	ck_assert_int_eq(nv_stream_from_articles(&stream, (nv_articles){next, m}, NULL), NV_OK);
	int code = nv_crossval_run(report, schema, &train, NULL, &eval, stream, ask.progress, NULL, err);
	nv_stream_close(stream);
	nv_schema_free(schema);
	return code;
}

static int run(making *m, int64_t folds, const char *group_by, int64_t threads, nv_report **report, nv_error *err)
{
	return run_asking(m, folds, group_by, threads, (asking){false, NULL}, report, err);
}

static nv_report *run_well(making *m, int64_t folds, const char *group_by, int64_t threads)
{
	nv_report *report = NULL;
	nv_error err = {0};
	ck_assert_msg(run(m, folds, group_by, threads, &report, &err) == NV_OK, "%s", err.message);
	return report;
}

static nv_report *learn(making *m, int64_t folds, const char *group_by, int64_t threads)
{
	nv_report *report = NULL;
	nv_error err = {0};
	ck_assert_msg(run_asking(m, folds, group_by, threads, (asking){true, NULL}, &report, &err) == NV_OK, "%s",
	              err.message);
	ck_assert_ptr_nonnull(report->learning);
	return report;
}

START_TEST(test_out_of_fold)
{
	making m = {.n = N};
	nv_report *report = run_well(&m, 5, "", 1);
	ck_assert_uint_eq(report->predictions.n, N);
	ck_assert_uint_eq(report->predictions.task[0].n, N);
	ck_assert(nv_str_is(report->predictions.article[17].id, "a17"));
	ck_assert_str_eq(report->task[0].label[0].id, "market");
	ck_assert(report->task[0].accuracy.value > 0.9);
	size_t held[5] = {0};
	for (size_t i = 0; i < N; i++)
		held[report->predictions.article[i].fold]++;
	for (size_t f = 0; f < 5; f++)
		ck_assert_uint_eq(held[f], N / 5);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_groups)
{
	making m = {.n = N};
	nv_report *report = run_well(&m, 3, "writer", 2);
	for (size_t i = WRITERS; i < N; i++)
		ck_assert_uint_eq(report->predictions.article[i].fold, report->predictions.article[i - WRITERS].fold);
	ck_assert_str_eq(report->run.group_by, "writer");
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_parted_duplicates)
{
	making m = {.n = N, .duplicate = true};
	nv_report *report = run_well(&m, WRITERS, "writer", 1);
	/* Articles 1 and 7 are both writer 1's, so nothing is parted. */
	ck_assert_uint_eq(report->run.overlap.n, 0);
	nv_report_destroy(report);
	making again = {.n = N, .duplicate = true};
	report = run_well(&again, 5, "", 1);
	ck_assert_uint_eq(report->predictions.article[1].fold, report->predictions.article[7].fold);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_lone_label_is_a_miss)
{
	making m = {.n = N, .lone = true};
	nv_report *report = run_well(&m, 5, "", 1);
	const nv_label_figures *rare = &report->task[0].label[2];
	ck_assert_str_eq(rare->id, "rare");
	ck_assert(rare->count.fn == 1 && rare->count.tp == 0 && rare->f1.value == 0);
	nv_report_destroy(report);
}
END_TEST

static int take(void *user, const char *bytes, size_t len)
{
	nv_buf_add(user, bytes, len);
	return 0;
}

START_TEST(test_same_for_any_threads)
{
	nv_buf out[2] = {NV_BUF_INIT, NV_BUF_INIT};
	for (size_t i = 0; i < 2; i++) {
		making m = {.n = N};
		nv_report *report = learn(&m, 4, "", i ? 3 : 1);
		/* The options that the model is said to be trained with differ in threads alone. */
		report->run.model = (nv_str){NULL, 0};
		ck_assert_int_eq(nv_report_write_json(report, &(nv_sink){take, &out[i]}, NULL), NV_OK);
		nv_report_destroy(report);
	}
	ck_assert(nv_str_eq((nv_str){out[0].ptr, out[0].len}, (nv_str){out[1].ptr, out[1].len}));
	nv_buf_release(&out[0]);
	nv_buf_release(&out[1]);
}
END_TEST

START_TEST(test_bad_article_is_left_out)
{
	making m = {.n = N, .bad = true};
	nv_report *report = run_well(&m, 5, "", 1);
	ck_assert_uint_eq(report->predictions.n, N - 1);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_errors)
{
	nv_report *report = NULL;
	nv_error err = {0};
	making few = {.n = N}, none = {.n = 0}, no_field = {.n = N};
	ck_assert_int_eq(run(&few, WRITERS + 1, "writer", 1, &report, &err), NV_E_USAGE);
	nv_error_clear(&err);
	ck_assert_int_eq(run(&none, 5, "", 1, &report, &err), NV_E_INPUT);
	nv_error_clear(&err);
	ck_assert_int_eq(run(&no_field, 5, "editor", 1, &report, &err), NV_E_USAGE);
	ck_assert_ptr_null(report);
}
END_TEST

/* ---- judge.h: the same articles, half for training ---- */

static nv_model *train_on(making *m)
{
	nv_train_options train;
	nv_schema *schema = NULL;
	nv_stream *stream = NULL;
	nv_trainer *trainer = NULL;
	nv_model *model = NULL;
	nv_option_defaults(nv_train_rows, nv_n_train_rows, &train);
	train.threads = 1;
	ck_assert_int_eq(nv_schema_parse(&schema, nv_str_of(collected), "test", NULL), NV_OK);
	ck_assert_int_eq(nv_trainer_new(&trainer, schema, &train, NULL), NV_OK);
	ck_assert_int_eq(nv_stream_from_articles(&stream, (nv_articles){next, m}, NULL), NV_OK);
	ck_assert_int_eq(nv_trainer_read(trainer, stream, 1, NULL, NULL), NV_OK);
	ck_assert_int_eq(nv_trainer_fit(trainer, NULL, NULL, &model, NULL), NV_OK);
	nv_stream_close(stream);
	nv_trainer_free(trainer);
	nv_schema_free(schema);
	return model;
}

static nv_report *judge(const nv_model *model, making *m, int64_t threads)
{
	nv_eval_options eval;
	nv_stream *stream = NULL;
	nv_report *report = NULL;
	nv_error err = {0};
	nv_option_defaults(nv_eval_rows, nv_n_eval_rows, &eval);
	eval.draws = 0;
	eval.threads = threads;
	ck_assert_int_eq(nv_stream_from_articles(&stream, (nv_articles){next, m}, NULL), NV_OK);
	ck_assert_msg(nv_evaluate_run(&report, model, NULL, stream, &eval, NULL, NULL, &err) == NV_OK, "%s", err.message);
	nv_stream_close(stream);
	return report;
}

START_TEST(test_judge)
{
	making half = {.n = N / 2}, all = {.n = N, .lone = true};
	nv_model *model = train_on(&half);
	nv_report *report = judge(model, &all, 2);
	ck_assert_uint_eq(report->predictions.task[0].n, N);
	ck_assert_uint_eq(report->predictions.task[0].n_unknown, 1);
	ck_assert(report->task[0].accuracy.value > 0.9);
	ck_assert(report->run.overlap.checked);
	ck_assert_uint_eq(report->run.overlap.n, N / 2);
	nv_report_destroy(report);
	nv_model_free(model);
}
END_TEST

/* ---- reasons.h ---- */

/* Parts add up to the margins of the model that gave the answer, to the last bit of the margin. */
static void check_pushes(const nv_task_predictions *task, uint32_t row, const nv_reason *reason)
{
	for (uint32_t p = 0; p < reason->n_push; p++) {
		const nv_push *push = &reason->push[p];
		double sum = push->bias;
		ck_assert(push->margin == task->margin[row * task->n_label + push->label]);
		ck_assert_uint_eq(push->n_term, NV_REASON_TERMS);
		for (uint32_t i = 0; i < push->n_term; i++) {
			sum += push->term[i].value;
			ck_assert(i == 0 || fabs(push->term[i].value) <= fabs(push->term[i - 1].value));
			ck_assert_uint_gt(push->term[i].text.len, 0);
		}
		ck_assert_double_eq_tol(sum + push->rest, push->margin, 1e-12);
	}
}

/* Every mistake that the report lists has its reason. Returns how many there are. */
static size_t check_reasons(const nv_report *report)
{
	const nv_task_predictions *task = &report->predictions.task[0];
	nv_arena arena;
	nv_cases cases;
	nv_arena_init(&arena);
	ck_assert_int_eq(nv_cases_find(&cases, &report->task[0], task, 1, &arena, NULL), NV_OK);
	size_t n = cases.worst.n + cases.suspect.n;
	for (size_t i = 0; i < n; i++) {
		const nv_case *c = i < cases.worst.n ? &cases.worst.item[i] : &cases.suspect.item[i - cases.worst.n];
		const nv_reason *reason = nv_case_reason(&report->reasons, 0, &report->task[0], task, c);
		ck_assert_ptr_nonnull(reason);
		ck_assert_uint_eq(reason->n_push, 2);
		ck_assert(task->chosen[c->row * task->n_label + reason->push[0].label] == 1);
		ck_assert(task->gold[c->row * task->n_label + reason->push[1].label] == 1);
		check_pushes(task, c->row, reason);
	}
	nv_arena_release(&arena);
	return n;
}

START_TEST(test_reasons_of_folds)
{
	/* 200 of 600 labels are wrong, 100 a label: more than are kept. */
	making m = {.n = 600, .wrong = 3};
	nv_report *report = run_well(&m, 3, "", 2);
	ck_assert_uint_gt(check_reasons(report), 20);
	for (size_t answer = 0; answer < 2; answer++)
		ck_assert_uint_eq(report->reasons.list[2 * answer + 1].n, NV_REASONS_AN_ANSWER);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_reasons_of_eval)
{
	making half = {.n = N / 2}, all = {.n = N, .wrong = 4};
	nv_model *model = train_on(&half);
	nv_report *report = judge(model, &all, 2);
	ck_assert_uint_eq(check_reasons(report), N / 4);
	nv_report_destroy(report);
	nv_model_free(model);
}
END_TEST

START_TEST(test_no_reason_for_what_the_model_lacks)
{
	making half = {.n = N / 2}, all = {.n = N, .lone = true};
	nv_model *model = train_on(&half);
	nv_report *report = judge(model, &all, 1);
	const nv_reason *reason =
		nv_reasons_find(&report->reasons, 0, nv_top_label(&report->predictions.task[0], 0), true, 0);
	ck_assert_ptr_nonnull(reason);
	ck_assert_uint_eq(reason->n_push, 1);
	nv_report_destroy(report);
	nv_model_free(model);
}
END_TEST

/* ---- learning.h ---- */

START_TEST(test_learning_curve)
{
	making m = {.n = 400, .wrong = 8};
	nv_report *report = learn(&m, 4, "", 2);
	const nv_learning_point *point = report->learning[0].point;
	for (size_t p = 0; p < NV_LEARNING_POINTS; p++) {
		ck_assert_double_eq_tol(point[p].articles, 300 * point[p].share, 3);
		ck_assert(point[p].macro_f1.low < point[p].macro_f1.value && point[p].macro_f1.value < point[p].macro_f1.high);
		ck_assert(isnan(point[p].f1_favor_against.value));
	}
	/* The last point is the report's own, and the interval of the last step holds the step. */
	const nv_learning_point *all = &point[NV_LEARNING_POINTS - 1];
	const nv_figure *step = &report->learning[0].last_step;
	ck_assert(all->macro_f1.value == report->task[0].macro.f1.value &&
	          all->accuracy.low == report->task[0].accuracy.low);
	ck_assert(all->articles == 300);
	ck_assert_double_eq_tol(step->value, all->macro_f1.value - all[-1].macro_f1.value, 1e-12);
	ck_assert(step->low <= step->value && step->value <= step->high);
	ck_assert_ptr_nonnull(strstr(report->learning[0].sentence, "With all 300 articles to learn from macro-F1 was 0."));
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_learning_keeps_groups_whole)
{
	/* Of 4 writers with 10 articles each, who are not in the fold, shares are 1, 1, 2, 3 and all. */
	static const double expected[NV_LEARNING_POINTS] = {10, 10, 20, 30, 40};
	making m = {.n = N};
	nv_report *report = learn(&m, 3, "writer", 1);
	for (size_t p = 0; p < NV_LEARNING_POINTS; p++)
		ck_assert_double_eq_tol(report->learning[0].point[p].articles, expected[p], 1e-9);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_learning_from_next_to_nothing)
{
	making m = {.n = 6};
	nv_report *report = learn(&m, 2, "", 1);
	ck_assert(report->learning[0].point[0].articles >= 1 && report->learning[0].point[0].articles <= 3);
	nv_report_destroy(report);
	making two = {.n = 2};
	report = learn(&two, 2, "", 1);
	for (size_t p = 0; p < NV_LEARNING_POINTS; p++)
		ck_assert(report->learning[0].point[p].articles == 1);
	nv_report_destroy(report);
}
END_TEST

static int stop_learning(void *user, const char *phase, uint64_t done, uint64_t total)
{
	size_t *n = user;
	if (strcmp(phase, "learn") != 0)
		return 0;
	ck_assert(done < total && total == 4 * 3);
	++*n;
	return 1;
}

START_TEST(test_learning_can_be_cancelled)
{
	making m = {.n = 3000};
	size_t n = 0;
	nv_report *report = NULL;
	nv_error err = {0};
	const nv_progress progress = {stop_learning, &n};
	ck_assert_int_eq(run_asking(&m, 3, "", 1, (asking){true, &progress}, &report, &err), NV_E_CANCELLED);
	ck_assert_uint_eq(n, 1);
	ck_assert_ptr_null(report);
}
END_TEST

static Suite *crossval_suite(void)
{
	Suite *suite = suite_create("crossval");
	NV_CASE(suite, "Core", test_out_of_fold, test_groups, test_judge, test_reasons_of_folds, test_reasons_of_eval,
	        test_learning_curve, test_learning_keeps_groups_whole);
	NV_CASE(suite, "Limits", test_parted_duplicates, test_lone_label_is_a_miss, test_same_for_any_threads,
	        test_bad_article_is_left_out, test_no_reason_for_what_the_model_lacks, test_learning_from_next_to_nothing,
	        test_learning_can_be_cancelled);
	NV_CASE(suite, "Errors", test_errors);
	return suite;
}

NV_CHECK_MAIN(crossval_suite)
