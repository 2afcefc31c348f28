#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_install.sh NEWSVANE BUILD_FOLDER [SANITIZERS]: installs the build into a scratch folder, compiles docs/example against it with
# pkg-config and with CMake, runs it, and sees that the shared library exports newsvane.h's functions and nothing else,
# and that the man pages, completions and the Python package are there.
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
build=$2 # $1, the program, is installed from there
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

# Every page of the build, and each shell's completion.
for page in "$build"/pages/*.[1-9]; do
	[ -e "$scratch/usr/share/man/man${page##*.}/${page##*/}" ] || { echo "not installed: ${page##*/}"; exit 1; }
done
for file in bash-completion/completions/newsvane zsh/site-functions/_newsvane fish/vendor_completions.d/newsvane.fish; do
	[ -e "$scratch/usr/share/$file" ] || { echo "not installed: $file"; exit 1; }
done

fixtures=$source/tests/fixtures
"$scratch/usr/bin/newsvane" train --schema "$fixtures/desk.json" --model "$scratch/model" "$fixtures/desk.jsonl" 2>"$scratch/log" ||
	{ cat "$scratch/log"; exit 1; }
article=('A late goal' 'The striker scored twice and the keeper saved a penalty.')
# says PROGRAM…: it classifies the article as it should.
says() {
	"$@" "$scratch/model" "${article[@]}" >"$scratch/out"
	grep -qE '^desk: kitchen=0\.[0-9]+ \*sport=[01]\.[0-9]+ weather=0\.[0-9]+$' "$scratch/out" ||
		{ echo "$1 printed:"; cat "$scratch/out"; exit 1; }
}

# compile OUTPUT PKG_CONFIG_OPTIONS…: by pkg-config. The prefix inside newsvane.pc is the configured one: tell it the real one.
compile() {
	local output=$1 flags
	shift
	flags=$(PKG_CONFIG_PATH=$lib/pkgconfig pkg-config --define-variable=prefix="$scratch/usr" --cflags --libs "$@" newsvane)
	[ "$output" = shared ] || flags=${flags/-lnewsvane/-l:libnewsvane.a}
	# shellcheck disable=SC2086 # a list of flags
	cc -std=c17 -Wall -Wextra -Werror "$source/docs/example/classify_one.c" -o "$scratch/$output" $flags
}
compile shared
says env LD_LIBRARY_PATH="$lib" "$scratch/shared"
compile static --static
! ldd "$scratch/static" | grep -q newsvane || { echo 'the static example needs libnewsvane.so'; exit 1; }
says "$scratch/static"

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
	says "$scratch/project/build/$kind"
done
package=$(find "$scratch/usr/lib" -type d -path '*/dist-packages')
if [ -d "$build/python" ]; then
	LD_LIBRARY_PATH=$lib PYTHONPATH=$package /usr/bin/python3 -B -c 'import newsvane, sys; newsvane.load(sys.argv[1])' "$scratch/model"
fi
echo 'install: pkg-config, CMake package, exports and example work'
