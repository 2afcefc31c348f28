#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# fuzz.sh RUNS [TARGET…]: builds the fuzz targets of tests/fuzz (all, or those named) with clang, libFuzzer, AddressSanitizer and
# UndefinedBehaviorSanitizer, and runs each RUNS times, or for SECONDS when RUNS is given as 600s. A run over a second, memory
# over 256 MB, a leak or a failed check counts as a crash. The corpus grows in $NV_FUZZ_CORPUS (build-fuzz/corpus); findings
# go to build-fuzz/found. Mend what is found, put the input under tests/fuzz/regressions/TARGET and the tests replay it.
set -u
cd "$(dirname "$0")/.." || exit 2
. scripts/common.sh
[ $# -ge 1 ] || { echo 'usage: scripts/fuzz.sh RUNS|SECONDSs [TARGET…]' >&2; exit 2; }
case $1 in
*s) limit=(-max_total_time="${1%s}") ;;
*) limit=(-runs="$1") ;;
esac
shift
build=${NV_FUZZ_BUILD:-build-fuzz}
corpus=${NV_FUZZ_CORPUS:-$build/corpus}
max_len=${NV_FUZZ_MAX_LEN:-4096}
# shellcheck disable=SC2086 # a list of words
need $build_packages clang libclang-rt-14-dev || exit 1
[ $# -gt 0 ] || set -- feed html model options packed records schema text warc

mkdir -p "$build"
say 'building'
cmake -S . -B "$build" -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=RelWithDebInfo -DNV_FUZZ=ON \
	-DNV_SANITIZE=address,undefined >"$build/build.log" 2>&1 &&
	cmake --build "$build" -j "$(jobs_here)" --target newsvane "${@/#/fuzz_}" >>"$build/build.log" 2>&1 ||
	{ tail -n 40 "$build/build.log"; exit 1; }

# Small models of every kind, from the fixtures.
seed_models() {
	local folder=$1 data=tests/fixtures schema options n=0
	while read -r schema options; do
		n=$((n + 1))
		# shellcheck disable=SC2086 # a list of words
		"$build/newsvane" train --threads 1 --schema "$data/$schema.json" --model "$folder/$n" $options "$data/$schema.jsonl" \
			2>"$build/seed.log" || { cat "$build/seed.log"; exit 1; }
	done <<-END
		desk --max-features 40
		desk --algorithm nb --max-features 60 --subwords off
		topics --algorithm logreg --max-features 40 --calibrate isotonic
		topics --hash-bits 10 --subwords off --calibrate off
		stance --max-features 40
	END
}

# AddressSanitizer keeps freed memory for a while, 256 MB of it unless told otherwise: that would count against the limit.
export ASAN_OPTIONS=quarantine_size_mb=8
failed=()
for target in "$@"; do
	mkdir -p "$corpus/$target" "$build/found/$target" "tests/fuzz/seeds/$target"
	[ "$target" != model ] || [ -e "$corpus/model/1" ] || seed_models "$corpus/model"
	dictionary=()
	[ ! -e "tests/fuzz/$target.dict" ] || dictionary=(-dict="tests/fuzz/$target.dict")
	say "$target: ${limit[*]}, inputs of up to $max_len bytes"
	"$build/fuzz_$target" "${limit[@]}" -max_len="$max_len" -timeout=1 -rss_limit_mb=256 -print_final_stats=1 -close_fd_mask=1 \
		-artifact_prefix="$build/found/$target/" "${dictionary[@]}" "$corpus/$target" "tests/fuzz/seeds/$target" 2>"$build/$target.log" ||
		failed+=("$target")
	grep -E '^stat::|SUMMARY|Done|does not hold|runtime error' "$build/$target.log"
done
[ ${#failed[@]} -eq 0 ] && exit 0
say "found something: ${failed[*]}; see $build/found and $build/TARGET.log"
exit 1
