/* SPDX-License-Identifier: Apache-2.0 */
#include "models/model_io.h"

#include "models/block.h"
#include "models/top.h"

#include <stdint.h>
#include <string.h>

/* Takes over `mapping`, also on failure. */
static int open_bytes(nv_model **model, const unsigned char *bytes, size_t len, const nv_mapping *mapping,
                      const char *path, nv_error *err)
{
	nv_model *made = nv_model_new();
	if (!made) {
		nv_mapping copy = *mapping;
		nv_file_unmap(&copy);
		return nv_fail_memory(err);
	}
	made->file = *mapping;
	int code = nv_block_table_open(&made->blocks, bytes, len, path, err);
	if (code == NV_OK)
		code = nv_model_read(made, err);
	if (code < 0)
		nv_model_free(made);
	else
		*model = made;
	return code;
}

int nv_model_open(nv_model **model, const char *path, nv_error *err)
{
	nv_mapping mapping;
	*model = NULL;
	int code = nv_file_map(&mapping, path, err);
	return code < 0 ? code : open_bytes(model, mapping.ptr, mapping.len, &mapping, path, err);
}

int nv_model_from_buffer(nv_model **model, const void *bytes, size_t len, nv_error *err)
{
	const nv_mapping none = {NULL, 0};
	*model = NULL;
	if ((uintptr_t)bytes % NV_BLOCK_ALIGN != 0)
		return nv_fail(err, NV_E_USAGE, "a model in memory must be aligned to %d bytes", NV_BLOCK_ALIGN);
	return open_bytes(model, bytes, len, &none, NULL, err);
}

int nv_model_verify(const nv_model *model, nv_error *err)
{
	const nv_vocab *vocab;
	int code = nv_model_need_texts(model, err);
	if (code == NV_OK)
		code = nv_model_need_lookups(model, &vocab, err);
	for (uint32_t i = 0; model->blocks && i < model->blocks->n_block && code == NV_OK; i++)
		code = nv_block_need_all(&model->blocks->block[i], err);
	return code == NV_OK ? nv_top_check_kept(model, err) : code;
}

/* A failed write is known to the output, which tells it at commit. */
int nv_model_save(const nv_model *model, const char *path, nv_error *err)
{
	nv_output *out;
	int code = nv_output_open(&out, path, err);
	if (code < 0)
		return code;
	nv_sink sink = nv_output_sink(out);
	nv_error inner = {0};
	code = nv_model_write(model, &sink, &inner);
	if (code == NV_OK || code == NV_E_IO)
		return nv_output_commit(out, err);
	nv_output_abort(out);
	if (err)
		*err = inner;
	return code;
}

bool nv_model_block(const nv_model *model, size_t index, nv_block_info *info)
{
	if (!model->blocks || index >= model->blocks->n_block)
		return false;
	const nv_file_block *block = &model->blocks->block[index];
	memcpy(info->name, block->name, sizeof info->name);
	info->offset = block->offset;
	info->len = block->len;
	return true;
}

uint64_t nv_model_file_size(const nv_model *model)
{
	return model->blocks ? model->blocks->file_len : 0;
}
