#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_arm64.sh NEWSVANE: an aarch64 build, run by qemu-user, writes the same models and outputs as NEWSVANE, byte for byte. Needs the
# packages gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and qemu-user-static; arm64 libraries are unpacked into a scratch folder. Status 77,
# skipped, where something of that is not to be had. Takes some ten minutes.
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
newsvane=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
for tool in aarch64-linux-gnu-gcc qemu-aarch64-static apt-get dpkg ninja; do
	command -v "$tool" >/dev/null || { echo "skipped: no $tool here"; exit 77; }
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
root=$scratch/root
mkdir -p "$root" "$scratch/apt/lists/partial" "$scratch/apt/cache/archives/partial"
: >"$scratch/apt/status"

apt() {
	apt-get -o Dir::State="$scratch/apt" -o Dir::State::status="$scratch/apt/status" -o Dir::State::lists="$scratch/apt/lists" \
		-o Dir::Cache="$scratch/apt/cache" -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Install-Recommends=0 \
		-o APT::Sandbox::User=root -y "$@" >>"$scratch/log" 2>&1
}
{ apt update && apt --download-only install libc6-dev libgsl-dev libcjson-dev libutf8proc-dev libsqlite3-dev libxml2-dev zlib1g-dev \
	libzstd-dev liblzma-dev libstemmer-dev libbz2-dev; } || { echo 'skipped: no arm64 libraries are to be had'; exit 77; }
for package in "$scratch"/apt/cache/archives/*.deb; do
	dpkg -x "$package" "$root"
done

cat >"$scratch/toolchain.cmake" <<END
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_SYSROOT $root)
set(CMAKE_FIND_ROOT_PATH $root)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static;-L;$root)
END
export PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_LIBDIR=$root/usr/lib/aarch64-linux-gnu/pkgconfig:$root/usr/share/pkgconfig
{ cmake -S "$source" -B "$scratch/build" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$scratch/toolchain.cmake" -DNV_TESTS=OFF &&
	cmake --build "$scratch/build" --target newsvane; } >"$scratch/log" 2>&1 || { tail -n 30 "$scratch/log"; exit 1; }

awk 'NR % 16 == 1' "$source/data/corpus/tech_policy.jsonl" >"$scratch/some.jsonl"

# run FOLDER PROGRAM…: what each algorithm and each output comes to.
run() {
	mkdir "$scratch/$1" && cd "$scratch/$1" && cp ../some.jsonl . && shift &&
		"$@" train --model model some.jsonl &&
		"$@" train --algorithm nb --model model-nb some.jsonl &&
		"$@" train --algorithm logreg --weighting tfidf --calibrate isotonic --model model-logreg some.jsonl &&
		"$@" classify --model model --explain 3 --output classified.jsonl some.jsonl &&
		"$@" eval --model model --json eval.json --html eval.html some.jsonl >eval.txt &&
		"$@" crossval --folds 3 --json crossval.json some.jsonl >crossval.txt
}
(run given "$newsvane" && run arm64 qemu-aarch64-static -L "$root" "$scratch/build/newsvane") 2>"$scratch/log" || { cat "$scratch/log"; exit 1; }
diff -rq "$scratch/given" "$scratch/arm64"
echo 'aarch64: the same bytes'
