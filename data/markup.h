/* SPDX-License-Identifier: Apache-2.0
 *
 * markup.h: HTML as a stream of tags and texts, by libxml2's SAX interface: no tree is built. It is read as browsers do, whatever is wrong
 * with it, and what its author forgot to close is closed. Nothing is fetched.
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

/* page: well-formed UTF-8. NV_E_RECORD: more than NV_MARKUP_DEPTH tags inside each other. */
int nv_markup_html(nv_str page, const nv_markup *markup, nv_error *err);

#endif
