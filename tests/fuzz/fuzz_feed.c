/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_feed.c: any bytes as a news feed: XML in whatever encoding, items, HTML in those. The first byte being odd makes --max-record 256.
 */
#include "articles.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len == 0)
		return 0;
	nv_input_options options = fuzz_input_options(NV_FORMAT_FEED);
	if (bytes[0] & 1)
		options.max_record = 256;
	nv_input_stats stats = fuzz_read_file(&options, bytes + 1, len - 1);
	FUZZ_MUST(stats.articles + stats.bad_records <= len);
	return 0;
}
