/* SPDX-License-Identifier: Apache-2.0 */
#include "data/stream.h"

#include "base/alloc.h"

enum { NV_ARTICLES_A_BATCH = 256 };

typedef struct nv_slot {
	nv_block block;
	nv_batch batch;
} nv_slot;

struct nv_stream {
	nv_source *source; /* NULL: from an iterator */
	nv_record_reader *reader;
	nv_articles articles;
	bool articles_ended;
	nv_slot *slot; /* [n_slot] */
	size_t n_slot;
	nv_bad_record bad;
	bool strict;
	nv_input_stats stats;
	size_t next_article, next_bad; /* in slot 0, of nv_stream_next */
};

static int stream_new(nv_stream **stream, nv_error *err)
{
	*stream = nv_alloc_zero(1, sizeof **stream);
	return *stream ? NV_OK : nv_fail_memory(err);
}

int nv_stream_open(nv_stream **stream, const char *const *paths, size_t n_path, const nv_input_options *options,
                   const nv_schema *schema, const char *const *extra, size_t n_extra, const nv_bad_record *bad, nv_error *err)
{
	nv_stream *s;
	int code = stream_new(&s, err);
	if (code != NV_OK)
		return code;
	if (bad)
		s->bad = *bad;
	s->strict = options->strict;
	code = nv_source_open(&s->source, paths, n_path, options, err);
	if (code == NV_OK)
		code = nv_record_reader_new(&s->reader, options, schema, extra, n_extra, err);
	if (code != NV_OK) {
		nv_stream_close(s);
		return code;
	}
	*stream = s;
	return NV_OK;
}

int nv_stream_from_articles(nv_stream **stream, nv_articles articles, nv_error *err)
{
	int code = stream_new(stream, err);
	if (code == NV_OK)
		(*stream)->articles = articles;
	return code;
}

void nv_stream_close(nv_stream *stream)
{
	if (!stream)
		return;
	for (size_t i = 0; i < stream->n_slot; i++) {
		nv_block_release(&stream->slot[i].block);
		nv_batch_release(&stream->slot[i].batch);
	}
	nv_free(stream->slot);
	nv_record_reader_free(stream->reader);
	nv_source_close(stream->source);
	nv_free(stream);
}

void nv_stream_set_ticker(nv_stream *stream, nv_ticker *ticker)
{
	if (stream->source)
		nv_source_set_ticker(stream->source, ticker);
}

int nv_stream_slots(nv_stream *stream, size_t n_slot, nv_error *err)
{
	if (n_slot <= stream->n_slot)
		return NV_OK;
	nv_slot *slot = nv_resize(stream->slot, n_slot, sizeof *slot);
	if (!slot)
		return nv_fail_memory(err);
	stream->slot = slot;
	for (; stream->n_slot < n_slot; stream->n_slot++) {
		nv_block_init(&slot[stream->n_slot].block);
		nv_batch_init(&slot[stream->n_slot].batch);
	}
	return NV_OK;
}

/* Copies up to NV_ARTICLES_A_BATCH articles of the iterator into the batch. */
static int fill_from_articles(nv_stream *stream, nv_batch *batch, nv_error *err)
{
	nv_batch_clear(batch);
	while (!stream->articles_ended && batch->n < NV_ARTICLES_A_BATCH) { /* NOLINT(clang-analyzer-core.NullDereference): slots are made before they are filled */
		nv_article article = {0};
		int got = stream->articles.next(stream->articles.user, &article, err);
		if (got < 0)
			return got;
		if (got == 0) {
			stream->articles_ended = true;
			break;
		}
		nv_article *copy = nv_batch_add(batch);
		if (!copy)
			return nv_fail_memory(err);
		int code = nv_article_copy(&batch->arena, &article, copy, err);
		if (code != NV_OK)
			return code;
		batch->bytes += article.title.len + article.text.len;
	}
	return batch->n > 0; /* NOLINT(clang-analyzer-core.NullDereference): slots are made before they are filled */
}

int nv_stream_fill(nv_stream *stream, size_t slot, nv_error *err)
{
	if (stream->source)
		return nv_source_next(stream->source, &stream->slot[slot].block, err);
	return fill_from_articles(stream, &stream->slot[slot].batch, err);
}

int nv_stream_parse(nv_stream *stream, size_t slot, nv_error *err)
{
	if (!stream->source)
		return NV_OK;
	return nv_record_parse(stream->reader, &stream->slot[slot].block, &stream->slot[slot].batch, err);
}

const nv_batch *nv_stream_batch(const nv_stream *stream, size_t slot)
{
	return &stream->slot[slot].batch;
}

/* Tells of one bad record; under `strict` it is the failure of the whole run. */
static int report_bad(nv_stream *stream, const nv_error *bad, nv_error *err)
{
	stream->stats.bad_records++;
	if (stream->strict)
		return nv_fail_at(err, bad->code, bad->path, bad->line, bad->byte, "%s", bad->message);
	if (stream->bad.report)
		stream->bad.report(stream->bad.user, bad);
	return NV_OK;
}

/* Reports the bad records that stood before article `index`, from *next on. */
static int report_bad_before(nv_stream *stream, const nv_batch *batch, size_t index, size_t *next, nv_error *err)
{
	for (; *next < batch->n_bad && batch->bad[*next].before <= index; ++*next) {
		nv_error bad = {0};
		nv_bad_to_error(&batch->bad[*next], &bad);
		int code = report_bad(stream, &bad, err);
		if (code != NV_OK)
			return code;
	}
	return NV_OK;
}

static void count_batch(nv_stream *stream, const nv_batch *batch)
{
	stream->stats.bytes += batch->bytes; /* NOLINT(clang-analyzer-core.NullDereference): slots are made before they are filled */
	stream->stats.ill_formed += batch->ill_formed;
}

static int give_article(nv_stream *stream, size_t index, nv_each_article *each, void *user, nv_error *err)
{
	nv_error bad = {0};
	int code = each ? each(user, index, &bad) : NV_OK;
	if (code == NV_E_RECORD)
		return report_bad(stream, &bad, err);
	if (code != NV_OK)
		return nv_fail_at(err, (nv_code)code, bad.path, bad.line, bad.byte, "%s", bad.message);
	stream->stats.articles++;
	return NV_OK;
}

int nv_stream_walk(nv_stream *stream, size_t slot, nv_each_article *each, void *user, nv_error *err)
{
	const nv_batch *batch = &stream->slot[slot].batch;
	size_t next_bad = 0;
	count_batch(stream, batch);
	for (size_t i = 0; i < batch->n; i++) {
		int code = report_bad_before(stream, batch, i, &next_bad, err);
		if (code == NV_OK)
			code = give_article(stream, i, each, user, err);
		if (code != NV_OK)
			return code;
	}
	return report_bad_before(stream, batch, batch->n, &next_bad, err);
}

/* Makes slot 0 hold the next batch: 1, or 0 at the end. */
static int next_batch(nv_stream *stream, nv_error *err)
{
	int code = nv_stream_slots(stream, 1, err);
	if (code == NV_OK)
		code = nv_stream_fill(stream, 0, err);
	if (code <= 0)
		return code;
	code = nv_stream_parse(stream, 0, err);
	if (code != NV_OK)
		return code;
	count_batch(stream, &stream->slot[0].batch);
	stream->next_article = stream->next_bad = 0;
	return 1;
}

int nv_stream_next(nv_stream *stream, nv_article *article, nv_error *err)
{
	for (;;) {
		const nv_batch *batch = stream->n_slot ? &stream->slot[0].batch : NULL;
		if (batch) {
			int code = report_bad_before(stream, batch, stream->next_article, &stream->next_bad, err);
			if (code != NV_OK)
				return code;
		}
		if (batch && stream->next_article < batch->n) {
			*article = batch->article[stream->next_article++];
			stream->stats.articles++;
			return 1;
		}
		int code = next_batch(stream, err);
		if (code <= 0)
			return code;
	}
}

nv_input_stats nv_stream_stats(const nv_stream *stream)
{
	return stream->stats;
}
