/* SPDX-License-Identifier: Apache-2.0
 *
 * Blocks of a file -> a model: sizes against "shape" before anything else, then contents. What is large is left for when it
 * is needed: weights, idf and character n-grams are verified chunk by chunk when they are used (score.c, unknown.c), the
 * tables for looking up and the texts of terms as a whole (need.c). All else is verified and checked here, so that no
 * later code need doubt an index. A right checksum proves nothing about who wrote the file: every check here holds for
 * hostile ones.
 */
#include "models/block.h"
#include "models/layout.h"
#include "models/model_io.h"

#include "base/alloc.h"

#include <string.h>

typedef struct reader {
	nv_model *model;
	const nv_block_table *table;
	nv_file_shape shape;
	nv_error *err;
	int code; /* of the first failure: later steps then do nothing */
} reader;

static void bad(reader *r, const char *block, const char *what)
{
	if (r->code == NV_OK)
		r->code =
			nv_fail_at(r->err, NV_E_MODEL, r->table->path, 0, 0, "unusable model file: block %s: %s", block, what);
}

static nv_file_block *find(reader *r, const char *name)
{
	nv_file_block *block = r->code == NV_OK ? nv_block_find(r->table, name) : NULL;
	if (!block)
		bad(r, name, "is not there");
	return block;
}

/* A block of n elements, not yet verified; with `optional` it may also be empty, which gives NULL, as a failure does. */
static nv_file_block *find_sized(reader *r, const char *name, uint64_t n, size_t size, bool optional)
{
	nv_file_block *block = find(r, name);
	if (!block || (optional && block->len == 0))
		return NULL;
	if (n <= UINT64_MAX / size && block->len == n * size)
		return block;
	bad(r, name, "has the wrong length");
	return NULL;
}

/* Its bytes, verified. */
static const void *take(reader *r, const char *name, uint64_t n, size_t size, bool optional)
{
	const nv_file_block *block = find_sized(r, name, n, size, optional);
	if (block)
		r->code = nv_block_need_all(block, r->err);
	return block && r->code == NV_OK ? block->bytes : NULL;
}

/* Its bytes, to be verified before they are used. */
static const void *take_unverified(reader *r, const char *name, uint64_t n, size_t size, bool optional)
{
	const nv_file_block *block = find_sized(r, name, n, size, optional);
	return block ? block->bytes : NULL;
}

/* A block of any number of elements. */
static const void *take_any(reader *r, const char *name, size_t size, uint64_t *n)
{
	const nv_file_block *block = find(r, name);
	*n = 0;
	if (!block)
		return NULL;
	if (block->len % size != 0)
		bad(r, name, "has the wrong length");
	if (r->code == NV_OK)
		r->code = nv_block_need_all(block, r->err);
	if (r->code == NV_OK)
		*n = block->len / size;
	return r->code == NV_OK ? block->bytes : NULL;
}

/* The bytes of a block whose chunks are verified one by one, through *later; with `real` its elements are real numbers. */
static const void *take_later(reader *r, const char *name, uint64_t n, size_t size, bool real, bool optional,
                              const nv_file_block **later)
{
	nv_file_block *block = find_sized(r, name, n, size, optional);
	*later = block;
	if (!block)
		return NULL;
	block->real = real ? size : 0;
	return block->bytes;
}

static nv_str take_text(reader *r, const char *name)
{
	uint64_t len;
	const char *text = take_any(r, name, 1, &len);
	return (nv_str){text, (size_t)len};
}

static bool ascending(const uint32_t *x, uint64_t n, bool strictly)
{
	for (uint64_t i = 1; i < n; i++)
		if (strictly ? x[i] <= x[i - 1] : x[i] < x[i - 1])
			return false;
	return true;
}

static void read_shape(reader *r)
{
	const nv_file_shape *s = take(r, "shape", 1, sizeof *s, false);
	if (!s)
		return;
	r->shape = *s;
	bool masks = (s->word_mask & (s->word_mask + 1)) == 0 && (s->gram_mask & (s->gram_mask + 1)) == 0 &&
	             s->word_mask <= UINT32_MAX && s->gram_mask <= UINT32_MAX;
	if (!masks || s->n_word > s->n_term || s->n_term >= NV_NO_TERM || s->min_n < 1 || s->min_n > s->max_n ||
	    s->max_n > 64 || s->n_view > NV_MAX_VIEWS || s->strip_boilerplate > 1 || s->zero != 0)
		bad(r, "shape", "impossible sizes");
	if (s->hash_bits > 30 || (s->hash_bits > 0 && s->n_term != (uint32_t)1 << s->hash_bits))
		bad(r, "shape", "impossible number of hash buckets");
	r->model->strip_boilerplate = s->strip_boilerplate == 1;
	r->model->n_score = s->n_score;
}

static void read_texts(reader *r)
{
	nv_model *m = r->model;
	nv_str schema = take_text(r, "schema"), token = take_text(r, "token"), stop = take_text(r, "stopwords");
	m->metadata = take_text(r, "metadata");
	m->fingerprint = take_any(r, "fingerprints", sizeof *m->fingerprint, &m->n_fingerprint);
	if (r->code < 0)
		return;
	nv_json *root = NULL;
	nv_error inner = {0};
	int code = nv_schema_parse(&m->schema, schema, "schema", &inner);
	if (code == NV_OK)
		code = nv_json_parse(&root, token, "token", &inner);
	nv_option_defaults(nv_token_rows, nv_n_token_rows, &m->token);
	if (code == NV_OK)
		code = nv_option_load(nv_token_rows, nv_n_token_rows, &m->token, root, &inner);
	if (code == NV_OK)
		code = nv_tokenizer_new(&m->tokenizer, &m->token, &stop, &inner);
	nv_json_free(root);
	if (code == NV_E_MEMORY)
		r->code = nv_fail_memory(r->err);
	else if (code < 0)
		bad(r, "schema or token", inner.message);
}

/* ---- Vocabulary ---- */

static void read_vocab(reader *r)
{
	const nv_file_shape *s = &r->shape;
	nv_vocab *v = &r->model->vocab;
	const bool hashing = s->hash_bits > 0; /* then there is nothing to look up */
	const uint64_t grams = hashing ? 0 : s->n_term - s->n_word, starts = hashing ? 0 : (uint64_t)s->n_word + 1;
	const uint64_t word_slots = hashing ? 0 : s->word_mask + 1, gram_slots = hashing ? 0 : s->gram_mask + 1;
	*v = (nv_vocab){.n_word = s->n_word,
	                .n_term = s->n_term,
	                .max_n = s->max_n,
	                .min_n = s->min_n,
	                .hash_bits = s->hash_bits,
	                .n_document = s->n_document,
	                .word_mask = s->word_mask,
	                .gram_mask = s->gram_mask};
	v->word_slot = take_unverified(r, "words", word_slots, sizeof *v->word_slot, false);
	v->gram_slot = take_unverified(r, "grams", gram_slots, sizeof *v->gram_slot, grams == 0);
	v->df = take_unverified(r, "df", s->n_term, sizeof *v->df, hashing);
	v->gram_prefix = take_unverified(r, "gram_prefix", grams, sizeof *v->gram_prefix, false);
	v->gram_word = take_unverified(r, "gram_word", grams, sizeof *v->gram_word, false);
	v->text_start = take_unverified(r, "text_start", starts, sizeof *v->text_start, false);
	const nv_file_block *text = find(r, "text");
	if (r->code < 0)
		return;
	v->text = text->len > 0 ? (const char *)text->bytes : "";
	nv_error inner = {0};
	if (nv_vocab_check_sizes(v, &inner) < 0)
		bad(r, "vocabulary", inner.message);
}

/* ---- Tasks ---- */

static void read_knots(reader *r, nv_calibration *whole)
{
	uint64_t n_x, n_y;
	uint32_t n_score = r->shape.n_score;
	whole->knot_start = take(r, "knot_start", (uint64_t)n_score + 1, sizeof *whole->knot_start, false);
	whole->knot_x = take_any(r, "knot_x", sizeof *whole->knot_x, &n_x);
	whole->knot_y = take_any(r, "knot_y", sizeof *whole->knot_y, &n_y);
	if (r->code < 0)
		return;
	if (n_x != n_y || whole->knot_start[0] != 0 || whole->knot_start[n_score] != n_x ||
	    !ascending(whole->knot_start, (uint64_t)n_score + 1, false))
		bad(r, "knot_start", "does not fit the knots");
	if (!nv_doubles_in_range(whole->knot_x, n_x))
		bad(r, "knot_x", "a number is not finite, or too large");
	for (uint64_t i = 0; i < n_y; i++)
		if (!(whole->knot_y[i] >= 0 && whole->knot_y[i] <= 1))
			bad(r, "knot_y", "a probability is outside 0 to 1");
}

/* Pointers to the part of each array that is the task's. */
static void read_task(reader *r, size_t t, const nv_file_task *file, const nv_calibration *whole,
                      const double *threshold)
{
	nv_model_task *task = &r->model->task[t];
	nv_calibration *c = &task->calibration;
	task->first_score = file->first_score;
	task->trained = (file->flags & NV_FILE_TASK_TRAINED) != 0;
	task->whole_length = (file->flags & NV_FILE_TASK_WHOLE_LENGTH) != 0;
	task->threshold = threshold + file->first_score;
	*c = (nv_calibration){.kind = (int)file->calibration, .n_label = file->n_label};
	if (c->kind == NV_CALIBRATE_PLATT || c->kind == NV_CALIBRATE_LOGLOG) {
		c->a = whole->a + file->first_score;
		c->b = whole->b + file->first_score;
	} else if (c->kind == NV_CALIBRATE_ISOTONIC) {
		c->knot_start = whole->knot_start + file->first_score;
		c->knot_x = whole->knot_x;
		c->knot_y = whole->knot_y;
	}
}

static void read_tasks(reader *r)
{
	nv_model *m = r->model;
	uint32_t n = r->shape.n_score, next = 0;
	nv_calibration whole = {0};
	const nv_file_task *file = take(r, "tasks", r->shape.n_task, sizeof *file, false);
	m->bias = take(r, "bias", n, sizeof *m->bias, false);
	const double *threshold = take(r, "threshold", n, sizeof *threshold, false);
	whole.a = take(r, "platt_a", n, sizeof *whole.a, false);
	whole.b = take(r, "platt_b", n, sizeof *whole.b, false);
	read_knots(r, &whole);
	if (r->code < 0)
		return;
	if (!nv_doubles_in_range(m->bias, n) || !nv_doubles_in_range(threshold, n) || !nv_doubles_in_range(whole.a, n) ||
	    !nv_doubles_in_range(whole.b, n))
		bad(r, "bias, threshold or platt", "a number is not finite, or too large");
	if (r->shape.n_task != m->schema->n_task)
		bad(r, "tasks", "not as many as the schema's");
	m->task = r->code == NV_OK ? nv_alloc_zero(m->schema->n_task, sizeof *m->task) : NULL;
	if (r->code == NV_OK && !m->task)
		r->code = nv_fail_memory(r->err);
	for (size_t t = 0; r->code == NV_OK && t < m->schema->n_task; t++) {
		if (file[t].first_score != next || file[t].n_label != m->schema->task[t].n_label ||
		    file[t].n_label > n - next || file[t].flags > (NV_FILE_TASK_TRAINED | NV_FILE_TASK_WHOLE_LENGTH) ||
		    file[t].calibration > NV_CALIBRATE_LOGLOG)
			bad(r, "tasks", "does not fit the schema");
		else
			read_task(r, t, &file[t], &whole, threshold);
		next += file[t].n_label;
	}
	if (r->code == NV_OK && next != n)
		bad(r, "tasks", "does not fit the scores");
}

/* ---- Views ---- */

static bool view_is_sound(const nv_file_view *f, const nv_file_shape *s)
{
	return f->weighting <= NV_WEIGHT_TFIDF && f->normalize <= 1 && f->zero == 0 && f->n_column >= 1 &&
	       f->n_column <= NV_MAX_COLUMNS && f->stride == nv_model_stride(f->n_column) && f->n_about <= s->n_term &&
	       f->subword_low <= f->subword_high && f->subword_high <= 64 &&
	       (f->subword_high == 0 || f->subword_low >= 1) && (f->gram_mask & (f->gram_mask + 1)) == 0 &&
	       f->gram_mask <= UINT32_MAX && f->unknown_idf >= 1 && f->unknown_idf <= (float)NV_MODEL_LARGEST &&
	       f->title_weight >= 0 && f->title_weight <= 1e6;
}

static const void *take_numbered(reader *r, const char *name, uint32_t number, uint64_t n, size_t size, bool optional)
{
	char full[NV_NUMBERED_NAME];
	return take(r, nv_numbered_name(full, name, number), n, size, optional);
}

static const void *take_later_numbered(reader *r, const char *name, uint32_t number, uint64_t n, size_t size, bool real,
                                       bool optional, const nv_file_block **later)
{
	char full[NV_NUMBERED_NAME];
	return take_later(r, nv_numbered_name(full, name, number), n, size, real, optional, later);
}

static void check_view(reader *r, const nv_model_view *v)
{
	for (uint32_t i = 0; i < v->n_column; i++)
		if (v->score[i] >= r->shape.n_score)
			bad(r, "score", "a column's score is out of range");
	if (v->n_about > 0 && (!ascending(v->about, v->n_about, true) || v->about[v->n_about - 1] >= r->shape.n_term))
		bad(r, "about", "a word is out of order or range");
	if (v->weighting == NV_WEIGHT_TFIDF && !v->idf)
		bad(r, "idf", "is empty");
}

static void read_view(reader *r, uint32_t i, const nv_file_view *f)
{
	nv_model_view *v = &r->model->view[i];
	uint64_t n_term = r->shape.n_term;
	if (!view_is_sound(f, &r->shape)) {
		bad(r, "views", "impossible sizes");
		return;
	}
	*v = (nv_model_view){.weighting = f->weighting,
	                     .normalize = f->normalize,
	                     .title_weight = f->title_weight,
	                     .n_about = f->n_about,
	                     .n_column = f->n_column,
	                     .stride = f->stride,
	                     .unknown_idf = f->unknown_idf,
	                     .subword_low = f->subword_low,
	                     .subword_high = f->subword_high,
	                     .n_gram = f->n_gram,
	                     .gram_mask = f->gram_mask};
	v->about = take_numbered(r, "about", i, f->n_about, sizeof *v->about, false);
	v->score = take_numbered(r, "score", i, f->n_column, sizeof *v->score, false);
	v->idf = take_later_numbered(r, "idf", i, n_term, sizeof *v->idf, true, true, &v->idf_block);
	v->weight =
		take_later_numbered(r, "weight", i, n_term * f->stride, sizeof *v->weight, true, false, &v->weight_block);
	if (f->n_gram > 0) {
		v->gram_slot = take_later_numbered(r, "gram_slot", i, f->gram_mask + 1, sizeof *v->gram_slot, false, false,
		                                   &v->gram_slot_block);
		v->gram_weight = take_later_numbered(r, "gram_weight", i, (uint64_t)f->n_gram * f->stride,
		                                     sizeof *v->gram_weight, true, false, &v->gram_weight_block);
	}
	if (r->code == NV_OK)
		check_view(r, v);
}

static void read_views(reader *r)
{
	nv_model *m = r->model;
	const nv_file_view *file = take(r, "views", r->shape.n_view, sizeof *file, false);
	if (r->code < 0)
		return;
	m->view = nv_alloc_zero(r->shape.n_view, sizeof *m->view);
	if (!m->view) {
		r->code = nv_fail_memory(r->err);
		return;
	}
	m->n_view = r->shape.n_view;
	for (uint32_t i = 0; i < m->n_view && r->code == NV_OK; i++)
		read_view(r, i, &file[i]);
}

static void free_parts(void *memory)
{
	nv_model *model = memory;
	nv_free(model->view);
	nv_free(model->task);
}

int nv_model_read(nv_model *model, nv_error *err)
{
	reader r = {.model = model, .table = model->blocks, .err = err, .code = NV_OK};
	model->memory = model;
	model->free_memory = free_parts;
	read_shape(&r);
	if (r.code == NV_OK)
		read_texts(&r);
	if (r.code == NV_OK)
		read_vocab(&r);
	if (r.code == NV_OK)
		read_tasks(&r);
	if (r.code == NV_OK)
		read_views(&r);
	return r.code;
}
