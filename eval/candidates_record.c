/* SPDX-License-Identifier: Apache-2.0
 *
 * What a search tried and chose, task by task: as JSON for the model's record, and as notes for the person who waits.
 */
#include "base/alloc.h"
#include "base/json.h"
#include "base/number.h"
#include "eval/candidates.h"

#include <math.h>

typedef struct nv_telling {
	const nv_candidates *candidates;
	const nv_notes *notes;
	nv_json_writer w;
	const nv_task *task;
	size_t number, best, chosen; /* of the task; candidates */
} nv_telling;

static const char *measure_name(nv_task_kind kind)
{
	return kind == NV_STANCE ? "mean F1 of favor and against" : kind == NV_MULTILABEL ? "macro-F1" : "accuracy";
}

/* ---- Figures ---- */

static void put_figure(nv_json_writer *w, const nv_figure *figure)
{
	const char *const name[] = {"value", "low", "high"};
	const double value[] = {figure->value, figure->low, figure->high};
	for (size_t i = 0; i < 3; i++) {
		nv_json_key(w, name[i]);
		nv_json_put_rounded(w, value[i], 6);
	}
}

static void add_rounded(nv_buf *line, double x)
{
	char text[NV_NUMBER_TEXT];
	nv_buf_add(line, text, nv_number_format_rounded(text, x, 3));
}

static void add_figure(nv_buf *line, const nv_figure *figure)
{
	if (isnan(figure->value)) {
		nv_buf_add_str(line, "n/a");
		return;
	}
	add_rounded(line, figure->value);
	if (isnan(figure->low))
		return;
	nv_buf_add_str(line, " [");
	add_rounded(line, figure->low);
	nv_buf_add_str(line, ", ");
	add_rounded(line, figure->high);
	nv_buf_add_char(line, ']');
}

/* ---- Candidates ---- */

static int tell(const nv_telling *t, nv_buf *line, nv_error *err)
{
	if (line->failed)
		return nv_fail_memory(err);
	if (t->notes && t->notes->note)
		t->notes->note(t->notes->user, nv_buf_cstr(line));
	return NV_OK;
}

static void put_candidate(nv_telling *t, const char *name, const nv_figure *score, const nv_figure *behind)
{
	nv_json_key(&t->w, name);
	nv_json_open(&t->w, '{');
	put_figure(&t->w, score);
	nv_json_key(&t->w, "behind_best");
	nv_json_open(&t->w, '{');
	put_figure(&t->w, behind);
	nv_json_close(&t->w, '}');
	nv_json_close(&t->w, '}');
}

static int record_candidate(nv_telling *t, size_t i, nv_error *err)
{
	const nv_figure *score = &t->candidates->item[i].score[t->number];
	nv_figure behind;
	nv_buf name = NV_BUF_INIT, line = NV_BUF_INIT;
	int code = nv_candidates_behind(t->candidates, t->number, i, t->best, &behind, err);
	nv_candidate_name(&t->candidates->item[i], t->task, &name);
	if (code == NV_OK && name.failed)
		code = nv_fail_memory(err);
	if (code == NV_OK) {
		put_candidate(t, nv_buf_cstr(&name), score, &behind);
		nv_buf_addf(&line, "search, task %s: %s: %s ", t->task->name, nv_buf_cstr(&name), measure_name(t->task->kind));
		add_figure(&line, score);
		nv_buf_add_str(&line, i == t->best ? ", the best" : ", behind the best by ");
		if (i != t->best)
			add_figure(&line, &behind);
		code = tell(t, &line, err);
	}
	nv_buf_release(&line);
	nv_buf_release(&name);
	return code;
}

static int record_choice(nv_telling *t, nv_error *err)
{
	nv_buf name = NV_BUF_INIT, line = NV_BUF_INIT;
	nv_candidate_name(&t->candidates->item[t->chosen], t->task, &name);
	int code = name.failed ? nv_fail_memory(err) : NV_OK;
	if (code == NV_OK) {
		nv_json_key(&t->w, "chosen");
		nv_json_put_text(&t->w, nv_buf_cstr(&name));
		nv_buf_addf(&line, "search, task %s: chosen: %s%s", t->task->name, nv_buf_cstr(&name),
		            t->chosen == t->best ? "" : ", the simplest of those that chance may have put behind the best");
		code = tell(t, &line, err);
	}
	nv_buf_release(&line);
	nv_buf_release(&name);
	return code;
}

static int record_task(nv_telling *t, nv_error *err)
{
	int code = NV_OK;
	nv_json_key(&t->w, t->task->name);
	nv_json_open(&t->w, '{');
	nv_json_key(&t->w, "measure");
	nv_json_put_text(&t->w, measure_name(t->task->kind));
	nv_json_key(&t->w, "tried");
	nv_json_open(&t->w, '{');
	for (size_t i = 0; code == NV_OK && i < t->candidates->n; i++)
		code = record_candidate(t, i, err);
	nv_json_close(&t->w, '}');
	if (code == NV_OK)
		code = record_choice(t, err);
	nv_json_close(&t->w, '}');
	return code;
}

int nv_candidates_record(const nv_candidates *candidates, const nv_schema *schema, uint64_t folds, size_t *chosen,
                         nv_buf *json, const nv_notes *notes, nv_error *err)
{
	nv_telling t = {.candidates = candidates, .notes = notes};
	int code = NV_OK;
	nv_json_begin(&t.w, json, 0);
	nv_json_open(&t.w, '{');
	nv_json_key(&t.w, "folds");
	nv_json_put_uint(&t.w, folds);
	nv_json_key(&t.w, "tasks");
	nv_json_open(&t.w, '{');
	for (t.number = 0; code == NV_OK && t.number < schema->n_task; t.number++) {
		t.task = &schema->task[t.number];
		code = nv_candidates_choose(candidates, t.number, &t.best, &t.chosen, err);
		if (code == NV_OK)
			code = record_task(&t, err);
		chosen[t.number] = t.chosen;
	}
	nv_json_close(&t.w, '}');
	nv_json_close(&t.w, '}');
	return code == NV_OK && json->failed ? nv_fail_memory(err) : code;
}
