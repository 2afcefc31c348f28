/* SPDX-License-Identifier: Apache-2.0
 *
 * Items of feeds (feed.h): one article each, its HTML read as text. The id is the item's own, else its link; the source is the feed's
 * title, else the link's host; of the date the day counts, as it is where it stands.
 */
#include "data/date.h"
#include "data/feed.h"
#include "data/record_run.h"

#include <string.h>

/* What has neither tags nor references is text as it is, with its line ends. */
static bool is_plain(const nv_feed_item *item, nv_feed_field field)
{
	nv_str s = item->value[field];
	return !item->html[field] || s.len == 0 || (!memchr(s.ptr, '<', s.len) && !memchr(s.ptr, '&', s.len));
}

static int set_text(nv_run *run, nv_basic which, const nv_feed_item *item, nv_feed_field field, nv_error *err)
{
	nv_str text = item->value[field];
	int code = NV_OK;
	if (!is_plain(item, field)) {
		if (!run->page)
			code = nv_page_new(&run->page, err);
		if (code == NV_OK)
			code = nv_page_text(run->page, text, &text, err);
	}
	if (code != NV_OK)
		return code;
	return nv_run_set(run, which, text) ? NV_OK : nv_fail_memory(err);
}

static nv_str first_of(nv_str a, nv_str b)
{
	return a.len > 0 ? a : b;
}

static bool set_others(nv_run *run, const nv_feed_item *item)
{
	char day[NV_DAY_SIZE];
	nv_str date = item->value[NV_FEED_DATE], link = item->value[NV_FEED_LINK];
	if (nv_date_of_time(date, day))
		date = nv_str_of(day);
	return nv_run_set(run, NV_BASIC_ID, first_of(item->value[NV_FEED_ID], link)) &&
	       nv_run_set(run, NV_BASIC_DATE, date) &&
	       nv_run_set(run, NV_BASIC_SOURCE, first_of(item->value[NV_FEED_SOURCE], nv_page_host(link)));
}

static int parse_item(nv_run *run, const nv_feed_item *item, nv_error *err)
{
	nv_error why = {0};
	if (item->too_long)
		return nv_run_too_long(run, item->line, err);
	nv_run_clear(run);
	nv_run_label_by_folder(run);
	int code = set_text(run, NV_BASIC_TITLE, item, NV_FEED_TITLE, &why);
	if (code == NV_OK)
		code = set_text(run, NV_BASIC_TEXT, item, NV_FEED_TEXT, &why);
	if (code == NV_E_RECORD)
		return nv_run_bad(run, item->line, 0, err, "%s", why.message);
	if (code != NV_OK)
		return nv_fail(err, code, "%s", why.message);
	if (!set_others(run, item))
		return nv_fail_memory(err);
	return nv_run_article(run, item->line, err);
}

int nv_parse_feed(nv_run *run, nv_error *err)
{
	nv_str items = {run->block->bytes.ptr, run->block->bytes.len};
	nv_feed_item item;
	int code = NV_OK;
	while (code == NV_OK && nv_feed_next(&items, &item))
		code = parse_item(run, &item, err);
	return code;
}
