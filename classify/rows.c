/* SPDX-License-Identifier: Apache-2.0
 *
 * Layout of a row, unaligned: u64 length of all; u64 length and bytes of id, title, date, source; f64 coverage; for each task u8 applies, f64
 * score, and for each of its labels u8 given, f64 p.
 */
#include "classify/rows.h"

#include "data/utf8.h"

#include <math.h>
#include <string.h>

/* ---- Writing ---- */

static void put_u64(nv_buf *out, uint64_t x)
{
	nv_buf_add(out, (const char *)&x, sizeof x);
}

static void put_f64(nv_buf *out, double x)
{
	nv_buf_add(out, (const char *)&x, sizeof x);
}

/* A number of the row that was begun at `at`, once it is known. */
static void patch_u64(nv_buf *out, size_t at, uint64_t x)
{
	if (!out->failed)
		memcpy(out->ptr + at, &x, sizeof x);
}

/* Ill-formed parts become U+FFFD, as everywhere. */
static void put_text(nv_buf *out, nv_str text)
{
	size_t start = out->len;
	put_u64(out, 0);
	for (size_t i = 0; i < text.len;) {
		uint32_t code_point;
		bool bad = false;
		char replacement[4];
		size_t len = nv_utf8_decode((const unsigned char *)text.ptr + i, text.len - i, &code_point, &bad);
		if (bad)
			nv_buf_add(out, replacement, nv_utf8_encode(NV_REPLACEMENT, replacement));
		else
			nv_buf_add(out, text.ptr + i, len);
		i += len;
	}
	patch_u64(out, start, out->len - start - sizeof(uint64_t));
}

static void put_task(nv_buf *out, const nv_model *model, size_t t, const nv_result *result)
{
	const nv_task *task = &model->schema->task[t];
	size_t first = model->task[t].first_score;
	nv_buf_add_char(out, (char)result->applies[t]);
	put_f64(out, task->kind == NV_STANCE ? nv_result_score(result, t) : NAN);
	for (size_t l = 0; l < task->n_label; l++) {
		nv_buf_add_char(out, (char)result->chosen[first + l]);
		put_f64(out, result->p[first + l]);
	}
}

void nv_result_row_write(const nv_model *model, const nv_article *article, const nv_result *result, nv_buf *out)
{
	size_t start = out->len;
	put_u64(out, 0);
	put_text(out, article->id);
	put_text(out, article->title);
	put_text(out, article->date);
	put_text(out, article->source);
	put_f64(out, result->coverage);
	for (size_t t = 0; t < model->schema->n_task; t++)
		put_task(out, model, t, result);
	patch_u64(out, start, out->len - start);
}

/* ---- Reading ---- */

static uint64_t take_u64(const char **at)
{
	uint64_t x;
	memcpy(&x, *at, sizeof x);
	*at += sizeof x;
	return x;
}

static double take_f64(const char **at)
{
	double x;
	memcpy(&x, *at, sizeof x);
	*at += sizeof x;
	return x;
}

static nv_str take_text(const char **at)
{
	size_t len = (size_t)take_u64(at);
	nv_str text = {*at, len};
	*at += len;
	return text;
}

size_t nv_result_row_read(nv_result_row *row, const char *bytes)
{
	const char *at = bytes;
	size_t len = (size_t)take_u64(&at);
	row->id = take_text(&at);
	row->title = take_text(&at);
	row->date = take_text(&at);
	row->source = take_text(&at);
	row->coverage = take_f64(&at);
	row->at = at;
	return len;
}

nv_result_row_task nv_result_row_next_task(nv_result_row *row)
{
	bool applies = *row->at++ != 0;
	return (nv_result_row_task){applies, take_f64(&row->at)};
}

nv_result_row_label nv_result_row_next_label(nv_result_row *row)
{
	bool given = *row->at++ != 0;
	return (nv_result_row_label){given, take_f64(&row->at)};
}
