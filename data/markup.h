/* SPDX-License-Identifier: Apache-2.0
 *
 * markup.h: HTML and XML as streams of tags and texts, by libxml2's SAX interfaces: no tree is built, nothing is fetched. HTML is read as
 * browsers do, whatever is wrong with it, and what its author forgot to close is closed. XML comes in pieces of any size, must be
 * well-formed, and may not declare entities.
 *
 * Thread rule: any number of threads, each with its own call.
 */
#ifndef NV_DATA_MARKUP_H
#define NV_DATA_MARKUP_H

#include "base/str.h"

#define NV_MARKUP_DEPTH 1024 /* tags inside each other */

/* Every opened tag is closed, in order. Names are in lower case. Texts come in pieces, with
 * references decoded. All strings live during the call only. */
typedef struct nv_markup {
	/* attribute: [2 n + 1] names and values in turn (values may be NULL), then NULL; NULL where there are none. */
	void (*open)(void *user, const char *name, const char *const *attribute);
	void (*close)(void *user, const char *name);
	void (*text)(void *user, const char *bytes, size_t len);
	void *user;
} nv_markup;

/* page: well-formed UTF-8. NV_E_RECORD: more than NV_MARKUP_DEPTH tags inside each other. NV_E_INPUT: there is no libxml2. */
int nv_markup_html(nv_str page, const nv_markup *markup, nv_error *err);

/* ---- XML: new -> add for each piece -> end -> free ---- */

/* A tag that opens; lives during the call only. */
typedef struct nv_xml_tag {
	const char *name;      /* without its prefix */
	const char *space;     /* the address of its namespace; an undeclared prefix; NULL: none */
	const void *attribute; /* for nv_xml_attribute */
	size_t n_attribute;
} nv_xml_tag;

/* Every opened tag of a well-formed document is closed, in order. Texts come in pieces, with references decoded: XML's, and the names that
 * HTML has for characters, which feeds use without declaring them. */
typedef struct nv_xml_events {
	void (*open)(void *user, const nv_xml_tag *tag);
	void (*close)(void *user, const char *name);
	void (*text)(void *user, const char *bytes, size_t len);
	void *user;
} nv_xml_events;

typedef struct nv_xml nv_xml;

/* The encoding is what the document says and begins with; is_utf8: it has been converted, whatever it says. NV_E_INPUT: there is no libxml2. */
int nv_xml_new(nv_xml **xml, const nv_xml_events *events, bool is_utf8, nv_error *err);
void nv_xml_free(nv_xml *xml); /* NULL is fine */
/* NV_E_RECORD with the line in the document: not well-formed, or an entity is declared. Nothing more is read then, and the error stays. */
int nv_xml_add(nv_xml *xml, const char *bytes, size_t len, nv_error *err);
int nv_xml_end(nv_xml *xml, nv_error *err); /* the document has ended */
uint64_t nv_xml_line(const nv_xml *xml);    /* 1-based, where the reading is: inside a callback, at the tag */
nv_str nv_xml_attribute(const nv_xml_tag *tag, const char *name); /* whatever its prefix; "" (NULL): there is none */

#endif
