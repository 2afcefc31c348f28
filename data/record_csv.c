/* SPDX-License-Identifier: Apache-2.0
 *
 * CSV and TSV records (csv.h). The header row says which column is which field; a name with dots stands as it is. A multilabel
 * field's labels are parted by '|', and an empty cell means none of them; any other empty cell means that the record lacks the field.
 * A record's line is its first; a fault in it is told where it is.
 */
#include "data/csv.h"
#include "data/record_run.h"

#include <stdio.h>
#include <string.h>

typedef struct table {
	nv_run *run;
	size_t *slot;  /* [n_column] NV_NO_SLOT: not wanted */
	bool *is_list; /* [n_column] */
	size_t n_column;
	char delimiter;
	char fault[NV_ERROR_TEXT]; /* of the header row; "": none */
} table;

/* ---- Places ---- */

/* Where the reading is: a record's parts may lie on several lines. */
typedef struct place {
	const char *at, *line_start;
	uint64_t line;
	uint64_t column; /* of line_start: not 1 only where a block begins inside a line */
} place;

static void move_to(place *p, const char *to)
{
	const char *feed;
	while (p->at < to && (feed = memchr(p->at, '\n', (size_t)(to - p->at)))) {
		p->line++;
		p->column = 1;
		p->at = p->line_start = feed + 1;
	}
	p->at = to;
}

static uint64_t byte_at(const place *p)
{
	return p->column + (uint64_t)(p->at - p->line_start);
}

static int bad_quotes(nv_run *run, place p, const nv_csv_field *field, nv_error *err)
{
	move_to(&p, field->fault_at);
	return nv_run_bad(run, p.line, byte_at(&p), err, "%s, at byte %llu",
	                  field->fault == NV_CSV_BEHIND_QUOTE
	                      ? "expected the next field or the record's end behind a closing quote"
	                      : "a quoted field without its closing quote",
	                  (unsigned long long)byte_at(&p));
}

/* ---- Values ---- */

static bool take_text(nv_run *run, const nv_csv_field *field, nv_str *value)
{
	*value = field->raw;
	if (!field->doubled)
		return true;
	char *out = nv_arena_alloc(&run->batch->arena, field->raw.len, 1);
	if (!out)
		return false;
	*value = (nv_str){out, nv_csv_undouble(field->raw, out)};
	return true;
}

static nv_str trim_blanks(nv_str s)
{
	while (s.len > 0 && s.ptr[0] == ' ') {
		s.ptr++;
		s.len--;
	}
	while (s.len > 0 && s.ptr[s.len - 1] == ' ')
		s.len--;
	return s;
}

static size_t count_parts(nv_str value)
{
	size_t n = 1;
	for (size_t i = 0; i < value.len; i++)
		n += value.ptr[i] == '|';
	return n;
}

/* false: out of memory. */
static bool set_list(nv_run *run, nv_slot *slot, nv_str value)
{
	slot->kind = NV_SLOT_LIST;
	if (trim_blanks(value).len == 0)
		return true;
	nv_str *list = nv_arena_alloc(&run->batch->arena, count_parts(value), sizeof *list);
	if (!list)
		return false;
	slot->list = list;
	for (const char *at = value.ptr, *end = at + value.len; at <= end;) {
		const char *bar = at < end ? memchr(at, '|', (size_t)(end - at)) : NULL;
		const char *stop = bar ? bar : end;
		list[slot->n_list++] = trim_blanks((nv_str){at, (size_t)(stop - at)});
		at = stop + 1;
	}
	return true;
}

static bool set_slot(const table *t, size_t column, const nv_csv_field *field)
{
	nv_slot *slot = &t->run->slot[t->slot[column]];
	nv_str value;
	if (!take_text(t->run, field, &value))
		return false;
	if (t->is_list[column])
		return set_list(t->run, slot, value);
	slot->kind = value.len > 0 ? NV_SLOT_STRING : NV_SLOT_MISSING;
	slot->value = value;
	return true;
}

/* ---- Records ---- */

static const char *skip_to_end(const table *t, const char *at, const char *end)
{
	nv_csv_scan scan = {NV_CSV_START, t->delimiter};
	return at < end ? nv_csv_record_end(&scan, at, end) : end;
}

/* Reads one record and moves p to its line feed, or to the end. */
static int parse_record(const table *t, place *p, const char *end, nv_error *err)
{
	place start = *p;
	const char *stop = skip_to_end(t, p->at, end), *at = p->at;
	size_t n = 0;
	nv_csv_field field = {.fault = NV_CSV_FINE};
	nv_run_clear(t->run);
	move_to(p, stop);
	if ((uint64_t)(stop - at) > t->run->reader->max_record)
		return nv_run_too_long(t->run, start.line, err);
	for (;; at = field.next + 1) {
		field = nv_csv_read(at, stop, t->delimiter);
		if (field.fault != NV_CSV_FINE)
			return bad_quotes(t->run, start, &field, err);
		if (n < t->n_column && t->slot[n] != NV_NO_SLOT && !set_slot(t, n, &field))
			return nv_fail_memory(err);
		n++;
		if (field.next == stop)
			break;
	}
	if (n != t->n_column)
		return nv_run_bad(t->run, start.line, 0, err, "expected %zu fields, as in the header row, and found %zu",
		                  t->n_column, n);
	return nv_run_article(t->run, start.line, err);
}

static bool is_blank_line(const char *at, const char *end)
{
	return *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] == '\n'));
}

static int parse_records(const table *t, nv_error *err)
{
	const nv_block *block = t->run->block;
	const char *start = block->bytes.ptr, *end = start + block->bytes.len;
	place p = {start, start, block->line, block->column};
	int code = NV_OK;
	while (code == NV_OK && p.at < end) {
		if (is_blank_line(p.at, end))
			move_to(&p, p.at + (*p.at == '\r'));
		else
			code = parse_record(t, &p, end, err);
		if (p.at < end)
			move_to(&p, p.at + 1);
	}
	return code;
}

/* ---- The header row ---- */

static size_t slot_of(const nv_wanted *wanted, nv_str name)
{
	for (size_t i = 0; i < wanted->n_slot; i++) {
		if (nv_str_is(name, wanted->name[i]))
			return i;
	}
	return NV_NO_SLOT;
}

static bool is_list(const nv_wanted *wanted, size_t slot)
{
	bool list = false;
	for (size_t i = 0; i < wanted->n_field; i++)
		list |= wanted->field[i].slot == slot && wanted->field[i].kind == NV_MULTILABEL;
	for (size_t i = 0; i < NV_N_BASIC; i++)
		list &= wanted->basic[i] != slot;
	return list;
}

static bool has_column(const table *t, size_t slot)
{
	for (size_t i = 0; i < t->n_column; i++) {
		if (t->slot[i] == slot)
			return true;
	}
	return false;
}

/* Column names as they stand, as much as a message takes. */
static void miss_text(table *t)
{
	const nv_wanted *wanted = &t->run->reader->wanted;
	const nv_buf *header = &t->run->block->header;
	int len = snprintf(t->fault, sizeof t->fault,
	                   "the header row has neither a column \"%s\" nor \"%s\" (--field text=COLUMN names one): %.*s",
	                   wanted->name[wanted->basic[NV_BASIC_TEXT]], wanted->name[wanted->basic[NV_BASIC_TITLE]],
	                   header->len < sizeof t->fault ? (int)header->len : (int)sizeof t->fault, header->ptr);
	for (int i = 0; i < len && t->fault[i]; i++)
		t->fault[i] = (unsigned char)t->fault[i] < ' ' ? ' ' : t->fault[i];
}

static int add_column(table *t, const nv_csv_field *field, nv_error *err)
{
	nv_str name;
	if (!take_text(t->run, field, &name))
		return nv_fail_memory(err);
	const nv_wanted *wanted = &t->run->reader->wanted;
	size_t slot = slot_of(wanted, trim_blanks(name));
	if (slot != NV_NO_SLOT && has_column(t, slot))
		snprintf(t->fault, sizeof t->fault, "the header row names the column \"%s\" twice", wanted->name[slot]);
	t->slot[t->n_column] = slot;
	t->is_list[t->n_column++] = slot != NV_NO_SLOT && is_list(wanted, slot);
	return NV_OK;
}

static int add_columns(table *t, nv_str row, nv_error *err)
{
	const char *at = row.ptr, *end = row.ptr + row.len;
	nv_csv_field field = {.next = NULL};
	int code = NV_OK;
	for (; code == NV_OK && field.next != end; at = field.next + 1) {
		field = nv_csv_read(at, end, t->delimiter);
		if (field.fault != NV_CSV_FINE)
			snprintf(t->fault, sizeof t->fault, "a wrong quote in the header row, at byte %zu",
			         (size_t)(field.fault_at - row.ptr) + 1);
		code = add_column(t, &field, err);
	}
	return code;
}

static int read_header(table *t, nv_error *err)
{
	const nv_wanted *wanted = &t->run->reader->wanted;
	nv_str row = {t->run->block->header.ptr, t->run->block->header.len};
	t->slot = nv_arena_alloc(&t->run->batch->arena, row.len + 1, sizeof *t->slot);
	t->is_list = nv_arena_alloc(&t->run->batch->arena, row.len + 1, sizeof *t->is_list);
	if (!t->slot || !t->is_list)
		return nv_fail_memory(err);
	int code = add_columns(t, row, err);
	if (!*t->fault && !has_column(t, wanted->basic[NV_BASIC_TEXT]) && !has_column(t, wanted->basic[NV_BASIC_TITLE]))
		miss_text(t);
	return code;
}

/* A fault of the header row is told once, with the file's first block; the file's records can't be read then. */
int nv_parse_table(nv_run *run, nv_error *err)
{
	table t = {.run = run, .delimiter = run->block->delimiter};
	int code = read_header(&t, err);
	if (code != NV_OK)
		return code;
	if (!*t.fault)
		return parse_records(&t, err);
	return run->block->header_first ? nv_run_bad(run, run->block->header_line, 0, err, "%s", t.fault) : NV_OK;
}
