/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/reasons.h"

#include "base/alloc.h"
#include "classify/why.h"

#include <string.h>

static size_t quota_of(const nv_task *task)
{
	size_t n_answer = task->kind == NV_MULTILABEL ? 2 * task->n_label : task->n_label;
	size_t quota = n_answer ? NV_REASONS_A_TASK / n_answer : NV_REASONS_LEAST;
	return quota > NV_REASONS_AN_ANSWER ? NV_REASONS_AN_ANSWER : quota < NV_REASONS_LEAST ? NV_REASONS_LEAST : quota;
}

int nv_reasons_init(nv_reasons *reasons, const nv_schema *schema, nv_error *err)
{
	size_t n_answer = 2 * nv_schema_scores(schema);
	reasons->schema = schema;
	reasons->list = nv_alloc_zero(n_answer, sizeof *reasons->list);
	return reasons->list ? NV_OK : nv_fail_memory(err);
}

void nv_reasons_release(nv_reasons *reasons)
{
	size_t n_answer = reasons->list ? 2 * nv_schema_scores(reasons->schema) : 0;
	for (size_t a = 0; a < n_answer; a++) {
		for (uint32_t i = 0; i < reasons->list[a].n; i++)
			nv_free(reasons->list[a].item[i].text);
		nv_free(reasons->list[a].item);
	}
	nv_free(reasons->list);
	memset(reasons, 0, sizeof *reasons);
}

/* ---- One article offered ---- */

typedef struct nv_offer {
	nv_reasons *reasons;
	nv_answerer *answerer;
	const nv_article *article;
	uint32_t number;
	size_t quota;    /* of the task under way */
	bool classified; /* the answerer's scratch is about the article */
} nv_offer;

/* Cut as the report will show it. */
static size_t text_len(nv_str term)
{
	size_t len = term.len < NV_REASON_TEXT ? term.len : NV_REASON_TEXT;
	while (len > 0 && len < term.len && ((unsigned char)term.ptr[len] & 0xC0) == 0x80)
		len--;
	return len;
}

/* Fills push with the score at `score` of the map; texts go to *text, which the caller frees. */
static int explain(const nv_offer *offer, uint32_t score, nv_push *push, nv_buf *text, nv_error *err)
{
	const nv_model *model = offer->answerer->model;
	const nv_contribution *term;
	size_t n;
	int code = nv_why_find(model, offer->answerer->scratch, score, NV_REASON_TERMS, &term, &n, err);
	if (code != NV_OK)
		return code;
	push->n_term = (uint32_t)n;
	push->bias = model->bias[score];
	push->margin = offer->answerer->result->margin[score];
	push->rest = nv_why_rest(push->bias, term, n, push->margin);
	for (size_t i = 0; i < n; i++) {
		push->term[i] = (nv_reason_term){{NULL, text_len(term[i].term)}, term[i].value};
		nv_buf_add(text, term[i].term.ptr, push->term[i].text.len);
	}
	return NV_OK;
}

/* Texts lie in one block, in the order of pushes and terms. */
static int keep_texts(nv_reason *reason, const nv_buf *text, nv_error *err)
{
	reason->text = text->failed ? NULL : nv_alloc(text->len + 1, 1);
	if (!reason->text)
		return nv_fail_memory(err);
	const char *at = reason->text;
	if (text->len > 0)
		memcpy(reason->text, text->ptr, text->len);
	for (uint32_t p = 0; p < reason->n_push; p++)
		for (uint32_t i = 0; i < reason->push[p].n_term; i++) {
			reason->push[p].term[i].text.ptr = at;
			at += reason->push[p].term[i].text.len;
		}
	return NV_OK;
}

/* first: the task's first score in the schema. Labels that the model lacks have no score to explain. */
static int make_reason(nv_offer *offer, size_t first, const uint32_t *label, size_t n_label, nv_reason *reason,
                       nv_error *err)
{
	nv_answerer *answerer = offer->answerer;
	nv_buf text = NV_BUF_INIT;
	int code = offer->classified
	               ? (int)NV_OK
	               : nv_classify(answerer->model, offer->article, answerer->scratch, answerer->result, err);
	offer->classified = code == NV_OK;
	for (size_t i = 0; code == NV_OK && i < n_label; i++) {
		uint32_t score = answerer->map->score[first + label[i]];
		if (score == NV_NO_SCORE)
			continue;
		reason->push[reason->n_push].label = label[i];
		code = explain(offer, score, &reason->push[reason->n_push++], &text, err);
	}
	if (code == NV_OK)
		code = keep_texts(reason, &text, err);
	nv_buf_release(&text);
	return code;
}

static bool comes_before(const nv_reason *a, const nv_reason *b)
{
	return a->certainty > b->certainty || (!(a->certainty < b->certainty) && a->article < b->article);
}

/* Explains and keeps the mistake if it is among the surest of its answer. label[n_label]: the chosen one, and the gold one. */
static int offer_mistake(nv_offer *offer, size_t first, const uint32_t *label, size_t n_label, bool yes,
                         double certainty, nv_error *err)
{
	nv_reason_list *list = &offer->reasons->list[2 * (first + label[0]) + yes];
	nv_reason reason = {.certainty = certainty, .article = offer->number};
	size_t quota = offer->quota, at = list->n;
	while (at > 0 && comes_before(&reason, &list->item[at - 1]))
		at--;
	if (at >= quota || offer->answerer->map->score[first + label[0]] == NV_NO_SCORE)
		return NV_OK;
	if (!list->item && !(list->item = nv_alloc(quota, sizeof *list->item)))
		return nv_fail_memory(err);
	int code = make_reason(offer, first, label, n_label, &reason, err);
	if (code != NV_OK)
		return code;
	if (list->n == quota)
		nv_free(list->item[--list->n].text);
	memmove(&list->item[at + 1], &list->item[at], (list->n - at) * sizeof *list->item);
	list->item[at] = reason;
	list->n++;
	return NV_OK;
}

/* ---- Its mistakes ---- */

static bool is_gold(const nv_gold *gold, size_t label)
{
	for (size_t i = 0; i < gold->n_label; i++)
		if (gold->label[i] == label)
			return true;
	return false;
}

static int offer_task(nv_offer *offer, const nv_task *task, size_t first, const uint8_t *chosen, const double *p,
                      const nv_gold *gold, nv_error *err)
{
	int code = NV_OK;
	for (uint32_t l = 0; code == NV_OK && l < task->n_label; l++) {
		bool right = is_gold(gold, l) == (chosen[l] != 0);
		const uint32_t label[] = {l, gold->n_label > 0 ? gold->label[0] : l};
		if (right || (task->kind != NV_MULTILABEL && !chosen[l]))
			continue;
		if (task->kind == NV_MULTILABEL)
			code = offer_mistake(offer, first, label, 1, chosen[l], chosen[l] ? p[l] : 1 - p[l], err);
		else
			code = offer_mistake(offer, first, label, gold->n_label > 0 ? 2 : 1, true, p[l], err);
	}
	return code;
}

int nv_reasons_offer(nv_reasons *reasons, nv_answerer *answerer, const nv_answers *answers, size_t row,
                     const nv_gold_reader *gold, const nv_article *article, uint32_t number, nv_error *err)
{
	nv_offer offer = {reasons, answerer, article, number, 0, false};
	size_t first = 0, at = row * answers->n_score;
	int code = NV_OK;
	for (size_t t = 0; code == NV_OK && t < reasons->schema->n_task; t++) {
		const nv_task *task = &reasons->schema->task[t];
		offer.quota = quota_of(task);
		if (gold->gold[t].labelled)
			code = offer_task(&offer, task, first, answers->chosen + at + first, answers->p + at + first,
			                  &gold->gold[t], err);
		first += task->n_label;
	}
	return code;
}

const nv_reason *nv_reasons_find(const nv_reasons *reasons, size_t task, size_t label, bool yes, uint32_t article)
{
	size_t first = 0;
	for (size_t t = 0; t < task; t++)
		first += reasons->schema->task[t].n_label;
	const nv_reason_list *list = &reasons->list[2 * (first + label) + yes];
	for (uint32_t i = 0; i < list->n; i++)
		if (list->item[i].article == article)
			return &list->item[i];
	return NULL;
}
