/* SPDX-License-Identifier: Apache-2.0
 *
 * SIGINT and SIGTERM set a flag that the progress callback sees within 50 ms: the library call under way returns NV_E_CANCELLED, temporary
 * files are removed, and the program then dies of the same signal, as shells expect.
 * While there is nothing to clean up (nv_cli_let_signals_kill) it dies at once: reads and writes may block for good, and a step of
 * training may be long.
 */
#include "cli/cli.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t caught, at_once, line_shown;

static void on_signal(int signal_number)
{
	caught = signal_number;
	if (at_once) {
		if (line_shown)
			(void)!write(STDERR_FILENO, NV_CLI_ERASE, sizeof NV_CLI_ERASE - 1);
		signal(signal_number, SIG_DFL);
		raise(signal_number);
	}
}

/* A mapped file has lost the page that was read: another program has cut it short. Nothing can go on from here. */
static void catch_bus_error(int signal_number, siginfo_t *info, void *context)
{
	static const char text[] = "newsvane: a model in use was cut short by another program\n";
	(void)context;
	if (info->si_code != BUS_ADRERR) {
		signal(signal_number, SIG_DFL);
		raise(signal_number);
		return;
	}
	(void)!write(STDERR_FILENO, text, strlen(text));
	_exit(NV_EXIT_INPUT);
}

void nv_cli_watch_signals(void)
{
	const int watched[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = on_signal};
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof watched / sizeof *watched; i++) {
		struct sigaction old;
		if (sigaction(watched[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) /* nohup's wish is kept */
			sigaction(watched[i], &action, NULL);
	}
	struct sigaction bus_error = {.sa_sigaction = catch_bus_error, .sa_flags = SA_SIGINFO};
	sigemptyset(&bus_error.sa_mask);
	sigaction(SIGBUS, &bus_error, NULL);
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is seen as a failed write, and is quiet */
}

void nv_cli_let_signals_kill(bool let)
{
	at_once = let;
	if (let)
		nv_cli_die_if_interrupted();
}

void nv_cli_line_is_shown(bool shown)
{
	line_shown = shown;
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
