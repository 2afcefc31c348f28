/* SPDX-License-Identifier: Apache-2.0
 *
 * The K strongest of n terms by a heap of K whose root is the weakest, then sorted: n log K steps.
 */
#include "classify/why.h"

#include "base/alloc.h"
#include "base/number.h"

#include <math.h>
#include <stdlib.h>

/* Below 0: a comes before b. */
static int compare(const nv_contribution *a, const nv_contribution *b)
{
	double x = fabs(a->value), y = fabs(b->value);
	if (x != y)
		return x > y ? -1 : 1;
	return nv_str_cmp(a->term, b->term);
}

static int compare_void(const void *a, const void *b)
{
	return compare(a, b);
}

static void sift_down(nv_contribution *heap, size_t n, size_t at)
{
	for (;;) {
		size_t child = 2 * at + 1;
		if (child >= n)
			return;
		if (child + 1 < n && compare(&heap[child + 1], &heap[child]) > 0)
			child++;
		if (compare(&heap[at], &heap[child]) >= 0)
			return;
		nv_contribution swap = heap[at];
		heap[at] = heap[child];
		heap[child] = swap;
		at = child;
	}
}

static size_t strongest(const nv_contribution *term, size_t n, size_t k, nv_contribution *heap)
{
	size_t held = n < k ? n : k;
	for (size_t i = 0; i < held; i++)
		heap[i] = term[i];
	for (size_t i = held / 2; i-- > 0;)
		sift_down(heap, held, i);
	for (size_t i = held; i < n; i++) {
		if (held == 0 || compare(&term[i], &heap[0]) >= 0)
			continue;
		heap[0] = term[i];
		sift_down(heap, held, 0);
	}
	if (held > 1)
		qsort(heap, held, sizeof *heap, compare_void);
	return held;
}

static void add_number(nv_buf *out, double x)
{
	char text[NV_NUMBER_TEXT];
	nv_buf_add(out, text, nv_number_format(text, x));
}

int nv_why_find(const nv_model *model, nv_scratch *scratch, uint32_t score, size_t k, const nv_contribution **term,
                size_t *n, nv_error *err)
{
	const nv_contribution *all;
	size_t n_all;
	int code = nv_score_explain(model, scratch->scorer, score, &all, &n_all, err);
	if (code < 0)
		return code;
	if (!nv_grow(&scratch->strongest, &scratch->cap_strongest, (n_all < k ? n_all : k) + 1, sizeof *scratch->strongest))
		return nv_fail_memory(err);
	*n = strongest(all, n_all, k, scratch->strongest);
	*term = scratch->strongest;
	return NV_OK;
}

double nv_why_rest(double bias, const nv_contribution *term, size_t n, double margin)
{
	double shown = bias;
	for (size_t i = 0; i < n; i++)
		shown += term[i].value;
	return margin - shown;
}

static void write_terms(const nv_contribution *term, size_t n, double bias, double margin, nv_buf *out)
{
	nv_buf_add_str(out, "{\"bias\": ");
	add_number(out, bias);
	nv_buf_add_str(out, ", \"terms\": [");
	for (size_t i = 0; i < n; i++) {
		nv_buf_add_str(out, i > 0 ? ", [" : "[");
		nv_json_escape(out, term[i].term);
		nv_buf_add_str(out, ", ");
		add_number(out, term[i].value);
		nv_buf_add_char(out, ']');
	}
	nv_buf_add_str(out, "], \"rest\": ");
	add_number(out, nv_why_rest(bias, term, n, margin));
	nv_buf_add_str(out, ", \"margin\": ");
	add_number(out, margin);
	nv_buf_add_char(out, '}');
}

int nv_why_write(const nv_model *model, nv_scratch *scratch, uint32_t score, double margin, size_t k, nv_buf *out,
                 nv_error *err)
{
	const nv_contribution *term;
	size_t n;
	int code = nv_why_find(model, scratch, score, k, &term, &n, err);
	if (code < 0)
		return code;
	write_terms(term, n, model->bias[score], margin, out);
	return out->failed ? nv_fail_memory(err) : NV_OK;
}
