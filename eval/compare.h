/* SPDX-License-Identifier: Apache-2.0
 *
 * compare.h: two models, A and B, on the same articles: A is the one that the report is about, B the one it is compared with.
 * Compared are the tasks that both have (same name, kind, field and `where`) on the labels that both have; what only one has is
 * listed. Where labels differ:
 *   - articles of a multiclass task whose gold label one of the two lacks are left out;
 *   - a label that only one model has is no answer of the other, and an answer with it is wrong;
 *   - sets of a multilabel task are compared in the shared labels.
 * Gold labels that neither has are misses of both, as in the report. With the same labels A's figures are the report's.
 *
 * Call order: nv_comparison_begin -> other filled beside the report's predictions, row by row (judge.c, crossval.c) ->
 * nv_report_compute, which calls nv_comparison_compute -> shown by the report's writers -> nv_comparison_free (by nv_report_destroy).
 */
#ifndef NV_EVAL_COMPARE_H
#define NV_EVAL_COMPARE_H

#include "eval/difference.h"
#include "eval/report.h"

enum { NV_PARTING_LISTED = 50 };

/* How two answers to one article stand to each other. */
typedef enum nv_parting {
	NV_BOTH_RIGHT,
	NV_ONLY_A_RIGHT,
	NV_ONLY_B_RIGHT,
	NV_BOTH_WRONG_ALIKE,
	NV_BOTH_WRONG_APART,
	NV_N_PARTING,
} nv_parting;

typedef struct nv_parted_article {
	uint32_t row; /* of the task's a and b */
	nv_parting kind;
	double gap; /* the largest distance of both models' p over labels that one of them alone gave */
} nv_parted_article;

typedef struct nv_label_comparison {
	const nv_label_figures *figures; /* of A: id, title, support */
	nv_difference precision, recall, f1, average_precision, roc_auc;
	nv_mcnemar test; /* on whether the label was rightly given or not given */
	double holm;     /* test's p, adjusted for all labels of the task */
} nv_label_comparison;

typedef struct nv_task_comparison {
	size_t place;             /* in the report's schema */
	nv_task task;             /* that task, with the shared labels */
	const uint32_t *label_of; /* [task.n_label] their places in the report's task */
	nv_task_predictions a,
		b;             /* rows and labels that are compared; arrays are the report's, or of the comparison's arena */
	size_t n_left_out; /* labelled articles that are not compared */
	const nv_task_figures *figures_a, *figures_b;
	nv_label_comparison *label; /* [n_label] shared ones, then gold labels that neither model has */
	size_t n_label;
	nv_difference accuracy, micro_f1, macro_f1, macro_average_precision, log_loss, f1_favor_against;
	nv_mcnemar test; /* on whether the answer, or the whole set, was right */
	uint64_t parting[NV_N_PARTING];
	nv_parted_article *listed; /* [n_listed] by kind, then by falling gap */
	size_t n_listed;
	const char **only_a, **only_b; /* labels that one model alone has */
	size_t n_only_a, n_only_b;
} nv_task_comparison;

/* A task that is not compared, and why. */
typedef struct nv_unshared_task {
	const char *name, *reason;
} nv_unshared_task;

typedef struct nv_option_difference {
	const char *name, *a, *b; /* a, b: NULL where that model has no such option */
} nv_option_difference;

/* A sentence on one task, or on all. */
typedef struct nv_conclusion {
	const char *text;
	const nv_task_comparison *task; /* NULL: on all */
	bool main;                      /* the first that is to be read of its task */
} nv_conclusion;

typedef struct nv_comparison {
	nv_arena arena;
	nv_predictions other; /* B's answers; rows as those of the report's predictions, no articles */
	nv_str model;         /* JSON of B, as nv_run_facts has it of A */
	uint64_t n_training;  /* articles B was trained on; 0: not known */
	bool overlap_checked;
	size_t n_overlap;         /* articles that B has met in training */
	nv_task_comparison *task; /* [n_task] */
	size_t n_task;
	nv_task_figures *own_figures; /* [2 * n_task] A's and B's; A's unused where the report's serve */
	nv_unshared_task *unshared;   /* [n_unshared] */
	size_t n_unshared;
	nv_option_difference *option; /* [n_option] in which the two trainings differ */
	size_t n_option;
	nv_difference pooled_f1_favor_against;
	nv_conclusion *conclusion; /* [n_conclusion] */
	size_t n_conclusion;
} nv_comparison;

/* What a model's tasks must be asked for, beside its schema. trained NULL: all are. */
typedef struct nv_compared_model {
	const nv_schema *schema;
	const struct nv_model_task *trained; /* [n_task] */
} nv_compared_model;

/* Finds what the two share and gives report->comparison. No task in common: NV_E_MODEL. */
int nv_comparison_begin(nv_report *report, nv_compared_model a, nv_compared_model b, nv_error *err);
/* All figures; of a report whose own figures are computed. */
int nv_comparison_compute(nv_report *report, nv_ticker *ticker, nv_error *err);
void nv_comparison_free(nv_comparison *comparison); /* NULL is fine */

/* The parts of nv_comparison_compute, a file each. */
int nv_compare_views(nv_report *report, nv_task_comparison *task, nv_error *err); /* compare_views.c: a and b */
int nv_compare_counts(const nv_report *report, nv_task_comparison *task, nv_ticker *ticker,
                      nv_error *err); /* compare_counts.c */
int nv_compare_ranks(const nv_report *report, nv_task_comparison *task, nv_ticker *ticker,
                     nv_error *err);                                        /* compare_ranks.c */
int nv_compare_pooled(nv_report *report, nv_ticker *ticker, nv_error *err); /* compare_counts.c */
int nv_compare_articles(nv_report *report, nv_task_comparison *task,
                        nv_error *err);                     /* compare_articles.c: tests and partings */
int nv_compare_trainings(nv_report *report, nv_error *err); /* compare_trainings.c: options that differ */
int nv_compare_conclude(nv_report *report, nv_error *err);  /* compare_words.c */

/* The difference that stands for a task (the figure that nv_main_figure takes), and its name in a sentence. */
const nv_difference *nv_main_difference(const nv_task_comparison *task);
const char *nv_main_difference_name(nv_task_kind kind);
/* "only A right", … */
const char *nv_parting_name(nv_parting kind);
/* "+.012 [-.003, +.027]", "n/a"; ".047", "< .001". */
void nv_difference_text(nv_buf *out, nv_figure b_less_a);
void nv_p_text(nv_buf *out, double p);
/* What is said of a task beside its main sentence, and at the head of all: main sentences and those on all tasks. */
bool nv_conclusion_is_detail(const nv_conclusion *conclusion, const nv_task_comparison *task);
bool nv_conclusion_is_head(const nv_conclusion *conclusion);
/* A sentence on what A and B are, and on which articles: for the head of every form. */
void nv_comparison_intro(const nv_report *report, nv_buf *out);

/* compare_text.c, compare_json.c, html_compare.c: nothing without a comparison. */
void nv_comparison_text(const nv_report *report, size_t columns, nv_buf *out);
void nv_comparison_json(const nv_report *report, nv_json_writer *w);

#endif
