/* SPDX-License-Identifier: Apache-2.0 */
#include "train/training.h"

int nv_task_rows_init(nv_task_rows *rows, const nv_training *training, const nv_training_task *task, nv_ticker *ticker,
                      nv_error *err)
{
	*rows = (nv_task_rows){.sample.row = NULL};
	int code = nv_columns_init(&rows->columns, &training->rows, task->row, task->n, training->n_thread, ticker, err);
	if (code == NV_OK && task->recipe.has_spread && nv_training_has_grams(training, task))
		code = nv_gram_sample_init(&rows->sample, &training->rows, task->row, task->n, &training->share, err);
	return code;
}

void nv_task_rows_release(nv_task_rows *rows)
{
	nv_columns_release(&rows->columns);
	nv_gram_sample_release(&rows->sample);
}
