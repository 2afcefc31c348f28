/* SPDX-License-Identifier: Apache-2.0
 *
 * HTML files: one article each (page.h).
 */
#include "data/record_run.h"

static nv_str first_of(nv_str a, nv_str b)
{
	return a.len > 0 ? a : b;
}

int nv_run_page(nv_run *run, const nv_page_record *record, nv_error *err)
{
	nv_page_article found = {.ill_formed = 0};
	nv_error why = {0};
	int code = run->page ? NV_OK : nv_page_new(&run->page, err);
	if (code != NV_OK)
		return code;
	code = nv_page_read(run->page, record->html, record->charset, &found, &why);
	if (code == NV_E_RECORD)
		return nv_run_bad(run, record->line, 0, err, "%s", why.message);
	if (code != NV_OK)
		return nv_fail(err, code, "%s", why.message);
	nv_run_clear(run);
	nv_run_label_by_folder(run);
	run->batch->ill_formed += found.ill_formed;
	bool ok = nv_run_set(run, NV_BASIC_ID, record->id) && nv_run_set(run, NV_BASIC_TITLE, found.title) &&
	          nv_run_set(run, NV_BASIC_TEXT, found.text) &&
	          nv_run_set(run, NV_BASIC_DATE, first_of(found.date, record->date)) &&
	          nv_run_set(run, NV_BASIC_SOURCE, first_of(record->source, found.source));
	return ok ? nv_run_article(run, record->line, err) : nv_fail_memory(err);
}

int nv_parse_page(nv_run *run, nv_error *err)
{
	const nv_block *block = run->block;
	nv_page_record record = {.html = {block->bytes.ptr, block->bytes.len},
	                         .charset = nv_str_of(run->reader->page_charset),
	                         .line = block->line};
	return nv_run_page(run, &record, err);
}
