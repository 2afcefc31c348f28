/* SPDX-License-Identifier: Apache-2.0 */
#include "data/feed.h"

#include "check_main.h"
#include "faulty_alloc.h"

#include <string.h>

#define RSS(items)                                                                                           \
	"<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:media='urn:media'>\n" \
	"<channel><image><title>Logo</title></image><title> The Wire </title>\n" items "</channel></rss>\n"
#define ATOM(entries) "<feed xmlns='http://www.w3.org/2005/Atom'><title>Site</title><id>urn:f</id>" entries "</feed>"

/* Items as "LINE|title|text|date|id|link|source|;", a value of HTML with '*' before it; what is wrong as "LINE!message". */
static void list_items(nv_buf *out, const nv_buf *items)
{
	nv_str rest = {items->ptr, items->len};
	nv_feed_item item;
	while (nv_feed_next(&rest, &item)) {
		nv_buf_addf(out, "%llu|", (unsigned long long)item.line);
		if (item.too_long)
			nv_buf_add_str(out, "too long|");
		for (size_t i = 0; i < NV_N_FEED && !item.too_long; i++)
			nv_buf_addf(out, "%s%.*s|", item.html[i] ? "*" : "", (int)item.value[i].len, item.value[i].ptr);
		nv_buf_add_char(out, ';');
	}
}

static int read_pieces(nv_feed *feed, nv_str bytes, size_t piece, nv_buf *items, nv_error *err)
{
	int code = NV_OK;
	for (size_t at = 0; code == NV_OK && at < bytes.len; at += piece) {
		size_t n = bytes.len - at < piece ? bytes.len - at : piece;
		code = nv_feed_add(feed, (nv_str){bytes.ptr + at, n}, items, err);
	}
	return code == NV_OK ? nv_feed_end(feed, err) : code;
}

static void check_bytes(nv_str bytes, size_t piece, uint64_t most, const char *want)
{
	nv_feed *feed;
	nv_error err = {0};
	nv_buf items = NV_BUF_INIT, out = NV_BUF_INIT;
	ck_assert_int_eq(nv_feed_new(&feed, most, false, NULL), NV_OK);
	int code = read_pieces(feed, bytes, piece, &items, &err);
	list_items(&out, &items);
	if (code != NV_OK)
		nv_buf_addf(&out, "%llu!%s", (unsigned long long)err.line, err.message);
	ck_assert_str_eq(nv_buf_cstr(&out), want);
	nv_feed_free(feed);
	nv_buf_release(&items);
	nv_buf_release(&out);
}

static void check(const char *document, const char *want)
{
	check_bytes(nv_str_of(document), 1 << 20, 1000, want);
	check_bytes(nv_str_of(document), 1, 1000, want);
}

START_TEST(rss)
{
	check(RSS("<item><media:title>no</media:title><title>One &amp; two</title><link>https://w.example/1</link>\n"
	          "<guid>w1</guid><pubDate>Thu, 04 Mar 2021 10:00:00 GMT</pubDate><description>Short</description>"
	          "<content:encoded><![CDATA[<p>Long</p>]]></content:encoded></item>\n"
	          "<item><description>a &lt;b&gt; &nbsp;c</description><source url='u'>Elsewhere</source></item>"),
	      "3|One & two|*<p>Long</p>|Thu, 04 Mar 2021 10:00:00 GMT|w1|https://w.example/1|The Wire|;"
	      "5||*a <b> \xC2\xA0"
	      "c||||Elsewhere|;");
}
END_TEST

START_TEST(atom)
{
	check(
		ATOM("<entry><title type='html'>&lt;i&gt;A&lt;/i&gt;</title><link rel='self' href='no'/><link "
	         "href='https://a.example/?a=1&amp;b'/>"
	         "<id>urn:1</id><updated>2022-02-03T00:00:00Z</updated><published>2022-02-02T00:00:00Z</published>"
	         "<summary>S</summary><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>1 &lt; "
	         "2</p><br/></div></content>"
	         "<source><title>Origin</title></source></entry>"
	         "<entry><content type='image/png'>AAAA</content><summary>plain &amp; short</summary></entry>"),
		"1|*<i>A</i>|*<div><p>1 &lt; 2</p><br></br></div>|2022-02-02T00:00:00Z|urn:1|https://a.example/?a=1&b|Origin|;"
		"1||plain & short||||Site|;");
}
END_TEST

START_TEST(rdf)
{
	check("<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
	      "xmlns:dc='http://purl.org/dc/elements/1.1/'>\n<channel r:about='c'><title>Site</title></channel>\n"
	      "<item r:about='https://r.example/1'><title>T</title><dc:date>2001-02-03</dc:date></item></r:RDF>",
	      "3|T||2001-02-03|https://r.example/1||Site|;");
}
END_TEST

START_TEST(encodings)
{
	check("<?xml version='1.0' encoding='windows-1252'?><rss><channel><item><title>caf\xE9 "
	      "\x80</title></item></channel></rss>",
	      "1|caf\xC3\xA9 \xE2\x82\xAC||||||;");
	check("\xEF\xBB\xBF<rss><channel><item><title>caf\xC3\xA9</title></item></channel></rss>", "1|caf\xC3\xA9||||||;");
	static const char utf16[] = "\xFF\xFE<\0r\0s\0s\0>\0<\0i\0t\0e\0m\0>\0<\0t\0i\0t\0l\0e\0>\0\xE9\0<\0/"
								"\0t\0i\0t\0l\0e\0>\0<\0/\0i\0t\0e\0m\0>\0"
								"<\0/\0r\0s\0s\0>";
	check_bytes((nv_str){utf16, sizeof utf16}, 1 << 20, 1000, "1|\xC3\xA9||||||;");
}
END_TEST

START_TEST(known_by_the_root)
{
	static const char *const feeds[] = {
		"<rss>", "\xEF\xBB\xBF <?xml version='1.0'?>\n<!-- <a> --><!DOCTYPE rss PUBLIC '-//x'>\n<rss version='2.0'>",
		"<feed xmlns='x'>", "<rdf:RDF a='b'>", "<a:feed/>"};
	static const char *const others[] = {
		"", "<", "<rss", "{\"text\": \"<rss>\"}", "<html><rss>", "<?xml <rss>", "<!-- <rss>", "<rssx>", "rss>"};
	for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++)
		ck_assert_msg(nv_feed_begins(nv_str_of(feeds[i])), "%s", feeds[i]);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		ck_assert_msg(!nv_feed_begins(nv_str_of(others[i])), "%s", others[i]);
}
END_TEST

START_TEST(no_items)
{
	check(RSS(""), "");
	check("<rss/>", "");
	check(RSS("<item/>"), "3||||||The Wire|;");
}
END_TEST

START_TEST(items_that_are_too_long)
{
	const char *document = RSS(
		"<item><title>0123456789</title><description>0123456789</description></item>\n<item><title>b</title></item>");
	check_bytes(nv_str_of(document), 7, 19, "3|too long|;4|b|||||The Wire|;");
}
END_TEST

START_TEST(every_prefix_is_refused)
{
	const char *document = RSS("<item><title>A</title></item>");
	for (size_t len = 0; len < strlen(document) - 2; len++) {
		nv_feed *feed;
		nv_error err = {0};
		nv_buf items = NV_BUF_INIT;
		ck_assert_int_eq(nv_feed_new(&feed, 1000, false, NULL), NV_OK);
		ck_assert_int_eq(read_pieces(feed, (nv_str){document, len}, 5, &items, &err), NV_E_RECORD);
		ck_assert(err.line >= 1);
		nv_feed_free(feed);
		nv_buf_release(&items);
	}
}
END_TEST

START_TEST(not_well_formed)
{
	check(RSS("<item><title>A</title></item>\n<item><title>B</item>"),
	      "3|A|||||The Wire|;4!not well-formed XML: Opening and ending tag mismatch: title line 4 and item");
	check("<rss><item><title>&unknown;</title></item></rss>", "1!not well-formed XML: Entity 'unknown' not defined");
}
END_TEST

START_TEST(no_entities_are_read)
{
	check("<!DOCTYPE rss [\n<!ENTITY a 'aaaaaaaaaa'>\n<!ENTITY b "
	      "'&a;&a;&a;&a;'>]>\n<rss><item><title>&b;</title></item></rss>",
	      "2!the document declares the entity \"a\": no entities are read");
	check("<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>\n<rss><item><title>&a;</title></item></rss>",
	      "1!the document declares the entity \"a\": no entities are read");
	check("<!DOCTYPE rss PUBLIC '-//x' "
	      "'http://localhost:1/x.dtd'>\n<rss><item><title>caf&eacute;&other;</title></item></rss>",
	      "2|caf\xC3\xA9||||||;");
}
END_TEST

START_TEST(no_feed)
{
	check("<html>\n<p>x</p></html>", "1!XML, but no feed: expected <rss>, <feed> or <RDF>, and found <html>");
}
END_TEST

static int read_with_faults(nv_str document)
{
	nv_feed *feed = NULL;
	nv_buf items = NV_BUF_INIT;
	int code = nv_feed_new(&feed, 1000, false, NULL);
	if (code == NV_OK)
		code = read_pieces(feed, document, 1000, &items, NULL);
	nv_feed_free(feed);
	nv_buf_release(&items);
	return code;
}

START_TEST(memory_may_end_anywhere)
{
	nv_str document = nv_str_of(RSS("<item><title>A</title><description>B</description><guid>c</guid></item>"));
	int code = NV_E_MEMORY;
	for (long n = 0; code == NV_E_MEMORY && n < 1000; n++) {
		faulty_on(n);
		code = read_with_faults(document);
		ck_assert_int_eq(faulty_off(), 0);
	}
	ck_assert_int_eq(code, NV_OK);
}
END_TEST

static Suite *feed_suite(void)
{
	Suite *suite = suite_create("feed");
	NV_CASE(suite, "Core", rss, atom, rdf, encodings, known_by_the_root);
	NV_CASE(suite, "Limits", no_items, items_that_are_too_long, every_prefix_is_refused);
	NV_CASE(suite, "Errors", not_well_formed, no_entities_are_read, no_feed, memory_may_end_anywhere);
	return suite;
}

NV_CHECK_MAIN(feed_suite)
