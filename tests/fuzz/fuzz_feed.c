/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_feed.c: any bytes as a news feed: XML in whatever encoding, items, HTML in those. The first byte being odd makes --max-record 256.
 */
#include "articles.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	fuzz_read_format(NV_FORMAT_FEED, bytes, len);
	return 0;
}
