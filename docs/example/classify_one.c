/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole program on libnewsvane: opens a model, classifies one article, prints the topics and stances.
 *
 *   cc classify_one.c $(pkg-config --cflags --libs newsvane) -o classify_one
 *   ./classify_one model.nv "Chip maker lifts forecast" "Orders for artificial intelligence servers …"
 */
#include <newsvane.h>

#include <stdio.h>
#include <string.h>

static void print_task(const nv_schema *schema, const nv_result *result, size_t task)
{
	printf("%s:", nv_schema_task_name(schema, task));
	for (size_t label = 0; label < nv_schema_label_count(schema, task); label++)
		printf(" %s%s=%.2f", nv_result_chosen(result, task, label) ? "*" : "", nv_schema_label(schema, task, label),
		       nv_result_p(result, task, label));
	if (nv_schema_task_kind(schema, task) == NV_STANCE)
		printf(" score=%+.2f", nv_result_score(result, task));
	putchar('\n');
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: classify_one MODEL TITLE TEXT\n");
		return 2;
	}
	nv_error err = {0};
	nv_model *model = NULL;
	nv_scratch *scratch = NULL;
	nv_result *result = NULL;
	const nv_article article = {
	    .title = {argv[2], strlen(argv[2])},
	    .text = {argv[3], strlen(argv[3])},
	};

	int code = nv_model_open(&model, argv[1], &err);
	if (code == NV_OK)
		code = nv_scratch_new(&scratch, model, &err);
	if (code == NV_OK)
		code = nv_result_new(&result, model, &err);
	if (code == NV_OK)
		code = nv_classify(model, &article, scratch, result, &err);
	if (code == NV_OK) {
		const nv_schema *schema = nv_model_schema(model);
		for (size_t task = 0; task < nv_schema_task_count(schema); task++)
			print_task(schema, result, task);
	} else {
		char text[1024];
		fprintf(stderr, "classify_one: %s\n", nv_error_format(&err, text, sizeof text));
	}
	nv_result_free(result);
	nv_scratch_free(scratch);
	nv_model_free(model);
	return code == NV_OK ? 0 : 1;
}
