/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz.h: what the targets share. A target takes any bytes and must come back: no crash, no leak, no endless loop. What must hold besides
 * is checked with FUZZ_MUST, which aborts. libFuzzer calls a target millions of times (scripts/fuzz.sh); replay.c gives it
 * a main that runs files once, for the tests.
 */
#ifndef NV_TESTS_FUZZ_H
#define NV_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define FUZZ_MUST(condition)                                                               \
	do {                                                                                   \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                       \
		}                                                                                  \
	} while (0)

#endif
