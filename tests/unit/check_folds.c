/* SPDX-License-Identifier: Apache-2.0
 *
 * Folds themselves are checked through whole trainings (check_train.c); here, the order of rows.
 */
#include "base/alloc.h"
#include "tests/unit/check_main.h"
#include "tests/unit/faulty_alloc.h"
#include "train/training.h"

#include <string.h>

enum { LABELS = 3, MOST = NV_STRETCH_ROWS + 1 };

/* Row i is of label i % 5, of which 3 and 4 are none; in the trainer it is number 2 i. */
static void set_up(nv_training *training, nv_training_task *task, size_t n, bool folds)
{
	*task = (nv_training_task){.n_label = LABELS, .n = n, .n_fold = folds ? 3 : 0};
	*training = (nv_training){.task = task, .n_task = 1, .n_row = 2 * n};
	task->row = nv_alloc(n, sizeof *task->row);
	task->fold = folds ? nv_alloc(n, sizeof *task->fold) : NULL;
	task->gold = nv_alloc_zero(2 * n * LABELS, 1);
	task->count = nv_alloc_zero(LABELS, sizeof *task->count);
	for (uint32_t i = 0; i < n; i++) {
		task->row[i] = 2 * i;
		if (folds)
			task->fold[i] = i % 3;
		if (i % 5 < LABELS) {
			task->gold[2 * i * LABELS + i % 5] = 1;
			task->count[i % 5]++;
		}
	}
}

static void tear_down(nv_training_task *task)
{
	nv_free(task->row);
	nv_free(task->fold);
	nv_free(task->gold);
	nv_free(task->count);
}

static uint32_t place_of(uint32_t row)
{
	uint32_t label = row / 2 % 5;
	return label < LABELS ? label + 1 : 0;
}

START_TEST(rows_of_several_stretches_stand_label_by_label)
{
	nv_training training;
	nv_training_task task;
	nv_error err = {0};
	for (int folds = 0; folds < 2; folds++) {
		set_up(&training, &task, MOST, folds);
		ck_assert_int_eq(nv_training_order(&training, &err), NV_OK);
		for (size_t i = 1; i < MOST; i++) {
			uint32_t a = place_of(task.row[i - 1]), b = place_of(task.row[i]);
			ck_assert(a < b || (a == b && task.row[i - 1] < task.row[i]));
		}
		for (size_t i = 0; i < MOST && folds; i++)
			ck_assert_uint_eq(task.fold[i], task.row[i] / 2 % 3);
		tear_down(&task);
	}
}
END_TEST

START_TEST(rows_of_one_stretch_stay)
{
	nv_training training;
	nv_training_task task;
	nv_error err = {0};
	set_up(&training, &task, NV_STRETCH_ROWS, true);
	ck_assert_int_eq(nv_training_order(&training, &err), NV_OK);
	for (uint32_t i = 0; i < NV_STRETCH_ROWS; i++)
		ck_assert_uint_eq(task.row[i], 2 * i);
	tear_down(&task);
}
END_TEST

START_TEST(out_of_memory)
{
	nv_training training;
	nv_training_task task;
	set_up(&training, &task, MOST, true);
	for (long n = 0;; n++) {
		nv_error err = {0};
		faulty_on(n);
		int code = nv_training_order(&training, &err);
		ck_assert_int_eq(faulty_off(), 0);
		if (code == NV_OK)
			break;
		ck_assert_int_eq(code, NV_E_MEMORY);
		for (uint32_t i = 0; i < MOST; i++)
			ck_assert_uint_eq(task.row[i], 2 * i);
	}
	tear_down(&task);
}
END_TEST

static Suite *folds_suite(void)
{
	Suite *suite = suite_create("folds");
	NV_CASE(suite, "Core", rows_of_several_stretches_stand_label_by_label);
	NV_CASE(suite, "Limits", rows_of_one_stretch_stay);
	NV_CASE(suite, "Errors", out_of_memory);
	return suite;
}

NV_CHECK_MAIN(folds_suite)
