/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <malloc.h>
#include <string.h>

/* glibc keeps ever larger freed blocks for itself, the more a program frees; a training's arrays shall go back to the system at once. */
static void give_memory_back(void)
{
#ifdef M_MMAP_THRESHOLD
	(void)mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
}

static int run_command(const nv_cli_command *command, int argc, char **argv)
{
	nv_error err = {0};
	nv_cli_args args;
	bool help = false;
	int status;
	if (nv_cli_parse(&args, command, argc, argv, &help, &err) != NV_OK) {
		status = nv_cli_fail(&err);
	} else if (help) {
		status = nv_cli_print_help(command);
	} else {
		status = command->run(&args);
	}
	if (status == NV_EXIT_USAGE)
		nv_cli_say("try: newsvane %s --help", command->name);
	nv_cli_args_release(&args);
	nv_cli_die_if_interrupted();
	return status;
}

int main(int argc, char **argv)
{
	give_memory_back();
	nv_cli_watch_signals();
	if (argc < 2) {
		nv_cli_say("no command given; try: newsvane help");
		return NV_EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0)
		return nv_cli_print_version(argc - 2);
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return nv_cli_help(argc - 2, argv + 2);
	const nv_cli_command *command = nv_cli_find(argv[1]);
	if (!command) {
		nv_cli_say("no command \"%s\"; try: newsvane help", argv[1]);
		return NV_EXIT_USAGE;
	}
	return run_command(command, argc - 2, argv + 2);
}
