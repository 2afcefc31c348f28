/* SPDX-License-Identifier: Apache-2.0
 *
 * report.h: all figures of a run, computed once (nv_report_compute), then shown as text, JSON (and more). Only the showing rounds.
 *
 * Call order: nv_report_new -> fill report->predictions, report->reasons and report->run (judge.h and crossval.h do) -> nv_report_compute -> nv_report_write_*
 * -> nv_report_destroy.
 */
#ifndef NV_EVAL_REPORT_H
#define NV_EVAL_REPORT_H

#include "base/option.h"
#include "base/parallel.h"
#include "eval/figures.h"
#include "eval/learning.h"
#include "eval/predictions.h"
#include "eval/reasons.h"
#include "eval/slices.h"

typedef struct nv_eval_options {
	int64_t draws;   /* bootstrap draws, default 1000; 0: no bootstrap intervals */
	int64_t bins;    /* of calibration error, default 10 */
	int64_t folds;   /* crossval */
	bool learning_curve;
	int64_t seed, threads;
	char group_by[NV_OPTION_TEXT_MAX];
} nv_eval_options;
extern const nv_option_row nv_eval_rows[];
extern const size_t nv_n_eval_rows;
nv_figure_options nv_eval_figure_options(const nv_eval_options *options);

/* Articles that a fair test would not have: met in training (eval), or parted from their near-duplicates by the folds. */
typedef struct nv_overlap {
	bool checked;       /* false: the model keeps no fingerprints */
	size_t n;           /* articles of this run */
	uint32_t *article;  /* [n] their numbers, ascending */
} nv_overlap;

/* What was done, for the head of every report. */
typedef struct nv_run_facts {
	bool crossval;
	size_t n_fold;
	const char *group_by;   /* field; NULL: near-duplicates stay together */
	size_t n_ungrouped;     /* articles that lack the field */
	uint64_t n_training;    /* articles the model was trained on; 0: not known */
	nv_str model;           /* JSON object: the model's metadata, or the options of training */
	nv_overlap overlap;
	/* Of the articles judged; nv_report_compute fills these. */
	char first_date[11], last_date[11]; /* YYYY, YYYY-MM or YYYY-MM-DD; "" without a date */
	size_t n_source;                    /* different ones */
	uint64_t checksum;                  /* of the texts' fingerprints, in order; 0: the model keeps none */
} nv_run_facts;

struct nv_report {
	nv_arena arena;
	nv_schema *schema;      /* owned */
	nv_eval_options options;
	nv_predictions predictions;
	nv_reasons reasons;
	nv_run_facts run;
	nv_task_figures *task;  /* [schema->n_task] once computed */
	nv_figure pooled_f1_favor_against;
	nv_slices source, year;
	nv_task_learning *learning; /* [schema->n_task]; NULL: not asked for */
	const char **care;      /* [n_care] sentences on the figures that call for care */
	size_t n_care;
	struct nv_comparison *comparison; /* with another model (compare.h); NULL: none */
};

/* Copies the schema (labels filled in). */
int nv_report_new(nv_report **report, const nv_schema *schema, const nv_eval_options *options, nv_error *err);
void nv_report_destroy(nv_report *report); /* NULL is fine */
int nv_report_compute(nv_report *report, const nv_progress *progress, nv_error *err);

/* columns: width to fit, taken as 80 to 200. */
int nv_report_write_text(const nv_report *report, size_t columns, const nv_sink *sink, nv_error *err);
int nv_report_write_json(const nv_report *report, const nv_sink *sink, nv_error *err);
/* JSON Lines, an article a line: {"id", "fold" (crossval), "tasks": {TASK: {"gold", "predicted", "p": {LABEL: p}}}}, gold and predicted
 * as in records: lists for multilabel tasks, one label or null for others. Tasks that the article is not labelled for are left out. */
int nv_report_write_predictions(const nv_report *report, const nv_sink *sink, nv_error *err);

/* One task's object of the JSON report from gold, p and chosen alone (nv_metrics, newsvane.h). A multiclass or stance row without exactly
 * one gold label, or with several chosen ones, or a p outside [0, 1] is NV_E_USAGE. */
int nv_metrics_run(nv_task_kind kind, size_t n, size_t n_label, const char *const *labels, const uint8_t *gold, const double *p,
                   const uint8_t *chosen, const nv_eval_options *options, const nv_sink *sink, nv_error *err);

/* report_json_task.c: one task's object. */
void nv_task_figures_json(const nv_task_figures *figures, nv_json_writer *w);

/* care.c: fills report->care. */
int nv_report_care(nv_report *report, nv_error *err);

#endif
