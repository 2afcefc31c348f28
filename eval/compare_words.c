/* SPDX-License-Identifier: Apache-2.0
 *
 * What may be concluded from a comparison, and what not, in words. A difference counts as shown where its 95% interval
 * leaves out 0; of a task with one answer an article McNemar's test, which is about the same question, must agree.
 */
#include "eval/compare.h"
#include "eval/table.h"

#include <math.h>

enum { NV_SMALL_SUPPORT = 30, NV_MOST_NAMES = 8, NV_A_TASK = 6, NV_BESIDE_TASKS = 6 };
#define NV_SIGNIFICANT 0.05

const nv_difference *nv_main_difference(const nv_task_comparison *task)
{
	nv_task_kind kind = task->task.kind;
	return kind == NV_MULTILABEL ? &task->micro_f1 : kind == NV_STANCE ? &task->f1_favor_against : &task->accuracy;
}

const char *nv_main_difference_name(nv_task_kind kind)
{
	return kind == NV_MULTILABEL ? "micro F1" : kind == NV_STANCE ? "the mean F1 of favor and against" : "accuracy";
}

/* ---- Sentences ---- */

typedef struct nv_sentences {
	nv_comparison *comparison;
	size_t cap;
	const nv_task_comparison *task; /* that sentences are on; NULL: all */
	bool main;                      /* the next one is the task's main sentence */
	nv_buf buf;                     /* the sentence being made */
	nv_error *err;
	int code;
} nv_sentences;

static void end_sentence(nv_sentences *list)
{
	nv_comparison *comparison = list->comparison;
	const char *copy =
		list->buf.failed ? NULL : nv_arena_dup(&comparison->arena, (nv_str){list->buf.ptr, list->buf.len});
	if (list->code == NV_OK && (!copy || comparison->n_conclusion == list->cap))
		list->code = nv_fail_memory(list->err);
	if (list->code == NV_OK)
		comparison->conclusion[comparison->n_conclusion++] = (nv_conclusion){copy, list->task, list->main};
	list->main = false;
	nv_buf_clear(&list->buf);
}

bool nv_conclusion_is_detail(const nv_conclusion *conclusion, const nv_task_comparison *task)
{
	return conclusion->task == task && !conclusion->main;
}

bool nv_conclusion_is_head(const nv_conclusion *conclusion)
{
	return !conclusion->task || conclusion->main;
}

typedef enum nv_verdict { NV_NEITHER, NV_A_BETTER, NV_B_BETTER } nv_verdict;

static nv_verdict by_interval(nv_figure b_less_a)
{
	return b_less_a.low > 0 ? NV_B_BETTER : b_less_a.high < 0 ? NV_A_BETTER : NV_NEITHER;
}

static nv_verdict by_test(const nv_mcnemar *test, double p)
{
	return !(p < NV_SIGNIFICANT) ? NV_NEITHER : test->only_b > test->only_a ? NV_B_BETTER : NV_A_BETTER;
}

/* "B - A is +.012 [-.003, +.027]" */
static void put_difference(nv_buf *out, nv_figure b_less_a)
{
	nv_buf_add_str(out, "B - A is ");
	nv_difference_text(out, b_less_a);
}

static void put_p(nv_buf *out, double p)
{
	nv_buf_add_str(out, p < 0.001 ? "p " : "p = ");
	nv_p_text(out, p);
}

static void say_border(nv_buf *out, const nv_task_comparison *task, nv_verdict interval)
{
	nv_buf_add_str(out, "the difference in accuracy is on the border: ");
	put_difference(out, task->accuracy.b_less_a);
	nv_buf_add_str(out, interval != NV_NEITHER
	                        ? ", which leaves out 0, but McNemar's exact test does not reject equal models ("
	                        : ", which holds 0, but McNemar's exact test rejects equal models (");
	put_p(out, task->test.p);
	nv_buf_add_str(out, "). Take it as undecided.");
}

static void say_main(nv_sentences *list, const nv_task_comparison *task)
{
	nv_buf *out = &list->buf;
	nv_figure d = nv_main_difference(task)->b_less_a;
	const char *name = nv_main_difference_name(task->task.kind);
	nv_verdict verdict = by_interval(d);
	nv_buf_addf(out, "%s: ", task->task.name);
	if (isnan(d.value)) {
		nv_buf_addf(out, "%s is not defined for both models, so nothing is said of it.", name);
	} else if (isnan(d.low)) {
		put_difference(out, d);
		nv_buf_addf(out, " in %s. It has no interval, so how much of it is chance is not known.", name);
	} else if (task->task.kind == NV_MULTICLASS && verdict != by_test(&task->test, task->test.p)) {
		say_border(out, task, verdict);
	} else if (verdict == NV_NEITHER) {
		nv_buf_addf(out, "the difference in %s lies within noise: ", name);
		put_difference(out, d);
		nv_buf_addf(
			out,
			", which holds 0. These %zu articles show neither that one model is better nor that both are equally good.",
			task->a.n);
	} else {
		nv_buf_addf(out, "%s is better than %s in %s on articles like these: ", verdict == NV_B_BETTER ? "B" : "A",
		            verdict == NV_B_BETTER ? "A" : "B", name);
		put_difference(out, d);
		nv_buf_add_str(out, ", which leaves out 0.");
	}
	end_sentence(list);
}

static void say_test(nv_sentences *list, const nv_task_comparison *task)
{
	nv_buf *out = &list->buf;
	const nv_mcnemar *test = &task->test;
	uint64_t n = test->only_a + test->only_b;
	const char *right = task->task.kind == NV_MULTILABEL ? "all labels right" : "it right";
	if (n == 0) {
		nv_buf_addf(out, "%s: no article is got right by one model alone.", task->task.name);
		end_sentence(list);
		return;
	}
	nv_buf_addf(out, "%s: only one model gets %s in %llu of %zu articles: A in %llu, B in %llu. ", task->task.name,
	            right, (unsigned long long)n, task->a.n, (unsigned long long)test->only_a,
	            (unsigned long long)test->only_b);
	nv_verdict verdict = by_test(test, test->p);
	if (n < NV_MCNEMAR_LEAST) {
		nv_buf_add_str(out, "So few can't be evidence at the 5% level, however they fall.");
	} else {
		nv_buf_add_str(out, "If both were right equally often, chance would part them at least as unevenly with ");
		put_p(out, test->p);
		nv_buf_addf(out, " (McNemar's exact test): %s",
		            verdict == NV_NEITHER    ? "no evidence that either is right more often."
		            : verdict == NV_B_BETTER ? "evidence that B is right more often."
		                                     : "evidence that A is right more often.");
	}
	end_sentence(list);
}

/* "A is right more often about x (p = .016), y (p < .001); ": the labels of one verdict. Returns how many. */
static size_t list_better(nv_buf *out, const nv_task_comparison *task, nv_verdict who)
{
	const char *const first = who == NV_B_BETTER ? "B is right more often about " : "A is right more often about ";
	size_t n = 0;
	for (size_t l = 0; l < task->n_label; l++) {
		const nv_label_comparison *label = &task->label[l];
		if (by_test(&label->test, label->holm) != who || n++ >= NV_MOST_NAMES)
			continue;
		nv_buf_addf(out, "%s%s (", n > 1 ? ", " : first, label->figures->id);
		put_p(out, label->holm);
		nv_buf_add_char(out, ')');
	}
	if (n > NV_MOST_NAMES)
		nv_buf_addf(out, " and %zu more", n - NV_MOST_NAMES);
	if (n > 0)
		nv_buf_add_str(out, "; ");
	return n;
}

static void say_labels(nv_sentences *list, const nv_task_comparison *task)
{
	nv_buf *out = &list->buf;
	if (task->n_label < 2)
		return;
	nv_buf_addf(out, "%s: ", task->task.name);
	size_t n = list_better(out, task, NV_A_BETTER) + list_better(out, task, NV_B_BETTER);
	if (n == 0)
		nv_buf_add_str(out, "about no single label is either model right more often; ");
	nv_buf_addf(out, "McNemar's exact test, adjusted for %zu labels (Holm).", task->n_label);
	end_sentence(list);
}

static void say_small(nv_sentences *list, const nv_task_comparison *task)
{
	nv_buf *out = &list->buf;
	size_t n = 0;
	nv_buf_addf(out, "%s: fewer than %d articles, so that differences say little: ", task->task.name, NV_SMALL_SUPPORT);
	for (size_t l = 0; l < task->n_label; l++) {
		const nv_confusion *count = &task->label[l].figures->count;
		if (count->tp + count->fn >= NV_SMALL_SUPPORT)
			continue;
		if (n++ < NV_MOST_NAMES)
			nv_buf_addf(out, "%s%s (%llu)", n > 1 ? ", " : "", task->label[l].figures->id,
			            (unsigned long long)count->tp + count->fn);
	}
	if (n > NV_MOST_NAMES)
		nv_buf_addf(out, " and %zu more", n - NV_MOST_NAMES);
	nv_buf_add_char(out, '.');
	if (n > 0)
		end_sentence(list);
	else
		nv_buf_clear(out);
}

static void put_names(nv_buf *out, const char *who, const char *const *name, size_t n)
{
	for (size_t i = 0; i < n && i < NV_MOST_NAMES; i++)
		nv_buf_addf(out, "%s%s", i == 0 ? who : ", ", name[i]);
	if (n > NV_MOST_NAMES)
		nv_buf_addf(out, " and %zu more", n - NV_MOST_NAMES);
}

static void say_labels_apart(nv_sentences *list, const nv_task_comparison *task)
{
	nv_buf *out = &list->buf;
	if (task->n_only_a == 0 && task->n_only_b == 0)
		return;
	nv_buf_addf(out, "%s: compared on the labels that both models have.", task->task.name);
	put_names(out, " Only A has: ", task->only_a, task->n_only_a);
	put_names(out, task->n_only_a > 0 ? "; only B has: " : " Only B has: ", task->only_b, task->n_only_b);
	nv_buf_add_char(out, '.');
	if (task->n_left_out > 0)
		nv_buf_addf(out, " %zu article%s with such a gold label %s left out.", task->n_left_out,
		            task->n_left_out == 1 ? "" : "s", task->n_left_out == 1 ? "is" : "are");
	end_sentence(list);
}

static void say_task(nv_sentences *list, const nv_task_comparison *task)
{
	list->main = true;
	if (task->a.n == 0) {
		nv_buf_addf(&list->buf, "%s: no article to compare by.", task->task.name);
		end_sentence(list);
		say_labels_apart(list, task);
		return;
	}
	if (task->parting[NV_ONLY_A_RIGHT] + task->parting[NV_ONLY_B_RIGHT] + task->parting[NV_BOTH_WRONG_APART] == 0) {
		nv_buf_addf(&list->buf, "%s: both models gave the same answer to every article.", task->task.name);
		end_sentence(list);
		say_labels_apart(list, task);
		return;
	}
	say_main(list, task);
	say_labels_apart(list, task);
	say_test(list, task);
	say_labels(list, task);
	say_small(list, task);
}

/* ---- What holds for all tasks ---- */

static void say_unshared(nv_sentences *list)
{
	const nv_comparison *comparison = list->comparison;
	if (comparison->n_unshared == 0)
		return;
	nv_buf_add_str(&list->buf, "Not compared: ");
	for (size_t i = 0; i < comparison->n_unshared && i < NV_MOST_NAMES; i++)
		nv_buf_addf(&list->buf, "%s%s (%s)", i > 0 ? ", " : "", comparison->unshared[i].name,
		            comparison->unshared[i].reason);
	if (comparison->n_unshared > NV_MOST_NAMES)
		nv_buf_addf(&list->buf, " and %zu more", comparison->n_unshared - NV_MOST_NAMES);
	nv_buf_add_char(&list->buf, '.');
	end_sentence(list);
}

static void say_overlap(nv_sentences *list, const nv_report *report)
{
	const nv_comparison *comparison = report->comparison;
	size_t a = report->run.overlap.n, b = comparison->n_overlap;
	if (report->run.crossval)
		return;
	if (!report->run.overlap.checked || !comparison->overlap_checked) {
		nv_buf_addf(&list->buf,
		            "Whether %s was trained on some of these articles is not known; if so, the comparison favours it.",
		            report->run.overlap.checked   ? "B"
		            : comparison->overlap_checked ? "A"
		                                          : "either model");
		end_sentence(list);
	}
	if (a == 0 && b == 0)
		return;
	nv_buf_addf(&list->buf, "Of these articles A was trained on %zu and B on %zu: figures on them are too good%s", a, b,
	            a == b ? ", and say little of new articles." : ", and the comparison favours ");
	if (a != b)
		nv_buf_addf(&list->buf, "%s.", a > b ? "A" : "B");
	end_sentence(list);
}

static void say_limits(nv_sentences *list, const nv_report *report)
{
	nv_buf_add_str(&list->buf, "Many figures stand side by side: of equally good models about one interval in 20 "
	                           "leaves out 0 by chance, and tasks "
	                           "are not adjusted for each other.");
	end_sentence(list);
	if (!report->run.crossval)
		return;
	nv_buf_add_str(&list->buf, "Intervals and tests speak of the chance in which articles were judged. Folds share "
	                           "training articles, and how far "
	                           "the outcome would move with other training articles is not in them (Dietterich 1998).");
	end_sentence(list);
}

int nv_compare_conclude(nv_report *report, nv_error *err)
{
	nv_comparison *comparison = report->comparison;
	nv_sentences list = {comparison, comparison->n_task * NV_A_TASK + NV_BESIDE_TASKS, NULL, false, NV_BUF_INIT, err,
	                     NV_OK};
	comparison->conclusion = nv_arena_alloc(&comparison->arena, list.cap, sizeof *comparison->conclusion);
	if (!comparison->conclusion)
		return nv_fail_memory(err);
	say_unshared(&list);
	for (size_t t = 0; t < comparison->n_task; t++) {
		list.task = &comparison->task[t];
		say_task(&list, list.task);
	}
	list.task = NULL;
	say_overlap(&list, report);
	say_limits(&list, report);
	nv_buf_release(&list.buf);
	return list.code;
}
