/* SPDX-License-Identifier: Apache-2.0
 *
 * outcomes.h: articles sorted by what was gold and what was chosen. Articles of the same pattern are exchangeable for every figure
 * made of counts, so figures, slices and bootstrap draws weigh a few patterns instead of many articles.
 *
 * Call order: nv_outcomes_init -> nv_outcomes_add for each article -> figures -> nv_outcomes_release. Read-only use is thread-safe.
 */
#ifndef NV_EVAL_OUTCOMES_H
#define NV_EVAL_OUTCOMES_H

#include "base/error.h"
#include "eval/interval.h"
#include "eval/metrics.h"

/* A label that is gold, chosen or both. A pattern lists its cells by label; labels that are neither are left out. An article of several
 * tasks (pooled figures) may have a label in several cells. */
typedef uint32_t nv_cell;
#define NV_CELL(label, gold, chosen) ((nv_cell)((uint32_t)(label) << 2 | ((gold) ? 2u : 0u) | ((chosen) ? 1u : 0u)))
#define NV_CELL_LABEL(cell) ((cell) >> 2)
#define NV_CELL_GOLD(cell) ((cell) >> 1 & 1)
#define NV_CELL_CHOSEN(cell) ((cell)&1)

typedef struct nv_outcomes {
	size_t n_label;
	size_t n, cap;         /* articles */
	uint32_t *pattern;     /* [n] of each article */
	size_t n_pattern, cap_pattern;
	uint32_t *weight;      /* [n_pattern] articles of the pattern */
	uint32_t *start;       /* [n_pattern + 1] into cell */
	nv_cell *cell;
	size_t cap_cell, cap_start;
	uint32_t *slot;        /* [mask + 1] hash table: pattern + 1, 0 for empty */
	size_t mask;
	nv_cell *scratch;      /* the article being added */
	size_t cap_scratch;
} nv_outcomes;

int nv_outcomes_init(nv_outcomes *outcomes, size_t n_label, nv_error *err);
void nv_outcomes_release(nv_outcomes *outcomes);
/* One article; cells in any order. Patterns are numbered by first appearance. */
int nv_outcomes_add(nv_outcomes *outcomes, const nv_cell *cell, size_t n_cell, nv_error *err);

/* In what follows weight[n_pattern] counts the articles of each pattern: outcomes->weight, a slice's or a draw's. */
uint64_t nv_outcomes_total(const nv_outcomes *outcomes, const uint32_t *weight);
void nv_outcomes_count(const nv_outcomes *outcomes, const uint32_t *weight, nv_confusion *count); /* [n_label], replaced */
/* Articles whose chosen labels are the gold ones, all of them and no other. */
uint64_t nv_outcomes_exact(const nv_outcomes *outcomes, const uint32_t *weight);

typedef enum nv_rate { NV_RATE_PRECISION, NV_RATE_RECALL, NV_RATE_F1 } nv_rate;

/* The rate over the cells of all labels (micro), or of one, with articles as the independent units. */
#define NV_ALL_LABELS UINT32_MAX
nv_figure nv_outcomes_rate(const nv_outcomes *outcomes, const uint32_t *weight, nv_rate rate, uint32_t label);

/* The mean of the labels' figures (each a `rate` of its label, NaN left out; part[n_label] 0 leaves a label out, NULL: none), with an
 * interval by the method of variance estimates recovery. */
int nv_outcomes_macro(const nv_outcomes *outcomes, const uint32_t *weight, nv_rate rate, const nv_figure *figure,
                      const uint8_t *part, nv_figure *mean, nv_error *err);

#endif
