/* SPDX-License-Identifier: Apache-2.0
 *
 * Sentences on the figures that call for care, in the order of tasks and labels. Like cases of one task share a sentence.
 */
#include "data/duplicates.h"
#include "eval/report.h"
#include "eval/table.h"

#include <math.h>

enum { NV_SMALL_SUPPORT = 30, NV_MOST_NAMES = 8 };
#define NV_WIDE_INTERVAL 0.2

typedef bool nv_label_test(const nv_label_figures *label);

static uint64_t support(const nv_label_figures *label)
{
	return label->count.tp + label->count.fn;
}

static bool has_small_support(const nv_label_figures *label)
{
	return label->known && support(label) < NV_SMALL_SUPPORT;
}

static bool has_wide_interval(const nv_label_figures *label)
{
	return support(label) >= NV_SMALL_SUPPORT && label->f1.high - label->f1.low > NV_WIDE_INTERVAL;
}

static bool is_never_predicted(const nv_label_figures *label)
{
	return label->known && support(label) > 0 && label->count.tp + label->count.fp == 0;
}

static bool is_unknown(const nv_label_figures *label)
{
	return !label->known;
}

/* "a (12), b (7) and 3 more": the labels that pass the test, with their support. Returns how many. */
static size_t list_labels(const nv_task_figures *figures, nv_label_test *test, nv_buf *out)
{
	size_t n = 0;
	for (size_t l = 0; l < figures->n_label; l++) {
		if (!test(&figures->label[l]))
			continue;
		if (n++ < NV_MOST_NAMES)
			nv_buf_addf(out, "%s%s (%llu)", n > 1 ? ", " : "", figures->label[l].id,
			            (unsigned long long)support(&figures->label[l]));
	}
	if (n > NV_MOST_NAMES)
		nv_buf_addf(out, " and %zu more", n - NV_MOST_NAMES);
	return n;
}

typedef struct nv_care_list {
	nv_report *report;
	size_t cap;
	nv_buf buf; /* the sentence being made */
	nv_error *err;
	int code;
} nv_care_list;

static void end_sentence(nv_care_list *list)
{
	nv_report *report = list->report;
	const char *copy = list->buf.failed ? NULL : nv_arena_dup(&report->arena, (nv_str){list->buf.ptr, list->buf.len});
	if (list->code == NV_OK && (!copy || report->n_care == list->cap))
		list->code = nv_fail_memory(list->err);
	if (list->code == NV_OK)
		report->care[report->n_care++] = copy;
	nv_buf_clear(&list->buf);
}

static void care_labels(nv_care_list *list, const nv_task_figures *figures, nv_label_test *test, const char *what)
{
	nv_buf_addf(&list->buf, "%s: %s: ", figures->task->name, what);
	size_t n = list_labels(figures, test, &list->buf);
	nv_buf_add_char(&list->buf, '.');
	if (n > 0)
		end_sentence(list);
	else
		nv_buf_clear(&list->buf);
}

static void care_calibration(nv_care_list *list, const nv_task_figures *figures)
{
	if (!(figures->ece > figures->ece_by_chance))
		return;
	nv_buf_addf(&list->buf, "%s: probabilities are off by ", figures->task->name);
	nv_text_number(&list->buf, figures->ece);
	nv_buf_add_str(&list->buf, " on average; of a calibrated model chance would explain ");
	nv_text_number(&list->buf, figures->ece_by_chance);
	nv_buf_add_char(&list->buf, '.');
	end_sentence(list);
}

static void care_baseline(nv_care_list *list, const nv_task_figures *figures)
{
	if (figures->n == 0 || figures->accuracy.low > figures->majority_accuracy)
		return;
	nv_buf_addf(&list->buf, "%s: accuracy ", figures->task->name);
	nv_text_number(&list->buf, figures->accuracy.value);
	nv_buf_add_str(&list->buf, " is not clearly above ");
	nv_text_number(&list->buf, figures->majority_accuracy);
	nv_buf_addf(&list->buf, ", which always answering \"%s\" would reach.",
	            figures->majority[0] ? figures->majority : "(no label)");
	end_sentence(list);
}

static void care_task(nv_care_list *list, const nv_task_figures *figures)
{
	if (figures->n == 0) {
		nv_buf_addf(&list->buf, "%s: no article is labelled for it.", figures->task->name);
		end_sentence(list);
		return;
	}
	care_labels(list, figures, is_unknown, "gold labels that the model lacks, counted as misses");
	care_labels(list, figures, has_small_support, "fewer than 30 articles, so the figures say little");
	care_labels(list, figures, has_wide_interval, "the interval of F1 is wider than .2");
	care_labels(list, figures, is_never_predicted, "never predicted");
	care_calibration(list, figures);
	care_baseline(list, figures);
}

static void care_overlap(nv_care_list *list, const nv_report *report)
{
	const nv_overlap *overlap = &report->run.overlap;
	if (overlap->n == 0)
		return;
	if (report->run.crossval)
		nv_buf_addf(&list->buf,
		            "%zu article%s a near-duplicate (Jaccard similarity %.1f or more) in another fold: figures are "
		            "too good "
		            "by what the model remembers of it.",
		            overlap->n, overlap->n == 1 ? " has" : "s have", NV_NEAR_DUPLICATE);
	else
		nv_buf_addf(&list->buf, "%zu of %zu article%s %s among the training articles: figures are too good by %s.",
		            overlap->n, report->predictions.n, report->predictions.n == 1 ? "" : "s",
		            overlap->n == 1 ? "was" : "were", overlap->n == 1 ? "it" : "them");
	end_sentence(list);
}

static void care_groups(nv_care_list *list, const nv_report *report)
{
	if (report->run.n_ungrouped == 0)
		return;
	nv_buf_addf(&list->buf, "%zu article%s the field %s and %s of %s own.", report->run.n_ungrouped,
	            report->run.n_ungrouped == 1 ? " lacks" : "s lack", report->run.group_by,
	            report->run.n_ungrouped == 1 ? "was a group" : "were each a group", report->run.n_ungrouped == 1 ? "its" : "their");
	end_sentence(list);
}

enum { NV_CARE_A_TASK = 6, NV_CARE_A_RUN = 2 };

int nv_report_care(nv_report *report, nv_error *err)
{
	nv_care_list list = {report, NV_CARE_A_TASK * report->schema->n_task + NV_CARE_A_RUN, NV_BUF_INIT, err, NV_OK};
	report->n_care = 0;
	report->care = nv_arena_alloc(&report->arena, list.cap, sizeof *report->care);
	if (!report->care)
		return nv_fail_memory(err);
	care_overlap(&list, report);
	care_groups(&list, report);
	for (size_t t = 0; t < report->schema->n_task; t++)
		care_task(&list, &report->task[t]);
	nv_buf_release(&list.buf);
	return list.code;
}
