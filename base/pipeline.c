/* SPDX-License-Identifier: Apache-2.0
 *
 * The pipeline of parallel.h. Pieces are numbered 0, 1, 2 … and piece k lives in slot k % n_slot. Three counters say how far each
 * stage is: consumed <= claimed <= produced <= consumed + n_slot. The caller consumes what is ready, else produces, else works on
 * a piece itself, else waits, so that n_thread threads are busy and memory stays at n_slot pieces.
 */
#include "base/alloc.h"
#include "base/parallel.h"

#include <pthread.h>
#include <string.h>

typedef struct run {
	const nv_pipeline *pipeline;
	pthread_mutex_t lock;
	pthread_cond_t more_work, more_done;
	uint64_t produced, claimed, consumed;
	bool *done;      /* [n_slot] worked on and not consumed */
	bool ended;      /* nothing more will be produced */
	bool quit;       /* workers are to leave */
	uint64_t failed; /* lowest piece that failed; UINT64_MAX: none */
	int code;        /* of that failure */
	nv_error cause;
} run;

typedef struct helper {
	run *run;
	size_t worker;
	pthread_t thread;
} helper;

/* ---- With the lock held ---- */

static size_t slot_of(const run *r, uint64_t piece)
{
	return (size_t)(piece % r->pipeline->n_slot);
}

static void note_failure(run *r, uint64_t piece, int code, const nv_error *cause)
{
	r->ended = true;
	if (piece < r->failed) {
		r->failed = piece;
		r->code = code;
		r->cause = *cause;
	}
}

/* Takes the next piece and works on it with the lock released. */
static void work_on_next(run *r, size_t worker)
{
	uint64_t piece = r->claimed++;
	nv_error cause = {0};
	pthread_mutex_unlock(&r->lock);
	int code = r->pipeline->work(r->pipeline->context, slot_of(r, piece), worker, &cause);
	pthread_mutex_lock(&r->lock);
	if (code != NV_OK)
		note_failure(r, piece, code, &cause);
	r->done[slot_of(r, piece)] = true;
	pthread_cond_signal(&r->more_done);
}

static void produce_next(run *r)
{
	uint64_t piece = r->produced;
	nv_error cause = {0};
	pthread_mutex_unlock(&r->lock);
	int code = r->pipeline->produce(r->pipeline->context, slot_of(r, piece), &cause);
	pthread_mutex_lock(&r->lock);
	if (code < 0)
		note_failure(r, piece, code, &cause);
	if (code <= 0) {
		r->ended = true;
		return;
	}
	r->produced++;
	pthread_cond_signal(&r->more_work);
}

static void consume_next(run *r)
{
	uint64_t piece = r->consumed;
	nv_error cause = {0};
	r->done[slot_of(r, piece)] = false;
	pthread_mutex_unlock(&r->lock);
	int code = r->pipeline->consume(r->pipeline->context, slot_of(r, piece), &cause);
	pthread_mutex_lock(&r->lock);
	if (code != NV_OK)
		note_failure(r, piece, code, &cause);
	r->consumed++;
}

/* One step of the caller; false when there is nothing left to do. */
static bool take_step(run *r)
{
	if (r->consumed >= r->failed)
		return false;
	if (r->consumed < r->produced && r->done[slot_of(r, r->consumed)])
		consume_next(r);
	else if (!r->ended && r->produced - r->consumed < r->pipeline->n_slot)
		produce_next(r);
	else if (r->claimed < r->produced)
		work_on_next(r, 0);
	else if (r->consumed < r->produced)
		pthread_cond_wait(&r->more_done, &r->lock);
	else
		return false;
	return true;
}

/* ---- Threads ---- */

static void *run_helper(void *arg)
{
	helper *h = arg;
	run *r = h->run;
	pthread_mutex_lock(&r->lock);
	while (!r->quit) {
		if (r->claimed < r->produced)
			work_on_next(r, h->worker);
		else
			pthread_cond_wait(&r->more_work, &r->lock);
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

static void run_together(run *r, helper *helpers, size_t n_helper)
{
	size_t started = 0;
	while (started < n_helper) {
		helper *h = &helpers[started];
		*h = (helper){.run = r, .worker = started + 1};
		if (pthread_create(&h->thread, NULL, run_helper, h) != 0)
			break;
		started++;
	}
	pthread_mutex_lock(&r->lock);
	while (take_step(r))
		;
	r->quit = true;
	pthread_cond_broadcast(&r->more_work);
	pthread_mutex_unlock(&r->lock);
	for (size_t i = 0; i < started; i++)
		pthread_join(helpers[i].thread, NULL);
}

static int run_alone(const nv_pipeline *p, nv_error *err)
{
	for (size_t slot = 0;; slot = (slot + 1) % p->n_slot) {
		int code = p->produce(p->context, slot, err);
		if (code <= 0)
			return code;
		code = p->work(p->context, slot, 0, err);
		if (code == NV_OK)
			code = p->consume(p->context, slot, err);
		if (code != NV_OK)
			return code;
	}
}

int nv_pipeline_run(const nv_pipeline *pipeline, nv_error *err)
{
	if (pipeline->n_thread <= 1 || pipeline->n_slot <= 1)
		return run_alone(pipeline, err);
	run r = {.pipeline = pipeline, .failed = UINT64_MAX};
	helper *helpers = nv_alloc(pipeline->n_thread - 1, sizeof *helpers);
	r.done = nv_alloc_zero(pipeline->n_slot, sizeof *r.done);
	if (helpers && r.done) {
		pthread_mutex_init(&r.lock, NULL);
		pthread_cond_init(&r.more_work, NULL);
		pthread_cond_init(&r.more_done, NULL);
		run_together(&r, helpers, pipeline->n_thread - 1);
		pthread_cond_destroy(&r.more_done);
		pthread_cond_destroy(&r.more_work);
		pthread_mutex_destroy(&r.lock);
		if (r.code != NV_OK && err && err->code == NV_OK)
			*err = r.cause;
	} else {
		r.code = nv_fail_memory(err);
	}
	nv_free(r.done);
	nv_free(helpers);
	return r.code;
}
