/* SPDX-License-Identifier: Apache-2.0 */
#include "models/block.h"
#include "models/layout.h"
#include "models/model_io.h"
#include "models/score.h"
#include "models/top.h"

#include "base/alloc.h"
#include "check_main.h"
#include "scratch.h"
#include "small_model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static nv_model *model;
static unsigned char *bytes;
static size_t len;

static void setup(void)
{
	model = small_model();
	bytes = small_model_bytes(model, &len);
}

static void teardown(void)
{
	nv_free_aligned(bytes);
	nv_model_free(model);
}

static nv_file_header *header(void)
{
	return (nv_file_header *)bytes;
}

static nv_file_entry *entry_of(const char *name)
{
	nv_file_entry *entry = (nv_file_entry *)(bytes + sizeof(nv_file_header));
	for (uint32_t i = 0; i < header()->n_block; i++)
		if (strncmp(entry[i].name, name, NV_BLOCK_NAME) == 0)
			return &entry[i];
	ck_abort_msg("no block %s", name);
	return NULL;
}

static void *block(const char *name)
{
	return bytes + entry_of(name)->offset;
}

/* Makes all checksums right again after a change. */
static void fix_checksums(void)
{
	nv_file_entry *entry = (nv_file_entry *)(bytes + sizeof(nv_file_header));
	uint64_t *sum = (uint64_t *)(entry + header()->n_block);
	for (uint32_t i = 0; i < header()->n_block; i++)
		for (uint64_t at = 0; at < entry[i].len; at += NV_CHUNK) {
			uint64_t left = entry[i].len - at;
			sum[entry[i].first_sum + at / NV_CHUNK] =
				nv_checksum(0, bytes + entry[i].offset + at, nv_block_padded(left < NV_CHUNK ? left : NV_CHUNK));
		}
	header()->checksum =
		nv_header_checksum(header(), bytes + sizeof(nv_file_header), entry[0].offset - sizeof(nv_file_header));
}

static int nowhere(void *user, const char *text, size_t text_len)
{
	(void)user;
	(void)text;
	return text_len > 0 ? 0 : 1;
}

/* What shows the texts of terms. */
static int show(const nv_model *loaded, nv_scorer *scorer, nv_error *err)
{
	const nv_contribution *term;
	const nv_sink sink = {nowhere, NULL};
	size_t n;
	int code = nv_score_explain(loaded, scorer, 0, &term, &n, err);
	return code < 0 ? code : nv_model_inspect(loaded, SMALL_TERMS, false, &sink, err);
}

/* Opens, scores an article, verifies all and shows its terms: what a user of the file may do. */
static int use(nv_error *err)
{
	nv_model *loaded;
	nv_scorer *scorer = NULL;
	double margin[SMALL_SCORES], coverage;
	int code = nv_model_from_buffer(&loaded, bytes, len, err);
	if (code < 0)
		return code;
	code = nv_scorer_new(&scorer, loaded, err);
	if (code == NV_OK)
		code = nv_score(loaded, scorer, nv_str_of("Chips market"), nv_str_of("Export ban on marker. Moon shares."),
		                margin, &coverage, err);
	if (code == NV_OK)
		code = nv_model_verify(loaded, err);
	if (code == NV_OK)
		code = show(loaded, scorer, err);
	nv_scorer_free(scorer);
	nv_model_free(loaded);
	return code;
}

static void refused(const char *part)
{
	nv_error err = {0};
	ck_assert_int_eq(use(&err), NV_E_MODEL);
	ck_assert_msg(strstr(err.message, part), "message: %s", err.message);
}

static void score(const nv_model *m, double margin[SMALL_SCORES])
{
	nv_scorer *scorer;
	double coverage;
	ck_assert_int_eq(nv_scorer_new(&scorer, m, NULL), NV_OK);
	ck_assert_int_eq(nv_score(m, scorer, nv_str_of("Chips market"), nv_str_of("Export ban on marker. Moon shares."),
	                          margin, &coverage, NULL),
	                 NV_OK);
	nv_scorer_free(scorer);
}

START_TEST(test_loaded_is_equal)
{
	nv_model *loaded;
	size_t again_len;
	double a[SMALL_SCORES], b[SMALL_SCORES];
	ck_assert_int_eq(nv_model_from_buffer(&loaded, bytes, len, NULL), NV_OK);
	score(model, a);
	score(loaded, b);
	ck_assert_mem_eq(a, b, sizeof a);
	ck_assert(nv_str_eq(loaded->metadata, model->metadata));
	ck_assert_uint_eq(loaded->n_fingerprint, 2);
	ck_assert_double_eq(loaded->task[0].threshold[2], 0.25);
	ck_assert_int_eq(loaded->task[2].calibration.kind, NV_CALIBRATE_ISOTONIC);
	ck_assert(loaded->task[0].whole_length && !loaded->task[1].whole_length && !loaded->task[2].whole_length);
	unsigned char *again = small_model_bytes(loaded, &again_len);
	ck_assert_uint_eq(again_len, len);
	ck_assert_mem_eq(again, bytes, len);
	nv_free_aligned(again);
	nv_model_free(loaded);
}
END_TEST

START_TEST(test_file)
{
	scratch s;
	nv_model *loaded;
	nv_error err = {0};
	scratch_open(&s);
	const char *path = scratch_path(&s, "model");
	ck_assert_int_eq(nv_model_save(model, path, &err), NV_OK);
	ck_assert_int_eq(nv_model_open(&loaded, path, &err), NV_OK);
	ck_assert_int_eq(nv_model_verify(loaded, &err), NV_OK);
	ck_assert_uint_eq(nv_model_file_size(loaded), len);
	ck_assert_str_eq(nv_schema_task_name(nv_model_schema(loaded), 1), "tone");
	nv_model_free(loaded);
	ck_assert_int_eq(truncate(path, (off_t)len - 64), 0);
	ck_assert_int_eq(nv_model_open(&loaded, path, &err), NV_E_MODEL);
	ck_assert_str_eq(err.path, path);
	ck_assert(strstr(err.message, "cut off"));
	scratch_close(&s);
	nv_error_clear(&err);
	ck_assert_int_eq(nv_model_open(&loaded, path, &err), NV_E_INPUT);
}
END_TEST

START_TEST(test_blocks)
{
	nv_model *loaded;
	nv_block_info info;
	size_t n = 0;
	ck_assert_int_eq(nv_model_from_buffer(&loaded, bytes, len, NULL), NV_OK);
	ck_assert(nv_model_block(loaded, 0, &info));
	ck_assert_str_eq(info.name, "shape");
	ck_assert_uint_eq(info.len, sizeof(nv_file_shape));
	while (nv_model_block(loaded, n, &info))
		n++;
	ck_assert_uint_eq(n, header()->n_block);
	ck_assert(!nv_model_block(model, 0, &info));
	nv_model_free(loaded);
}
END_TEST

/* Checksums: a change within a word shows, padding is as if zero, the seed counts. */
START_TEST(test_checksum)
{
	unsigned char text[200] = "abc";
	uint64_t first = nv_checksum(0, text, 130);
	ck_assert(first == nv_checksum(0, text, 192));
	ck_assert(first != nv_checksum(1, text, 130));
	for (size_t i = 0; i < 130; i++) {
		text[i] ^= 0x80;
		ck_assert(nv_checksum(0, text, 130) != first);
		text[i] ^= 0x80;
	}
}
END_TEST

/* Chunks are verified one by one as they are needed, and the last eighth together; damage there is then found. */
START_TEST(test_few_chunks_left)
{
	enum { CHUNKS = 16 };
	unsigned char *content = nv_alloc_aligned(CHUNKS, NV_CHUNK);
	uint64_t sum[CHUNKS];
	_Atomic unsigned char ready[CHUNKS] = {0};
	nv_file_block block = {
		.name = "weight.0", .bytes = content, .len = CHUNKS * NV_CHUNK, .sum = sum, .ready = ready, .path = "m"};
	nv_error err = {0};
	for (size_t i = 0; i < CHUNKS; i++) {
		content[i * NV_CHUNK] = (unsigned char)i;
		sum[i] = nv_checksum(0, content + i * NV_CHUNK, NV_CHUNK);
	}
	atomic_init(&block.left, CHUNKS);
	content[NV_CHUNK * CHUNKS - 1] = 1;
	for (uint64_t i = 0; i < 13; i++)
		ck_assert_int_eq(nv_block_need(&block, i * NV_CHUNK + 7, 1, &err), NV_OK);
	ck_assert_uint_eq(block.left, 3);
	ck_assert_int_eq(nv_block_need(&block, 13 * NV_CHUNK, 1, &err), NV_E_MODEL);
	content[NV_CHUNK * CHUNKS - 1] = 0;
	ck_assert(!nv_block_is_verified(&block));
	ck_assert_int_eq(nv_block_need(&block, 13 * NV_CHUNK, 1, &err), NV_OK);
	ck_assert(nv_block_is_verified(&block));
	nv_free_aligned(content);
}
END_TEST

START_TEST(test_every_truncation)
{
	size_t whole = len;
	for (len = 0; len < whole; len++) {
		nv_error err = {0};
		unsigned char *cut = nv_alloc_aligned(len, 1), *keep = bytes;
		memcpy(cut, bytes, len);
		bytes = cut;
		ck_assert_int_eq(use(&err), NV_E_MODEL);
		ck_assert(err.message[0] != '\0');
		bytes = keep;
		nv_free_aligned(cut);
	}
}
END_TEST

START_TEST(test_every_byte)
{
	for (size_t i = 0; i < len; i++) {
		nv_error err = {0};
		unsigned char kept = bytes[i];
		bytes[i] ^= (unsigned char)(1u << i % 8);
		ck_assert_msg(use(&err) == NV_E_MODEL, "byte %zu", i);
		ck_assert(err.message[0] != '\0');
		bytes[i] = kept;
	}
	ck_assert_int_eq(use(NULL), NV_OK);
}
END_TEST

/* Behind right checksums nothing may crash; what still works is as good as any model. */
START_TEST(test_every_byte_with_checksum)
{
	for (size_t i = sizeof(nv_file_header); i < len; i++) {
		unsigned char kept = bytes[i];
		bytes[i] ^= 0xFF;
		nv_file_entry *entry = (nv_file_entry *)(bytes + sizeof(nv_file_header));
		if (i >= entry[0].offset)
			fix_checksums();
		else
			header()->checksum =
				nv_header_checksum(header(), bytes + sizeof(nv_file_header),
			                       len < entry[0].offset ? 0 : entry[0].offset - sizeof(nv_file_header));
		nv_error err = {0};
		int code = use(&err);
		ck_assert(code == NV_OK || code == NV_E_MODEL);
		bytes[i] = kept;
		fix_checksums();
	}
	ck_assert_int_eq(use(NULL), NV_OK);
}
END_TEST

START_TEST(test_not_a_model)
{
	nv_model *loaded;
	nv_error err = {0};
	ck_assert_int_eq(nv_model_from_buffer(&loaded, NULL, 0, &err), NV_E_MODEL);
	ck_assert_str_eq(err.message, "not a newsvane model");
	nv_error_clear(&err);
	ck_assert_int_eq(nv_model_from_buffer(&loaded, bytes + 8, len - 8, &err), NV_E_USAGE);
	bytes[0] = 'N';
	refused("not a newsvane model");
}
END_TEST

START_TEST(test_other_version)
{
	header()->version = 3;
	refused("model format 3; this newsvane reads 2: train the model again with it");
}
END_TEST

START_TEST(test_sizes_that_lie)
{
	nv_file_shape *shape = block("shape"), kept = *shape;
	shape->n_term = UINT32_MAX - 1;
	fix_checksums();
	refused("length");
	*shape = kept;
	shape->word_mask = ((uint64_t)1 << 32) - 1;
	fix_checksums();
	refused("words");
	*shape = kept;
	shape->n_view = 1000;
	fix_checksums();
	refused("impossible");
	*shape = kept;
	shape->n_score = 7;
	fix_checksums();
	refused("wrong length");
}
END_TEST

START_TEST(test_indices_that_lie)
{
	uint32_t *score = block("score.0"), *about = block("about.1");
	score[3] = SMALL_SCORES;
	fix_checksums();
	refused("score");
	score[3] = 3;
	about[1] = about[0];
	fix_checksums();
	refused("about");
	about[1] = 5;
	uint32_t *knot_start = block("knot_start");
	knot_start[7] = 1000;
	fix_checksums();
	refused("knot");
	knot_start[7] = 3;
	nv_file_task *task = block("tasks");
	task[1].flags = 4 | NV_FILE_TASK_TRAINED;
	fix_checksums();
	refused("tasks");
}
END_TEST

START_TEST(test_numbers_that_are_none)
{
	const uint32_t nan_bits = 0x7FC00000;
	memcpy((float *)block("weight.0") + 9, &nan_bits, 4);
	fix_checksums();
	refused("not finite");
	const float large = 1e38f;
	memcpy((float *)block("weight.0") + 9, &large, 4);
	fix_checksums();
	refused("too large");
	memcpy((float *)block("weight.0") + 9, "\0\0\0\0", 4);
	*(double *)block("idf.0") = INFINITY;
	fix_checksums();
	refused("block idf.0 holds a number that is not finite");
	*(double *)block("idf.0") = 1;
	memset(block("bias"), 0xFF, 8);
	fix_checksums();
	refused("not finite");
	*(double *)block("bias") = 1e300; /* a sum with it could overflow */
	fix_checksums();
	refused("too large");
}
END_TEST

/* The texts of terms are nothing that scoring needs; what shows them refuses those that lie, each by itself. */
START_TEST(test_texts_that_lie)
{
	nv_model *loaded;
	nv_scorer *scorer;
	nv_error err = {0};
	double margin[SMALL_SCORES], coverage;
	const nv_contribution *term;
	const nv_sink sink = {nowhere, NULL};
	size_t n;
	((uint64_t *)block("text_start"))[2] = UINT32_MAX;
	fix_checksums();
	ck_assert_int_eq(nv_model_from_buffer(&loaded, bytes, len, NULL), NV_OK);
	ck_assert_int_eq(nv_scorer_new(&scorer, loaded, NULL), NV_OK);
	ck_assert_int_eq(nv_score(loaded, scorer, nv_str_of("Chips"), nv_str_of("market"), margin, &coverage, NULL), NV_OK);
	ck_assert_int_eq(nv_score_explain(loaded, scorer, 0, &term, &n, &err), NV_E_MODEL);
	ck_assert_ptr_nonnull(strstr(err.message, "the vocabulary's terms are damaged"));
	ck_assert_int_eq(nv_model_inspect(loaded, 0, true, &sink, NULL), NV_OK);
	ck_assert_int_eq(nv_model_inspect(loaded, NV_TOP_KEPT, true, &sink, NULL),
	                 NV_OK); /* they have texts of their own */
	ck_assert_int_eq(nv_model_inspect(loaded, NV_TOP_KEPT + 1, true, &sink, NULL), NV_E_MODEL);
	ck_assert_int_eq(nv_model_verify(loaded, NULL), NV_E_MODEL);
	nv_scorer_free(scorer);
	nv_model_free(loaded);
}
END_TEST

/* Opened and shown, refused as often as something would score with it. */
static void refused_by_scorers(const char *part)
{
	nv_model *loaded;
	nv_scorer *scorer;
	const nv_sink sink = {nowhere, NULL};
	fix_checksums();
	ck_assert_int_eq(nv_model_from_buffer(&loaded, bytes, len, NULL), NV_OK);
	ck_assert_int_eq(nv_model_inspect(loaded, NV_TOP_KEPT, true, &sink, NULL), NV_OK);
	for (int i = 0; i < 2; i++) {
		nv_error err = {0};
		ck_assert_int_eq(nv_scorer_new(&scorer, loaded, &err), NV_E_MODEL);
		ck_assert_ptr_null(scorer);
		ck_assert_ptr_nonnull(strstr(err.message, part));
	}
	ck_assert_int_eq(nv_model_verify(loaded, NULL), NV_E_MODEL);
	nv_model_free(loaded);
}

START_TEST(test_tables_that_lie)
{
	nv_word_slot *word = block("words"), kept_word = *word;
	nv_gram_slot *gram = block("grams"), kept_gram = *gram;
	*word = (nv_word_slot){1, SMALL_TERMS, 0};
	refused_by_scorers("the vocabulary's tables are damaged");
	*word = kept_word;
	*gram = (nv_gram_slot){0, 0, SMALL_TERMS};
	refused_by_scorers("the vocabulary's tables are damaged");
	*gram = kept_gram;
	fix_checksums();
	ck_assert_int_eq(use(NULL), NV_OK);
}
END_TEST

/* A file need not have the filter; one of a length that is no power of two is refused. */
START_TEST(test_filter)
{
	nv_model *loaded;
	double with[SMALL_SCORES], without[SMALL_SCORES];
	nv_file_entry *entry = entry_of("gram_filter");
	ck_assert_uint_eq(entry->len, 4);
	ck_assert_int_eq(nv_model_from_buffer(&loaded, bytes, len, NULL), NV_OK);
	score(loaded, with);
	nv_model_free(loaded);
	entry->len = 12;
	fix_checksums();
	refused("block gram_filter: has the wrong length");
	entry->len = 5;
	fix_checksums();
	refused("block gram_filter: has the wrong length");
	entry->len = 4;
	entry->name[0] = 'x';
	fix_checksums();
	ck_assert_int_eq(nv_model_from_buffer(&loaded, bytes, len, NULL), NV_OK);
	score(loaded, without);
	nv_model_free(loaded);
	ck_assert_mem_eq(with, without, sizeof with);
	entry->name[0] = 'g';
	memset(block("gram_filter"), 0, 4);
	fix_checksums();
	ck_assert_int_eq(nv_model_from_buffer(&loaded, bytes, len, NULL), NV_OK);
	score(loaded, without);
	nv_model_free(loaded);
	ck_assert_mem_ne(with, without, sizeof with);
}
END_TEST

/* A model of hashed words looks nothing up: a table would be read without having been checked. */
START_TEST(test_hashing_with_tables)
{
	nv_file_shape *shape = block("shape");
	shape->hash_bits = 3;
	shape->n_word = 0;
	fix_checksums();
	refused("block words: ");
}
END_TEST

/* The first list of kept terms, that of "chips": u32 how many, then f64 weight, u32 length, text. */
START_TEST(test_kept_terms_that_lie)
{
	const struct {
		size_t at, size;
		const void *bytes;
	} lie[] = {
		{0, 4, &(uint32_t){NV_TOP_KEPT + 1}},
		{0, 4, &(uint32_t){0}},
		{0, 4, &(uint32_t){UINT32_MAX}},
		{4, 8, &(double){-0.5}},
		{4, 8, &(double){0}},
		{4, 8, &(double){0x1p-20}},
		{4, 8, &(double){INFINITY}},
		{4, 8, &(double){NAN}},
		{12, 4, &(uint32_t){UINT32_MAX}},
		{12, 4, &(uint32_t){1000}},
		{12, 4, &(uint32_t){0}},
	};
	for (size_t i = 0; i < sizeof lie / sizeof *lie; i++) {
		unsigned char *place = (unsigned char *)block("top_terms") + lie[i].at, kept[8];
		memcpy(kept, place, lie[i].size);
		memcpy(place, lie[i].bytes, lie[i].size);
		fix_checksums();
		refused("block top_terms: no lists of terms");
		memcpy(place, kept, lie[i].size);
	}
	fix_checksums();
	ck_assert_int_eq(use(NULL), NV_OK);
}
END_TEST

/* A table of n-grams without an end, and rows out of range: looked up, never trusted. */
START_TEST(test_hostile_ngrams)
{
	nv_gram_row *slot = block("gram_slot.0");
	uint64_t n = entry_of("gram_slot.0")->len / sizeof *slot;
	for (uint64_t i = 0; i < n; i++)
		slot[i] = (nv_gram_row){i + 1, UINT32_MAX, 0};
	fix_checksums();
	ck_assert_int_eq(use(NULL), NV_OK);
}
END_TEST

static int no_room(void *user, const char *text, size_t text_len)
{
	int *left = user;
	(void)text;
	(void)text_len;
	return (*left)-- <= 0;
}

START_TEST(test_sink_fails)
{
	for (int room = 0; room < 4; room++) {
		int left = room;
		nv_error err = {0};
		nv_sink sink = {no_room, &left};
		ck_assert_int_eq(nv_model_write(model, &sink, &err), NV_E_IO);
		ck_assert_int_eq(err.code, NV_E_IO);
	}
	nv_error err = {0};
	ck_assert_int_eq(nv_model_save(model, "/nonexistent/folder/model", &err), NV_E_IO);
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

static Suite *model_io_suite(void)
{
	const TTest *core[] = {test_loaded_is_equal, test_file, test_blocks, test_checksum, test_few_chunks_left};
	const TTest *limits[] = {test_every_truncation,    test_every_byte,          test_every_byte_with_checksum,
	                         test_texts_that_lie,      test_tables_that_lie,     test_filter,
	                         test_hashing_with_tables, test_kept_terms_that_lie, test_hostile_ngrams};
	const TTest *errors[] = {test_not_a_model,      test_other_version,         test_sizes_that_lie,
	                         test_indices_that_lie, test_numbers_that_are_none, test_sink_fails};
	Suite *suite = suite_create("model_io");
	add_case(suite, "Core", core, sizeof core / sizeof *core);
	add_case(suite, "Limits", limits, sizeof limits / sizeof *limits);
	add_case(suite, "Errors", errors, sizeof errors / sizeof *errors);
	return suite;
}

NV_CHECK_MAIN(model_io_suite)
