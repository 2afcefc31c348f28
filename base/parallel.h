/* SPDX-License-Identifier: Apache-2.0
 *
 * parallel.h: threads over independent pieces of work, and an ordered pipeline. Neither changes any result: pieces are
 * the same for any number of threads, and are consumed in order.
 */
#ifndef NV_BASE_PARALLEL_H
#define NV_BASE_PARALLEL_H

#include "base/error.h"

/* Cores that this process may run on (affinity and cgroup respected), at least 1. */
size_t nv_cores(void);

/* Calls work(context, item, worker, err) for items 0 .. n_item - 1 on up to n_thread threads (the caller's is one of them);
 * worker < n_thread names the thread, for per-thread scratch. The first failure (lowest item) is returned; others are not started
 * after it. */
typedef int nv_work(void *context, size_t item, size_t worker, nv_error *err);
int nv_parallel_for(size_t n_thread, size_t n_item, nv_work *work, void *context, nv_error *err);

/* A pipeline over n_slot reused slots (allocated by the caller): produce fills slot k in turn on the calling thread (1: filled,
 * 0: end, negative: failure); work runs on any worker; consume gets the slots in order, on the calling thread. With one
 * thread all three run in turn on the caller's. A failure ends the run after the slots before it have been consumed. */
typedef struct nv_pipeline {
	size_t n_thread, n_slot; /* n_slot >= 2 * n_thread keeps all busy */
	int (*produce)(void *context, size_t slot, nv_error *err);
	int (*work)(void *context, size_t slot, size_t worker, nv_error *err);
	int (*consume)(void *context, size_t slot, nv_error *err);
	void *context;
} nv_pipeline;
int nv_pipeline_run(const nv_pipeline *pipeline, nv_error *err);

/* Progress and cancelling (newsvane.h): polls at most every 50 ms and from one thread at a time. */
typedef struct nv_ticker {
	const nv_progress *progress; /* may be NULL */
	const char *phase;           /* static */
	uint64_t total;
	_Atomic uint64_t done, next_ns; /* next_ns: when to call again */
	_Atomic int busy, cancelled;
} nv_ticker;
void nv_ticker_init(nv_ticker *ticker, const nv_progress *progress, const char *phase, uint64_t total);
/* Adds to done; NV_E_CANCELLED once the callback has asked to stop. Cheap enough for every row block. */
int nv_tick(nv_ticker *ticker, uint64_t more, nv_error *err);

#endif
