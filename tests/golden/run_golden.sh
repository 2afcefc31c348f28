#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the golden cases: each folder <command>/<case>/ holds
#   cmd      shell commands, run by sh in a fresh copy of the folder with `newsvane` and the helpers in bin/ on PATH; $DATA and
#            $FIXTURES name the folders data/ and tests/fixtures/
#   stdout, stderr, exit   what must come out (missing: empty, empty, 0)
#   other files            inputs
# usage: run_golden.sh [--update] NEWSVANE [CASE…]      CASE as train/bad_json; --update rewrites the expectations
set -u
here=$(cd "$(dirname "$0")" && pwd)
update=no
[ "${1:-}" = --update ] && { update=yes; shift; }
[ $# -ge 1 ] || { sed -n '3,9p' "$0" >&2; exit 2; }
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1"); shift
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" && ln -s "$program" "$scratch/bin/newsvane"
PATH=$scratch/bin:$here/bin:$PATH
LC_ALL=C.UTF-8
DATA=$(cd "$here/../../data" && pwd)
FIXTURES=$(cd "$here/../fixtures" 2>/dev/null && pwd)
export PATH LC_ALL DATA FIXTURES

# Compares or rewrites one expectation of a case.
settle() { # case file actual
	expected=$here/$1/$2
	if [ $update = yes ]; then
		if [ -s "$3" ]; then cp "$3" "$expected"; else rm -f "$expected"; fi
		return 0
	fi
	[ -e "$expected" ] || expected=/dev/null
	diff -u "$expected" "$3" > "$scratch/diff" && return 0
	printf '%s: %s differs\n' "$1" "$2"
	sed 's/^/    /' "$scratch/diff" | head -n 40
	return 1
}

run_case() {
	rm -rf "$scratch/work" && cp -r "$here/$1" "$scratch/work" || return 1
	(cd "$scratch/work" && rm -f stdout stderr exit && sh ./cmd > ../stdout 2> ../stderr < /dev/null; echo $? > ../exit)
	echo 0 | cmp -s - "$scratch/exit" && : > "$scratch/exit" # no file stands for 0
	sed -i "s#$scratch/work#.#g; s#$DATA#DATA#g; s#$FIXTURES#FIXTURES#g" "$scratch/stdout" "$scratch/stderr"
	ok=0
	for f in stdout stderr exit; do settle "$1" $f "$scratch/$f" || ok=1; done
	return $ok
}

[ $# -gt 0 ] || set -- $(cd "$here" && ls -d */*/cmd | sed 's#/cmd$##')
passed=0 failed=0
for c in "$@"; do
	if run_case "$c"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "golden cases: $passed passed, $failed failed"
[ $failed -eq 0 ]
