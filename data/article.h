/* SPDX-License-Identifier: Apache-2.0
 *
 * article.h: batches of articles (nv_article, newsvane.h) and the records that were left out between them. A batch owns all
 * memory that its articles point to, and gives it back in one call.
 */
#ifndef NV_DATA_ARTICLE_H
#define NV_DATA_ARTICLE_H

#include "base/arena.h"
#include "base/error.h"

/* A record that is left out, reported before the batch's article number `before`. */
typedef struct nv_bad {
	size_t before;
	nv_code code;
	uint64_t line, byte;
	const char *path;    /* in the batch's arena */
	const char *message; /* in the batch's arena */
} nv_bad;

typedef struct nv_batch {
	nv_arena arena;
	nv_article *article; /* [n] */
	size_t n, cap;
	nv_bad *bad; /* [n_bad] */
	size_t n_bad, cap_bad;
	uint64_t ill_formed; /* bytes replaced by U+FFFD */
	uint64_t bytes;      /* of input */
} nv_batch;

void nv_batch_init(nv_batch *batch);
void nv_batch_clear(nv_batch *batch); /* empty, memory kept */
void nv_batch_release(nv_batch *batch);
nv_article *nv_batch_add(nv_batch *batch); /* zeroed; valid until the next add; NULL: out of memory */
int nv_batch_add_bad(nv_batch *batch, const nv_error *err);
/* The bad record as an nv_error again. */
void nv_bad_to_error(const nv_bad *bad, nv_error *err);

/* A deep copy of article into arena (crossval keeps its articles). */
int nv_article_copy(nv_arena *arena, const nv_article *from, nv_article *to, nv_error *err);

/* The field of that name; NULL where the article lacks it. */
const nv_field *nv_article_field(const nv_article *article, const char *name);

#endif
