/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules are rows: a line is folded (see fold) and compared with each. docs/boilerplate.md says what they are for.
 */
#include "data/boilerplate.h"

#include <string.h>

#define LONGEST_LINE 200

/* ---- Folding ---- */

/* A line in the form that rules compare: ASCII in lower case, curly apostrophes and long dashes as plain ones, bullets and two
 * or more spaces as '|', without marks and spaces at its ends. */
typedef struct folded {
	char text[LONGEST_LINE + 1];
	size_t len;
	char last; /* the line's last byte, before marks were taken off */
} folded;

static const struct {
	const char *from, *to;
} folds[] = {
	{"\xE2\x80\x99", "'"}, {"\xE2\x80\x93", "-"}, {"\xE2\x80\x94", "-"}, {"\xE2\x80\xA2", "|"}, {"\xC2\xB7", "|"},
	{"\xC2\xA0", " "},     {"\xE2\x80\xA6", "."}, {"\xC2\xBB", ">"},     {"\xE2\x86\x92", ">"}, {"  ", "|"},
};

static size_t fold_one(const char *at, size_t left, char *out)
{
	for (size_t i = 0; i < sizeof folds / sizeof *folds; i++) {
		size_t len = strlen(folds[i].from);
		if (len <= left && memcmp(at, folds[i].from, len) == 0) {
			*out = folds[i].to[0];
			return len;
		}
	}
	*out = *at >= 'A' && *at <= 'Z' ? (char)(*at + 'a' - 'A') : *at == '\t' ? ' ' : *at;
	return 1;
}

static bool is_mark(char c)
{
	return c != '\0' && strchr(" \r\t*[](){}<>-_|.:", c) != NULL;
}

static void fold(nv_str line, folded *f)
{
	size_t n = 0, start = 0;
	f->last = line.len ? line.ptr[line.len - 1] : '\0';
	for (size_t i = 0; i < line.len;)
		i += fold_one(line.ptr + i, line.len - i, &f->text[n++]);
	while (n > 0 && is_mark(f->text[n - 1]))
		n--;
	while (start < n && is_mark(f->text[start]))
		start++;
	f->len = n - start;
	memmove(f->text, f->text + start, f->len);
	f->text[f->len] = '\0';
}

/* ---- Rules for a line by itself ---- */

typedef enum rule_kind {
	WHOLE,   /* the line is this */
	START,   /* it begins with this */
	PHRASE,  /* it begins with this and is no sentence: no full stop at its end */
	HOLDS,   /* it has this anywhere */
	CREDIT,  /* it ends with this, is short and no sentence */
} rule_kind;

typedef struct rule {
	rule_kind kind;
	const char *text;
	const char *with; /* "a|b": one of these must be in the line too; NULL: nothing more */
} rule;

#define LETTER "newsletter|briefing|bulletin|digest|alerts|email|e-mail|inbox|weekly|daily|am, delivered"

static const rule rules[] = {
	/* advertising, and what continues below it */
	{WHOLE, "ad", NULL}, {WHOLE, "advertisement", NULL}, {WHOLE, "advertising", NULL}, {START, "advertisement -", NULL},
	{WHOLE, "story continues below", NULL}, {WHOLE, "story continued below", NULL}, {WHOLE, "continue reading", NULL},
	{WHOLE, "article continues below", NULL}, {START, "article continues after", NULL}, {WHOLE, "read more", NULL},
	{PHRASE, "continue reading ", NULL}, {PHRASE, "read more ", NULL}, {START, "sponsored:", NULL},
	{HOLDS, "is presented by", "newsletter"}, {HOLDS, "is brought to you by", "newsletter"},
	/* sharing */
	{START, "share on facebook", NULL}, {START, "share this", "facebook|twitter|tweet|email|linkedin|reddit"},
	{WHOLE, "share this article", NULL}, {WHOLE, "share this story", NULL}, {WHOLE, "share this", NULL},
	{PHRASE, "share this article ", NULL}, {START, "listen to article ", NULL}, {PHRASE, "listen to this ", NULL},
	{PHRASE, "follow us", NULL}, {PHRASE, "follow our", NULL}, {START, "scan the qr code", NULL},
	/* subscribing and signing in */
	{START, "sign up", LETTER}, {PHRASE, "sign up:", NULL}, {PHRASE, "subscribe to our", NULL}, {PHRASE, "subscribe now", NULL},
	{WHOLE, "subscribe", NULL}, {WHOLE, "sign up", NULL}, {WHOLE, "sign in", NULL}, {WHOLE, "log in", NULL},
	{START, "get our", LETTER}, {START, "want more? get", NULL}, {START, "join the", "unsubscribe"},
	{HOLDS, "forwarded this email", NULL}, {HOLDS, "free articles left", NULL}, {HOLDS, "free article left", NULL},
	{HOLDS, "log in or subscribe", NULL}, {HOLDS, "already a subscriber?", NULL}, {START, "reply to unsubscribe", NULL},
	{HOLDS, "unsubscribe any time", NULL}, {PHRASE, "subscribe today", NULL}, {PHRASE, "register now", NULL},
	{START, "like what you're reading?", NULL}, {START, "got a tip?", NULL}, {PHRASE, "register for free", NULL},
	/* cookies */
	{START, "we use cookies", NULL}, {START, "this site uses cookies", NULL}, {START, "this site sets cookies", NULL},
	{START, "this website uses cookies", NULL}, {START, "cookie settings", NULL}, {START, "cookies help us", NULL},
	{START, "cookies: we use", NULL}, {HOLDS, "cookies", "accept|manage"},
	/* pointers to other pages */
	{START, "related:", NULL}, {START, "related stories", NULL}, {START, "read next", NULL}, {START, "also read", NULL},
	{START, "read also", NULL}, {START, "see also:", NULL}, {START, "most read", NULL}, {START, "trending now", NULL},
	{START, "you may also like", NULL}, {START, "watch next", NULL}, {PHRASE, "more from ", NULL}, {START, "recommended:", NULL},
	{START, "also on ", "politico"}, {WHOLE, "more on this story", NULL}, {START, "also in this issue", NULL},
	{START, "now playing: watch this", NULL}, {START, "filed under", NULL}, {START, "tags:", NULL}, {WHOLE, "back to top", NULL},
	{START, "skip to main content", NULL}, {START, "skip to content", NULL}, {START, "click here to", NULL},
	/* pictures and rights */
	{START, "photo:", NULL}, {START, "photos:", NULL}, {START, "photo credit", NULL}, {START, "photograph:", NULL},
	{START, "photographer:", NULL}, {START, "image:", NULL}, {START, "image credit", NULL}, {START, "credit:", NULL},
	{START, "foto:", NULL}, {START, "photo gallery", NULL}, {START, "image gallery", NULL}, {HOLDS, "toggle caption", NULL},
	{HOLDS, "click to enlarge", NULL}, {CREDIT, "getty images", NULL}, {CREDIT, "/reuters", NULL}, {CREDIT, "/afp", NULL},
	{CREDIT, "/ap", NULL}, {CREDIT, "/bloomberg", NULL}, {START, "\xC2\xA9", NULL}, {START, "copyright \xC2\xA9", NULL},
	{HOLDS, "all rights reserved", NULL}, {HOLDS, "reprints and permissions", NULL}, {PHRASE, "text size", NULL},
};

static bool holds_one_of(const char *text, const char *list)
{
	while (*list) {
		size_t len = strcspn(list, "|");
		if (memmem(text, strlen(text), list, len))
			return true;
		list += len + (list[len] == '|');
	}
	return false;
}

static bool is_no_sentence(const folded *f)
{
	return f->last != '.' && f->last != '"' && f->last != '?' && f->last != '!';
}

static bool begins(const folded *f, const char *text)
{
	return strncmp(f->text, text, strlen(text)) == 0;
}

static bool fits(const folded *f, const rule *r)
{
	if (r->with && !holds_one_of(f->text, r->with))
		return false;
	switch (r->kind) {
	case WHOLE:
		return strcmp(f->text, r->text) == 0;
	case START:
		return begins(f, r->text);
	case PHRASE:
		return begins(f, r->text) && is_no_sentence(f);
	case HOLDS:
		return strstr(f->text, r->text) != NULL;
	default:
		return f->len <= 80 && is_no_sentence(f) && nv_str_ends((nv_str){f->text, f->len}, r->text);
	}
}

/* ---- Menus: parts between bars, each of them a word of this list, maybe with a count ---- */

static const char *const menu[] = {
	"accept all", "careers", "comment", "comments", "contact", "copy link", "corrections", "donate", "download", "e-mail", "email",
	"email this", "email this column", "facebook", "flipboard", "follow", "home", "jobs", "like", "linkedin", "listen", "log in",
	"manage", "next", "ok", "pin it", "pocket", "post", "previous", "print", "print edition", "reddit", "register", "republish",
	"rss", "save", "share", "sign in", "subscribe", "text size", "transcript", "tweet", "twitter", "tweet this", "unsubscribe",
	"view in browser", "whatsapp", "x",
};

/* Length of the part without spaces, digits, brackets and the like at its end. */
static size_t without_count(const char *part, size_t len)
{
	while (len > 0 && strchr(" 0123456789()+,-", part[len - 1]))
		len--;
	return len;
}

static bool is_menu_word(const char *part, size_t len)
{
	size_t count = strspn(part, " 0123456789");
	if (count >= len)
		return true;
	part += count;
	len = without_count(part, len - count);
	if (len == 0)
		return true;
	for (size_t i = 0; i < sizeof menu / sizeof *menu; i++) {
		if (strlen(menu[i]) == len && memcmp(menu[i], part, len) == 0)
			return true;
	}
	return false;
}

static bool is_menu(const folded *f)
{
	const char *at = f->text;
	size_t n = 0;
	while (*at) {
		size_t len = strcspn(at, "|/");
		if (!is_menu_word(at, len))
			return false;
		n++;
		at += len + (at[len] != '\0');
	}
	return n >= 2 && strchr("abcdefghijklmnopqrstuvwxyz", f->text[0]);
}

static bool is_boilerplate(const folded *f)
{
	if (f->len == 0)
		return false;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		if (fits(f, &rules[i]))
			return true;
	}
	return is_menu(f);
}

/* ---- Lines ---- */

static nv_str trim(nv_str s)
{
	while (s.len > 0 && strchr(" \t\r\n", s.ptr[0]) && s.ptr[0]) {
		s.ptr++;
		s.len--;
	}
	while (s.len > 0 && strchr(" \t\r\n", s.ptr[s.len - 1]) && s.ptr[s.len - 1])
		s.len--;
	return s;
}

/* Takes the next line, trimmed, off *rest; false at the end. */
static bool next_line(nv_str *rest, nv_str *line)
{
	if (rest->len == 0)
		return false;
	const char *newline = memchr(rest->ptr, '\n', rest->len);
	size_t len = newline ? (size_t)(newline - rest->ptr) : rest->len, taken = len + (newline != NULL);
	*line = trim((nv_str){rest->ptr, len});
	*rest = (nv_str){rest->ptr + taken, rest->len - taken};
	return true;
}

static bool is_page_line(nv_str line)
{
	folded f;
	if (line.len == 0 || line.len > LONGEST_LINE)
		return false;
	fold(line, &f);
	return is_boilerplate(&f);
}

/* "X X" gives X: a headline pasted twice in one line. */
static nv_str once(nv_str line)
{
	size_t half = line.len / 2;
	bool doubled = line.len > 20 && line.len % 2 == 1 && line.ptr[half] == ' ' &&
	               memcmp(line.ptr, line.ptr + half + 1, half) == 0;
	return doubled ? (nv_str){line.ptr, half} : line;
}

/* The title again, maybe with the site's name behind a bar. */
static bool is_headline(nv_str line, const folded *title)
{
	folded f;
	line = once(line);
	if (title->len == 0 || line.len > LONGEST_LINE)
		return false;
	fold(line, &f);
	if (f.len < title->len || memcmp(f.text, title->text, title->len) != 0)
		return false;
	const char *behind = f.text + title->len;
	return *behind == '\0' || strncmp(behind, " |", 2) == 0;
}

/* ---- Articles ---- */

/* Where the title stands again in the first three lines that are not blank, all of them short: it and what is before it goes. */
static nv_str skip_headline(nv_str title, nv_str text)
{
	folded f;
	nv_str rest = text, line;
	if (title.len == 0 || title.len > LONGEST_LINE)
		return text;
	fold(title, &f);
	for (int n = 0; n < 3 && next_line(&rest, &line);) {
		if (line.len > LONGEST_LINE)
			break;
		if (is_headline(line, &f))
			return trim(rest).len > 0 ? rest : text;
		n += line.len > 0;
	}
	return text;
}

static bool is_no_headline(nv_str line)
{
	return line.len == 0 || line.len > LONGEST_LINE || line.ptr[line.len - 1] == '.' || is_page_line(line);
}

/* A title that is the site's, not the article's, gives way to the text's first line, if that may be a headline. */
static nv_str find_title(nv_str title, nv_str *text)
{
	nv_str line = {NULL, 0}, rest = *text;
	title = trim(title);
	if (!is_page_line(title))
		return once(title);
	while (next_line(&rest, &line) && (line.len == 0 || is_page_line(line)))
		;
	if (is_no_headline(line) || trim(rest).len == 0)
		return title;
	*text = rest;
	return once(line);
}

static void keep_lines(nv_str text, nv_buf *out)
{
	nv_str line;
	while (text.len > 0) {
		const char *start = text.ptr;
		next_line(&text, &line);
		if (!is_page_line(line))
			nv_buf_add(out, start, (size_t)(text.ptr - start));
	}
}

bool nv_boilerplate_strip(nv_str title, nv_str text, nv_buf *title_out, nv_buf *text_out)
{
	nv_str rest = text, headline = find_title(title, &rest);
	nv_buf_clear(title_out);
	nv_buf_clear(text_out);
	nv_buf_add(title_out, headline.ptr, headline.len);
	keep_lines(skip_headline(headline, rest), text_out);
	/* Never nothing: an article of such lines alone stays as it is. */
	if (!text_out->failed && headline.len == 0 && trim((nv_str){text_out->ptr, text_out->len}).len == 0) {
		nv_buf_clear(text_out);
		nv_buf_add(title_out, title.ptr, title.len);
		nv_buf_add(text_out, text.ptr, text.len);
	}
	return !title_out->failed && !text_out->failed;
}
