/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON-LD in pages (schema.org): objects whose @type names a kind of article, at the top, in an array or below @graph, tell headline,
 * datePublished and publisher. What is not JSON is passed over.
 */
#include "data/json_string.h"
#include "data/page_parts.h"
#include "data/record_json.h"

#include <string.h>

/* What one object says. */
typedef struct thing {
	nv_str headline, date, publisher; /* raw, escapes in place */
	bool is_article;
} thing;

static bool contains(nv_str s, const char *part)
{
	return s.len > 0 && memmem(s.ptr, s.len, part, strlen(part)) != NULL;
}

/* "@type": a name, or an array of names. */
static bool read_type(nv_pull *pull, thing *t)
{
	nv_pull_kind kind = nv_pull_value(pull);
	if (kind == NV_PULL_STRING) {
		t->is_article |=
			contains(pull->raw, "Article") || contains(pull->raw, "BlogPosting") || nv_str_is(pull->raw, "Report");
		return true;
	}
	if (kind != NV_PULL_ARRAY)
		return kind == NV_PULL_OBJECT ? nv_pull_skip_rest(pull, kind) : kind != NV_PULL_ERROR;
	int more;
	while ((more = nv_pull_element(pull)) > 0) {
		if (!read_type(pull, t))
			return false;
	}
	return more == 0;
}

static bool read_string(nv_pull *pull, nv_str *value)
{
	nv_pull_kind kind = nv_pull_value(pull);
	if (kind == NV_PULL_STRING)
		*value = pull->raw;
	return kind == NV_PULL_ARRAY || kind == NV_PULL_OBJECT ? nv_pull_skip_rest(pull, kind) : kind != NV_PULL_ERROR;
}

/* A publisher is an object with a name, or a name. */
static bool read_name(nv_pull *pull, nv_str *value)
{
	if (nv_pull_peek(pull) != '{')
		return read_string(pull, value);
	nv_pull_value(pull);
	int more;
	while ((more = nv_pull_member(pull)) > 0) {
		if (!(nv_str_is(pull->raw, "name") ? read_string(pull, value) : nv_pull_skip(pull)))
			return false;
	}
	return more == 0;
}

static bool read_things(nv_page_about *a, nv_pull *pull);

static bool read_member(nv_page_about *a, nv_pull *pull, thing *t)
{
	nv_str name = pull->raw;
	if (nv_str_is(name, "@type"))
		return read_type(pull, t);
	if (nv_str_is(name, "headline"))
		return read_string(pull, &t->headline);
	if (nv_str_is(name, "datePublished"))
		return read_string(pull, &t->date);
	if (nv_str_is(name, "publisher"))
		return read_name(pull, &t->publisher);
	if (nv_str_is(name, "@graph") || nv_str_is(name, "mainEntity"))
		return read_things(a, pull);
	return nv_pull_skip(pull);
}

/* Values may hold HTML references besides JSON's escapes; those are left as they are. */
static void set_decoded(nv_page_about *a, nv_about_kind kind, nv_str raw)
{
	size_t start = a->collected.len;
	if (raw.len == 0 || !nv_buf_reserve(&a->collected, raw.len))
		return;
	size_t len = nv_pull_decode(raw, a->collected.ptr + start);
	nv_page_about_set(a, kind, (nv_str){a->collected.ptr + start, len});
}

static bool read_thing(nv_page_about *a, nv_pull *pull)
{
	thing t = {.is_article = false};
	int more;
	while ((more = nv_pull_member(pull)) > 0) {
		if (!read_member(a, pull, &t))
			return false;
	}
	if (more == 0 && t.is_article) {
		set_decoded(a, NV_ABOUT_LD_TITLE, t.headline);
		set_decoded(a, NV_ABOUT_LD_DATE, t.date);
		set_decoded(a, NV_ABOUT_LD_SITE, t.publisher);
	}
	return more == 0;
}

/* Recursion is bounded by NV_PULL_DEPTH. */
static bool read_things(nv_page_about *a, nv_pull *pull)
{
	nv_pull_kind kind = nv_pull_value(pull);
	if (kind == NV_PULL_OBJECT)
		return read_thing(a, pull);
	if (kind != NV_PULL_ARRAY)
		return kind != NV_PULL_ERROR;
	int more;
	while ((more = nv_pull_element(pull)) > 0) {
		if (!read_things(a, pull))
			return false;
	}
	return more == 0;
}

/* The script's text is in `collected`, which grows behind it: room for what is decoded is made first, so that views stay valid. */
void nv_page_about_ld(nv_page_about *a, nv_str json)
{
	if (!nv_buf_reserve(&a->collected, json.len))
		return;
	nv_pull pull;
	nv_pull_init(&pull, a->collected.ptr, json.len);
	read_things(a, &pull);
}
