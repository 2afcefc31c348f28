/* SPDX-License-Identifier: Apache-2.0 */
#include "data/markup.h"

#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { NV_ATTRIBUTES_MAX = 64 };

typedef struct reader {
	const nv_markup *markup;
	xmlParserCtxt *parser;
	size_t depth;
	bool too_deep;
} reader;

/* The parser's tables are made once, before several threads may want them. */
static void prepare(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, xmlInitParser);
}

/* Callbacks get the parser, which libxml2's own ones for declarations and entities need. */
static reader *reader_of(void *context)
{
	const xmlParserCtxt *parser = context;
	return parser->_private;
}

static const char *text_of(const xmlChar *s)
{
	return (const char *)s;
}

static bool go_down(reader *r)
{
	if (r->depth == NV_MARKUP_DEPTH) {
		r->too_deep = true;
		xmlStopParser(r->parser);
	}
	r->depth += !r->too_deep;
	return !r->too_deep;
}

static void close_tag(reader *r, const xmlChar *name)
{
	if (r->too_deep || r->depth == 0)
		return;
	r->depth--;
	r->markup->close(r->markup->user, text_of(name));
}

static void take_text(void *context, const xmlChar *bytes, int len)
{
	reader *r = reader_of(context);
	if (!r->too_deep && len > 0)
		r->markup->text(r->markup->user, text_of(bytes), (size_t)len);
}

static int end_reading(const reader *r, nv_error *err)
{
	if (r->too_deep)
		return nv_fail(err, NV_E_RECORD, "more than %d tags inside each other", NV_MARKUP_DEPTH);
	return r->parser->errNo == XML_ERR_NO_MEMORY ? nv_fail_memory(err) : NV_OK;
}

/* ---- HTML ---- */

static void open_html(void *context, const xmlChar *name, const xmlChar **attribute)
{
	reader *r = reader_of(context);
	if (go_down(r))
		r->markup->open(r->markup->user, text_of(name), NULL, (const char *const *)(const void *)attribute);
}

static void close_html(void *context, const xmlChar *name)
{
	close_tag(reader_of(context), name);
}

/* The encoding is set before the parser sees a <meta> that says another. */
int nv_markup_html(nv_str page, const nv_markup *markup, nv_error *err)
{
	reader r = {.markup = markup};
	prepare();
	if (page.len == 0 || page.len > INT_MAX)
		return page.len ? nv_fail(err, NV_E_RECORD, "a page of more than 2 GiB") : NV_OK;
	r.parser = htmlCreateMemoryParserCtxt(page.ptr, (int)page.len);
	if (!r.parser)
		return nv_fail_memory(err);
	htmlCtxtUseOptions(r.parser, HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	r.parser->options |= XML_PARSE_HUGE;
	memset(r.parser->sax, 0, sizeof *r.parser->sax);
	r.parser->sax->startElement = open_html;
	r.parser->sax->endElement = close_html;
	r.parser->sax->characters = r.parser->sax->ignorableWhitespace = r.parser->sax->cdataBlock = take_text;
	r.parser->_private = &r;
	xmlSwitchEncoding(r.parser, XML_CHAR_ENCODING_UTF8);
	htmlParseDocument(r.parser);
	int code = end_reading(&r, err);
	htmlFreeParserCtxt(r.parser);
	return code;
}

/* ---- XML ---- */

/* Values end where the parser says, not with a NUL: they are copied. */
static bool copy_attributes(int n, const xmlChar **from, const char **attribute, nv_buf *values)
{
	size_t at[NV_ATTRIBUTES_MAX], count = 0;
	for (int i = 0; i < n && count < NV_ATTRIBUTES_MAX; i++, from += 5, count++) {
		at[count] = values->len;
		attribute[2 * count] = text_of(from[0]);
		nv_buf_add(values, text_of(from[3]), (size_t)(from[4] - from[3]));
		nv_buf_add_char(values, '\0');
	}
	for (size_t i = 0; i < count && !values->failed; i++)
		attribute[2 * i + 1] = values->ptr + at[i];
	attribute[2 * count] = NULL;
	return !values->failed;
}

static void open_xml(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space, int n_space,
                     const xmlChar **spaces, int n_attribute, int n_default, const xmlChar **attributes)
{
	reader *r = reader_of(context);
	const char *attribute[2 * NV_ATTRIBUTES_MAX + 1];
	nv_buf values = NV_BUF_INIT;
	(void)prefix, (void)n_space, (void)spaces, (void)n_default;
	if (!go_down(r))
		return;
	if (!copy_attributes(n_attribute, attributes, attribute, &values))
		attribute[0] = NULL;
	r->markup->open(r->markup->user, text_of(name), text_of(space), attribute);
	nv_buf_release(&values);
}

static void close_xml(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
	(void)prefix, (void)space;
	close_tag(reader_of(context), name);
}

static int tell_error(const reader *r, nv_error *err)
{
	const xmlError *why = xmlCtxtGetLastError(r->parser);
	char message[200] = "it is not well-formed";
	if (why && why->message) {
		snprintf(message, sizeof message, "%s", why->message);
		message[strcspn(message, "\n")] = '\0';
	}
	return nv_fail_at(err, NV_E_RECORD, NULL, why && why->line > 0 ? (uint64_t)why->line : 0, 0, "not XML: %s",
	                  message);
}

/* Entities stay what the parser's own handlers make of them, which know only those of the document itself. */
int nv_markup_xml(nv_str document, const nv_markup *markup, nv_error *err)
{
	reader r = {.markup = markup};
	prepare();
	if (document.len == 0 || document.len > INT_MAX)
		return nv_fail(err, NV_E_RECORD, document.len ? "a document of more than 2 GiB" : "an empty document");
	r.parser = xmlCreateMemoryParserCtxt(document.ptr, (int)document.len);
	if (!r.parser)
		return nv_fail_memory(err);
	xmlCtxtUseOptions(r.parser,
	                  XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOCDATA);
	r.parser->sax->startElementNs = open_xml;
	r.parser->sax->endElementNs = close_xml;
	r.parser->sax->characters = r.parser->sax->ignorableWhitespace = r.parser->sax->cdataBlock = take_text;
	r.parser->sax->comment = NULL;
	r.parser->sax->processingInstruction = NULL;
	r.parser->sax->externalSubset = NULL;
	r.parser->_private = &r;
	xmlParseDocument(r.parser);
	bool fine = r.parser->wellFormed;
	int code = end_reading(&r, err);
	if (code == NV_OK && !fine)
		code = tell_error(&r, err);
	if (r.parser->myDoc)
		xmlFreeDoc(r.parser->myDoc);
	xmlFreeParserCtxt(r.parser);
	return code;
}
