/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/bad/records holds inputs with something wrong; expected.list beside them says what each comes to. With NV_UPDATE in
 * the environment that list is written anew.
 */
#include "data/record.h"

#include "base/file.h"
#include "check_main.h"
#include "data/json_string.h"
#include "faulty_alloc.h"

#include <stdio.h>
#include <string.h>

#define BAD_RECORDS "tests/bad/records"

typedef struct reading {
	nv_input_options options;
	nv_schema *schema;
	nv_record_reader *reader;
	nv_block block;
	nv_batch batch;
} reading;

static const char schema_json[] =
	"{\"tasks\": [{\"name\": \"topics\", \"kind\": \"multilabel\", \"field\": \"topics\"},"
	"{\"name\": \"ai\", \"kind\": \"stance\", \"field\": \"stance.ai\", \"where\": {\"target\": \"AI\"}},"
	"{\"name\": \"label\", \"kind\": \"multiclass\", \"field\": \"label\"}]}";

static void begin(reading *r, const char *renames)
{
	memset(r, 0, sizeof *r);
	nv_option_defaults(nv_input_rows, nv_n_input_rows, &r->options);
	snprintf(r->options.field, sizeof r->options.field, "%s", renames);
	ck_assert_int_eq(nv_schema_parse(&r->schema, nv_str_of(schema_json), "test", NULL), NV_OK);
	nv_block_init(&r->block);
	nv_batch_init(&r->batch);
	r->block.path = "in";
	r->block.line = r->block.column = 1;
}

static void parse(reading *r, nv_format format, const char *text)
{
	static const char *const extra[] = {"writer", "source"};
	ck_assert_int_eq(nv_record_reader_new(&r->reader, &r->options, r->schema, extra, 2, NULL), NV_OK);
	r->block.format = format;
	nv_buf_add_str(&r->block.bytes, text);
	ck_assert_int_eq(nv_record_parse(r->reader, &r->block, &r->batch, NULL), NV_OK);
}

static void end(reading *r)
{
	nv_batch_release(&r->batch);
	nv_block_release(&r->block);
	nv_record_reader_free(r->reader);
	nv_schema_free(r->schema);
}

static void check_str(nv_str s, const char *text)
{
	ck_assert_msg(nv_str_is(s, text), "\"%.*s\" is not \"%s\"", (int)s.len, s.ptr, text);
}

START_TEST(all_basic_fields)
{
	reading r;
	begin(&r, "");
	parse(&r, NV_FORMAT_JSONL, "{\"id\": 007, \"text\": \"x\"}\n{\"id\": 12345678901234567890, \"title\": \"T\", \"text\": "
	      "\"B\\n\\u00e9\", \"date\": 2020, \"source\": null}\n{\"text\": \"b\"}");
	ck_assert_uint_eq(r.batch.n, 2);
	ck_assert_uint_eq(r.batch.n_bad, 1);
	const nv_article *a = r.batch.article;
	check_str(a->id, "12345678901234567890");
	check_str(a->title, "T");
	check_str(a->text, "B\n\xC3\xA9");
	check_str(a->date, "2020");
	check_str(a->source, "");
	ck_assert_uint_eq(a->line, 2);
	check_str(a[1].id, "in:3");
	end(&r);
}
END_TEST

START_TEST(label_fields_nested_and_flat)
{
	reading r;
	begin(&r, "");
	parse(&r, NV_FORMAT_JSONL,
	      "{\"text\":\"a\",\"topics\":[\"x\",\"\\u0079\"],\"stance\":{\"other\":1,\"ai\":\"favor\"},\"writer\":7,\"source\":\"S\"}\n"
	      "{\"text\":\"a\",\"topics\":[],\"stance.ai\":\"none\",\"label\":[\"a\",1]}\n"
	      "{\"text\":\"a\",\"stance\":{},\"label\":null,\"topics\":\"one\"}");
	ck_assert_uint_eq(r.batch.n, 3);
	const nv_article *a = r.batch.article;
	const nv_field *topics = nv_article_field(&a[0], "topics"), *writer = nv_article_field(&a[0], "writer");
	ck_assert(topics && topics->kind == NV_FIELD_LIST && topics->n_value == 2);
	check_str(topics->value[1], "y");
	check_str(nv_article_field(&a[0], "stance.ai")->value[0], "favor");
	check_str(nv_article_field(&a[0], "source")->value[0], "S");
	ck_assert(writer && writer->kind == NV_FIELD_OTHER && writer->n_value == 1);
	check_str(writer->value[0], "7");
	ck_assert_uint_eq(nv_article_field(&a[1], "topics")->n_value, 0);
	check_str(nv_article_field(&a[1], "stance.ai")->value[0], "none");
	ck_assert_int_eq(nv_article_field(&a[1], "label")->kind, NV_FIELD_OTHER);
	ck_assert_ptr_null(nv_article_field(&a[2], "stance.ai"));
	ck_assert_ptr_null(nv_article_field(&a[2], "label"));
	ck_assert_int_eq(nv_article_field(&a[2], "topics")->kind, NV_FIELD_STRING);
	end(&r);
}
END_TEST

START_TEST(a_field_that_stands_twice_is_told)
{
	reading r;
	begin(&r, "");
	parse(&r, NV_FORMAT_JSONL,
	      "{\"text\":\"a\",\"topics\":[],\"topics\":[\"x\"]}\n"
	      "{\"text\":\"a\",\"stance\":{\"ai\":\"favor\"},\"stance\":{}}\n"
	      "{\"text\":\"a\",\"stance.ai\":\"favor\",\"stance\":{\"ai\":\"against\"}}\n"
	      "{\"text\":\"a\",\"stance\":{\"x\":1},\"x\":2,\"x\":3}");
	ck_assert_uint_eq(r.batch.n, 1);
	ck_assert_uint_eq(r.batch.n_bad, 3);
	ck_assert_str_eq(r.batch.bad[0].message, "field \"topics\" stands twice");
	ck_assert_uint_eq(r.batch.bad[0].line, 1);
	ck_assert_uint_eq(r.batch.bad[0].byte, 34);
	ck_assert_str_eq(r.batch.bad[1].message, "field \"stance\" stands twice");
	ck_assert_uint_eq(r.batch.bad[2].line, 3);
	end(&r);
}
END_TEST

START_TEST(fields_are_renamed)
{
	reading r;
	begin(&r, "text=body,id=meta.doc_id,topics=tags");
	parse(&r, NV_FORMAT_JSONL, "{\"body\":\"B\",\"text\":\"no\",\"meta\":{\"doc_id\":5},\"tags\":[\"x\"]}\n{\"body\":1}");
	ck_assert_uint_eq(r.batch.n, 1);
	check_str(r.batch.article->text, "B");
	check_str(r.batch.article->id, "5");
	check_str(nv_article_field(r.batch.article, "topics")->value[0], "x");
	ck_assert_str_eq(r.batch.bad[0].message, "field \"body\": expected a string");
	end(&r);
}
END_TEST

START_TEST(elements_have_their_own_lines)
{
	reading r;
	begin(&r, "");
	r.block.line = 4;
	r.block.column = 10;
	parse(&r, NV_FORMAT_JSON, " {\"text\":\"a\"},{\"text\":tru},\n\n{\n\"text\":\"b\"\n} , {\"text\":\"c,]}\\\"\"}\n");
	ck_assert_uint_eq(r.batch.n, 3);
	ck_assert_uint_eq(r.batch.article[0].line, 4);
	ck_assert_uint_eq(r.batch.article[1].line, 6);
	ck_assert_uint_eq(r.batch.article[2].line, 8);
	ck_assert_uint_eq(r.batch.n_bad, 1);
	ck_assert_uint_eq(r.batch.bad[0].before, 1);
	ck_assert_uint_eq(r.batch.bad[0].line, 4);
	ck_assert_uint_eq(r.batch.bad[0].byte, 32);
	end(&r);
}
END_TEST

START_TEST(text_file_with_label_of_its_folder)
{
	reading r;
	begin(&r, "");
	r.options.labels_from_folders = true;
	r.block.path = "corpus/sci.space/53000.txt";
	parse(&r, NV_FORMAT_TXT, "\r\n The title \r\n\r\nBody\r\nmore\n");
	ck_assert_uint_eq(r.batch.n, 1);
	check_str(r.batch.article->title, "The title");
	check_str(r.batch.article->text, "Body\r\nmore");
	check_str(nv_article_field(r.batch.article, "label")->value[0], "sci.space");
	check_str(nv_article_field(r.batch.article, "topics")->value[0], "sci.space");
	ck_assert_ptr_null(nv_article_field(r.batch.article, "stance.ai"));
	end(&r);
}
END_TEST

START_TEST(columns_of_a_table)
{
	reading r;
	begin(&r, "text=body");
	nv_buf_add_str(&r.block.header, "id,\"body\", topics ,stance.ai,label,writer,other\r");
	r.block.header_first = true;
	r.block.header_line = 1;
	r.block.delimiter = ',';
	r.block.line = 2;
	parse(&r, NV_FORMAT_CSV, "007,\"a \"\"b\"\"\nc\",x | y,favor,,7,\r\n,t,,,sport,,\n");
	ck_assert_uint_eq(r.batch.n, 2);
	const nv_article *a = r.batch.article;
	check_str(a->id, "007");
	check_str(a->text, "a \"b\"\nc");
	const nv_field *topics = nv_article_field(a, "topics");
	ck_assert(topics && topics->kind == NV_FIELD_LIST && topics->n_value == 2);
	check_str(topics->value[0], "x");
	check_str(topics->value[1], "y");
	check_str(nv_article_field(a, "stance.ai")->value[0], "favor");
	check_str(nv_article_field(a, "writer")->value[0], "7");
	ck_assert_ptr_null(nv_article_field(a, "label"));
	check_str(a[1].id, "in:4");
	ck_assert_uint_eq(nv_article_field(&a[1], "topics")->n_value, 0);
	ck_assert_ptr_null(nv_article_field(&a[1], "stance.ai"));
	ck_assert_int_eq(nv_article_field(&a[1], "label")->kind, NV_FIELD_STRING);
	end(&r);
}
END_TEST

START_TEST(boilerplate_goes_when_asked)
{
	reading r;
	begin(&r, "");
	r.options.strip_boilerplate = true;
	parse(&r, NV_FORMAT_JSONL, "{\"title\":\"T\",\"text\":\"Body.\\nAdvertisement\\nMore.\"}");
	check_str(r.batch.article->text, "Body.\nMore.");
	end(&r);
}
END_TEST

START_TEST(finders_agree_at_every_place)
{
	char text[80];
	const char specials[] = {'"', '\\', 0, 1, 0x1F, 'a', ' ', (char)0x80, (char)0xFF};
	for (size_t k = 0; k < sizeof specials; k++) {
		for (size_t at = 0; at < 70; at++) {
			memset(text, (char)0xA0, sizeof text);
			text[at] = specials[k];
			const char *want = k < 5 ? text + at : text + 75;
			ck_assert_ptr_eq(nv_find_special(text, text + 75), want);
			ck_assert_ptr_eq(nv_find_special_portable(text, text + 75), want);
		}
	}
}
END_TEST

START_TEST(every_escape_is_decoded)
{
	const char raw[] = "\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\uD83D\\uDE00\\ud800x\\udc00\\uD800\\uD83D\\uDE00 long enough to be copied";
	const char want[] = "\"\\/\b\f\n\r\tA\xF0\x9F\x98\x80\xEF\xBF\xBDx\xEF\xBF\xBD\xEF\xBF\xBD\xF0\x9F\x98\x80 long enough to be copied";
	char out[sizeof raw];
	size_t len = nv_pull_decode((nv_str){raw, sizeof raw - 1}, out);
	ck_assert_uint_eq(len, sizeof want - 1);
	ck_assert_mem_eq(out, want, len);
}
END_TEST

START_TEST(every_prefix_of_a_record_is_bad)
{
	const char whole[] = "{\"text\":\"a\\u00e9\",\"topics\":[\"x\",[1.5e-3,true]],\"n\":{\"k\":null}}";
	for (size_t len = 1; len + 1 < sizeof whole; len++) {
		char part[sizeof whole] = {0};
		reading r;
		memcpy(part, whole, len);
		begin(&r, "");
		parse(&r, NV_FORMAT_JSONL, part);
		ck_assert_uint_eq(r.batch.n, 0);
		ck_assert_uint_eq(r.batch.n_bad, 1);
		end(&r);
	}
}
END_TEST

/* ---- tests/bad/records ---- */

static void print_bad(nv_buf *out, const nv_bad *bad)
{
	nv_error err;
	char text[1200];
	nv_bad_to_error(bad, &err);
	nv_buf_addf(out, "BAD %s\n", nv_error_format(&err, text, sizeof text) + sizeof BAD_RECORDS);
}

static void print_batch(nv_buf *out, const nv_batch *batch)
{
	size_t k = 0;
	for (size_t i = 0; i <= batch->n; i++) {
		while (k < batch->n_bad && batch->bad[k].before == i)
			print_bad(out, &batch->bad[k++]);
		if (i < batch->n)
			nv_buf_addf(out, "OK %s:%llu %zu+%zu\n", batch->article[i].path + sizeof BAD_RECORDS,
			            (unsigned long long)batch->article[i].line, batch->article[i].title.len,
			            batch->article[i].text.len);
	}
	if (batch->ill_formed)
		nv_buf_addf(out, "ill-formed bytes: %llu\n", (unsigned long long)batch->ill_formed);
}

static int read_all(nv_buf *out, nv_error *err)
{
	static const char *const paths[] = {BAD_RECORDS};
	nv_input_options options;
	nv_source *source = NULL;
	nv_record_reader *reader = NULL;
	nv_block block;
	nv_batch batch;
	memset(&options, 0, sizeof options);
	nv_option_defaults(nv_input_rows, nv_n_input_rows, &options);
	options.max_record = 1200;
	nv_block_init(&block);
	nv_batch_init(&batch);
	int code = nv_source_open(&source, paths, 1, &options, err);
	if (code == NV_OK)
		code = nv_record_reader_new(&reader, &options, NULL, NULL, 0, err);
	while (code == NV_OK && (code = nv_source_next(source, &block, err)) == 1) {
		code = nv_record_parse(reader, &block, &batch, err);
		if (code == NV_OK)
			print_batch(out, &batch);
	}
	nv_batch_release(&batch);
	nv_block_release(&block);
	nv_record_reader_free(reader);
	nv_source_close(source);
	return code;
}

static void update(const nv_buf *out)
{
	FILE *file = getenv("NV_UPDATE") ? fopen(BAD_RECORDS "/expected.list", "wb") : NULL;
	if (file) {
		fwrite(out->ptr, 1, out->len, file);
		fclose(file);
	}
}

START_TEST(bad_records_come_to_what_is_listed)
{
	nv_buf out = NV_BUF_INIT, want = NV_BUF_INIT;
	ck_assert_int_eq(read_all(&out, NULL), 0);
	update(&out);
	ck_assert_int_eq(nv_file_read(BAD_RECORDS "/expected.list", 1 << 20, &want, NULL), NV_OK);
	size_t same = 0, start = 0;
	while (same < out.len && same < want.len && out.ptr[same] == want.ptr[same]) {
		if (out.ptr[same++] == '\n')
			start = same;
	}
	ck_assert_msg(same == out.len && same == want.len, "differs from expected.list at: %.200s", nv_buf_cstr(&out) + start);
	nv_buf_release(&out);
	nv_buf_release(&want);
}
END_TEST

START_TEST(memory_may_end_anywhere)
{
	int code = NV_E_MEMORY;
	for (long n = 0; code == NV_E_MEMORY; n += n < 200 ? 1 : 7) {
		nv_buf out = NV_BUF_INIT;
		nv_error err = {0};
		ck_assert_int_lt(n, 100000);
		faulty_on(n);
		code = read_all(&out, &err);
		nv_buf_release(&out);
		ck_assert_int_eq(faulty_off(), 0);
		ck_assert_int_eq(err.code, code);
	}
	ck_assert_int_eq(code, NV_OK);
}
END_TEST

START_TEST(wrong_renames_are_told)
{
	static const char *const wrong[] = {"text", "text=", "=body", "text=a,,id=b", "txet=body"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		reading r;
		nv_error err = {0};
		begin(&r, wrong[i]);
		ck_assert_int_eq(nv_record_reader_new(&r.reader, &r.options, r.schema, NULL, 0, &err), NV_E_USAGE);
		ck_assert_ptr_nonnull(strstr(err.message, "--field"));
		end(&r);
	}
}
END_TEST

static Suite *record_suite(void)
{
	Suite *suite = suite_create("record");
	NV_CASE(suite, "Core", all_basic_fields, label_fields_nested_and_flat, fields_are_renamed, elements_have_their_own_lines,
	        text_file_with_label_of_its_folder, columns_of_a_table, boilerplate_goes_when_asked);
	NV_CASE(suite, "Limits", finders_agree_at_every_place, every_escape_is_decoded);
	NV_CASE(suite, "Errors", a_field_that_stands_twice_is_told, every_prefix_of_a_record_is_bad, bad_records_come_to_what_is_listed, memory_may_end_anywhere,
	        wrong_renames_are_told);
	return suite;
}

NV_CHECK_MAIN(record_suite)
