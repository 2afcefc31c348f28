/* SPDX-License-Identifier: Apache-2.0 */
#include "data/stem.h"

#include "base/alloc.h"

#include <libstemmer.h>
#include <limits.h>
#include <string.h>

struct nv_stemmer {
	struct sb_stemmer *snowball;
	const char *name; /* libstemmer's, static */
};

static const char *find_name(const char *name)
{
	for (const char **known = sb_stemmer_list(); *known; known++) {
		if (strcmp(*known, name) == 0)
			return *known;
	}
	return NULL;
}

bool nv_stemmer_known(const char *name)
{
	return find_name(name) != NULL;
}

void nv_stemmer_names(nv_buf *out)
{
	const char **first = sb_stemmer_list();
	for (const char **known = first; *known; known++) {
		nv_buf_add_str(out, known == first ? "" : ", ");
		nv_buf_add_str(out, *known);
	}
}

nv_stemmer *nv_stemmer_new(const char *name)
{
	const char *known = find_name(name);
	nv_stemmer *stemmer = known ? nv_alloc(1, sizeof *stemmer) : NULL;
	if (!stemmer)
		return NULL;
	*stemmer = (nv_stemmer){sb_stemmer_new(known, "UTF_8"), known};
	if (stemmer->snowball)
		return stemmer;
	nv_free(stemmer);
	return NULL;
}

void nv_stemmer_free(nv_stemmer *stemmer)
{
	if (!stemmer)
		return;
	sb_stemmer_delete(stemmer->snowball);
	nv_free(stemmer);
}

bool nv_stemmer_is(const nv_stemmer *stemmer, const char *name)
{
	return strcmp(stemmer->name, name) == 0;
}

nv_str nv_stem(nv_stemmer *stemmer, nv_str word)
{
	if (word.len > INT_MAX)
		return word;
	const sb_symbol *stem = sb_stemmer_stem(stemmer->snowball, (const sb_symbol *)word.ptr, (int)word.len);
	if (!stem)
		return (nv_str){NULL, 0};
	return (nv_str){(const char *)stem, (size_t)sb_stemmer_length(stemmer->snowball)};
}
