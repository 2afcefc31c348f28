/* SPDX-License-Identifier: Apache-2.0 */
#include "data/schema.h"

#include "base/str.h"
#include "check_main.h"
#include "data/article.h"
#include "faulty_alloc.h"

#include <stdio.h>
#include <string.h>

#define TASK(more) "{\"tasks\": [{\"name\": \"t\", \"kind\": \"multilabel\", \"field\": \"f\"" more "}]}"
#define STANCE(more) "{\"tasks\": [{\"name\": \"t\", \"kind\": \"stance\", \"field\": \"f\"" more "}]}"
#define CLASS(more) "{\"tasks\": [{\"name\": \"t\", \"kind\": \"multiclass\", \"field\": \"f\"" more "}]}"

static nv_schema *parse(const char *json)
{
	nv_schema *schema = NULL;
	nv_error err = {0};
	ck_assert_msg(nv_schema_parse(&schema, nv_str_of(json), "test.json", &err) == NV_OK, "%s", err.message);
	return schema;
}

START_TEST(default_schema_is_the_tech_policy_one)
{
	nv_schema *schema = NULL;
	ck_assert_int_eq(nv_schema_default(&schema, NULL), NV_OK);
	ck_assert_uint_eq(nv_schema_task_count(schema), 5);
	ck_assert_str_eq(nv_schema_task_name(schema, 0), "topics");
	ck_assert_int_eq(nv_schema_task_kind(schema, 0), NV_MULTILABEL);
	ck_assert_str_eq(nv_schema_label(schema, 0, 2), "finance");
	ck_assert_str_eq(schema->task[0].label[2].title, "Finance");
	ck_assert_int_eq(nv_schema_task_kind(schema, 1), NV_STANCE);
	ck_assert_str_eq(nv_schema_label(schema, 1, NV_AGAINST), "against");
	ck_assert_uint_gt(schema->task[1].n_about, 0);
	ck_assert_ptr_null(nv_schema_label(schema, 0, 3));
	ck_assert_ptr_null(nv_schema_task_name(schema, 5));
	ck_assert_uint_eq(nv_schema_find_task(schema, "market_outlook"), 4);
	nv_schema_free(schema);
}
END_TEST

static const char *as_json(const nv_schema *schema, nv_buf *buf)
{
	nv_json_writer w;
	nv_buf_clear(buf);
	nv_json_begin(&w, buf, 0);
	nv_schema_to_json(schema, &w);
	return nv_buf_cstr(buf);
}

START_TEST(writing_and_copying_keep_all)
{
	const char *json = "{\"name\":\"n\",\"tasks\":[{\"name\":\"t\",\"kind\":\"multiclass\",\"field\":\"f.g\",\"title\":\"T\","
	                   "\"labels\":[\"a\",{\"id\":\"b\",\"title\":\"B\"}],\"where\":{\"x\":\"1\",\"y\":\"2\"},\"about\":[\"w\"]},"
	                   "{\"name\":\"u\",\"kind\":\"multilabel\",\"field\":\"f\"},"
	                   "{\"name\":\"s\",\"kind\":\"stance\",\"field\":\"f\",\"labels\":[\"favor\",\"none\",\"against\"]}]}";
	nv_buf buf = NV_BUF_INIT;
	nv_schema *schema = parse(json), *copy = NULL;
	ck_assert_str_eq(as_json(schema, &buf), json);
	ck_assert_int_eq(nv_schema_copy(&copy, schema, NULL), NV_OK);
	nv_schema_free(schema);
	ck_assert_str_eq(as_json(copy, &buf), json);
	nv_schema_free(copy);
	nv_buf_release(&buf);
}
END_TEST

START_TEST(stance_labels_have_their_order)
{
	nv_schema *schema = parse(STANCE(",\"labels\":[{\"id\":\"against\",\"title\":\"A\"},\"favor\",\"none\"]"));
	ck_assert_str_eq(nv_schema_label(schema, 0, NV_FAVOR), "favor");
	ck_assert_str_eq(schema->task[0].label[NV_AGAINST].title, "A");
	nv_schema_free(schema);
}
END_TEST

/* An article whose field "f" holds the values, and whose "target" is `target` (NULL: none). */
typedef struct made {
	nv_field field[2];
	nv_str value[4], target;
	nv_article article;
} made;

static const nv_article *make(made *m, nv_field_kind kind, const char *const *values, size_t n, const char *target)
{
	memset(m, 0, sizeof *m);
	for (size_t i = 0; i < n; i++)
		m->value[i] = nv_str_of(values[i]);
	m->target = nv_str_of(target);
	m->field[0] = (nv_field){{"f", 1}, kind, m->value, n};
	m->field[1] = (nv_field){{"target", 6}, target ? NV_FIELD_STRING : NV_FIELD_MISSING, &m->target, 1};
	m->article = (nv_article){.field = m->field, .n_field = 2, .path = "in.jsonl", .line = 7};
	return &m->article;
}

START_TEST(gold_labels_are_sorted_and_single)
{
	const char *values[] = {"c", "x", "a", "c"};
	nv_schema *schema = parse(TASK(",\"labels\":[\"a\",\"b\",\"c\"]"));
	uint32_t room[4];
	nv_gold gold = {.label = room};
	made m;
	ck_assert_int_eq(nv_gold_read(schema, 0, make(&m, NV_FIELD_LIST, values, 4, NULL), &gold, 4, NULL), NV_OK);
	ck_assert(gold.labelled && gold.n_label == 2 && room[0] == 0 && room[1] == 2);
	ck_assert_uint_eq(gold.n_unknown, 1);
	ck_assert(nv_str_is(*gold.unknown, "x"));
	ck_assert_int_eq(nv_gold_read(schema, 0, make(&m, NV_FIELD_STRING, values, 1, NULL), &gold, 4, NULL), NV_OK);
	ck_assert(gold.n_label == 1 && room[0] == 2 && gold.unknown == NULL);
	ck_assert_int_eq(nv_gold_read(schema, 0, make(&m, NV_FIELD_LIST, values, 0, NULL), &gold, 4, NULL), NV_OK);
	ck_assert(gold.labelled && gold.n_label == 0);
	ck_assert_int_eq(nv_gold_read(schema, 0, make(&m, NV_FIELD_MISSING, values, 0, NULL), &gold, 4, NULL), NV_OK);
	ck_assert(!gold.labelled);
	nv_schema_free(schema);
}
END_TEST

START_TEST(where_limits_a_task)
{
	const char *values[] = {"favor"};
	nv_schema *schema = parse(STANCE(",\"where\":{\"target\":\"Atheism\"}"));
	uint32_t room[1];
	nv_gold gold = {.label = room};
	made m;
	nv_gold_read(schema, 0, make(&m, NV_FIELD_STRING, values, 1, "Atheism"), &gold, 1, NULL);
	ck_assert(gold.labelled && room[0] == NV_FAVOR);
	nv_gold_read(schema, 0, make(&m, NV_FIELD_STRING, values, 1, "Atheis"), &gold, 1, NULL);
	ck_assert(!gold.labelled);
	ck_assert(!nv_task_applies(&schema->task[0], make(&m, NV_FIELD_STRING, values, 1, NULL)));
	nv_schema_free(schema);
}
END_TEST

START_TEST(labels_are_collected_and_sorted)
{
	nv_schema *schema = parse(CLASS(""));
	const uint32_t *place;
	uint32_t room[1];
	nv_gold gold = {.label = room};
	for (int round = 0; round < 2; round++) {
		for (int i = 999; i >= 0; i--) {
			char name[8];
			const char *values[] = {name};
			made m;
			snprintf(name, sizeof name, "l%03d", i);
			ck_assert_int_eq(nv_schema_collect(schema, 0, make(&m, NV_FIELD_STRING, values, 1, NULL), &gold, 1, NULL), NV_OK);
			ck_assert(gold.labelled && room[0] == (uint32_t)(999 - i));
		}
	}
	ck_assert_int_eq(nv_schema_freeze(schema, &place, NULL), NV_OK);
	ck_assert_uint_eq(nv_schema_label_count(schema, 0), 1000);
	ck_assert_str_eq(nv_schema_label(schema, 0, 0), "l000");
	ck_assert_uint_eq(place[0], 999);
	ck_assert_uint_eq(place[999], 0);
	nv_schema_free(schema);
}
END_TEST

START_TEST(nothing_collected_leaves_no_labels)
{
	nv_schema *schema = parse(CLASS(""));
	const uint32_t *place;
	ck_assert_int_eq(nv_schema_freeze(schema, &place, NULL), NV_OK);
	ck_assert_uint_eq(nv_schema_label_count(schema, 0), 0);
	nv_schema_free(schema);
	nv_schema_free(NULL);
	ck_assert_uint_eq(nv_schema_task_count(NULL), 0);
}
END_TEST

static void check_gold_fails(const char *json, nv_field_kind kind, const char *value, int code, const char *message)
{
	const char *values[] = {value};
	nv_schema *schema = parse(json);
	uint32_t room[1];
	nv_gold gold = {.label = room};
	nv_error err = {0};
	made m;
	ck_assert_int_eq(nv_schema_collect(schema, 0, make(&m, kind, values, 1, NULL), &gold, 1, &err), code);
	ck_assert_str_eq(err.message, message);
	ck_assert_str_eq(err.path, "in.jsonl");
	ck_assert_uint_eq(err.line, 7);
	nv_schema_free(schema);
}

START_TEST(wrong_values_are_told)
{
	check_gold_fails(CLASS(""), NV_FIELD_STRING, "a\xFF", NV_E_RECORD, "field \"f\": a label that is not UTF-8");
	check_gold_fails(CLASS(""), NV_FIELD_LIST, "a", NV_E_RECORD, "field \"f\": expected a string");
	check_gold_fails(CLASS(""), NV_FIELD_OTHER, "1", NV_E_RECORD, "field \"f\": expected a string");
	check_gold_fails(TASK(""), NV_FIELD_OTHER, "1", NV_E_RECORD, "field \"f\": expected an array of strings");
	check_gold_fails(CLASS(""), NV_FIELD_STRING, "", NV_E_RECORD, "field \"f\": an empty label, or one with a NUL character");
	check_gold_fails(STANCE(""), NV_FIELD_LIST, "favor", NV_E_RECORD, "field \"f\": expected \"favor\", \"against\" or \"none\"");
	check_gold_fails(STANCE(""), NV_FIELD_STRING, "pro", NV_E_RECORD, "field \"f\": \"pro\" is not a label of task \"t\"; its labels are favor, none, against");
	check_gold_fails(TASK(",\"labels\":[\"a\"]"), NV_FIELD_LIST, "b", NV_E_RECORD, "field \"f\": \"b\" is not a label of task \"t\"; its labels are a");
}
END_TEST

static const struct {
	const char *json, *message;
} wrong[] = {
	{"[]", "expected an object"},
	{"{}", "tasks: expected an array of tasks"},
	{"{\"tasks\": []}", "tasks: expected an array of tasks"},
	{"{\"tasks\": [1]}", "tasks[0]: expected an object"},
	{"{\"task\": []}", "task: unknown name"},
	{"{\"name\": 5, \"tasks\": []}", "name: expected a string that is not empty"},
	{"{\"tasks\": [{\"name\": \"\", \"kind\": \"stance\", \"field\": \"f\"}]}", "tasks[0].name: expected a string that is not empty"},
	{"{\"tasks\": [{\"name\": \"t\", \"kind\": \"stance\"}]}", "tasks[0].field: expected a string that is not empty"},
	{"{\"tasks\": [{\"name\": \"t\", \"kind\": \"binary\", \"field\": \"f\"}]}",
	 "tasks[0].kind: expected \"multiclass\", \"multilabel\" or \"stance\""},
	{TASK(",\"name\": \"u\""), "tasks[0].name: stands twice"},
	{TASK(",\"colour\": 1"), "tasks[0].colour: unknown name"},
	{TASK(",\"labels\": []"), "tasks[0].labels: expected an array of labels"},
	{TASK(",\"labels\": [\"a\", 1]"), "tasks[0].labels[1]: expected a string that is not empty"},
	{TASK(",\"labels\": [\"a\", {\"id\": \"a\"}]"), "tasks[0].labels[1]: \"a\" stands twice"},
	{TASK(",\"labels\": [{\"title\": \"a\"}]"), "tasks[0].labels[0].id: expected a string that is not empty"},
	{TASK(",\"labels\": [{\"id\": \"a\", \"x\": 1}]"), "tasks[0].labels[0].x: unknown name"},
	{TASK(",\"where\": []"), "tasks[0].where: expected an object"},
	{TASK(",\"where\": {\"a\": 1}"), "tasks[0].where.a: expected a string that is not empty"},
	{TASK(",\"about\": \"x\""), "tasks[0].about: expected an array of strings"},
	{TASK(",\"about\": [\"x\", null]"), "tasks[0].about[1]: expected a string that is not empty"},
	{STANCE(",\"labels\": [\"favor\", \"against\"]"),
	 "tasks[0].labels: expected favor, none and against, or no labels, in a stance task"},
	{STANCE(",\"labels\": [\"favor\", \"none\", \"against\", \"mixed\"]"),
	 "tasks[0].labels: expected favor, none and against, or no labels, in a stance task"},
	{"{\"tasks\": [{\"name\": \"t\", \"kind\": \"stance\", \"field\": \"f\"}, {\"name\": \"t\", \"kind\": \"stance\", \"field\": \"g\"}]}",
	 "tasks[1].name: \"t\" stands twice"},
};

START_TEST(wrong_schemas_are_told)
{
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		nv_schema *schema = NULL;
		nv_error err = {0};
		ck_assert_int_eq(nv_schema_parse(&schema, nv_str_of(wrong[i].json), "s.json", &err), NV_E_SCHEMA);
		ck_assert_ptr_null(schema);
		ck_assert_str_eq(err.message, wrong[i].message);
		ck_assert_str_eq(err.path, "s.json");
	}
}
END_TEST

START_TEST(text_that_is_no_json_is_told_with_its_line)
{
	nv_schema *schema = NULL;
	nv_error err = {0};
	ck_assert_int_eq(nv_schema_parse(&schema, nv_str_of("{\n\"tasks\": ["), "s.json", &err), NV_E_SCHEMA);
	ck_assert_int_eq(err.code, NV_E_SCHEMA);
	ck_assert_uint_eq(err.line, 2);
	err = (nv_error){0};
	ck_assert_int_eq(nv_schema_parse(&schema, nv_str_of(CLASS(", \"title\": \"\xFF\"")), "s.json", &err), NV_E_SCHEMA);
	ck_assert_str_eq(err.message, "not UTF-8");
	ck_assert_int_eq(nv_schema_open(&schema, "/nonexistent/schema.json", &(nv_error){0}), NV_E_INPUT);
}
END_TEST

START_TEST(memory_may_end_anywhere)
{
	int code = NV_E_MEMORY;
	for (long n = 0; code == NV_E_MEMORY; n++) {
		nv_schema *schema = NULL, *copy = NULL;
		ck_assert_int_lt(n, 10000);
		faulty_on(n);
		code = nv_schema_default(&schema, NULL);
		if (code == NV_OK)
			code = nv_schema_copy(&copy, schema, NULL);
		nv_schema_free(schema);
		nv_schema_free(copy);
		ck_assert_int_eq(faulty_off(), 0);
	}
	ck_assert_int_eq(code, NV_OK);
}
END_TEST

static Suite *schema_suite(void)
{
	Suite *suite = suite_create("schema");
	NV_CASE(suite, "Core", default_schema_is_the_tech_policy_one, writing_and_copying_keep_all, stance_labels_have_their_order,
	        gold_labels_are_sorted_and_single, where_limits_a_task, labels_are_collected_and_sorted);
	NV_CASE(suite, "Limits", nothing_collected_leaves_no_labels);
	NV_CASE(suite, "Errors", wrong_values_are_told, wrong_schemas_are_told, text_that_is_no_json_is_told_with_its_line,
	        memory_may_end_anywhere);
	return suite;
}

NV_CHECK_MAIN(schema_suite)
