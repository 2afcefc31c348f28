/* SPDX-License-Identifier: Apache-2.0
 *
 * check_faults.c: the whole program in this process, with faults made at every place in turn: each allocation, each write, sync,
 * rename, close, read, open and map. What must hold each time: the exit status that SPEC.md names, a message, nothing leaked,
 * the old output or the whole new one, and no temporary file. The linker hands the system calls to the __wrap_ functions here
 * (--wrap). NV_FAULTS=all makes every allocation fail; without it at most FEW of each command do.
 */
#include "base/alloc.h"
#include "check_main.h"
#include "faulty_alloc.h"
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>

#define FEW 30
#define FIXTURES "tests/fixtures/"

int newsvane_main(int argc, char **argv); /* cli/main.c's main, renamed by the build */

/* ---- System calls that fail when told to ---- */

typedef enum call { CALL_WRITE, CALL_FSYNC, CALL_RENAME, CALL_CLOSE, CALL_READ, CALL_OPEN, CALL_MMAP, N_CALL } call;

static struct {
	call which;
	long left;            /* calls of that kind until the one that fails; negative: none does */
	int reason;           /* errno */
	bool shorter;         /* write: takes half of the bytes instead of failing */
	void (*before)(void); /* instead of failing, this happens before the call */
} fault;

/* True: this call is the one that fails. */
static bool fails(call which)
{
	if (which != fault.which)
		return false;
	if (fault.left < 0 || fault.left-- != 0)
		return false;
	if (fault.before) {
		fault.before();
		return false;
	}
	errno = fault.reason;
	return true;
}

ssize_t __real_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len)
{
	if (!fails(CALL_WRITE))
		return __real_write(fd, bytes, len);
	return fault.shorter ? __real_write(fd, bytes, (len + 1) / 2) : -1;
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
	return fails(CALL_FSYNC) ? -1 : __real_fsync(fd);
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to)
{
	return fails(CALL_RENAME) ? -1 : __real_rename(from, to);
}

int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	bool failed = fails(CALL_CLOSE);
	int reason = errno, code = __real_close(fd);
	if (!failed)
		return code;
	errno = reason;
	return -1;
}

ssize_t __real_read(int fd, void *bytes, size_t len);
ssize_t __wrap_read(int fd, void *bytes, size_t len);
ssize_t __wrap_read(int fd, void *bytes, size_t len)
{
	return fails(CALL_READ) ? -1 : __real_read(fd, bytes, len);
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	return fails(CALL_OPEN) ? -1 : __real_open(path, flags, mode);
}

void *__real_mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
	return fails(CALL_MMAP) ? MAP_FAILED : __real_mmap(at, len, protection, flags, fd, offset);
}

/* ---- The program ---- */

static scratch dir;
static char model[300], output[300], errors[300], printed[300], input[300];

typedef struct command {
	const char *name;
	const char *arg[20]; /* NULL at the end; "MODEL", "OUTPUT" and "INPUT" stand for the scratch folder's files */
	const char *writes;  /* the file that must be old or whole: model or output */
} command;

static const command train = {
	"train", {"train", "--threads", "1", "--schema", FIXTURES "desk.json", "--model", "OUTPUT", "INPUT"}, output};
static const command classify = {
	"classify",
	{"classify", "--threads", "1", "--model", "MODEL", "--explain", "2", "--output", "OUTPUT", "INPUT"},
	output};
static const command classify_csv = {
	"classify to standard output", {"classify", "--threads", "1", "--model", "MODEL", "--to", "csv", "INPUT"}, printed};
static const command eval = {
	"eval", {"eval", "--threads", "1", "--draws", "20", "--model", "MODEL", "--json", "OUTPUT", "INPUT"}, output};
static const command eval_html = {
	"eval --html",
	{"eval", "--threads", "1", "--draws", "20", "--model", "MODEL", "--html", "OUTPUT", "INPUT"},
	output};
static const command crossval = {"crossval",
                                 {"crossval", "--threads", "1", "--draws", "20", "--folds", "2", "--schema",
                                  FIXTURES "desk.json", "--predictions", "OUTPUT", "INPUT"},
                                 output};
static const command inspect = {"inspect", {"inspect", "--json", "--verify", "MODEL"}, printed};

static const command *const commands[] = {&train, &classify, &classify_csv, &eval, &eval_html, &crossval, &inspect};
enum { N_COMMAND = sizeof commands / sizeof *commands };

static const char *stands_for(const char *arg)
{
	return strcmp(arg, "MODEL") == 0    ? model
	       : strcmp(arg, "OUTPUT") == 0 ? output
	       : strcmp(arg, "INPUT") == 0  ? input
	                                    : arg;
}

static int replace_fd(int fd, const char *path)
{
	int kept = dup(fd), file = __real_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ck_assert_int_ge(file, 0);
	ck_assert_int_ge(dup2(file, fd), 0);
	__real_close(file);
	return kept;
}

static void restore_fd(int fd, int kept)
{
	dup2(kept, fd);
	__real_close(kept);
}

/* Runs the program with standard output and error in files; returns its exit status. */
static int run(const command *c)
{
	char *argv[24] = {"newsvane"};
	int argc = 1;
	for (; c->arg[argc - 1]; argc++)
		argv[argc] = (char *)stands_for(c->arg[argc - 1]);
	int out = replace_fd(STDOUT_FILENO, printed), err = replace_fd(STDERR_FILENO, errors);
	int status = newsvane_main(argc, argv);
	restore_fd(STDERR_FILENO, err);
	restore_fd(STDOUT_FILENO, out);
	return status;
}

static char *read_text(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	char *text = calloc(1, 1 << 20);
	ck_assert_ptr_nonnull(text);
	*len = file ? fread(text, 1, (1 << 20) - 1, file) : 0;
	if (file)
		fclose(file);
	return text;
}

static bool says(const char *what)
{
	size_t len;
	char *text = read_text(errors, &len);
	bool found = strstr(text, what) != NULL;
	free(text);
	return found;
}

typedef struct bytes {
	char *ptr;
	size_t len;
} bytes;

static bytes contents(const char *path)
{
	bytes b;
	b.ptr = read_text(path, &b.len);
	return b;
}

static bool holds(const char *path, bytes expected)
{
	bytes now = contents(path);
	bool same = now.len == expected.len && memcmp(now.ptr, expected.ptr, now.len) == 0;
	free(now.ptr);
	return same;
}

static const char old_text[] = "what was there before";

static void make_old(void)
{
	scratch_write(&dir, "output", old_text);
}

static void keep_path(char to[300], const char *name)
{
	snprintf(to, 300, "%.280s", scratch_path(&dir, name));
}

/* A few articles of each label, and a model of them. */
static void setup(void)
{
	scratch_open(&dir);
	keep_path(model, "model");
	keep_path(output, "output");
	keep_path(errors, "errors");
	keep_path(printed, "printed");
	keep_path(input, "input.jsonl");
	fault.left = -1;
	bytes all = contents(FIXTURES "desk.jsonl");
	char *end = all.ptr;
	for (int line = 0; line < 18 && (end = strchr(end, '\n')); line++)
		end++;
	ck_assert_ptr_nonnull(end);
	*end = '\0';
	scratch_write(&dir, "input.jsonl", all.ptr);
	free(all.ptr);
	scratch_write(&dir, "printed", "");
	scratch_write(&dir, "errors", "");
	ck_assert_int_eq(run(&train), 0);
	ck_assert_int_eq(__real_rename(output, model), 0);
	make_old();
}

static void teardown(void)
{
	scratch_close(&dir);
}

/* What the command writes when nothing fails. */
static bytes reference(const command *c)
{
	make_old();
	int status = run(c);
	ck_assert_msg(status == 0, "%s: status %d", c->name, status);
	bytes whole = contents(c->writes);
	ck_assert_uint_gt(whole.len, 0);
	make_old();
	return whole;
}

/* After a run with a fault: nothing half done. */
static void check_files(const command *c, bytes whole, int status, size_t n_file, long n)
{
	bytes old = {(char *)old_text, sizeof old_text - 1};
	if (status == 0)
		ck_assert_msg(holds(c->writes, whole), "%s, fault %ld: status 0 without the whole output", c->name, n);
	else if (c->writes == output)
		ck_assert_msg(holds(output, old) || holds(output, whole), "%s, fault %ld: half an output", c->name, n);
	ck_assert_msg(scratch_count(&dir) == n_file, "%s, fault %ld: a file was left", c->name, n);
}

/* ---- Memory ---- */

static bool wants_all(void)
{
	const char *wanted = getenv("NV_FAULTS");
	return wanted && strcmp(wanted, "all") == 0;
}

/* Makes the n-th allocation fail, with `ever` all after it too. */
static void fail_allocation(const command *c, long n, bool ever, bytes whole)
{
	size_t n_file = scratch_count(&dir);
	make_old();
	faulty_on(n);
	faulty.once = !ever;
	int status = run(c);
	long held = faulty_off();
	ck_assert_msg(status == 4 || (status == 0 && !ever), "%s, allocation %ld: status %d", c->name, n, status);
	ck_assert_msg(held == 0, "%s, allocation %ld: %ld pieces leaked", c->name, n, held);
	ck_assert_msg(status == 0 || says("out of memory"), "%s, allocation %ld: no message", c->name, n);
	check_files(c, whole, status, n_file, n);
}

static long count_allocations(const command *c)
{
	faulty_on(1L << 60);
	ck_assert_int_eq(run(c), 0);
	long n = (1L << 60) - faulty.left;
	ck_assert_int_eq(faulty_off(), 0);
	return n;
}

START_TEST(every_allocation_fails)
{
	const command *c = commands[_i];
	bytes whole = reference(c);
	long n = count_allocations(c), step = wants_all() || n < FEW ? 1 : n / FEW;
	ck_assert_int_gt(n, 20);
	/* The last allocations may be ones that a run can do without. */
	for (long i = 0; i < n; i += step)
		fail_allocation(c, i, false, whole);
	for (long i = 0; i < n / 2; i += step)
		fail_allocation(c, i, true, whole);
	if (wants_all())
		printf("%s: each of %ld allocations failed\n", c->name, n);
	free(whole.ptr);
}
END_TEST

/* ---- Input and output ---- */

/* Failing to write is 4, to read 3, or 1 for an input in the middle of a run. Some calls can be done without: closing what was read,
 * syncing the folder, opening it, reading the number of cores. */
static bool may_end_with(call which, int reason, int status)
{
	if (reason == 0 || reason == EINTR)
		return status == 0;
	switch (which) {
	case CALL_WRITE:
	case CALL_RENAME:
		return status == 4;
	case CALL_FSYNC:
	case CALL_CLOSE:
		return status == 4 || status == 0;
	case CALL_READ:
		return status == 3 || status == 1 || status == 0;
	case CALL_OPEN:
		return status != 2;
	default:
		return status == (reason == ENOMEM ? 4 : 3);
	}
}

/* The n-th call fails; false when there are not so many. */
static bool fail_call(const command *c, call which, long n, int reason, bytes whole)
{
	size_t n_file = scratch_count(&dir);
	make_old();
	fault.which = which;
	fault.left = n;
	fault.reason = reason;
	int status = run(c);
	bool reached = fault.left < 0;
	fault.left = -1;
	if (!reached) {
		ck_assert_int_eq(status, 0);
		return false;
	}
	ck_assert_msg(may_end_with(which, reason, status), "%s, call %d number %ld, errno %d: status %d", c->name, which, n,
	              reason, status);
	if (status != 0 && status != 1)
		ck_assert_msg(says("newsvane: "), "%s, call %d number %ld: no message", c->name, which, n);
	if (status != 1)
		check_files(c, whole, status, n_file, n);
	return true;
}

START_TEST(every_call_fails)
{
	static const struct {
		call which;
		int reason;
	} faults[] = {{CALL_WRITE, ENOSPC},  {CALL_WRITE, EIO},   {CALL_FSYNC, EIO},
	              {CALL_RENAME, EACCES}, {CALL_CLOSE, EIO},   {CALL_READ, EIO},
	              {CALL_OPEN, EMFILE},   {CALL_MMAP, ENODEV}, {CALL_MMAP, ENOMEM}};
	const command *c = commands[_i];
	bytes whole = reference(c);
	long made = 0;
	for (size_t f = 0; f < sizeof faults / sizeof *faults; f++)
		for (long n = 0; fail_call(c, faults[f].which, n, faults[f].reason, whole); n++)
			made++;
	ck_assert_int_gt(made, 3);
	free(whole.ptr);
}
END_TEST

/* A disk may take less than it is given at a time: the rest is given again. */
START_TEST(writes_may_be_short)
{
	for (size_t c = 0; c < N_COMMAND; c++) {
		bytes whole = reference(commands[c]);
		fault.shorter = true;
		for (long n = 0; fail_call(commands[c], CALL_WRITE, n, 0, whole); n++)
			ck_assert(holds(commands[c]->writes, whole));
		fault.shorter = false;
		free(whole.ptr);
	}
}
END_TEST

/* A signal that interrupts a call without asking for an end changes nothing. */
START_TEST(calls_may_be_interrupted)
{
	static const call interrupted[] = {CALL_WRITE, CALL_READ};
	for (size_t c = 0; c < N_COMMAND; c++) {
		bytes whole = reference(commands[c]);
		for (size_t i = 0; i < sizeof interrupted / sizeof *interrupted; i++)
			for (long n = 0; fail_call(commands[c], interrupted[i], n, EINTR, whole); n++)
				ck_assert(holds(commands[c]->writes, whole));
		free(whole.ptr);
	}
}
END_TEST

/* ---- What others do meanwhile ---- */

static int run_with(const command *c, call when, long n, void (*what)(void))
{
	make_old();
	fault.which = when;
	fault.left = n;
	fault.before = what;
	int status = run(c);
	ck_assert_msg(fault.left < 0, "%s: call %d was not made %ld times", c->name, when, n);
	fault.left = -1;
	fault.before = NULL;
	return status;
}

static void shrink_input(void)
{
	struct stat info;
	ck_assert_int_eq(stat(input, &info), 0);
	ck_assert_int_eq(truncate(input, info.st_size / 2), 0);
}

/* What is read is what counts: the articles before the cut, and a bad record where it is. */
START_TEST(input_may_shrink_while_it_is_read)
{
	ck_assert_int_eq(run_with(&classify, CALL_READ, 0, shrink_input), 1);
	ck_assert(says("input.jsonl:"));
	ck_assert(says("1 bad record left out"));
	bytes b = contents(output);
	ck_assert_uint_gt(b.len, 100);
	ck_assert_int_eq(b.ptr[b.len - 1], '\n');
	free(b.ptr);
}
END_TEST

static void remove_input(void)
{
	ck_assert_int_eq(unlink(input), 0);
}

START_TEST(input_may_vanish)
{
	ck_assert_int_eq(run_with(&classify, CALL_MMAP, 0, remove_input),
	                 3); /* the model is mapped once the input has been looked at */
	ck_assert(says("can't open: No such file or directory"));
	ck_assert(holds(output, (bytes){(char *)old_text, sizeof old_text - 1}));
}
END_TEST

static void move_folder(void)
{
	char moved[300];
	snprintf(moved, sizeof moved, "%.280s.moved", dir.dir);
	ck_assert_int_eq(__real_rename(dir.dir, moved), 0);
	memcpy(dir.dir, moved, strlen(moved) + 1);
}

START_TEST(output_folder_may_vanish)
{
	ck_assert_int_eq(run_with(&classify, CALL_FSYNC, 0, move_folder), 4);
	keep_path(errors, "errors");
	keep_path(output, "output");
	ck_assert(says("can't rename the finished file: No such file or directory"));
	ck_assert(holds(output, (bytes){(char *)old_text, sizeof old_text - 1}));
}
END_TEST

/* Another program replaces a model as train does, by a rename: who has the old one open goes on with it. */
static void replace_model(void)
{
	const char *other = scratch_write(&dir, "other", "not a model");
	ck_assert_int_eq(__real_rename(other, model), 0);
}

START_TEST(model_may_be_replaced_while_in_use)
{
	bytes whole = reference(&classify);
	ck_assert_int_eq(run_with(&classify, CALL_READ, 0, replace_model), 0);
	ck_assert(holds(output, whole));
	ck_assert_int_eq(run(&classify), 3);
	ck_assert(says("not a newsvane model"));
	free(whole.ptr);
}
END_TEST

static Suite *faults_suite(void)
{
	Suite *suite = suite_create("faults");
	TCase *errors_case = tcase_create("Errors");
	tcase_add_checked_fixture(errors_case, setup, teardown);
	tcase_set_timeout(errors_case, wants_all() ? 3600 : 60);
	tcase_add_loop_test(errors_case, every_allocation_fails, 0, N_COMMAND);
	tcase_add_loop_test(errors_case, every_call_fails, 0, N_COMMAND);
	tcase_add_test(errors_case, writes_may_be_short);
	tcase_add_test(errors_case, calls_may_be_interrupted);
	tcase_add_test(errors_case, input_may_shrink_while_it_is_read);
	tcase_add_test(errors_case, input_may_vanish);
	tcase_add_test(errors_case, output_folder_may_vanish);
	tcase_add_test(errors_case, model_may_be_replaced_while_in_use);
	suite_add_tcase(suite, errors_case);
	return suite;
}

NV_CHECK_MAIN(faults_suite)
