/* SPDX-License-Identifier: Apache-2.0
 *
 * Text is normalised a segment at a time: a base character and the marks behind it, the longest stretch in which
 * reordering and composition act. So a buffer on the stack is enough, where utf8proc's own map call allocates twice for
 * each text.
 */
#include "data/normalize.h"

#include "data/bytes.h"
#include "data/entities.h"
#include "data/utf8.h"

#include <utf8proc.h>

#define MARK_LIMIT 30
#define DECOMPOSED_MAX 18 /* code points, of U+FDFA */

typedef struct segment {
	nv_buf *out;
	size_t n, n_mark;
	utf8proc_int32_t code_point[MARK_LIMIT + 4]; /* a base, or a Hangul syllable's parts, and marks */
} segment;

static bool in(uint32_t c, uint32_t low, uint32_t high)
{
	return c - low <= high - low;
}

static utf8proc_category_t category_of(uint32_t c)
{
	return utf8proc_category((utf8proc_int32_t)c);
}

static uint32_t plain_punctuation(uint32_t c)
{
	if (in(c, 0x2010, 0x2015) || c == 0x2212)
		return '-';
	if (in(c, 0x2018, 0x201B) || c == 0x2032 || c == 0x02BC || c == 0x00B4)
		return '\'';
	if (in(c, 0x201C, 0x201F) || c == 0x2033 || c == 0x00AB || c == 0x00BB)
		return '"';
	return c;
}

/* Canonical order: marks by combining class, stable within a class (Unicode 15, section 3.11). */
static void order_marks(utf8proc_int32_t *c, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		utf8proc_int32_t moved = c[i];
		utf8proc_propval_t rank = utf8proc_get_property(moved)->combining_class;
		size_t j = i;
		for (; rank > 0 && j > 0 && utf8proc_get_property(c[j - 1])->combining_class > rank; j--)
			c[j] = c[j - 1];
		c[j] = moved;
	}
}

static void segment_flush(segment *s)
{
	if (s->n > 1) {
		order_marks(s->code_point, s->n);
		utf8proc_ssize_t n =
			utf8proc_normalize_utf32(s->code_point, (utf8proc_ssize_t)s->n, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
		s->n = n > 0 ? (size_t)n : 0;
	}
	if (nv_buf_reserve(s->out, 4 * s->n)) {
		for (size_t i = 0; i < s->n; i++)
			s->out->len += nv_utf8_encode((uint32_t)s->code_point[i], s->out->ptr + s->out->len);
	}
	s->n = s->n_mark = 0;
}

/* Hangul: a vowel goes with a leading consonant before it, a trailing consonant with a vowel. */
static bool joins_hangul(uint32_t before, uint32_t c)
{
	return (in(c, 0x1161, 0x1175) && in(before, 0x1100, 0x1112)) ||
	       (in(c, 0x11A8, 0x11C2) && in(before, 0x1161, 0x1175));
}

/* One decomposed code point. Everything that can compose with what is before it is a mark or a Hangul part. */
static void segment_add(segment *s, utf8proc_int32_t c)
{
	if (nv_char_is_mark((uint32_t)c)) {
		if (s->n_mark++ >= MARK_LIMIT)
			return;
	} else if (s->n > 0 && !(s->n_mark == 0 && joins_hangul((uint32_t)s->code_point[s->n - 1], (uint32_t)c))) {
		segment_flush(s);
	}
	s->code_point[s->n++] = c;
}

static void add_code_point(segment *s, uint32_t c)
{
	utf8proc_int32_t part[DECOMPOSED_MAX];
	int last_boundclass = 0;
	utf8proc_option_t options =
		UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)plain_punctuation(c), part, DECOMPOSED_MAX, options,
	                                             &last_boundclass);
	for (utf8proc_ssize_t i = 0; i < n && i < DECOMPOSED_MAX; i++)
		segment_add(s, part[i]);
}

/* ASCII up to the next byte that is not, or '&': folded as it is copied. The last character waits in the segment, since
 * a mark may follow. */
static const unsigned char *add_ascii(segment *s, const unsigned char *p, const unsigned char *end)
{
	segment_flush(s);
	const unsigned char *stop = p + 1;
	while (stop < end && *stop < 0x80 && *stop != '&')
		stop++;
	size_t n = (size_t)(stop - p) - 1;
	if (nv_buf_reserve(s->out, n)) {
		char *out = s->out->ptr + s->out->len;
		for (size_t i = 0; i < n; i++)
			out[i] = nv_byte_fold(p[i]);
		s->out->len += n;
	}
	s->code_point[s->n++] = (unsigned char)nv_byte_fold(p[n]);
	return stop;
}

void nv_normalize(nv_str text, nv_buf *out, uint64_t *ill_formed)
{
	const unsigned char *p = (const unsigned char *)text.ptr, *end = p ? p + text.len : p;
	segment s = {.out = out};
	while (p < end) {
		uint32_t c = 0;
		size_t n = *p == '&' ? nv_entity_decode((const char *)p, (size_t)(end - p), &c) : 0;
		if (n == 0 && *p < 0x80) {
			p = add_ascii(&s, p, end);
			continue;
		}
		bool bad = false;
		if (n == 0)
			n = nv_utf8_decode(p, (size_t)(end - p), &c, &bad);
		if (bad)
			*ill_formed += n;
		add_code_point(&s, c);
		p += n;
	}
	segment_flush(&s);
}

/* ---- Classes ---- */

static bool is_unspaced_script(uint32_t c)
{
	return in(c, 0x4E00, 0x9FFF) || in(c, 0x3041, 0x3096) || in(c, 0x30A1, 0x30FA) || in(c, 0x3400, 0x4DBF) ||
	       in(c, 0x20000, 0x3FFFD) || in(c, 0xF900, 0xFAFF) || in(c, 0x0E00, 0x0EFF) || in(c, 0x1780, 0x17FF) ||
	       in(c, 0x1000, 0x109F) || in(c, 0x31F0, 0x31FF) || c == 0x3005 || c == 0x3007;
}

static bool is_stop(uint32_t c)
{
	return c == '.' || c == '!' || c == '?' || c == 0x3002 || c == 0x061F || c == 0x06D4 || c == 0x0964 ||
	       c == 0x0965 || c == 0x2026 || c == 0x203D;
}

nv_char_class nv_char_class_of(uint32_t c)
{
	switch (category_of(c)) {
	case UTF8PROC_CATEGORY_LO:
		return is_unspaced_script(c) ? NV_CHAR_IDEOGRAPH : NV_CHAR_WORD;
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return NV_CHAR_WORD;
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return NV_CHAR_SPACE;
	case UTF8PROC_CATEGORY_CC:
		return in(c, '\t', '\r') || c == 0x85 ? NV_CHAR_SPACE : NV_CHAR_OTHER;
	default:
		return c == '_' ? NV_CHAR_WORD : is_stop(c) ? NV_CHAR_STOP : NV_CHAR_OTHER;
	}
}

bool nv_char_is_letter(uint32_t c)
{
	utf8proc_category_t category = category_of(c);
	return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool nv_char_is_mark(uint32_t c)
{
	utf8proc_category_t category = category_of(c);
	return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

bool nv_char_may_begin_sentence(uint32_t c)
{
	utf8proc_category_t category = category_of(c);
	return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT || category == UTF8PROC_CATEGORY_LO ||
	       category == UTF8PROC_CATEGORY_ND;
}
