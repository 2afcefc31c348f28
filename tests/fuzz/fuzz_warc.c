/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_warc.c: any bytes as a file of a web crawl: WARC records, HTTP messages in them, chunked and packed bodies, pages in those. The
 * first byte being odd makes --max-record 256.
 */
#include "articles.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	fuzz_read_format(NV_FORMAT_WARC, bytes, len);
	return 0;
}
