/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/paired.h"

#include "base/alloc.h"

#include <string.h>

size_t nv_paired_threads(const nv_report *report)
{
	return report->options.threads > 0 ? (size_t)report->options.threads : nv_cores();
}

int nv_paired_draws_run(nv_paired_draws *paired, nv_bootstrap *bootstrap, const nv_report *report, size_t n_figure,
                        nv_ticker *ticker, nv_error *err)
{
	size_t n, draws = (size_t)report->options.draws;
	*paired = (nv_paired_draws){NULL, n_figure, draws};
	if (nv_mul_size(2 * n_figure, draws, &n))
		paired->draw = nv_alloc(n, sizeof *paired->draw);
	if (!paired->draw)
		return nv_fail_memory(err);
	bootstrap->n_figure = 2 * n_figure;
	bootstrap->draws = draws;
	bootstrap->n_thread = nv_paired_threads(report);
	bootstrap->seed = (uint64_t)report->options.seed;
	return nv_bootstrap_run(bootstrap, ticker, paired->draw, err);
}

void nv_paired_draws_release(nv_paired_draws *paired)
{
	nv_free(paired->draw);
	memset(paired, 0, sizeof *paired);
}

double *nv_paired_draws_of(const nv_paired_draws *paired, int side, size_t figure)
{
	return paired->draw + ((size_t)side * paired->n_figure + figure) * paired->draws;
}

nv_difference nv_paired_difference(const nv_paired_draws *paired, size_t figure, nv_figure a, nv_figure b,
                                   double trials)
{
	return nv_difference_mover(a, b, nv_paired_draws_of(paired, 0, figure), nv_paired_draws_of(paired, 1, figure),
	                           paired->draws, trials);
}
