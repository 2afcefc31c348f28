/* SPDX-License-Identifier: Apache-2.0
 *
 * The mistakes of each task for the JSON report: the surest ones, then further likely label errors, each with the terms that pushed; and the
 * learning curve.
 */
#include "eval/cases.h"
#include "eval/report_json_parts.h"

/* ---- Learning curve ---- */

static void put_learning_task(nv_json_writer *w, const nv_task *task, const nv_task_learning *learning)
{
	open_member(w, task->name, '{');
	open_member(w, "points", '[');
	for (size_t p = 0; p < NV_LEARNING_POINTS; p++) {
		const nv_learning_point *point = &learning->point[p];
		nv_json_open(w, '{');
		put_number(w, "share", point->share);
		put_number(w, "articles", point->articles);
		put_figure(w, "macro_f1", point->macro_f1);
		if (task->kind == NV_STANCE)
			put_figure(w, "f1_favor_against", point->f1_favor_against);
		put_figure(w, "accuracy", point->accuracy);
		nv_json_close(w, '}');
	}
	nv_json_close(w, ']');
	put_text(w, "of", task->kind == NV_STANCE ? "f1_favor_against" : "macro_f1");
	put_figure(w, "last_step", learning->last_step);
	put_text(w, "sentence", learning->sentence);
	nv_json_close(w, '}');
}

void nv_learning_json(const nv_report *report, nv_json_writer *w)
{
	if (!report->learning)
		return;
	open_member(w, "learning_curve", '{');
	for (size_t t = 0; t < report->schema->n_task; t++)
		put_learning_task(w, &report->schema->task[t], &report->learning[t]);
	nv_json_close(w, '}');
}

/* ---- Mistakes ---- */

static void put_push(nv_json_writer *w, const nv_task *task, const nv_push *push)
{
	nv_json_key(w, task->label[push->label].id);
	nv_json_open(w, '{');
	nv_json_key(w, "bias");
	nv_json_put_number(w, push->bias);
	nv_json_key(w, "terms");
	nv_json_open(w, '[');
	for (uint32_t i = 0; i < push->n_term; i++) {
		nv_json_open(w, '[');
		nv_json_put_str(w, push->term[i].text);
		nv_json_put_number(w, push->term[i].value);
		nv_json_close(w, ']');
	}
	nv_json_close(w, ']');
	nv_json_key(w, "rest");
	nv_json_put_number(w, push->rest);
	nv_json_key(w, "margin");
	nv_json_put_number(w, push->margin);
	nv_json_close(w, '}');
}

static void put_why(nv_json_writer *w, const nv_task *task, const nv_reason *reason)
{
	nv_json_key(w, "why");
	if (!reason) {
		nv_json_put_null(w);
		return;
	}
	nv_json_open(w, '{');
	for (uint32_t i = 0; i < reason->n_push; i++)
		put_push(w, task, &reason->push[i]);
	nv_json_close(w, '}');
}

static const char *label_id(const nv_task_figures *figures, size_t axis)
{
	return axis < figures->n_label ? figures->label[axis].id : NULL;
}

/* Of a multilabel task one label's yes or no; of others the two labels. */
static void put_answer(nv_json_writer *w, const nv_task_figures *figures, nv_cell_place place)
{
	bool each = figures->task->kind == NV_MULTILABEL;
	if (each) {
		nv_json_key(w, "label");
		nv_json_put_text(w, label_id(figures, place.label));
	}
	nv_json_key(w, "gold");
	each ? nv_json_put_bool(w, place.gold != 0) : nv_json_put_text(w, label_id(figures, place.gold));
	nv_json_key(w, "predicted");
	each ? nv_json_put_bool(w, place.chosen != 0) : nv_json_put_text(w, label_id(figures, place.chosen));
}

static void put_case(nv_json_writer *w, const nv_report *report, size_t t, const nv_case *c)
{
	const nv_task_figures *figures = &report->task[t];
	nv_cell_place place = nv_cell_at(figures, c->cell);
	uint32_t article = report->predictions.task[t].article[c->row];
	nv_json_open(w, '{');
	nv_json_key(w, "id");
	nv_json_put_str(w, report->predictions.article[article].id);
	put_answer(w, figures, place);
	nv_json_key(w, "certainty");
	nv_json_put_number(w, c->certainty);
	nv_json_key(w, "likely_label_error");
	nv_json_put_bool(w, c->suspect);
	put_why(w, figures->task, nv_case_reason(&report->reasons, t, figures, &report->predictions.task[t], c));
	nv_json_close(w, '}');
}

static int put_task_mistakes(const nv_report *report, size_t t, nv_json_writer *w, nv_error *err)
{
	nv_arena arena;
	nv_cases cases;
	nv_arena_init(&arena);
	int code = nv_cases_find(&cases, &report->task[t], &report->predictions.task[t], 1, &arena, err);
	nv_json_open(w, '[');
	for (uint32_t i = 0; code == NV_OK && i < cases.worst.n; i++)
		put_case(w, report, t, &cases.worst.item[i]);
	for (uint32_t i = 0; code == NV_OK && i < cases.suspect.n; i++)
		put_case(w, report, t, &cases.suspect.item[i]);
	nv_json_close(w, ']');
	nv_arena_release(&arena);
	return code;
}

int nv_mistakes_json(const nv_report *report, nv_json_writer *w, nv_error *err)
{
	int code = NV_OK;
	open_member(w, "mistakes", '{');
	for (size_t t = 0; code == NV_OK && t < report->schema->n_task; t++) {
		nv_json_key(w, report->schema->task[t].name);
		code = put_task_mistakes(report, t, w, err);
	}
	nv_json_close(w, '}');
	return code;
}
