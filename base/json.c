/* SPDX-License-Identifier: Apache-2.0
 *
 * nv_json is cJSON's node under another name. cJSON's allocator hooks are of the whole process and are set once, to nv_alloc.
 */
#include "base/json.h"

#include "base/alloc.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

/* cJSON gives NULL both for bad text and when memory ends; its hooks carry no context to tell them apart. */
static _Thread_local bool memory_ended;

static void *hook_alloc(size_t size)
{
	void *ptr = nv_alloc(size, 1);
	if (!ptr)
		memory_ended = true;
	return ptr;
}

static void set_hooks(void)
{
	cJSON_Hooks hooks = {hook_alloc, nv_free};
	cJSON_InitHooks(&hooks);
}

static const cJSON *node(const nv_json *value)
{
	return (const cJSON *)(const void *)value;
}

static const nv_json *wrap(const cJSON *value)
{
	return (const nv_json *)(const void *)value;
}

static int fail_at(nv_error *err, nv_str text, const char *at, const char *path, const char *message)
{
	uint64_t line = 1, byte = 1;
	for (const char *p = text.ptr; p < at; p++) {
		byte = *p == '\n' ? 1 : byte + 1;
		line += *p == '\n';
	}
	return nv_fail_at(err, NV_E_INPUT, path, line, byte, "%s, at byte %llu", message, (unsigned long long)byte);
}

static const char *skip_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

int nv_json_parse(nv_json **root, nv_str text, const char *path, nv_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, set_hooks);
	*root = NULL;
	if (text.len == 0)
		return nv_fail_at(err, NV_E_INPUT, path, 1, 1, "empty where JSON was expected");
	memory_ended = false;
	const char *stop = text.ptr, *end = text.ptr + text.len;
	cJSON *parsed = cJSON_ParseWithLengthOpts(text.ptr, text.len, &stop, 0);
	if (!parsed && memory_ended)
		return nv_fail_memory(err);
	if (!parsed)
		return fail_at(err, text, stop, path, "not valid JSON");
	stop = skip_space(stop, end);
	if (stop != end) {
		cJSON_Delete(parsed);
		return fail_at(err, text, stop, path, "expected nothing behind the JSON value");
	}
	*root = (nv_json *)(void *)parsed;
	return NV_OK;
}

void nv_json_free(nv_json *root)
{
	cJSON_Delete((cJSON *)(void *)root);
}

nv_json_kind nv_json_get_kind(const nv_json *value)
{
	const cJSON *n = node(value);
	if (cJSON_IsBool(n))
		return NV_JSON_BOOL;
	if (cJSON_IsNumber(n))
		return NV_JSON_NUMBER;
	if (cJSON_IsString(n))
		return NV_JSON_STRING;
	if (cJSON_IsArray(n))
		return NV_JSON_ARRAY;
	return cJSON_IsObject(n) ? NV_JSON_OBJECT : NV_JSON_NULL;
}

const nv_json *nv_json_first(const nv_json *value)
{
	const cJSON *n = node(value);
	return n && (cJSON_IsArray(n) || cJSON_IsObject(n)) ? wrap(n->child) : NULL;
}

const nv_json *nv_json_next(const nv_json *value)
{
	return value ? wrap(node(value)->next) : NULL;
}

const char *nv_json_name(const nv_json *member)
{
	return member ? node(member)->string : NULL;
}

const nv_json *nv_json_member(const nv_json *object, const char *name)
{
	if (!object || !cJSON_IsObject(node(object)))
		return NULL;
	for (const nv_json *at = nv_json_first(object); at; at = nv_json_next(at)) {
		if (strcmp(nv_json_name(at), name) == 0)
			return at;
	}
	return NULL;
}

size_t nv_json_size(const nv_json *value)
{
	size_t n = 0;
	for (const nv_json *at = nv_json_first(value); at; at = nv_json_next(at))
		n++;
	return n;
}

const char *nv_json_string(const nv_json *value)
{
	return value && cJSON_IsString(node(value)) ? node(value)->valuestring : NULL;
}

double nv_json_number(const nv_json *value)
{
	return value && cJSON_IsNumber(node(value)) ? node(value)->valuedouble : NAN;
}

bool nv_json_true(const nv_json *value)
{
	return value && cJSON_IsTrue(node(value));
}
