/* SPDX-License-Identifier: Apache-2.0
 *
 * Cores, the parallel loop and the ticker; the pipeline is in pipeline.c.
 *
 * Items are claimed in order from one counter. An item is claimed only below the lowest failure known, and all below that one have been
 * claimed already, so the failure that remains at the end is the lowest of all: the same for any number of threads.
 */
#include "base/parallel.h"

#include "base/alloc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

typedef struct loop {
	nv_work *work;
	void *context;
	size_t n_item;
	atomic_size_t next;   /* first item not claimed */
	atomic_size_t failed; /* lowest item that failed; n_item: none */
	pthread_mutex_t lock; /* over the three below */
	int code;
	nv_error cause;
} loop;

typedef struct helper {
	loop *loop;
	size_t worker;
	pthread_t thread;
} helper;

static void note_failure(loop *l, size_t item, int code, const nv_error *cause)
{
	pthread_mutex_lock(&l->lock);
	if (item < atomic_load(&l->failed)) {
		l->code = code;
		l->cause = *cause;
		atomic_store(&l->failed, item);
	}
	pthread_mutex_unlock(&l->lock);
}

static void run_items(loop *l, size_t worker)
{
	nv_error cause = {0};
	for (;;) {
		size_t item = atomic_fetch_add(&l->next, 1);
		if (item >= atomic_load(&l->failed))
			return;
		int code = l->work(l->context, item, worker, &cause);
		if (code != NV_OK) {
			note_failure(l, item, code, &cause);
			return;
		}
	}
}

static void *run_helper(void *arg)
{
	helper *h = arg;
	run_items(h->loop, h->worker);
	return NULL;
}

static int run_alone(size_t n_item, nv_work *work, void *context, nv_error *err)
{
	for (size_t i = 0; i < n_item; i++) {
		int code = work(context, i, 0, err);
		if (code != NV_OK)
			return code;
	}
	return NV_OK;
}

/* Where the system gives fewer threads than asked for, those that are there do the work. */
static void run_together(loop *l, helper *helpers, size_t n_helper)
{
	size_t started = 0;
	while (started < n_helper) {
		helper *h = &helpers[started];
		*h = (helper){.loop = l, .worker = started + 1};
		if (pthread_create(&h->thread, NULL, run_helper, h) != 0)
			break;
		started++;
	}
	run_items(l, 0);
	for (size_t i = 0; i < started; i++)
		pthread_join(helpers[i].thread, NULL);
}

int nv_parallel_for(size_t n_thread, size_t n_item, nv_work *work, void *context, nv_error *err)
{
	if (n_thread > n_item)
		n_thread = n_item;
	if (n_thread <= 1)
		return run_alone(n_item, work, context, err);
	helper *helpers = nv_alloc(n_thread - 1, sizeof *helpers);
	if (!helpers)
		return nv_fail_memory(err);
	loop l = {.work = work, .context = context, .n_item = n_item};
	atomic_init(&l.next, 0);
	atomic_init(&l.failed, n_item);
	pthread_mutex_init(&l.lock, NULL);
	run_together(&l, helpers, n_thread - 1);
	pthread_mutex_destroy(&l.lock);
	nv_free(helpers);
	if (l.code != NV_OK && err && err->code == NV_OK)
		*err = l.cause;
	return l.code;
}

/* ---- Progress and cancelling ---- */

#define TICK_NS 50000000u

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void nv_ticker_init(nv_ticker *ticker, const nv_progress *progress, const char *phase, uint64_t total)
{
	ticker->progress = progress && progress->report ? progress : NULL;
	ticker->phase = phase;
	ticker->total = total;
	atomic_init(&ticker->done, 0);
	atomic_init(&ticker->next_ns, 0);
	atomic_init(&ticker->busy, 0);
	atomic_init(&ticker->cancelled, 0);
}

/* Whoever finds the time over and nobody calling makes the call; the others go on. */
static void report(nv_ticker *ticker)
{
	uint64_t now = now_ns();
	if (now < atomic_load(&ticker->next_ns) || atomic_exchange(&ticker->busy, 1))
		return;
	if (now >= atomic_load(&ticker->next_ns) && !atomic_load(&ticker->cancelled)) {
		if (ticker->progress->report(ticker->progress->user, ticker->phase, atomic_load(&ticker->done), ticker->total))
			atomic_store(&ticker->cancelled, 1);
		atomic_store(&ticker->next_ns, now_ns() + TICK_NS);
	}
	atomic_store(&ticker->busy, 0);
}

int nv_tick(nv_ticker *ticker, uint64_t more, nv_error *err)
{
	if (!ticker->progress)
		return NV_OK;
	atomic_fetch_add(&ticker->done, more);
	report(ticker);
	return atomic_load(&ticker->cancelled) ? nv_fail(err, NV_E_CANCELLED, "cancelled") : NV_OK;
}
