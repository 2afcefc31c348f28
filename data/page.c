/* SPDX-License-Identifier: Apache-2.0 */
#include "data/page.h"

#include "base/alloc.h"
#include "data/charset.h"
#include "data/date.h"
#include "data/markup.h"
#include "data/page_parts.h"
#include "data/utf8.h"

#include <string.h>
#include <strings.h>

enum { NV_META_WITHIN = 4096 }; /* bytes in which a <meta> may name the encoding; HTML asks for 1024 */

struct nv_page {
	nv_buf utf8; /* the page, where it had to be converted */
	nv_page_blocks blocks;
	nv_page_about about;
	nv_buf text;
};

int nv_page_new(nv_page **page, nv_error *err)
{
	*page = nv_alloc_zero(1, sizeof **page);
	return *page ? NV_OK : nv_fail_memory(err);
}

void nv_page_free(nv_page *page)
{
	if (!page)
		return;
	nv_buf_release(&page->utf8);
	nv_page_blocks_release(&page->blocks);
	nv_page_about_release(&page->about);
	nv_buf_release(&page->text);
	nv_free(page);
}

/* ---- The encoding ---- */

static bool begins(nv_str s, const char *mark, size_t n)
{
	return s.len >= n && memcmp(s.ptr, mark, n) == 0;
}

/* The name behind "charset=" in the page's first bytes, as in <meta charset="…"> and in a content type; "": none. */
static nv_str charset_in_meta(nv_str html)
{
	size_t len = html.len < NV_META_WITHIN ? html.len : NV_META_WITHIN;
	for (size_t i = 0; i + 8 < len; i++) {
		if ((html.ptr[i] | 0x20) != 'c' || strncasecmp(html.ptr + i, "charset=", 8) != 0)
			continue;
		const char *at = html.ptr + i + 8, *end = html.ptr + len;
		while (at < end && (*at == '"' || *at == '\'' || *at == ' '))
			at++;
		const char *stop = at;
		while (stop < end && !strchr("\"' ;/>\t\r\n", *stop))
			stop++;
		return (nv_str){at, (size_t)(stop - at)};
	}
	return (nv_str){NULL, 0};
}

/* Names that the Web takes for another encoding, because pages do (WHATWG Encoding Standard, section 4.2). */
static nv_str as_the_web_does(nv_str name)
{
	static const char *const alias[][2] = {{"iso-8859-1", "windows-1252"},
	                                       {"latin1", "windows-1252"},
	                                       {"us-ascii", "windows-1252"},
	                                       {"ascii", "windows-1252"},
	                                       {"iso-8859-9", "windows-1254"},
	                                       {"gb2312", "gb18030"},
	                                       {"gbk", "gb18030"},
	                                       {"ks_c_5601-1987", "cp949"},
	                                       {"euc-kr", "cp949"},
	                                       {"shift_jis", "cp932"},
	                                       {"x-sjis", "cp932"},
	                                       {"utf-16", "utf-8"}};
	for (size_t i = 0; i < sizeof alias / sizeof *alias; i++) {
		if (strlen(alias[i][0]) == name.len && strncasecmp(name.ptr, alias[i][0], name.len) == 0)
			return nv_str_of(alias[i][1]);
	}
	return name;
}

/* Converts what is not UTF-8, and bytes that no encoding has; NUL bytes become spaces. */
static bool convert(nv_page *page, nv_str *html, nv_str name, uint64_t *ill_formed)
{
	nv_charset *charset = NULL;
	if (nv_charset_new(&charset, name, NULL) != NV_OK)
		return false;
	nv_buf_clear(&page->utf8);
	nv_charset_add(charset, html->ptr, html->len, &page->utf8);
	nv_charset_end(charset, &page->utf8);
	*ill_formed = nv_charset_ill_formed(charset);
	nv_charset_free(charset);
	for (size_t i = 0; i < page->utf8.len; i++)
		page->utf8.ptr[i] = page->utf8.ptr[i] ? page->utf8.ptr[i] : ' ';
	*html = (nv_str){page->utf8.ptr, page->utf8.len};
	return true;
}

static int decode(nv_page *page, nv_str *html, nv_str charset, uint64_t *ill_formed, nv_error *err)
{
	nv_str utf8 = nv_str_of("utf-8"), name = charset;
	*ill_formed = 0;
	if (begins(*html, "\xEF\xBB\xBF", 3)) {
		*html = (nv_str){html->ptr + 3, html->len - 3};
		name = utf8;
	} else if (begins(*html, "\xFF\xFE", 2) || begins(*html, "\xFE\xFF", 2)) {
		name = nv_str_of("utf-16");
	} else {
		if (name.len == 0)
			name = charset_in_meta(*html);
		name = as_the_web_does(name);
	}
	if (html->len == 0)
		return NV_OK;
	bool is_utf8 = name.len == 0 || nv_charset_is_utf8(name);
	if (is_utf8 && nv_utf8_ill_formed(*html) == 0 && !memchr(html->ptr, 0, html->len))
		return NV_OK;
	if (name.len == 0)
		name = nv_str_of("windows-1252");
	/* An encoding that nobody knows: as UTF-8. */
	if (!convert(page, html, name, ill_formed) && !convert(page, html, utf8, ill_formed))
		return nv_fail_memory(err);
	return page->utf8.failed ? nv_fail_memory(err) : NV_OK;
}

/* ---- Reading ---- */

static void open_tag(void *user, const char *name, const char *const *attribute)
{
	nv_page *page = user;
	nv_page_about_open(&page->about, name, attribute);
	nv_page_blocks_open(&page->blocks, nv_tag_of(name), attribute);
}

static void close_tag(void *user, const char *name)
{
	nv_page *page = user;
	(void)name;
	nv_page_about_close(&page->about);
	nv_page_blocks_close(&page->blocks);
}

static void take_text(void *user, const char *bytes, size_t len)
{
	nv_page *page = user;
	nv_page_about_text(&page->about, bytes, len);
	nv_page_blocks_text(&page->blocks, bytes, len);
}

static int parse(nv_page *page, nv_str html, nv_error *err)
{
	const nv_markup markup = {open_tag, close_tag, take_text, page};
	nv_page_blocks_clear(&page->blocks);
	nv_page_about_clear(&page->about);
	int code = nv_markup_html(html, &markup, err);
	nv_page_blocks_end(&page->blocks);
	if (code == NV_OK && (page->blocks.failed || page->about.text.failed || page->about.collected.failed))
		code = nv_fail_memory(err);
	return code;
}

/* The kept blocks, or all, parted by blank lines. */
static int join(nv_page *page, bool all, nv_str *text, nv_error *err)
{
	const nv_page_blocks *b = &page->blocks;
	nv_buf_clear(&page->text);
	for (size_t i = 0; i < b->n_block; i++) {
		if (!all && !b->block[i].keep)
			continue;
		if (page->text.len > 0)
			nv_buf_add(&page->text, "\n\n", 2);
		nv_buf_add(&page->text, b->text.ptr + b->block[i].at, b->block[i].len);
	}
	*text = (nv_str){page->text.ptr, page->text.len};
	return page->text.failed ? nv_fail_memory(err) : NV_OK;
}

/* ---- What the page says about itself ---- */

static nv_str first_of(const nv_page_about *a, const nv_about_kind *kinds, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		nv_str value = nv_page_about_get(a, kinds[i]);
		if (value.len > 0)
			return value;
	}
	return (nv_str){NULL, 0};
}

/* "Title | Site", "Title - Site": the page's <title> loses the site's name, or what the h1 does not have. */
static nv_str plain_title(const nv_page_about *a)
{
	nv_str title = nv_page_about_get(a, NV_ABOUT_TITLE), h1 = nv_page_about_get(a, NV_ABOUT_H1);
	if (h1.len > 0 && (title.len == 0 || (title.len > h1.len && memcmp(title.ptr, h1.ptr, h1.len) == 0)))
		return h1;
	static const char *const parts[] = {" | ", " - ", " \xE2\x80\x93 ", " \xE2\x80\x94 ", " \xC2\xBB ", " \xC2\xB7 "};
	size_t cut = 0;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		size_t n = strlen(parts[i]);
		for (size_t at = title.len; at-- > 0;) {
			if (at + n <= title.len && memcmp(title.ptr + at, parts[i], n) == 0) {
				cut = at > cut ? at : cut;
				break;
			}
		}
	}
	/* The longer part is the title. */
	return 2 * cut > title.len ? (nv_str){title.ptr, cut} : title;
}

static nv_str title_of(const nv_page_about *a)
{
	static const nv_about_kind kinds[] = {NV_ABOUT_LD_TITLE, NV_ABOUT_OG_TITLE};
	nv_str title = first_of(a, kinds, 2);
	return title.len > 0 ? title : plain_title(a);
}

/* The first value that begins with a date. */
static nv_str date_of(const nv_page_about *a)
{
	static const nv_about_kind kinds[] = {NV_ABOUT_LD_DATE, NV_ABOUT_META_DATE, NV_ABOUT_TIME};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		nv_str value = nv_page_about_get(a, kinds[i]);
		nv_str day = {value.ptr, 10};
		if (value.len >= 10 && nv_is_date(day))
			return day;
	}
	return (nv_str){NULL, 0};
}

nv_str nv_page_host(nv_str url)
{
	const char *at = url.len > 0 ? memmem(url.ptr, url.len, "://", 3) : NULL;
	if (!at)
		return (nv_str){NULL, 0};
	const char *end = url.ptr + url.len, *stop = at += 3;
	while (stop < end && !strchr("/?#:", *stop))
		stop++;
	nv_str host = {at, (size_t)(stop - at)};
	if (host.len > 4 && memcmp(host.ptr, "www.", 4) == 0)
		host = (nv_str){host.ptr + 4, host.len - 4};
	return host;
}

static nv_str source_of(const nv_page_about *a)
{
	static const nv_about_kind kinds[] = {NV_ABOUT_OG_SITE, NV_ABOUT_LD_SITE, NV_ABOUT_META_SITE};
	nv_str site = first_of(a, kinds, 3);
	return site.len > 0 ? site : nv_page_host(nv_page_about_get(a, NV_ABOUT_URL));
}

int nv_page_read(nv_page *page, nv_str html, nv_str charset, nv_page_article *article, nv_error *err)
{
	int code = decode(page, &html, charset, &article->ill_formed, err);
	if (code == NV_OK)
		code = parse(page, html, err);
	if (code != NV_OK)
		return code;
	if (!nv_page_choose(&page->blocks))
		return nv_fail(err, NV_E_RECORD, "no text found in the page");
	article->title = title_of(&page->about);
	article->date = date_of(&page->about);
	article->source = source_of(&page->about);
	return join(page, false, &article->text, err);
}

int nv_page_text(nv_page *page, nv_str html, nv_str *text, nv_error *err)
{
	int code = parse(page, html, err);
	return code == NV_OK ? join(page, true, text, err) : code;
}
