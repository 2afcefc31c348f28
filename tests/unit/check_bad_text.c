/* SPDX-License-Identifier: Apache-2.0
 *
 * check_bad_text.c: what scraped feeds hold, through newsvane.h: each kind is read, classified or refused as newsvane.h and SPEC.md say. The
 * model is one of tests/fixtures/desk.jsonl.
 */
#include "check_main.h"
#include "newsvane.h"
#include "scratch.h"

#include <math.h>

#define FIXTURES "tests/fixtures/"

static nv_model *model;
static nv_options *options;
static scratch dir;

static void setup(void)
{
	const char *path = FIXTURES "desk.jsonl";
	nv_schema *schema;
	nv_input *input;
	scratch_open(&dir);
	options = nv_options_new();
	ck_assert_int_eq(nv_options_set(options, "threads", "1", NULL), NV_OK);
	ck_assert_int_eq(nv_schema_open(&schema, FIXTURES "desk.json", NULL), NV_OK);
	ck_assert_int_eq(nv_input_open(&input, &path, 1, options, schema, NULL, NULL), NV_OK);
	ck_assert_int_eq(nv_train(&model, schema, options, nv_input_articles(input), NULL, NULL, NULL), NV_OK);
	nv_input_free(input);
	nv_schema_free(schema);
}

static void teardown(void)
{
	nv_model_free(model);
	nv_options_free(options);
	scratch_close(&dir);
}

typedef struct outcome {
	double p[3], coverage;
} outcome;

static outcome classify_bytes(const char *text, size_t len)
{
	const nv_article article = {.id = {"x", 1}, .text = {text, len}};
	nv_scratch *work;
	nv_result *result;
	outcome o;
	ck_assert_int_eq(nv_scratch_new(&work, model, NULL), NV_OK);
	ck_assert_int_eq(nv_result_new(&result, model, NULL), NV_OK);
	ck_assert_int_eq(nv_classify(model, &article, work, result, NULL), NV_OK);
	o.coverage = nv_result_coverage(result);
	for (size_t l = 0; l < 3; l++) {
		o.p[l] = nv_result_p(result, 0, l);
		ck_assert(o.p[l] >= 0 && o.p[l] <= 1);
	}
	nv_result_free(result);
	nv_scratch_free(work);
	return o;
}

static outcome classify(const char *text)
{
	return classify_bytes(text, strlen(text));
}

static void same(const char *a, const char *b)
{
	outcome x = classify(a), y = classify(b);
	ck_assert_msg(memcmp(x.p, y.p, sizeof x.p) == 0, "\"%s\" is not read as \"%s\"", a, b);
}

typedef struct seen {
	nv_input_stats stats;
	char first_id[200], first_bad[NV_ERROR_TEXT];
	uint64_t bad_line;
} seen;

static void note_bad(void *user, const nv_error *err)
{
	seen *s = user;
	if (s->first_bad[0])
		return;
	memcpy(s->first_bad, err->message, sizeof s->first_bad);
	s->bad_line = err->line;
}

/* Reads a file of these bytes to its end. */
static seen read_file(const char *name, const char *bytes, size_t len)
{
	seen s = {.stats = {0}};
	const nv_bad_record bad = {note_bad, &s};
	const char *path = scratch_path(&dir, name);
	nv_input *input;
	nv_article article;
	int code;
	FILE *file = fopen(path, "wb");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(nv_input_open(&input, &path, 1, options, NULL, &bad, NULL), NV_OK);
	nv_articles articles = nv_input_articles(input);
	while ((code = articles.next(articles.user, &article, NULL)) == 1)
		if (!s.first_id[0])
			snprintf(s.first_id, sizeof s.first_id, "%.*s", (int)article.id.len, article.id.ptr);
	ck_assert_int_eq(code, 0);
	s.stats = nv_input_get_stats(input);
	nv_input_free(input);
	return s;
}

static seen read_text(const char *name, const char *text)
{
	return read_file(name, text, strlen(text));
}

/* ---- Core ---- */

/* Each kind of ill-formed UTF-8 (Unicode 15, table 3-7), each maximal part as one U+FFFD. */
START_TEST(ill_formed_utf8)
{
	static const struct {
		const char *bad;
		const char *as;
		unsigned n; /* ill-formed bytes */
	} kinds[] = {
		{"\x80", "\uFFFD", 1}, /* a continuation alone */
		{"\xC3", "\uFFFD", 1}, /* cut off */
		{"\xE2\x82", "\uFFFD", 2},
		{"\xF0\x9F\x98", "\uFFFD", 3},
		{"\xC0\x80", "\uFFFD\uFFFD", 2}, /* longer than need be */
		{"\xE0\x80\x80", "\uFFFD\uFFFD\uFFFD", 3},
		{"\xF0\x80\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD", 4},
		{"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD", 3},           /* a surrogate */
		{"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD", 4}, /* above U+10FFFF */
		{"\xF5\x80", "\uFFFD\uFFFD", 2},
		{"\xFE", "\uFFFD", 1}, /* never in UTF-8 */
		{"\xFF", "\uFFFD", 1},
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		char bad[100], good[100], record[200];
		snprintf(bad, sizeof bad, "The keeper saved %s a penalty", kinds[i].bad);
		snprintf(good, sizeof good, "The keeper saved %s a penalty", kinds[i].as);
		same(bad, good);
		snprintf(record, sizeof record, "{\"text\": \"%s\"}\n", bad);
		seen s = read_text("ill.jsonl", record);
		ck_assert_uint_eq(s.stats.articles, 1);
		ck_assert_uint_eq(s.stats.ill_formed, kinds[i].n);
	}
}
END_TEST

START_TEST(nul_bytes)
{
	static const char with[] = "The keeper\0saved a penalty";
	outcome nul = classify_bytes(with, sizeof with - 1), blank = classify("The keeper saved a penalty");
	ck_assert_mem_eq(nul.p, blank.p, sizeof nul.p);
	ck_assert_uint_eq(read_text("nul.jsonl", "{\"text\": \"a\\u0000b\"}\n").stats.articles, 1);
	ck_assert_uint_eq(read_file("nul.txt", with, sizeof with - 1).stats.articles, 1);
	seen raw = read_file("raw.jsonl", "{\"text\": \"a\0b\"}\n{\"text\": \"c\"}\n", 30);
	ck_assert_uint_eq(raw.stats.articles, 1);
	ck_assert_uint_eq(raw.stats.bad_records, 1);
}
END_TEST

START_TEST(lone_surrogates_in_escapes)
{
	seen s =
		read_text("s.jsonl", "{\"text\": \"a \\ud800 b\"}\n{\"text\": \"\\udc00\"}\n{\"text\": \"\\ud83d\\ude00\"}\n");
	ck_assert_uint_eq(s.stats.articles, 3);
	ck_assert_uint_eq(s.stats.bad_records, 0);
}
END_TEST

START_TEST(marks_and_line_ends)
{
	seen s = read_text("bom.jsonl", "\xEF\xBB\xBF{\"id\": \"a\", \"text\": \"x\"}\r\n\r\n{\"text\": \"y\"}\r\n");
	ck_assert_uint_eq(s.stats.articles, 2);
	ck_assert_uint_eq(s.stats.bad_records, 0);
	ck_assert_str_eq(s.first_id, "a");
	ck_assert_str_eq(read_text("bom.json", "\xEF\xBB\xBF[{\"id\": 5, \"text\": \"x\"}]").first_id, "5");
	same("The keeper\r\nsaved\ra penalty", "The keeper\nsaved\na penalty");
}
END_TEST

/* What can't be seen changes no word. */
START_TEST(invisible_characters)
{
	same("The kee\u200Bper sa\u00ADved a pen\uFEFFalty", "The keeper saved a penalty"); /* zero width, soft hyphen */
	same("The kee\u200Dper sa\u2060ved", "The keeper saved");                           /* joiners */
	same("\u202EThe keeper\u202C saved \u2066a penalty\u2069", "The keeper saved a penalty"); /* directions */
	same("The ｋｅｅｐｅｒ saved", "The keeper saved");
}
END_TEST

START_TEST(ids)
{
	ck_assert_str_eq(read_text("n.jsonl", "{\"id\": 123456789012345678901234567890, \"text\": \"x\"}\n").first_id,
	                 "123456789012345678901234567890");
	ck_assert_str_eq(read_text("e.jsonl", "{\"id\": -1.50e+400, \"text\": \"x\"}\n").first_id, "-1.50e+400");
	seen twice = read_text("t.jsonl", "{\"id\": \"a\", \"text\": \"x\"}\n{\"id\": \"a\", \"text\": \"y\"}\n");
	ck_assert_uint_eq(twice.stats.articles, 2);
}
END_TEST

/* Nothing is known of it, and coverage says so. */
START_TEST(another_language)
{
	ck_assert_double_gt(classify("The keeper saved a penalty and the striker scored").coverage, 0.5);
	ck_assert_double_lt(classify("Ο τερματοφύλακας έσωσε το πέναλτι").coverage, 0.1);
	ck_assert_double_lt(classify("守門員撲出了點球").coverage, 0.1);
	ck_assert_double_lt(classify("أنقذ الحارس ركلة جزاء").coverage, 0.1);
}
END_TEST

/* ---- Limits ---- */

static char *repeated(const char *piece, size_t n, size_t *len)
{
	size_t size = strlen(piece);
	char *text = malloc(n * size + 64);
	ck_assert_ptr_nonnull(text);
	for (size_t i = 0; i < n; i++)
		memcpy(text + i * size, piece, size);
	*len = n * size;
	return text;
}

/* A mark may follow a letter without end; 30 of them count (data/normalize.h). */
START_TEST(flood_of_combining_marks)
{
	size_t len;
	char *flood = repeated("\u0301", 500000, &len);
	flood[0] = 'e';
	flood[1] = 'e';
	outcome o = classify_bytes(flood, len);
	ck_assert_double_eq(o.coverage, 0);
	free(flood);
}
END_TEST

START_TEST(word_of_ten_megabytes)
{
	size_t len;
	char *word = repeated("x", 10u << 20, &len);
	memcpy(word + len, " The keeper saved a penalty", 27);
	outcome o = classify_bytes(word, len + 27);
	ck_assert_double_gt(o.coverage, 0.5);
	char *letters = repeated("\u00E4", 5u << 20, &len);
	ck_assert_double_eq(classify_bytes(letters, len).coverage, 0);
	free(letters);
	free(word);
}
END_TEST

START_TEST(nesting_of_a_million)
{
	size_t open_len, close_len;
	char *open_text = repeated("[", 1000000, &open_len), *close_text = repeated("]", 1000000, &close_len);
	char *record = malloc(open_len + close_len + 100);
	ck_assert_ptr_nonnull(record);
	int head = sprintf(record, "{\"text\": \"x\", \"deep\": ");
	memcpy(record + head, open_text, open_len);
	memcpy(record + head + open_len, close_text, close_len);
	size_t len = (size_t)head + open_len + close_len;
	len += (size_t)sprintf(record + len, "}\n{\"text\": \"y\"}\n");
	seen s = read_file("deep.jsonl", record, len);
	ck_assert_uint_eq(s.stats.articles, 1);
	ck_assert_uint_eq(s.stats.bad_records, 1);
	ck_assert_uint_eq(s.bad_line, 1);
	ck_assert_msg(strstr(s.first_bad, "level"), "%s", s.first_bad);
	ck_assert_uint_eq(read_file("open.json", open_text, open_len).stats.articles, 0);
	free(record);
	free(close_text);
	free(open_text);
}
END_TEST

static void count_note(void *user, const char *text)
{
	ck_assert(strstr(text, "label"));
	++*(int *)user;
}

/* A schema of 100,000 labels, of which the articles have three: soon read, and told of in a few lines. */
START_TEST(schema_of_many_labels)
{
	char *json = malloc(2u << 20);
	size_t len = 0;
	int notes = 0;
	const char *path = FIXTURES "desk.jsonl";
	nv_schema *schema;
	nv_input *input;
	nv_model *made;
	ck_assert_ptr_nonnull(json);
	len += (size_t)sprintf(
		json, "{\"tasks\": [{\"name\": \"desk\", \"kind\": \"multiclass\", \"field\": \"desk\", \"labels\": "
			  "[\"sport\", \"weather\", \"kitchen\"");
	for (int i = 0; i < 100000; i++)
		len += (size_t)sprintf(json + len, ", \"label %d\"", i);
	len += (size_t)sprintf(json + len, "]}]}");
	ck_assert_int_eq(nv_schema_parse(&schema, (nv_str){json, len}, "schema", NULL), NV_OK);
	ck_assert_int_eq(nv_input_open(&input, &path, 1, options, schema, NULL, NULL), NV_OK);
	ck_assert_int_eq(
		nv_train(&made, schema, options, nv_input_articles(input), NULL, &(nv_notes){count_note, &notes}, NULL), NV_OK);
	ck_assert_int_eq(notes, 21);
	ck_assert_uint_eq(nv_schema_label_count(nv_model_schema(made), 0), 3);
	nv_model_free(made);
	nv_input_free(input);
	nv_schema_free(schema);
	free(json);
}
END_TEST

/* ---- Errors ---- */

START_TEST(record_over_the_limit)
{
	size_t len;
	char *line = repeated("y", 5000, &len);
	memcpy(line, "{\"text\": \"", 10);
	memcpy(line + len, "\"}\n{\"id\": \"b\", \"text\": \"x\"}\n", 28);
	ck_assert_int_eq(nv_options_set(options, "max-record", "4096", NULL), NV_OK);
	seen s = read_file("long.jsonl", line, len + 28);
	ck_assert_uint_eq(s.stats.articles, 1);
	ck_assert_uint_eq(s.stats.bad_records, 1);
	ck_assert_str_eq(s.first_bad, "record of more than 4096 bytes (--max-record)");
	ck_assert_str_eq(s.first_id, "b");
	free(line);
}
END_TEST

static void add_case(Suite *suite, const char *name, const TTest *const *test, size_t n)
{
	TCase *tcase = tcase_create(name);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	for (size_t i = 0; i < n; i++)
		tcase_add_test(tcase, test[i]);
	suite_add_tcase(suite, tcase);
}

static Suite *bad_text_suite(void)
{
	const TTest *core[] = {
		ill_formed_utf8, nul_bytes, lone_surrogates_in_escapes, marks_and_line_ends, invisible_characters, ids,
		another_language};
	const TTest *limits[] = {flood_of_combining_marks, word_of_ten_megabytes, nesting_of_a_million,
	                         schema_of_many_labels};
	const TTest *errors[] = {record_over_the_limit};
	Suite *suite = suite_create("bad_text");
	add_case(suite, "Core", core, sizeof core / sizeof *core);
	add_case(suite, "Limits", limits, sizeof limits / sizeof *limits);
	add_case(suite, "Errors", errors, sizeof errors / sizeof *errors);
	return suite;
}

NV_CHECK_MAIN(bad_text_suite)
