/* SPDX-License-Identifier: Apache-2.0
 *
 * The description for people. Metadata is shown as it is, an object a heading and its members below it, so that what
 * later versions record is shown as well.
 */
#include "models/inspect.h"

#include "base/number.h"

static void add_real(nv_buf *out, double x, int decimals)
{
	char text[NV_NUMBER_TEXT];
	nv_buf_add(out, text, nv_number_format_rounded(text, x, decimals));
}

static void add_uint(nv_buf *out, uint64_t n)
{
	char text[NV_NUMBER_TEXT];
	nv_buf_add(out, text, nv_number_format_uint(text, n));
}

static void add_spaces(nv_buf *out, int n)
{
	while (n-- > 0)
		nv_buf_add_char(out, ' ');
}

static void add_tasks(nv_buf *out, const nv_model *model)
{
	nv_buf_addf(out, "schema: %s\n", model->schema->name[0] ? model->schema->name : "(no name)");
	for (size_t t = 0; t < model->schema->n_task; t++) {
		const nv_task *task = &model->schema->task[t];
		nv_buf_addf(out, "  %s: %s, field %s, calibration %s%s\n", task->name, nv_kind_name(task->kind), task->field,
		            nv_calibration_name(model->task[t].calibration.kind),
		            model->task[t].trained ? "" : ", not trained (no labelled article)");
		nv_buf_add_str(out, "    labels:");
		for (size_t l = 0; l < task->n_label; l++)
			nv_buf_addf(out, "%s %s", l > 0 ? "," : "", task->label[l].id);
		nv_buf_add_char(out, '\n');
	}
}

static void add_vocabulary(nv_buf *out, const nv_model *model)
{
	const nv_vocab *v = &model->vocab;
	nv_buf_add_str(out, "vocabulary: ");
	if (v->hash_bits > 0) {
		nv_buf_addf(out, "hashed into 2^%u buckets\n", v->hash_bits);
	} else {
		nv_buf_addf(out, "%u words, %u terms of %u to %u words, from ", v->n_word, v->n_term, v->min_n, v->max_n);
		add_uint(out, v->n_document);
		nv_buf_add_str(out, " articles\n");
	}
	nv_buf_addf(out, "boilerplate: %s\n", model->strip_boilerplate ? "strip" : "keep");
}

static void add_views(nv_buf *out, const nv_model *model)
{
	nv_buf_add_str(out, "views:\n");
	for (uint32_t i = 0; i < model->n_view; i++) {
		const nv_model_view *v = &model->view[i];
		nv_buf_addf(out, "  %u: %s, %s%s, title weight ", i,
		            v->n_about > 0 ? "title and sentences about the target" : "whole article",
		            nv_weighting_name(v->weighting), v->normalize ? ", unit length" : "");
		add_real(out, v->title_weight, 3);
		nv_buf_addf(out, ", %u columns", v->n_column);
		if (v->subword_high > 0)
			nv_buf_addf(out, ", character n-grams %u-%u (%u)", v->subword_low, v->subword_high, v->n_gram - 1);
		nv_buf_add_char(out, '\n');
	}
}

/* ---- Metadata ---- */

static void add_value(nv_buf *out, const nv_json *value);

static void add_list(nv_buf *out, const nv_json *list)
{
	const char *comma = "";
	for (const nv_json *at = nv_json_first(list); at; at = nv_json_next(at), comma = ", ") {
		nv_buf_add_str(out, comma);
		add_value(out, at);
	}
}

static void add_value(nv_buf *out, const nv_json *value)
{
	char text[NV_NUMBER_TEXT];
	switch (nv_json_get_kind(value)) {
	case NV_JSON_STRING:
		nv_buf_add_str(out, nv_json_string(value));
		break;
	case NV_JSON_NUMBER:
		nv_buf_add(out, text, nv_number_format(text, nv_json_number(value)));
		break;
	case NV_JSON_BOOL:
		nv_buf_add_str(out, nv_json_true(value) ? "yes" : "no");
		break;
	case NV_JSON_NULL:
		nv_buf_add_str(out, "n/a");
		break;
	case NV_JSON_ARRAY:
	case NV_JSON_OBJECT:
		nv_buf_add_char(out, '(');
		add_list(out, value);
		nv_buf_add_char(out, ')');
		break;
	}
}

/* Depth is bounded by the parser; a list of simple values stands on one line. */
static void add_members(nv_buf *out, const nv_json *object, int indent)
{
	for (const nv_json *at = nv_json_first(object); at; at = nv_json_next(at)) {
		add_spaces(out, indent);
		nv_buf_addf(out, "%s:", nv_json_name(at));
		if (nv_json_get_kind(at) == NV_JSON_OBJECT && indent < 16) {
			nv_buf_add_char(out, '\n');
			add_members(out, at, indent + 2);
			continue;
		}
		nv_buf_add_char(out, ' ');
		if (nv_json_get_kind(at) == NV_JSON_ARRAY)
			add_list(out, at);
		else
			add_value(out, at);
		nv_buf_add_char(out, '\n');
	}
}

static int add_metadata(nv_buf *out, const nv_model *model, nv_error *err)
{
	nv_json *root = NULL;
	nv_error cause = {0};
	if (model->metadata.len == 0)
		return NV_OK;
	int code = nv_json_parse(&root, model->metadata, "metadata", &cause);
	if (code == NV_E_MEMORY)
		return nv_fail_memory(err);
	if (code < 0)
		return nv_fail(err, NV_E_MODEL, "unusable model file: metadata: %s", cause.message);
	nv_buf_add_str(out, "record:\n");
	if (nv_json_get_kind(root) == NV_JSON_OBJECT)
		add_members(out, root, 2);
	nv_json_free(root);
	return NV_OK;
}

/* ---- Terms ---- */

static void add_terms(nv_buf *out, const char *title, const nv_model *model, const nv_top *top, const nv_top_term *term,
                      size_t n)
{
	nv_buf_addf(out, "    %s:", title);
	for (size_t i = 0; i < n; i++) {
		nv_buf_add_str(out, i > 0 ? ", " : " ");
		nv_top_add_text(top, model, &term[i], out);
		nv_buf_add_char(out, ' ');
		add_real(out, term[i].weight, 3);
	}
	nv_buf_add_char(out, '\n');
}

static void add_all_terms(nv_buf *out, const nv_model *model, const nv_top *top)
{
	nv_buf_add_str(out, "strongest terms by weight:\n");
	for (size_t t = 0; t < model->schema->n_task; t++) {
		const nv_task *task = &model->schema->task[t];
		for (size_t l = 0; l < task->n_label; l++) {
			size_t s = model->task[t].first_score + l;
			nv_buf_addf(out, "  %s, %s (bias ", task->name, task->label[l].id);
			add_real(out, model->bias[s], 3);
			nv_buf_add_str(out, ")\n");
			add_terms(out, "for", model, top, top->high + s * top->k, top->n_high[s]);
			add_terms(out, "against", model, top, top->low + s * top->k, top->n_low[s]);
		}
	}
}

int nv_inspect_text(const nv_model *model, const nv_top *top, nv_buf *out, nv_error *err)
{
	nv_buf_addf(out, "newsvane model, format %d", NV_MODEL_VERSION);
	if (nv_model_file_size(model) > 0) {
		nv_buf_add_str(out, ", ");
		add_uint(out, nv_model_file_size(model));
		nv_buf_add_str(out, " bytes");
	}
	nv_buf_add_char(out, '\n');
	add_tasks(out, model);
	add_vocabulary(out, model);
	add_views(out, model);
	int code = add_metadata(out, model, err);
	if (code == NV_OK && top->k > 0)
		add_all_terms(out, model, top);
	return code == NV_OK && out->failed ? nv_fail_memory(err) : code;
}
