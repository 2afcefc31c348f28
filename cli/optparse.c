/* SPDX-License-Identifier: Apache-2.0
 *
 * "--name value", "--name=value" and, for flags, "--name" alone; "--" ends the options; "-" is standard input. A library option goes to
 * nv_options_set, which checks it; the program's own are kept as text.
 */
#include "base/alloc.h"
#include "base/error.h"
#include "cli/cli.h"

#include <string.h>

/* One step through argv. */
typedef struct cursor {
	int argc, at;
	char **argv;
} cursor;

static const nv_cli_option *find_own(const nv_cli_command *command, const char *name, size_t *index)
{
	for (size_t i = 0; i < command->n_option; i++) {
		if (strcmp(command->option[i].name, name) == 0) {
			*index = i;
			return &command->option[i];
		}
	}
	return NULL;
}

static bool find_library(const nv_cli_command *command, const char *name, nv_option_info *info)
{
	for (size_t i = 0; nv_option_describe(i, info); i++)
		if ((info->commands & command->command) && strcmp(info->name, name) == 0)
			return true;
	return false;
}

/* The value of the option under the cursor: what stands behind '=', or the next argument; "yes" for a flag alone. */
static int take_value(cursor *c, const char *name, const char *equals, bool flag, const char **value, nv_error *err)
{
	if (equals)
		*value = equals + 1;
	else if (flag)
		*value = "yes";
	else if (c->at + 1 < c->argc)
		*value = c->argv[++c->at];
	else
		return nv_fail(err, NV_E_USAGE, "--%s needs a value", name);
	return NV_OK;
}

static int set_own(nv_cli_args *args, size_t index, const char *value, nv_error *err)
{
	const nv_cli_option *option = &args->command->option[index];
	if (option->value && !*value)
		return nv_fail(err, NV_E_USAGE, "--%s: expected %s, found nothing", option->name, option->value);
	args->value[index] = value;
	return NV_OK;
}

static int parse_option(nv_cli_args *args, cursor *c, bool *help, nv_error *err)
{
	const char *text = c->argv[c->at] + 2;
	const char *equals = strchr(text, '=');
	char name[64];
	size_t len = equals ? (size_t)(equals - text) : strlen(text);
	if (len >= sizeof name)
		return nv_fail(err, NV_E_USAGE, "unknown option --%.60s…", text);
	memcpy(name, text, len);
	name[len] = '\0';

	const char *value = "";
	nv_option_info info;
	size_t index = 0;
	const nv_cli_option *own = find_own(args->command, name, &index);
	if (strcmp(name, "help") == 0) {
		*help = true;
		return NV_OK;
	}
	if (nv_cli_has_progress(args->command) && strcmp(name, "progress") == 0) {
		args->progress = true;
		return NV_OK;
	}
	if (own) {
		int code = take_value(c, name, equals, !own->value, &value, err);
		return code == NV_OK ? set_own(args, index, value, err) : code;
	}
	if (find_library(args->command, name, &info)) {
		int code = take_value(c, name, equals, !info.value, &value, err);
		return code == NV_OK ? nv_options_set(args->options, name, value, err) : code;
	}
	return nv_fail(err, NV_E_USAGE, "unknown option --%s", name);
}

bool nv_cli_has_progress(const nv_cli_command *command)
{
	return command->command != 0;
}

static int check_required(const nv_cli_args *args, nv_error *err)
{
	for (size_t i = 0; i < args->command->n_option; i++)
		if (args->command->option[i].required && !args->value[i])
			return nv_fail(err, NV_E_USAGE, "--%s %s is missing", args->command->option[i].name,
			               args->command->option[i].value);
	return NV_OK;
}

int nv_cli_parse(nv_cli_args *args, const nv_cli_command *command, int argc, char **argv, bool *help, nv_error *err)
{
	*args = (nv_cli_args){.command = command};
	args->value = nv_alloc_zero(command->n_option, sizeof *args->value);
	args->input = nv_alloc_zero((size_t)argc, sizeof *args->input);
	args->options = nv_options_new();
	if (!args->value || !args->input || !args->options)
		return nv_fail_memory(err);
	bool options_ended = false;
	for (cursor c = {argc, 0, argv}; c.at < argc; c.at++) {
		const char *arg = argv[c.at];
		if (!options_ended && strcmp(arg, "--") == 0) {
			options_ended = true;
		} else if (!options_ended && strncmp(arg, "--", 2) == 0) {
			int code = parse_option(args, &c, help, err);
			if (code != NV_OK || *help)
				return code;
		} else if (!options_ended && arg[0] == '-' && arg[1]) {
			return nv_fail(err, NV_E_USAGE, "unknown option %s (options begin with --)", arg);
		} else {
			args->input[args->n_input++] = arg;
		}
	}
	return check_required(args, err);
}

void nv_cli_args_release(nv_cli_args *args)
{
	nv_free(args->value);
	nv_free(args->input);
	nv_options_free(args->options);
}

const char *nv_cli_value(const nv_cli_args *args, const char *name)
{
	size_t index = 0;
	return find_own(args->command, name, &index) ? args->value[index] : NULL;
}
