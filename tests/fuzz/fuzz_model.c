/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_model.c: any bytes as a model file, first as they are, then with lengths, offsets and checksums made right (repair), so that what
 * lies behind them is reached. A model that opens is used as a program would: verified, inspected, two articles classified
 * and explained, written again. With libFuzzer a mutator changes single blocks and numbers within them.
 */
#include "fuzz.h"

#include "base/alloc.h"
#include "classify/result.h"
#include "models/block.h"
#include "models/layout.h"
#include "models/model.h"
#include "models/model_io.h"
#include "models/top.h"

#include <math.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t len, size_t max_len) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t len, size_t max_len, unsigned seed);

/* ---- Making a file's frame right ---- */

static nv_file_entry *entries(uint8_t *file)
{
	return (nv_file_entry *)(void *)(file + sizeof(nv_file_header));
}

/* Blocks that fit, one behind the other; returns the file's length, or 0 when there is no room for a frame. */
static size_t lay_out(uint8_t *file, size_t len)
{
	nv_file_header *header = (nv_file_header *)(void *)file;
	uint64_t frame = sizeof *header, offset, sum = 0;
	if (len < sizeof *header)
		return 0;
	header->n_block %= 64;
	frame += header->n_block * (uint64_t)sizeof(nv_file_entry);
	uint64_t most = frame + len / NV_CHUNK * 8 + header->n_block * 8;
	if (most + NV_BLOCK_ALIGN > len)
		return 0;
	for (uint32_t i = 0; i < header->n_block; i++) /* how many checksums tells where the first block begins */
		sum += nv_block_chunks(entries(file)[i].len % len);
	offset = nv_block_padded(frame + sum * 8);
	header->n_sum = sum;
	sum = 0;
	for (uint32_t i = 0; i < header->n_block; i++) {
		nv_file_entry *e = &entries(file)[i];
		e->len %= len;
		e->offset = offset;
		e->first_sum = sum;
		offset += nv_block_padded(e->len);
		sum += nv_block_chunks(e->len);
	}
	return offset <= len ? (size_t)offset : 0;
}

static void sum_up(uint8_t *file, size_t len)
{
	nv_file_header *header = (nv_file_header *)(void *)file;
	uint64_t *sum = (uint64_t *)(void *)&entries(file)[header->n_block];
	for (uint32_t i = 0; i < header->n_block; i++) {
		const nv_file_entry *e = &entries(file)[i];
		for (uint64_t at = 0; at < e->len; at += NV_CHUNK) {
			uint64_t left = e->len - at;
			sum[e->first_sum + at / NV_CHUNK] =
				nv_checksum(0, file + e->offset + at, (size_t)nv_block_padded(left < NV_CHUNK ? left : NV_CHUNK));
		}
	}
	memcpy(header->magic, NV_MODEL_MAGIC, sizeof header->magic);
	header->version = NV_MODEL_VERSION;
	header->file_len = len;
	size_t first = header->n_block ? (size_t)entries(file)[0].offset : (size_t)nv_block_padded(sizeof *header);
	header->checksum = nv_header_checksum(header, file + sizeof *header, first - sizeof *header);
}

/* Returns the length to use, or 0. */
static size_t repair(uint8_t *file, size_t len)
{
	size_t whole = lay_out(file, len);
	if (whole)
		sum_up(file, whole);
	return whole;
}

/* ---- Using a model ---- */

static int drop(void *user, const char *bytes, size_t len)
{
	(void)bytes;
	*(size_t *)user += len;
	return 0;
}

static void look_at(const nv_model *model, const nv_result *result)
{
	const nv_schema *schema = nv_model_schema(model);
	double coverage = nv_result_coverage(result);
	FUZZ_MUST(isnan(coverage) || (coverage >= 0 && coverage <= 1));
	for (size_t t = 0; t < nv_schema_task_count(schema); t++)
		for (size_t l = 0; l < nv_schema_label_count(schema, t); l++) {
			double p = nv_result_p(result, t, l);
			FUZZ_MUST(isfinite(nv_result_margin(result, t, l)));
			FUZZ_MUST(model->task[t].trained ? p >= 0 && p <= 1 : isnan(p));
		}
}

/* Classifies and explains two articles in the same working memory. */
static int classify_both(const nv_model *model, nv_result_format *format, nv_scratch *scratch, nv_result *result)
{
	static const char *const texts[2][2] = {
		{"Chips market", "Export ban on marker. Moon shares. It\xCC\x81s \xE4\xB8\xAD\xE6\x96\x87."},
		{"", "the keeper saved a penalty; cloudy with rain, simmer the onions"}};
	nv_buf out = NV_BUF_INIT;
	int code = NV_OK;
	for (size_t i = 0; code == NV_OK && i < 2; i++) {
		const nv_article article = {
			.id = nv_str_of("a"), .title = nv_str_of(texts[i][0]), .text = nv_str_of(texts[i][1])};
		code = nv_classify(model, &article, scratch, result, NULL);
		if (code == NV_OK)
			look_at(model, result);
		if (code == NV_OK)
			code = nv_result_write(format, &article, result, scratch, &out, NULL);
	}
	nv_buf_release(&out);
	return code;
}

static void classify(const nv_model *model)
{
	nv_scratch *scratch = NULL;
	nv_result *result = NULL;
	nv_result_format *format = NULL;
	int code = nv_scratch_new(&scratch, model, NULL);
	if (code == NV_OK)
		code = nv_result_new(&result, model, NULL);
	if (code == NV_OK)
		code = nv_result_format_new(&format, model, NV_TO_JSONL, 3, NULL);
	if (code == NV_OK)
		code = classify_both(model, format, scratch, result);
	FUZZ_MUST(code == NV_OK || code == NV_E_MODEL || code == NV_E_MEMORY);
	nv_result_format_free(format);
	nv_result_free(result);
	nv_scratch_free(scratch);
}

static void use(const uint8_t *file, size_t len)
{
	nv_model *model = NULL;
	nv_error err = {0};
	size_t written = 0;
	const nv_sink sink = {drop, &written};
	int code = nv_model_from_buffer(&model, file, len, &err);
	if (code != NV_OK) {
		FUZZ_MUST((code == NV_E_MODEL || code == NV_E_MEMORY) && err.message[0]);
		return;
	}
	classify(model);
	for (int json = 0; json < 2; json++) {
		code = nv_model_inspect(model, json ? NV_TOP_KEPT : NV_TOP_KEPT + 1, json, &sink, NULL);
		FUZZ_MUST(code == NV_OK || code == NV_E_MODEL || code == NV_E_MEMORY);
	}
	if (nv_model_verify(model, NULL) == NV_OK) {
		code = nv_model_write(model, &sink, NULL);
		FUZZ_MUST(code == NV_OK || code == NV_E_MODEL || code == NV_E_MEMORY);
	}
	nv_model_free(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *file = nv_alloc_aligned(len + NV_BLOCK_ALIGN, 1);
	FUZZ_MUST(file);
	if (len)
		memcpy(file, bytes, len);
	use(file, len);
	size_t whole = repair(file, len);
	if (whole > 0 && (whole != len || memcmp(file, bytes, len) != 0)) /* what the mutator made is right already */
		use(file, whole);
	nv_free_aligned(file);
	return 0;
}

/* ---- Changing a model ---- */

static const uint32_t telling[] = {0,          1,          2,          3,          4,          63,         64,
                                   65,         0x7F,       0xFF,       0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF,
                                   0x7F7FFFFF, 0x7F800000, 0x7FC00000, 0xFF7FFFFF, 0x7FEFFFFF, 0x7FF00000, 0xFFEFFFFF};

static uint32_t next(uint32_t *state)
{
	return *state = *state * 1664525u + 1013904223u, *state >> 8;
}

/* One aligned number of a block becomes a telling one, or that of another place. */
static void change_number(uint8_t *at, uint64_t len, uint32_t *state)
{
	if (len < 4)
		return;
	uint8_t *place = at + next(state) % (len / 4) * 4;
	uint32_t number = telling[next(state) % (sizeof telling / sizeof *telling)];
	if (next(state) % 3 == 0)
		memcpy(place, at + next(state) % (len / 4) * 4, 4);
	else
		memcpy(place, &number, 4);
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t len, size_t max_len, unsigned seed)
{
	uint32_t state = seed;
	uint8_t part[4096];
	if (next(&state) % 8 == 0 || len < sizeof(nv_file_header) + sizeof(nv_file_entry))
		return LLVMFuzzerMutate(bytes, len, max_len);
	uint8_t *file = nv_alloc_aligned(len, 1);
	FUZZ_MUST(file);
	memcpy(file, bytes, len);
	const nv_file_header *header = (const nv_file_header *)(const void *)file;
	size_t whole = lay_out(file, len);
	if (whole && header->n_block) {
		const nv_file_entry *e = &entries(file)[next(&state) % header->n_block];
		uint64_t n = e->len < sizeof part ? e->len : sizeof part, from = e->len > n ? next(&state) % (e->len - n) : 0;
		if (next(&state) % 2) {
			change_number(file + e->offset, e->len, &state);
		} else if (n > 0) {
			memcpy(part, file + e->offset + from, n);
			size_t got = LLVMFuzzerMutate(part, n, n);
			memcpy(file + e->offset + from, part, got);
		}
		sum_up(file, whole);
		memcpy(bytes, file, whole);
		len = whole;
	}
	nv_free_aligned(file);
	return len;
}
