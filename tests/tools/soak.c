/* SPDX-License-Identifier: Apache-2.0
 *
 * soak.c: soak SECONDS: trains, saves, opens, classifies, judges and cross-validates the fixtures over and over in one process, with other
 * options each time and now and then a call that fails. Status 1 when a call ends as it should not, or when memory has grown
 * since the first tenth of the time. Built with AddressSanitizer it also ends with a leak check. Run it from the source folder.
 */
#include "newsvane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MUST(condition)                                                                       \
	do {                                                                                      \
		if (!(condition)) {                                                                   \
			fprintf(stderr, "soak: round %lu: %s does not hold\n", round_number, #condition); \
			exit(EXIT_FAILURE);                                                               \
		}                                                                                     \
	} while (0)

static const char *const sets[] = {"desk", "topics", "stance"};
static const char *const settings[][2] = {{"algorithm", "nb"},    {"algorithm", "logreg"},   {"subwords", "off"},
                                          {"hash-bits", "12"},    {"calibrate", "isotonic"}, {"ngrams", "1-3"},
                                          {"weighting", "tfidf"}, {"threads", "2"}};
enum { N_SET = sizeof sets / sizeof *sets, N_SETTING = sizeof settings / sizeof *settings };

static unsigned long round_number;

static int drop(void *user, const char *bytes, size_t len)
{
	(void)bytes;
	*(size_t *)user += len;
	return 0;
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static long most_memory(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static nv_input *open_set(const char *set, const nv_options *options, const nv_schema *schema)
{
	char path[200];
	const char *paths = path;
	nv_input *input = NULL;
	snprintf(path, sizeof path, "tests/fixtures/%s.jsonl", set);
	MUST(nv_input_open(&input, &paths, 1, options, schema, NULL, NULL) == NV_OK);
	return input;
}

static nv_model *train(const char *set, const nv_options *options)
{
	char path[200];
	nv_schema *schema = NULL;
	nv_model *model = NULL;
	snprintf(path, sizeof path, "tests/fixtures/%s.json", set);
	MUST(nv_schema_open(&schema, path, NULL) == NV_OK);
	nv_input *input = open_set(set, options, schema);
	MUST(nv_train(&model, schema, options, nv_input_articles(input), NULL, NULL, NULL) == NV_OK);
	nv_input_free(input);
	nv_schema_free(schema);
	return model;
}

static void classify(const nv_model *model, const char *set, const nv_options *options)
{
	size_t written = 0;
	nv_input *input = open_set(set, options, nv_model_schema(model));
	MUST(nv_classify_input(model, input, options, &(nv_sink){drop, &written}, NULL, NULL, NULL) == NV_OK);
	MUST(written > 1000);
	nv_input_free(input);
}

static void judge(const nv_model *model, const char *set, const nv_options *options)
{
	size_t written = 0;
	const nv_sink sink = {drop, &written};
	nv_report *report = NULL;
	nv_input *input = open_set(set, options, nv_model_schema(model));
	bool crossval = round_number % 2;
	int code = crossval
	               ? nv_crossval(&report, nv_model_schema(model), options, nv_input_articles(input), NULL, NULL, NULL)
	               : nv_evaluate(&report, model, nv_input_articles(input), options, NULL, NULL, NULL);
	MUST(code == NV_OK);
	MUST(nv_report_json(report, &sink, NULL) == NV_OK && nv_report_html(report, &sink, NULL) == NV_OK);
	nv_report_free(report);
	nv_input_free(input);
}

/* What fails must leave nothing behind either. */
static void fail(const nv_options *options)
{
	nv_model *model = NULL;
	nv_schema *schema = NULL;
	nv_input *input = NULL;
	const char *missing = "tests/fixtures/nothing.jsonl";
	MUST(nv_model_open(&model, "tests/fixtures/desk.jsonl", NULL) == NV_E_MODEL);
	MUST(nv_schema_open(&schema, "tests/fixtures/desk.jsonl", NULL) < 0);
	MUST(nv_input_open(&input, &missing, 1, options, NULL, NULL, NULL) == NV_E_INPUT);
}

static void run_round(const char *file)
{
	const char *set = sets[round_number % N_SET];
	const char *const *setting = settings[round_number / N_SET % N_SETTING];
	nv_options *options = nv_options_new();
	nv_model *model = NULL;
	MUST(options && nv_options_set(options, "draws", "50", NULL) == NV_OK &&
	     nv_options_set(options, "folds", "3", NULL) == NV_OK);
	if (strcmp(setting[0], "hash-bits") == 0)
		MUST(nv_options_set(options, "subwords", "off", NULL) == NV_OK);
	MUST(nv_options_set(options, setting[0], setting[1], NULL) == NV_OK);
	nv_model *made = train(set, options);
	MUST(nv_model_save(made, file, NULL) == NV_OK);
	nv_model_free(made);
	MUST(nv_model_open(&model, file, NULL) == NV_OK && nv_model_verify(model, NULL) == NV_OK);
	classify(model, set, options);
	judge(model, set, options);
	fail(options);
	nv_model_free(model);
	nv_options_free(options);
}

int main(int argc, char **argv)
{
	double limit = argc > 1 ? atof(argv[1]) : 60, began = seconds();
	const char *folder = getenv("TMPDIR");
	char file[300];
	long early = 0;
	snprintf(file, sizeof file, "%.200s/newsvane-soak.%ld", folder && *folder ? folder : "/tmp", (long)getpid());
	/* At least each set with each setting once before memory is looked at. */
	for (; seconds() - began < limit || round_number < 3 * N_SET * N_SETTING; round_number++) {
		run_round(file);
		if (seconds() - began < limit / 10 || round_number < 2 * N_SET * N_SETTING)
			early = most_memory();
	}
	remove(file);
	long late = most_memory();
	printf("%lu rounds in %.0f s; memory at most %ld KB, %ld KB in the first tenth\n", round_number, seconds() - began,
	       late, early);
	return late <= early + early / 10 ? EXIT_SUCCESS : EXIT_FAILURE;
}
