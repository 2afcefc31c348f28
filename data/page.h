/* SPDX-License-Identifier: Apache-2.0
 *
 * page.h: the article of a web page: its main text, and title, date and site from what the page says about itself (Open Graph, JSON-LD,
 * <meta>, <time>, <title>, <h1>, in the order that page_about.c gives).
 *
 * How the text is found: the page is cut into blocks at block-level tags, and each is weighed by shallow features, words, words in links,
 * how it ends and what tag it has (Kohlschuetter, Fankhauser, Nejdl: Boilerplate Detection using Shallow Text Features, WSDM 2010). Tags
 * and class names that name something else (navigation, comments, related articles) take their blocks out, unless most of the page's
 * text is in them. The smallest element that holds most of the weight is the article, an idea of text density on the tree of tags
 * (Sun, Song, Liao: DOM Based Content Extraction via Text Density, SIGIR 2011); of it the blocks that read like text are kept.
 *
 * Thread rule: an nv_page is one thread's, and is reused from page to page without new allocations.
 */
#ifndef NV_DATA_PAGE_H
#define NV_DATA_PAGE_H

#include "base/str.h"

typedef struct nv_page nv_page;

/* Views into the page, valid until the next nv_page_read. */
typedef struct nv_page_article {
	nv_str title, text;  /* paragraphs parted by blank lines */
	nv_str date;         /* as YYYY-MM-DD; "" where the page tells none */
	nv_str source;       /* the site's name; "" where the page tells none */
	uint64_t ill_formed; /* bytes replaced by U+FFFD */
} nv_page_article;

int nv_page_new(nv_page **page, nv_error *err);
void nv_page_free(nv_page *page); /* NULL is fine */

/* html: any bytes. Its encoding is that of its byte order mark, of `charset` (from HTTP; may be empty), of its <meta>, UTF-8 when it is
 * well-formed as such, or else Windows-1252. NV_E_RECORD: no text found, or tags nested too deep. NV_E_INPUT: there is
 * no libxml2. */
int nv_page_read(nv_page *page, nv_str html, nv_str charset, nv_page_article *article, nv_error *err);

/* The host in an address, as "example.org" in "https://www.example.org/a"; "": none. A view. */
nv_str nv_page_host(nv_str url);

/* The text of a piece of HTML (well-formed UTF-8), as feeds hold it: all of it, without choosing. Valid until the next call.
 * NV_E_RECORD: tags nested too deep. NV_E_INPUT: there is no libxml2. */
int nv_page_text(nv_page *page, nv_str html, nv_str *text, nv_error *err);

#endif
