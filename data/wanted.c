/* SPDX-License-Identifier: Apache-2.0 */
#include "data/wanted.h"

#include "base/str.h"

#include <string.h>

static const char *const basic_names[NV_N_BASIC] = {"id", "title", "text", "date", "source"};

const nv_wanted_key *nv_wanted_find(const nv_wanted_key *parent, nv_str name)
{
	for (const nv_wanted_key *key = parent->child; key; key = key->next) {
		if (key->name.len == name.len && memcmp(key->name.ptr, name.ptr, name.len) == 0)
			return key;
	}
	return NULL;
}

/* ---- Renames: pairs of text, walked over each time; the list has a few parts at most. ---- */

typedef struct rename_pair {
	nv_str ours, theirs;
} rename_pair;

/* Takes the next "ours=theirs" off *list; false at the end. A part without '=' has theirs.ptr NULL. */
static bool next_rename(const char **list, rename_pair *pair)
{
	if (**list == '\0')
		return false;
	size_t len = strcspn(*list, ","), split = strcspn(*list, "=");
	*pair = (rename_pair){{*list, split < len ? split : len}, {NULL, 0}};
	if (split < len)
		pair->theirs = (nv_str){*list + split + 1, len - split - 1};
	*list += len;
	if (**list == ',')
		*list += 1;
	return true;
}

static nv_str record_name(const char *renames, nv_str ours)
{
	rename_pair pair;
	nv_str name = ours;
	while (next_rename(&renames, &pair)) {
		if (nv_str_eq(pair.ours, ours))
			name = pair.theirs;
	}
	return name;
}

static bool is_read(const nv_wanted *wanted, nv_str ours)
{
	for (size_t i = 0; i < NV_N_BASIC; i++) {
		if (nv_str_is(ours, basic_names[i]))
			return true;
	}
	for (size_t i = 0; i < wanted->n_field; i++) {
		if (nv_str_eq(ours, wanted->field[i].name))
			return true;
	}
	return false;
}

static int check_rename_syntax(const char *renames, nv_error *err)
{
	rename_pair pair;
	while (next_rename(&renames, &pair)) {
		if (pair.ours.len == 0 || pair.theirs.len == 0)
			return nv_fail(err, NV_E_USAGE, "--field: expected OURS=THEIRS, parted by commas, as text=body,id=doc_id");
	}
	return NV_OK;
}

static int check_rename_names(const nv_wanted *wanted, const char *renames, nv_error *err)
{
	rename_pair pair;
	while (next_rename(&renames, &pair)) {
		if (!is_read(wanted, pair.ours))
			return nv_fail(err, NV_E_USAGE,
			               "--field: \"%.*s\" is not a field that is read here; those are id, title, text, date, source "
			               "and the fields of the schema", (int)pair.ours.len, pair.ours.ptr);
	}
	return NV_OK;
}

/* ---- Slots ---- */

/* The key of that name below parent, made if it is not there; NULL: out of memory. */
static nv_wanted_key *add_key(nv_wanted *wanted, nv_wanted_key *parent, nv_str name)
{
	nv_wanted_key **link = &parent->child;
	for (; *link; link = &(*link)->next) {
		if (nv_str_eq((*link)->name, name))
			return *link;
	}
	nv_wanted_key *key = nv_arena_alloc(&wanted->arena, 1, sizeof *key);
	if (key)
		*key = (nv_wanted_key){name, NV_NO_SLOT, NULL, NULL};
	return *link = key;
}

/* The last key of a dotted path. */
static nv_wanted_key *add_path(nv_wanted *wanted, nv_str path)
{
	nv_wanted_key *key = &wanted->root;
	while (key) {
		const char *dot = memchr(path.ptr, '.', path.len);
		nv_str step = {path.ptr, dot ? (size_t)(dot - path.ptr) : path.len};
		key = add_key(wanted, key, step);
		if (!dot)
			break;
		path = (nv_str){dot + 1, path.len - step.len - 1};
	}
	return key;
}

/* The slot of a record's name, made if it has none yet; NV_NO_SLOT: out of memory. wanted->name has room. */
static size_t add_slot(nv_wanted *wanted, nv_str name)
{
	const char *copy = nv_arena_dup(&wanted->arena, name);
	if (!copy)
		return NV_NO_SLOT;
	nv_str kept = {copy, name.len};
	nv_wanted_key *flat = add_key(wanted, &wanted->root, kept), *nested = add_path(wanted, kept);
	if (!flat || !nested)
		return NV_NO_SLOT;
	if (flat->slot == NV_NO_SLOT) {
		wanted->name[wanted->n_slot] = copy;
		flat->slot = nested->slot = wanted->n_slot++;
	}
	return flat->slot;
}

static bool add_field(nv_wanted *wanted, const char *renames, const char *name, nv_task_kind kind)
{
	nv_str ours = nv_str_of(name);
	for (size_t i = 0; i < wanted->n_field; i++) {
		if (nv_str_eq(wanted->field[i].name, ours)) {
			if (wanted->field[i].kind == 0)
				wanted->field[i].kind = kind;
			return true;
		}
	}
	size_t slot = add_slot(wanted, record_name(renames, ours));
	const char *copy = nv_arena_dup(&wanted->arena, ours);
	if (slot == NV_NO_SLOT || !copy)
		return false;
	wanted->field[wanted->n_field++] = (nv_wanted_field){{copy, ours.len}, slot, kind};
	return true;
}

static bool add_basics(nv_wanted *wanted, const char *renames)
{
	for (size_t i = 0; i < NV_N_BASIC; i++) {
		wanted->basic[i] = add_slot(wanted, record_name(renames, nv_str_of(basic_names[i])));
		if (wanted->basic[i] == NV_NO_SLOT)
			return false;
	}
	return true;
}

static bool add_task(nv_wanted *wanted, const char *renames, const nv_task *task)
{
	bool ok = add_field(wanted, renames, task->field, task->kind);
	for (size_t i = 0; ok && i < task->n_where; i++)
		ok = add_field(wanted, renames, task->where[i].field, 0);
	return ok;
}

static size_t most_fields(const nv_schema *schema, size_t n_extra)
{
	size_t n = n_extra;
	for (size_t i = 0; schema && i < schema->n_task; i++)
		n += 1 + schema->task[i].n_where;
	return n;
}

static bool make_room(nv_wanted *wanted, size_t n_field)
{
	wanted->name = nv_arena_alloc(&wanted->arena, NV_N_BASIC + n_field, sizeof *wanted->name);
	wanted->field = nv_arena_alloc(&wanted->arena, n_field, sizeof *wanted->field);
	return wanted->name && wanted->field;
}

int nv_wanted_init(nv_wanted *wanted, const char *renames, const nv_schema *schema, const char *const *extra,
                   size_t n_extra, nv_error *err)
{
	memset(wanted, 0, sizeof *wanted);
	nv_arena_init(&wanted->arena);
	wanted->root.slot = NV_NO_SLOT;
	int code = check_rename_syntax(renames, err);
	if (code)
		return code;
	bool ok = make_room(wanted, most_fields(schema, n_extra)) && add_basics(wanted, renames);
	for (size_t i = 0; ok && schema && i < schema->n_task; i++)
		ok = add_task(wanted, renames, &schema->task[i]);
	for (size_t i = 0; ok && i < n_extra; i++)
		ok = add_field(wanted, renames, extra[i], 0);
	return ok ? check_rename_names(wanted, renames, err) : nv_fail_memory(err);
}

void nv_wanted_release(nv_wanted *wanted)
{
	if (wanted)
		nv_arena_release(&wanted->arena);
}
