/* SPDX-License-Identifier: Apache-2.0
 *
 * One JSON line an article, for people who make their own tables. Rows of a task stand in the articles' order, so one cursor a task is
 * enough. The lines go out in blocks, since there may be very many.
 */
#include "base/alloc.h"
#include "eval/compare.h"
#include "eval/report.h"

enum { NV_BLOCK_BYTES = 1 << 16 };

typedef struct nv_cursor {
	size_t row, unknown, compared; /* the next row, unknown label and compared row of a task */
} nv_cursor;

static void put_ids(nv_json_writer *w, const nv_task *task, const uint8_t *flag)
{
	for (size_t l = 0; l < task->n_label; l++)
		if (flag[l])
			nv_json_put_text(w, task->label[l].id);
}

static void put_gold(nv_json_writer *w, const nv_task *task, const nv_task_predictions *p, nv_cursor *at)
{
	uint32_t article = p->article[at->row];
	put_ids(w, task, p->gold + at->row * p->n_label);
	for (; at->unknown < p->n_unknown && p->unknown[at->unknown].article == article; at->unknown++)
		nv_json_put_str(w, p->unknown[at->unknown].label);
}

static bool any(const uint8_t *flag, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (flag[i])
			return true;
	return false;
}

static void put_gold_answer(nv_json_writer *w, const nv_task *task, const nv_task_predictions *p, nv_cursor *at)
{
	bool list = task->kind == NV_MULTILABEL;
	nv_json_key(w, "gold");
	if (list)
		nv_json_open(w, '[');
	put_gold(w, task, p, at);
	if (list)
		nv_json_close(w, ']');
}

/* What a model said. Of a task with one answer: the label itself, not a list; null where there is none. */
static void put_answer(nv_json_writer *w, const nv_task *task, const nv_task_predictions *p, size_t row)
{
	const uint8_t *chosen = p->chosen + row * p->n_label;
	bool list = task->kind == NV_MULTILABEL;
	nv_json_key(w, "predicted");
	if (list)
		nv_json_open(w, '[');
	put_ids(w, task, chosen);
	if (list)
		nv_json_close(w, ']');
	else if (!any(chosen, p->n_label))
		nv_json_put_null(w);
}

static void put_probabilities(nv_json_writer *w, const nv_task *task, const nv_task_predictions *p, size_t row)
{
	nv_json_key(w, "p");
	nv_json_open(w, '{');
	for (size_t l = 0; l < p->n_label; l++) {
		nv_json_key(w, task->label[l].id);
		nv_json_put_number(w, p->p[row * p->n_label + l]);
	}
	nv_json_close(w, '}');
}

/* The task's comparison; NULL: none. */
static const nv_task_comparison *comparison_of(const nv_report *report, size_t task)
{
	const nv_comparison *comparison = report->comparison;
	for (size_t t = 0; comparison && t < comparison->n_task; t++)
		if (comparison->task[t].place == task)
			return &comparison->task[t];
	return NULL;
}

/* The other model's answer, in the labels that it shares with the first. */
static void put_compared(nv_json_writer *w, const nv_task_comparison *compared, nv_cursor *at, uint32_t article)
{
	if (at->compared == compared->b.n || compared->b.article[at->compared] != article)
		return;
	nv_json_key(w, "compared");
	nv_json_open(w, '{');
	put_answer(w, &compared->task, &compared->b, at->compared);
	put_probabilities(w, &compared->task, &compared->b, at->compared);
	nv_json_close(w, '}');
	at->compared++;
}

static void put_row(nv_json_writer *w, const nv_report *report, size_t t, nv_cursor *at)
{
	const nv_task *task = &report->schema->task[t];
	const nv_task_predictions *p = &report->predictions.task[t];
	const nv_task_comparison *compared = comparison_of(report, t);
	nv_json_key(w, task->name);
	nv_json_open(w, '{');
	put_gold_answer(w, task, p, at);
	put_answer(w, task, p, at->row);
	put_probabilities(w, task, p, at->row);
	if (compared)
		put_compared(w, compared, at, p->article[at->row]);
	nv_json_close(w, '}');
	at->row++;
}

static void put_article(nv_buf *out, const nv_report *report, uint32_t number, nv_cursor *at)
{
	const nv_predictions *predictions = &report->predictions;
	nv_json_writer w;
	nv_json_begin(&w, out, 0);
	nv_json_open(&w, '{');
	nv_json_key(&w, "id");
	nv_json_put_str(&w, predictions->article[number].id);
	if (report->run.crossval) {
		nv_json_key(&w, "fold");
		nv_json_put_uint(&w, predictions->article[number].fold);
	}
	nv_json_key(&w, "tasks");
	nv_json_open(&w, '{');
	for (size_t t = 0; t < report->schema->n_task; t++) {
		const nv_task_predictions *p = &predictions->task[t];
		if (at[t].row < p->n && p->article[at[t].row] == number)
			put_row(&w, report, t, &at[t]);
	}
	nv_json_close(&w, '}');
	nv_json_close(&w, '}');
	nv_buf_add_char(out, '\n');
}

static int flush(nv_buf *out, const nv_sink *sink, nv_error *err)
{
	if (out->failed)
		return nv_fail_memory(err);
	if (out->len > 0 && sink->write(sink->user, out->ptr, out->len) != 0)
		return nv_fail(err, NV_E_IO, "can't write the predictions");
	nv_buf_clear(out);
	return NV_OK;
}

int nv_report_write_predictions(const nv_report *report, const nv_sink *sink, nv_error *err)
{
	nv_buf out = NV_BUF_INIT;
	nv_cursor *at = nv_alloc_zero(report->schema->n_task, sizeof *at);
	int code = at ? NV_OK : nv_fail_memory(err);
	for (uint32_t i = 0; code == NV_OK && i < report->predictions.n; i++) {
		put_article(&out, report, i, at);
		if (out.failed || out.len >= NV_BLOCK_BYTES)
			code = flush(&out, sink, err);
	}
	if (code == NV_OK)
		code = flush(&out, sink, err);
	nv_buf_release(&out);
	nv_free(at);
	return code;
}
