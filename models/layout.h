/* SPDX-License-Identifier: Apache-2.0
 *
 * layout.h: the fixed records inside a model file's blocks (docs/model_format.md), shared by reader and writer.
 * Little-endian, as in memory.
 */
#ifndef NV_MODELS_LAYOUT_H
#define NV_MODELS_LAYOUT_H

#include <stdint.h>
#include <stdio.h>

#define NV_MAX_VIEWS 64
#define NV_MODEL_LARGEST 1e30 /* every number of a model is at most this in size, far above any that training makes */
#define NV_MAX_COLUMNS ((uint32_t)1 << 24)

/* Block "shape". */
typedef struct nv_file_shape {
	uint32_t n_word, n_term, max_n, min_n;
	uint32_t hash_bits, strip_boilerplate;
	uint32_t n_task, n_score, n_view, zero;
	uint64_t n_document, word_mask, gram_mask;
} nv_file_shape;

/* Block "tasks": one for each task of the schema. */
typedef struct nv_file_task {
	uint32_t first_score, n_label;
	uint32_t flags;       /* NV_FILE_TASK_* */
	uint32_t calibration; /* NV_CALIBRATE_* */
} nv_file_task;

#define NV_FILE_TASK_TRAINED 1u
#define NV_FILE_TASK_WHOLE_LENGTH 2u

/* Block "views": one for each view. */
typedef struct nv_file_view {
	uint32_t weighting, normalize;
	uint32_t n_about, n_column, stride, n_gram;
	uint32_t subword_low, subword_high;
	float unknown_idf;
	uint32_t zero;
	double title_weight;
	uint64_t gram_mask;
} nv_file_view;

/* A view's block, as "weight.0". */
#define NV_NUMBERED_NAME 32
static inline const char *nv_numbered_name(char buf[NV_NUMBERED_NAME], const char *name, uint32_t number)
{
	snprintf(buf, NV_NUMBERED_NAME, "%.15s.%u", name, number);
	return buf;
}

_Static_assert(sizeof(nv_file_shape) == 64, "shape is 64 bytes");
_Static_assert(sizeof(nv_file_task) == 16, "a task is 16 bytes");
_Static_assert(sizeof(nv_file_view) == 56, "a view is 56 bytes");

#endif
