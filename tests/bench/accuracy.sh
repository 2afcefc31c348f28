#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints what newsvane's defaults reach on every data set, in one run: docs/accuracy.md explains the table.
# usage: accuracy.sh [NEWSVANE [CORPORA [REAL_NEWS]]] [-- train options…]
# CORPORA: a folder with textgcn_*, semeval2016_stance, reuters_modapte; what is missing is skipped with a word. Needs python3.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
program=$root/build/newsvane corpora=$root/../shared/corpora real=$root/../shared/real_news/dev.jsonl
[ $# -eq 0 ] || [ "$1" = -- ] || { program=$1; shift; }
[ $# -eq 0 ] || [ "$1" = -- ] || { corpora=$1; shift; }
[ $# -eq 0 ] || [ "$1" = -- ] || { real=$1; shift; }
[ $# -eq 0 ] || shift
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# One figure of a JSON report: figure FILE PATH…; a {"value", "low", "high"} prints its interval too.
figure() {
	python3 - "$@" <<'PY'
import json, sys
x = json.load(open(sys.argv[1]))
for k in sys.argv[2:]:
    x = x[k]
print('%.4f' % x if not isinstance(x, dict) else '%.4f [%.3f, %.3f]' % (x['value'], x['low'] or float('nan'), x['high'] or float('nan')))
PY
}

# Whether p can be trusted: trust FILE TASK.
trust() {
	echo "log loss $(figure "$1" tasks "$2" log_loss)  calibration error $(figure "$1" tasks "$2" ece) (chance up to $(figure "$1" tasks "$2" ece_by_chance))"
}

missing() { [ -e "$corpora/$1" ] || { echo "$1: skipped, not in $corpora"; return 0; }; return 1; }

run() { "$program" "$@" 2> "$tmp/log" || { cat "$tmp/log" >&2; return 1; }; }

single='{"tasks": [{"name": "label", "kind": "multiclass", "field": "label"}]}'
several='{"tasks": [{"name": "labels", "kind": "multilabel", "field": "labels"}]}'
python3 - "$tmp" <<'PY'
import json, sys
targets = ['Atheism', 'Climate Change is a Real Concern', 'Feminist Movement', 'Hillary Clinton', 'Legalization of Abortion']
tasks = [{'name': t.split()[0].lower(), 'kind': 'stance', 'field': 'stance', 'where': {'target': t}} for t in targets]
json.dump({'tasks': tasks}, open(sys.argv[1] + '/semeval.json', 'w'))
PY
printf '%s' "$single" > "$tmp/single.json"
printf '%s' "$several" > "$tmp/several.json"

sum=0
for set in textgcn_20ng textgcn_r8 textgcn_r52 textgcn_ohsumed textgcn_mr; do
	missing $set && continue
	run train --schema "$tmp/single.json" --model "$tmp/model" "$@" "$corpora/$set/train.jsonl"
	run eval --model "$tmp/model" --json "$tmp/r.json" "$corpora/$set/test.jsonl" > /dev/null
	printf '%-18s accuracy %s  macro-F1 %s  %s\n' $set "$(figure "$tmp/r.json" tasks label accuracy)" "$(figure "$tmp/r.json" tasks label macro f1)" \
		"$(trust "$tmp/r.json" label)"
	sum=$(figure "$tmp/r.json" tasks label accuracy | awk -v s="$sum" '{print s + $1}')
done
echo "mean of the five   accuracy $(echo "$sum" | awk '{printf "%.4f", $1 / 5}')"

if ! missing semeval2016_stance; then
	run train --schema "$tmp/semeval.json" --model "$tmp/model" "$@" "$corpora/semeval2016_stance/train.jsonl"
	run eval --model "$tmp/model" --json "$tmp/r.json" "$corpora/semeval2016_stance/test.jsonl" > /dev/null
	echo "semeval2016_stance pooled F1 of favor and against $(figure "$tmp/r.json" pooled stance f1_favor_against)"
fi
if ! missing reuters_modapte; then
	run train --schema "$tmp/several.json" --model "$tmp/model" "$@" "$corpora/reuters_modapte/train.jsonl"
	run eval --model "$tmp/model" --json "$tmp/r.json" "$corpora/reuters_modapte/test.jsonl" > /dev/null
	printf 'reuters_modapte    micro-F1 %s  macro-F1 %s\n' "$(figure "$tmp/r.json" tasks labels micro f1)" "$(figure "$tmp/r.json" tasks labels macro f1)"
fi

# The four stance tasks of our schema in one line: mean over targets of the mean F1 of favor and against, and AUC of favor against against.
stances() {
	python3 - "$1" <<'PY'
import json, sys
tasks = json.load(open(sys.argv[1]))['tasks']
names = ['ai_progress', 'china_competitiveness', 'tech_restrictions', 'market_outlook']
value = lambda x: x['value'] if isinstance(x, dict) else x
f = [value(tasks[n]['macro']['f1_favor_against']) for n in names]
a = [value(tasks[n]['score_auc']) for n in names]
show = lambda v: ' '.join('%.3f' % x if x is not None else 'n/a' for x in v)
print('stance F1 %.4f (%s)  AUC (%s)' % (sum(x or 0 for x in f) / 4, show(f), show(a)))
PY
}
run crossval --group-by writer --folds 18 "$@" --json "$tmp/r.json" "$root/data/corpus/tech_policy.jsonl" > /dev/null
echo "corpus by writer   topics macro-F1 $(figure "$tmp/r.json" tasks topics macro f1)  $(trust "$tmp/r.json" topics)  $(stances "$tmp/r.json")"
if [ -e "$real" ]; then
	run train --model "$tmp/model" "$@" "$root/data/corpus/tech_policy.jsonl"
	run eval --model "$tmp/model" --json "$tmp/r.json" "$real" > /dev/null
	echo "real news          topics macro-F1 $(figure "$tmp/r.json" tasks topics macro f1)  AP $(figure "$tmp/r.json" tasks topics macro average_precision)  $(trust "$tmp/r.json" topics)  $(stances "$tmp/r.json")"
else
	echo "real news: skipped, no $real"
fi
