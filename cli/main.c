/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* glibc's heap for this program. It keeps ever larger freed blocks for itself, the more a program frees: a training's arrays shall go back to
 * the system at once. And it grows in small steps, each page of which is a fault: its first piece is taken at once, for huge pages, and
 * kept. What is not touched takes no memory. */
static void set_up_heap(void)
{
#ifdef M_MMAP_THRESHOLD
	enum { OWN_MAPPING = 4 << 20, PIECE = 64 << 20, MORE_THAN_THERE_IS = 1 << 20, STEP = 128 << 10 };
	(void)mallopt(M_MMAP_THRESHOLD, OWN_MAPPING);
	(void)mallopt(M_TOP_PAD, PIECE);
	void *block = malloc(MORE_THAN_THERE_IS);
	uintptr_t start = (uintptr_t)block & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1), end = (uintptr_t)sbrk(0);
	if (block && start < end) /* else another allocator's, as a sanitizer's */
		(void)madvise((void *)start, end - start, MADV_HUGEPAGE);
	(void)mallopt(M_TOP_PAD, STEP); /* threads' own heaps would grow by it too */
	(void)mallopt(M_TRIM_THRESHOLD, 2 * PIECE);
	free(block);
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
	set_up_heap();
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
