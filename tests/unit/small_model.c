/* SPDX-License-Identifier: Apache-2.0 */
#include "small_model.h"

#include "base/alloc.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define N_WORD 6
#define N_SLOT 16
#define N_GRAM_SLOT 8
#define N_SUBWORD_SLOT 64
#define STRIDE_ALL 8
#define STRIDE_ABOUT 4

static const char schema_text[] =
    "{\"name\": \"small\", \"tasks\": ["
    "{\"name\": \"topics\", \"kind\": \"multilabel\", \"field\": \"topics\", \"labels\": [\"chips\", \"money\", \"space\"]},"
    "{\"name\": \"tone\", \"kind\": \"stance\", \"field\": \"stance.tone\", \"where\": {\"target\": \"moon\"}},"
    "{\"name\": \"desk\", \"kind\": \"multiclass\", \"field\": \"desk\", \"labels\": [\"a, b\", \"c\\\"d\"]}]}";
static const char metadata_text[] = "{\"newsvane\":\"0.1.0\",\"training\":{\"articles\":10,\"sources\":[[\"wire\",7]]}}";
static const char *const words[N_WORD] = {"chips", "market", "export", "ban", "shares", "moon"};

typedef struct small {
	nv_model_view view[2];
	nv_model_task task[3];
	nv_word_slot word_slot[N_SLOT];
	nv_gram_slot gram_slot[N_GRAM_SLOT];
	uint32_t df[SMALL_TERMS], gram_prefix[2], gram_word[2];
	uint64_t text_start[N_WORD + 1];
	char text[64];
	double bias[SMALL_SCORES], a[3], b[3], threshold[3];
	uint32_t knot_start[3];
	double knot_x[5], knot_y[5];
	double idf[SMALL_TERMS];
	float weight_all[SMALL_TERMS * STRIDE_ALL], weight_about[SMALL_TERMS * STRIDE_ABOUT];
	uint32_t score_all[SMALL_SCORES], score_about[3], about[2];
	nv_gram_row subword_slot[N_SUBWORD_SLOT];
	float subword_weight[N_SUBWORD_SLOT * STRIDE_ALL];
	uint64_t fingerprint[2];
} small;

float small_weight(uint32_t term, uint32_t column)
{
	return (float)((int)((7 * term + 3 * column) % 11) - 5) / 8;
}

double small_bias(uint32_t score)
{
	return 0.25 * score - 1;
}

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void put_word(small *s, uint32_t id)
{
	size_t len = strlen(words[id]);
	uint64_t hash = nv_hash(words[id], len), at = hash & (N_SLOT - 1);
	while (s->word_slot[at].id != NV_NO_TERM)
		at = (at + 1) & (N_SLOT - 1);
	s->word_slot[at] = (nv_word_slot){hash, id, 0};
	memcpy(s->text + s->text_start[id], words[id], len);
	s->text_start[id + 1] = s->text_start[id] + len;
}

static void put_gram(small *s, uint32_t id, uint32_t prefix, uint32_t word)
{
	uint64_t at = nv_hash_pair(prefix, word) & (N_GRAM_SLOT - 1);
	while (s->gram_slot[at].prefix != NV_NO_TERM)
		at = (at + 1) & (N_GRAM_SLOT - 1);
	s->gram_slot[at] = (nv_gram_slot){prefix, word, id};
	s->gram_prefix[id - N_WORD] = prefix;
	s->gram_word[id - N_WORD] = word;
}

static void make_vocab(small *s, nv_vocab *vocab)
{
	memset(s->word_slot, 0, sizeof s->word_slot);
	for (int i = 0; i < N_SLOT; i++)
		s->word_slot[i].id = NV_NO_TERM;
	for (int i = 0; i < N_GRAM_SLOT; i++)
		s->gram_slot[i] = (nv_gram_slot){NV_NO_TERM, 0, 0};
	for (uint32_t t = 0; t < N_WORD; t++)
		put_word(s, t);
	put_gram(s, 6, 2, 3);
	put_gram(s, 7, 0, 1);
	for (uint32_t t = 0; t < SMALL_TERMS; t++)
		s->df[t] = 8 - t;
	*vocab = (nv_vocab){.n_word = N_WORD,
	                    .n_term = SMALL_TERMS,
	                    .max_n = 2,
	                    .min_n = 1,
	                    .n_document = 10,
	                    .word_slot = s->word_slot,
	                    .gram_slot = s->gram_slot,
	                    .word_mask = N_SLOT - 1,
	                    .gram_mask = N_GRAM_SLOT - 1,
	                    .df = s->df,
	                    .gram_prefix = s->gram_prefix,
	                    .gram_word = s->gram_word,
	                    .text_start = s->text_start,
	                    .text = s->text};
	nv_features_idf(vocab, s->idf);
}

static uint32_t make_subwords(small *s)
{
	nv_subword_list list;
	nv_subword_list_init(&list);
	must(nv_subwords_of(nv_str_of("market"), (nv_range){3, 4}, &list, NULL) == NV_OK);
	for (uint32_t i = 0; i < list.n; i++) {
		uint64_t at = list.gram[i] & (N_SUBWORD_SLOT - 1);
		while (s->subword_slot[at].hash != 0)
			at = (at + 1) & (N_SUBWORD_SLOT - 1);
		s->subword_slot[at] = (nv_gram_row){list.gram[i], i, 0};
		for (uint32_t c = 0; c < SMALL_SCORES; c++)
			s->subword_weight[i * STRIDE_ALL + c] = small_weight(i, c);
	}
	uint32_t n = (uint32_t)list.n;
	for (uint32_t c = 0; c < SMALL_SCORES; c++) /* what every unknown word gets */
		s->subword_weight[n * STRIDE_ALL + c] = small_weight(n, c);
	nv_subword_list_release(&list);
	return n + 1;
}

static void make_views(small *s)
{
	for (uint32_t t = 0; t < SMALL_TERMS; t++) {
		for (uint32_t c = 0; c < SMALL_SCORES; c++)
			s->weight_all[t * STRIDE_ALL + c] = small_weight(t, c);
		for (uint32_t c = 0; c < 3; c++)
			s->weight_about[t * STRIDE_ABOUT + c] = small_weight(t, c);
	}
	for (uint32_t c = 0; c < SMALL_SCORES; c++)
		s->score_all[c] = c;
	for (uint32_t c = 0; c < 3; c++)
		s->score_about[c] = 3 + c;
	s->about[0] = 1;
	s->about[1] = 5;
	s->view[0] = (nv_model_view){.weighting = NV_WEIGHT_TFIDF,
	                             .normalize = 1,
	                             .title_weight = 2,
	                             .n_column = SMALL_SCORES,
	                             .stride = STRIDE_ALL,
	                             .score = s->score_all,
	                             .idf = s->idf,
	                             .weight = s->weight_all,
	                             .unknown_idf = 3,
	                             .subword_low = 3,
	                             .subword_high = 4,
	                             .gram_slot = s->subword_slot,
	                             .gram_mask = N_SUBWORD_SLOT - 1,
	                             .n_gram = make_subwords(s),
	                             .gram_weight = s->subword_weight};
	s->view[1] = (nv_model_view){.weighting = NV_WEIGHT_COUNT,
	                             .title_weight = 1,
	                             .about = s->about,
	                             .n_about = 2,
	                             .n_column = 3,
	                             .stride = STRIDE_ABOUT,
	                             .unknown_idf = 1,
	                             .score = s->score_about,
	                             .weight = s->weight_about};
}

static void make_tasks(small *s)
{
	static const double x[] = {-1, 0, 1, -0.5, 0.5}, y[] = {0.1, 0.3, 0.9, 0, 1};
	for (uint32_t i = 0; i < SMALL_SCORES; i++)
		s->bias[i] = small_bias(i);
	for (int l = 0; l < 3; l++) {
		s->a[l] = 1 + l;
		s->b[l] = 0.5 - l;
		s->threshold[l] = 0.5;
	}
	s->threshold[2] = 0.25;
	s->knot_start[1] = 3;
	s->knot_start[2] = 5;
	memcpy(s->knot_x, x, sizeof x);
	memcpy(s->knot_y, y, sizeof y);
	s->task[0] = (nv_model_task){0, true, {NV_CALIBRATE_PLATT, 3, s->a, s->b, NULL, NULL, NULL}, s->threshold, true};
	s->task[1] = (nv_model_task){3, true, {NV_CALIBRATE_OFF, 3, NULL, NULL, NULL, NULL, NULL}, NULL, false};
	s->task[2] = (nv_model_task){6, true, {NV_CALIBRATE_ISOTONIC, 2, NULL, NULL, s->knot_start, s->knot_x, s->knot_y}, NULL, false};
}

nv_model *small_model(void)
{
	nv_model *model = nv_model_new();
	small *s = nv_alloc_zero(1, sizeof *s);
	must(model && s);
	must(nv_schema_parse(&model->schema, nv_str_of(schema_text), "small", NULL) == NV_OK);
	nv_option_defaults(nv_token_rows, nv_n_token_rows, &model->token);
	must(nv_tokenizer_new(&model->tokenizer, &model->token, NULL, NULL) == NV_OK);
	make_vocab(s, &model->vocab);
	make_views(s);
	make_tasks(s);
	s->fingerprint[0] = 5;
	s->fingerprint[1] = UINT64_MAX;
	model->view = s->view;
	model->n_view = 2;
	model->task = s->task;
	model->n_score = SMALL_SCORES;
	model->bias = s->bias;
	model->metadata = nv_str_of(metadata_text);
	model->fingerprint = s->fingerprint;
	model->n_fingerprint = 2;
	model->memory = s;
	model->free_memory = nv_free;
	return model;
}

int small_sink_write(void *user, const char *bytes, size_t len)
{
	nv_buf_add(user, bytes, len);
	return 0;
}

unsigned char *small_model_bytes(const nv_model *model, size_t *len)
{
	nv_buf buf = NV_BUF_INIT;
	nv_sink sink = {small_sink_write, &buf};
	must(nv_model_write(model, &sink, NULL) == NV_OK && !buf.failed);
	unsigned char *bytes = nv_alloc_aligned(buf.len, 1);
	must(bytes != NULL);
	memcpy(bytes, buf.ptr, buf.len);
	*len = buf.len;
	nv_buf_release(&buf);
	return bytes;
}
