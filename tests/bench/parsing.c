/* SPDX-License-Identifier: Apache-2.0
 *
 * parsing.c: the throughput of libxml2's HTML parser alone, over pages that lie in one file, "BYTES\n" before each. For crawl.py.
 *
 * usage: parsing FILE [THREADS]   (default 2)
 *
 * Prints two lines, "tree" (htmlReadMemory and xmlFreeDoc for each page, as programs use the parser) and "tags" (its SAX interface as
 * data/markup.c uses it, with callbacks that do nothing): megabytes a second of all threads, and a second of processor time. Every
 * thread takes the next page. All pages are gone through three times.
 */
#include "data/markup.h"

#include <libxml/HTMLparser.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 3, MOST_THREADS = 64 };

typedef struct pages {
	nv_str *page; /* [n] */
	size_t n, bytes;
	atomic_size_t next;
	void (*parse)(nv_str page);
} pages;

static void die(const char *what)
{
	fprintf(stderr, "parsing: %s\n", what);
	exit(3);
}

static void read_pages(pages *all, const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t len, cap = 0;
	if (!file)
		die("can't open the file");
	while (fscanf(file, "%zu", &len) == 1 && fgetc(file) == '\n') {
		if (all->n == cap) {
			cap = cap ? 2 * cap : 1024;
			all->page = realloc(all->page, cap * sizeof *all->page);
		}
		char *bytes = malloc(len + 1);
		if (!all->page || !bytes || fread(bytes, 1, len, file) != len)
			die("can't read the pages");
		all->page[all->n++] = (nv_str){bytes, len};
		all->bytes += len;
	}
	fclose(file);
}

static void parse_tree(nv_str page)
{
	int options = HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_RECOVER;
	xmlFreeDoc(htmlReadMemory(page.ptr, (int)page.len, NULL, "utf-8", options));
}

static void open_tag(void *user, const char *name, const char *const *attribute)
{
	(void)user, (void)name, (void)attribute;
}

static void close_tag(void *user, const char *name)
{
	(void)user, (void)name;
}

static void take_text(void *user, const char *bytes, size_t len)
{
	(void)user, (void)bytes, (void)len;
}

static void parse_tags(nv_str page)
{
	nv_markup_html(page, &(nv_markup){open_tag, close_tag, take_text, NULL}, NULL);
}

static void *work(void *arg)
{
	pages *all = arg;
	for (size_t i; (i = atomic_fetch_add(&all->next, 1)) < ROUNDS * all->n;)
		all->parse(all->page[i % all->n]);
	return NULL;
}

static double seconds(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void measure(pages *all, const char *name, void (*parse)(nv_str page), size_t n_thread)
{
	pthread_t thread[MOST_THREADS];
	double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	all->parse = parse;
	atomic_store(&all->next, 0);
	for (size_t i = 0; i < n_thread; i++) {
		if (pthread_create(&thread[i], NULL, work, all) != 0)
			die("no thread");
	}
	for (size_t i = 0; i < n_thread; i++)
		pthread_join(thread[i], NULL);
	double mb = ROUNDS * (double)all->bytes / 1e6;
	printf("%s %.1f %.1f\n", name, mb / (seconds(CLOCK_MONOTONIC) - wall),
	       mb / (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu));
}

int main(int argc, char **argv)
{
	static pages all;
	long n_thread = argc > 2 ? strtol(argv[2], NULL, 10) : 2;
	if (argc < 2 || argc > 3 || n_thread < 1 || n_thread > MOST_THREADS) {
		fputs("usage: parsing FILE [THREADS]\n", stderr);
		return 2;
	}
	read_pages(&all, argv[1]);
	measure(&all, "tree", parse_tree, (size_t)n_thread);
	measure(&all, "tags", parse_tags, (size_t)n_thread);
	for (size_t i = 0; i < all.n; i++)
		free((void *)(uintptr_t)all.page[i].ptr);
	free(all.page);
	return 0;
}
