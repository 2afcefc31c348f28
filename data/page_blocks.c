/* SPDX-License-Identifier: Apache-2.0
 *
 * Tags and texts of a page as blocks, each in its place in the tree of block-level elements. White space becomes one space, <br> a line
 * feed. A word is a run of bytes between white space. In scripts without spaces a run is several words: two characters each.
 */
#include "base/alloc.h"
#include "data/bytes.h"
#include "data/page_parts.h"

#include <string.h>
#include <strings.h>

enum { IS_ELEMENT = 1, IS_LINK = 2, IS_SILENT = 4 };
enum { NV_LONG_WORD = 24, NV_CJK_WORD = 6 }; /* bytes */

void nv_page_blocks_clear(nv_page_blocks *b)
{
	nv_buf_clear(&b->text);
	b->n_element = b->n_block = b->depth = 0;
	b->current = NV_NO_ELEMENT;
	b->in_link = b->silent = 0;
	b->space = b->in_word = b->failed = false;
	b->open = (nv_page_block){.element = NV_NO_ELEMENT};
}

void nv_page_blocks_release(nv_page_blocks *b)
{
	nv_buf_release(&b->text);
	nv_free(b->element);
	nv_free(b->block);
	nv_free(b->stack);
}

/* ---- Blocks ---- */

static void end_word(nv_page_blocks *b)
{
	if (!b->in_word)
		return;
	/* From U+3000 on, UTF-8 begins with E3: kana, CJK, hangul. */
	bool is_cjk = (unsigned char)b->text.ptr[b->word_at] >= 0xE3;
	uint32_t n = 1 + (uint32_t)((b->text.len - b->word_at) / (is_cjk ? NV_CJK_WORD : NV_LONG_WORD));
	b->open.words += n;
	b->open.link_words += b->in_link ? n : 0;
	b->in_word = false;
}

static void end_block(nv_page_blocks *b)
{
	end_word(b);
	b->space = false;
	nv_page_block *open = &b->open;
	while (b->text.len > open->at && b->text.ptr[b->text.len - 1] == '\n')
		b->text.len--;
	open->len = b->text.len - open->at;
	if (open->len > 0) {
		if (!nv_grow(&b->block, &b->cap_block, b->n_block + 1, sizeof *b->block)) {
			b->failed = true;
			return;
		}
		b->block[b->n_block++] = *open;
	}
	nv_tag_kind kind = b->current == NV_NO_ELEMENT ? NV_TAG_BLOCK : b->element[b->current].kind;
	bool first = b->current != NV_NO_ELEMENT && (b->element[b->current].flags & NV_TAG_FIRST);
	*open = (nv_page_block){.at = b->text.len, .element = b->current, .kind = kind, .first = first};
}

void nv_page_blocks_text(nv_page_blocks *b, const char *bytes, size_t len)
{
	if (b->silent || !nv_buf_reserve(&b->text, len + 2))
		return;
	char *to = b->text.ptr;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];
		bool no_break = c == 0xC2 && i + 1 < len && (unsigned char)bytes[i + 1] == 0xA0;
		if (c <= ' ' || no_break) {
			end_word(b);
			b->space = true;
			i += no_break;
			continue;
		}
		if (b->space && b->text.len > b->open.at && to[b->text.len - 1] != '\n')
			to[b->text.len++] = ' ';
		b->space = false;
		if (!b->in_word)
			b->word_at = b->text.len;
		b->in_word = true;
		to[b->text.len++] = (char)c;
	}
}

static void break_line(nv_page_blocks *b)
{
	end_word(b);
	b->space = false;
	if (b->text.len > b->open.at)
		nv_buf_add_char(&b->text, '\n');
}

/* ---- Elements ---- */

static bool hides(const char *style)
{
	const char *display = strcasestr(style, "display");
	if (!display)
		return false;
	display += strspn(display + 7, " :") + 7;
	return strncasecmp(display, "none", 4) == 0;
}

static bool is_one_of(const char *value, const char *const *list)
{
	for (; *list; list++) {
		if (strcasecmp(value, *list) == 0)
			return true;
	}
	return false;
}

static void take_attribute(nv_page_element *e, const char *name, const char *value)
{
	static const char *const roles[] = {"navigation", "complementary", "banner",      "contentinfo", "search",
	                                    "dialog",     "alert",         "alertdialog", "menu",        NULL};
	if (strcmp(name, "class") == 0 || strcmp(name, "id") == 0) {
		e->around |= nv_hint_is_around(value);
		e->body |= nv_hint_is_body(value);
	} else if (strcmp(name, "role") == 0) {
		e->around |= is_one_of(value, roles);
		e->flags |= strcasecmp(value, "main") == 0 || strcasecmp(value, "article") == 0 ? NV_TAG_ARTICLE : 0u;
	} else if (strcmp(name, "itemprop") == 0) {
		e->body |= strcasecmp(value, "articleBody") == 0;
	} else if (strcmp(name, "style") == 0) {
		e->hidden |= hides(value);
	} else if (strcmp(name, "hidden") == 0 || (strcmp(name, "aria-hidden") == 0 && strcasecmp(value, "true") == 0)) {
		e->hidden = true;
	}
}

static void add_element(nv_page_blocks *b, nv_tag tag, const char *const *attribute)
{
	if (!nv_grow(&b->element, &b->cap_element, b->n_element + 1, sizeof *b->element)) {
		b->failed = true;
		return;
	}
	nv_page_element *e = &b->element[b->n_element];
	*e = (nv_page_element){.parent = b->current, .kind = tag.kind, .flags = tag.flags};
	for (; attribute && *attribute && !(tag.flags & NV_TAG_PAGE); attribute += 2)
		take_attribute(e, attribute[0], attribute[1] ? attribute[1] : "");
	e->boxes = (b->current == NV_NO_ELEMENT ? 0 : b->element[b->current].boxes) +
	           (tag.kind == NV_TAG_BLOCK && !(tag.flags & NV_TAG_PART));
	b->current = (uint32_t)b->n_element++;
}

void nv_page_blocks_open(nv_page_blocks *b, nv_tag tag, const char *const *attribute)
{
	unsigned char what = tag.kind == NV_TAG_SILENT ? IS_SILENT : tag.flags & NV_TAG_LINK ? IS_LINK : 0;
	if (tag.kind == NV_TAG_BREAK && !b->silent)
		break_line(b);
	if (!nv_grow(&b->stack, &b->cap_stack, b->depth + 1, 1)) {
		b->failed = true;
		return;
	}
	bool block = !b->silent && tag.kind != NV_TAG_INLINE && tag.kind != NV_TAG_BREAK && tag.kind != NV_TAG_SILENT;
	if (block && b->n_element < NV_NO_ELEMENT) {
		end_word(b);
		add_element(b, tag, attribute);
		end_block(b);
		what |= IS_ELEMENT;
	}
	if (what & IS_LINK)
		end_word(b);
	b->in_link += (what & IS_LINK) != 0;
	b->silent += (what & IS_SILENT) != 0;
	b->stack[b->depth++] = what;
}

void nv_page_blocks_close(nv_page_blocks *b)
{
	if (b->depth == 0 || b->failed)
		return;
	unsigned char what = b->stack[--b->depth];
	if (what & IS_LINK)
		end_word(b);
	b->in_link -= (what & IS_LINK) != 0;
	b->silent -= (what & IS_SILENT) != 0;
	if (what & IS_ELEMENT) {
		b->current = b->element[b->current].parent;
		end_block(b);
	}
}

void nv_page_blocks_end(nv_page_blocks *b)
{
	end_block(b);
	b->failed |= b->text.failed;
}
