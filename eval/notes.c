/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/notes.h"

#include "classify/coverage.h"
#include "train/names.h"

#include <math.h>

static int note_ids(const nv_predictions *predictions, const nv_notes *notes, nv_error *err)
{
	nv_names ids;
	bool ok = true;
	nv_names_init(&ids);
	for (size_t i = 0; ok && i < predictions->n; i++)
		if (predictions->article[i].id.len > 0)
			ok = nv_names_add(&ids, predictions->article[i].id) != UINT32_MAX;
	if (ok)
		nv_names_note_twice(&ids, notes);
	nv_names_release(&ids);
	return ok ? NV_OK : nv_fail_memory(err);
}

static int note_coverage(const nv_predictions *predictions, const nv_model *model, const nv_notes *notes, nv_error *err)
{
	double sum = 0;
	uint64_t n = 0;
	for (size_t i = 0; i < predictions->n; i++) {
		if (isnan(predictions->article[i].coverage))
			continue;
		sum += (double)predictions->article[i].coverage;
		n++;
	}
	return nv_coverage_note(model, sum, n, notes, err);
}

int nv_predictions_note(const nv_predictions *predictions, const nv_model *model, const nv_notes *notes, nv_error *err)
{
	if (!notes || !notes->note)
		return NV_OK;
	int code = note_ids(predictions, notes, err);
	return code == NV_OK && model ? note_coverage(predictions, model, notes, err) : code;
}
