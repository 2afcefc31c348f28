/* SPDX-License-Identifier: Apache-2.0
 *
 * comparing.c: seconds that the differences between two models take over many simulated answers.
 *
 * usage: comparing [ARTICLES [DRAWS [THREADS]]]   (default 100000 1000 2)
 *
 * Two tasks: one label of 20 an article, and any of 3 labels. For each: the differences of figures made of counts, whose draws weigh classes of articles,
 * and those of ranks and losses, whose draws weigh single articles. Printed are seconds by the clock and of all threads' processor time.
 */
#include "base/alloc.h"
#include "base/numeric.h"
#include "eval/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(int code)
{
	if (code != NV_OK) {
		fputs("comparing: failed\n", stderr);
		exit(3);
	}
}

static nv_schema *make_schema(nv_task_kind kind, size_t n_label)
{
	char text[600];
	nv_schema *schema = NULL;
	size_t len = (size_t)snprintf(text, sizeof text,
	                              "{\"tasks\": [{\"name\": \"t\", \"kind\": \"%s\", \"field\": \"t\", \"labels\": [",
	                              kind == NV_MULTILABEL ? "multilabel" : "multiclass");
	for (size_t l = 0; l < n_label; l++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s\"l%zu\"", l ? ", " : "", l);
	snprintf(text + len, sizeof text - len, "]}]}");
	must(nv_schema_parse(&schema, nv_str_of(text), "bench", NULL));
	return schema;
}

/* One model's answer to gold, right in three of four cases. */
static void answer(nv_rng *rng, nv_task_kind kind, size_t n_label, const uint8_t *gold, uint8_t *chosen, double *p)
{
	size_t one = nv_rng_below(rng, n_label);
	bool right = nv_rng_below(rng, 4) > 0;
	for (size_t l = 0; l < n_label; l++) {
		chosen[l] = kind == NV_MULTILABEL ? (nv_rng_below(rng, 4) ? gold[l] : !gold[l]) : right ? gold[l] : l == one;
		p[l] = (chosen[l] ? 0.5 : 0) + 0.5 * nv_rng_uniform(rng);
	}
}

static void fill(nv_report *report, nv_task_kind kind, size_t n, size_t n_label)
{
	nv_rng rng;
	nv_rng_init(&rng, 1, 0);
	for (size_t i = 0; i < n; i++) {
		uint8_t gold[32] = {0}, chosen[32];
		double p[32];
		uint32_t number;
		const nv_article article = {.id = nv_str_of("id")};
		must(nv_predictions_add_article(&report->predictions, &article, &number, NULL));
		gold[nv_rng_below(&rng, n_label)] = 1;
		for (size_t l = 0; kind == NV_MULTILABEL && l < n_label; l++)
			gold[l] = nv_rng_below(&rng, 3) == 0;
		answer(&rng, kind, n_label, gold, chosen, p);
		must(nv_predictions_add(&report->predictions, 0, number, gold, chosen, p, p, NULL));
		answer(&rng, kind, n_label, gold, chosen, p);
		must(nv_predictions_add(&report->comparison->other, 0, number, gold, chosen, p, p, NULL));
	}
}

typedef int comparer(const nv_report *report, nv_task_comparison *task, nv_ticker *ticker, nv_error *err);

static void time_part(const char *what, comparer *compare, const nv_report *report)
{
	double clock = seconds(CLOCK_MONOTONIC), processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
	must(compare(report, &report->comparison->task[0], NULL, NULL));
	printf("  %-22s %6.2f s, %6.2f s of processor time\n", what, seconds(CLOCK_MONOTONIC) - clock,
	       seconds(CLOCK_PROCESS_CPUTIME_ID) - processor);
}

static void time_task(nv_task_kind kind, size_t n, size_t n_label, int64_t draws, int64_t threads)
{
	nv_schema *schema = make_schema(kind, n_label);
	nv_report *report = NULL;
	nv_eval_options options;
	nv_option_defaults(nv_eval_rows, nv_n_eval_rows, &options);
	options.draws = 0;
	options.threads = threads;
	must(nv_report_new(&report, schema, &options, NULL));
	must(nv_comparison_begin(report, (nv_compared_model){schema, NULL}, (nv_compared_model){schema, NULL}, NULL));
	fill(report, kind, n, n_label);
	must(nv_report_compute(report, NULL, NULL));
	report->options.draws = draws;
	printf("%s of %zu labels, %zu articles, %lld draws, %lld threads\n", kind == NV_MULTILABEL ? "any" : "one", n_label,
	       n, (long long)draws, (long long)threads);
	time_part("figures of counts", nv_compare_counts, report);
	time_part("ranks and losses", nv_compare_ranks, report);
	nv_report_destroy(report);
	nv_schema_free(schema);
}

int main(int argc, char **argv)
{
	size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
	int64_t draws = argc > 2 ? strtol(argv[2], NULL, 10) : 1000, threads = argc > 3 ? strtol(argv[3], NULL, 10) : 2;
	nv_numeric_init();
	time_task(NV_MULTICLASS, n, 20, draws, threads);
	time_task(NV_MULTILABEL, n, 3, draws, threads);
	return 0;
}
