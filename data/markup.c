/* SPDX-License-Identifier: Apache-2.0 */
#include "data/markup.h"

#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>

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

static void open_html(void *context, const xmlChar *name, const xmlChar **attribute)
{
	reader *r = reader_of(context);
	if (go_down(r))
		r->markup->open(r->markup->user, text_of(name), (const char *const *)(const void *)attribute);
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
