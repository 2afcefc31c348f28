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

/* Row i is number 2 i in the trainer. A fifth of the rows are of label 0, a fifth of 1, an eighth of 2, of which some are of label 0 too: there the
 * rarer one, 2, says where the row stands. */
static bool is_of(uint32_t i, uint32_t label)
{
	return label < 2 ? i % 5 == label : i % 10 == 2 || i % 35 == 0;
}

/* The first of two tasks; the second has no rows. */
static void set_up(nv_training *training, nv_training_task *task, size_t n, bool folds)
{
	task[0] = (nv_training_task){.n_label = LABELS, .n = n, .n_fold = folds ? 3 : 0};
	task[1] = (nv_training_task){.n_label = LABELS};
	*training = (nv_training){.task = task, .n_task = 2, .n_row = 2 * n};
	task->row = nv_alloc(n, sizeof *task->row);
	task->fold = folds ? nv_alloc(n, sizeof *task->fold) : NULL;
	task->gold = nv_alloc_zero(2 * n * LABELS, 1);
	task->count = nv_alloc_zero(LABELS, sizeof *task->count);
	for (uint32_t i = 0; i < n; i++) {
		task->row[i] = 2 * i;
		if (folds)
			task->fold[i] = i % 3;
		for (uint32_t l = 0; l < LABELS; l++) {
			task->gold[2 * i * LABELS + l] = is_of(i, l);
			task->count[l] += is_of(i, l);
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

static void check_as_it_was(const nv_training_task *task, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		ck_assert_uint_eq(task->row[i], 2 * i);
		ck_assert_uint_eq(task->fold[i], i % 3);
	}
}

static uint32_t place_of(uint32_t row)
{
	uint32_t i = row / 2;
	return is_of(i, 2) ? 3 : is_of(i, 1) ? 2 : is_of(i, 0) ? 1 : 0;
}

START_TEST(rows_of_several_stretches_stand_label_by_label)
{
	nv_training training;
	nv_training_task task[2];
	nv_error err = {0};
	for (int folds = 0; folds < 2; folds++) {
		set_up(&training, task, MOST, folds);
		ck_assert_int_eq(nv_training_order(&training, &err), NV_OK);
		for (size_t i = 1; i < MOST; i++) {
			uint32_t a = place_of(task->row[i - 1]), b = place_of(task->row[i]);
			ck_assert(a < b || (a == b && task->row[i - 1] < task->row[i]));
		}
		for (size_t i = 0; i < MOST && folds; i++)
			ck_assert_uint_eq(task->fold[i], task->row[i] / 2 % 3);
		tear_down(task);
	}
}
END_TEST

START_TEST(rows_of_one_stretch_stay)
{
	nv_training training;
	nv_training_task task[2];
	nv_error err = {0};
	set_up(&training, task, NV_STRETCH_ROWS, true);
	ck_assert_int_eq(nv_training_order(&training, &err), NV_OK);
	check_as_it_was(task, NV_STRETCH_ROWS);
	tear_down(task);
}
END_TEST

START_TEST(out_of_memory)
{
	nv_training training;
	nv_training_task task[2];
	set_up(&training, task, MOST, true);
	for (long n = 0;; n++) {
		nv_error err = {0};
		faulty_on(n);
		int code = nv_training_order(&training, &err);
		ck_assert_int_eq(faulty_off(), 0);
		if (code == NV_OK)
			break;
		ck_assert_int_eq(code, NV_E_MEMORY);
		check_as_it_was(task, MOST);
	}
	tear_down(task);
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
