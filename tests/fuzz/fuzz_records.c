/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_records.c: files of records. The first byte chooses: its low two bits the format (JSON Lines, JSON array, text), bit 2 whether
 * boilerplate is stripped, bits 3 to 5 (being 1) whether the bytes go the whole way of a file, cut into blocks, with --max-record 64,
 * or are parsed as one block; bits 6 and 7, when one is set, make it a file of CSV or TSV.
 */
#include "articles.h"
#include "fuzz.h"

static const nv_format formats[] = {NV_FORMAT_JSONL, NV_FORMAT_JSON, NV_FORMAT_TXT, NV_FORMAT_JSONL};

/* The whole way of a file. */
static void read_file(const nv_input_options *options, const uint8_t *bytes, size_t len)
{
	nv_input_stats stats = fuzz_read_file(options, bytes, len);
	FUZZ_MUST(stats.articles + stats.bad_records <= len + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len == 0)
		return 0;
	nv_input_options options = fuzz_input_options(formats[bytes[0] & 3]);
	options.strip_boilerplate = bytes[0] & 4;
	if (bytes[0] >> 6) {
		options.format = bytes[0] >> 6 == 2 ? NV_FORMAT_TSV : NV_FORMAT_CSV;
		read_file(&options, bytes + 1, len - 1);
	} else if ((bytes[0] >> 3 & 7) == 1) {
		options.max_record = 64;
		read_file(&options, bytes + 1, len - 1);
	} else {
		fuzz_parse_block(&options, bytes + 1, len - 1);
	}
	return 0;
}
