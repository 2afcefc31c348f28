/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void draw(nv_cli_progress *p, const char *phase, uint64_t done, uint64_t total)
{
	if (total)
		fprintf(stderr, "\r%s: %3.0f%%\033[K", phase, 100.0 * (double)done / (double)total);
	else
		fprintf(stderr, "\r%s: %" PRIu64 "\033[K", phase, done);
	p->shown = true;
	nv_cli_line_is_shown(true);
}

/* Shown after the first second, ten times a second at most. */
static int report(void *user, const char *phase, uint64_t done, uint64_t total)
{
	nv_cli_progress *p = user;
	double t = now();
	if (nv_cli_interrupted())
		return 1;
	if (p->enabled && t - p->started > 1.0 && t - p->drawn > 0.1) {
		draw(p, phase, done, total);
		p->drawn = t;
	}
	return 0;
}

void nv_cli_progress_init(nv_cli_progress *progress, bool asked)
{
	*progress = (nv_cli_progress){.enabled = asked || isatty(STDERR_FILENO), .started = now()};
	progress->progress = (nv_progress){report, progress};
}

void nv_cli_progress_end(nv_cli_progress *progress)
{
	if (progress->shown)
		fputs(NV_CLI_ERASE, stderr);
	progress->shown = false;
	nv_cli_line_is_shown(false);
}
