/* SPDX-License-Identifier: Apache-2.0
 *
 * What the two compared models are, in words: how each was trained, and the numbers of differences as text.
 */
#include "eval/compare.h"
#include "eval/table.h"

#include <math.h>

/* ---- Numbers ---- */

static void put_signed(nv_buf *out, double x)
{
	if (x >= 0.0005)
		nv_buf_add_char(out, '+');
	nv_text_number(out, x);
}

void nv_difference_text(nv_buf *out, nv_figure b_less_a)
{
	if (isnan(b_less_a.value)) {
		nv_buf_add_str(out, "n/a");
		return;
	}
	put_signed(out, b_less_a.value);
	if (isnan(b_less_a.low) || isnan(b_less_a.high))
		return;
	nv_buf_add_str(out, " [");
	put_signed(out, b_less_a.low);
	nv_buf_add_str(out, ", ");
	put_signed(out, b_less_a.high);
	nv_buf_add_char(out, ']');
}

void nv_p_text(nv_buf *out, double p)
{
	if (p < 0.001)
		nv_buf_add_str(out, "< .001");
	else
		nv_text_number(out, p);
}

/* ---- What the two are ---- */

static void put_trained(nv_buf *out, const char *model, uint64_t n)
{
	if (n > 0)
		nv_buf_addf(out, " %s was trained on %llu articles.", model, (unsigned long long)n);
}

void nv_comparison_intro(const nv_report *report, nv_buf *out)
{
	const nv_comparison *comparison = report->comparison;
	if (report->run.crossval)
		nv_buf_addf(
			out,
			"A is trained with the options of the report, B with some of them changed, both on the same %zu folds.",
			report->run.n_fold);
	else
		nv_buf_add_str(
			out,
			"A is the model that the report is about, B the one that it is compared with, both on the same articles.");
	put_trained(out, "A", report->run.n_training);
	put_trained(out, "B", comparison->n_training);
	if (comparison->n_option == 0)
		nv_buf_add_str(out, " Both were trained with the same options.");
	for (size_t i = 0; i < comparison->n_option; i++) {
		const nv_option_difference *option = &comparison->option[i];
		nv_buf_addf(out, "%s%s (A %s, B %s)", i == 0 ? " Options that differ: " : ", ", option->name, option->a,
		            option->b);
	}
	if (comparison->n_option > 0)
		nv_buf_add_char(out, '.');
}

/* ---- Options that differ ---- */

static const char *option_text(const nv_json *value)
{
	const char *text = nv_json_string(value);
	return text && *text ? text : "none";
}

static bool add_option(nv_comparison *comparison, const char *name, const nv_json *a, const nv_json *b)
{
	nv_arena *arena = &comparison->arena;
	nv_option_difference *to = &comparison->option[comparison->n_option++];
	*to = (nv_option_difference){nv_arena_dup(arena, nv_str_of(name)), nv_arena_dup(arena, nv_str_of(option_text(a))),
	                             nv_arena_dup(arena, nv_str_of(option_text(b)))};
	return to->name && to->a && to->b;
}

static bool same_text(const nv_json *a, const nv_json *b)
{
	return nv_str_eq(nv_str_of(option_text(a)), nv_str_of(option_text(b)));
}

static int list_options(nv_comparison *comparison, const nv_json *a, const nv_json *b, nv_error *err)
{
	size_t n = nv_json_size(a) + nv_json_size(b);
	comparison->option = nv_arena_alloc(&comparison->arena, n + 1, sizeof *comparison->option);
	bool ok = comparison->option != NULL;
	for (const nv_json *at = nv_json_first(a); ok && at; at = nv_json_next(at)) {
		const nv_json *other = nv_json_member(b, nv_json_name(at));
		if (!same_text(at, other))
			ok = add_option(comparison, nv_json_name(at), at, other);
	}
	for (const nv_json *at = nv_json_first(b); ok && at; at = nv_json_next(at))
		if (!nv_json_member(a, nv_json_name(at)))
			ok = add_option(comparison, nv_json_name(at), NULL, at);
	return ok ? NV_OK : nv_fail_memory(err);
}

int nv_compare_trainings(nv_report *report, nv_error *err)
{
	nv_json *a = NULL, *b = NULL;
	nv_str of_a = report->run.model, of_b = report->comparison->model;
	int code = nv_json_parse(&a, of_a.len ? of_a : nv_str_of("{}"), "the record of A", err);
	if (code == NV_OK)
		code = nv_json_parse(&b, of_b.len ? of_b : nv_str_of("{}"), "the record of B", err);
	if (code == NV_OK)
		code = list_options(report->comparison, nv_json_member(a, "options"), nv_json_member(b, "options"), err);
	nv_json_free(b);
	nv_json_free(a);
	return code;
}
