/* SPDX-License-Identifier: Apache-2.0
 *
 * newsvane_pages SOURCE OUT: writes OUT/PAGE for each man page with a template SOURCE/docs/man/PAGE.in, and OUT/newsvane.bash,
 * OUT/_newsvane (zsh) and OUT/newsvane.fish.
 */
#include "cli/pages.h"

#include "base/error.h"

#include <string.h>

enum { PAGE_MAX = 1 << 20 };

/* ---- Options as one list ---- */

static void add_own(const nv_cli_command *command, nv_page_option *option, size_t *n)
{
	for (size_t i = 0; i < command->n_option; i++) {
		const nv_cli_option *own = &command->option[i];
		option[(*n)++] = (nv_page_option){own->name, own->value, "", own->help, "", own->required};
	}
	option[(*n)++] = (nv_page_option){"progress", NULL, "", "show progress even when stderr is no terminal", "", false};
	option[(*n)++] = (nv_page_option){"help", NULL, "", "print a summary of the options", "", false};
}

static bool has_group(const nv_page_option *option, size_t n, const char *group)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(option[i].group, group) == 0)
			return true;
	return false;
}

static void add_group(const nv_cli_command *command, const char *group, nv_page_option *option, size_t *n)
{
	nv_option_info info;
	for (size_t i = 0; nv_option_describe(i, &info) && *n < NV_PAGE_OPTIONS_MAX; i++)
		if ((info.commands & command->command) && strcmp(info.group, group) == 0)
			option[(*n)++] = (nv_page_option){info.name, info.value, info.value && info.initial ? info.initial : "",
			                                  info.help, info.group, false};
}

size_t nv_page_options(const nv_cli_command *command, nv_page_option option[NV_PAGE_OPTIONS_MAX])
{
	size_t n = 0;
	nv_option_info info;
	add_own(command, option, &n);
	for (size_t i = 0; nv_option_describe(i, &info); i++)
		if ((info.commands & command->command) && !has_group(option, n, info.group))
			add_group(command, info.group, option, &n);
	return n;
}

nv_str nv_page_choice(const char **at)
{
	while (**at) {
		nv_str word = {*at, strcspn(*at, "|")};
		*at += word.len + ((*at)[word.len] == '|');
		if (word.len && !(word.ptr[0] >= 'A' && word.ptr[0] <= 'Z'))
			return word;
	}
	return (nv_str){NULL, 0};
}

/* ---- Files ---- */

static int write_page(const char *folder, const char *name, nv_buf *page, nv_error *err)
{
	nv_buf path = NV_BUF_INIT;
	nv_output *output = NULL;
	nv_buf_addf(&path, "%s/%s", folder, name);
	int code = page->failed || path.failed ? nv_fail_memory(err) : nv_output_open(&output, nv_buf_cstr(&path), err);
	if (code == NV_OK) {
		nv_output_write(output, page->ptr, page->len, err);
		code = nv_output_commit(output, err);
	}
	nv_buf_release(&path);
	return code;
}

static int read_text(const char *folder, const char *name, const char *ending, nv_buf *out, nv_error *err)
{
	nv_buf path = NV_BUF_INIT;
	nv_buf_addf(&path, "%s/%s%s", folder, name, ending);
	int code = nv_file_read(nv_buf_cstr(&path), PAGE_MAX, out, err);
	nv_buf_release(&path);
	return code;
}

typedef struct folders {
	const char *source, *out;
} folders;

static int man_page(const folders *in, const char *name, const nv_cli_command *command, nv_str header, nv_error *err)
{
	nv_buf template = NV_BUF_INIT, page = NV_BUF_INIT, path = NV_BUF_INIT;
	nv_buf_addf(&path, "docs/man/%s", name);
	int code = read_text(in->source, nv_buf_cstr(&path), ".in", &template, err);
	if (code == NV_OK) {
		nv_page_fill(&page, (nv_str){template.ptr, template.len}, command, header);
		code = write_page(in->out, name, &page, err);
	}
	nv_buf_release(&path);
	nv_buf_release(&page);
	nv_buf_release(&template);
	return code;
}

static int command_pages(const folders *in, nv_error *err)
{
	int code = NV_OK;
	for (size_t i = 0; code == NV_OK && nv_cli_at(i); i++) {
		nv_buf name = NV_BUF_INIT;
		nv_buf_addf(&name, "newsvane-%s.1", nv_cli_at(i)->name);
		code = man_page(in, nv_buf_cstr(&name), nv_cli_at(i), (nv_str){NULL, 0}, err);
		nv_buf_release(&name);
	}
	return code;
}

static int other_pages(const folders *in, nv_error *err)
{
	nv_buf header = NV_BUF_INIT;
	nv_str none = {NULL, 0};
	int code = read_text(in->source, "newsvane.h", "", &header, err);
	if (code == NV_OK)
		code = man_page(in, "newsvane.3", NULL, (nv_str){header.ptr, header.len}, err);
	if (code == NV_OK)
		code = man_page(in, "newsvane.1", NULL, none, err);
	if (code == NV_OK)
		code = man_page(in, "newsvane-model.5", NULL, none, err);
	nv_buf_release(&header);
	return code;
}

static int completions(const folders *in, nv_error *err)
{
	static const struct {
		const char *name;
		void (*write)(nv_buf *out);
	} shell[] = {{"newsvane.bash", nv_page_bash}, {"_newsvane", nv_page_zsh}, {"newsvane.fish", nv_page_fish}};
	int code = NV_OK;
	for (size_t i = 0; code == NV_OK && i < sizeof shell / sizeof *shell; i++) {
		nv_buf page = NV_BUF_INIT;
		shell[i].write(&page);
		code = write_page(in->out, shell[i].name, &page, err);
		nv_buf_release(&page);
	}
	return code;
}

int main(int argc, char **argv)
{
	nv_error err = {0};
	if (argc != 3) {
		nv_cli_say("usage: newsvane_pages SOURCE OUT");
		return NV_EXIT_USAGE;
	}
	folders in = {argv[1], argv[2]};
	int code = command_pages(&in, &err);
	if (code == NV_OK)
		code = other_pages(&in, &err);
	if (code == NV_OK)
		code = completions(&in, &err);
	return code == NV_OK ? NV_EXIT_OK : nv_cli_fail(&err);
}
