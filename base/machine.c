/* SPDX-License-Identifier: Apache-2.0
 *
 * nv_cores of parallel.h and nv_memory_limit of alloc.h: what the system may give us, less where a container's quota (cgroup v2 cpu.max
 * and memory.max, of our group or one above it) allows less.
 */
#include "base/alloc.h"
#include "base/file.h"
#include "base/number.h"
#include "base/parallel.h"

#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

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

/* "QUOTA PERIOD" in microseconds, or "max PERIOD": cores rounded up, UINT64_MAX for no limit. */
static uint64_t quota_cores(const char *text)
{
	int64_t quota, period;
	const char *space = strchr(text, ' ');
	if (!space)
		return UINT64_MAX;
	nv_str rest = {space + 1, strcspn(space + 1, " \n")};
	if (!nv_number_parse_int((nv_str){text, (size_t)(space - text)}, &quota) || !nv_number_parse_int(rest, &period) ||
	    quota <= 0 || period <= 0)
		return UINT64_MAX;
	return (uint64_t)((quota - 1) / period + 1);
}

/* Bytes, or "max". */
static uint64_t quota_bytes(const char *text)
{
	int64_t bytes;
	bool ok = nv_number_parse_int((nv_str){text, strcspn(text, "\n")}, &bytes) && bytes >= 0;
	return ok ? (uint64_t)bytes : UINT64_MAX;
}

/* A file of a group, and how its text is read. */
typedef struct quota {
	const char *file;
	uint64_t (*read)(const char *text);
} quota;

static uint64_t group_quota(const quota *q, const char *group, size_t len, nv_buf *path, nv_buf *text)
{
	nv_buf_clear(path);
	nv_buf_clear(text);
	nv_buf_addf(path, CGROUP_ROOT "%.*s/%s", (int)len, group, q->file);
	if (nv_file_read(nv_buf_cstr(path), SMALL_FILE, text, NULL) != NV_OK)
		return UINT64_MAX;
	return q->read(nv_buf_cstr(text));
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* The least of our group's and of those above it. Our group's path is the line "0::/PATH" of /proc/self/cgroup. */
static uint64_t least_quota(const quota *q)
{
	nv_buf own = NV_BUF_INIT, path = NV_BUF_INIT, text = NV_BUF_INIT;
	uint64_t least = UINT64_MAX;
	const char *group = NULL;
	if (nv_file_read("/proc/self/cgroup", SMALL_FILE, &own, NULL) == NV_OK)
		group = strstr(nv_buf_cstr(&own), "0::/");
	size_t len = group ? strcspn(group + 3, "\n") : 0;
	while (len > 0) {
		least = smaller(least, group_quota(q, group + 3, len, &path, &text));
		do
			len--;
		while (len > 0 && group[3 + len] != '/');
	}
	if (group)
		least = smaller(least, group_quota(q, "", 0, &path, &text));
	nv_buf_release(&text);
	nv_buf_release(&path);
	nv_buf_release(&own);
	return least;
}

size_t nv_cores(void)
{
	return (size_t)smaller(affinity_cores(), least_quota(&(quota){"cpu.max", quota_cores}));
}

uint64_t nv_memory_limit(void)
{
	struct rlimit space;
	long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
	uint64_t limit = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : UINT64_MAX;
	if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY)
		limit = smaller(limit, space.rlim_cur);
	return smaller(limit, least_quota(&(quota){"memory.max", quota_bytes}));
}
