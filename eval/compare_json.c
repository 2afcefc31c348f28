/* SPDX-License-Identifier: Apache-2.0
 *
 * The member "compare" of the JSON report (docs/compare.md).
 */
#include "eval/compare.h"

static void open_member(nv_json_writer *w, const char *name, char bracket)
{
	nv_json_key(w, name);
	nv_json_open(w, bracket);
}

static void put_number(nv_json_writer *w, const char *name, double x)
{
	nv_json_key(w, name);
	nv_json_put_number(w, x);
}

static void put_count(nv_json_writer *w, const char *name, uint64_t n)
{
	nv_json_key(w, name);
	nv_json_put_uint(w, n);
}

static void put_text(nv_json_writer *w, const char *name, const char *text)
{
	nv_json_key(w, name);
	nv_json_put_text(w, text);
}

static void put_texts(nv_json_writer *w, const char *name, const char *const *text, size_t n)
{
	open_member(w, name, '[');
	for (size_t i = 0; i < n; i++)
		nv_json_put_text(w, text[i]);
	nv_json_close(w, ']');
}

static void put_difference(nv_json_writer *w, const char *name, const nv_difference *difference)
{
	open_member(w, name, '{');
	put_number(w, "a", difference->a);
	put_number(w, "b", difference->b);
	put_number(w, "difference", difference->b_less_a.value);
	put_number(w, "low", difference->b_less_a.low);
	put_number(w, "high", difference->b_less_a.high);
	put_text(w, "method", difference->b_less_a.method);
	nv_json_close(w, '}');
}

static void put_test(nv_json_writer *w, const nv_mcnemar *test, const double *holm)
{
	open_member(w, "mcnemar", '{');
	put_count(w, "only_a_right", test->only_a);
	put_count(w, "only_b_right", test->only_b);
	put_number(w, "p", test->p);
	if (holm)
		put_number(w, "p_holm", *holm);
	nv_json_close(w, '}');
}

static void put_label(nv_json_writer *w, const nv_label_comparison *label)
{
	const nv_confusion *count = &label->figures->count;
	open_member(w, label->figures->id, '{');
	put_count(w, "support", count->tp + count->fn);
	put_difference(w, "precision", &label->precision);
	put_difference(w, "recall", &label->recall);
	put_difference(w, "f1", &label->f1);
	put_difference(w, "average_precision", &label->average_precision);
	put_difference(w, "roc_auc", &label->roc_auc);
	put_test(w, &label->test, &label->holm);
	nv_json_close(w, '}');
}

static void put_averages(nv_json_writer *w, const nv_task_comparison *task)
{
	open_member(w, "micro", '{');
	put_difference(w, "f1", &task->micro_f1);
	nv_json_close(w, '}');
	open_member(w, "macro", '{');
	put_difference(w, "f1", &task->macro_f1);
	put_difference(w, "average_precision", &task->macro_average_precision);
	if (task->task.kind == NV_STANCE)
		put_difference(w, "f1_favor_against", &task->f1_favor_against);
	nv_json_close(w, '}');
	put_difference(w, "accuracy", &task->accuracy);
	put_difference(w, "log_loss", &task->log_loss);
	put_test(w, &task->test, NULL);
}

/* A set as a list, one answer as its label or null. */
static void put_answer(nv_json_writer *w, const char *name, const nv_task *task, const uint8_t *given)
{
	nv_json_key(w, name);
	bool list = task->kind == NV_MULTILABEL, any = false;
	if (list)
		nv_json_open(w, '[');
	for (size_t l = 0; l < task->n_label; l++)
		if (given[l]) {
			nv_json_put_text(w, task->label[l].id);
			any = true;
		}
	if (list)
		nv_json_close(w, ']');
	else if (!any)
		nv_json_put_null(w);
}

static void put_article(nv_json_writer *w, const nv_report *report, const nv_task_comparison *task,
                        const nv_parted_article *parted)
{
	const nv_judged_article *article = &report->predictions.article[task->a.article[parted->row]];
	size_t at = parted->row * task->a.n_label;
	nv_json_open(w, '{');
	nv_json_key(w, "id");
	nv_json_put_str(w, article->id);
	nv_json_key(w, "title");
	nv_json_put_str(w, article->title);
	put_text(w, "kind", nv_parting_name(parted->kind));
	put_answer(w, "gold", &task->task, task->a.gold + at);
	put_answer(w, "a", &task->task, task->a.chosen + at);
	put_answer(w, "b", &task->task, task->b.chosen + at);
	nv_json_close(w, '}');
}

static void put_partings(nv_json_writer *w, const nv_report *report, const nv_task_comparison *task)
{
	static const char *const name[NV_N_PARTING] = {"both_right", "only_a_right", "only_b_right", "both_wrong_alike",
	                                               "both_wrong_differently"};
	open_member(w, "articles_by_kind", '{');
	for (size_t kind = 0; kind < NV_N_PARTING; kind++)
		put_count(w, name[kind], task->parting[kind]);
	nv_json_close(w, '}');
	open_member(w, "parted", '[');
	for (size_t i = 0; i < task->n_listed; i++)
		put_article(w, report, task, &task->listed[i]);
	nv_json_close(w, ']');
}

static void put_task(nv_json_writer *w, const nv_report *report, const nv_task_comparison *task)
{
	open_member(w, task->task.name, '{');
	put_count(w, "articles", task->a.n);
	put_count(w, "left_out", task->n_left_out);
	put_texts(w, "labels_only_a", task->only_a, task->n_only_a);
	put_texts(w, "labels_only_b", task->only_b, task->n_only_b);
	open_member(w, "labels", '{');
	for (size_t l = 0; l < task->n_label; l++)
		put_label(w, &task->label[l]);
	nv_json_close(w, '}');
	put_averages(w, task);
	put_partings(w, report, task);
	nv_json_close(w, '}');
}

static void put_overlap(nv_json_writer *w, const nv_report *report)
{
	const nv_comparison *comparison = report->comparison;
	if (report->run.crossval)
		return;
	open_member(w, "met_in_training", '{');
	nv_json_key(w, "a");
	if (report->run.overlap.checked)
		nv_json_put_uint(w, report->run.overlap.n);
	else
		nv_json_put_null(w);
	nv_json_key(w, "b");
	if (comparison->overlap_checked)
		nv_json_put_uint(w, comparison->n_overlap);
	else
		nv_json_put_null(w);
	nv_json_close(w, '}');
}

static void put_what(nv_json_writer *w, const nv_comparison *comparison)
{
	nv_json_key(w, "model");
	nv_json_put_raw(w, comparison->model.len ? comparison->model : nv_str_of("{}"));
	open_member(w, "options_that_differ", '{');
	for (size_t i = 0; i < comparison->n_option; i++) {
		open_member(w, comparison->option[i].name, '{');
		put_text(w, "a", comparison->option[i].a);
		put_text(w, "b", comparison->option[i].b);
		nv_json_close(w, '}');
	}
	nv_json_close(w, '}');
	open_member(w, "not_compared", '{');
	for (size_t i = 0; i < comparison->n_unshared; i++)
		put_text(w, comparison->unshared[i].name, comparison->unshared[i].reason);
	nv_json_close(w, '}');
}

void nv_comparison_json(const nv_report *report, nv_json_writer *w)
{
	const nv_comparison *comparison = report->comparison;
	bool stance = false;
	if (!comparison)
		return;
	open_member(w, "compare", '{');
	put_what(w, comparison);
	put_overlap(w, report);
	open_member(w, "tasks", '{');
	for (size_t t = 0; t < comparison->n_task; t++) {
		put_task(w, report, &comparison->task[t]);
		stance |= comparison->task[t].task.kind == NV_STANCE;
	}
	nv_json_close(w, '}');
	if (stance) {
		open_member(w, "pooled", '{');
		open_member(w, "stance", '{');
		put_difference(w, "f1_favor_against", &comparison->pooled_f1_favor_against);
		nv_json_close(w, '}');
		nv_json_close(w, '}');
	}
	open_member(w, "conclusions", '[');
	for (size_t i = 0; i < comparison->n_conclusion; i++)
		nv_json_put_text(w, comparison->conclusion[i].text);
	nv_json_close(w, ']');
	nv_json_close(w, '}');
}
