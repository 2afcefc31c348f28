/* SPDX-License-Identifier: Apache-2.0
 *
 * The tags are followed by depth: the root, the channel (in Atom the root itself), the items in either, and the elements of an item that
 * lie directly in it. Several elements may give one field: each has a rank, and the lowest counts, of equals the first that is not blank.
 */
#include "data/feed.h"

#include "base/alloc.h"
#include "data/markup.h"

#include <string.h>

enum { NV_ROOT_NAME_MAX = 64 };

typedef enum feed_kind { NO_FEED, FEED_RSS, FEED_RDF, FEED_ATOM } feed_kind;

typedef enum name_space { SPACE_OTHER, SPACE_FEED, SPACE_CONTENT, SPACE_DC } name_space;

/* A value under way or chosen. */
typedef struct value {
	nv_buf text;
	unsigned rank;
	bool html;
} value;

struct nv_feed {
	nv_xml *xml;
	uint64_t max_item;
	feed_kind kind;
	char root[NV_ROOT_NAME_MAX];  /* name, once it has been read */
	size_t depth;                 /* open tags */
	size_t channel, item, origin; /* depth of the open one; 0: none. origin: an Atom entry's <source> */
	value found[NV_N_FEED];       /* of the item; before the first, of the root */
	value open;                   /* the element that is read */
	nv_feed_field field;          /* of it */
	size_t collecting;            /* its depth; 0: none */
	bool escape;                  /* its tags are its own (xhtml), and become text again */
	bool of_channel;              /* it is the feed's own title */
	nv_buf title;                 /* of the feed */
	uint64_t line, size;          /* of the item; before the first, of the root */
	nv_buf *items;
};

/* ---- Names ---- */

static name_space space_of(const char *space)
{
	static const struct {
		const char *address;
		name_space is;
	} known[] = {
		{"http://www.w3.org/2005/Atom", SPACE_FEED},      {"http://purl.org/atom/ns#", SPACE_FEED},
		{"http://purl.org/rss/1.0/", SPACE_FEED},         {"http://my.netscape.com/rdf/simple/0.9/", SPACE_FEED},
		{"http://backend.userland.com/rss2", SPACE_FEED}, {"http://purl.org/rss/1.0/modules/content/", SPACE_CONTENT},
		{"http://purl.org/dc/elements/1.1/", SPACE_DC},
	};
	if (!space)
		return SPACE_FEED;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(space, known[i].address) == 0)
			return known[i].is;
	}
	return SPACE_OTHER;
}

typedef struct element {
	const char *name;
	name_space space;
	nv_feed_field field;
	unsigned rank;
} element;

static const element *element_of(const nv_xml_tag *tag)
{
	static const element known[] = {
		{"title", SPACE_FEED, NV_FEED_TITLE, 0},      {"title", SPACE_DC, NV_FEED_TITLE, 1},
		{"encoded", SPACE_CONTENT, NV_FEED_TEXT, 0},  {"content", SPACE_FEED, NV_FEED_TEXT, 0},
		{"description", SPACE_FEED, NV_FEED_TEXT, 1}, {"summary", SPACE_FEED, NV_FEED_TEXT, 1},
		{"pubDate", SPACE_FEED, NV_FEED_DATE, 0},     {"published", SPACE_FEED, NV_FEED_DATE, 0},
		{"issued", SPACE_FEED, NV_FEED_DATE, 0},      {"date", SPACE_DC, NV_FEED_DATE, 1},
		{"updated", SPACE_FEED, NV_FEED_DATE, 2},     {"modified", SPACE_FEED, NV_FEED_DATE, 2},
		{"guid", SPACE_FEED, NV_FEED_ID, 0},          {"id", SPACE_FEED, NV_FEED_ID, 0},
		{"link", SPACE_FEED, NV_FEED_LINK, 0},        {"source", SPACE_FEED, NV_FEED_SOURCE, 0},
	};
	name_space space = space_of(tag->space);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (space == known[i].space && strcmp(tag->name, known[i].name) == 0)
			return &known[i];
	}
	return NULL;
}

static bool is_named(const nv_xml_tag *tag, const char *name)
{
	return strcmp(tag->name, name) == 0 && space_of(tag->space) == SPACE_FEED;
}

static feed_kind kind_of(nv_str name)
{
	return nv_str_is(name, "rss")    ? FEED_RSS
	       : nv_str_is(name, "feed") ? FEED_ATOM
	       : nv_str_is(name, "RDF")  ? FEED_RDF
	                                 : NO_FEED;
}

/* ---- Values ---- */

static nv_str trim(nv_str s)
{
	while (s.len > 0 && (unsigned char)s.ptr[0] <= ' ') {
		s.ptr++;
		s.len--;
	}
	while (s.len > 0 && (unsigned char)s.ptr[s.len - 1] <= ' ')
		s.len--;
	return s;
}

static nv_str text_of(const nv_buf *buf)
{
	return trim((nv_str){buf->ptr, buf->len});
}

static void clear_value(value *v)
{
	nv_buf_clear(&v->text);
	v->rank = 0;
	v->html = false;
}

/* An item that has become too long is read on, but not kept. */
static void add_text(nv_feed *feed, const char *bytes, size_t len)
{
	feed->size += len;
	if (feed->size <= feed->max_item)
		nv_buf_add(&feed->open.text, bytes, len);
}

static void take(nv_feed *feed, nv_feed_field field, nv_str text, unsigned rank)
{
	clear_value(&feed->open);
	feed->open.rank = rank;
	feed->field = field;
	add_text(feed, text.ptr, text.len);
}

/* What was read counts if the field has nothing better. */
static void settle(nv_feed *feed)
{
	value *had = &feed->found[feed->field], kept = *had;
	if (text_of(&feed->open.text).len == 0 || (text_of(&had->text).len > 0 && had->rank <= feed->open.rank))
		return;
	*had = feed->open;
	feed->open = kept;
}

/* What its `type` says of a text of Atom (RFC 4287, section 3.1 and 4.1.3): false: it is of another kind, as a picture. */
static bool tell_type(nv_feed *feed, nv_str type)
{
	feed->escape = nv_str_is(type, "xhtml") || nv_str_is(type, "application/xhtml+xml");
	feed->open.html = feed->escape || nv_str_is(type, "html") || nv_str_is(type, "text/html");
	return feed->open.html || type.len == 0 || nv_str_is(type, "text") || nv_str_is(type, "text/plain");
}

/* RSS: text is HTML, though nothing says so; a title is none. */
static bool tell_html(nv_feed *feed, const nv_xml_tag *tag)
{
	feed->escape = false;
	if (feed->kind == FEED_ATOM && feed->field <= NV_FEED_TEXT)
		return tell_type(feed, nv_xml_attribute(tag, "type"));
	feed->open.html = feed->field == NV_FEED_TEXT;
	return true;
}

/* ---- Items ---- */

static void begin_item(nv_feed *feed, const nv_xml_tag *tag)
{
	feed->item = feed->depth;
	feed->line = nv_xml_line(feed->xml);
	feed->size = 0;
	for (size_t i = 0; i < NV_N_FEED; i++)
		clear_value(&feed->found[i]);
	take(feed, NV_FEED_ID, nv_xml_attribute(tag, "about"), 1);
	settle(feed);
}

static void end_item(nv_feed *feed)
{
	nv_feed_item item = {.line = feed->line, .too_long = feed->size > feed->max_item};
	for (size_t i = 0; i < NV_N_FEED && !item.too_long; i++) {
		item.value[i] = text_of(&feed->found[i].text);
		item.html[i] = feed->found[i].html;
	}
	if (!item.too_long && item.value[NV_FEED_SOURCE].len == 0)
		item.value[NV_FEED_SOURCE] = text_of(&feed->title);
	feed->item = 0;
	nv_buf_add(feed->items, (const char *)&item, sizeof item);
	for (size_t i = 0; i < NV_N_FEED; i++)
		nv_buf_add(feed->items, item.value[i].ptr, item.value[i].len);
}

bool nv_feed_next(nv_str *items, nv_feed_item *item)
{
	if (items->len < sizeof *item)
		return false;
	memcpy(item, items->ptr, sizeof *item);
	const char *at = items->ptr + sizeof *item, *end = items->ptr + items->len;
	for (size_t i = 0; i < NV_N_FEED; i++) {
		item->value[i].ptr = at;
		at += item->value[i].len;
	}
	*items = (nv_str){at, (size_t)(end - at)};
	return true;
}

/* ---- Tags ---- */

static void collect(nv_feed *feed, const nv_xml_tag *tag, const element *is)
{
	take(feed, is->field, (nv_str){NULL, 0}, is->rank);
	feed->collecting = tell_html(feed, tag) ? feed->depth : 0;
}

/* <link href>, as Atom has it, counts when it leads to the article's page. */
static void take_link(nv_feed *feed, const nv_xml_tag *tag)
{
	nv_str rel = nv_xml_attribute(tag, "rel");
	if (rel.len > 0 && !nv_str_is(rel, "alternate"))
		return;
	take(feed, NV_FEED_LINK, nv_xml_attribute(tag, "href"), 0);
	settle(feed);
}

static void open_in_item(nv_feed *feed, const nv_xml_tag *tag)
{
	const element *is = element_of(tag);
	if (feed->origin > 0 && feed->depth == feed->origin + 1 && is_named(tag, "title"))
		collect(feed, tag, &(element){.field = NV_FEED_SOURCE});
	if (feed->depth != feed->item + 1 || !is)
		return;
	if (is->field == NV_FEED_SOURCE && feed->kind == FEED_ATOM)
		feed->origin = feed->depth;
	else if (is->field == NV_FEED_LINK && nv_xml_attribute(tag, "href").ptr)
		take_link(feed, tag);
	else
		collect(feed, tag, is);
}

/* Elements inside a value that is read: those of xhtml are written out again, as those of RSS that should have been escaped. */
static void write_tag(nv_feed *feed, const char *start, const char *name)
{
	if (!feed->open.html)
		return;
	add_text(feed, start, strlen(start));
	add_text(feed, name, strlen(name));
	add_text(feed, ">", 1);
}

static void read_root(nv_feed *feed, const nv_xml_tag *tag)
{
	feed->kind = kind_of(nv_str_of(tag->name));
	feed->line = nv_xml_line(feed->xml);
	size_t len = strlen(tag->name);
	len = len < sizeof feed->root ? len : sizeof feed->root - 1;
	memcpy(feed->root, tag->name, len);
	feed->channel = feed->kind == FEED_ATOM ? 1 : 0;
}

static void open_outside(nv_feed *feed, const nv_xml_tag *tag)
{
	bool is_item = is_named(tag, feed->kind == FEED_ATOM ? "entry" : "item");
	if (is_item)
		begin_item(feed, tag);
	else if (feed->depth == 2 && is_named(tag, "channel"))
		feed->channel = feed->depth;
	else if (feed->channel > 0 && feed->depth == feed->channel + 1 && is_named(tag, "title") && feed->title.len == 0) {
		feed->size = 0;
		feed->of_channel = true;
		collect(feed, tag, &(element){.field = NV_FEED_TITLE});
	}
}

static void open_tag(void *user, const nv_xml_tag *tag)
{
	nv_feed *feed = user;
	feed->depth++;
	if (feed->depth == 1)
		read_root(feed, tag);
	else if (feed->kind == NO_FEED)
		return;
	else if (feed->collecting > 0)
		write_tag(feed, "<", tag->name);
	else if (feed->item > 0)
		open_in_item(feed, tag);
	else
		open_outside(feed, tag);
}

static void end_collecting(nv_feed *feed)
{
	feed->collecting = 0;
	if (feed->of_channel) {
		nv_str title = text_of(&feed->open.text);
		nv_buf_add(&feed->title, title.ptr, title.len);
		feed->of_channel = false;
	} else {
		settle(feed);
	}
}

static void close_tag(void *user, const char *name)
{
	nv_feed *feed = user;
	if (feed->depth == feed->collecting)
		end_collecting(feed);
	else if (feed->collecting > 0)
		write_tag(feed, "</", name);
	if (feed->depth == feed->origin)
		feed->origin = 0;
	if (feed->item > 0 && feed->depth == feed->item)
		end_item(feed);
	if (feed->depth == feed->channel)
		feed->channel = 0;
	feed->depth--;
}

static void take_text(void *user, const char *bytes, size_t len)
{
	nv_feed *feed = user;
	if (feed->collecting == 0)
		return;
	if (!feed->escape) {
		add_text(feed, bytes, len);
		return;
	}
	for (size_t i = 0; i < len; i++) {
		const char *as = bytes[i] == '<' ? "&lt;" : bytes[i] == '&' ? "&amp;" : NULL;
		add_text(feed, as ? as : bytes + i, as ? strlen(as) : 1);
	}
}

/* ---- The whole ---- */

int nv_feed_new(nv_feed **feed, uint64_t max_item, bool is_utf8, nv_error *err)
{
	nv_feed *made = nv_alloc_zero(1, sizeof *made);
	if (!made)
		return nv_fail_memory(err);
	made->max_item = max_item;
	int code = nv_xml_new(&made->xml, &(nv_xml_events){open_tag, close_tag, take_text, made}, is_utf8, err);
	if (code) {
		nv_free(made);
		return code;
	}
	*feed = made;
	return NV_OK;
}

void nv_feed_free(nv_feed *feed)
{
	if (!feed)
		return;
	nv_xml_free(feed->xml);
	for (size_t i = 0; i < NV_N_FEED; i++)
		nv_buf_release(&feed->found[i].text);
	nv_buf_release(&feed->open.text);
	nv_buf_release(&feed->title);
	nv_free(feed);
}

static bool lacks_memory(const nv_feed *feed)
{
	bool failed = feed->open.text.failed || feed->title.failed;
	for (size_t i = 0; i < NV_N_FEED; i++)
		failed |= feed->found[i].text.failed;
	return failed;
}

int nv_feed_add(nv_feed *feed, nv_str bytes, nv_buf *items, nv_error *err)
{
	feed->items = items;
	int code = nv_xml_add(feed->xml, bytes.ptr, bytes.len, err);
	feed->items = NULL;
	if (lacks_memory(feed) || items->failed)
		return nv_fail_memory(err);
	if (nv_feed_is_other(feed))
		return nv_fail_at(err, NV_E_RECORD, NULL, feed->line, 0,
		                  "XML, but no feed: expected <rss>, <feed> or <RDF>, and found <%s>", feed->root);
	return code;
}

int nv_feed_end(nv_feed *feed, nv_error *err)
{
	return nv_xml_end(feed->xml, err);
}

bool nv_feed_is_other(const nv_feed *feed)
{
	return feed->root[0] != '\0' && feed->kind == NO_FEED;
}

uint64_t nv_feed_line(const nv_feed *feed)
{
	return nv_xml_line(feed->xml);
}

/* ---- By the first bytes ---- */

static nv_str behind(nv_str s, const char *mark)
{
	size_t len = strlen(mark);
	const char *at = s.len >= len ? memmem(s.ptr, s.len, mark, len) : NULL;
	return at ? (nv_str){at + len, (size_t)(s.ptr + s.len - at) - len} : (nv_str){NULL, 0};
}

static bool begins(nv_str s, const char *mark)
{
	size_t len = strlen(mark);
	return s.len >= len && memcmp(s.ptr, mark, len) == 0;
}

/* White space, declarations and comments before the root are left out. */
static nv_str skip_prolog(nv_str s)
{
	s = begins(s, "\xEF\xBB\xBF") ? (nv_str){s.ptr + 3, s.len - 3} : s;
	for (s = trim(s); s.len > 0; s = trim(s)) {
		if (begins(s, "<?"))
			s = behind(s, "?>");
		else if (begins(s, "<!--"))
			s = behind(s, "-->");
		else if (begins(s, "<!"))
			s = behind(s, ">");
		else
			break;
	}
	return s;
}

bool nv_feed_begins(nv_str start)
{
	nv_str s = skip_prolog(start);
	size_t from = 1, to = 1;
	if (s.len == 0 || s.ptr[0] != '<')
		return false;
	for (; to < s.len && !strchr(" \t\r\n/>", s.ptr[to]); to++)
		from = s.ptr[to] == ':' ? to + 1 : from;
	return to < s.len && kind_of((nv_str){s.ptr + from, to - from}) != NO_FEED;
}
