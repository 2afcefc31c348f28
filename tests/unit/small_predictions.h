/* SPDX-License-Identifier: Apache-2.0
 *
 * small_predictions.h: a schema and hand-made predictions for the tests of eval/.
 */
#ifndef NV_TESTS_SMALL_PREDICTIONS_H
#define NV_TESTS_SMALL_PREDICTIONS_H

#include "check_main.h"

#include "eval/predictions.h"

static inline nv_schema *small_schema(const char *json)
{
	nv_schema *schema = NULL;
	nv_error err = {0};
	ck_assert_msg(nv_schema_parse(&schema, nv_str_of(json), "test", &err) == NV_OK, "%s", err.message);
	return schema;
}

static inline uint32_t add_article(nv_predictions *predictions, const char *id, const char *source, const char *date)
{
	nv_article article = {.id = nv_str_of(id),
	                      .title = nv_str_of("A title"),
	                      .text = nv_str_of("Some words."),
	                      .source = nv_str_of(source),
	                      .date = nv_str_of(date)};
	uint32_t index;
	ck_assert_int_eq(nv_predictions_add_article(predictions, &article, &index, NULL), NV_OK);
	return index;
}

/* One answer: label `gold` was right (none when it is n_label), `chosen` was said with probability p, the rest shared by the others. */
static inline void add_answer(nv_predictions *predictions, size_t task, uint32_t article, size_t gold, size_t chosen,
                              double p)
{
	size_t n = predictions->task[task].n_label;
	uint8_t g[16] = {0}, c[16] = {0};
	double q[16];
	for (size_t l = 0; l < n; l++) {
		g[l] = l == gold;
		c[l] = l == chosen;
		q[l] = l == chosen ? p : (1 - p) / (double)(n - 1);
	}
	ck_assert_int_eq(nv_predictions_add(predictions, task, article, g, c, q, q, NULL), NV_OK);
}

#endif
