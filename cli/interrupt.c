/* SPDX-License-Identifier: Apache-2.0
 *
 * SIGINT and SIGTERM set a flag that the progress callback sees within 50 ms: the library call under way returns NV_E_CANCELLED, temporary
 * files are removed, and the program then dies of the same signal, as shells expect.
 */
#include "cli/cli.h"

#include <signal.h>

static volatile sig_atomic_t caught;

static void catch(int signal_number)
{
	caught = signal_number;
}

void nv_cli_watch_signals(void)
{
	const int watched[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = catch};
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof watched / sizeof *watched; i++) {
		struct sigaction old;
		if (sigaction(watched[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) /* nohup's wish is kept */
			sigaction(watched[i], &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is seen as a failed write, and is quiet */
}

bool nv_cli_interrupted(void)
{
	return caught != 0;
}

void nv_cli_die_if_interrupted(void)
{
	if (!caught)
		return;
	signal(caught, SIG_DFL);
	raise(caught);
}
