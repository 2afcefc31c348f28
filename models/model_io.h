/* SPDX-License-Identifier: Apache-2.0
 *
 * model_io.h: the model file: a header, a table of blocks, and blocks aligned to 64 bytes, each with its own checksum
 * (docs/model_format.md has every byte). Loading checks header and table, then the blocks it uses, before anything is
 * given out; large arrays are used where they lie, and verified piece by piece as they are used.
 * The same model writes the same bytes.
 *
 * nv_model_open, _from_buffer, _verify, _save, _write, _free: newsvane.h.
 */
#ifndef NV_MODELS_MODEL_IO_H
#define NV_MODELS_MODEL_IO_H

#include "models/model.h"

#define NV_MODEL_VERSION 2

/* Blocks of the file in order, for inspect. False past the end, and for a model that comes from no file. */
typedef struct nv_block_info {
	char name[17];        /* NUL-terminated */
	uint64_t offset, len; /* bytes */
} nv_block_info;
bool nv_model_block(const nv_model *model, size_t index, nv_block_info *info);
uint64_t nv_model_file_size(const nv_model *model); /* bytes; 0 for a model that comes from no file */

/* Steps of nv_model_open, for models/ alone: the model's blocks verified, checked and pointed to (model_read.c). */
int nv_model_read(nv_model *model, nv_error *err);

#endif
