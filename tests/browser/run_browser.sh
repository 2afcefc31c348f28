#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# run_browser.sh NEWSVANE [large]: makes HTML reports, of hostile articles among others, and drives them in chromium (run.mjs). Exit status
# 77, with the reason, where node, chromium or the packages of package.json are missing: npm ci in this folder installs them.
# large: a report over 100,000 articles, its size and the time until it can be used.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
newsvane=$1

skip() {
	echo "skipped: $*"
	exit 77
}
command -v node >/dev/null || skip 'node is not installed'
chromium=$(command -v chromium || command -v chromium-browser) || skip 'chromium is not installed'
[ -d "$here/node_modules/playwright-core" ] && [ -d "$here/node_modules/axe-core" ] ||
	skip "playwright-core and axe-core are not installed: run npm ci in tests/browser"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
corpus=$source/data/corpus/tech_policy.jsonl

if [ "${2-}" = large ]; then
	"$newsvane" train --model "$scratch/model" "$corpus" 2>/dev/null
	node "$here/many.mjs" "$corpus" 100000 |
		"$newsvane" eval --model "$scratch/model" --draws 0 --html "$scratch/large.html" - >/dev/null 2>&1
	node "$here/large.mjs" "$chromium" "$scratch/large.html"
	exit
fi

node "$here/articles.mjs" "$corpus" "$scratch"
"$newsvane" crossval --schema "$scratch/schema.json" --folds 3 --draws 50 --learning-curve --html "$scratch/report.html" "$scratch/articles.jsonl" \
	>/dev/null 2>"$scratch/log" || { cat "$scratch/log"; exit 1; }
node "$here/run.mjs" "$chromium" "$scratch/report.html"
"$newsvane" crossval --schema "$scratch/schema.json" --folds 2 --draws 50 --algorithm logreg --compare '--algorithm nb' --html "$scratch/compare.html" \
	"$scratch/articles.jsonl" >/dev/null 2>"$scratch/log" || { cat "$scratch/log"; exit 1; }
node "$here/compare.mjs" "$chromium" "$scratch/compare.html"
