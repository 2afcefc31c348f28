/* SPDX-License-Identifier: Apache-2.0
 *
 * Eight lanes of 64 bits, each `lane = rotate(lane ^ word) * odd`: for given other words, the map from a word to the
 * lane and from the lane to the result is one to one, so a change within one word always shows. The lanes are
 * independent, so that the processor overlaps their multiplications; the speed is that of memory.
 */
#include "models/block.h"

#include <string.h>

#define LANES 8
#define STRIPE (LANES * sizeof(uint64_t))
#define MULTIPLIER 0x9E3779B97F4A7C15u /* 2^64 / golden ratio, odd */
#define FINISHER 0xD6E8FEB86659FD93u   /* odd, balanced bits (Mulvey's rrmxmx) */

static uint64_t rotate(uint64_t x, int by)
{
	return (x << by) | (x >> (64 - by));
}

static void take_stripe(uint64_t lane[LANES], const unsigned char *bytes)
{
	uint64_t word[LANES];
	memcpy(word, bytes, STRIPE);
	for (int i = 0; i < LANES; i++)
		lane[i] = rotate(lane[i] ^ word[i], 29) * MULTIPLIER;
}

static uint64_t finish(uint64_t x)
{
	x = (x ^ (x >> 32)) * FINISHER;
	x = (x ^ (x >> 32)) * FINISHER;
	return x ^ (x >> 32);
}

uint64_t nv_checksum(uint64_t seed, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint64_t lane[LANES], sum = seed;
	for (int i = 0; i < LANES; i++)
		lane[i] = finish(seed + (uint64_t)(i + 1) * FINISHER);
	for (; len >= STRIPE; len -= STRIPE, at += STRIPE)
		take_stripe(lane, at);
	if (len > 0) {
		unsigned char last[STRIPE] = {0};
		memcpy(last, at, len);
		take_stripe(lane, last);
	}
	for (int i = 0; i < LANES; i++)
		sum = finish(rotate(sum, 23) ^ lane[i]) + MULTIPLIER;
	return sum;
}

uint64_t nv_header_checksum(const nv_file_header *header, const void *rest, size_t len)
{
	nv_file_header copy = *header;
	copy.checksum = 0;
	return nv_checksum(nv_checksum(0, &copy, sizeof copy), rest, len);
}
