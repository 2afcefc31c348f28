/* SPDX-License-Identifier: Apache-2.0 */
#include "models/model.h"

#include "base/alloc.h"
#include "models/block.h"

#include <string.h>

uint32_t nv_model_stride(uint32_t n_column)
{
	return (n_column + 3) & ~(uint32_t)3;
}

nv_model *nv_model_new(void)
{
	return nv_alloc_zero(1, sizeof(nv_model));
}

void nv_model_free(nv_model *model)
{
	if (!model)
		return;
	nv_tokenizer_free(model->tokenizer);
	nv_schema_free(model->schema);
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

/* All exponent bits set: infinity or NaN. Compared as integers and summed, so that the loop has no branch. */
bool nv_floats_finite(const float *x, size_t n)
{
	const uint32_t exponent = 0x7F800000u;
	uint32_t bad = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t bits;
		memcpy(&bits, &x[i], sizeof bits);
		bad |= (uint32_t)((bits & exponent) == exponent);
	}
	return bad == 0;
}
