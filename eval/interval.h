/* SPDX-License-Identifier: Apache-2.0
 *
 * interval.h: 95% intervals in closed form. Each figure names its method; docs/intervals.md has the measured coverage that chose it.
 *   wilson         proportions (precision, recall, accuracy): Wilson's score interval (Wilson 1927; Brown, Cai and DasGupta 2001). Where a
 *                  unit counts several times (micro averages, pooled figures), n is divided by the design effect, the
 *                  linearised variance over the binomial one (Kish 1965; Kott and Liu 2009).
 *   wilson-jaccard F1 = 2J / (1 + J) with J = tp / (tp + fp + fn), a proportion of the articles that are positive or predicted: Wilson's
 *                  interval for J, transformed (the map is increasing, so coverage is kept).
 *   mover          means over labels: the labels' own intervals joined by the method of variance estimates recovery (Zou and Donner
 *                  2008; Newcombe 1998), their correlation taken from the linearised figures.
 *   newcombe       area under the ROC curve: score interval with Hanley and McNeil's variance (Newcombe 2006, method 5).
 *   bonett-wright  Spearman's correlation: Fisher's z with variance (1 + r^2 / 2) / (n - 3) (Bonett and Wright 2000).
 * Others ("bootstrap", "wilson-bootstrap"): eval/bootstrap.h.
 */
#ifndef NV_EVAL_INTERVAL_H
#define NV_EVAL_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

#define NV_Z95 1.959963984540054

typedef struct nv_figure {
	double value, low, high; /* NaN: undefined; low and high NaN where no interval is given */
	const char *method;      /* of the interval, static; NULL: none */
} nv_figure;

nv_figure nv_figure_undefined(void);
nv_figure nv_figure_plain(double value); /* without an interval */

nv_figure nv_proportion(uint64_t hits, uint64_t n);
nv_figure nv_f1_figure(uint64_t tp, uint64_t fp, uint64_t fn);
/* The same from a ratio and the number of independent units behind it, which need not be whole. */
nv_figure nv_proportion_of(double p, double n);
nv_figure nv_jaccard_to_f1(nv_figure jaccard);
nv_figure nv_auc_figure(double auc, uint64_t n_positive, uint64_t n_negative);
nv_figure nv_spearman_figure(double r, uint64_t n);

#endif
