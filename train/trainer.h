/* SPDX-License-Identifier: Apache-2.0
 *
 * trainer.h: what a trainer holds between nv_trainer_new and nv_trainer_fit, for train/ alone.
 */
#ifndef NV_TRAIN_TRAINER_H
#define NV_TRAIN_TRAINER_H

#include "train/names.h"
#include "train/train.h"

/* What the articles say for one task, article by article. */
typedef struct nv_gold_list {
	uint8_t *labelled; /* [n] */
	uint64_t *end;     /* [n] into label, of the article's labels; its first is at the end of the one before */
	uint32_t *label;   /* provisional numbers (nv_schema_collect) */
	size_t cap_labelled, cap_end, cap_label, n_label;
} nv_gold_list;

struct nv_trainer {
	nv_schema *schema; /* a copy; becomes the model's */
	size_t n_task;
	nv_train_options options;
	nv_train_options *task_options; /* [n_task] of which the model's kind is taken (recipe.h); the rest is in options */
	nv_tokenizer *tokenizer;
	nv_corpus *corpus;
	size_t n;              /* articles taken */
	nv_gold_list *gold;    /* [n_task] */
	uint64_t *fingerprint; /* [n] */
	uint32_t *group;       /* [n] numbers of --group-by values; articles without one get numbers of their own. NULL without */
	uint32_t (*signature)[NV_N_MINHASH]; /* [n] for near-duplicates; NULL where groups are given or no folds are made */
	size_t cap_fingerprint, cap_group, cap_signature;
	uint32_t *read; /* room for one article's labels of one task */
	size_t cap_read;
	nv_gold *one;   /* [n_task] scratch of take */
	nv_buf search;  /* JSON; "" if nothing was searched */
	/* The record of the training. */
	nv_names ids, sources, groups;
	uint64_t n_token, checksum;
	char first_date[11], last_date[11]; /* YYYY-MM-DD or a part of it; "" if none */
	bool fitted;
};

struct nv_prepared {
	nv_token_list tokens;
	nv_buf title, text; /* without boilerplate */
	const nv_article *article;
	uint64_t fingerprint;
	uint32_t signature[NV_N_MINHASH];
};

#endif
