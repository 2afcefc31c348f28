/* SPDX-License-Identifier: Apache-2.0 */
#include "articles.h"

#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SCHEMA                                                                                                   \
	"{\"tasks\": [{\"name\": \"topics\", \"kind\": \"multilabel\", \"field\": \"topics\"},"                      \
	"{\"name\": \"tone\", \"kind\": \"stance\", \"field\": \"stance.tone\", \"where\": {\"target\": \"moon\"}}," \
	"{\"name\": \"desk\", \"kind\": \"multiclass\", \"field\": \"desk\"}]}"

nv_input_options fuzz_input_options(nv_format format)
{
	nv_input_options options;
	nv_option_defaults(nv_input_rows, nv_n_input_rows, &options);
	options.format = (int)format;
	options.strip_boilerplate = false;
	return options;
}

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

void fuzz_parse_block(const nv_input_options *options, const uint8_t *bytes, size_t len)
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

/* One file in memory for all runs: making one costs more than most runs. Returns its name. */
static const char *write_file(const uint8_t *bytes, size_t len)
{
	static char name[64];
	static int fd = -1;
	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	}
	FUZZ_MUST(fd >= 0 && ftruncate(fd, 0) == 0 && pwrite(fd, bytes, len, 0) == (ssize_t)len);
	return name;
}

nv_input_stats fuzz_read_file(const nv_input_options *options, const uint8_t *bytes, size_t len)
{
	const char *path = write_file(bytes, len);
	nv_stream *stream;
	nv_article article;
	nv_error err = {0};
	int code;
	FUZZ_MUST(nv_stream_open(&stream, &path, 1, options, the_schema(), NULL, 0, NULL, &err) == NV_OK);
	while ((code = nv_stream_next(stream, &article, &err)) == 1)
		look_at(&article);
	FUZZ_MUST(code == 0);
	nv_input_stats stats = nv_stream_stats(stream);
	nv_stream_close(stream);
	return stats;
}

void fuzz_read_format(nv_format format, const uint8_t *bytes, size_t len)
{
	if (len == 0)
		return;
	nv_input_options options = fuzz_input_options(format);
	if (bytes[0] & 1)
		options.max_record = 256;
	nv_input_stats stats = fuzz_read_file(&options, bytes + 1, len - 1);
	FUZZ_MUST(stats.articles + stats.bad_records <= len);
}
