/* SPDX-License-Identifier: Apache-2.0
 *
 * page_parts.h: what the steps of page.h hand on: page_blocks.c fills blocks and elements, page_choose.c marks the blocks to keep,
 * page_about.c collects what the page says about itself. For page*.c alone.
 */
#ifndef NV_DATA_PAGE_PARTS_H
#define NV_DATA_PAGE_PARTS_H

#include "base/str.h"
#include "data/page_tags.h"

#define NV_NO_ELEMENT UINT32_MAX

/* A block-level element. */
typedef struct nv_page_element {
	uint32_t parent; /* NV_NO_ELEMENT: none */
	nv_tag_kind kind;
	unsigned flags;            /* NV_TAG_… */
	bool around, body, hidden; /* what its attributes say */
	uint32_t boxes;            /* around it and itself: div, section, … */
	uint64_t weight;           /* inside: sum of the squared words of blocks that read like an article's text */
	bool out;                  /* decided: nothing in it is the article's */
	bool below;                /* the article's element, or inside it */
} nv_page_element;

/* A run of text between two block-level tags. */
typedef struct nv_page_block {
	size_t at, len;   /* in nv_page_blocks.text */
	uint32_t element; /* the innermost block-level one */
	uint32_t words, link_words;
	nv_tag_kind kind; /* of the nearest TEXT or HEADING around it, or BLOCK */
	bool first;       /* h1 */
	bool keep;
} nv_page_block;

typedef struct nv_page_blocks {
	nv_buf text;
	nv_page_element *element; /* [n_element], parents first */
	size_t n_element, cap_element;
	nv_page_block *block; /* [n_block] in the page's order */
	size_t n_block, cap_block;
	/* While reading: */
	uint32_t current;         /* element */
	uint32_t in_link, silent; /* depth inside a, inside silent tags */
	nv_page_block open;       /* the block under way */
	bool space;               /* white space is due before the next word */
	bool in_word;
	size_t word_at;       /* in text */
	unsigned char *stack; /* [depth] what each open tag was */
	size_t depth, cap_stack;
	bool failed;
} nv_page_blocks;

void nv_page_blocks_clear(nv_page_blocks *b);
void nv_page_blocks_release(nv_page_blocks *b);
void nv_page_blocks_open(nv_page_blocks *b, nv_tag tag, const char *const *attribute);
void nv_page_blocks_text(nv_page_blocks *b, const char *bytes, size_t len);
void nv_page_blocks_close(nv_page_blocks *b);
void nv_page_blocks_end(nv_page_blocks *b);

/* Marks what to keep; false: nothing. */
bool nv_page_choose(nv_page_blocks *b);

/* What a page says about itself. Values are copied into `text` as they come. */
typedef enum nv_about_kind {
	NV_ABOUT_OG_TITLE,
	NV_ABOUT_LD_TITLE,
	NV_ABOUT_H1,
	NV_ABOUT_TITLE,
	NV_ABOUT_LD_DATE,
	NV_ABOUT_META_DATE,
	NV_ABOUT_TIME,
	NV_ABOUT_OG_SITE,
	NV_ABOUT_LD_SITE,
	NV_ABOUT_META_SITE,
	NV_ABOUT_URL,
	NV_N_ABOUT,
} nv_about_kind;

typedef struct nv_page_about {
	nv_buf text;
	struct {
		size_t at, len;
	} value[NV_N_ABOUT]; /* the first of each kind; len 0: none */
	nv_buf collected;    /* text of the title, h1 or script under way */
	int collecting;      /* nv_about_kind, NV_N_ABOUT: JSON-LD, or -1: nothing */
	size_t collect_depth, depth;
} nv_page_about;

void nv_page_about_clear(nv_page_about *a);
void nv_page_about_release(nv_page_about *a);
void nv_page_about_open(nv_page_about *a, const char *name, const char *const *attribute);
void nv_page_about_text(nv_page_about *a, const char *bytes, size_t len);
void nv_page_about_close(nv_page_about *a);
nv_str nv_page_about_get(const nv_page_about *a, nv_about_kind kind);
/* headline, datePublished and publisher of the first object of a kind of article in a JSON-LD script (page_ld.c). */
void nv_page_about_ld(nv_page_about *a, nv_str json);
void nv_page_about_set(nv_page_about *a, nv_about_kind kind, nv_str value); /* unless it has one */

#endif
