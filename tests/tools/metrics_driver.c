/* SPDX-License-Identifier: Apache-2.0
 *
 * metrics_driver.c: nv_metrics (newsvane.h) as a filter, for tests/reference/metrics.py. Each line of standard input is a case,
 *   {"kind": "multiclass", "labels": ["a", …], "gold": [[0, 1, …], …], "p": [[…], …], "chosen": [[…], …]}
 * and gives one JSON object on standard output. No bootstrap.
 */
#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "newsvane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct metrics_case {
	nv_task_kind kind;
	size_t n, n_label;
	const char **label;
	uint8_t *gold, *chosen;
	double *p;
} metrics_case;

static nv_task_kind kind_of(const char *name)
{
	return strcmp(name, "multilabel") == 0 ? NV_MULTILABEL : strcmp(name, "stance") == 0 ? NV_STANCE : NV_MULTICLASS;
}

/* Each number of a list of rows. */
static void read_rows(const nv_json *rows, uint8_t *bits, double *numbers)
{
	size_t at = 0;
	for (const nv_json *row = nv_json_first(rows); row; row = nv_json_next(row))
		for (const nv_json *cell = nv_json_first(row); cell; cell = nv_json_next(cell), at++) {
			if (bits)
				bits[at] = nv_json_number(cell) > 0;
			if (numbers)
				numbers[at] = nv_json_number(cell);
		}
}

static void read_case(const nv_json *root, metrics_case *c)
{
	const nv_json *labels = nv_json_member(root, "labels"), *gold = nv_json_member(root, "gold");
	size_t l = 0;
	c->kind = kind_of(nv_json_string(nv_json_member(root, "kind")));
	c->n = nv_json_size(gold);
	c->n_label = nv_json_size(labels);
	c->label = nv_alloc(c->n_label, sizeof *c->label);
	c->gold = nv_alloc_zero(c->n * c->n_label, 1);
	c->chosen = nv_alloc_zero(c->n * c->n_label, 1);
	c->p = nv_alloc_zero(c->n * c->n_label, sizeof *c->p);
	if (!c->label || !c->gold || !c->chosen || !c->p)
		abort();
	for (const nv_json *label = nv_json_first(labels); label; label = nv_json_next(label))
		c->label[l++] = nv_json_string(label);
	read_rows(gold, c->gold, NULL);
	read_rows(nv_json_member(root, "chosen"), c->chosen, NULL);
	read_rows(nv_json_member(root, "p"), NULL, c->p);
}

static void release_case(metrics_case *c)
{
	nv_free(c->p);
	nv_free(c->chosen);
	nv_free(c->gold);
	nv_free(c->label);
}

static int print(void *user, const char *bytes, size_t len)
{
	return fwrite(bytes, 1, len, user) == len ? 0 : 1;
}

static int run_line(nv_str line, const nv_options *options, nv_error *err)
{
	nv_json *root = NULL;
	metrics_case c = {0};
	const nv_sink sink = {print, stdout};
	int code = nv_json_parse(&root, line, "<stdin>", err);
	if (code == NV_OK) {
		read_case(root, &c);
		code = nv_metrics(c.kind, c.n, c.n_label, c.label, c.gold, c.p, c.chosen, options, &sink, err);
		release_case(&c);
	}
	nv_json_free(root);
	return code;
}

int main(void)
{
	nv_buf input = NV_BUF_INIT;
	nv_error err = {0};
	char text[600];
	nv_options *options = nv_options_new();
	int code = options ? nv_options_set(options, "draws", "0", &err) : NV_E_MEMORY;
	if (code == NV_OK)
		code = nv_file_read("-", (size_t)1 << 30, &input, &err);
	for (size_t from = 0; code == NV_OK && from < input.len;) {
		const char *end = memchr(input.ptr + from, '\n', input.len - from);
		size_t len = end ? (size_t)(end - input.ptr) - from : input.len - from;
		code = run_line((nv_str){input.ptr + from, len}, options, &err);
		from += len + 1;
	}
	if (code != NV_OK)
		fprintf(stderr, "metrics_driver: %s\n", nv_error_format(&err, text, sizeof text));
	nv_buf_release(&input);
	nv_options_free(options);
	return code == NV_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
