/* SPDX-License-Identifier: Apache-2.0
 *
 * numeric.h: the mathematics that the layers share. nv_exp and nv_log are our own, built of IEEE operations alone, since what
 * reaches a model file or an output must be the same on every machine; GSL (distributions) is used in numeric.c only.
 */
#ifndef NV_BASE_NUMERIC_H
#define NV_BASE_NUMERIC_H

#include <stddef.h>
#include <stdint.h>

void nv_numeric_init(void); /* turns GSL's aborting error handler off; may be called again, from any thread */

double nv_exp(double x); /* within 2 ulp; 0 and infinity at the ends, NaN for NaN */
double nv_log(double x); /* within 2 ulp; -inf for 0, NaN below */
double nv_log1p_exp(double x);                        /* log(1 + e^x) without overflow or loss */
double nv_sigmoid(double x);                          /* 1 / (1 + e^-x) */
void nv_softmax(double *x, size_t n);                 /* in place, sums to 1 */

/* Sum in fixed blocks of 1024 with a compensated total: the same for any caller. */
double nv_sum(const double *x, size_t n);

/* Seeded generator (xoshiro256++, Blackman and Vigna 2019), one stream for each (seed, stream) pair. */
typedef struct nv_rng {
	uint64_t s[4];
} nv_rng;
void nv_rng_init(nv_rng *rng, uint64_t seed, uint64_t stream);
uint64_t nv_rng_next(nv_rng *rng);
uint64_t nv_rng_below(nv_rng *rng, uint64_t n); /* uniform in [0, n), n > 0, without bias */
double nv_rng_uniform(nv_rng *rng);             /* in [0, 1) */
void nv_rng_shuffle(nv_rng *rng, uint32_t *x, size_t n);

/* Quantiles and tests, from GSL. p in [0, 1]; NaN outside the domain. */
double nv_normal_quantile(double p);
double nv_normal_cdf(double z);
double nv_beta_quantile(double p, double a, double b);
double nv_binomial_two_sided(uint64_t k, uint64_t n); /* exact two-sided p-value of k of n at 1/2 (McNemar) */

#endif
