/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/outcomes.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "base/str.h"

#include <math.h>
#include <string.h>

enum { NV_FIRST_SLOTS = 64 };

int nv_outcomes_init(nv_outcomes *outcomes, size_t n_label, nv_error *err)
{
	memset(outcomes, 0, sizeof *outcomes);
	outcomes->n_label = n_label;
	outcomes->mask = NV_FIRST_SLOTS - 1;
	outcomes->slot = nv_alloc_zero(NV_FIRST_SLOTS, sizeof *outcomes->slot);
	if (!outcomes->slot || !nv_grow(&outcomes->start, &outcomes->cap_start, 1, sizeof *outcomes->start)) {
		nv_outcomes_release(outcomes);
		return nv_fail_memory(err);
	}
	outcomes->start[0] = 0;
	return NV_OK;
}

void nv_outcomes_release(nv_outcomes *outcomes)
{
	nv_free(outcomes->pattern);
	nv_free(outcomes->weight);
	nv_free(outcomes->start);
	nv_free(outcomes->cell);
	nv_free(outcomes->slot);
	nv_free(outcomes->scratch);
	memset(outcomes, 0, sizeof *outcomes);
}

static uint64_t hash_cells(const nv_cell *cell, size_t n)
{
	return nv_hash(cell, n * sizeof *cell);
}

static size_t pattern_size(const nv_outcomes *outcomes, size_t pattern)
{
	return outcomes->start[pattern + 1] - outcomes->start[pattern];
}

/* The slot that holds the pattern of these cells, or the empty one where it belongs. */
static size_t find_slot(const nv_outcomes *outcomes, const nv_cell *cell, size_t n)
{
	size_t at = hash_cells(cell, n) & outcomes->mask;
	for (; outcomes->slot[at] != 0; at = (at + 1) & outcomes->mask) {
		size_t pattern = outcomes->slot[at] - 1;
		if (pattern_size(outcomes, pattern) == n &&
		    (n == 0 || memcmp(outcomes->cell + outcomes->start[pattern], cell, n * sizeof *cell) == 0))
			break;
	}
	return at;
}

static bool double_slots(nv_outcomes *outcomes)
{
	size_t n_slot = 2 * (outcomes->mask + 1);
	uint32_t *slot = nv_alloc_zero(n_slot, sizeof *slot);
	if (!slot)
		return false;
	nv_free(outcomes->slot);
	outcomes->slot = slot;
	outcomes->mask = n_slot - 1;
	for (size_t p = 0; p < outcomes->n_pattern; p++)
		slot[find_slot(outcomes, outcomes->cell + outcomes->start[p], pattern_size(outcomes, p))] = (uint32_t)p + 1;
	return true;
}

static bool new_pattern(nv_outcomes *outcomes, size_t at, const nv_cell *cell, size_t n)
{
	size_t p = outcomes->n_pattern, used = outcomes->start[p];
	if (!nv_grow(&outcomes->weight, &outcomes->cap_pattern, p + 1, sizeof *outcomes->weight) ||
	    !nv_grow(&outcomes->start, &outcomes->cap_start, p + 2, sizeof *outcomes->start) ||
	    !nv_grow(&outcomes->cell, &outcomes->cap_cell, used + n + 1, sizeof *cell))
		return false;
	if (n > 0)
		memcpy(outcomes->cell + used, cell, n * sizeof *cell);
	outcomes->start[p + 1] = (uint32_t)(used + n);
	outcomes->weight[p] = 0;
	outcomes->slot[at] = (uint32_t)p + 1;
	outcomes->n_pattern = p + 1;
	return 2 * outcomes->n_pattern <= outcomes->mask + 1 || double_slots(outcomes);
}

/* Insertion sort: an article has a handful of labels. */
static void sort_cells(nv_cell *to, const nv_cell *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t j = i;
		for (; j > 0 && to[j - 1] > from[i]; j--)
			to[j] = to[j - 1];
		to[j] = from[i];
	}
}

int nv_outcomes_add(nv_outcomes *outcomes, const nv_cell *cell, size_t n_cell, nv_error *err)
{
	if (!nv_grow(&outcomes->scratch, &outcomes->cap_scratch, n_cell + 1, sizeof *cell) ||
	    !nv_grow(&outcomes->pattern, &outcomes->cap, outcomes->n + 1, sizeof *outcomes->pattern))
		return nv_fail_memory(err);
	sort_cells(outcomes->scratch, cell, n_cell);
	size_t at = find_slot(outcomes, outcomes->scratch, n_cell);
	uint32_t pattern = outcomes->slot[at] - 1;
	if (outcomes->slot[at] == 0) {
		pattern = (uint32_t)outcomes->n_pattern;
		if (!new_pattern(outcomes, at, outcomes->scratch, n_cell))
			return nv_fail_memory(err);
	}
	outcomes->weight[pattern]++;
	outcomes->pattern[outcomes->n++] = pattern;
	return NV_OK;
}

uint64_t nv_outcomes_total(const nv_outcomes *outcomes, const uint32_t *weight)
{
	uint64_t total = 0;
	for (size_t p = 0; p < outcomes->n_pattern; p++)
		total += weight[p];
	return total;
}

void nv_outcomes_count(const nv_outcomes *outcomes, const uint32_t *weight, nv_confusion *count)
{
	uint64_t total = nv_outcomes_total(outcomes, weight);
	memset(count, 0, outcomes->n_label * sizeof *count);
	for (size_t p = 0; p < outcomes->n_pattern; p++) {
		for (size_t i = outcomes->start[p]; i < outcomes->start[p + 1]; i++) {
			nv_confusion *c = &count[NV_CELL_LABEL(outcomes->cell[i])];
			bool gold = NV_CELL_GOLD(outcomes->cell[i]), chosen = NV_CELL_CHOSEN(outcomes->cell[i]);
			*(gold && chosen ? &c->tp : gold ? &c->fn : &c->fp) += weight[p];
		}
	}
	for (size_t l = 0; l < outcomes->n_label; l++) {
		uint64_t others = count[l].tp + count[l].fp + count[l].fn;
		count[l].tn = total > others ? total - others : 0;
	}
}

uint64_t nv_outcomes_exact(const nv_outcomes *outcomes, const uint32_t *weight)
{
	uint64_t exact = 0;
	for (size_t p = 0; p < outcomes->n_pattern; p++) {
		bool all = true;
		for (size_t i = outcomes->start[p]; i < outcomes->start[p + 1]; i++)
			all &= NV_CELL_GOLD(outcomes->cell[i]) && NV_CELL_CHOSEN(outcomes->cell[i]);
		exact += all ? weight[p] : 0;
	}
	return exact;
}

/* A rate is a ratio of sums over cells: hits over trials. F1 is 2 tp / (tp + fp + tp + fn): gold and chosen each count as a trial. */
static double cell_hit(nv_cell cell, nv_rate rate)
{
	return NV_CELL_GOLD(cell) && NV_CELL_CHOSEN(cell) ? (rate == NV_RATE_F1 ? 2 : 1) : 0;
}

static double cell_trial(nv_cell cell, nv_rate rate)
{
	double gold = NV_CELL_GOLD(cell), chosen = NV_CELL_CHOSEN(cell);
	return rate == NV_RATE_PRECISION ? chosen : rate == NV_RATE_RECALL ? gold : gold + chosen;
}

/* Jaccard's form of F1: every cell is one trial. */
static double cell_unit(nv_cell cell, nv_rate rate)
{
	return rate == NV_RATE_F1 ? 1 : cell_trial(cell, rate);
}

static bool cell_hits(nv_cell cell)
{
	return NV_CELL_GOLD(cell) && NV_CELL_CHOSEN(cell);
}

typedef struct nv_ratio {
	double hits, trials, squares; /* squares: sum over articles of (hits - r trials)^2 */
} nv_ratio;

static nv_ratio ratio_of(const nv_outcomes *outcomes, const uint32_t *weight, nv_rate rate, uint32_t label, double r)
{
	nv_ratio sum = {0, 0, 0};
	for (size_t p = 0; p < outcomes->n_pattern; p++) {
		double hits = 0, trials = 0, w = weight[p];
		for (size_t i = outcomes->start[p]; i < outcomes->start[p + 1]; i++) {
			nv_cell cell = outcomes->cell[i];
			if (label != NV_ALL_LABELS && NV_CELL_LABEL(cell) != label)
				continue;
			hits += cell_hits(cell) ? 1 : 0;
			trials += cell_unit(cell, rate);
		}
		sum.hits += w * hits;
		sum.trials += w * trials;
		sum.squares += w * (hits - r * trials) * (hits - r * trials);
	}
	return sum;
}

/* Trials of one article hang together: Wilson's interval with as many trials as would have, independent, the same variance, but
 * never more than there are. */
nv_figure nv_outcomes_rate(const nv_outcomes *outcomes, const uint32_t *weight, nv_rate rate, uint32_t label)
{
	nv_ratio sum = ratio_of(outcomes, weight, rate, label, 0);
	if (!(sum.trials > 0))
		return nv_figure_undefined();
	double r = sum.hits / sum.trials, binomial = sum.trials * r * (1 - r), effect = 1;
	if (binomial > 0)
		effect = ratio_of(outcomes, weight, rate, label, r).squares / binomial;
	nv_figure figure = nv_proportion_of(r, sum.trials / (effect > 1 ? effect : 1));
	if (rate != NV_RATE_F1)
		return figure;
	figure = nv_jaccard_to_f1(figure);
	figure.value = 2 * sum.hits / (sum.trials + sum.hits);
	return figure;
}

/* ---- Means over labels ----
 * To first order label l's figure moves by h = (hits - value * trials) / (all trials of l) for each article, with standard deviation
 * s_l = sqrt(sum h^2). With a_l the distance from the figure to its bound, the mean's distance is
 *   sqrt(sum over k, l of corr(k, l) a_k a_l) / n = sqrt(sum over articles of (sum over labels of a_l h_l / s_l)^2) / n.
 * A label without errors has s_l = 0: its correlation is unknown and taken as none, which adds a_l^2. */
typedef struct nv_part {
	double value, trials, deviation, low, high; /* low, high: distances */
} nv_part;

static double cell_influence(const nv_part *part, nv_cell cell, nv_rate rate)
{
	const nv_part *l = &part[NV_CELL_LABEL(cell)];
	return l->trials > 0 ? (cell_hit(cell, rate) - l->value * cell_trial(cell, rate)) / l->trials : 0;
}

static void sum_trials(const nv_outcomes *outcomes, const uint32_t *weight, nv_rate rate, const uint8_t *take,
                       nv_part *part)
{
	for (size_t p = 0; p < outcomes->n_pattern; p++)
		for (size_t i = outcomes->start[p]; i < outcomes->start[p + 1]; i++) {
			uint32_t l = NV_CELL_LABEL(outcomes->cell[i]);
			part[l].trials += take[l] ? weight[p] * cell_trial(outcomes->cell[i], rate) : 0;
		}
}

/* Cells of a pattern stand by label, so those of one label are neighbours. */
static void sum_deviations(const nv_outcomes *outcomes, const uint32_t *weight, nv_rate rate, nv_part *part)
{
	for (size_t p = 0; p < outcomes->n_pattern; p++) {
		double h = 0;
		for (size_t i = outcomes->start[p]; i < outcomes->start[p + 1]; i++) {
			uint32_t l = NV_CELL_LABEL(outcomes->cell[i]);
			h += cell_influence(part, outcomes->cell[i], rate);
			if (i + 1 == outcomes->start[p + 1] || NV_CELL_LABEL(outcomes->cell[i + 1]) != l) {
				part[l].deviation += weight[p] * h * h;
				h = 0;
			}
		}
	}
	for (size_t l = 0; l < outcomes->n_label; l++)
		part[l].deviation = sqrt(part[l].deviation);
}

typedef struct nv_distance {
	double low, high;
} nv_distance;

static nv_distance joint_distance(const nv_outcomes *outcomes, const uint32_t *weight, nv_rate rate,
                                  const nv_part *part)
{
	nv_distance sum = {0, 0};
	for (size_t p = 0; p < outcomes->n_pattern; p++) {
		double low = 0, high = 0;
		for (size_t i = outcomes->start[p]; i < outcomes->start[p + 1]; i++) {
			const nv_part *l = &part[NV_CELL_LABEL(outcomes->cell[i])];
			double h = l->deviation > 0 ? cell_influence(part, outcomes->cell[i], rate) / l->deviation : 0;
			low += h * l->low;
			high += h * l->high;
		}
		sum.low += weight[p] * low * low;
		sum.high += weight[p] * high * high;
	}
	for (size_t l = 0; l < outcomes->n_label; l++) {
		if (part[l].deviation > 0)
			continue;
		sum.low += part[l].low * part[l].low;
		sum.high += part[l].high * part[l].high;
	}
	return (nv_distance){sqrt(sum.low), sqrt(sum.high)};
}

int nv_outcomes_macro(const nv_outcomes *outcomes, const uint32_t *weight, nv_rate rate, const nv_figure *figure,
                      const uint8_t *part, nv_figure *mean, nv_error *err)
{
	size_t n = 0;
	double sum = 0;
	*mean = nv_figure_undefined();
	nv_part *parts = nv_alloc_zero(outcomes->n_label, sizeof *parts);
	uint8_t *take = nv_alloc_zero(outcomes->n_label, 1);
	int code = parts && take ? NV_OK : nv_fail_memory(err);
	for (size_t l = 0; code == NV_OK && l < outcomes->n_label; l++) {
		if ((part && !part[l]) || isnan(figure[l].value))
			continue;
		take[l] = 1;
		parts[l] = (nv_part){figure[l].value, 0, 0, figure[l].value - figure[l].low, figure[l].high - figure[l].value};
		sum += figure[l].value;
		n++;
	}
	if (code == NV_OK && n > 0) {
		sum_trials(outcomes, weight, rate, take, parts);
		sum_deviations(outcomes, weight, rate, parts);
		nv_distance d = joint_distance(outcomes, weight, rate, parts);
		double value = sum / (double)n;
		*mean = (nv_figure){value, fmax(value - d.low / (double)n, 0), fmin(value + d.high / (double)n, 1), "mover"};
	}
	nv_free(take);
	nv_free(parts);
	return code;
}
