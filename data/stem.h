/* SPDX-License-Identifier: Apache-2.0
 *
 * stem.h: Snowball's stemmers (Porter 2001, snowballstem.org) by libstemmer, whose only user this is. A stemmer belongs
 * to one thread. libstemmer takes its few hundred bytes from malloc, not from the library's allocator.
 */
#ifndef NV_DATA_STEM_H
#define NV_DATA_STEM_H

#include "base/str.h"

typedef struct nv_stemmer nv_stemmer;

bool nv_stemmer_known(const char *name);      /* "english", "german", … */
void nv_stemmer_names(nv_buf *out);           /* all, with ", " between them */
nv_stemmer *nv_stemmer_new(const char *name); /* NULL: unknown name or out of memory */
void nv_stemmer_free(nv_stemmer *stemmer);
bool nv_stemmer_is(const nv_stemmer *stemmer, const char *name);

/* The stem of a folded word, valid until the next call; ptr NULL: out of memory. */
nv_str nv_stem(nv_stemmer *stemmer, nv_str word);

#endif
