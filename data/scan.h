/* SPDX-License-Identifier: Apache-2.0
 *
 * scan.h: what the bytes of a stretch are to the tokenizer's fast path, a bit a byte, found 64 at a time.
 */
#ifndef NV_DATA_SCAN_H
#define NV_DATA_SCAN_H

#include <stddef.h>
#include <stdint.h>

#define NV_SCAN_MAX 4096 /* bytes of a stretch */
#define NV_SCAN_SPAN 64  /* bytes that nv_scan_bits tells of at once */

typedef struct nv_scan {
	const unsigned char *from;
	size_t n;
	/* Bit i of element k: byte 64 * k + i. Behind the stretch all bits of `word` are 0. */
	uint64_t word[NV_SCAN_MAX / 64 + 1]; /* ASCII letters, digits and '_' */
	/* What wants a closer look, or a byte behind it, up to the start of the next word: bytes that are not ASCII,
	 * ampersands, apostrophes, '#', '@', '!' and '?'; a full stop unless a word is right behind it; a full stop or comma
	 * between digits; a blank line. No other byte between words does more than part them. */
	uint64_t special[NV_SCAN_MAX / 64 + 1];
	/* The bytes with ASCII letters in lower case; then 16 zeros or more. */
	unsigned char folded[NV_SCAN_MAX + NV_SCAN_SPAN];
} nv_scan;

/* Of from[n], n at most NV_SCAN_MAX; from begins a word or a text. The portable twin does the same, byte by byte. */
void nv_scan_bytes(nv_scan *scan, const unsigned char *from, size_t n);
void nv_scan_bytes_portable(nv_scan *scan, const unsigned char *from, size_t n);

/* The 64 bits from bit `at` on, at < NV_SCAN_MAX. */
static inline uint64_t nv_scan_bits(const uint64_t *bits, size_t at)
{
	const uint64_t *pair = bits + at / 64;
	/* Two shifts, since one by 64 is not defined. */
	return pair[0] >> at % 64 | pair[1] << 1 << (63 - at % 64);
}

#endif
