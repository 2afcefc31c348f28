/* SPDX-License-Identifier: Apache-2.0
 *
 * page_text FILE…: what data/page.h finds in web pages, for tests/pages: for each file a line of JSON with title, text, date and source, or
 * with the reason why there is nothing.
 */
#include "base/file.h"
#include "base/json.h"
#include "data/page.h"

#include <stdio.h>

static void add_text(nv_json_writer *w, const char *key, nv_str value)
{
	nv_json_key(w, key);
	nv_json_put_str(w, value);
}

static int show(nv_page *page, const char *path, nv_json_writer *w, nv_error *err)
{
	nv_buf bytes = NV_BUF_INIT;
	nv_page_article found;
	int code = nv_file_read(path, (size_t)1 << 30, &bytes, err);
	if (code == NV_OK)
		code = nv_page_read(page, (nv_str){bytes.ptr, bytes.len}, (nv_str){NULL, 0}, &found, err);
	if (code == NV_OK) {
		add_text(w, "title", found.title);
		add_text(w, "text", found.text);
		add_text(w, "date", found.date);
		add_text(w, "source", found.source);
	}
	nv_buf_release(&bytes);
	return code;
}

int main(int argc, char **argv)
{
	nv_page *page = NULL;
	nv_error err = {0};
	int code = nv_page_new(&page, &err);
	for (int i = 1; i < argc && code == NV_OK; i++) {
		nv_buf out = NV_BUF_INIT;
		nv_json_writer w;
		nv_error why = {0};
		nv_json_begin(&w, &out, 0);
		nv_json_open(&w, '{');
		if (show(page, argv[i], &w, &why) != NV_OK)
			add_text(&w, "failed", nv_str_of(why.message));
		nv_json_close(&w, '}');
		puts(nv_buf_cstr(&out));
		nv_buf_release(&out);
	}
	nv_page_free(page);
	return code == NV_OK ? 0 : 1;
}
