/* SPDX-License-Identifier: Apache-2.0
 *
 * html_files.h: the sources of the HTML report (eval/html/) as bytes, put into the library by the build (cmake/embed.cmake), and the
 * sums by which the page's Content-Security-Policy allows its one style sheet and its one script.
 */
#ifndef NV_EVAL_HTML_FILES_H
#define NV_EVAL_HTML_FILES_H

#include <stddef.h>

extern const unsigned char nv_html_page[], nv_html_style[], nv_html_script[]; /* UTF-8, without a final NUL */
extern const size_t nv_html_page_len, nv_html_style_len, nv_html_script_len;
extern const char nv_html_style_sha256[], nv_html_script_sha256[]; /* "sha256-…" */

#endif
