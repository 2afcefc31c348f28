#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_builds.sh NEWSVANE [BUILD…]: other builds of the source (by default gcc-O0, gcc-O3 and clang-O2) write the same models and outputs
# as NEWSVANE, byte for byte. Builds in a scratch folder, which takes minutes.
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
newsvane=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
[ $# -gt 0 ] || set -- gcc-O0 gcc-O3 clang-O2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
awk 'NR % 8 == 1' "$source/data/corpus/tech_policy.jsonl" >"$scratch/some.jsonl"

# run PROGRAM FOLDER: what each algorithm and each output comes to.
run() {
	mkdir "$2" && cd "$2" && cp ../some.jsonl . &&
		"$1" train --model model some.jsonl &&
		"$1" train --algorithm nb --model model-nb some.jsonl &&
		"$1" train --algorithm logreg --weighting tfidf --calibrate isotonic --model model-logreg some.jsonl &&
		"$1" classify --model model --explain 3 --output classified.jsonl some.jsonl &&
		"$1" eval --model model --json eval.json --html eval.html some.jsonl >eval.txt &&
		"$1" crossval --folds 3 --group-by writer --json crossval.json some.jsonl >crossval.txt
}

(run "$newsvane" "$scratch/given") 2>"$scratch/log" || { cat "$scratch/log"; exit 1; }
for build in "$@"; do
	compiler=${build%-*} level=${build#*-}
	command -v "$compiler" >/dev/null || { echo "$build: no $compiler here"; continue; }
	{ cmake -S "$source" -B "$scratch/build-$build" -G Ninja -DCMAKE_C_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=None \
		-DCMAKE_C_FLAGS="-$level" -DNV_TESTS=OFF && cmake --build "$scratch/build-$build" --target newsvane; } \
		>"$scratch/log" 2>&1 || { tail -n 30 "$scratch/log"; exit 1; }
	(run "$scratch/build-$build/newsvane" "$scratch/$build") 2>"$scratch/log" || { cat "$scratch/log"; exit 1; }
	diff -rq "$scratch/given" "$scratch/$build"
	echo "$build: the same bytes"
done
