#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# demo.sh: the whole path on the shipped corpus: installs what is missing, builds, cross-validates (each writer's articles are
# judged by a model that has not seen that hand), trains, evaluates and classifies the examples. Results go to demo/.
# With NEWSVANE set to a program (`NEWSVANE=newsvane scripts/demo.sh`: the installed one) nothing is installed or built.
set -eu
cd "$(dirname "$0")/.."
. scripts/common.sh

corpus=data/corpus/tech_policy.jsonl
examples=data/examples/examples.jsonl
model=demo/tech_policy.model

newsvane=${NEWSVANE:-build/newsvane}
mkdir -p demo

if [ -z "${NEWSVANE-}" ]; then
	# shellcheck disable=SC2086 # a list of words
	need $build_packages
	say 'building'
	if ! { cmake -S . -B build && cmake --build build -j "$(jobs_here)"; } >demo/build.log 2>&1; then
		tail -n 40 demo/build.log
		exit 1
	fi
fi

# html COMMAND FILE: the options for an HTML report, where the program can write one.
html() { if "$newsvane" "$1" --help | grep -q -- --html; then printf -- '--html=%s' "$2"; fi; }

say 'cross-validation on the corpus, one writer left out at a time'
# shellcheck disable=SC2046 # no word or one
"$newsvane" crossval --group-by writer --folds 18 --json demo/crossval.json $(html crossval demo/crossval.html) "$corpus"

say "training on the corpus: $model"
"$newsvane" train --model "$model" "$corpus"

say 'evaluation on the ten examples, which are not in the corpus'
# shellcheck disable=SC2046
"$newsvane" eval --model "$model" --json demo/eval.json $(html eval demo/eval.html) "$examples"

say 'the examples, classified (each .txt file: first line the title)'
"$newsvane" classify --model "$model" --output demo/examples.jsonl "$examples"
"$newsvane" classify --model "$model" --to tsv --output demo/examples.tsv data/examples/text
cat demo/examples.jsonl

say 'where everything is'
printf '%-24s %s\n' "$newsvane" "the program; \"$newsvane help\" says what it can do" "$model" 'the model' \
	demo/crossval.json 'the cross-validated report' demo/eval.json 'the report on the examples' \
	demo/examples.jsonl 'the classified examples' demo/examples.tsv 'the same from data/examples/text, as a table'
for page in demo/crossval.html demo/eval.html; do
	[ ! -e "$page" ] || printf '%-24s %s\n' "$page" 'the report as a page for the browser'
done
printf '\nYour own articles: %s classify --model %s FILE_OR_FOLDER…\n' "$newsvane" "$model"
