/* SPDX-License-Identifier: Apache-2.0 */
#include "json_at.h"
#include "small_predictions.h"

#include "base/file.h"
#include "eval/compare.h"
#include "eval/report_html.h"
#include "faulty_alloc.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int take(void *user, const char *bytes, size_t len)
{
	nv_buf_add(user, bytes, len);
	return 0;
}

static nv_eval_options options(int64_t draws, int64_t threads)
{
	nv_eval_options o;
	nv_option_defaults(nv_eval_rows, nv_n_eval_rows, &o);
	o.draws = draws;
	o.threads = threads;
	return o;
}

/* A report by schema a that waits for both models' answers. */
static nv_report *begin(const char *a, const char *b, nv_eval_options o, nv_error *err, int *code)
{
	nv_schema *of_a = small_schema(a), *of_b = small_schema(b);
	nv_report *report = NULL;
	ck_assert_int_eq(nv_report_new(&report, of_a, &o, NULL), NV_OK);
	*code = nv_comparison_begin(report, (nv_compared_model){of_a, NULL}, (nv_compared_model){of_b, NULL}, err);
	nv_schema_free(of_b);
	nv_schema_free(of_a);
	return report;
}

/* Both answers to one article of one task: label numbers of gold, A's and B's answer. */
static void add_pair(nv_report *report, size_t task, uint32_t article, size_t gold, size_t a, size_t b)
{
	add_answer(&report->predictions, task, article, gold, a, 0.8);
	add_answer(&report->comparison->other, task, article, gold, b, 0.7);
}

/* ---- Against scikit-learn and scipy (tests/reference/make_compare.py) ---- */

static double number(const nv_json *from, const char *name)
{
	return nv_json_number(nv_json_member(from, name));
}

static const nv_json *item_at(const nv_json *list, size_t index)
{
	const nv_json *item = nv_json_first(list);
	while (item && index-- > 0)
		item = nv_json_next(item);
	return item;
}

static void same(const char *what, double found, double wanted)
{
	if (isnan(wanted))
		ck_assert_msg(isnan(found), "%s: %.12g, wanted none", what, found);
	else
		ck_assert_msg(fabs(found - wanted) <= 1e-9, "%s: %.12g, wanted %.12g", what, found, wanted);
}

static void same_difference(const char *what, const nv_difference *found, const nv_json *a, const nv_json *b, const char *name)
{
	double of_a = number(a, name), of_b = number(b, name);
	same(what, found->a, of_a);
	same(what, found->b, of_b);
	same(what, found->b_less_a.value, of_b - of_a);
	if (!isnan(found->b_less_a.low))
		ck_assert_msg(found->b_less_a.low <= of_b - of_a + 1e-9 && found->b_less_a.high >= of_b - of_a - 1e-9, "%s", what);
}

static void same_test(const nv_mcnemar *found, const nv_json *wanted)
{
	ck_assert_double_eq((double)found->only_a, number(wanted, "only_a"));
	ck_assert_double_eq((double)found->only_b, number(wanted, "only_b"));
	same("p", found->p, number(wanted, "p"));
}

static void read_row(const nv_json *row, uint8_t *bits, double *numbers)
{
	size_t l = 0;
	for (const nv_json *cell = nv_json_first(row); cell; cell = nv_json_next(cell), l++) {
		if (bits)
			bits[l] = nv_json_number(cell) > 0;
		if (numbers)
			numbers[l] = nv_json_number(cell);
	}
}

static void add_rows(nv_predictions *predictions, const nv_json *item, const char *model, bool articles)
{
	const nv_json *of = nv_json_member(item, model), *gold = nv_json_member(item, "gold");
	for (size_t i = 0; i < nv_json_size(gold); i++) {
		uint8_t g[8], c[8];
		double p[8];
		uint32_t article = articles ? add_article(predictions, "id", "", "") : (uint32_t)i;
		read_row(item_at(gold, i), g, NULL);
		read_row(item_at(nv_json_member(of, "chosen"), i), c, NULL);
		read_row(item_at(nv_json_member(of, "p"), i), NULL, p);
		ck_assert_int_eq(nv_predictions_add(predictions, 0, article, g, c, p, p, NULL), NV_OK);
	}
}

static void schema_of(const nv_json *item, char *text, size_t size)
{
	const char *kind = nv_json_string(nv_json_member(item, "kind"));
	size_t n = nv_json_size(item_at(nv_json_member(item, "gold"), 0)), len;
	len = (size_t)snprintf(text, size, "{\"tasks\": [{\"name\": \"t\", \"kind\": \"%s\", \"field\": \"t\"", kind);
	if (strcmp(kind, "stance") != 0) {
		len += (size_t)snprintf(text + len, size - len, ", \"labels\": [");
		for (size_t l = 0; l < n; l++)
			len += (size_t)snprintf(text + len, size - len, "%s\"l%zu\"", l ? ", " : "", l);
		len += (size_t)snprintf(text + len, size - len, "]");
	}
	snprintf(text + len, size - len, "}]}");
}

static void check_labels(const nv_task_comparison *task, const nv_json *item, const nv_json *a, const nv_json *b)
{
	for (size_t l = 0; l < task->n_label; l++) {
		const nv_label_comparison *label = &task->label[l];
		const nv_json *of_a = item_at(nv_json_member(a, "labels"), l), *of_b = item_at(nv_json_member(b, "labels"), l);
		same_difference("precision", &label->precision, of_a, of_b, "precision");
		same_difference("recall", &label->recall, of_a, of_b, "recall");
		same_difference("f1", &label->f1, of_a, of_b, "f1");
		same_difference("average precision", &label->average_precision, of_a, of_b, "average_precision");
		same_difference("auc", &label->roc_auc, of_a, of_b, "roc_auc");
		same_test(&label->test, item_at(nv_json_member(item, "label_mcnemar"), l));
		same("holm", label->holm, nv_json_number(item_at(nv_json_member(item, "holm"), l)));
	}
}

static void check_case(const nv_json *item)
{
	char schema[400];
	int code;
	nv_error err = {0};
	schema_of(item, schema, sizeof schema);
	nv_report *report = begin(schema, schema, options(60, 1), &err, &code);
	ck_assert_int_eq(code, NV_OK);
	add_rows(&report->predictions, item, "a", true);
	add_rows(&report->comparison->other, item, "b", false);
	ck_assert_msg(nv_report_compute(report, NULL, &err) == NV_OK, "%s", err.message);
	const nv_task_comparison *task = &report->comparison->task[0];
	const nv_json *a = nv_json_member(nv_json_member(item, "a"), "expected"),
				  *b = nv_json_member(nv_json_member(item, "b"), "expected");
	check_labels(task, item, a, b);
	same_difference("accuracy", &task->accuracy, a, b, "accuracy");
	same_difference("micro", &task->micro_f1, a, b, "micro_f1");
	same_difference("macro", &task->macro_f1, a, b, "macro_f1");
	same_difference("macro ap", &task->macro_average_precision, a, b, "macro_average_precision");
	same_difference("log loss", &task->log_loss, a, b, "log_loss");
	if (task->task.kind == NV_STANCE) {
		same_difference("favor against", &task->f1_favor_against, a, b, "f1_favor_against");
		same_difference("pooled", &report->comparison->pooled_f1_favor_against, a, b, "f1_favor_against");
	}
	same_test(&task->test, nv_json_member(item, "mcnemar"));
	for (size_t kind = 0; kind < NV_N_PARTING; kind++)
		ck_assert_double_eq((double)task->parting[kind], nv_json_number(item_at(nv_json_member(item, "partings"), kind)));
	nv_report_destroy(report);
}

START_TEST(test_reference)
{
	nv_buf text = NV_BUF_INIT;
	nv_json *root = NULL;
	ck_assert_int_eq(nv_file_read("tests/reference/compare.json", 1 << 20, &text, NULL), NV_OK);
	ck_assert_int_eq(nv_json_parse(&root, (nv_str){text.ptr, text.len}, "compare.json", NULL), NV_OK);
	ck_assert_uint_gt(nv_json_size(root), 0);
	for (const nv_json *item = nv_json_first(root); item; item = nv_json_next(item))
		check_case(item);
	nv_json_free(root);
	nv_buf_release(&text);
}
END_TEST

/* ---- What is shown ---- */

static const char three[] = "{\"tasks\": [{\"name\": \"topic\", \"kind\": \"multiclass\", \"field\": \"topic\", \"labels\": [\"a\", \"b\", "
                            "{\"id\": \"c\", \"title\": \"<img src=x onerror=alert(1)>\"}]},"
                            "{\"name\": \"view\", \"kind\": \"stance\", \"field\": \"view\"},"
                            "{\"name\": \"tags\", \"kind\": \"multilabel\", \"field\": \"tags\", \"labels\": [\"x\", \"y\"]}]}";

/* 80 articles. topic: 40 both right, 30 only B (A says a for b), 4 only A, 6 both wrong apart; view: the same answers;
 * tags: on 4 articles A alone misses y. */
static void fill(nv_report *report)
{
	const uint8_t both[] = {1, 1}, one[] = {1, 0};
	const double p[] = {0.9, 0.6}, q[] = {0.9, 0.2};
	for (size_t i = 0; i < 80; i++) {
		uint32_t article = add_article(&report->predictions, "</script><script>alert(1)</script>", "Wire", "2020-01-01");
		size_t a = i < 40 ? i % 3 : i < 70 ? 0 : i < 74 ? 1 : 0, b = i < 40 ? i % 3 : i < 70 ? 1 : i < 74 ? 0 : 2;
		add_pair(report, 0, article, i < 40 ? i % 3 : 1, a, b);
		add_pair(report, 1, article, i % 3, i % 2, i % 2);
		ck_assert_int_eq(
			nv_predictions_add(&report->predictions, 2, article, both, i < 4 ? one : both, i < 4 ? q : p, p, NULL), NV_OK);
		ck_assert_int_eq(nv_predictions_add(&report->comparison->other, 2, article, both, both, p, p, NULL), NV_OK);
	}
}

static nv_report *compared(const char *b, nv_eval_options o)
{
	int code;
	nv_error err = {0};
	nv_report *report = begin(three, b, o, &err, &code);
	ck_assert_msg(code == NV_OK, "%s", err.message);
	fill(report);
	ck_assert_msg(nv_report_compute(report, NULL, &err) == NV_OK, "%s", err.message);
	return report;
}

static bool concludes(const nv_report *report, const char *sentence)
{
	for (size_t i = 0; i < report->comparison->n_conclusion; i++)
		if (strstr(report->comparison->conclusion[i].text, sentence))
			return true;
	return false;
}

START_TEST(test_partings)
{
	nv_report *report = compared(three, options(100, 1));
	const nv_task_comparison *topic = &report->comparison->task[0];
	const uint64_t wanted[NV_N_PARTING] = {40, 4, 30, 0, 6};
	ck_assert_mem_eq(topic->parting, wanted, sizeof wanted);
	ck_assert_uint_eq(topic->n_listed, 40);
	ck_assert_int_eq(topic->listed[0].kind, NV_ONLY_A_RIGHT);
	ck_assert_int_eq(topic->listed[39].kind, NV_BOTH_WRONG_APART);
	ck_assert_double_eq_tol(topic->accuracy.b_less_a.value, 26 / 80.0, 1e-12);
	ck_assert(topic->accuracy.b_less_a.low > 0);
	ck_assert_ptr_eq(topic->figures_a, &report->task[0]);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_conclusions)
{
	nv_report *report = compared(three, options(100, 1));
	ck_assert(concludes(report, "topic: B is better than A in accuracy on articles like these: B - A is +.325 [+."));
	ck_assert(concludes(report, "topic: only one model gets it right in 34 of 80 articles: A in 4, B in 30. If both were right equally "
	                            "often, chance would part them at least as unevenly with p < .001 (McNemar's exact test): evidence that B"));
	ck_assert(concludes(report, "topic: fewer than 30 articles, so that differences say little: a (14), c (13)."));
	ck_assert(concludes(report, "view: both models gave the same answer to every article."));
	ck_assert(concludes(report, "tags: only one model gets all labels right in 4 of 80 articles: A in 0, B in 4. So few can't be"));
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_text)
{
	nv_report *report = compared(three, options(100, 1));
	nv_buf out = NV_BUF_INIT;
	ck_assert_int_eq(nv_report_write_text(report, 80, &(nv_sink){take, &out}, NULL), NV_OK);
	const char *text = nv_buf_cstr(&out);
	ck_assert_ptr_nonnull(strstr(text, "A compared with B"));
	ck_assert_ptr_nonnull(strstr(text, "A and B in topic, 80 articles"));
	ck_assert_ptr_nonnull(strstr(text, "only A right 4; only B right 30"));
	ck_assert_ptr_nonnull(strstr(text, "- both wrong, differently: </script>"));
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");
		ck_assert_msg(len <= 80, "%.*s", (int)len, line);
		line += len + (line[len] != '\0');
	}
	nv_buf_release(&out);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_json)
{
	nv_report *report = compared(three, options(100, 1));
	nv_buf out = NV_BUF_INIT;
	nv_json *root = NULL;
	ck_assert_int_eq(nv_report_write_json(report, &(nv_sink){take, &out}, NULL), NV_OK);
	ck_assert_int_eq(nv_json_parse(&root, (nv_str){out.ptr, out.len}, "report", NULL), NV_OK);
	const nv_json *topic = json_below(root, "compare/tasks/topic");
	ck_assert_double_eq_tol(nv_json_number(json_below(topic, "accuracy/a")), 44 / 80.0, 1e-12);
	ck_assert_double_eq_tol(nv_json_number(json_below(topic, "accuracy/difference")), 26 / 80.0, 1e-12);
	ck_assert_str_eq(nv_json_string(json_below(topic, "accuracy/method")), "mover");
	ck_assert_str_eq(nv_json_string(json_below(topic, "log_loss/method")), "bootstrap");
	ck_assert_double_eq(nv_json_number(json_below(topic, "mcnemar/only_b_right")), 30);
	ck_assert(nv_json_number(json_below(topic, "labels/b/mcnemar/p_holm")) >= nv_json_number(json_below(topic, "labels/b/mcnemar/p")));
	ck_assert_double_eq(nv_json_number(json_below(topic, "articles_by_kind/both_wrong_differently")), 6);
	ck_assert_uint_eq(nv_json_size(json_below(topic, "parted")), 40);
	ck_assert_str_eq(nv_json_string(nv_json_member(nv_json_first(json_below(topic, "parted")), "gold")), "b");
	ck_assert_uint_eq(nv_json_size(nv_json_member(nv_json_first(json_below(root, "compare/tasks/tags/parted")), "a")), 1);
	ck_assert_int_eq(nv_json_get_kind(json_below(root, "compare/pooled/stance/f1_favor_against/difference")), NV_JSON_NUMBER);
	ck_assert(nv_json_size(json_below(root, "compare/conclusions")) > 5);
	nv_json_free(root);
	nv_buf_release(&out);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_html)
{
	nv_report *report = compared(three, options(100, 1));
	nv_buf out = NV_BUF_INIT;
	ck_assert_int_eq(nv_report_write_html(report, &(nv_sink){take, &out}, NULL), NV_OK);
	const char *html = nv_buf_cstr(&out), *section = strstr(html, "<section id=\"compare\"");
	ck_assert_ptr_nonnull(section);
	ck_assert_ptr_nonnull(strstr(html, "<a href=\"#compare\">"));
	ck_assert_ptr_nonnull(strstr(section, "&lt;img src=x onerror=alert(1)&gt;"));
	ck_assert_ptr_nonnull(strstr(section, "&lt;/script&gt;&lt;script&gt;alert(1)"));
	ck_assert_ptr_null(strstr(html, "<img"));
	ck_assert_ptr_null(strstr(html, "<script>alert"));
	ck_assert_ptr_nonnull(strstr(section, "Articles on which they part: 40<"));
	nv_buf_release(&out);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_predictions)
{
	nv_report *report = compared(three, options(0, 1));
	nv_buf out = NV_BUF_INIT;
	ck_assert_int_eq(nv_report_write_predictions(report, &(nv_sink){take, &out}, NULL), NV_OK);
	const char *text = nv_buf_cstr(&out), *line = text;
	for (int i = 0; i < 45; i++)
		line = strchr(line, '\n') + 1;
	ck_assert_ptr_nonnull(strstr(line, "\"topic\":{\"gold\":\"b\",\"predicted\":\"a\",\"p\":{"));
	ck_assert_ptr_nonnull(strstr(line, "\"compared\":{\"predicted\":\"b\",\"p\":{"));
	ck_assert_ptr_nonnull(strstr(text, "\"tags\":{\"gold\":[\"x\",\"y\"],\"predicted\":[\"x\"],\"p\":{\"x\":0.9,\"y\":0.2},"
	                                   "\"compared\":{\"predicted\":[\"x\",\"y\"],"));
	nv_buf_release(&out);
	nv_report_destroy(report);
}
END_TEST

/* ---- Models of other schemas ---- */

START_TEST(test_shared_labels)
{
	/* B lacks topic's c and tags' x, knows topic's d, has view as another kind, and a task of its own. */
	static const char other[] =
		"{\"tasks\": [{\"name\": \"topic\", \"kind\": \"multiclass\", \"field\": \"topic\", \"labels\": [\"d\", \"b\", \"a\"]},"
		"{\"name\": \"view\", \"kind\": \"multiclass\", \"field\": \"view\", \"labels\": [\"favor\"]},"
		"{\"name\": \"tags\", \"kind\": \"multilabel\", \"field\": \"tags\", \"labels\": [\"y\"]},"
		"{\"name\": \"own\", \"kind\": \"stance\", \"field\": \"own\"}]}";
	int code;
	nv_report *report = begin(three, other, options(60, 1), NULL, &code);
	ck_assert_int_eq(code, NV_OK);
	fill(report);
	/* Unknown to A, known to B: left out; unknown to both: a miss of both. */
	const char *const unknown[] = {"d", "e"};
	for (size_t i = 0; i < 2; i++) {
		uint32_t article = add_article(&report->predictions, "u", "", "");
		add_pair(report, 0, article, 3, 0, 1);
		ck_assert_int_eq(nv_predictions_add_unknown(&report->predictions, 0, article, nv_str_of(unknown[i]), NULL), NV_OK);
		ck_assert_int_eq(nv_predictions_add_unknown(&report->comparison->other, 0, article, nv_str_of(unknown[i]), NULL),
		                 NV_OK);
	}
	ck_assert_int_eq(nv_report_compute(report, NULL, NULL), NV_OK);
	const nv_comparison *comparison = report->comparison;
	ck_assert_uint_eq(comparison->n_task, 2);
	ck_assert_uint_eq(comparison->n_unshared, 2);
	ck_assert_str_eq(comparison->unshared[0].reason, "it is of another kind in B");
	ck_assert_str_eq(comparison->unshared[1].name, "own");
	const nv_task_comparison *topic = &comparison->task[0], *tags = &comparison->task[1];
	/* 13 of gold c and one of gold d are out; of the six both wrong apart B said c, which is no answer here. */
	ck_assert_uint_eq(topic->n_left_out, 14);
	ck_assert_uint_eq(topic->a.n, 68);
	ck_assert_uint_eq(topic->n_label, 3);
	ck_assert_str_eq(topic->label[2].figures->id, "e");
	ck_assert_uint_eq(topic->parting[NV_BOTH_RIGHT], 27);
	ck_assert_uint_eq(topic->parting[NV_BOTH_WRONG_APART], 7);
	ck_assert_uint_eq(tags->n_label, 1);
	ck_assert_uint_eq(tags->parting[NV_ONLY_B_RIGHT], 4);
	ck_assert(concludes(report, "topic: compared on the labels that both models have. Only A has: c; only B has: d. 14 articles"));
	ck_assert(concludes(report, "Not compared: view (it is of another kind in B), own (A lacks it)."));
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_no_shared_task)
{
	static const char other[] =
		"{\"tasks\": [{\"name\": \"topic\", \"kind\": \"multiclass\", \"field\": \"subject\", \"labels\": [\"a\"]},"
		"{\"name\": \"tags\", \"kind\": \"multilabel\", \"field\": \"tags\", \"labels\": [\"z\"]},"
		"{\"name\": \"view\", \"kind\": \"stance\", \"field\": \"view\", \"where\": {\"target\": \"Moon\"}}]}";
	int code;
	nv_error err = {0};
	nv_report *report = begin(three, other, options(60, 1), &err, &code);
	ck_assert_int_eq(code, NV_E_MODEL);
	ck_assert_str_eq(err.message, "the two models share no task, so there is nothing to compare: topic (B reads another field), view "
	                              "(B takes it for other articles (where)), tags (no label in common)");
	nv_report_destroy(report);
}
END_TEST

/* ---- Limits ---- */

START_TEST(test_same_for_any_threads)
{
	nv_buf out[2] = {NV_BUF_INIT, NV_BUF_INIT};
	for (int i = 0; i < 2; i++) {
		nv_report *report = compared(three, options(100, i == 0 ? 1 : 3));
		ck_assert_int_eq(nv_report_write_json(report, &(nv_sink){take, &out[i]}, NULL), NV_OK);
		nv_report_destroy(report);
	}
	ck_assert_uint_eq(out[0].len, out[1].len);
	ck_assert_mem_eq(out[0].ptr, out[1].ptr, out[0].len);
	nv_buf_release(&out[1]);
	nv_buf_release(&out[0]);
}
END_TEST

START_TEST(test_no_draws)
{
	nv_report *report = compared(three, options(0, 1));
	ck_assert(isnan(report->comparison->task[0].accuracy.b_less_a.low));
	ck_assert(concludes(report, "topic: B - A is +.325 in accuracy. It has no interval, so how much of it is chance is not known."));
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_unlabelled_task)
{
	int code;
	nv_buf out = NV_BUF_INIT;
	nv_report *report = begin(three, three, options(60, 1), NULL, &code);
	add_pair(report, 0, add_article(&report->predictions, "id", "", ""), 2, 1, 0);
	ck_assert_int_eq(nv_report_compute(report, NULL, NULL), NV_OK);
	ck_assert(concludes(report, "tags: no article to compare by."));
	ck_assert(isnan(report->comparison->pooled_f1_favor_against.b_less_a.value));
	ck_assert_int_eq(nv_report_write_text(report, 100, &(nv_sink){take, &out}, NULL), NV_OK);
	ck_assert_int_eq(nv_report_write_html(report, &(nv_sink){take, &out}, NULL), NV_OK);
	nv_buf_release(&out);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_at_most_fifty_are_listed)
{
	int code;
	nv_report *report = begin(three, three, options(0, 1), NULL, &code);
	for (size_t i = 0; i < 300; i++)
		add_pair(report, 0, add_article(&report->predictions, "id", "", ""), 1, i % 30 ? 0 : 1, i % 30 ? 1 : 0);
	ck_assert_int_eq(nv_report_compute(report, NULL, NULL), NV_OK);
	const nv_task_comparison *task = &report->comparison->task[0];
	ck_assert_uint_eq(task->n_listed, NV_PARTING_LISTED);
	/* Ten of the rare kind, the rest of the other. */
	ck_assert(task->listed[9].kind == NV_ONLY_A_RIGHT && task->listed[10].kind == NV_ONLY_B_RIGHT);
	nv_report_destroy(report);
}
END_TEST

/* ---- Errors ---- */

/* The report's own figures are there, the comparison's are not. */
static nv_report *almost(void)
{
	int code;
	nv_report *report = begin(three, three, options(45, 1), NULL, &code);
	nv_comparison *comparison = report->comparison;
	fill(report);
	report->comparison = NULL;
	ck_assert_int_eq(nv_report_compute(report, NULL, NULL), NV_OK);
	report->comparison = comparison;
	return report;
}

START_TEST(test_memory_may_end_anywhere)
{
	int code = NV_E_MEMORY;
	for (long n = 0; code != NV_OK; n++) {
		nv_report *report = almost();
		faulty_on(n);
		code = nv_comparison_compute(report, NULL, NULL);
		nv_set_allocator(NULL);
		ck_assert(code == NV_OK || code == NV_E_MEMORY);
		nv_report_destroy(report);
		ck_assert_int_lt(n, 2000);
	}
}
END_TEST

static int stop(void *user, const char *phase, uint64_t done, uint64_t total)
{
	(void)user;
	(void)done;
	(void)total;
	return strcmp(phase, "bootstrap") == 0;
}

START_TEST(test_cancelled)
{
	const nv_progress progress = {stop, NULL};
	nv_ticker ticker;
	nv_report *report = almost();
	nv_ticker_init(&ticker, &progress, "bootstrap", 100);
	ticker.next_ns = 0;
	ck_assert_int_eq(nv_comparison_compute(report, &ticker, NULL), NV_E_CANCELLED);
	nv_report_destroy(report);
}
END_TEST

static Suite *compare_suite(void)
{
	Suite *suite = suite_create("compare");
	NV_CASE(suite, "Core", test_reference, test_partings, test_conclusions, test_text, test_json, test_html, test_predictions,
	        test_shared_labels);
	NV_CASE(suite, "Limits", test_same_for_any_threads, test_no_draws, test_unlabelled_task, test_at_most_fifty_are_listed);
	NV_CASE(suite, "Errors", test_no_shared_task, test_memory_may_end_anywhere, test_cancelled);
	return suite;
}

NV_CHECK_MAIN(compare_suite)
