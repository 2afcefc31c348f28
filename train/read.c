/* SPDX-License-Identifier: Apache-2.0 */
#include "train/read.h"

#include "base/alloc.h"
#include "base/parallel.h"

/* The prepared articles of one slot; grows to the largest batch and is reused. */
typedef struct prepared_list {
	nv_prepared **item; /* [n] */
	size_t n, cap;
} prepared_list;

typedef struct reading {
	nv_trainer *trainer;
	nv_stream *stream;
	prepared_list *slot; /* [n_slot] */
	size_t n_slot;
	nv_ticker ticker;
} reading;

static int list_reserve(prepared_list *list, size_t n, nv_error *err)
{
	if (!nv_grow(&list->item, &list->cap, n, sizeof *list->item))
		return nv_fail_memory(err);
	while (list->n < n) {
		int code = nv_prepared_new(&list->item[list->n], err);
		if (code != NV_OK)
			return code;
		list->n++;
	}
	return NV_OK;
}

static void list_release(prepared_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		nv_prepared_free(list->item[i]);
	nv_free(list->item);
}

static int produce(void *context, size_t slot, nv_error *err)
{
	reading *r = context;
	return nv_stream_fill(r->stream, slot, err);
}

static int work(void *context, size_t slot, size_t worker, nv_error *err)
{
	(void)worker;
	reading *r = context;
	int code = nv_stream_parse(r->stream, slot, err);
	if (code != NV_OK)
		return code;
	const nv_batch *batch = nv_stream_batch(r->stream, slot);
	code = list_reserve(&r->slot[slot], batch->n, err);
	for (size_t i = 0; i < batch->n && code == NV_OK; i++)
		code = nv_trainer_prepare(r->trainer, &batch->article[i], r->slot[slot].item[i], err);
	return code;
}

typedef struct taking {
	nv_trainer *trainer;
	const prepared_list *list;
} taking;

static int take(void *user, size_t index, nv_error *err)
{
	const taking *t = user;
	return nv_trainer_take(t->trainer, t->list->item[index], err);
}

static int consume(void *context, size_t slot, nv_error *err)
{
	reading *r = context;
	taking t = {r->trainer, &r->slot[slot]};
	int code = nv_stream_walk(r->stream, slot, take, &t, err);
	return code == NV_OK ? nv_tick(&r->ticker, nv_stream_batch(r->stream, slot)->n, err) : code;
}

int nv_trainer_read(nv_trainer *trainer, nv_stream *stream, size_t n_thread, const nv_progress *progress, nv_error *err)
{
	reading r = {.trainer = trainer, .stream = stream, .n_slot = n_thread > 1 ? 3 * n_thread : 1};
	nv_ticker_init(&r.ticker, progress, "read", 0);
	r.slot = nv_alloc_zero(r.n_slot, sizeof *r.slot);
	if (!r.slot)
		return nv_fail_memory(err);
	int code = nv_stream_slots(stream, r.n_slot, err);
	if (code == NV_OK) {
		const nv_pipeline pipeline = {n_thread, r.n_slot, produce, work, consume, &r};
		nv_stream_set_ticker(stream, &r.ticker);
		code = nv_pipeline_run(&pipeline, err);
		nv_stream_set_ticker(stream, NULL);
	}
	for (size_t i = 0; i < r.n_slot; i++)
		list_release(&r.slot[i]);
	nv_free(r.slot);
	return code;
}
