/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_options.c: lines NAME=VALUE as options. A value that is taken is given back as text, and that text means the same.
 */
#include "fuzz.h"

#include "newsvane.h"

#include <string.h>

static void set_line(nv_options *options, char *line)
{
	char given[600];
	char *equals = strchr(line, '=');
	nv_error err = {0};
	if (!equals)
		return;
	*equals = '\0';
	int code = nv_options_set(options, line, equals + 1, &err);
	if (code != NV_OK) {
		FUZZ_MUST(code == NV_E_USAGE && err.code == code && err.message[0]);
		return;
	}
	const char *value = nv_options_get(options, line);
	FUZZ_MUST(value && strlen(value) < sizeof given);
	memcpy(given, value, strlen(value) + 1);
	FUZZ_MUST(nv_options_set(options, line, given, NULL) == NV_OK);
	FUZZ_MUST(strcmp(nv_options_get(options, line), given) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	nv_options *options = nv_options_new();
	char *text = malloc(len + 1);
	FUZZ_MUST(options && text);
	if (len)
		memcpy(text, bytes, len);
	text[len] = '\0';
	for (char *line = text, *end; line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		set_line(options, line);
	}
	free(text);
	nv_options_free(options);
	return 0;
}
