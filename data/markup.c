/* SPDX-License-Identifier: Apache-2.0 */
#include "data/markup.h"

#include "base/alloc.h"
#include "data/entities.h"
#include "data/utf8.h"
#include "data/xml_library.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

typedef struct reader {
	const nv_markup *markup;
	const nv_xml_library *library;
	xmlParserCtxt *parser;
	size_t depth;
	bool too_deep;
} reader;

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
		r->library->xmlStopParser(r->parser);
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
	if (page.len == 0 || page.len > INT_MAX)
		return page.len ? nv_fail(err, NV_E_RECORD, "a page of more than 2 GiB") : NV_OK;
	r.library = nv_xml_library_get(err);
	if (!r.library)
		return NV_E_INPUT;
	r.parser = r.library->htmlCreateMemoryParserCtxt(page.ptr, (int)page.len);
	if (!r.parser)
		return nv_fail_memory(err);
	r.library->htmlCtxtUseOptions(r.parser,
	                              HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	r.parser->options |= XML_PARSE_HUGE;
	memset(r.parser->sax, 0, sizeof *r.parser->sax);
	r.parser->sax->startElement = open_html;
	r.parser->sax->endElement = close_html;
	r.parser->sax->characters = r.parser->sax->ignorableWhitespace = r.parser->sax->cdataBlock = take_text;
	r.parser->_private = &r;
	r.library->xmlSwitchEncoding(r.parser, XML_CHAR_ENCODING_UTF8);
	r.library->htmlParseDocument(r.parser);
	int code = end_reading(&r, err);
	r.library->htmlFreeParserCtxt(r.parser);
	return code;
}

/* ---- XML ---- */

struct nv_xml {
	nv_xml_events events;
	const nv_xml_library *library;
	xmlParserCtxt *parser;
	xmlEntity entity; /* what the last reference to a name of HTML stands for */
	char character[8];
	nv_error fault; /* the first one */
	bool ended;
};

static nv_xml *xml_of(void *context)
{
	const xmlParserCtxt *parser = context;
	return parser->_private;
}

/* A prefix that was never declared stands for itself, so that such names are nobody's. */
static void open_xml(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space, int n_space,
                     const xmlChar **spaces, int n_attribute, int n_default, const xmlChar **attribute)
{
	nv_xml *xml = xml_of(context);
	const nv_xml_tag tag = {text_of(name), text_of(space ? space : prefix), attribute, (size_t)n_attribute};
	(void)n_space, (void)spaces, (void)n_default;
	xml->events.open(xml->events.user, &tag);
}

static void close_xml(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
	nv_xml *xml = xml_of(context);
	(void)prefix, (void)space;
	xml->events.close(xml->events.user, text_of(name));
}

static void take_xml(void *context, const xmlChar *bytes, int len)
{
	nv_xml *xml = xml_of(context);
	if (len > 0)
		xml->events.text(xml->events.user, text_of(bytes), (size_t)len);
}

/* The only entities beside XML's own five are the characters that HTML names; the parser would take but one byte of them in attributes. */
static xmlEntity *find_entity(void *context, const xmlChar *name)
{
	nv_xml *xml = xml_of(context);
	char reference[NV_ENTITY_MAX + 1];
	uint32_t c;
	int len = snprintf(reference, sizeof reference, "&%s;", text_of(name));
	if (xml->parser->instate == XML_PARSER_ATTRIBUTE_VALUE || len <= 0 || len > NV_ENTITY_MAX ||
	    nv_entity_decode(reference, (size_t)len, &c) == 0)
		return NULL;
	xml->character[nv_utf8_encode(c, xml->character)] = 0;
	xmlChar *content = (xmlChar *)xml->character;
	xml->entity = (xmlEntity){.type = XML_ENTITY_DECL,
	                          .name = name,
	                          .content = content,
	                          .orig = content,
	                          .etype = XML_INTERNAL_PREDEFINED_ENTITY};
	return &xml->entity;
}

/* Whoever declares entities may make a few bytes mean gigabytes, or a file of ours. */
static void refuse_entity(void *context, const xmlChar *name, int type, const xmlChar *public_id,
                          const xmlChar *system_id, xmlChar *content)
{
	nv_xml *xml = xml_of(context);
	(void)type, (void)public_id, (void)system_id, (void)content;
	if (xml->fault.code == NV_OK)
		nv_fail_at(&xml->fault, NV_E_RECORD, NULL, nv_xml_line(xml), 0,
		           "the document declares the entity \"%.60s\": no entities are read", text_of(name));
	xml->library->xmlStopParser(xml->parser);
}

static void keep_fault(void *context, xmlError *why)
{
	nv_xml *xml = xml_of(context);
	if (why->level < XML_ERR_FATAL || xml->fault.code != NV_OK)
		return;
	uint64_t line = why->line > 0 ? (uint64_t)why->line : 0;
	const char *message = why->message ? why->message : "";
	if (xml->ended && why->code == XML_ERR_DOCUMENT_END)
		message = "it ends before its root does"; /* the parser's words are of what follows the root */
	if (why->code == XML_ERR_NO_MEMORY)
		nv_fail_memory(&xml->fault);
	else
		nv_fail_at(&xml->fault, NV_E_RECORD, NULL, line, 0, "not well-formed XML: %.*s", (int)strcspn(message, "\n"),
		           message);
}

int nv_xml_new(nv_xml **xml, const nv_xml_events *events, bool is_utf8, nv_error *err)
{
	static const xmlSAXHandler handlers = {.initialized = XML_SAX2_MAGIC,
	                                       .startElementNs = open_xml,
	                                       .endElementNs = close_xml,
	                                       .characters = take_xml,
	                                       .ignorableWhitespace = take_xml,
	                                       .cdataBlock = take_xml,
	                                       .getEntity = find_entity,
	                                       .entityDecl = refuse_entity,
	                                       .serror = keep_fault};
	xmlSAXHandler copy = handlers;
	const nv_xml_library *library = nv_xml_library_get(err);
	if (!library)
		return NV_E_INPUT;
	nv_xml *made = nv_alloc_zero(1, sizeof *made);
	if (!made)
		return nv_fail_memory(err);
	made->events = *events;
	made->library = library;
	made->parser = library->xmlCreatePushParserCtxt(&copy, NULL, NULL, 0, NULL);
	if (!made->parser) {
		nv_free(made);
		return nv_fail_memory(err);
	}
	made->parser->_private = made;
	/* NOENT: an ampersand in an attribute is one. There are no declared entities that could be expanded. */
	library->xmlCtxtUseOptions(made->parser, XML_PARSE_NONET | XML_PARSE_NOENT | (is_utf8 ? XML_PARSE_IGNORE_ENC : 0));
	if (is_utf8)
		library->xmlSwitchEncoding(made->parser, XML_CHAR_ENCODING_UTF8);
	*xml = made;
	return NV_OK;
}

void nv_xml_free(nv_xml *xml)
{
	if (!xml)
		return;
	if (xml->parser->myDoc)
		xml->library->xmlFreeDoc(xml->parser->myDoc);
	xml->library->xmlFreeParserCtxt(xml->parser);
	nv_free(xml);
}

static int tell_fault(const nv_xml *xml, nv_error *err)
{
	if (xml->fault.code == NV_OK)
		return NV_OK;
	return nv_fail_at(err, xml->fault.code, NULL, xml->fault.line, 0, "%s", xml->fault.message);
}

int nv_xml_add(nv_xml *xml, const char *bytes, size_t len, nv_error *err)
{
	for (size_t at = 0, n; at < len && xml->fault.code == NV_OK; at += n) {
		n = len - at < INT_MAX / 2 ? len - at : INT_MAX / 2;
		xml->library->xmlParseChunk(xml->parser, bytes + at, (int)n, 0);
	}
	return tell_fault(xml, err);
}

int nv_xml_end(nv_xml *xml, nv_error *err)
{
	xml->ended = true;
	if (xml->fault.code == NV_OK)
		xml->library->xmlParseChunk(xml->parser, NULL, 0, 1);
	return tell_fault(xml, err);
}

uint64_t nv_xml_line(const nv_xml *xml)
{
	const xmlParserInput *input = xml->parser->input;
	return input && input->line > 0 ? (uint64_t)input->line : 1;
}

nv_str nv_xml_attribute(const nv_xml_tag *tag, const char *name)
{
	const xmlChar *const *at = tag->attribute;
	for (size_t i = 0; i < tag->n_attribute; i++, at += 5) {
		if (strcmp(text_of(at[0]), name) == 0)
			return (nv_str){text_of(at[3]), (size_t)(at[4] - at[3])};
	}
	return (nv_str){NULL, 0};
}
