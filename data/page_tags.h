/* SPDX-License-Identifier: Apache-2.0
 *
 * page_tags.h: what an HTML tag and the words of its class and id say about the text inside. For page*.c alone.
 */
#ifndef NV_DATA_PAGE_TAGS_H
#define NV_DATA_PAGE_TAGS_H

#include <stdbool.h>
#include <stddef.h>

/* How a tag cuts text. */
typedef enum nv_tag_kind {
	NV_TAG_INLINE, /* goes on with the line: a, em, span, and what is not known */
	NV_TAG_BLOCK,  /* begins and ends a block: div, section, table, … */
	NV_TAG_TEXT,   /* a block that is meant to hold running text: p, li, blockquote, … */
	NV_TAG_HEADING,
	NV_TAG_BREAK,  /* br */
	NV_TAG_SILENT, /* what is inside is not shown, or is no text: script, style, select, … */
} nv_tag_kind;

enum {
	NV_TAG_LINK = 1,    /* a */
	NV_TAG_ASIDE = 2,   /* nav, aside, footer, form, …: not the page's article */
	NV_TAG_ARTICLE = 4, /* article, main: may well be it */
	NV_TAG_HEADER = 8,  /* header: title and standfirst, or the site's own */
	NV_TAG_FIRST = 16,  /* h1 */
	NV_TAG_PAGE = 32,   /* html, body: their classes say nothing about a part */
	NV_TAG_PART = 64,   /* ul, table, figure, …: parts of running text, where div and section are boxes */
};

typedef struct nv_tag {
	nv_tag_kind kind;
	unsigned flags;
} nv_tag;

nv_tag nv_tag_of(const char *name);
/* Whether a word of a class or an id ("post-comments", "relatedLinks") names what stands around articles. */
bool nv_hint_is_around(const char *value);
/* Whether it names an article's own text, as "articleBody" and "entry-content" do. */
bool nv_hint_is_body(const char *value);

#endif
