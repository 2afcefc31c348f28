/* SPDX-License-Identifier: Apache-2.0 */
#include "data/record.h"

#include "base/alloc.h"
#include "data/boilerplate.h"
#include "data/charset.h"
#include "data/record_run.h"
#include "data/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- The reader ---- */

int nv_record_reader_new(nv_record_reader **reader, const nv_input_options *options, const nv_schema *schema,
                         const char *const *extra, size_t n_extra, nv_error *err)
{
	nv_record_reader *made = nv_alloc_zero(1, sizeof *made);
	if (!made)
		return nv_fail_memory(err);
	made->max_record = (uint64_t)options->max_record;
	made->strip_boilerplate = options->strip_boilerplate;
	if (!nv_charset_is_utf8(nv_str_of(options->encoding)))
		snprintf(made->page_charset, sizeof made->page_charset, "%s", options->encoding);
	made->labels_from_folders = options->labels_from_folders;
	int code = nv_wanted_init(&made->wanted, options->field, schema, extra, n_extra, err);
	if (code) {
		nv_record_reader_free(made);
		return code;
	}
	*reader = made;
	return NV_OK;
}

void nv_record_reader_free(nv_record_reader *reader)
{
	if (!reader)
		return;
	nv_wanted_release(&reader->wanted);
	nv_free(reader);
}

/* ---- Bad records ---- */

static int add_bad(nv_run *run, const nv_error *bad, nv_error *err)
{
	return nv_batch_add_bad(run->batch, bad) ? nv_fail_memory(err) : NV_OK;
}

int nv_run_bad(nv_run *run, uint64_t line, uint64_t byte, nv_error *err, const char *format, ...)
{
	char message[NV_ERROR_TEXT];
	va_list args;
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	nv_error bad = {0};
	nv_fail_at(&bad, NV_E_RECORD, run->block->path, line, byte, "%s", message);
	return add_bad(run, &bad, err);
}

int nv_run_too_long(nv_run *run, uint64_t line, nv_error *err)
{
	return nv_run_bad(run, line, 0, err, NV_RECORD_TOO_LONG, (unsigned long long)run->reader->max_record);
}

/* ---- From slots to an article ---- */

static const nv_slot *basic(const nv_run *run, size_t which)
{
	return &run->slot[run->reader->wanted.basic[which]];
}

static const char *basic_name(const nv_run *run, size_t which)
{
	return run->reader->wanted.name[run->reader->wanted.basic[which]];
}

/* The first basic field with a value of the wrong kind; NV_N_BASIC: none. */
static size_t find_wrong(const nv_run *run)
{
	for (size_t i = 0; i < NV_N_BASIC; i++) {
		nv_slot_kind kind = basic(run, i)->kind;
		bool number_fits = i != NV_BASIC_TITLE && i != NV_BASIC_TEXT;
		if (kind > NV_SLOT_NUMBER || (kind == NV_SLOT_NUMBER && !number_fits))
			return i;
	}
	return NV_N_BASIC;
}

static bool is_blank(nv_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] > ' ')
			return false;
	}
	return true;
}

static bool set_default_id(nv_run *run, nv_article *article)
{
	size_t size = strlen(run->block->path) + 24;
	char *id = nv_arena_alloc(&run->batch->arena, size, 1);
	if (!id)
		return false;
	int len = snprintf(id, size, "%s:%llu", run->block->path, (unsigned long long)article->line);
	article->id = (nv_str){id, len > 0 ? (size_t)len : 0};
	return true;
}

/* A number in place of labels keeps its digits as the one value, which --group-by may use. */
static nv_field make_field(const nv_wanted_field *wanted, const nv_slot *slot)
{
	nv_field field = {wanted->name, NV_FIELD_OTHER, NULL, 0};
	if (slot->kind == NV_SLOT_LIST) {
		field.kind = NV_FIELD_LIST;
		field.value = slot->list;
		field.n_value = slot->n_list;
	} else if (slot->kind == NV_SLOT_STRING || slot->kind == NV_SLOT_NUMBER) {
		field.kind = slot->kind == NV_SLOT_STRING ? NV_FIELD_STRING : NV_FIELD_OTHER;
		field.value = &slot->value;
		field.n_value = 1;
	}
	return field;
}

/* The slots are overwritten by the next record, so single values move to the arena, behind the fields. */
static bool set_fields(nv_run *run, nv_article *article)
{
	const nv_wanted *wanted = &run->reader->wanted;
	if (wanted->n_field == 0)
		return true;
	nv_field *field = nv_arena_alloc(&run->batch->arena, wanted->n_field, sizeof *field + sizeof(nv_str));
	if (!field)
		return false;
	nv_str *value = (nv_str *)(void *)(field + wanted->n_field);
	size_t n = 0;
	for (size_t i = 0; i < wanted->n_field; i++) {
		const nv_slot *slot = &run->slot[wanted->field[i].slot];
		if (slot->kind == NV_SLOT_MISSING)
			continue;
		field[n] = make_field(&wanted->field[i], slot);
		if (field[n].value == &slot->value) {
			value[n] = slot->value;
			field[n].value = &value[n];
		}
		n++;
	}
	article->field = field;
	article->n_field = n;
	return true;
}

static bool keep(nv_run *run, const nv_buf *buf, nv_str *s)
{
	nv_str left = {buf->ptr, buf->len};
	if (nv_str_eq(left, *s))
		return true;
	*s = (nv_str){nv_arena_dup(&run->batch->arena, left), left.len};
	return s->ptr != NULL;
}

static bool strip(nv_run *run, nv_article *article)
{
	return nv_boilerplate_strip(article->title, article->text, &run->title, &run->text) &&
	       keep(run, &run->title, &article->title) && keep(run, &run->text, &article->text);
}

static int add_article(nv_run *run, uint64_t line, nv_error *err)
{
	nv_article *article = nv_batch_add(run->batch);
	if (!article)
		return nv_fail_memory(err);
	article->id = basic(run, NV_BASIC_ID)->value;
	article->title = basic(run, NV_BASIC_TITLE)->value;
	article->text = basic(run, NV_BASIC_TEXT)->value;
	article->date = basic(run, NV_BASIC_DATE)->value;
	article->source = basic(run, NV_BASIC_SOURCE)->value;
	article->path = run->block->path;
	article->line = line;
	run->batch->ill_formed += nv_utf8_ill_formed(article->title) + nv_utf8_ill_formed(article->text);
	bool ok = (article->id.len > 0 || set_default_id(run, article)) && set_fields(run, article) &&
	          (!run->reader->strip_boilerplate || strip(run, article));
	return ok ? NV_OK : nv_fail_memory(err);
}

void nv_run_clear(nv_run *run)
{
	memset(run->slot, 0, run->reader->wanted.n_slot * sizeof *run->slot);
}

bool nv_run_set(nv_run *run, nv_basic which, nv_str value)
{
	nv_slot *slot = &run->slot[run->reader->wanted.basic[which]];
	if (value.len == 0)
		return true;
	slot->value = (nv_str){nv_arena_dup(&run->batch->arena, value), value.len};
	slot->kind = NV_SLOT_STRING;
	return slot->value.ptr != NULL;
}

int nv_run_article(nv_run *run, uint64_t line, nv_error *err)
{
	size_t wrong = find_wrong(run);
	if (wrong < NV_N_BASIC) {
		bool number_fits = wrong != NV_BASIC_TITLE && wrong != NV_BASIC_TEXT;
		return nv_run_bad(run, line, basic(run, wrong)->byte, err, "field \"%s\": expected a string%s",
		                  basic_name(run, wrong), number_fits ? " or a number" : "");
	}
	if (is_blank(basic(run, NV_BASIC_TITLE)->value) && is_blank(basic(run, NV_BASIC_TEXT)->value))
		return nv_run_bad(run, line, 0, err, "neither text nor title");
	return add_article(run, line, err);
}

/* ---- Blocks: one row a format ---- */

static const struct {
	nv_format format;
	int (*parse)(nv_run *run, nv_error *err);
} parsers[] = {
	{NV_FORMAT_JSONL, nv_parse_lines},
	{NV_FORMAT_JSON, nv_parse_elements},
	{NV_FORMAT_TXT, nv_parse_text},
	{NV_FORMAT_CSV, nv_parse_table},
	{NV_FORMAT_TSV, nv_parse_table},
	{NV_FORMAT_HTML, nv_parse_page},
	{NV_FORMAT_WARC, nv_parse_warc},
	{NV_FORMAT_FEED, nv_parse_feed},
};

static int parse_block(nv_run *run, nv_error *err)
{
	if (run->block->bad)
		return add_bad(run, &run->block->err, err);
	for (size_t i = 0; i < sizeof parsers / sizeof *parsers; i++) {
		if (parsers[i].format == run->block->format)
			return parsers[i].parse(run, err);
	}
	return nv_fail(err, NV_E_USAGE, "a block of no known format");
}

int nv_record_parse(const nv_record_reader *reader, const nv_block *block, nv_batch *batch, nv_error *err)
{
	nv_batch_clear(batch);
	batch->bytes = block->bytes.len;
	batch->ill_formed = block->ill_formed;
	nv_run run = {.reader = reader, .block = block, .batch = batch, .title = NV_BUF_INIT, .text = NV_BUF_INIT};
	run.slot = nv_arena_alloc(&batch->arena, reader->wanted.n_slot, sizeof *run.slot);
	int code = run.slot ? parse_block(&run, err) : nv_fail_memory(err);
	nv_free(run.list);
	nv_page_free(run.page);
	nv_buf_release(&run.title);
	nv_buf_release(&run.text);
	return code;
}
