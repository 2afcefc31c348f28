/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/interval.h"

#include "base/numeric.h"

#include <math.h>

nv_figure nv_figure_plain(double value)
{
	return (nv_figure){value, NAN, NAN, NULL};
}

nv_figure nv_figure_undefined(void)
{
	return nv_figure_plain(NAN);
}

/* Wilson's interval: the p that a score test at 5% does not reject. The ends are exact where all or none hit. */
nv_figure nv_proportion_of(double p, double n)
{
	if (!(n > 0) || !(p >= 0))
		return nv_figure_undefined();
	const double z2 = NV_Z95 * NV_Z95;
	double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
	double half = NV_Z95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
	nv_figure figure = {p, middle - half, middle + half, "wilson"};
	if (p <= 0 || figure.low < 0)
		figure.low = 0;
	if (p >= 1 || figure.high > 1)
		figure.high = 1;
	return figure;
}

nv_figure nv_proportion(uint64_t hits, uint64_t n)
{
	return n == 0 ? nv_figure_undefined() : nv_proportion_of((double)hits / (double)n, (double)n);
}

nv_figure nv_jaccard_to_f1(nv_figure jaccard)
{
	if (isnan(jaccard.value))
		return nv_figure_undefined();
	return (nv_figure){2 * jaccard.value / (1 + jaccard.value), 2 * jaccard.low / (1 + jaccard.low),
	                   2 * jaccard.high / (1 + jaccard.high), "wilson-jaccard"};
}

nv_figure nv_f1_figure(uint64_t tp, uint64_t fp, uint64_t fn)
{
	nv_figure figure = nv_jaccard_to_f1(nv_proportion(tp, tp + fp + fn));
	if (tp + fp + fn > 0)
		figure.value = 2 * (double)tp / (double)(2 * tp + fp + fn);
	return figure;
}

/* Hanley and McNeil's variance of an area t (1982), with the mean of both group sizes in place of each (Newcombe 2006). */
static double auc_variance(double t, double n_positive, double n_negative)
{
	double n = (n_positive + n_negative) / 2;
	return t * (1 - t) * (1 + (n - 1) * ((1 - t) / (2 - t) + t / (1 + t))) / (n_positive * n_negative);
}

/* The t on one side of auc at which (auc - t)^2 = z^2 variance(t); excess of the left side is increasing away from auc. */
static double auc_bound(double auc, double end, double n_positive, double n_negative)
{
	double near = auc, far = end;
	for (int i = 0; i < 60; i++) {
		double t = (near + far) / 2;
		double excess = (auc - t) * (auc - t) - NV_Z95 * NV_Z95 * auc_variance(t, n_positive, n_negative);
		if (excess > 0)
			far = t;
		else
			near = t;
	}
	return (near + far) / 2;
}

nv_figure nv_auc_figure(double auc, uint64_t n_positive, uint64_t n_negative)
{
	if (isnan(auc) || n_positive == 0 || n_negative == 0)
		return nv_figure_undefined();
	double low = auc_bound(auc, 0, (double)n_positive, (double)n_negative);
	double high = auc_bound(auc, 1, (double)n_positive, (double)n_negative);
	return (nv_figure){auc, auc <= 0 ? 0 : low, auc >= 1 ? 1 : high, "newcombe"};
}

static double inverse_fisher(double z)
{
	double e = nv_exp(2 * z);
	return (e - 1) / (e + 1);
}

nv_figure nv_spearman_figure(double r, uint64_t n)
{
	if (isnan(r) || n < 4)
		return nv_figure_plain(r);
	if (fabs(r) >= 1)
		return (nv_figure){r, r, r, "bonett-wright"};
	double z = 0.5 * nv_log((1 + r) / (1 - r));
	double half = NV_Z95 * sqrt((1 + r * r / 2) / ((double)n - 3));
	return (nv_figure){r, inverse_fisher(z - half), inverse_fisher(z + half), "bonett-wright"};
}
