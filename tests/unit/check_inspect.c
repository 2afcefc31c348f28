/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "base/json.h"
#include "check_main.h"
#include "json_at.h"
#include "models/block.h"
#include "models/top.h"
#include "small_model.h"

#include <string.h>

static nv_model *model, *loaded;
static unsigned char *bytes;
static size_t len;
static nv_buf out;

static void setup(void)
{
	model = small_model();
	bytes = small_model_bytes(model, &len);
	ck_assert_int_eq(nv_model_from_buffer(&loaded, bytes, len, NULL), NV_OK);
	out = (nv_buf)NV_BUF_INIT;
}

static void teardown(void)
{
	nv_buf_release(&out);
	nv_model_free(loaded);
	nv_free_aligned(bytes);
	nv_model_free(model);
}

static void inspect(const nv_model *m, size_t k, bool json)
{
	nv_sink sink = {small_sink_write, &out};
	nv_buf_clear(&out);
	ck_assert_int_eq(nv_model_inspect(m, k, json, &sink, NULL), NV_OK);
}

/* The file without its lists of strongest terms: under another name nobody knows them. */
static void forget_kept(void)
{
	nv_file_header *header = (nv_file_header *)bytes;
	nv_file_entry *entry = (nv_file_entry *)(header + 1);
	uint32_t i = 0;
	while (strncmp(entry[i].name, "top_terms", NV_BLOCK_NAME) != 0)
		ck_assert_uint_lt(++i, header->n_block);
	memcpy(entry[i].name, "other", 6);
	header->checksum = nv_header_checksum(header, header + 1, entry[0].offset - sizeof *header);
}

static const nv_json *member(const nv_json *at, const char *a, const char *b, const char *c)
{
	const nv_json *found = nv_json_member(nv_json_member(nv_json_member(at, a), b), c);
	ck_assert_ptr_nonnull(found);
	return found;
}

/* Of topics' "money" (column 1), weights (7t + 3) mod 11 - 5, in eighths: chips -2, market 5, export 1, ban -3, shares 4, moon 0,
 * "export ban" -4, "chips market" 3. */
START_TEST(test_json)
{
	nv_json *root;
	inspect(loaded, 2, true);
	ck_assert_int_eq(nv_json_parse(&root, (nv_str){out.ptr, out.len}, "inspect", NULL), NV_OK);
	ck_assert_double_eq(nv_json_number(nv_json_member(root, "format")), NV_MODEL_VERSION);
	ck_assert_double_eq(nv_json_number(nv_json_member(root, "bytes")), (double)len);
	ck_assert_double_eq(nv_json_number(nv_json_member(nv_json_member(root, "vocabulary"), "terms")), SMALL_TERMS);
	ck_assert_double_eq(nv_json_number(member(root, "metadata", "training", "articles")), 10);
	const nv_json *money = nv_json_member(member(root, "tasks", "topics", "labels"), "money");
	const nv_json *top = nv_json_member(money, "top"), *bottom = nv_json_member(money, "bottom");
	ck_assert_uint_eq(nv_json_size(top), 2);
	ck_assert_str_eq(nv_json_string(json_at(json_at(top, 0), 0)), "market");
	ck_assert_double_eq(nv_json_number(json_at(json_at(top, 0), 1)), 0.625);
	ck_assert_str_eq(nv_json_string(json_at(json_at(top, 1), 0)), "shares");
	ck_assert_str_eq(nv_json_string(json_at(json_at(bottom, 0), 0)), "export ban");
	ck_assert_str_eq(nv_json_string(json_at(json_at(bottom, 1), 0)), "ban");
	ck_assert_double_eq(nv_json_number(nv_json_member(money, "bias")), small_bias(1));
	ck_assert_uint_gt(nv_json_size(nv_json_member(root, "blocks")), 20);
	nv_json_free(root);
}
END_TEST

START_TEST(test_text)
{
	inspect(loaded, 1, false);
	const char *text = nv_buf_cstr(&out);
	ck_assert(strstr(text, "newsvane model, format 2, "));
	ck_assert(strstr(text, "  topics: multilabel, field topics, calibration platt\n    labels: chips, money, space\n"));
	ck_assert(strstr(text, "vocabulary: 6 words, 8 terms of 1 to 2 words, from 10 articles\n"));
	ck_assert(strstr(text, "    articles: 10\n"));
	ck_assert(strstr(text, "    sources: (wire, 7)\n"));
	ck_assert(strstr(text, "  topics, money (bias -0.75)\n    for: market 0.625\n    against: export ban -0.5\n"));
}
END_TEST

/* What the file keeps is what all weights come to. */
START_TEST(test_kept_is_what_is_found)
{
	nv_model *other;
	unsigned char *copy = bytes;
	bytes = nv_alloc_aligned(len, 1);
	memcpy(bytes, copy, len);
	forget_kept();
	ck_assert_int_eq(nv_model_from_buffer(&other, bytes, len, NULL), NV_OK);
	for (size_t k = 0; k <= NV_TOP_KEPT + 1; k++) {
		inspect(loaded, k, true);
		char *kept = strdup(nv_buf_cstr(&out)), *blocks = strstr(kept, "\"blocks\"");
		inspect(other, k, true);
		ck_assert_int_eq(strncmp(kept, nv_buf_cstr(&out), (size_t)(blocks - kept)), 0);
		free(kept);
		inspect(loaded, k, false);
		kept = strdup(nv_buf_cstr(&out));
		inspect(other, k, false);
		ck_assert_str_eq(kept, nv_buf_cstr(&out));
		free(kept);
	}
	nv_model_free(other);
	nv_free_aligned(bytes);
	bytes = copy;
}
END_TEST

/* Neither weights nor texts are looked at for as many terms as are kept. */
START_TEST(test_kept_alone_is_read)
{
	const nv_sink sink = {small_sink_write, &out};
	const char *name[] = {"weight.0", "text_start"};
	for (size_t i = 0; i < 2; i++) {
		nv_model *damaged;
		nv_block_info info;
		for (size_t b = 0; nv_model_block(loaded, b, &info) && strcmp(info.name, name[i]) != 0; b++)
			continue;
		bytes[info.offset] ^= 1;
		ck_assert_int_eq(nv_model_from_buffer(&damaged, bytes, len, NULL), NV_OK);
		ck_assert_int_eq(nv_model_inspect(damaged, NV_TOP_KEPT, true, &sink, NULL), NV_OK);
		ck_assert_int_eq(nv_model_inspect(damaged, NV_TOP_KEPT + 1, true, &sink, NULL), NV_E_MODEL);
		nv_model_free(damaged);
		bytes[info.offset] ^= 1;
	}
}
END_TEST

START_TEST(test_no_terms)
{
	inspect(loaded, 0, true);
	ck_assert(!strstr(nv_buf_cstr(&out), "\"top\""));
	inspect(loaded, 0, false);
	ck_assert(!strstr(nv_buf_cstr(&out), "strongest"));
}
END_TEST

START_TEST(test_more_terms_than_there_are)
{
	inspect(loaded, 1000000, true);
	ck_assert(strstr(nv_buf_cstr(&out), "[\"chips market\",0.375]"));
}
END_TEST

START_TEST(test_trained_model)
{
	inspect(model, 1, true);
	ck_assert(strstr(nv_buf_cstr(&out), "\"bytes\":0,"));
	ck_assert(strstr(nv_buf_cstr(&out), "\"blocks\":[]"));
}
END_TEST

static int refuse(void *user, const char *text, size_t text_len)
{
	(void)user;
	(void)text;
	(void)text_len;
	return 1;
}

START_TEST(test_errors)
{
	nv_sink sink = {refuse, NULL}, good = {small_sink_write, &out};
	nv_error err = {0};
	ck_assert_int_eq(nv_model_inspect(loaded, 1, true, &sink, &err), NV_E_IO);
	nv_error_clear(&err);
	model->metadata = nv_str_of("{\"a\":");
	ck_assert_int_eq(nv_model_inspect(model, 1, true, &good, &err), NV_E_MODEL);
	nv_error_clear(&err);
	ck_assert_int_eq(nv_model_inspect(model, 1, false, &good, &err), NV_E_MODEL);
}
END_TEST

static Suite *inspect_suite(void)
{
	Suite *suite = suite_create("inspect");
	TCase *core = tcase_create("Core"), *limits = tcase_create("Limits"), *errors = tcase_create("Errors");
	TCase *all[] = {core, limits, errors};
	for (int i = 0; i < 3; i++) {
		tcase_add_checked_fixture(all[i], setup, teardown);
		suite_add_tcase(suite, all[i]);
	}
	tcase_add_test(core, test_json);
	tcase_add_test(core, test_text);
	tcase_add_test(core, test_kept_is_what_is_found);
	tcase_add_test(core, test_kept_alone_is_read);
	tcase_add_test(limits, test_no_terms);
	tcase_add_test(limits, test_more_terms_than_there_are);
	tcase_add_test(limits, test_trained_model);
	tcase_add_test(errors, test_errors);
	return suite;
}

NV_CHECK_MAIN(inspect_suite)
