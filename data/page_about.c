/* SPDX-License-Identifier: Apache-2.0
 *
 * What a page says about itself: <meta>, JSON-LD, <time>, <title> and <h1>. Each kind of value keeps its first; nv_page_read chooses
 * between the kinds.
 */
#include "data/page_parts.h"

#include <string.h>
#include <strings.h>

enum { COLLECT_NOTHING = -1, COLLECT_LD = NV_N_ABOUT };
enum { NV_COLLECT_MAX = 1 << 20 };

void nv_page_about_clear(nv_page_about *a)
{
	nv_buf_clear(&a->text);
	nv_buf_clear(&a->collected);
	memset(a->value, 0, sizeof a->value);
	a->collecting = COLLECT_NOTHING;
	a->depth = 0;
}

void nv_page_about_release(nv_page_about *a)
{
	nv_buf_release(&a->text);
	nv_buf_release(&a->collected);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* White space at the ends goes, inside it becomes one space. */
void nv_page_about_set(nv_page_about *a, nv_about_kind kind, nv_str value)
{
	if (a->value[kind].len > 0)
		return;
	size_t at = a->text.len;
	bool space = false;
	for (size_t i = 0; i < value.len; i++) {
		if (is_space(value.ptr[i])) {
			space = true;
			continue;
		}
		if (space && a->text.len > at)
			nv_buf_add_char(&a->text, ' ');
		space = false;
		nv_buf_add_char(&a->text, value.ptr[i]);
	}
	a->value[kind].at = at;
	a->value[kind].len = a->text.len - at;
}

nv_str nv_page_about_get(const nv_page_about *a, nv_about_kind kind)
{
	return (nv_str){a->text.ptr ? a->text.ptr + a->value[kind].at : NULL, a->value[kind].len};
}

/* ---- Tags ---- */

static const char *attribute_of(const char *const *attribute, const char *name)
{
	for (; attribute && *attribute; attribute += 2) {
		if (strcmp(attribute[0], name) == 0)
			return attribute[1];
	}
	return NULL;
}

static void take_meta(nv_page_about *a, const char *const *attribute)
{
	static const struct {
		const char *name;
		nv_about_kind kind;
	} known[] = {
		{"og:title", NV_ABOUT_OG_TITLE},
		{"twitter:title", NV_ABOUT_OG_TITLE},
		{"dc.title", NV_ABOUT_OG_TITLE},
		{"headline", NV_ABOUT_LD_TITLE},
		{"article:published_time", NV_ABOUT_META_DATE},
		{"og:published_time", NV_ABOUT_META_DATE},
		{"datepublished", NV_ABOUT_META_DATE},
		{"date", NV_ABOUT_META_DATE},
		{"pubdate", NV_ABOUT_META_DATE},
		{"publishdate", NV_ABOUT_META_DATE},
		{"publish_date", NV_ABOUT_META_DATE},
		{"publication_date", NV_ABOUT_META_DATE},
		{"parsely-pub-date", NV_ABOUT_META_DATE},
		{"sailthru.date", NV_ABOUT_META_DATE},
		{"citation_publication_date", NV_ABOUT_META_DATE},
		{"dc.date", NV_ABOUT_META_DATE},
		{"dc.date.issued", NV_ABOUT_META_DATE},
		{"dcterms.created", NV_ABOUT_META_DATE},
		{"og:site_name", NV_ABOUT_OG_SITE},
		{"application-name", NV_ABOUT_META_SITE},
		{"dc.publisher", NV_ABOUT_META_SITE},
		{"og:url", NV_ABOUT_URL},
	};
	static const char *const keys[] = {"property", "name", "itemprop"};
	const char *content = attribute_of(attribute, "content");
	for (size_t k = 0; content && k < sizeof keys / sizeof *keys; k++) {
		const char *key = attribute_of(attribute, keys[k]);
		for (size_t i = 0; key && i < sizeof known / sizeof *known; i++) {
			if (strcasecmp(key, known[i].name) == 0)
				nv_page_about_set(a, known[i].kind, nv_str_of(content));
		}
	}
}

static void take_time(nv_page_about *a, const char *const *attribute)
{
	const char *when = attribute_of(attribute, "datetime"), *what = attribute_of(attribute, "itemprop");
	bool published = attribute_of(attribute, "pubdate") || (what && strcasecmp(what, "datePublished") == 0);
	if (when)
		nv_page_about_set(a, published ? NV_ABOUT_META_DATE : NV_ABOUT_TIME, nv_str_of(when));
}

static int what_to_collect(const nv_page_about *a, const char *name, const char *const *attribute)
{
	const char *type = strcmp(name, "script") == 0 ? attribute_of(attribute, "type") : NULL;
	if (type)
		return strncasecmp(type, "application/ld+json", 19) == 0 ? COLLECT_LD : COLLECT_NOTHING;
	if (strcmp(name, "title") == 0 && a->value[NV_ABOUT_TITLE].len == 0)
		return NV_ABOUT_TITLE;
	return strcmp(name, "h1") == 0 && a->value[NV_ABOUT_H1].len == 0 ? NV_ABOUT_H1 : COLLECT_NOTHING;
}

void nv_page_about_open(nv_page_about *a, const char *name, const char *const *attribute)
{
	a->depth++;
	if (strcmp(name, "meta") == 0)
		take_meta(a, attribute);
	else if (strcmp(name, "time") == 0)
		take_time(a, attribute);
	else if (strcmp(name, "link") == 0) {
		const char *rel = attribute_of(attribute, "rel"), *href = attribute_of(attribute, "href");
		if (rel && href && strcasecmp(rel, "canonical") == 0)
			nv_page_about_set(a, NV_ABOUT_URL, nv_str_of(href));
	} else if (a->collecting == COLLECT_NOTHING &&
	           (a->collecting = what_to_collect(a, name, attribute)) != COLLECT_NOTHING) {
		nv_buf_clear(&a->collected);
		a->collect_depth = a->depth;
	}
}

void nv_page_about_text(nv_page_about *a, const char *bytes, size_t len)
{
	if (a->collecting != COLLECT_NOTHING && a->collected.len + len < NV_COLLECT_MAX)
		nv_buf_add(&a->collected, bytes, len);
}

void nv_page_about_close(nv_page_about *a)
{
	if (a->collecting != COLLECT_NOTHING && a->depth == a->collect_depth) {
		nv_str collected = {a->collected.ptr, a->collected.len};
		if (a->collecting == COLLECT_LD)
			nv_page_about_ld(a, collected);
		else
			nv_page_about_set(a, (nv_about_kind)a->collecting, collected);
		a->collecting = COLLECT_NOTHING;
	}
	a->depth--;
}
