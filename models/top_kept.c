/* SPDX-License-Identifier: Apache-2.0
 *
 * Block "top_terms" of a model file: for each score the list of weights above 0, then that of weights below 0; a list is
 * u32 how many, and for each term f64 weight, u32 bytes of text, the text. Read from front to back, nothing is aligned.
 */
#include "models/block.h"
#include "models/top.h"

#include <float.h>
#include <string.h>

/* ---- Writing ---- */

static void add_term(const nv_top *top, const nv_model *model, const nv_top_term *term, nv_buf *out)
{
	uint32_t len = 0;
	nv_buf_add(out, (const char *)&term->weight, sizeof term->weight);
	size_t place = out->len;
	nv_buf_add(out, (const char *)&len, sizeof len);
	size_t start = out->len;
	nv_top_add_text(top, model, term, out);
	len = (uint32_t)(out->len - start);
	if (!out->failed)
		memcpy(out->ptr + place, &len, sizeof len);
}

static void add_list(const nv_top *top, const nv_model *model, const nv_top_term *term, uint32_t n, nv_buf *out)
{
	nv_buf_add(out, (const char *)&n, sizeof n);
	for (uint32_t i = 0; i < n; i++)
		add_term(top, model, &term[i], out);
}

int nv_top_keep(const nv_model *model, nv_buf *out, nv_error *err)
{
	nv_top top;
	int code = nv_top_walk(&top, model, NV_TOP_KEPT, err);
	for (uint32_t s = 0; s < model->n_score && code == NV_OK; s++) {
		add_list(&top, model, top.high + s * top.k, top.n_high[s], out);
		add_list(&top, model, top.low + s * top.k, top.n_low[s], out);
	}
	if (code == NV_OK && out->failed)
		code = nv_fail_memory(err);
	nv_top_release(&top);
	return code;
}

/* ---- Reading ---- */

/* What is left to read of the block. */
static bool get(nv_str *rest, void *to, size_t size)
{
	if (rest->len < size)
		return false;
	memcpy(to, rest->ptr, size);
	*rest = (nv_str){rest->ptr + size, rest->len - size};
	return true;
}

/* Of the term at the front; weights of a list have one sign and fall in size. */
static bool get_term(nv_str *rest, double sign, double *weight)
{
	uint32_t len;
	double most = *weight;
	if (!get(rest, weight, sizeof *weight) || !get(rest, &len, sizeof len) || len > rest->len)
		return false;
	*rest = (nv_str){rest->ptr + len, rest->len - len};
	return sign * *weight > 0 && sign * *weight <= sign * most;
}

static bool get_list(const nv_top *top, nv_str *rest, double sign, nv_top_term *list, uint32_t *n_list)
{
	uint32_t n;
	double weight = sign * DBL_MAX;
	if (!get(rest, &n, sizeof n) || n > NV_TOP_KEPT)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t place = (uint32_t)(rest->ptr - top->kept.ptr) + (uint32_t)sizeof weight;
		if (!get_term(rest, sign, &weight))
			return false;
		if (i < top->k)
			list[i] = (nv_top_term){weight, place};
	}
	*n_list = n < top->k ? n : (uint32_t)top->k;
	return true;
}

int nv_top_read_kept(nv_top *top, const nv_model *model, nv_error *err)
{
	const nv_file_block *block = nv_block_find(model->blocks, "top_terms");
	int code = nv_block_need_all(block, err);
	if (code < 0)
		return code;
	top->kept = (nv_str){(const char *)block->bytes, (size_t)block->len};
	nv_str rest = top->kept;
	bool good = rest.len <= UINT32_MAX;
	for (uint32_t s = 0; s < model->n_score && good; s++) {
		good = get_list(top, &rest, 1, top->high + s * top->k, &top->n_high[s]) &&
		       get_list(top, &rest, -1, top->low + s * top->k, &top->n_low[s]);
	}
	if (good && rest.len == 0)
		return NV_OK;
	return nv_fail_at(err, NV_E_MODEL, model->blocks->path, 0, 0,
	                  "unusable model file: block top_terms: no lists of terms");
}

nv_str nv_top_kept_text(nv_str kept, uint32_t place)
{
	uint32_t len;
	memcpy(&len, kept.ptr + place, sizeof len);
	return (nv_str){kept.ptr + place + sizeof len, len};
}
