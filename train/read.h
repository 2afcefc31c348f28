/* SPDX-License-Identifier: Apache-2.0
 *
 * read.h: a whole stream of articles into a trainer: parsed and tokenised on any thread, taken in input order, so that the model does
 * not depend on the number of threads.
 */
#ifndef NV_TRAIN_READ_H
#define NV_TRAIN_READ_H

#include "data/stream.h"
#include "train/train.h"

/* Label errors of single articles count as bad records of the stream. n_thread at least 1. */
int nv_trainer_read(nv_trainer *trainer, nv_stream *stream, size_t n_thread, const nv_progress *progress, nv_error *err);

#endif
