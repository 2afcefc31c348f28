/* SPDX-License-Identifier: Apache-2.0 */
#include "data/page_tags.h"

#include "data/bytes.h"

#include <stdlib.h>
#include <string.h>

typedef struct tag_row {
	const char *name;
	nv_tag tag;
} tag_row;

#define AROUND                     \
	{                              \
		NV_TAG_BLOCK, NV_TAG_ASIDE \
	}
#define BLOCK           \
	{                   \
		NV_TAG_BLOCK, 0 \
	}
#define PART                      \
	{                             \
		NV_TAG_BLOCK, NV_TAG_PART \
	}
#define TEXT           \
	{                  \
		NV_TAG_TEXT, 0 \
	}
#define HEADING           \
	{                     \
		NV_TAG_HEADING, 0 \
	}
#define SILENT           \
	{                    \
		NV_TAG_SILENT, 0 \
	}

/* Sorted by name. */
static const tag_row rows[] = {
	{"a", {NV_TAG_INLINE, NV_TAG_LINK}},
	{"address", AROUND},
	{"applet", SILENT},
	{"article", {NV_TAG_BLOCK, NV_TAG_ARTICLE}},
	{"aside", AROUND},
	{"audio", SILENT},
	{"blockquote", TEXT},
	{"body", {NV_TAG_BLOCK, NV_TAG_PAGE}},
	{"br", {NV_TAG_BREAK, 0}},
	{"button", SILENT},
	{"canvas", SILENT},
	{"caption", TEXT},
	{"center", BLOCK},
	{"dd", TEXT},
	{"details", BLOCK},
	{"dialog", AROUND},
	{"dir", PART},
	{"div", BLOCK},
	{"dl", PART},
	{"dt", TEXT},
	{"fieldset", AROUND},
	{"figcaption", TEXT},
	{"figure", PART},
	{"footer", AROUND},
	{"form", AROUND},
	{"frameset", SILENT},
	{"h1", {NV_TAG_HEADING, NV_TAG_FIRST}},
	{"h2", HEADING},
	{"h3", HEADING},
	{"h4", HEADING},
	{"h5", HEADING},
	{"h6", HEADING},
	{"head", {NV_TAG_BLOCK, NV_TAG_PAGE}},
	{"header", {NV_TAG_BLOCK, NV_TAG_HEADER}},
	{"hgroup", BLOCK},
	{"hr", PART},
	{"html", {NV_TAG_BLOCK, NV_TAG_PAGE}},
	{"iframe", SILENT},
	{"legend", TEXT},
	{"li", TEXT},
	{"main", {NV_TAG_BLOCK, NV_TAG_ARTICLE}},
	{"map", SILENT},
	{"math", SILENT},
	{"menu", AROUND},
	{"nav", AROUND},
	{"noembed", SILENT},
	{"noframes", SILENT},
	{"noscript", SILENT},
	{"object", SILENT},
	{"ol", PART},
	{"option", SILENT},
	{"p", TEXT},
	{"pre", TEXT},
	{"script", SILENT},
	{"search", AROUND},
	{"section", BLOCK},
	{"select", SILENT},
	{"style", SILENT},
	{"summary", TEXT},
	{"svg", SILENT},
	{"table", PART},
	{"tbody", PART},
	{"td", TEXT},
	{"template", SILENT},
	{"textarea", SILENT},
	{"tfoot", PART},
	{"th", TEXT},
	{"thead", PART},
	{"title", SILENT},
	{"tr", PART},
	{"ul", PART},
	{"video", SILENT},
};

static int compare_rows(const void *key, const void *row)
{
	return strcmp(key, ((const tag_row *)row)->name);
}

nv_tag nv_tag_of(const char *name)
{
	const tag_row *row = bsearch(name, rows, sizeof rows / sizeof *rows, sizeof *rows, compare_rows);
	return row ? row->tag : (nv_tag){NV_TAG_INLINE, 0};
}

/* ---- Words of classes and ids ---- */

enum { NV_HINT_MAX = 16 };

/* Sorted. */
static const char *const around[] = {
	"ad",          "ads",         "advert",       "advertisement", "banner",   "bio",       "blogroll",  "breadcrumb",
	"breadcrumbs", "byline",      "comment",      "comments",      "consent",  "cookie",    "cookies",   "copyright",
	"credits",     "disclaimer",  "discussion",   "disqus",        "dropdown", "footer",    "gdpr",      "hidden",
	"legal",       "login",       "menu",         "menubar",       "meta",     "metadata",  "modal",     "more",
	"nav",         "navbar",      "navigation",   "newsletter",    "outbrain", "overlay",   "pager",     "pagination",
	"paywall",     "popular",     "popup",        "print",         "promo",    "promoted",  "rail",      "rating",
	"recirc",      "recommended", "registration", "related",       "replies",  "respond",   "share",     "sharing",
	"sidebar",     "signup",      "skip",         "social",        "sponsor",  "sponsored", "subscribe", "subscription",
	"taboola",     "tags",        "teaser",       "teasers",       "toolbar",  "topics",    "trending",  "widget",
	"widgets",
};
static const char *const body[] = {
	"articlebody", "articletext", "bodytext",    "content", "entry",
	"maincontent", "post",        "postcontent", "story",   "storybody",
};

static int compare_words(const void *key, const void *row)
{
	return strcmp(key, *(const char *const *)row);
}

static bool is_listed(const char *word, const char *const *list, size_t n)
{
	return bsearch(word, list, n, sizeof *list, compare_words) != NULL;
}

/* Walks over the words of a value: letters, cut at other bytes and before a capital behind a small letter ("relatedLinks"). */
static const char *next_word(const char *at, char word[NV_HINT_MAX])
{
	size_t n = 0;
	while (*at && !nv_byte_is_letter((unsigned char)*at))
		at++;
	bool small = false;
	while (nv_byte_is_letter((unsigned char)*at) && !(small && nv_byte_is_upper((unsigned char)*at))) {
		small = !nv_byte_is_upper((unsigned char)*at);
		if (n + 1 < NV_HINT_MAX)
			word[n++] = nv_byte_fold((unsigned char)*at);
		at++;
	}
	word[n] = '\0';
	return n > 0 ? at : NULL;
}

static bool has_word(const char *value, const char *const *list, size_t n)
{
	char word[NV_HINT_MAX];
	while ((value = next_word(value, word))) {
		if (is_listed(word, list, n))
			return true;
	}
	return false;
}

bool nv_hint_is_around(const char *value)
{
	return has_word(value, around, sizeof around / sizeof *around);
}

bool nv_hint_is_body(const char *value)
{
	if (has_word(value, body, sizeof body / sizeof *body))
		return true;
	char word[NV_HINT_MAX];
	const char *next = next_word(value, word);
	/* "articleBody", "article-text", "story_body" */
	bool article = next && (strcmp(word, "article") == 0 || strcmp(word, "news") == 0);
	return article && next_word(next, word) &&
	       (strcmp(word, "body") == 0 || strcmp(word, "text") == 0 || strcmp(word, "content") == 0);
}
