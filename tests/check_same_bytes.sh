#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_same_bytes.sh NEWSVANE: the same input, options and seed give the same model and the same outputs with one thread and
# with more, and in another locale, time zone and folder.
set -eu
corpus=$(cd "$(dirname "$0")/../data" && pwd)/corpus/tech_policy.jsonl
newsvane=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
awk 'NR % 8 == 1' "$corpus" >"$scratch/some.jsonl"

# run FOLDER THREADS: all commands on the same names, so that no path can make a difference.
run() {
	mkdir "$scratch/$1" && cd "$scratch/$1" && ln -s ../some.jsonl some.jsonl &&
		"$newsvane" train --threads "$2" --model model some.jsonl &&
		"$newsvane" train --threads "$2" --algorithm nb --model model-nb some.jsonl &&
		"$newsvane" train --threads "$2" --algorithm logreg --model model-logreg some.jsonl &&
		"$newsvane" classify --threads "$2" --model model --explain 3 --output classified.jsonl some.jsonl &&
		"$newsvane" classify --threads "$2" --model model --to csv --output classified.csv some.jsonl &&
		"$newsvane" eval --threads "$2" --model model --json eval.json --html eval.html some.jsonl >eval.txt &&
		"$newsvane" crossval --threads "$2" --folds 3 --group-by writer --json crossval.json some.jsonl >crossval.txt &&
		"$newsvane" inspect model >inspect.txt
}

(run one 1) 2>"$scratch/log" || { cat "$scratch/log"; exit 1; }
(run again 1) 2>"$scratch/log" || { cat "$scratch/log"; exit 1; }
(run two 2) 2>"$scratch/log" || { cat "$scratch/log"; exit 1; }
(export LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo; run three 3) 2>"$scratch/log" || { cat "$scratch/log"; exit 1; }
for other in again two three; do
	diff -rq "$scratch/one" "$scratch/$other"
done
for file in model model-nb model-logreg classified.jsonl classified.csv eval.json eval.html eval.txt crossval.json crossval.txt inspect.txt; do
	[ -s "$scratch/one/$file" ] || { echo "$file is empty or missing"; exit 1; }
done
echo 'same bytes for 1, 2 and 3 threads'
