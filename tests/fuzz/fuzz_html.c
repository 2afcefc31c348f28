/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_html.c: any bytes as a web page. The first byte chooses what HTTP says of the encoding. What comes out is well-formed.
 */
#include "fuzz.h"

#include "data/date.h"
#include "data/page.h"
#include "data/utf8.h"

static const char *const charsets[] = {"",          "utf-8",   "utf-16",      "windows-1252",
                                       "shift_jis", "gb18030", "iso-2022-jp", "none such"};
enum { N_CHARSET = sizeof charsets / sizeof *charsets };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static nv_page *page;
	nv_page_article article = {.ill_formed = 0};
	nv_error err = {0};
	if (len == 0)
		return 0;
	if (!page)
		FUZZ_MUST(nv_page_new(&page, NULL) == NV_OK);
	nv_str html = {(const char *)bytes + 1, len - 1};
	int code = nv_page_read(page, html, nv_str_of(charsets[bytes[0] % N_CHARSET]), &article, &err);
	if (code != NV_OK) {
		FUZZ_MUST(code == NV_E_RECORD && err.code == code && err.message[0]);
		return 0;
	}
	FUZZ_MUST(article.text.len > 0 && article.ill_formed <= len);
	FUZZ_MUST(nv_utf8_ill_formed(article.title) == 0 && nv_utf8_ill_formed(article.text) == 0);
	FUZZ_MUST(nv_utf8_ill_formed(article.source) == 0 && (article.date.len == 0 || nv_is_date(article.date)));
	return 0;
}
