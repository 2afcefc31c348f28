/* SPDX-License-Identifier: Apache-2.0 */
#include "data/page.h"

#include "check_main.h"
#include "faulty_alloc.h"

#include <string.h>

#define LONG_1 "The council voted on Tuesday to put off the plan for the harbour until the spring of next year."
#define LONG_2 "Ships of the larger kind will go elsewhere until then, said the mayor, who had asked for the vote."

static nv_page *page;
static nv_page_article found;

static void setup(void)
{
	ck_assert_int_eq(nv_page_new(&page, NULL), NV_OK);
}

static void teardown(void)
{
	nv_page_free(page);
}

static void read_page(const char *html)
{
	nv_error err = {0};
	ck_assert_msg(nv_page_read(page, nv_str_of(html), (nv_str){NULL, 0}, &found, &err) == NV_OK, "%s", err.message);
}

static void check_str(nv_str s, const char *want)
{
	ck_assert_msg(nv_str_is(s, want), "\"%.*s\" is not \"%s\"", (int)s.len, s.ptr, want);
}

START_TEST(text_without_what_is_around_it)
{
	setup();
	read_page(
		"<body class='comments-open has-sidebar'><nav><ul><li><a href=/>Home</a></ul></nav>"
		"<div class=cookie-banner><p>We store information on your device to make this site better for you.</p></div>"
		"<h1>Harbour plan put off</h1><p>" LONG_1 "</p>"
		"<aside><p>An aside that is long enough to be text, but is not the article's own text at all.</p></aside>"
		"<h2>What is next</h2><p>" LONG_2 "<br>A line.</p><h2>Related articles</h2><ul><li><a href=x>One</a></ul>"
		"<div id=comments><p>I have lived here for thirty years and nobody has ever asked me about "
	    "anything.</p></div>");
	check_str(found.text, LONG_1 "\n\nWhat is next\n\n" LONG_2 "\nA line.");
	check_str(found.title, "Harbour plan put off");
	teardown();
}
END_TEST

START_TEST(what_a_page_says_about_itself)
{
	setup();
	read_page("<title>Page title | The Site</title><meta property='og:title' content='Open &amp; Graph'>"
	          "<meta property=og:site_name content='The  Site'><meta name=date content='2021-02-30'>"
	          "<meta itemprop=datePublished content='2021-02-03T10:00Z'><p>" LONG_1);
	check_str(found.title, "Open & Graph");
	check_str(found.source, "The Site");
	check_str(found.date, "");
	read_page("<script "
	          "type='application/"
	          "ld+json'>{\"@graph\":[{\"@type\":\"WebPage\",\"headline\":\"no\"},{\"@type\":[\"NewsArticle\"],"
	          "\"headline\":\"LD "
	          "\\u00e9\",\"datePublished\":\"2021-03-04T00:00\",\"publisher\":{\"name\":\"Pub\",\"logo\":{}}}]}</"
	          "script><p>" LONG_1);
	check_str(found.title, "LD \xC3\xA9");
	check_str(found.source, "Pub");
	check_str(found.date, "2021-03-04");
	read_page("<script type='application/ld+json'>{\"@type\": broken</script><title>A title of a page - Site</title>"
	          "<link rel=canonical href='https://www.example.org/a'><time datetime='2020-01-02'>x</time><p>" LONG_1);
	check_str(found.title, "A title of a page");
	check_str(found.source, "example.org");
	check_str(found.date, "2020-01-02");
	teardown();
}
END_TEST

START_TEST(encodings_by_what_the_page_says)
{
	setup();
	static const struct {
		const char *html, *charset, *word;
	} rows[] = {{"<meta charset=windows-1252><p>caf\xE9 \x80 " LONG_1, "", "caf\xC3\xA9 \xE2\x82\xAC"},
	            {"<p>caf\xE9 " LONG_1, "", "caf\xC3\xA9"},
	            {"<p>caf\xC3\xA9 " LONG_1, "", "caf\xC3\xA9"},
	            {"<meta charset=latin1><p>caf\xC3\xA9 " LONG_1, "utf-8", "caf\xC3\xA9"},
	            {"\xEF\xBB\xBF<meta charset=latin1><p>caf\xC3\xA9 " LONG_1, "", "caf\xC3\xA9"},
	            {"<meta charset=klingon><p>caf\xE9 " LONG_1, "", "caf\xEF\xBF\xBD"},
	            {"<meta http-equiv=content-type content='text/html; charset=shift_jis'><p>\x93\xFA " LONG_1, "",
	             "\xE6\x97\xA5"}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		nv_error err = {0};
		ck_assert_int_eq(nv_page_read(page, nv_str_of(rows[i].html), nv_str_of(rows[i].charset), &found, &err), NV_OK);
		ck_assert_msg(found.text.len > 20 && memcmp(found.text.ptr, rows[i].word, strlen(rows[i].word)) == 0,
		              "row %zu: %.*s", i, (int)found.text.len, found.text.ptr);
	}
	teardown();
}
END_TEST

START_TEST(all_text_of_a_piece)
{
	setup();
	nv_str text;
	ck_assert_int_eq(
		nv_page_text(page, nv_str_of("A <b>bold</b> start<p>x &lt; y</p><ul><li>one<li>two</ul>"), &text, NULL), NV_OK);
	check_str(text, "A bold start\n\nx < y\n\none\n\ntwo");
	ck_assert_int_eq(nv_page_text(page, (nv_str){NULL, 0}, &text, NULL), NV_OK);
	ck_assert_uint_eq(text.len, 0);
	teardown();
}
END_TEST

static int read_code(nv_str html, nv_error *err)
{
	return nv_page_read(page, html, (nv_str){NULL, 0}, &found, err);
}

START_TEST(every_prefix_of_a_page_is_read_or_refused)
{
	setup();
	static const char html[] =
		"<!doctype html><html><head><title>T</title><script type='application/ld+json'>{\"@type\":\"NewsArticle\","
		"\"headline\":\"H\\u0041\"}</script></head><body><!-- c --><h1>T</h1><table><tr><td><p>" LONG_1
		"<a href='x'>l</a></table><svg><p>s</svg></html>";
	for (size_t len = 0; len < sizeof html; len++) {
		char *copy = malloc(len + 1); /* so that a read behind it is seen */
		memcpy(copy, html, len);
		int code = read_code((nv_str){copy, len}, NULL);
		ck_assert(code == NV_OK || code == NV_E_RECORD);
		free(copy);
	}
	teardown();
}
END_TEST

START_TEST(tags_inside_each_other)
{
	setup();
	nv_buf html = NV_BUF_INIT;
	nv_error err = {0};
	for (int i = 0; i < 900; i++)
		nv_buf_add_str(&html, "<div>");
	nv_buf_add_str(&html, "<p>" LONG_1);
	ck_assert_int_eq(read_code((nv_str){html.ptr, html.len}, NULL), NV_OK);
	check_str(found.text, LONG_1);
	nv_buf_clear(&html);
	for (int i = 0; i < 200000; i++)
		nv_buf_add_str(&html, "<div>");
	ck_assert_int_eq(read_code((nv_str){html.ptr, html.len}, &err), NV_E_RECORD);
	ck_assert_str_eq(err.message, "more than 1024 tags inside each other");
	nv_buf_release(&html);
	teardown();
}
END_TEST

START_TEST(no_text)
{
	setup();
	static const char *const empty[] = {
		"", " ", "<p></p>", "<nav><a href=x>Home</a></nav>", "<script>text(); text();</script>", "\xFF\xFE"};
	for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
		nv_error err = {0};
		ck_assert_int_eq(read_code(nv_str_of(empty[i]), &err), NV_E_RECORD);
		ck_assert_str_eq(err.message, "no text found in the page");
	}
	teardown();
}
END_TEST

START_TEST(memory_may_end_anywhere)
{
	static const char html[] =
		"<title>T</title><script type='application/ld+json'>{\"@type\":\"Article\",\"headline\":\"H\"}</script><meta "
	    "charset=latin1>"
		"<div><p>caf\xE9 " LONG_1 "</div>";
	int code = NV_E_MEMORY;
	for (long n = 0; code == NV_E_MEMORY && n < 1000; n++) {
		nv_page *own = NULL;
		faulty_on(n);
		code = nv_page_new(&own, NULL);
		if (code == NV_OK)
			code = nv_page_read(own, nv_str_of(html), (nv_str){NULL, 0}, &found, NULL);
		nv_page_free(own);
		ck_assert_int_eq(faulty_off(), 0);
	}
	ck_assert_int_eq(code, NV_OK);
}
END_TEST

static Suite *page_suite(void)
{
	Suite *suite = suite_create("page");
	NV_CASE(suite, "Core", text_without_what_is_around_it, what_a_page_says_about_itself,
	        encodings_by_what_the_page_says, all_text_of_a_piece);
	NV_CASE(suite, "Limits", every_prefix_of_a_page_is_read_or_refused, tags_inside_each_other);
	NV_CASE(suite, "Errors", no_text, memory_may_end_anywhere);
	return suite;
}

NV_CHECK_MAIN(page_suite)
