/* SPDX-License-Identifier: Apache-2.0
 *
 * boilerplate.h: removes what is page, not article, from pasted text: a site's call to action before a headline, a headline
 * that stands twice, share, subscribe, cookie, sign-in and "Continue reading" lines, photo credits. Works on whole lines of
 * at most 200 bytes; a sentence of the article is never cut. The rules are listed in docs/boilerplate.md.
 */
#ifndef NV_DATA_BOILERPLATE_H
#define NV_DATA_BOILERPLATE_H

#include "base/str.h"

/* Fills title_out and text_out (cleared first) with what is left. False: out of memory. */
bool nv_boilerplate_strip(nv_str title, nv_str text, nv_buf *title_out, nv_buf *text_out);

#endif
