/* SPDX-License-Identifier: Apache-2.0
 *
 * nv_exp and nv_log use IEEE additions, multiplications and divisions in a fixed order, so that with -ffp-contract=off every
 * machine gives the same bits. Both reduce to a short interval by a power of two whose logarithm is split in two parts (Cody and
 * Waite 1980): the first has 32 bits, so that its product with an exponent is exact.
 */
#include "base/numeric.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define LOG2_E 0x1.71547652b82fep+0
#define ROUNDER 0x1.8p52 /* adding and taking it away rounds to a whole number */
#define EXP_LARGEST 709.782712893384
#define EXP_SMALLEST (-745.1332191019412)
#define SQRT_2 0x1.6a09e667f3bcdp+0

static double from_bits(uint64_t bits)
{
	double x;
	memcpy(&x, &bits, sizeof x);
	return x;
}

static uint64_t to_bits(double x)
{
	uint64_t bits;
	memcpy(&bits, &x, sizeof bits);
	return bits;
}

/* 2^k for k in [-1022, 1023]. */
static double power_of_two(int k)
{
	return from_bits((uint64_t)(k + 1023) << 52);
}

/* 2^(j / 32), each the nearest double. */
/* clang-format off */
static const double roots[32] = {
	0x1p+0, 0x1.059b0d3158574p+0, 0x1.0b5586cf9890fp+0, 0x1.11301d0125b51p+0,
	0x1.172b83c7d517bp+0, 0x1.1d4873168b9aap+0, 0x1.2387a6e756238p+0, 0x1.29e9df51fdee1p+0,
	0x1.306fe0a31b715p+0, 0x1.371a7373aa9cbp+0, 0x1.3dea64c123422p+0, 0x1.44e086061892dp+0,
	0x1.4bfdad5362a27p+0, 0x1.5342b569d4f82p+0, 0x1.5ab07dd485429p+0, 0x1.6247eb03a5585p+0,
	0x1.6a09e667f3bcdp+0, 0x1.71f75e8ec5f74p+0, 0x1.7a11473eb0187p+0, 0x1.82589994cce13p+0,
	0x1.8ace5422aa0dbp+0, 0x1.93737b0cdc5e5p+0, 0x1.9c49182a3f090p+0, 0x1.a5503b23e255dp+0,
	0x1.ae89f995ad3adp+0, 0x1.b7f76f2fb5e47p+0, 0x1.c199bdd85529cp+0, 0x1.cb720dcef9069p+0,
	0x1.d5818dcfba487p+0, 0x1.dfc97337b9b5fp+0, 0x1.ea4afa2a490dap+0, 0x1.f50765b6e4540p+0,
};
/* clang-format on */

/* e^x = 2^(k / 32) e^r with |r| <= ln(2) / 64 (Tang 1989), where Taylor's series to r^6 is exact to a few 1e-18. */
static double exp_reduced(double r)
{
	double s = r * r;
	return r + s * ((1.0 / 2 + r * (1.0 / 6)) + s * ((1.0 / 24 + r * (1.0 / 120)) + s * (1.0 / 720)));
}

double nv_exp(double x)
{
	if (isnan(x))
		return x;
	if (x > EXP_LARGEST)
		return INFINITY;
	if (x < EXP_SMALLEST)
		return 0.0;
	double steps = (x * (32 * LOG2_E) + ROUNDER) - ROUNDER;
	double r = (x - steps * (LN2_HIGH / 32)) - steps * (LN2_LOW / 32);
	int k = (int)steps, j = k & 31, power = (k - j) / 32;
	double y = roots[j] + roots[j] * exp_reduced(r);
	if (power > -1022 && power < 1024)
		return y * power_of_two(power);
	return y * power_of_two(power / 2) *
	       power_of_two(power - power / 2); /* rounds once only: the first product is exact */
}

/* With m = 1 + f in [sqrt(1/2), sqrt(2)) and s = f / (2 + f): log(1 + f) = 2 artanh(s) = f - f²/2 + s (f²/2 + R), where
 * R = 2 s² (1/3 + s²/5 + …). The large terms come exactly or nearly so, and the series only corrects them. */
static double log_reduced(double f, int k)
{
	double s = f / (2.0 + f), z = s * s, w = z * z, half = 0.5 * f * f;
	double first = 2.0 / 3 + w * (2.0 / 7 + w * (2.0 / 11 + w * (2.0 / 15 + w * (2.0 / 19 + w * (2.0 / 23)))));
	double second = 2.0 / 5 + w * (2.0 / 9 + w * (2.0 / 13 + w * (2.0 / 17 + w * (2.0 / 21))));
	double rest = z * (first + z * second);
	return k * LN2_HIGH - ((half - (s * (half + rest) + k * LN2_LOW)) - f);
}

double nv_log(double x)
{
	int k = 0;
	if (isnan(x) || x < 0)
		return NAN;
	if (x == 0)
		return -INFINITY;
	if (isinf(x))
		return x;
	if (x < 0x1p-1022) {
		x *= 0x1p54;
		k = -54;
	}
	uint64_t bits = to_bits(x);
	double m = from_bits((bits & 0xFFFFFFFFFFFFFu) | 0x3FF0000000000000u);
	k += (int)(bits >> 52) - 1023;
	if (m >= SQRT_2) {
		m *= 0.5;
		k++;
	}
	return log_reduced(m - 1.0, k);
}

/* log(1 + y) for y in [0, 1]: the part of y that 1 + y rounds away is put back to first order. */
static double log1p_small(double y)
{
	double u = 1.0 + y;
	return nv_log(u) - ((u - 1.0) - y) / u;
}

double nv_log1p_exp(double x)
{
	return x > 0 ? x + log1p_small(nv_exp(-x)) : log1p_small(nv_exp(x));
}

double nv_sigmoid(double x)
{
	double e = nv_exp(-fabs(x));
	return (x < 0 ? e : 1.0) / (1.0 + e);
}

static double largest(const double *x, size_t n)
{
	double max = -INFINITY;
	for (size_t i = 0; i < n; i++) {
		if (isnan(x[i]))
			return x[i];
		max = x[i] > max ? x[i] : max;
	}
	return max;
}

void nv_softmax(double *x, size_t n)
{
	double max = largest(x, n), sum = 0;
	for (size_t i = 0; i < n; i++) {
		x[i] = x[i] == max ? 1.0 : nv_exp(x[i] - max); /* also where max is infinite */
		sum += x[i];
	}
	for (size_t i = 0; i < n; i++)
		x[i] /= sum;
}

/* Four partial sums in fixed positions, which the compiler may keep in vectors without changing the result. */
static double sum_block(const double *x, size_t n)
{
	double part[4] = {0, 0, 0, 0};
	size_t i = 0;
	for (; i + 4 <= n; i += 4) {
		for (size_t j = 0; j < 4; j++)
			part[j] += x[i + j];
	}
	for (; i < n; i++)
		part[i % 4] += x[i];
	return (part[0] + part[1]) + (part[2] + part[3]);
}

/* The total keeps what each addition rounds away (Neumaier 1974). */
double nv_sum(const double *x, size_t n)
{
	double total = 0, lost = 0;
	for (size_t at = 0; at < n; at += 1024) {
		double block = sum_block(x + at, n - at < 1024 ? n - at : 1024);
		double next = total + block;
		lost += fabs(total) >= fabs(block) ? (total - next) + block : (block - next) + total;
		total = next;
	}
	return isfinite(total) ? total + lost : total;
}

/* ---- Distributions ---- */

static void turn_handler_off(void)
{
	gsl_set_error_handler_off();
}

void nv_numeric_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, turn_handler_off);
}

double nv_normal_quantile(double p)
{
	nv_numeric_init();
	return p >= 0 && p <= 1 ? gsl_cdf_ugaussian_Pinv(p) : NAN;
}

double nv_normal_cdf(double z)
{
	nv_numeric_init();
	return isnan(z) ? NAN : gsl_cdf_ugaussian_P(z);
}

double nv_beta_quantile(double p, double a, double b)
{
	nv_numeric_init();
	return p >= 0 && p <= 1 && a > 0 && b > 0 ? gsl_cdf_beta_Pinv(p, a, b) : NAN;
}

/* At 1/2 the distribution is symmetric: twice the smaller tail, which is I_1/2(n - k, k + 1) for k < n / 2. */
double nv_binomial_two_sided(uint64_t k, uint64_t n)
{
	nv_numeric_init();
	if (k > n)
		return NAN;
	if (k > n - k)
		k = n - k;
	if (k == n - k)
		return 1.0;
	double p = 2 * gsl_cdf_beta_P(0.5, (double)(n - k), (double)k + 1);
	return p < 1 ? p : 1.0;
}
