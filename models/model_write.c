/* SPDX-License-Identifier: Apache-2.0
 *
 * A model as a file: the blocks are listed first (pieces that point to the model's arrays, or to small buffers made
 * here), then checksummed, then written. What a model does not hold becomes a block of no length, and equal models
 * become equal bytes whether they were trained or loaded.
 */
#include "models/block.h"
#include "models/layout.h"
#include "models/model_io.h"
#include "models/top.h"

#include "base/alloc.h"

#include <string.h>

#define PIECES_FIXED 24
#define PIECES_VIEW 6

typedef struct piece {
	char name[NV_BLOCK_NAME + 1];
	const void *bytes;
	uint64_t len;
} piece;

typedef struct writer {
	const nv_model *model;
	const nv_vocab *vocab; /* with the filter */
	piece *piece; /* [n] */
	size_t n, n_sum;
	nv_file_shape shape;
	nv_buf schema, token, top;
	nv_file_task *task;   /* [n_task] */
	nv_file_view *view;   /* [n_view] */
	double *a, *b, *threshold; /* [n_score] */
	uint32_t *knot_start; /* [n_score + 1] */
	double *knot_x, *knot_y;
	nv_buf head;          /* header, table, checksums */
} writer;

static void add(writer *w, const char *name, const void *bytes, uint64_t n, size_t size)
{
	piece *p = &w->piece[w->n++];
	memcpy(p->name, name, strnlen(name, NV_BLOCK_NAME));
	p->bytes = bytes;
	p->len = bytes ? n * size : 0;
	w->n_sum += (size_t)nv_block_chunks(p->len);
}

static void add_numbered(writer *w, const char *name, uint32_t number, const void *bytes, uint64_t n, size_t size)
{
	char full[NV_NUMBERED_NAME];
	add(w, nv_numbered_name(full, name, number), bytes, n, size);
}

/* ---- Small blocks made for the file ---- */

static void fill_shape(writer *w)
{
	const nv_model *m = w->model;
	const nv_vocab *v = &m->vocab;
	w->shape = (nv_file_shape){.n_word = v->n_word,
	                           .n_term = v->n_term,
	                           .max_n = v->max_n,
	                           .min_n = v->min_n,
	                           .hash_bits = v->hash_bits,
	                           .strip_boilerplate = m->strip_boilerplate,
	                           .n_task = (uint32_t)m->schema->n_task,
	                           .n_score = m->n_score,
	                           .n_view = m->n_view,
	                           .n_document = v->n_document,
	                           .word_mask = v->word_slot ? v->word_mask : 0,
	                           .gram_mask = v->gram_slot ? v->gram_mask : 0};
}

static void fill_views(writer *w)
{
	for (uint32_t i = 0; i < w->model->n_view; i++) {
		const nv_model_view *v = &w->model->view[i];
		bool grams = v->gram_slot && v->gram_weight;
		w->view[i] = (nv_file_view){.weighting = v->weighting,
		                            .normalize = v->normalize,
		                            .n_about = v->about ? v->n_about : 0,
		                            .n_column = v->n_column,
		                            .stride = v->stride,
		                            .n_gram = grams ? v->n_gram : 0,
		                            .subword_low = v->subword_low,
		                            .subword_high = v->subword_high,
		                            .unknown_idf = v->unknown_idf,
		                            .title_weight = v->title_weight,
		                            .gram_mask = grams ? v->gram_mask : 0};
	}
}

static size_t knots_of(const nv_calibration *c)
{
	return c->kind == NV_CALIBRATE_ISOTONIC ? c->knot_start[c->n_label] - c->knot_start[0] : 0;
}

/* A task's numbers into the arrays of all scores; `knots` is where its knots begin. */
static void fill_task(writer *w, size_t t, uint32_t knots)
{
	const nv_model_task *task = &w->model->task[t];
	const nv_calibration *c = &task->calibration;
	size_t n_label = w->model->schema->task[t].n_label;
	uint32_t flags = (task->trained ? NV_FILE_TASK_TRAINED : 0) | (task->whole_length ? NV_FILE_TASK_WHOLE_LENGTH : 0);
	w->task[t] = (nv_file_task){task->first_score, (uint32_t)n_label, flags, (uint32_t)c->kind};
	for (size_t l = 0; l < n_label; l++) {
		size_t s = task->first_score + l;
		w->threshold[s] = task->threshold ? task->threshold[l] : 0.5;
		if (c->kind == NV_CALIBRATE_PLATT || c->kind == NV_CALIBRATE_LOGLOG) {
			w->a[s] = c->a[l];
			w->b[s] = c->b[l];
		}
		w->knot_start[s] = knots + (c->kind == NV_CALIBRATE_ISOTONIC ? c->knot_start[l] - c->knot_start[0] : 0);
	}
	if (knots_of(c) > 0) {
		memcpy(w->knot_x + knots, c->knot_x + c->knot_start[0], knots_of(c) * sizeof(double));
		memcpy(w->knot_y + knots, c->knot_y + c->knot_start[0], knots_of(c) * sizeof(double));
	}
}

static int fill_tasks(writer *w, nv_error *err)
{
	const nv_model *m = w->model;
	size_t n_knot = 0, n_task = m->schema->n_task;
	for (size_t t = 0; t < n_task; t++)
		n_knot += knots_of(&m->task[t].calibration);
	w->task = nv_alloc_zero(n_task, sizeof *w->task);
	w->a = nv_alloc_zero(m->n_score, sizeof *w->a);
	w->b = nv_alloc_zero(m->n_score, sizeof *w->b);
	w->threshold = nv_alloc_zero(m->n_score, sizeof *w->threshold);
	w->knot_start = nv_alloc_zero((size_t)m->n_score + 1, sizeof *w->knot_start);
	w->knot_x = nv_alloc_zero(n_knot, sizeof *w->knot_x);
	w->knot_y = nv_alloc_zero(n_knot, sizeof *w->knot_y);
	if (!w->task || !w->a || !w->b || !w->threshold || !w->knot_start || !w->knot_x || !w->knot_y)
		return nv_fail_memory(err);
	uint32_t knots = 0;
	for (size_t t = 0; t < n_task; t++) {
		fill_task(w, t, knots);
		knots += (uint32_t)knots_of(&m->task[t].calibration);
	}
	w->knot_start[m->n_score] = knots;
	return NV_OK;
}

static int fill_texts(writer *w, nv_error *err)
{
	nv_json_writer json;
	nv_json_begin(&json, &w->schema, 0);
	nv_schema_to_json(w->model->schema, &json);
	nv_json_begin(&json, &w->token, 0);
	nv_json_open(&json, '{');
	nv_option_save(nv_token_rows, nv_n_token_rows, &w->model->token, &json);
	nv_json_close(&json, '}');
	return w->schema.failed || w->token.failed ? nv_fail_memory(err) : NV_OK;
}

/* ---- The list of blocks ---- */

static void list_vocab(writer *w)
{
	const nv_vocab *v = w->vocab;
	uint64_t grams = v->n_term - v->n_word;
	add(w, "words", v->word_slot, w->shape.word_mask + 1, sizeof *v->word_slot);
	add(w, "grams", v->gram_slot, w->shape.gram_mask + 1, sizeof *v->gram_slot);
	add(w, "gram_filter", v->gram_filter, v->filter_mask + 1, sizeof *v->gram_filter);
	add(w, "df", v->df, v->n_term, sizeof *v->df);
	add(w, "gram_prefix", v->gram_prefix, grams, sizeof *v->gram_prefix);
	add(w, "gram_word", v->gram_word, grams, sizeof *v->gram_word);
	add(w, "text_start", v->text_start, (uint64_t)v->n_word + 1, sizeof *v->text_start);
	add(w, "text", v->text, v->text_start ? v->text_start[v->n_word] : 0, 1);
}

static void list_scores(writer *w)
{
	const nv_model *m = w->model;
	uint32_t n_knot = w->knot_start[m->n_score];
	add(w, "bias", m->bias, m->n_score, sizeof *m->bias);
	add(w, "threshold", w->threshold, m->n_score, sizeof *w->threshold);
	add(w, "platt_a", w->a, m->n_score, sizeof *w->a);
	add(w, "platt_b", w->b, m->n_score, sizeof *w->b);
	add(w, "knot_start", w->knot_start, (uint64_t)m->n_score + 1, sizeof *w->knot_start);
	add(w, "knot_x", w->knot_x, n_knot, sizeof *w->knot_x);
	add(w, "knot_y", w->knot_y, n_knot, sizeof *w->knot_y);
}

static void list_view(writer *w, uint32_t i)
{
	const nv_model_view *v = &w->model->view[i];
	const nv_file_view *f = &w->view[i];
	bool grams = v->gram_slot && v->gram_weight;
	add_numbered(w, "about", i, v->about, f->n_about, sizeof *v->about);
	add_numbered(w, "score", i, v->score, v->n_column, sizeof *v->score);
	add_numbered(w, "idf", i, v->idf, w->model->vocab.n_term, sizeof *v->idf);
	add_numbered(w, "weight", i, v->weight, (uint64_t)w->model->vocab.n_term * v->stride, sizeof *v->weight);
	add_numbered(w, "gram_slot", i, grams ? v->gram_slot : NULL, f->gram_mask + 1, sizeof *v->gram_slot);
	add_numbered(w, "gram_weight", i, grams ? v->gram_weight : NULL, (uint64_t)f->n_gram * v->stride,
	             sizeof *v->gram_weight);
}

static int list_blocks(writer *w, nv_error *err)
{
	const nv_model *m = w->model;
	w->piece = nv_alloc_zero(PIECES_FIXED + (size_t)m->n_view * PIECES_VIEW, sizeof *w->piece);
	w->view = nv_alloc_zero(m->n_view, sizeof *w->view);
	if (!w->piece || !w->view)
		return nv_fail_memory(err);
	int code = fill_tasks(w, err);
	if (code == NV_OK)
		code = fill_texts(w, err);
	if (code == NV_OK)
		code = nv_top_keep(m, &w->top, err);
	if (code < 0)
		return code;
	fill_shape(w);
	fill_views(w);
	nv_str stop = nv_tokenizer_stopwords(m->tokenizer);
	add(w, "shape", &w->shape, 1, sizeof w->shape);
	add(w, "schema", w->schema.ptr, w->schema.len, 1);
	add(w, "metadata", m->metadata.ptr, m->metadata.len, 1);
	add(w, "token", w->token.ptr, w->token.len, 1);
	add(w, "stopwords", stop.ptr, stop.len, 1);
	add(w, "fingerprints", m->fingerprint, m->n_fingerprint, sizeof *m->fingerprint);
	add(w, "tasks", w->task, m->schema->n_task, sizeof *w->task);
	add(w, "views", w->view, m->n_view, sizeof *w->view);
	add(w, "top_terms", w->top.ptr, w->top.len, 1);
	list_scores(w);
	list_vocab(w);
	for (uint32_t i = 0; i < m->n_view; i++)
		list_view(w, i);
	return NV_OK;
}

/* ---- Header, table, checksums ---- */

static void add_sums(writer *w, const piece *p)
{
	for (uint64_t at = 0; at < p->len; at += NV_CHUNK) {
		uint64_t left = p->len - at, sum = nv_checksum(0, (const char *)p->bytes + at, left < NV_CHUNK ? (size_t)left : NV_CHUNK);
		nv_buf_add(&w->head, (const char *)&sum, sizeof sum);
	}
}

static void pad(nv_buf *buf)
{
	static const char zeros[NV_BLOCK_ALIGN];
	nv_buf_add(buf, zeros, (size_t)(nv_block_padded(buf->len) - buf->len));
}

static int make_head(writer *w, nv_error *err)
{
	nv_file_header header = {.version = NV_MODEL_VERSION, .n_block = (uint32_t)w->n, .n_sum = w->n_sum};
	uint64_t offset = nv_block_padded(sizeof header + w->n * sizeof(nv_file_entry) + w->n_sum * sizeof(uint64_t)), sum = 0;
	memcpy(header.magic, NV_MODEL_MAGIC, sizeof header.magic);
	nv_buf_add(&w->head, (const char *)&header, sizeof header);
	for (size_t i = 0; i < w->n; i++) {
		nv_file_entry entry = {.offset = offset, .len = w->piece[i].len, .first_sum = sum};
		memcpy(entry.name, w->piece[i].name, NV_BLOCK_NAME);
		nv_buf_add(&w->head, (const char *)&entry, sizeof entry);
		offset += nv_block_padded(entry.len);
		sum += nv_block_chunks(entry.len);
	}
	for (size_t i = 0; i < w->n; i++)
		add_sums(w, &w->piece[i]);
	pad(&w->head);
	if (w->head.failed)
		return nv_fail_memory(err);
	header.file_len = offset;
	header.checksum = nv_header_checksum(&header, w->head.ptr + sizeof header, w->head.len - sizeof header);
	memcpy(w->head.ptr, &header, sizeof header);
	return NV_OK;
}

static bool put(const nv_sink *sink, const void *bytes, size_t len)
{
	static const char zeros[NV_BLOCK_ALIGN];
	size_t padding = (size_t)nv_block_padded(len) - len;
	return (len == 0 || sink->write(sink->user, bytes, len) == 0) &&
	       (padding == 0 || sink->write(sink->user, zeros, padding) == 0);
}

int nv_model_write(const nv_model *model, const nv_sink *sink, nv_error *err)
{
	writer w = {.model = model, .schema = NV_BUF_INIT, .token = NV_BUF_INIT, .top = NV_BUF_INIT, .head = NV_BUF_INIT};
	int code = nv_model_verify(model, err);
	if (code == NV_OK)
		code = nv_model_need_lookups(model, &w.vocab, err);
	if (code == NV_OK)
		code = list_blocks(&w, err);
	if (code == NV_OK)
		code = make_head(&w, err);
	if (code == NV_OK && !put(sink, w.head.ptr, w.head.len))
		code = nv_fail(err, NV_E_IO, "writing the model failed");
	for (size_t i = 0; i < w.n && code == NV_OK; i++)
		if (!put(sink, w.piece[i].bytes, (size_t)w.piece[i].len))
			code = nv_fail(err, NV_E_IO, "writing the model failed");
	nv_buf_release(&w.head);
	nv_buf_release(&w.top);
	nv_buf_release(&w.token);
	nv_buf_release(&w.schema);
	nv_free(w.knot_y);
	nv_free(w.knot_x);
	nv_free(w.knot_start);
	nv_free(w.threshold);
	nv_free(w.b);
	nv_free(w.a);
	nv_free(w.view);
	nv_free(w.task);
	nv_free(w.piece);
	return code;
}
