#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_install.sh NEWSVANE BUILD_FOLDER [SANITIZERS]: installs the build into a scratch folder, compiles docs/example against it with
# pkg-config and with CMake, runs it, and sees that the shared library exports newsvane.h's functions and nothing else.
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
newsvane=$1
build=$2
[ -z "${3-}" ] || {
	echo 'skipped: a sanitized library is not for installing'
	exit 77
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cmake --install "$build" --prefix "$scratch/usr" >"$scratch/log" || { cat "$scratch/log"; exit 1; }
lib=$(dirname "$(find "$scratch/usr" -name libnewsvane.a)")

declared=$(sed -n 's/^NV_API[^(]*[ *]\(nv_[a-z0-9_]*\)(.*/\1/p' "$source/newsvane.h" | LC_ALL=C sort)
exported=$(nm -D --defined-only "$lib/libnewsvane.so" | awk '{print $3}' | LC_ALL=C sort)
diff <(echo "$declared") <(echo "$exported") || { echo 'libnewsvane.so exports other names than newsvane.h declares'; exit 1; }

head -n 60 "$source/data/corpus/tech_policy.jsonl" >"$scratch/some.jsonl"
"$newsvane" train --model "$scratch/model" "$scratch/some.jsonl" 2>/dev/null

# The prefix inside newsvane.pc is the configured one: tell pkg-config the real one.
flags=$(PKG_CONFIG_PATH=$lib/pkgconfig pkg-config --define-variable=prefix="$scratch/usr" --cflags --libs newsvane)
# shellcheck disable=SC2086 # a list of flags
cc -std=c17 -Wall -Wextra -Werror "$source/docs/example/classify_one.c" -o "$scratch/example" $flags
article=('Chip maker lifts forecast' 'Orders for artificial intelligence servers rose, and its shares with them.')
LD_LIBRARY_PATH=$lib "$scratch/example" "$scratch/model" "${article[@]}" >"$scratch/out1"

mkdir "$scratch/project"
cat >"$scratch/project/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(example C)
find_package(newsvane 0.1 REQUIRED)
add_executable(shared $source/docs/example/classify_one.c)
target_link_libraries(shared newsvane::newsvane)
add_executable(static $source/docs/example/classify_one.c)
target_link_libraries(static newsvane::newsvane_static)
END
{ cmake -S "$scratch/project" -B "$scratch/project/build" -DCMAKE_PREFIX_PATH="$scratch/usr" &&
	cmake --build "$scratch/project/build"; } >"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }
for kind in shared static; do
	"$scratch/project/build/$kind" "$scratch/model" "${article[@]}" >"$scratch/out2"
	cmp "$scratch/out1" "$scratch/out2"
done
[ -s "$scratch/out1" ] || { echo 'the example printed nothing'; exit 1; }
echo 'install: pkg-config, CMake package, exports and example work'
