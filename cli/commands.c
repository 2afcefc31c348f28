/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <string.h>

static const nv_cli_command *const commands[] = {
    &nv_cmd_train, &nv_cmd_classify, &nv_cmd_eval, &nv_cmd_crossval, &nv_cmd_inspect,
};

const nv_cli_command *nv_cli_at(size_t index)
{
	return index < sizeof commands / sizeof *commands ? commands[index] : NULL;
}

const nv_cli_command *nv_cli_find(const char *name)
{
	for (size_t i = 0; nv_cli_at(i); i++)
		if (strcmp(nv_cli_at(i)->name, name) == 0)
			return nv_cli_at(i);
	return NULL;
}
