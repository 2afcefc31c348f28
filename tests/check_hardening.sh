#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_hardening.sh NEWSVANE BUILD_FOLDER [SANITIZERS]: the program and the shared library are built as docs/reliability.md says:
# position-independent, bound at start with read-only relocations, no executable stack, no text relocations, no search
# path, guarded stacks, checked string functions.
set -eu
newsvane=$1
library=$2/libnewsvane.so
[ -z "${3-}" ] || {
	echo 'skipped: a sanitized build is not for use'
	exit 77
}
failed=0
# holds FILE WHAT COMMAND…: the command succeeds.
holds() {
	local file=$1 what=$2
	shift 2
	"$@" >/dev/null || {
		echo "$(basename "$file"): $what"
		failed=1
	}
}
# Each of these takes a file, and a pattern.
segments() { readelf -lW "$1" | grep -E "$2"; }
dynamic() { readelf -dW "$1" | grep -E "$2"; }
imports() { nm -D --undefined-only "$1" | grep -E "$2"; }
no() { ! "$@"; }

holds "$newsvane" 'is not position-independent' dynamic "$newsvane" 'FLAGS_1.*\bPIE\b'
for file in "$newsvane" "$library"; do
	holds "$file" 'has no read-only relocations' segments "$file" GNU_RELRO
	holds "$file" 'is not bound at start' dynamic "$file" 'FLAGS_1.*\bNOW\b'
	holds "$file" 'names no stack permission' segments "$file" GNU_STACK
	holds "$file" 'has an executable stack' no segments "$file" 'GNU_STACK.* RWE '
	holds "$file" 'has a segment to write and execute' no segments "$file" 'LOAD.* RWE '
	holds "$file" 'has text relocations' no dynamic "$file" TEXTREL
	holds "$file" 'has a library search path' no dynamic "$file" 'RPATH|RUNPATH'
	holds "$file" 'has no stack protector' imports "$file" __stack_chk_fail
	holds "$file" 'has no checked string functions' imports "$file" '__v?snprintf_chk'
done
[ "$failed" -eq 0 ] || exit 1
echo 'hardening: program and shared library are as they should be'
