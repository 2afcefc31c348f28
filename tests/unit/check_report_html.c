/* SPDX-License-Identifier: Apache-2.0 */
#include "json_at.h"
#include "small_predictions.h"

#include "eval/cases.h"
#include "eval/curves.h"
#include "eval/html.h"
#include "eval/report_html.h"

#include <math.h>
#include <string.h>

static const char tasks[] =
    "{\"name\": \"<b>&\\\"name\", \"tasks\": [{\"name\": \"topic\", \"kind\": \"multiclass\", \"field\": \"topic\", \"labels\": [\"a\", \"b\", "
    "{\"id\": \"c\", \"title\": \"<img src=x onerror=alert(1)>\"}]},"
    "{\"name\": \"view\", \"kind\": \"stance\", \"field\": \"view\"},"
    "{\"name\": \"tags\", \"kind\": \"multilabel\", \"field\": \"tags\", \"labels\": [\"x\", \"y\"]}]}";

static const char hostile[] = "</script><script>alert('t')</script> \"q\" & \xE2\x80\xAE\xE2\x80\xA8 \x01 \xFF end";

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

static nv_report *new_report(const char *schema_json)
{
	nv_schema *schema = small_schema(schema_json);
	nv_report *report = NULL;
	nv_eval_options o;
	nv_option_defaults(nv_eval_rows, nv_n_eval_rows, &o);
	o.draws = 20;
	o.threads = 1;
	ck_assert_int_eq(nv_report_new(&report, schema, &o, NULL), NV_OK);
	nv_schema_free(schema);
	return report;
}

static void add_hostile(nv_predictions *predictions, uint32_t *index)
{
	nv_article article = {.id = nv_str_of(hostile), .title = nv_str_of(hostile), .text = nv_str_of(hostile),
	                      .source = nv_str_of(hostile), .date = nv_str_of(hostile)};
	ck_assert_int_eq(nv_predictions_add_article(predictions, &article, index, NULL), NV_OK);
}

/* n articles with hostile texts: topic right in three of four, else "a" with p rising; an unknown gold label in the last. */
static nv_report *make_report(size_t n)
{
	nv_report *report = new_report(tasks);
	nv_predictions *predictions = &report->predictions;
	const uint8_t gold[] = {1, 1}, chosen[] = {1, 0};
	const double p[] = {0.9, 0.2};
	for (size_t i = 0; i < n; i++) {
		uint32_t article;
		bool last = i + 1 == n;
		add_hostile(predictions, &article);
		add_answer(predictions, 0, article, last ? 3 : i % 4 == 3 ? 1 : i % 3, i % 4 == 3 ? 0 : i % 3, 0.5 + 0.4 * (double)i / (double)n);
		if (last)
			ck_assert_int_eq(nv_predictions_add_unknown(predictions, 0, article, nv_str_of("<u>"), NULL), NV_OK);
		add_answer(predictions, 1, article, i % 3, i % 2 ? NV_FAVOR : NV_AGAINST, 0.6);
		ck_assert_int_eq(nv_predictions_add(predictions, 2, article, gold, chosen, p, p, NULL), NV_OK);
	}
	ck_assert_int_eq(nv_report_compute(report, NULL, NULL), NV_OK);
	return report;
}

static void write_page(const nv_report *report, nv_buf *out)
{
	ck_assert_int_eq(nv_report_write_html(report, &(nv_sink){take, out}, NULL), NV_OK);
	nv_buf_cstr(out);
}

static size_t occurrences(const char *text, const char *what)
{
	size_t n = 0;
	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

/* The JSON between the data island's tags; *root to be freed. */
static void read_island(const nv_buf *page, nv_json **root)
{
	const char open[] = "<script type=\"application/json\" id=\"data\">";
	const char *from = strstr(page->ptr, open);
	ck_assert_ptr_nonnull(from);
	from += strlen(open);
	const char *to = strstr(from, "</script>");
	nv_error err = {0};
	ck_assert_msg(nv_json_parse(root, (nv_str){from, (size_t)(to - from)}, "island", &err) == NV_OK, "%s", err.message);
}

START_TEST(test_text)
{
	nv_buf out = NV_BUF_INIT;
	nv_html_text(&out, nv_str_of("<a href='x'>&\"\n\x02\xFF\xC3\xA9"));
	ck_assert_str_eq(nv_buf_cstr(&out), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;\n\uFFFD\uFFFD\u00E9");
	nv_buf_clear(&out);
	nv_html_island(&out, nv_str_of("[\"</script>&\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA\"]"));
	ck_assert_str_eq(nv_buf_cstr(&out), "[\"\\u003c/script\\u003e\\u0026\\u2028\\u2029\xE2\x80\xAA\"]");
	nv_buf_clear(&out);
	nv_html_count(&out, 1002003);
	nv_buf_add_char(&out, ' ');
	nv_html_number(&out, -0.125, 2);
	nv_buf_add_char(&out, ' ');
	nv_html_number(&out, NAN, 2);
	nv_buf_add_char(&out, ' ');
	nv_html_number(&out, 0.9999, 2);
	nv_buf_add_char(&out, ' ');
	nv_html_number(&out, -0.001, 2);
	ck_assert_str_eq(nv_buf_cstr(&out), "1,002,003 \u22120.13 n/a 1.00 0.00");
	ck_assert_uint_eq(nv_html_cut(nv_str_of("a\u00E9"), 2).len, 1);
	ck_assert_uint_eq(nv_html_cut(nv_str_of("a\u00E9"), 3).len, 3);
	nv_buf_release(&out);
}
END_TEST

START_TEST(test_page)
{
	nv_report *report = make_report(60);
	nv_buf out = NV_BUF_INIT, again = NV_BUF_INIT;
	write_page(report, &out);
	ck_assert_ptr_null(strstr(out.ptr, "{{"));
	ck_assert_ptr_null(strstr(out.ptr, "<script>alert"));
	ck_assert_ptr_null(strstr(out.ptr, "<img"));
	ck_assert_ptr_null(strstr(out.ptr, "<u>"));
	ck_assert_ptr_null(strstr(out.ptr, "http://www.w3.org/1999"));
	ck_assert_uint_eq(occurrences(out.ptr, "</script>"), 2);
	ck_assert_uint_eq(occurrences(out.ptr, "</html>"), 1);
	ck_assert_ptr_nonnull(strstr(out.ptr, "<h1>&lt;b&gt;&amp;&quot;name</h1>"));
	ck_assert_ptr_nonnull(strstr(out.ptr, "script-src 'sha256-"));
	ck_assert_ptr_nonnull(strstr(out.ptr, "default-src 'none'"));
	ck_assert_uint_eq(occurrences(out.ptr, "class=\"square\""), 2);
	ck_assert_uint_eq(occurrences(out.ptr, "data-chart=\"scores\""), 1);
	ck_assert_ptr_nonnull(strstr(out.ptr, "likely label error"));
	write_page(report, &again);
	ck_assert(again.len == out.len && memcmp(again.ptr, out.ptr, out.len) == 0);
	nv_buf_release(&again);
	nv_buf_release(&out);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_island)
{
	nv_report *report = make_report(60);
	nv_buf out = NV_BUF_INIT;
	nv_json *root = NULL;
	write_page(report, &out);
	read_island(&out, &root);
	const nv_json *articles = nv_json_member(root, "articles"), *task = json_at(nv_json_member(root, "tasks"), 0);
	ck_assert_uint_eq(nv_json_size(articles), 60);
	ck_assert_ptr_nonnull(strstr(nv_json_string(json_at(json_at(articles, 0), 1)), "</script><script>alert('t')</script> \"q\" & "));
	ck_assert_uint_eq(nv_json_size(nv_json_member(task, "labels")), 3);
	ck_assert_uint_eq(nv_json_size(nv_json_member(json_at(nv_json_member(task, "labels"), 0), "tp")), NV_N_THRESHOLD);
	ck_assert_uint_eq(nv_json_size(nv_json_member(task, "axis")), 4);
	/* Gold b, chosen a: every fourth article but the last one, the surest first. */
	const nv_json *cell = nv_json_member(nv_json_member(task, "cells"), "4");
	ck_assert_uint_eq(nv_json_size(cell), report->task[0].matrix[4]);
	ck_assert_double_eq_tol(nv_json_number(json_at(json_at(cell, 0), 1)), 0.5 + 0.4 * 55 / 60, 0.005);
	nv_json_free(root);
	nv_buf_release(&out);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_curve)
{
	nv_report *report = new_report("{\"tasks\": [{\"name\": \"t\", \"kind\": \"multilabel\", \"field\": \"t\", \"labels\": [\"x\"]}]}");
	nv_predictions *predictions = &report->predictions;
	const double p[] = {0.9, 0.8, 0.8, 0.3};
	const uint8_t gold[] = {1, 0, 1, 1}, chosen[] = {1, 1, 1, 0};
	nv_label_curve curve;
	for (size_t i = 0; i < 4; i++)
		ck_assert_int_eq(nv_predictions_add(predictions, 0, add_article(predictions, "id", "", ""), &gold[i], &chosen[i], &p[i], &p[i],
		                                    NULL), NV_OK);
	ck_assert_int_eq(nv_label_curve_compute(&curve, &predictions->task[0], 0, NULL), NV_OK);
	ck_assert_uint_eq(curve.positive, 3);
	ck_assert(curve.tp[0] == 3 && curve.fp[0] == 1 && curve.tp[50] == 2 && curve.fp[50] == 1 && curve.tp[100] == 0);
	ck_assert(curve.tp[85] == 1 && curve.fp[85] == 0);
	ck_assert_uint_eq(curve.n_point, 3);
	ck_assert_double_eq_tol(curve.precision[1], 2.0 / 3, 1e-12);
	ck_assert_double_eq_tol(curve.recall[2], 1, 1e-12);
	ck_assert_double_eq(curve.threshold, 0.5);
	nv_keep_curve keep;
	const uint8_t right[] = {1, 0, 1, 0};
	ck_assert_int_eq(nv_keep_curve_compute(&keep, NV_MULTILABEL, &predictions->task[0], right, NULL), NV_OK);
	ck_assert(keep.kept[0] == 1 && keep.right[0] == 1 && keep.kept[49] == 4 && keep.right[49] == 2);
	ck_assert_double_eq_tol(keep.certainty[49], 0.7, 1e-12);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_score_bins)
{
	nv_report *report = make_report(6);
	nv_score_bins bins;
	uint32_t sum = 0;
	nv_score_bins_compute(&bins, &report->predictions.task[1]);
	for (size_t b = 0; b < NV_N_SCORE_BIN; b++)
		sum += bins.n[NV_FAVOR][b] + bins.n[NV_NONE][b] + bins.n[NV_AGAINST][b];
	ck_assert_uint_eq(sum, 6);
	/* Gold favor in articles 0 and 3: said against, then favor, with 0.6 against 0.2. */
	ck_assert(bins.n[NV_FAVOR][6] + bins.n[NV_FAVOR][5] == 1 && bins.n[NV_FAVOR][13] + bins.n[NV_FAVOR][14] == 1);
	ck_assert_double_eq_tol(bins.mean[NV_FAVOR], 0, 1e-12);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_predictions)
{
	nv_report *report = make_report(3);
	nv_buf out = NV_BUF_INIT;
	nv_json *root = NULL;
	ck_assert_int_eq(nv_report_write_predictions(report, &(nv_sink){take, &out}, NULL), NV_OK);
	ck_assert_uint_eq(occurrences(nv_buf_cstr(&out), "\n"), 3);
	const char *line = strchr(strchr(out.ptr, '\n') + 1, '\n') + 1;
	ck_assert_int_eq(nv_json_parse(&root, nv_str_of(line), "line", NULL), NV_OK);
	const nv_json *all = nv_json_member(root, "tasks"), *topic = nv_json_member(all, "topic"), *tags = nv_json_member(all, "tags");
	ck_assert_str_eq(nv_json_string(nv_json_member(topic, "gold")), "<u>");
	ck_assert_str_eq(nv_json_string(nv_json_member(topic, "predicted")), "c");
	ck_assert_uint_eq(nv_json_size(nv_json_member(tags, "gold")), 2);
	ck_assert_str_eq(nv_json_string(json_at(nv_json_member(tags, "predicted"), 0)), "x");
	ck_assert_double_eq(nv_json_number(nv_json_member(nv_json_member(tags, "p"), "y")), 0.2);
	ck_assert_ptr_null(nv_json_member(root, "fold"));
	nv_json_free(root);
	nv_buf_release(&out);
	nv_report_destroy(report);
}
END_TEST

/* Many articles with long texts: cells list few, and the page stays within its bound. */
START_TEST(test_size)
{
	enum { ARTICLES = 20000, LONG = 4000 };
	nv_report *report = new_report(tasks);
	nv_predictions *predictions = &report->predictions;
	char *text = malloc(LONG);
	ck_assert_ptr_nonnull(text);
	memset(text, '<', LONG);
	for (size_t i = 0; i < ARTICLES; i++) {
		nv_article article = {.id = {text, LONG}, .title = {text, LONG}, .text = {text, LONG}, .source = {text, LONG}};
		uint32_t index;
		ck_assert_int_eq(nv_predictions_add_article(predictions, &article, &index, NULL), NV_OK);
		add_answer(predictions, 0, index, i % 3, i % 7 % 3, 0.5 + 0.4 * (double)i / ARTICLES);
		add_answer(predictions, 1, index, i % 3, i % 5 % 3, 0.7);
	}
	ck_assert_int_eq(nv_report_compute(report, NULL, NULL), NV_OK);
	nv_buf out = NV_BUF_INIT;
	write_page(report, &out);
	ck_assert_msg(out.len < 5000000, "%zu bytes", out.len);
	nv_json *root = NULL;
	read_island(&out, &root);
	const nv_json *cells = nv_json_member(json_at(nv_json_member(root, "tasks"), 0), "cells");
	ck_assert_uint_eq(nv_json_size(nv_json_member(cells, "1")), NV_CASES_A_CELL);
	nv_json_free(root);
	nv_buf_release(&out);
	free(text);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_many_labels)
{
	nv_buf schema = NV_BUF_INIT, out = NV_BUF_INIT;
	nv_buf_add_str(&schema, "{\"tasks\": [{\"name\": \"t\", \"kind\": \"multiclass\", \"field\": \"t\", \"labels\": [");
	for (int l = 0; l < 60; l++)
		nv_buf_addf(&schema, "%s\"l%d\"", l ? ", " : "", l);
	nv_buf_add_str(&schema, "]}]}");
	nv_report *report = new_report(nv_buf_cstr(&schema));
	for (size_t i = 0; i < 200; i++) {
		uint8_t gold[60] = {0}, chosen[60] = {0};
		double p[60] = {0};
		gold[i % 60] = 1;
		chosen[i % 7] = 1;
		p[i % 7] = 0.9;
		ck_assert_int_eq(nv_predictions_add(&report->predictions, 0, add_article(&report->predictions, "id", "", ""), gold, chosen, p, p,
		                                    NULL), NV_OK);
	}
	ck_assert_int_eq(nv_report_compute(report, NULL, NULL), NV_OK);
	write_page(report, &out);
	ck_assert_ptr_nonnull(strstr(out.ptr, "Too many labels for a heat map"));
	ck_assert_ptr_null(strstr(out.ptr, "<td class=\"wrong"));
	nv_buf_release(&out);
	nv_buf_release(&schema);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_unlabelled_task)
{
	nv_report *report = new_report(tasks);
	nv_buf out = NV_BUF_INIT;
	add_answer(&report->predictions, 0, add_article(&report->predictions, "id", "", ""), 2, 1, 0.5);
	ck_assert_int_eq(nv_report_compute(report, NULL, NULL), NV_OK);
	write_page(report, &out);
	ck_assert_uint_eq(occurrences(out.ptr, "No article is labelled for this task."), 4);
	nv_buf_release(&out);
	nv_report_destroy(report);
}
END_TEST

START_TEST(test_errors)
{
	nv_report *report = make_report(4);
	nv_error err = {0};
	ck_assert_int_eq(nv_report_write_html(report, &(nv_sink){refuse, NULL}, &err), NV_E_IO);
	nv_error_clear(&err);
	ck_assert_int_eq(nv_report_write_predictions(report, &(nv_sink){refuse, NULL}, &err), NV_E_IO);
	nv_error_clear(&err);
	report->run.model = nv_str_of("{\"broken\": ");
	ck_assert_int_eq(nv_report_write_html(report, &(nv_sink){refuse, NULL}, &err), NV_E_INPUT);
	nv_report_destroy(report);
}
END_TEST

static Suite *report_html_suite(void)
{
	Suite *suite = suite_create("report_html");
	NV_CASE(suite, "Core", test_text, test_page, test_island, test_curve, test_score_bins, test_predictions);
	NV_CASE(suite, "Limits", test_size, test_many_labels, test_unlabelled_task);
	NV_CASE(suite, "Errors", test_errors);
	return suite;
}

NV_CHECK_MAIN(report_html_suite)
