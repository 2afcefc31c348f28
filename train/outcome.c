/* SPDX-License-Identifier: Apache-2.0
 *
 * What follows from the margins out of fold: each task's calibration, and the thresholds that --threshold f1 asks for.
 */
#include "train/training.h"

#include "base/alloc.h"
#include "train/calibrate_fit.h"
#include "train/thresholds.h"

/* gold[n][n_label] in the order of the task's rows. */
static uint8_t *gold_in_order(const nv_training_task *task)
{
	uint8_t *gold = nv_alloc(task->n, task->n_label);
	for (size_t i = 0; gold && i < task->n; i++)
		for (size_t l = 0; l < task->n_label; l++)
			gold[i * task->n_label + l] = task->gold[task->row[i] * task->n_label + l];
	return gold;
}

static int choose_thresholds(nv_training *training, nv_training_task *task, const uint8_t *gold, nv_error *err)
{
	double *p = nv_alloc(task->n, task->n_label * sizeof *p);
	task->threshold = nv_arena_alloc(&training->built->arena, task->n_label, sizeof *task->threshold);
	int code = p && task->threshold ? NV_OK : nv_fail_memory(err);
	for (size_t i = 0; i < task->n && code == NV_OK; i++)
		nv_calibration_apply(&task->calibration, task->task->kind, task->margin + i * task->n_label, p + i * task->n_label);
	if (code == NV_OK)
		code = nv_f1_thresholds(task->n, task->n_label, p, gold, task->threshold, err);
	nv_free(p);
	return code;
}

/* --calibrate platt suits its link to the margins. Of labels of which an article has one, naive Bayes' margins tell something side by side alone:
 * isotonic calibration, which reads each by itself, would see nothing in them. */
static int calibration_kind(const nv_training *training, const nv_training_task *task)
{
	int kind = training->trainer->options.calibrate;
	if (task->task->kind == NV_MULTILABEL)
		return kind;
	if (!task->recipe.naive_bayes)
		return kind == NV_CALIBRATE_PLATT ? NV_CALIBRATE_LOGLOG : kind;
	if (kind == NV_CALIBRATE_ISOTONIC)
		nv_note(training,
		        "task %s: naive Bayes' scores can't be read label by label, as --calibrate isotonic does; platt is taken",
		        task->task->name);
	return kind == NV_CALIBRATE_ISOTONIC ? NV_CALIBRATE_PLATT : kind;
}

static int calibrate_task(nv_training *training, nv_training_task *task, nv_error *err)
{
	const nv_train_options *o = &training->trainer->options;
	uint8_t *gold = gold_in_order(task);
	if (!gold)
		return nv_fail_memory(err);
	const nv_calibration_data data = {task->n, task->n_label, task->margin, gold, task->n_fold};
	int code = nv_calibrate_fit(calibration_kind(training, task), task->task->kind, &data, &training->built->arena,
	                            &task->calibration, err);
	if (code == NV_OK && o->threshold == NV_THRESHOLD_F1 && task->task->kind == NV_MULTILABEL)
		code = choose_thresholds(training, task, gold, err);
	nv_free(gold);
	return code;
}

int nv_training_outcome(nv_training *training, nv_error *err)
{
	const nv_train_options *o = &training->trainer->options;
	nv_ticker ticker;
	int code = NV_OK;
	nv_ticker_init(&ticker, training->progress, "calibrate", training->n_task);
	for (size_t t = 0; t < training->n_task && code == NV_OK; t++) {
		nv_training_task *task = &training->task[t];
		task->calibration = (nv_calibration){.kind = NV_CALIBRATE_OFF, .n_label = (uint32_t)task->n_label};
		if (task->n_fold > 0)
			code = calibrate_task(training, task, err);
		else if (o->threshold == NV_THRESHOLD_F1 && task->task->kind == NV_MULTILABEL && task->n > 0)
			nv_note(training, "task %s: without calibration there are no scores to choose thresholds on", task->task->name);
		if (code == NV_OK)
			code = nv_tick(&ticker, 1, err);
	}
	return code;
}
