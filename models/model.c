/* SPDX-License-Identifier: Apache-2.0 */
#include "models/model.h"

#include "base/alloc.h"
#include "models/block.h"
#include "models/layout.h"

#include <string.h>

uint32_t nv_model_stride(uint32_t n_column)
{
	return (n_column + 3) & ~(uint32_t)3;
}

nv_model *nv_model_new(void)
{
	nv_model *model = nv_alloc_zero(1, sizeof *model);
	if (model && nv_model_lookups_new(&model->lookups) == NV_OK)
		return model;
	nv_free(model);
	return NULL;
}

void nv_model_free(nv_model *model)
{
	if (!model)
		return;
	nv_tokenizer_free(model->tokenizer);
	nv_schema_free(model->schema);
	nv_model_lookups_free(model->lookups);
	nv_block_table_free(model->blocks);
	if (model->free_memory)
		model->free_memory(model->memory);
	nv_file_unmap(&model->file);
	nv_free(model);
}

const nv_schema *nv_model_schema(const nv_model *model)
{
	return model->schema;
}

/* Without the sign, larger numbers are larger integers, infinity and NaN the largest; gathered, so that the loop has no branch. */
bool nv_floats_in_range(const float *x, size_t n)
{
	const float largest = (float)NV_MODEL_LARGEST;
	uint32_t bad = 0, most;
	memcpy(&most, &largest, sizeof most);
	for (size_t i = 0; i < n; i++) {
		uint32_t bits;
		memcpy(&bits, &x[i], sizeof bits);
		bad |= (uint32_t)((bits & 0x7FFFFFFFu) > most);
	}
	return bad == 0;
}

bool nv_doubles_in_range(const double *x, size_t n)
{
	const double largest = NV_MODEL_LARGEST;
	uint64_t bad = 0, most;
	memcpy(&most, &largest, sizeof most);
	for (size_t i = 0; i < n; i++) {
		uint64_t bits;
		memcpy(&bits, &x[i], sizeof bits);
		bad |= (uint64_t)((bits & INT64_MAX) > most);
	}
	return bad == 0;
}
