/* SPDX-License-Identifier: Apache-2.0 */
#include "json_at.h"
#include "small_predictions.h"

#include "base/numeric.h"
#include "eval/report.h"

#include <math.h>
#include <string.h>

static const char tasks[] =
	"{\"tasks\": [{\"name\": \"topic\", \"kind\": \"multiclass\", \"field\": \"topic\", \"labels\": [\"a\", \"b\", "
    "\"c\"]},"
	"{\"name\": \"view\", \"kind\": \"stance\", \"field\": \"view\"},"
	"{\"name\": \"tags\", \"kind\": \"multilabel\", \"field\": \"tags\", \"labels\": [\"x\", \"y\"]}]}";

static int take(void *user, const char *bytes, size_t len)
{
	nv_buf_add(user, bytes, len);
	return 0;
}

static int refuse(void *user, const char *bytes, size_t len)
{
	(void)user;
	(void)bytes;
	(void)len;
	return 1;
}

static nv_eval_options options(void)
{
	nv_eval_options o;
	nv_option_defaults(nv_eval_rows, nv_n_eval_rows, &o);
	o.draws = 100;
	o.threads = 1;
	return o;
}

/* 40 articles: topic right in 30, a for b in 6, an unknown gold label in 4; view favor and against half right; tags x right, y missed. */
static nv_report *make_report(void)
{
	nv_schema *schema = small_schema(tasks);
	nv_report *report = NULL;
	nv_eval_options o = options();
	const uint8_t gold[] = {1, 1}, chosen[] = {1, 0};
	const double p[] = {0.9, 0.2};
	ck_assert_int_eq(nv_report_new(&report, schema, &o, NULL), NV_OK);
	nv_schema_free(schema);
	nv_predictions *predictions = &report->predictions;
	for (size_t i = 0; i < 40; i++) {
		uint32_t article = add_article(predictions, "id", "Wire", "2020-01-01");
		add_answer(predictions, 0, article, i < 30 ? i % 3 : i < 36 ? 1 : 3, i < 30 ? i % 3 : 0, 0.8);
		if (i >= 36)
			ck_assert_int_eq(nv_predictions_add_unknown(predictions, 0, article, nv_str_of("d"), NULL), NV_OK);
		add_answer(predictions, 1, article, i % 2 ? NV_FAVOR : NV_AGAINST, i % 4 < 2 ? NV_FAVOR : NV_AGAINST, 0.6);
		ck_assert_int_eq(nv_predictions_add(predictions, 2, article, gold, chosen, p, p, NULL), NV_OK);
	}
	ck_assert_int_eq(nv_report_compute(report, NULL, NULL), NV_OK);
	return report;
}

START_TEST(test_figures)
{
	nv_report *report = make_report();
	const nv_task_figures *topic = &report->task[0], *view = &report->task[1], *tag = &report->task[2];
	ck_assert_uint_eq(topic->n_label, 4);
	ck_assert_str_eq(topic->label[3].id, "d");
	ck_assert(topic->label[3].count.fn == 4 && topic->label[3].f1.value == 0);
	ck_assert_double_eq_tol(topic->accuracy.value, 0.75, 1e-12);
	ck_assert_uint_eq(topic->matrix[1 * 4 + 0], 6);
	ck_assert_uint_eq(topic->matrix[3 * 4 + 0], 4);
	ck_assert_str_eq(topic->majority, "b");
	ck_assert_double_eq_tol(topic->majority_accuracy, 16.0 / 40, 1e-12);
	ck_assert_double_eq_tol(view->f1_favor_against.value, 0.5, 1e-12);
	ck_assert_double_eq_tol(view->score_auc.value, 0.5, 1e-12);
	ck_assert_double_eq_tol(report->pooled_f1_favor_against.value, 0.5, 1e-12);
	ck_assert_double_eq_tol(tag->micro.recall.value, 0.5, 1e-12);
	ck_assert_double_eq_tol(tag->macro.f1.value, 0.5, 1e-12);
	ck_assert(isnan(tag->label[1].precision.value) && tag->label[1].f1.value == 0);
	ck_assert_double_eq_tol(tag->ece, (0.1 + 0.8) / 2, 1e-12);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_json)
{
	nv_report *report = make_report();
	nv_buf out = NV_BUF_INIT;
	nv_json *root = NULL;
	ck_assert_int_eq(nv_report_write_json(report, &(nv_sink){take, &out}, NULL), NV_OK);
	ck_assert_int_eq(nv_json_parse(&root, (nv_str){out.ptr, out.len}, "report", NULL), NV_OK);
	ck_assert_double_eq(nv_json_number(json_below(root, "schema_version")), 1);
	ck_assert_double_eq(nv_json_number(json_below(root, "articles")), 40);
	ck_assert_str_eq(nv_json_string(json_below(root, "tasks/topic/kind")), "multiclass");
	ck_assert_double_eq(nv_json_number(json_below(root, "tasks/topic/labels/a/tp")), 10);
	ck_assert_double_eq(nv_json_number(json_below(root, "tasks/topic/labels/a/recall/value")), 1);
	ck_assert_str_eq(nv_json_string(json_below(root, "tasks/topic/labels/a/recall/method")), "wilson");
	ck_assert_int_eq(nv_json_get_kind(json_below(root, "tasks/tags/labels/y/precision/value")), NV_JSON_NULL);
	ck_assert_double_eq_tol(nv_json_number(json_below(root, "tasks/view/macro/f1_favor_against/value")), 0.5, 1e-12);
	ck_assert_double_eq_tol(nv_json_number(json_below(root, "pooled/stance/f1_favor_against/value")), 0.5, 1e-12);
	ck_assert_int_eq(nv_json_get_kind(json_below(root, "tasks/tags/log_loss")), NV_JSON_NUMBER);
	ck_assert_double_eq(nv_json_number(json_below(root, "slices/year/2020/tasks/topic/accuracy/value")), 0.75);
	ck_assert_uint_eq(nv_json_size(json_below(root, "tasks/topic/confusion/counts")), 4);
	ck_assert_uint_eq(nv_json_size(json_below(root, "tasks/tags/confusion/counts")), 2);
	ck_assert(nv_json_size(json_below(root, "care")) > 0);
	ck_assert_str_eq(nv_json_string(json_below(root, "run/dates/first")), "2020-01-01");
	ck_assert_str_eq(nv_json_string(json_below(root, "run/dates/last")), "2020-01-01");
	ck_assert_double_eq(nv_json_number(json_below(root, "run/sources")), 1);
	ck_assert_int_eq(nv_json_get_kind(json_below(root, "run/checksum")), NV_JSON_NULL);
	/* 10 of 40 answers are wrong; these predictions come from no model that could say why. */
	ck_assert_uint_eq(nv_json_size(json_below(root, "mistakes/topic")), 10);
	const nv_json *mistake = nv_json_first(json_below(root, "mistakes/topic"));
	ck_assert_str_eq(nv_json_string(nv_json_member(mistake, "predicted")), "a");
	ck_assert_int_eq(nv_json_get_kind(nv_json_member(mistake, "why")), NV_JSON_NULL);
	ck_assert_int_eq(nv_json_get_kind(nv_json_member(nv_json_first(json_below(root, "mistakes/tags")), "gold")), NV_JSON_BOOL);
	ck_assert_ptr_null(nv_json_member(root, "learning_curve"));
	nv_json_free(root);
	nv_buf_release(&out);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_text)
{
	nv_report *report = make_report();
	nv_buf out = NV_BUF_INIT;
	ck_assert_int_eq(nv_report_write_text(report, 80, &(nv_sink){take, &out}, NULL), NV_OK);
	const char *text = nv_buf_cstr(&out);
	ck_assert_ptr_nonnull(strstr(text, "topic: one label an article, 40 articles"));
	ck_assert_ptr_nonnull(strstr(text, "always \"b\" would reach .400"));
	ck_assert_ptr_nonnull(strstr(text, "gold labels that the model lacks"));
	ck_assert_ptr_nonnull(strstr(text, "never predicted: y (40)"));
	ck_assert_ptr_nonnull(strstr(text, ".750 [.60, .86]"));
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");
		ck_assert_msg(len <= 80, "%.*s", (int)len, line);
		ck_assert_msg(len == 0 || line[len - 1] != ' ', "blank at the end: %.*s", (int)len, line);
		line += len + (line[len] != '\0');
	}
	nv_buf_release(&out);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_unlabelled_task)
{
	nv_schema *schema = small_schema(tasks);
	nv_report *report = NULL;
	nv_eval_options o = options();
	nv_buf out = NV_BUF_INIT;
	ck_assert_int_eq(nv_report_new(&report, schema, &o, NULL), NV_OK);
	add_answer(&report->predictions, 0, add_article(&report->predictions, "id", "", ""), 2, 1, 0.5);
	ck_assert_int_eq(nv_report_compute(report, NULL, NULL), NV_OK);
	ck_assert(isnan(report->task[1].accuracy.value) && isnan(report->pooled_f1_favor_against.value));
	ck_assert_int_eq(nv_report_write_text(report, 120, &(nv_sink){take, &out}, NULL), NV_OK);
	ck_assert_ptr_nonnull(strstr(nv_buf_cstr(&out), "No article is labelled for this task."));
	nv_buf_release(&out);
	nv_report_destroy(report);
	nv_schema_free(schema);
}
END_TEST

START_TEST(test_errors)
{
	nv_schema *schema = small_schema(tasks);
	nv_report *report = NULL;
	nv_eval_options o = options();
	nv_error err = {0};
	ck_assert_int_eq(nv_report_new(&report, schema, &o, NULL), NV_OK);
	ck_assert_int_eq(nv_report_compute(report, NULL, &err), NV_E_INPUT);
	nv_report_destroy(report);
	nv_schema_free(schema);
	report = make_report();
	nv_error_clear(&err);
	ck_assert_int_eq(nv_report_write_text(report, 80, &(nv_sink){refuse, NULL}, &err), NV_E_IO);
	nv_error_clear(&err);
	ck_assert_int_eq(nv_report_write_json(report, &(nv_sink){refuse, NULL}, &err), NV_E_IO);
	nv_report_destroy(report);
	nv_report_destroy(NULL);
}
END_TEST

START_TEST(test_metrics_errors)
{
	const char *const labels[] = {"a", "b"};
	const uint8_t gold[] = {1, 0}, both[] = {1, 1};
	const double p[] = {0.5, 0.5}, wrong[] = {0.5, 1.5};
	nv_eval_options o = options();
	nv_buf out = NV_BUF_INIT;
	const nv_sink sink = {take, &out};
	ck_assert_int_eq(nv_metrics_run(NV_MULTICLASS, 1, 2, labels, gold, p, gold, &o, &sink, NULL), NV_OK);
	ck_assert_ptr_nonnull(strstr(nv_buf_cstr(&out), "\"kind\": \"multiclass\""));
	ck_assert_int_eq(nv_metrics_run(NV_MULTICLASS, 1, 2, labels, both, p, gold, &o, &sink, NULL), NV_E_USAGE);
	ck_assert_int_eq(nv_metrics_run(NV_MULTILABEL, 1, 2, labels, both, wrong, gold, &o, &sink, NULL), NV_E_USAGE);
	ck_assert_int_eq(nv_metrics_run(NV_STANCE, 1, 2, labels, gold, p, gold, &o, &sink, NULL), NV_E_USAGE);
	ck_assert_int_eq(nv_metrics_run(NV_MULTILABEL, 0, 2, labels, gold, p, gold, &o, &sink, NULL), NV_OK);
	nv_buf_release(&out);
}
END_TEST

static Suite *report_suite(void)
{
	Suite *suite = suite_create("report");
	NV_CASE(suite, "Core", test_figures, test_json, test_text);
	NV_CASE(suite, "Limits", test_unlabelled_task);
	NV_CASE(suite, "Errors", test_errors, test_metrics_errors);
	return suite;
}

NV_CHECK_MAIN(report_suite)
