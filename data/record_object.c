/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON records: the strict reader of record_json.h walks the whole object; members that wanted.h names go into slots, the
 * others are checked and skipped. Which of two values a record means cannot be known: a wanted field that stands twice makes it bad.
 */
#include "base/alloc.h"
#include "data/json_string.h"
#include "data/record_json.h"
#include "data/record_run.h"

#include <string.h>

typedef struct object {
	nv_run *run;
	nv_pull pull;
	const char *start; /* of the record */
	uint64_t line, byte; /* of start */
	nv_str twice; /* the wanted field that the record has twice; ptr NULL: none */
	bool no_memory;
} object;

/* The string just read, without escapes. */
static bool take_string(object *o, nv_str *value)
{
	*value = o->pull.raw;
	if (!o->pull.escaped)
		return true;
	char *out = nv_arena_alloc(&o->run->batch->arena, o->pull.raw.len, 1);
	if (!out) {
		o->no_memory = true;
		return false;
	}
	*value = (nv_str){out, nv_pull_decode(o->pull.raw, out)};
	return true;
}

static bool add_to_list(object *o, size_t n, nv_str value)
{
	if (!nv_grow(&o->run->list, &o->run->cap_list, n + 1, sizeof *o->run->list)) {
		o->no_memory = true;
		return false;
	}
	o->run->list[n] = value;
	return true;
}

static bool keep_list(object *o, nv_slot *slot, size_t n)
{
	nv_str *list = nv_arena_alloc(&o->run->batch->arena, n, sizeof *list);
	if (!list) {
		o->no_memory = true;
		return false;
	}
	if (n > 0)
		memcpy(list, o->run->list, n * sizeof *list);
	slot->kind = NV_SLOT_LIST;
	slot->list = list;
	slot->n_list = n;
	return true;
}

/* One element; *mixed is set when it is not a string. */
static bool read_element(object *o, size_t n, bool *mixed)
{
	nv_pull_kind kind = nv_pull_value(&o->pull);
	nv_str value;
	if (kind == NV_PULL_STRING)
		return take_string(o, &value) && add_to_list(o, n, value);
	*mixed = true;
	if (kind == NV_PULL_ARRAY || kind == NV_PULL_OBJECT)
		return nv_pull_skip_rest(&o->pull, kind);
	return kind != NV_PULL_ERROR;
}

static bool read_list(object *o, nv_slot *slot)
{
	bool mixed = false;
	size_t n = 0;
	int more;
	while ((more = nv_pull_element(&o->pull)) > 0) {
		if (!read_element(o, n, &mixed))
			return false;
		n += !mixed;
	}
	if (more < 0)
		return false;
	if (!mixed)
		return keep_list(o, slot, n);
	slot->kind = NV_SLOT_OTHER;
	return true;
}

/* The record has had a value for the field already, or for one below it. */
static bool is_given(const object *o, const nv_wanted_key *key)
{
	if (key->slot != NV_NO_SLOT && o->run->slot[key->slot].byte > 0)
		return true;
	for (const nv_wanted_key *child = key->child; child; child = child->next)
		if (is_given(o, child))
			return true;
	return false;
}

static bool read_object(object *o, const nv_wanted_key *key);

static bool read_scalar(object *o, nv_slot *slot, nv_pull_kind kind)
{
	if (kind == NV_PULL_STRING) {
		slot->kind = NV_SLOT_STRING;
		return take_string(o, &slot->value);
	}
	if (kind == NV_PULL_NUMBER) {
		slot->kind = NV_SLOT_NUMBER;
		slot->value = o->pull.raw;
	} else if (kind != NV_PULL_NULL) {
		slot->kind = NV_SLOT_OTHER;
	}
	return kind != NV_PULL_ERROR;
}

static bool read_wanted(object *o, const nv_wanted_key *key)
{
	nv_slot none = {0}, *slot = key->slot == NV_NO_SLOT ? &none : &o->run->slot[key->slot];
	nv_pull_peek(&o->pull);
	slot->byte = o->byte + (uint64_t)(o->pull.at - o->start);
	nv_pull_kind kind = nv_pull_value(&o->pull);
	if (kind == NV_PULL_ARRAY)
		return key->slot == NV_NO_SLOT ? nv_pull_skip_rest(&o->pull, kind) : read_list(o, slot);
	if (kind == NV_PULL_OBJECT) {
		slot->kind = NV_SLOT_OTHER;
		return read_object(o, key);
	}
	return read_scalar(o, slot, kind);
}

/* The name just read, as a key below parent. */
static bool find_key(object *o, const nv_wanted_key *parent, const nv_wanted_key **key)
{
	nv_str name;
	if (!take_string(o, &name))
		return false;
	*key = nv_wanted_find(parent, name);
	if (!*key || !is_given(o, *key))
		return true;
	o->twice = name;
	return nv_pull_fail(&o->pull, "a field twice");
}

/* The opening bracket has been read. Recursion follows the wanted paths, and stays under NV_PULL_DEPTH. */
static bool read_object(object *o, const nv_wanted_key *parent)
{
	const nv_wanted_key *key;
	int more;
	while ((more = nv_pull_member(&o->pull)) > 0) {
		if (!find_key(o, parent, &key) || !(key ? read_wanted(o, key) : nv_pull_skip(&o->pull)))
			return false;
	}
	return more == 0;
}

/* The record's object and nothing behind it but `separator` (0: nothing at all). */
static bool read_record(object *o, int separator)
{
	nv_run_clear(o->run);
	int first = nv_pull_peek(&o->pull);
	if (first == '[' && separator == 0)
		return nv_pull_fail(&o->pull, "expected an object; a file that holds an array is read with --format json");
	if (first != '{')
		return nv_pull_fail(&o->pull, "expected an object");
	if (nv_pull_value(&o->pull) != NV_PULL_OBJECT)
		return false;
	if (!read_object(o, &o->run->reader->wanted.root))
		return false;
	int next = nv_pull_peek(&o->pull);
	return next < 0 || (separator && next == separator) || nv_pull_fail(&o->pull, "expected nothing after the object");
}

/* Adds what the record came to. */
static int finish_record(object *o, bool ok, nv_error *err)
{
	if (o->no_memory)
		return nv_fail_memory(err);
	if ((uint64_t)(o->pull.at - o->start) > o->run->reader->max_record)
		return nv_run_too_long(o->run, o->line, err);
	if (ok)
		return nv_run_article(o->run, o->line, err);
	uint64_t byte = o->byte + (uint64_t)(o->pull.at - o->start);
	if (o->twice.ptr)
		return nv_run_bad(o->run, o->line, byte, err, "field \"%.*s\" stands twice", (int)o->twice.len, o->twice.ptr);
	return nv_run_bad(o->run, o->line, byte, err, "not a JSON record: %s, at byte %llu", o->pull.message,
	                  (unsigned long long)byte);
}

static void start_object(object *o, nv_run *run, const char *at, const char *end, uint64_t line, uint64_t byte)
{
	*o = (object){.run = run, .start = at, .line = line, .byte = byte};
	nv_pull_init(&o->pull, at, (size_t)(end - at));
}

/* ---- JSON Lines ---- */

static int parse_line(nv_run *run, const char *at, const char *end, uint64_t line, uint64_t byte, nv_error *err)
{
	object o;
	if ((uint64_t)(end - at) > run->reader->max_record)
		return nv_run_too_long(run, line, err);
	start_object(&o, run, at, end, line, byte);
	if (nv_pull_peek(&o.pull) < 0)
		return NV_OK;
	return finish_record(&o, read_record(&o, 0), err);
}

int nv_parse_lines(nv_run *run, nv_error *err)
{
	const char *at = run->block->bytes.ptr, *end = at + run->block->bytes.len;
	uint64_t line = run->block->line, byte = run->block->column;
	int code = NV_OK;
	while (code == NV_OK && at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		code = parse_line(run, at, stop, line++, byte, err);
		at = newline ? newline + 1 : end;
		byte = 1;
	}
	return code;
}

/* ---- Elements of an array ---- */

/* Where the reading is: at, with its line and its byte in that line. */
typedef struct place {
	const char *at;
	uint64_t line, byte;
} place;

static void move_to(place *p, const char *to)
{
	const char *newline;
	while (p->at < to && (newline = memchr(p->at, '\n', (size_t)(to - p->at)))) {
		p->line++;
		p->byte = 1;
		p->at = newline + 1;
	}
	p->byte += (uint64_t)(to - p->at);
	p->at = to;
}

/* Reads the element that starts at p, and moves p to the comma behind it or to the end. After an error the element's end is
 * searched for by brackets and quotes alone. */
static int parse_element(nv_run *run, place *p, const char *end, nv_error *err)
{
	object o;
	start_object(&o, run, p->at, end, p->line, p->byte);
	bool ok = read_record(&o, ',');
	int code = finish_record(&o, ok, err);
	nv_scan scan = {0};
	const char *next = ok ? o.pull.at : nv_scan_element(&scan, p->at, end);
	move_to(p, next);
	return code;
}

static void skip_space(place *p, const char *end)
{
	const char *to = p->at;
	while (to < end && (*to == ' ' || *to == '\n' || *to == '\r' || *to == '\t'))
		to++;
	move_to(p, to);
}

/* Between two commas, or a comma and the end. */
static int miss_element(nv_run *run, const place *p, nv_error *err)
{
	return nv_run_bad(run, p->line, p->byte, err, NV_RECORD_MISSING);
}

int nv_parse_elements(nv_run *run, nv_error *err)
{
	const char *start = run->block->bytes.ptr, *end = start + run->block->bytes.len;
	place p = {start, run->block->line, run->block->column};
	skip_space(&p, end);
	int code = NV_OK;
	while (code == NV_OK && p.at < end) {
		code = *p.at == ',' ? miss_element(run, &p, err) : parse_element(run, &p, end, err);
		if (p.at == end)
			break;
		/* The cutter leaves the comma behind a block's last element out, so an element follows. */
		move_to(&p, p.at + 1);
		skip_space(&p, end);
		if (code == NV_OK && p.at == end)
			code = miss_element(run, &p, err);
	}
	return code;
}
