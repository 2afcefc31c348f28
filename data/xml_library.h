/* SPDX-License-Identifier: Apache-2.0
 *
 * xml_library.h: libxml2, opened when the first page or feed is read and not when the program starts: loading it, ICU and the C++ library,
 * which it draws in, takes longer than classifying an article (docs/decisions/0013). The one place that includes its headers;
 * data/markup.h is what the rest of the library reads pages and feeds by.
 *
 * Thread rule: any thread, at any time.
 */
#ifndef NV_DATA_XML_LIBRARY_H
#define NV_DATA_XML_LIBRARY_H

#include "base/error.h"

#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

/* What is called of it. */
#define NV_XML_FUNCTIONS(each)                                                                                 \
	each(htmlCreateMemoryParserCtxt) each(htmlCtxtUseOptions) each(htmlFreeParserCtxt) each(htmlParseDocument) \
		each(xmlCreatePushParserCtxt) each(xmlCtxtUseOptions) each(xmlFreeDoc) each(xmlFreeParserCtxt)         \
			each(xmlInitParser) each(xmlParseChunk) each(xmlStopParser) each(xmlSwitchEncoding)

/* Each function under its own name, with the type that its header declares, so that the compiler checks the calls. */
typedef struct nv_xml_library {
#define NV_XML_MEMBER(name) __typeof__(name) *(name);
	NV_XML_FUNCTIONS(NV_XML_MEMBER)
#undef NV_XML_MEMBER
} nv_xml_library;

/* The library, opened and initialised once, never closed. NULL, NV_E_INPUT: it is not there, or not the one that newsvane was built for; every
 * later call fails likewise. */
const nv_xml_library *nv_xml_library_get(nv_error *err);

/* What nv_xml_library_get does once: opens the shared library of that name, which stays open, and fills in *library. */
int nv_xml_library_open(nv_xml_library *library, const char *name, nv_error *err);

#endif
