/* SPDX-License-Identifier: Apache-2.0
 *
 * Feeds: XML can't be cut without being parsed, so its items are found here, in the thread that reads. A block holds items that feed.h
 * packed; turning their HTML into text, which costs more, is left to other threads. What has been read and not parsed is in carry.
 */
#include "data/cut.h"
#include "data/feed.h"

/* The document is at fault: what came before is given first. Other XML that lay in a folder is passed over like files of other names. */
static int stop_at(nv_cut *cut, const nv_error *why)
{
	cut->done = true;
	if (nv_feed_is_other(cut->feed) && cut->guess == NV_GUESS_XML_IN_FOLDER)
		return 0;
	cut->broken = true;
	cut->fault = *why;
	cut->line = why->line ? why->line : cut->line;
	cut->fault.line = 0; /* nv_cut_next sets it, with the path */
	return 0;
}

static int settle(nv_cut *cut, int code, const nv_error *why, nv_error *err)
{
	cut->line = nv_feed_line(cut->feed);
	if (code == NV_E_RECORD)
		return stop_at(cut, why);
	return code == NV_OK ? 0 : nv_fail(err, code, "%s", why->message);
}

/* Parses what is in carry. */
static int parse(nv_cut *cut, nv_block *block, nv_error *err)
{
	nv_error why = {0};
	int code = cut->feed ? NV_OK : nv_feed_new(&cut->feed, cut->max_record, cut->reading.charset != NULL, err);
	if (code != NV_OK)
		return code;
	code = nv_feed_add(cut->feed, (nv_str){cut->carry.ptr, cut->carry.len}, &block->bytes, &why);
	nv_buf_clear(&cut->carry);
	return settle(cut, code, &why, err);
}

/* A file that ends inside a tag is told of, unless reading it has failed, which is told of already. An empty one is no fault. */
static int end(nv_cut *cut, nv_error *err)
{
	nv_error why = {0};
	cut->done = true;
	if (cut->broken || !cut->feed)
		return 0;
	return settle(cut, nv_feed_end(cut->feed, &why), &why, err);
}

static int read_more(nv_cut *cut, nv_block *block, nv_error *err)
{
	int code = nv_cut_fill(cut, block, err);
	nv_buf read = block->bytes;
	block->bytes = cut->carry;
	cut->carry = read;
	nv_buf_clear(&block->bytes);
	return code;
}

int nv_cut_feed(nv_cut *cut, nv_block *block, nv_error *err)
{
	int code = 0;
	block->line = block->column = 1;
	while (code == 0 && block->bytes.len == 0 && !cut->done) {
		if (cut->carry.len > 0)
			code = parse(cut, block, err);
		else if (cut->eof)
			code = end(cut, err);
		else
			code = read_more(cut, block, err);
	}
	return code ? code : block->bytes.len > 0;
}
