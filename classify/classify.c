/* SPDX-License-Identifier: Apache-2.0 */
#include "classify/classify.h"

#include "base/alloc.h"
#include "data/article.h"
#include "data/boilerplate.h"

#include <math.h>
#include <string.h>

int nv_scratch_new(nv_scratch **scratch, const nv_model *model, nv_error *err)
{
	*scratch = NULL;
	nv_scratch *made = nv_alloc_zero(1, sizeof *made);
	if (!made)
		return nv_fail_memory(err);
	int code = nv_scorer_new(&made->scorer, model, err);
	if (code < 0)
		nv_free(made);
	else
		*scratch = made;
	return code;
}

void nv_scratch_free(nv_scratch *scratch)
{
	if (!scratch)
		return;
	nv_scorer_free(scratch->scorer);
	nv_buf_release(&scratch->title);
	nv_buf_release(&scratch->text);
	nv_buf_release(&scratch->spare);
	nv_free(scratch->strongest);
	nv_free(scratch);
}

int nv_result_new(nv_result **result, const nv_model *model, nv_error *err)
{
	*result = NULL;
	nv_result *made = nv_alloc_zero(1, sizeof *made);
	if (!made)
		return nv_fail_memory(err);
	made->model = model;
	made->coverage = NAN;
	made->margin = nv_alloc_zero(model->n_score, sizeof *made->margin);
	made->p = nv_alloc_zero(model->n_score, sizeof *made->p);
	made->chosen = nv_alloc_zero(model->n_score, 1);
	made->applies = nv_alloc_zero(model->schema->n_task, 1);
	if (!made->margin || !made->p || !made->chosen || !made->applies) {
		nv_result_free(made);
		return nv_fail_memory(err);
	}
	*result = made;
	return NV_OK;
}

void nv_result_free(nv_result *result)
{
	if (!result)
		return;
	nv_free(result->margin);
	nv_free(result->p);
	nv_free(result->chosen);
	nv_free(result->applies);
	nv_free(result);
}

/* ---- Labels ---- */

/* Of equal p the larger margin, of equal margins the first in the schema. */
static size_t best_label(const double *p, const double *margin, size_t n)
{
	size_t best = 0;
	for (size_t l = 1; l < n; l++)
		if (p[l] > p[best] || (p[l] == p[best] && margin[l] > margin[best]))
			best = l;
	return best;
}

static void choose(const nv_model_task *task, nv_task_kind kind, size_t n, const double *margin, const double *p,
                   uint8_t *chosen)
{
	memset(chosen, 0, n);
	if (kind != NV_MULTILABEL) {
		chosen[best_label(p, margin, n)] = 1;
		return;
	}
	for (size_t l = 0; l < n; l++)
		chosen[l] = p[l] >= (task->threshold ? task->threshold[l] : 0.5);
}

static void judge_task(const nv_model *model, size_t t, nv_result *result)
{
	const nv_model_task *task = &model->task[t];
	const nv_task *schema = &model->schema->task[t];
	double *margin = result->margin + task->first_score, *p = result->p + task->first_score;
	uint8_t *chosen = result->chosen + task->first_score;
	if (schema->n_label == 0)
		return;
	if (task->trained) {
		nv_calibration_apply(&task->calibration, schema->kind, margin, p);
		choose(task, schema->kind, schema->n_label, margin, p, chosen);
		return;
	}
	memset(chosen, 0, schema->n_label);
	for (size_t l = 0; l < schema->n_label; l++)
		p[l] = NAN;
}

/* ---- `where` ---- */

static bool holds(const nv_where *where, const nv_article *article)
{
	const nv_field *field = nv_article_field(article, where->field);
	if (!field || field->kind == NV_FIELD_MISSING)
		return true;
	for (size_t i = 0; i < field->n_value; i++)
		if (nv_str_is(field->value[i], where->value))
			return true;
	return false;
}

/* Unlike in training, a field that the article lacks excludes nothing. */
static bool task_applies(const nv_task *task, const nv_article *article)
{
	for (size_t i = 0; i < task->n_where; i++)
		if (!holds(&task->where[i], article))
			return false;
	return true;
}

int nv_classify(const nv_model *model, const nv_article *article, nv_scratch *scratch, nv_result *result, nv_error *err)
{
	nv_str title = article->title, text = article->text;
	if (result->model != model)
		return nv_fail(err, NV_E_USAGE, "the result was made for another model");
	if (model->strip_boilerplate) {
		if (!nv_boilerplate_strip(title, text, &scratch->title, &scratch->text))
			return nv_fail_memory(err);
		title = (nv_str){scratch->title.ptr, scratch->title.len};
		text = (nv_str){scratch->text.ptr, scratch->text.len};
	}
	int code = nv_score(model, scratch->scorer, title, text, result->margin, &result->coverage, err);
	if (code < 0)
		return code;
	for (size_t t = 0; t < model->schema->n_task; t++) {
		result->applies[t] = task_applies(&model->schema->task[t], article);
		judge_task(model, t, result);
	}
	return NV_OK;
}

/* ---- Reading a result ---- */

static bool has_label(const nv_result *result, size_t task, size_t label)
{
	const nv_schema *schema = result->model->schema;
	return task < schema->n_task && label < schema->task[task].n_label;
}

double nv_result_coverage(const nv_result *result)
{
	return result->coverage;
}

bool nv_result_applies(const nv_result *result, size_t task)
{
	return task < result->model->schema->n_task && result->applies[task];
}

double nv_result_p(const nv_result *result, size_t task, size_t label)
{
	return has_label(result, task, label) ? result->p[result->model->task[task].first_score + label] : NAN;
}

double nv_result_margin(const nv_result *result, size_t task, size_t label)
{
	return has_label(result, task, label) ? result->margin[result->model->task[task].first_score + label] : NAN;
}

bool nv_result_chosen(const nv_result *result, size_t task, size_t label)
{
	return has_label(result, task, label) && result->chosen[result->model->task[task].first_score + label];
}

double nv_result_score(const nv_result *result, size_t task)
{
	if (!has_label(result, task, NV_AGAINST) || result->model->schema->task[task].kind != NV_STANCE)
		return NAN;
	return nv_result_p(result, task, NV_FAVOR) - nv_result_p(result, task, NV_AGAINST);
}
