/* SPDX-License-Identifier: Apache-2.0
 *
 * Which blocks of a page are its article (page.h). All thresholds are shares or counts of words; tests/check_pages.sh measures them.
 */
#include "data/page_parts.h"

#include <string.h>
#include <strings.h>

enum {
	NV_LONG = 10,        /* words of a block that reads like text wherever it stands */
	NV_SHORT = 4,        /* under this, only a whole sentence counts */
	NV_HEADER_TEXT = 12, /* words of a standfirst in a header */
};

/* ---- Blocks ---- */

/* Whether it ends as sentences do; of what is not ASCII the common marks, and quotes. */
static bool ends_sentence(const nv_page_blocks *b, const nv_page_block *block)
{
	static const char *const marks[] = {"\xE3\x80\x82", "\xEF\xBC\x81", "\xEF\xBC\x9F", "\xE2\x80\x9D", "\xC2\xBB",
	                                    "\xE2\x80\xA6", "\xE2\x80\x99", "\xE3\x80\x8D", "\xE0\xA5\xA4", "\xD8\x9F"};
	nv_str text = {b->text.ptr + block->at, block->len};
	if (strchr(".!?:;\")", text.ptr[text.len - 1]))
		return true;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (nv_str_ends(text, marks[i]))
			return true;
	}
	return false;
}

static bool is_links(const nv_page_block *block)
{
	return 2 * block->link_words > block->words;
}

/* What the block adds to the elements around it: the square of its words, so that long paragraphs count for more than as many words in
 * teasers and comments. */
static uint64_t weigh(const nv_page_blocks *b, const nv_page_block *block)
{
	if (3 * block->link_words > block->words || block->kind == NV_TAG_HEADING)
		return 0;
	bool fine = block->kind == NV_TAG_TEXT
	                ? block->words >= NV_LONG || ends_sentence(b, block)
	                : block->words >= 2 * NV_LONG || (block->words >= NV_LONG && ends_sentence(b, block));
	uint64_t words = fine ? block->words - block->link_words : 0;
	return words * words;
}

/* ---- Elements ---- */

/* Elements stand behind their parents, so that one pass from the end sums up. */
static void sum_weights(nv_page_blocks *b, bool without_out)
{
	for (size_t i = 0; i < b->n_element; i++)
		b->element[i].weight = 0;
	for (size_t i = 0; i < b->n_block; i++) {
		uint32_t e = b->block[i].element;
		if (e != NV_NO_ELEMENT && !(without_out && b->element[e].out))
			b->element[e].weight += weigh(b, &b->block[i]);
	}
	for (size_t i = b->n_element; i-- > 0;) {
		const nv_page_element *e = &b->element[i];
		if (e->parent != NV_NO_ELEMENT)
			b->element[e->parent].weight += e->weight;
	}
}

/* An element's tag or class takes it out, but not when most of the page's text would go with it. */
static void take_out(nv_page_blocks *b)
{
	uint64_t all = 0;
	for (size_t i = 0; i < b->n_element; i++)
		all = b->element[i].weight > all ? b->element[i].weight : all;
	for (size_t i = 0; i < b->n_element; i++) {
		nv_page_element *e = &b->element[i];
		bool named = e->hidden || e->around || (e->flags & NV_TAG_ASIDE);
		bool most = 2 * e->weight > all;
		e->out = (named && !most) || (e->parent != NV_NO_ELEMENT && b->element[e->parent].out);
	}
}

/* ---- What the page's own words say ---- */

/* Headings of what stands around articles, in English; in any language class names say it more often. */
static bool is_other_heading(const nv_page_blocks *b, const nv_page_block *block)
{
	static const char *const begins[] = {
		"comments",       "leave a comment", "related",          "recommended", "more from",  "more on", "you may also",
		"you might also", "most read",       "most popular",     "trending",    "newsletter", "sign up", "read more",
		"read next",      "share this",      "about the author", "latest news", "popular"};
	const char *text = b->text.ptr + block->at;
	for (size_t i = 0; block->kind == NV_TAG_HEADING && i < sizeof begins / sizeof *begins; i++) {
		size_t n = strlen(begins[i]);
		if (block->len >= n && block->len < n + 24 && strncasecmp(text, begins[i], n) == 0)
			return true;
	}
	return false;
}

static uint64_t weight_of_page(const nv_page_blocks *b)
{
	uint64_t all = 0;
	for (size_t i = 0; i < b->n_element; i++)
		all += b->element[i].parent == NV_NO_ELEMENT ? b->element[i].weight : 0;
	return all;
}

/* The box of such a heading is out, unless most of the page's text is in it. */
static void take_out_by_headings(nv_page_blocks *b)
{
	uint64_t all = weight_of_page(b);
	for (size_t i = 0; i < b->n_block; i++) {
		if (!is_other_heading(b, &b->block[i]) || b->block[i].element == NV_NO_ELEMENT)
			continue;
		uint32_t box = b->element[b->block[i].element].parent;
		if (box != NV_NO_ELEMENT && 2 * b->element[box].weight <= all)
			b->element[box].out = true;
	}
	for (size_t i = 0; i < b->n_element; i++) {
		uint32_t parent = b->element[i].parent;
		b->element[i].out |= parent != NV_NO_ELEMENT && b->element[parent].out;
	}
}

/* The block that the article begins behind: the page's one h1, when at least two fifths of the page's weight follow it; else 0. */
static size_t find_start(const nv_page_blocks *b)
{
	size_t start = 0, n = 0;
	uint64_t behind = 0, all = 0;
	for (size_t i = 0; i < b->n_block; i++) {
		const nv_page_block *block = &b->block[i];
		uint64_t weight = block->element != NV_NO_ELEMENT && b->element[block->element].out ? 0 : weigh(b, block);
		if (block->first) {
			start = i;
			n++;
			behind = 0;
		}
		behind += weight;
		all += weight;
	}
	return n == 1 && 5 * behind >= 2 * all ? start : 0;
}

/* The innermost element that is named as an article's text and holds two fifths of the page's weight; else NV_NO_ELEMENT. */
static uint32_t named_article(const nv_page_blocks *b, uint64_t all, bool body_only)
{
	uint32_t found = NV_NO_ELEMENT;
	uint64_t best = 0;
	for (size_t i = 0; i < b->n_element; i++) {
		const nv_page_element *e = &b->element[i];
		bool named = body_only ? e->body : (e->flags & NV_TAG_ARTICLE) != 0;
		if (!named || e->out || 5 * e->weight < 2 * all)
			continue;
		/* Inner ones come later: they win when they hold nearly as much. */
		if (10 * e->weight >= 8 * best) {
			best = e->weight;
			found = (uint32_t)i;
		}
	}
	return found;
}

/* From `from` (NV_NO_ELEMENT: the page) down to the child with most of the weight, as long as there is one. */
static uint32_t go_down(const nv_page_blocks *b, uint32_t from, uint64_t weight)
{
	for (size_t i = from == NV_NO_ELEMENT ? 0 : from + 1; i < b->n_element; i++) {
		const nv_page_element *e = &b->element[i];
		if (e->parent == from && !e->out && e->kind == NV_TAG_BLOCK && 100 * e->weight >= 85 * weight) {
			from = (uint32_t)i;
			weight = e->weight;
		}
	}
	return from;
}

static uint32_t find_article(const nv_page_blocks *b)
{
	uint64_t all = weight_of_page(b);
	uint32_t found = named_article(b, all, true);
	if (found == NV_NO_ELEMENT)
		found = named_article(b, all, false);
	return go_down(b, found, found == NV_NO_ELEMENT ? all : b->element[found].weight);
}

/* ---- Keeping ---- */

static bool in_header(const nv_page_blocks *b, uint32_t element, uint32_t top)
{
	for (; element != NV_NO_ELEMENT && element != top; element = b->element[element].parent) {
		if (b->element[element].flags & NV_TAG_HEADER)
			return true;
	}
	return false;
}

static bool is_notice(const nv_page_blocks *b, const nv_page_block *block)
{
	static const char *const begins[] = {"copyright", "\xC2\xA9", "all rights reserved"};
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
		size_t n = strlen(begins[i]);
		if (block->len >= n && strncasecmp(b->text.ptr + block->at, begins[i], n) == 0)
			return true;
	}
	return false;
}

static bool reads_like_text(const nv_page_blocks *b, const nv_page_block *block, uint32_t top)
{
	if (is_links(block) || is_notice(b, block))
		return false;
	if (in_header(b, block->element, top))
		return block->kind == NV_TAG_TEXT && block->words >= NV_HEADER_TEXT;
	if (block->kind == NV_TAG_TEXT)
		return block->words >= NV_SHORT || ends_sentence(b, block);
	return block->words >= NV_LONG || (block->words >= NV_SHORT && ends_sentence(b, block));
}

/* Takes out what is not below top. */
static void keep_below(nv_page_blocks *b, uint32_t top)
{
	for (size_t i = 0; top != NV_NO_ELEMENT && i < b->n_element; i++) {
		uint32_t parent = b->element[i].parent;
		b->element[i].below = i == top || (parent != NV_NO_ELEMENT && b->element[parent].below);
		b->element[i].out |= !b->element[i].below;
	}
}

/* ---- The pattern of the article's paragraphs ---- */

/* What most of the article's text has in common: how many boxes it stands in, and how long its blocks are. */
typedef struct pattern {
	uint32_t boxes;
	uint32_t words;     /* mean of the blocks' words, weighted by words */
	size_t first, last; /* blocks of that kind that are not short */
} pattern;

enum { NV_BOXES = 64 };

static uint32_t boxes_of(const nv_page_blocks *b, const nv_page_block *block)
{
	uint32_t boxes = block->element == NV_NO_ELEMENT ? 0 : b->element[block->element].boxes;
	return boxes < NV_BOXES ? boxes : NV_BOXES - 1;
}

static pattern find_pattern(const nv_page_blocks *b)
{
	uint64_t weight[NV_BOXES] = {0}, words[NV_BOXES] = {0};
	pattern p = {.first = b->n_block};
	for (size_t i = 0; i < b->n_block; i++) {
		const nv_page_block *block = &b->block[i];
		if (!block->keep || block->kind == NV_TAG_HEADING)
			continue;
		weight[boxes_of(b, block)] += (uint64_t)block->words * block->words;
		words[boxes_of(b, block)] += block->words;
	}
	for (uint32_t i = 1; i < NV_BOXES; i++)
		p.boxes = weight[i] > weight[p.boxes] ? i : p.boxes;
	p.words = words[p.boxes] ? (uint32_t)(weight[p.boxes] / words[p.boxes]) : 0;
	for (size_t i = 0; i < b->n_block; i++) {
		const nv_page_block *block = &b->block[i];
		if (block->keep && boxes_of(b, block) == p.boxes && 5 * block->words >= 2 * p.words) {
			p.first = p.first < i ? p.first : i;
			p.last = i;
		}
	}
	return p;
}

/* Text in more or fewer boxes is the article's when it stands between its paragraphs and is about as long as they are. */
static bool fits(const nv_page_blocks *b, const pattern *p, size_t i)
{
	const nv_page_block *block = &b->block[i];
	if (boxes_of(b, block) == p->boxes)
		return true;
	return i > p->first && i < p->last && (block->kind == NV_TAG_HEADING || 2 * block->words >= p->words);
}

/* A heading belongs to the text that follows it: one with no kept block before the next heading goes. */
static bool settle_headings(nv_page_blocks *b)
{
	bool any = false, follows = false;
	for (size_t i = b->n_block; i-- > 0;) {
		nv_page_block *block = &b->block[i];
		if (block->kind == NV_TAG_HEADING) {
			block->keep &= follows && !block->first;
			follows = false;
		} else if (block->keep) {
			any = follows = true;
		}
	}
	return any;
}

bool nv_page_choose(nv_page_blocks *b)
{
	sum_weights(b, false);
	take_out(b);
	take_out_by_headings(b);
	size_t start = find_start(b);
	for (size_t i = 0; i < start; i++)
		b->block[i].words = b->block[i].link_words = 0;
	sum_weights(b, true);
	uint32_t top = find_article(b);
	keep_below(b, top);
	for (size_t i = 0; i < b->n_block; i++) {
		nv_page_block *block = &b->block[i];
		bool in = block->element == NV_NO_ELEMENT ? top == NV_NO_ELEMENT : !b->element[block->element].out;
		block->keep =
			in && i >= start && (block->kind == NV_TAG_HEADING ? !is_links(block) : reads_like_text(b, block, top));
	}
	pattern p = find_pattern(b);
	for (size_t i = 0; i < b->n_block; i++)
		b->block[i].keep &= fits(b, &p, i);
	return settle_headings(b);
}
