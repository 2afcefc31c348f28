#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# lint.sh [FILE…]: clang-tidy (.clang-tidy), cppcheck and gcc -fanalyzer over the library and the program, or over the C files named.
# What they are right about is mended; an exception stands at its line with the reason. Status 0: nothing found.
# Takes some ten minutes on two cores. Build folder: build-lint/, or $NV_LINT_BUILD.
set -u
cd "$(dirname "$0")/.." || exit 2
. scripts/common.sh

build=${NV_LINT_BUILD:-build-lint}
failed=()
# shellcheck disable=SC2086 # a list of words
need $build_packages clang clang-tidy cppcheck || exit 1

if [ $# -gt 0 ]; then
	files=("$@")
else
	mapfile -t files < <(find base data models train classify eval cli newsvane.c -name '*.c' | LC_ALL=C sort)
fi

# each NAME COMMAND…: the command on each file, as many at a time as there are cores; what it says is shown.
each() {
	local name=$1
	shift
	say "$name: ${#files[@]} files"
	printf '%s\0' "${files[@]}" | xargs -0 -P "$(jobs_here)" -n 1 "$@" || failed+=("$name")
}

mkdir -p "$build"
say 'configuring'
cmake -S . -B "$build" -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_C_COMPILER_LAUNCHER= -DNV_TESTS=OFF >"$build/cmake.log" 2>&1 ||
	{ tail -n 20 "$build/cmake.log"; exit 1; }

each clang-tidy clang-tidy -p "$build" --quiet

say "cppcheck: ${#files[@]} files"
cppcheck --quiet --std=c17 --language=c --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
	-j "$(jobs_here)" -I . -D _GNU_SOURCE -D NV_VERSION='"0"' -D NV_XML2_SONAME='"libxml2.so"' -D __BYTE_ORDER__=1234 -D __ORDER_LITTLE_ENDIAN__=1234 \
	--suppress=missingIncludeSystem "${files[@]}" || failed+=(cppcheck)

# Other warnings than the analyzer's are the build's matter. -O1 folds what would make it see paths that are none.
read -ra xml <<<"$(pkg-config --cflags libxml-2.0)" # the one library whose headers lie in a folder of their own
each 'gcc -fanalyzer' gcc -std=c17 -O1 -fanalyzer -Werror -D_GNU_SOURCE -DNV_VERSION='"0"' -DNV_XML2_SONAME='"libxml2.so"' -I. "${xml[@]}" -c -o /dev/null

[ ${#failed[@]} -eq 0 ] && { say 'nothing found'; exit 0; }
say "found something: ${failed[*]}"
exit 1
