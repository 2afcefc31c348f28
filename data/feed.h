/* SPDX-License-Identifier: Apache-2.0
 *
 * feed.h: news feeds as items, while their bytes come in pieces: RSS 0.9x and 2.0, RSS 1.0 (RDF) and Atom (RFC 4287, and 0.3). What an
 * item has is told by names and namespaces alone; HTML inside is left as it is for page.h. Memory: one item.
 *
 * Call order: nv_feed_new -> nv_feed_add for each piece -> nv_feed_end -> nv_feed_free; nv_feed_next unpacks what add and end wrote.
 * One thread at a time.
 */
#ifndef NV_DATA_FEED_H
#define NV_DATA_FEED_H

#include "base/str.h"

typedef enum nv_feed_field {
	NV_FEED_TITLE,
	NV_FEED_TEXT,   /* content:encoded or content, else description or summary */
	NV_FEED_DATE,   /* of publication, else of the last change; as it stands there */
	NV_FEED_ID,     /* guid, id, rdf:about */
	NV_FEED_LINK,   /* address of the article's page */
	NV_FEED_SOURCE, /* the title of the feed that the item was taken from, else of this one */
	NV_N_FEED,
} nv_feed_field;

typedef struct nv_feed_item {
	uint64_t line;           /* 1-based, of its first tag */
	uint64_t too_long;       /* not 0: more than max_item bytes, and no values */
	nv_str value[NV_N_FEED]; /* without white space around; len 0: the item has none */
	bool html[NV_N_FEED];    /* the value is a piece of HTML */
} nv_feed_item;

typedef struct nv_feed nv_feed;

/* max_item: bytes that an item's values may have together. is_utf8: the bytes are, whatever the document says. NV_E_INPUT: there is no libxml2. */
int nv_feed_new(nv_feed **feed, uint64_t max_item, bool is_utf8, nv_error *err);
void nv_feed_free(nv_feed *feed); /* NULL is fine */
/* Appends the items that end in these bytes to items, packed. NV_E_RECORD with a line, also from end: not well-formed, or no feed; the
 * items before that place are given. */
int nv_feed_add(nv_feed *feed, nv_str bytes, nv_buf *items, nv_error *err);
int nv_feed_end(nv_feed *feed, nv_error *err);
bool nv_feed_is_other(const nv_feed *feed); /* the root has been read, and is no feed's */
uint64_t nv_feed_line(const nv_feed *feed); /* where the reading is */

/* Takes the next item off packed ones; false: there is none. The values are views. */
bool nv_feed_next(nv_str *items, nv_feed_item *item);

/* Whether a file that begins so is a feed, by the name of its root. */
bool nv_feed_begins(nv_str start);

#endif
