/* SPDX-License-Identifier: Apache-2.0 */
#include "classify/coverage.h"

#include "base/json.h"

#include <math.h>
#include <stdio.h>

/* NaN where the metadata does not tell. */
static int training_coverage(const nv_model *model, double *coverage, nv_error *err)
{
	nv_json *root = NULL;
	*coverage = NAN;
	if (model->metadata.len == 0)
		return NV_OK;
	int code = nv_json_parse(&root, model->metadata, "metadata", err);
	if (code != NV_OK)
		return code;
	const nv_json *training = nv_json_member(root, "training");
	const nv_json *value = training ? nv_json_member(training, "coverage") : NULL;
	if (value)
		*coverage = nv_json_number(value);
	nv_json_free(root);
	return NV_OK;
}

int nv_coverage_note(const nv_model *model, double sum, uint64_t n, const nv_notes *notes, nv_error *err)
{
	double trained, mean = n > 0 ? sum / (double)n : NAN;
	char text[200];
	if (!notes || !notes->note || n == 0)
		return NV_OK;
	int code = training_coverage(model, &trained, err);
	if (code != NV_OK || !(mean < NV_COVERAGE_FAR_BELOW * trained))
		return code;
	snprintf(text, sizeof text,
	         "the model knows %.0f%% of these articles' words, and %.0f%% of its training articles': "
	         "they are of another kind, and its answers may be wrong",
	         100 * mean, 100 * trained);
	notes->note(notes->user, text);
	return NV_OK;
}
