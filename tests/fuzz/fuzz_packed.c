/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_packed.c: any bytes as compressed data. The first byte chooses: its low two bits the packing, the next three how many bytes the
 * unpacker is given at a time, the last three how many it has room for. Whatever the steps, the same comes out; what is short enough
 * is then read as a file of JSON Lines.
 */
#include "articles.h"
#include "fuzz.h"

#include "base/unpack.h"

enum { MOST = 1 << 14 }; /* bytes unpacked; a few bytes can hold any number */

/* Unpacks in steps until the input or the room ends; false: damaged, or cut short. */
static bool unpack(nv_packing packing, const uint8_t *bytes, size_t len, size_t in_step, size_t out_step, nv_buf *out)
{
	nv_unpacker *unpacker;
	int code = nv_unpacker_new(&unpacker, packing, NULL);
	size_t at = 0;
	FUZZ_MUST(code == NV_OK && nv_buf_reserve(out, MOST));
	while (code == NV_OK && out->len < MOST) {
		nv_error err = {0};
		size_t n = len - at < in_step ? len - at : in_step,
			   room = MOST - out->len < out_step ? MOST - out->len : out_step;
		nv_unpack_io io = {bytes + at, n, (unsigned char *)out->ptr + out->len, room};
		code = nv_unpacker_step(unpacker, &io, &err);
		FUZZ_MUST(io.n_in <= n && io.n_out <= room && (code == NV_OK || (code == NV_E_INPUT && err.message[0])));
		at += n - io.n_in;
		out->len += room - io.n_out;
		if (code == NV_OK && at == len && io.n_out > 0)
			break;
		FUZZ_MUST(code != NV_OK || n > io.n_in || room > io.n_out); /* something moves */
	}
	bool whole = code == NV_OK && nv_unpacker_is_whole(unpacker);
	nv_unpacker_free(unpacker);
	return whole;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const size_t steps[] = {1, 2, 3, 7, 64, 1000, 4096, MOST};
	nv_buf once = NV_BUF_INIT, pieces = NV_BUF_INIT;
	if (len == 0)
		return 0;
	nv_packing packing = (nv_packing)(NV_GZIP + (bytes[0] & 3));
	bool whole = unpack(packing, bytes + 1, len - 1, len, MOST, &once);
	bool again = unpack(packing, bytes + 1, len - 1, steps[bytes[0] >> 2 & 7], steps[bytes[0] >> 5], &pieces);
	FUZZ_MUST(once.len == MOST || whole == again);
	FUZZ_MUST(!whole || nv_str_eq((nv_str){once.ptr, once.len}, (nv_str){pieces.ptr, pieces.len}));
	if (once.len < MOST) {
		const nv_input_options options = fuzz_input_options(NV_FORMAT_JSONL);
		fuzz_read_file(&options, bytes + 1, len - 1);
	}
	nv_buf_release(&once);
	nv_buf_release(&pieces);
	return 0;
}
