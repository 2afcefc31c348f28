#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# run_python.sh NEWSVANE BUILD_FOLDER: the tests of the Python package as the build made it, by Debian's own interpreter.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export NEWSVANE=$1 FIXTURES=$here/../fixtures DATA=$here/../../data PYTHONPATH=$2/python PYTHONDONTWRITEBYTECODE=1
python=/usr/bin/python3
[ -d "$PYTHONPATH" ] || {
	echo 'skipped: the build has no Python package (python3-dev missing, or sanitizers)'
	exit 77
}
"$python" -W error "$here/check_module.py"
"$python" "$here/check_estimator.py"

# The notebook of docs/example, its pictures and model in a scratch folder; without matplotlib it says so and draws none.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if "$python" -c 'import sklearn' 2>/dev/null; then
	corpus=$(cd "$DATA" && pwd)/corpus/tech_policy.jsonl
	(cd "$scratch" && MPLBACKEND=agg "$python" "$here/../../docs/example/notebook.py" "$corpus") >"$scratch/out" ||
		{ cat "$scratch/out"; exit 1; }
	for said in 'macro-F1' 'known words' 'us_china_policy'; do
		grep -q "$said" "$scratch/out" || { echo "notebook.py does not say $said"; cat "$scratch/out"; exit 1; }
	done
	[ -s "$scratch/topics.model" ]
fi

# Types against the package itself, and one use of them. Only the stubs have names for the types of arguments; options come from the
# program's own table, so that the stub of the estimator does not repeat them.
if "$python" -c 'import mypy' 2>/dev/null; then
	cat >"$scratch/allow" <<'END'
newsvane(\.estimator)?\.NewsvaneClassifier\.__init__
newsvane(\._model)?\.(Article|Kind|Path)
newsvane\.estimator\.TASK
END
	(cd "$scratch" && "$python" -m mypy.stubtest --allowlist allow newsvane) >"$scratch/out" 2>&1 || { cat "$scratch/out"; exit 1; }
	printf '%s\n' 'import newsvane' 'ids: list[str | None] = [r.id for r in newsvane.load("m").classify(["text"])]' \
		'newsvane.load("m").classify(1)' >"$scratch/use.py"
	(cd "$scratch" && MYPYPATH=$PYTHONPATH "$python" -m mypy use.py) >"$scratch/out" 2>&1 || true
	if [ "$(grep '^use.py.*error' "$scratch/out" | cut -d: -f1,2)" != use.py:3 ]; then
		cat "$scratch/out"
		exit 1
	fi
else
	echo 'types not checked: mypy is not installed'
fi
