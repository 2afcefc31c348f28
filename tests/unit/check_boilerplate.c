/* SPDX-License-Identifier: Apache-2.0 */
#include "data/boilerplate.h"

#include "check_main.h"
#include "faulty_alloc.h"

#include <stdio.h>
#include <string.h>

static void check_both(const char *title, const char *text, const char *want_title, const char *want_text)
{
	nv_buf title_out = NV_BUF_INIT, text_out = NV_BUF_INIT;
	ck_assert(nv_boilerplate_strip(nv_str_of(title), nv_str_of(text), &title_out, &text_out));
	ck_assert_str_eq(nv_buf_cstr(&title_out), want_title);
	ck_assert_str_eq(nv_buf_cstr(&text_out), want_text);
	nv_buf_release(&title_out);
	nv_buf_release(&text_out);
}

static void check_text(const char *text, const char *want)
{
	check_both("A title", text, "A title", want);
}

START_TEST(page_lines_go)
{
	static const char *const lines[] = {
		"Advertisement", "ADVERTISEMENT \xE2\x80\x94 Story continues below", "AD", "Continue Reading", "Share | Tweet | Print",
		"Share on Facebook  Tweet  Pin it", "Like 41  Tweet this  Pin it  23 comments", "Share this: Twitter / Google+ / Email",
		"Sign up for our Thursday newsletter. No paywall, ever.", "SIGN UP for our weekend sport email",
		"**Were you forwarded this email? Subscribe here.**", "You have 2 free articles left this month. Log in or subscribe.",
		"We use cookies to improve your experience. Accept / Manage settings", "Cookie settings", "Like what you\xE2\x80\x99re reading? Text 55",
		"READ NEXT: The eagle problem", ">> Related: Traps, what the counts say", "Tags: a, b", "Photo: A hall / handout",
		"[Image gallery: 7 photos]", "(Joshua Roberts/Reuters)", "\xC2\xA9 Red River Beacon. Reprints and permissions",
		"Enlarge this image toggle caption Steve Helber/AP Steve Helber/AP", "Listen to this article \xE2\x80\xA2 3 min",
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char text[300];
		snprintf(text, sizeof text, "First.\n%s\r\nLast.", lines[i]);
		check_text(text, "First.\nLast.");
	}
}
END_TEST

START_TEST(sentences_stay)
{
	static const char *const lines[] = {
		"Subscribe to four of the leading threat feeds and you will get four unrelated lists.",
		"Share prices fell.", "Sign up as a guide, she told them, and see.", "Advertisement spending rose 4 per cent.",
		"More from the fund than from any bank, he said.", "He had read more of it than she.", "The photo: a hall, a man.",
		"Shares closed at $13.42.", "Print | Media | Politics", "I use cookies to bribe children.", "___", "A | B",
		"“Follow us,” the guard said, “or stay.” he added.",
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		check_text(lines[i], lines[i]);
}
END_TEST

START_TEST(headline_stands_once)
{
	check_both("Lids let go", "Lids let go\n\nBody.", "Lids let go", "\nBody.");
	check_both("Lids let go", "LIDS LET GO | Bitmill\nBody.", "Lids let go", "Body.");
	check_both("Pressure cooker lids let go", "Pressure cooker lids let go Pressure cooker lids let go\nBody.",
	           "Pressure cooker lids let go", "Body.");
	check_both("Pressure cooker lids let go Pressure cooker lids let go", "Body.", "Pressure cooker lids let go", "Body.");
	check_both("Lids let go", "Join us in Atlanta on April 10. Request an invite\n\nLids let go\nBody.", "Lids let go", "Body.");
	check_both("Lids", "Lids let go.\nBody.", "Lids", "Lids let go.\nBody.");
}
END_TEST

START_TEST(title_of_the_site_gives_way)
{
	check_both("Advertisement", "\nSign up for our newsletter\nLids let go\n\nBody.", "Lids let go", "\nBody.");
	check_both("CREDIT: Reuters", "He said so.\nBody.", "CREDIT: Reuters", "He said so.\nBody.");
}
END_TEST

START_TEST(long_lines_and_empty_texts)
{
	char line[202];
	memset(line, 'a', sizeof line);
	memcpy(line, "tags:", 5);
	line[201] = '\0';
	check_text(line, line);
	line[200] = '\0';
	check_text(line, "");
	check_both("", "", "", "");
	check_both("", "Advertisement", "", "Advertisement");
	check_both("A title", "A title", "A title", "A title");
	check_text("\n\n \n", "\n\n \n");
}
END_TEST

START_TEST(it_tells_when_memory_ends)
{
	nv_buf title_out = NV_BUF_INIT, text_out = NV_BUF_INIT;
	faulty_on(1);
	ck_assert(!nv_boilerplate_strip(nv_str_of("t"), nv_str_of("text"), &title_out, &text_out));
	nv_buf_release(&title_out);
	nv_buf_release(&text_out);
	ck_assert_int_eq(faulty_off(), 0);
	/* What is lost for want of memory is not taken for an article of page lines alone. */
	faulty_on(0);
	faulty.once = true;
	ck_assert(!nv_boilerplate_strip(nv_str_of(""), nv_str_of("Advertisement\nBody."), &title_out, &text_out));
	nv_buf_release(&title_out);
	nv_buf_release(&text_out);
	ck_assert_int_eq(faulty_off(), 0);
}
END_TEST

static Suite *boilerplate_suite(void)
{
	Suite *suite = suite_create("boilerplate");
	NV_CASE(suite, "Core", page_lines_go, sentences_stay, headline_stands_once, title_of_the_site_gives_way);
	NV_CASE(suite, "Limits", long_lines_and_empty_texts);
	NV_CASE(suite, "Errors", it_tells_when_memory_ends);
	return suite;
}

NV_CHECK_MAIN(boilerplate_suite)
