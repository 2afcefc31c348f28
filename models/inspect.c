/* SPDX-License-Identifier: Apache-2.0 */
#include "models/inspect.h"

const char *nv_kind_name(nv_task_kind kind)
{
	return kind == NV_MULTICLASS ? "multiclass" : kind == NV_MULTILABEL ? "multilabel" : "stance";
}

const char *nv_calibration_name(int kind)
{
	static const char *const name[] = {"off", "platt", "isotonic", "loglog"};
	return kind >= 0 && kind <= NV_CALIBRATE_LOGLOG ? name[kind] : "off";
}

const char *nv_weighting_name(uint32_t weighting)
{
	return weighting == NV_WEIGHT_TFIDF ? "tfidf" : weighting == NV_WEIGHT_BINARY ? "binary" : "count";
}

static void put_uint(nv_json_writer *w, const char *name, uint64_t n)
{
	nv_json_key(w, name);
	nv_json_put_uint(w, n);
}

static void put_text(nv_json_writer *w, const char *name, const char *text)
{
	nv_json_key(w, name);
	nv_json_put_text(w, text);
}

static void put_real(nv_json_writer *w, const char *name, double x)
{
	nv_json_key(w, name);
	nv_json_put_rounded(w, x, 6);
}

static void put_vocabulary(nv_json_writer *w, const nv_vocab *v)
{
	nv_json_key(w, "vocabulary");
	nv_json_open(w, '{');
	put_uint(w, "words", v->n_word);
	put_uint(w, "terms", v->n_term);
	put_uint(w, "longest", v->max_n);
	put_uint(w, "shortest", v->min_n);
	put_uint(w, "hash_bits", v->hash_bits);
	put_uint(w, "documents", v->n_document);
	nv_json_close(w, '}');
}

static void put_view(nv_json_writer *w, const nv_model_view *v)
{
	nv_json_open(w, '{');
	put_text(w, "part", v->n_about > 0 ? "about" : "all");
	put_text(w, "weighting", nv_weighting_name(v->weighting));
	nv_json_key(w, "normalize");
	nv_json_put_bool(w, v->normalize != 0);
	put_real(w, "title_weight", v->title_weight);
	put_uint(w, "about", v->n_about);
	put_uint(w, "columns", v->n_column);
	nv_json_key(w, "subwords");
	nv_json_open(w, '[');
	nv_json_put_uint(w, v->subword_low);
	nv_json_put_uint(w, v->subword_high);
	nv_json_close(w, ']');
	put_uint(w, "ngrams", v->n_gram > 0 ? v->n_gram - 1 : 0);
	nv_json_close(w, '}');
}

static void put_terms(nv_json_writer *w, const char *name, const nv_model *model, const nv_top *top,
                      const nv_top_term *term, size_t n)
{
	nv_buf text = NV_BUF_INIT;
	nv_json_key(w, name);
	nv_json_open(w, '[');
	for (size_t i = 0; i < n; i++) {
		nv_buf_clear(&text);
		nv_top_add_text(top, model, &term[i], &text);
		nv_json_open(w, '[');
		nv_json_put_str(w, (nv_str){text.ptr, text.len});
		nv_json_put_rounded(w, term[i].weight, 6);
		nv_json_close(w, ']');
		w->out->failed |= text.failed;
	}
	nv_json_close(w, ']');
	nv_buf_release(&text);
}

static void put_task(nv_json_writer *w, const nv_model *model, const nv_top *top, size_t t)
{
	const nv_task *task = &model->schema->task[t];
	const nv_model_task *own = &model->task[t];
	nv_json_key(w, task->name);
	nv_json_open(w, '{');
	put_text(w, "kind", nv_kind_name(task->kind));
	nv_json_key(w, "trained");
	nv_json_put_bool(w, own->trained);
	put_text(w, "calibration", nv_calibration_name(own->calibration.kind));
	nv_json_key(w, "labels");
	nv_json_open(w, '{');
	for (size_t l = 0; l < task->n_label; l++) {
		size_t s = own->first_score + l;
		nv_json_key(w, task->label[l].id);
		nv_json_open(w, '{');
		put_real(w, "bias", model->bias[s]);
		if (task->kind == NV_MULTILABEL)
			put_real(w, "threshold", own->threshold ? own->threshold[l] : 0.5);
		if (top->k > 0) {
			put_terms(w, "top", model, top, top->high + s * top->k, top->n_high[s]);
			put_terms(w, "bottom", model, top, top->low + s * top->k, top->n_low[s]);
		}
		nv_json_close(w, '}');
	}
	nv_json_close(w, '}');
	nv_json_close(w, '}');
}

static void put_blocks(nv_json_writer *w, const nv_model *model)
{
	nv_block_info info;
	nv_json_key(w, "blocks");
	nv_json_open(w, '[');
	for (size_t i = 0; nv_model_block(model, i, &info); i++) {
		nv_json_open(w, '[');
		nv_json_put_text(w, info.name);
		nv_json_put_uint(w, info.offset);
		nv_json_put_uint(w, info.len);
		nv_json_close(w, ']');
	}
	nv_json_close(w, ']');
}

static void put_settings(nv_json_writer *w, const nv_model *model)
{
	nv_json_key(w, "schema");
	nv_schema_to_json(model->schema, w);
	nv_json_key(w, "tokens");
	nv_json_open(w, '{');
	nv_option_save(nv_token_rows, nv_n_token_rows, &model->token, w);
	nv_json_close(w, '}');
	put_text(w, "boilerplate", model->strip_boilerplate ? "strip" : "keep");
	put_vocabulary(w, &model->vocab);
	nv_json_key(w, "views");
	nv_json_open(w, '[');
	for (uint32_t v = 0; v < model->n_view; v++)
		put_view(w, &model->view[v]);
	nv_json_close(w, ']');
}

/* Metadata of a file is put as it stands, so it must be JSON: a hostile one is not passed on. */
static int check_metadata(const nv_model *model, nv_error *err)
{
	nv_json *root = NULL;
	nv_error cause = {0};
	if (model->metadata.len == 0)
		return NV_OK;
	int code = nv_json_parse(&root, model->metadata, "metadata", &cause);
	nv_json_free(root);
	if (code == NV_E_MEMORY)
		return nv_fail_memory(err);
	return code < 0 ? nv_fail(err, NV_E_MODEL, "unusable model file: metadata: %s", cause.message) : NV_OK;
}

static int inspect_json(const nv_model *model, const nv_top *top, nv_buf *out, nv_error *err)
{
	nv_json_writer w;
	int code = check_metadata(model, err);
	if (code < 0)
		return code;
	nv_json_begin(&w, out, 0);
	nv_json_open(&w, '{');
	put_uint(&w, "format", NV_MODEL_VERSION);
	put_uint(&w, "bytes", nv_model_file_size(model));
	put_settings(&w, model);
	nv_json_key(&w, "tasks");
	nv_json_open(&w, '{');
	for (size_t t = 0; t < model->schema->n_task; t++)
		put_task(&w, model, top, t);
	nv_json_close(&w, '}');
	put_uint(&w, "fingerprints", model->n_fingerprint);
	nv_json_key(&w, "metadata");
	nv_json_put_raw(&w, model->metadata.len > 0 ? model->metadata : nv_str_of("{}"));
	put_blocks(&w, model);
	nv_json_close(&w, '}');
	nv_buf_add_char(out, '\n');
	return out->failed ? nv_fail_memory(err) : NV_OK;
}

int nv_model_inspect(const nv_model *model, size_t top_k, bool json, const nv_sink *sink, nv_error *err)
{
	nv_top top;
	nv_buf out = NV_BUF_INIT;
	int code = nv_top_find(&top, model, top_k, err);
	if (code == NV_OK)
		code = json ? inspect_json(model, &top, &out, err) : nv_inspect_text(model, &top, &out, err);
	if (code == NV_OK && sink->write(sink->user, out.ptr, out.len) != 0)
		code = nv_fail(err, NV_E_IO, "writing the description failed");
	nv_buf_release(&out);
	nv_top_release(&top);
	return code;
}
