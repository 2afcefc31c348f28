/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_records.c: files of records. The first byte chooses: its low two bits the format (JSON Lines, JSON array, text), bit 2 whether
 * boilerplate is stripped, bits 3 to 5 (being 1) whether the bytes go the whole way of a file, cut into blocks, with --max-record 64,
 * or are parsed as one block; bits 6 and 7, when one is set, make it a file of CSV or TSV.
 */
#include "fuzz.h"

#include "data/stream.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SCHEMA                                                                                                   \
	"{\"tasks\": [{\"name\": \"topics\", \"kind\": \"multilabel\", \"field\": \"topics\"},"                      \
	"{\"name\": \"tone\", \"kind\": \"stance\", \"field\": \"stance.tone\", \"where\": {\"target\": \"moon\"}}," \
	"{\"name\": \"desk\", \"kind\": \"multiclass\", \"field\": \"desk\"}]}"

static const nv_format formats[] = {NV_FORMAT_JSONL, NV_FORMAT_JSON, NV_FORMAT_TXT, NV_FORMAT_JSONL};

static nv_schema *the_schema(void)
{
	static nv_schema *schema;
	if (!schema)
		FUZZ_MUST(nv_schema_parse(&schema, nv_str_of(SCHEMA), "schema", NULL) == NV_OK);
	return schema;
}

/* Reads every byte that an article claims to have. */
static uint64_t touch(nv_str s)
{
	uint64_t sum = s.len;
	for (size_t i = 0; i < s.len; i++)
		sum += (unsigned char)s.ptr[i];
	return sum;
}

static void look_at(const nv_article *a)
{
	volatile uint64_t sum = touch(a->id) + touch(a->title) + touch(a->text) + touch(a->date) + touch(a->source);
	FUZZ_MUST(a->line >= 1 && a->path && a->id.len > 0 && a->title.len + a->text.len > 0);
	for (size_t f = 0; f < a->n_field; f++)
		for (size_t v = 0; v < a->field[f].n_value; v++)
			sum += touch(a->field[f].value[v]);
	(void)sum;
	uint32_t label[64];
	for (size_t t = 0; t < the_schema()->n_task; t++) {
		nv_gold gold = {.label = label};
		int code = nv_gold_read(the_schema(), t, a, &gold, 64, NULL);
		FUZZ_MUST(code == NV_OK || code == NV_E_RECORD || code == NV_E_MEMORY);
	}
}

static void look_at_batch(const nv_batch *batch)
{
	for (size_t i = 0; i < batch->n; i++)
		look_at(&batch->article[i]);
	for (size_t i = 0; i < batch->n_bad; i++)
		FUZZ_MUST(batch->bad[i].before <= batch->n && batch->bad[i].code < 0 && batch->bad[i].message[0]);
}

static void parse_block(const nv_input_options *options, const uint8_t *bytes, size_t len)
{
	nv_record_reader *reader;
	nv_block block;
	nv_batch batch;
	nv_block_init(&block);
	nv_batch_init(&batch);
	block.format = (nv_format)options->format;
	block.path = "fuzz";
	block.line = block.column = 1;
	nv_buf_add(&block.bytes, (const char *)bytes, len);
	FUZZ_MUST(nv_record_reader_new(&reader, options, the_schema(), NULL, 0, NULL) == NV_OK);
	FUZZ_MUST(nv_record_parse(reader, &block, &batch, NULL) == NV_OK);
	look_at_batch(&batch);
	nv_record_reader_free(reader);
	nv_batch_release(&batch);
	nv_block_release(&block);
}

static void read_file(const nv_input_options *options, const uint8_t *bytes, size_t len)
{
	char name[64];
	const char *path = name;
	nv_stream *stream;
	nv_article article;
	nv_error err = {0};
	int fd = memfd_create("fuzz", MFD_CLOEXEC), code;
	FUZZ_MUST(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	FUZZ_MUST(nv_stream_open(&stream, &path, 1, options, the_schema(), NULL, 0, NULL, &err) == NV_OK);
	while ((code = nv_stream_next(stream, &article, &err)) == 1)
		look_at(&article);
	FUZZ_MUST(code == 0);
	nv_input_stats stats = nv_stream_stats(stream);
	FUZZ_MUST(stats.articles + stats.bad_records <= len + 1);
	nv_stream_close(stream);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	nv_input_options options;
	if (len == 0)
		return 0;
	nv_option_defaults(nv_input_rows, nv_n_input_rows, &options);
	options.strip_boilerplate = bytes[0] & 4;
	options.format = (int)formats[bytes[0] & 3];
	if (bytes[0] >> 6) {
		options.format = bytes[0] >> 6 == 2 ? NV_FORMAT_TSV : NV_FORMAT_CSV;
		read_file(&options, bytes + 1, len - 1);
	} else if ((bytes[0] >> 3 & 7) == 1) {
		options.max_record = 64;
		read_file(&options, bytes + 1, len - 1);
	} else {
		parse_block(&options, bytes + 1, len - 1);
	}
	return 0;
}
