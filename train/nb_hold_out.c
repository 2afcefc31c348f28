/* SPDX-License-Identifier: Apache-2.0
 *
 * One walk gives the lengths of complement's weights and the margins of the rows held out. Lengths are known at its end alone, so
 * margins are added up as if all were 1: a margin is linear in them. A fit without a fold differs from that of all rows in the terms
 * that the fold's rows hold, and in its logarithms of totals, which all terms share.
 *
 * The terms are walked in parts, each on any thread, with margins and sums of its own that are added in order in the end.
 */
#include "train/nb_fit.h"

#include "base/alloc.h"
#include "train/train.h"

enum { N_PART = 4 };

static bool is_normalized(const nv_nb_problem *p)
{
	return p->variant == NV_NB_COMPLEMENT && p->normalize;
}

/* sum[n_fit][n_class] of what weights are without the logarithms of totals: of all rows for the last fit; of the others, what the
 * terms in the fold's rows differ by. */
static void add_to_lengths(const nv_nb_walk *w, const double *weight, double *sum)
{
	const nv_nb *nb = w->nb;
	size_t n = nb->problem->n_class, n_fold = nb->problem->n_fold;
	const double *full = weight + n_fold * n, *full_total = nb->log_of_total + n_fold * n;
	for (size_t c = 0; c < n; c++)
		sum[n_fold * n + c] += full[c] - full_total[c];
	for (size_t f = 0; f < n_fold; f++)
		for (size_t c = 0; w->n_entry[f] > 0 && c < n; c++)
			sum[f * n + c] += (weight[f * n + c] - nb->log_of_total[f * n + c]) - (full[c] - full_total[c]);
}

/* A row's margin takes the weights of the fit that has not seen its fold. */
static void add_to_held(const nv_nb_problem *p, nv_column_part part, const double *weight, double *margin)
{
	for (size_t e = 0; e < part.n; e++) {
		size_t row = part.first_row + part.row[e];
		const double *own = weight + p->row[row].fold * p->n_class;
		double *to = margin + row * p->n_class, value = (double)part.value[e];
		for (size_t c = 0; c < p->n_class; c++)
			to[c] += value * own[c];
	}
}

/* Every class's weights get the same absolute sum, the mean of what they had. All are positive. */
static void set_lengths(nv_nb *nb, size_t fit, const double *sum)
{
	size_t n_class = nb->problem->n_class, first = fit * n_class;
	const double *full = sum + nb->problem->n_fold * n_class;
	double mean = 0;
	for (size_t c = 0; c < n_class; c++) {
		double own = full[c] + (fit < nb->problem->n_fold ? sum[first + c] : 0);
		nb->length[first + c] = (double)nb->problem->columns->n_column * nb->log_of_total[first + c] + own;
		mean += nb->length[first + c] / (double)n_class;
	}
	for (size_t c = 0; c < n_class; c++)
		nb->length[first + c] = mean / nb->length[first + c];
}

static void finish_margins(const nv_nb *nb, double *margin)
{
	const nv_nb_problem *p = nb->problem;
	for (size_t row = 0; row < p->columns->n_row; row++) {
		size_t fit = p->row[row].fold * p->n_class;
		double *own = margin + row * p->n_class;
		for (size_t c = 0; c < p->n_class; c++)
			own[c] = nb->bias[fit + c] + nb->length[fit + c] * own[c];
	}
}

typedef struct holding {
	const nv_nb *nb;
	double *margin; /* [n_row][n_class] part 0's, the caller's; NULL without folds */
	double *others; /* [N_PART - 1][n_row][n_class] the other parts' */
	double *sum;    /* [N_PART][n_fit][n_class] */
	nv_ticker *ticker;
} holding;

static size_t margins(const nv_nb_problem *p)
{
	return p->n_fold > 0 ? p->columns->n_row * p->n_class : 0;
}

/* The part's terms, with lengths of 1: margins are multiplied in the end. weight: [n_fit][n_class] scratch. */
static int walk_part(const holding *h, size_t part, double *weight, nv_error *err)
{
	const nv_nb_problem *p = h->nb->problem;
	size_t n = p->columns->n_column, first = n * part / N_PART, end = n * (part + 1) / N_PART;
	double *sum = h->sum + part * h->nb->n_fit * p->n_class;
	double *margin = part > 0 ? h->others + (part - 1) * margins(p) : h->margin;
	nv_nb_walk walk;
	int code = nv_nb_walk_init(&walk, h->nb, first, err);
	for (size_t t = first; t < end && code == NV_OK; t++) {
		nv_nb_next(&walk);
		for (size_t f = 0; f < p->n_fold; f++)
			if (walk.n_entry[f] > 0)
				nv_nb_weights(&walk, f, weight + f * p->n_class);
		for (size_t k = 0; p->n_fold > 0 && k < p->columns->n_stretch; k++)
			add_to_held(p, walk.part[k], weight, margin);
		if (is_normalized(p)) {
			nv_nb_weights(&walk, p->n_fold, weight + p->n_fold * p->n_class);
			add_to_lengths(&walk, weight, sum);
		}
		code = nv_nb_tick(h->ticker, t, err);
	}
	nv_nb_walk_release(&walk);
	return code;
}

static int hold_out_part(void *context, size_t part, size_t worker, nv_error *err)
{
	const holding *h = context;
	(void)worker;
	double *weight = nv_alloc(h->nb->n_fit * h->nb->problem->n_class, sizeof *weight);
	int code = weight ? walk_part(h, part, weight, err) : nv_fail_memory(err);
	nv_free(weight);
	return code;
}

/* to[n] += the n numbers of each of so many parts, in order. */
static void add_parts(double *to, const double *part, size_t n_part, size_t n)
{
	for (size_t k = 0; k < n_part; k++)
		for (size_t i = 0; i < n; i++)
			to[i] += part[k * n + i];
}

static void finish(nv_nb *nb, const holding *h)
{
	const nv_nb_problem *p = nb->problem;
	size_t n_sum = nb->n_fit * p->n_class;
	add_parts(h->sum, h->sum + n_sum, N_PART - 1, n_sum);
	for (size_t fit = 0; fit < nb->n_fit && is_normalized(p); fit++)
		set_lengths(nb, fit, h->sum);
	if (p->n_fold == 0)
		return;
	add_parts(h->margin, h->others, N_PART - 1, margins(p));
	finish_margins(nb, h->margin);
}

int nv_nb_hold_out(nv_nb *nb, double *margin, size_t n_thread, nv_ticker *ticker, nv_error *err)
{
	const nv_nb_problem *p = nb->problem;
	if (p->n_fold == 0 && !is_normalized(p))
		return NV_OK;
	holding h = {.nb = nb, .margin = margin, .ticker = ticker};
	h.others = nv_alloc_zero(margins(p), (N_PART - 1) * sizeof *h.others);
	h.sum = nv_alloc_zero(nb->n_fit * p->n_class, N_PART * sizeof *h.sum);
	int code = h.others && h.sum ? nv_parallel_for(n_thread, N_PART, hold_out_part, &h, err) : nv_fail_memory(err);
	if (code == NV_OK)
		finish(nb, &h);
	nv_free(h.others);
	nv_free(h.sum);
	return code;
}
