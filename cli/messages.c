/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "cli/cli.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void nv_cli_say(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("newsvane: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

void nv_cli_say_error(const nv_error *err)
{
	char text[NV_ERROR_TEXT + NV_ERROR_PATH + 32];
	nv_cli_say("%s", nv_error_format(err, text, sizeof text));
}

static int exit_status(const nv_error *err)
{
	switch (err->code) {
	case NV_OK: return NV_EXIT_OK;
	case NV_E_RECORD: return NV_EXIT_BAD_RECORDS;
	case NV_E_USAGE: return NV_EXIT_USAGE;
	case NV_E_INPUT:
	case NV_E_SCHEMA:
	case NV_E_MODEL: return NV_EXIT_INPUT;
	case NV_E_MEMORY:
	case NV_E_IO:
	case NV_E_CANCELLED: return NV_EXIT_MACHINE;
	}
	return NV_EXIT_MACHINE;
}

int nv_cli_fail(const nv_error *err)
{
	nv_cli_say_error(err);
	return exit_status(err);
}

static void say_bad_record(void *user, const nv_error *err)
{
	(void)user;
	nv_cli_say_error(err);
}

static void say_note(void *user, const char *text)
{
	(void)user;
	nv_cli_say("note: %s", text);
}

const nv_bad_record nv_cli_bad_records = {say_bad_record, NULL};
const nv_notes nv_cli_notes = {say_note, NULL};

/* "N articles, M bad records, …"; exit status 0 or 1. */
static int say_summary(const char *what, const nv_input *input)
{
	nv_input_stats stats = nv_input_get_stats(input);
	fprintf(stderr, "newsvane: %s %" PRIu64 " article%s", what, stats.articles, stats.articles == 1 ? "" : "s");
	if (stats.bad_records)
		fprintf(stderr, "; %" PRIu64 " bad record%s left out", stats.bad_records, stats.bad_records == 1 ? "" : "s");
	if (stats.ill_formed)
		fprintf(stderr, "; %" PRIu64 " ill-formed byte%s read as U+FFFD", stats.ill_formed,
		        stats.ill_formed == 1 ? "" : "s");
	fputc('\n', stderr);
	return stats.bad_records ? NV_EXIT_BAD_RECORDS : NV_EXIT_OK;
}

int nv_cli_end(const nv_cli_args *args, int code, const char *what, const nv_input *input, nv_error *err)
{
	if (code == NV_OK)
		return say_summary(what, input);
	if (code == NV_CLI_READER_GONE)
		return NV_EXIT_OK;
	/* An input without articles is named where there is one alone. */
	if (err->code == NV_E_INPUT && args->n_input <= 1)
		nv_error_place(err, args->n_input && strcmp(args->input[0], "-") != 0 ? args->input[0] : "<stdin>", 0, 0);
	return nv_cli_fail(err);
}
