/* SPDX-License-Identifier: Apache-2.0
 *
 * nv_cores of parallel.h: the cores that the scheduler may give us, less where a container's quota (cgroup v2 cpu.max, of our
 * group or one above it) allows fewer.
 */
#include "base/file.h"
#include "base/number.h"
#include "base/parallel.h"

#include <sched.h>
#include <string.h>

#define CGROUP_ROOT "/sys/fs/cgroup"
#define SMALL_FILE 65536

static size_t affinity_cores(void)
{
	for (int cpus = 1024; cpus <= 1 << 18; cpus *= 4) { /* larger masks until the kernel's fits */
		cpu_set_t *set = CPU_ALLOC((size_t)cpus);
		if (!set)
			return 1;
		size_t size = CPU_ALLOC_SIZE((size_t)cpus);
		int count = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 0;
		CPU_FREE(set);
		if (count > 0)
			return (size_t)count;
	}
	return 1;
}

/* "QUOTA PERIOD" in microseconds, or "max PERIOD": cores rounded up, SIZE_MAX for no limit. */
static size_t quota_cores(const char *text)
{
	int64_t quota, period;
	const char *space = strchr(text, ' ');
	if (!space)
		return SIZE_MAX;
	nv_str rest = {space + 1, strcspn(space + 1, " \n")};
	if (!nv_number_parse_int((nv_str){text, (size_t)(space - text)}, &quota) || !nv_number_parse_int(rest, &period) ||
	    quota <= 0 || period <= 0)
		return SIZE_MAX;
	return (size_t)((quota - 1) / period + 1);
}

static size_t group_cores(const char *group, size_t len, nv_buf *path, nv_buf *text)
{
	nv_buf_clear(path);
	nv_buf_clear(text);
	nv_buf_addf(path, CGROUP_ROOT "%.*s/cpu.max", (int)len, group);
	if (nv_file_read(nv_buf_cstr(path), SMALL_FILE, text, NULL) != NV_OK)
		return SIZE_MAX;
	return quota_cores(nv_buf_cstr(text));
}

/* Our group's path is the line "0::/PATH" of /proc/self/cgroup. */
static size_t cgroup_cores(void)
{
	nv_buf own = NV_BUF_INIT, path = NV_BUF_INIT, text = NV_BUF_INIT;
	size_t least = SIZE_MAX;
	const char *group = NULL;
	if (nv_file_read("/proc/self/cgroup", SMALL_FILE, &own, NULL) == NV_OK)
		group = strstr(nv_buf_cstr(&own), "0::/");
	size_t len = group ? strcspn(group + 3, "\n") : 0;
	while (len > 0) {
		size_t cores = group_cores(group + 3, len, &path, &text);
		least = cores < least ? cores : least;
		do
			len--;
		while (len > 0 && group[3 + len] != '/');
	}
	if (group) {
		size_t cores = group_cores("", 0, &path, &text);
		least = cores < least ? cores : least;
	}
	nv_buf_release(&text);
	nv_buf_release(&path);
	nv_buf_release(&own);
	return least;
}

size_t nv_cores(void)
{
	size_t cores = affinity_cores(), quota = cgroup_cores();
	return quota < cores ? quota : cores;
}
