#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# eval_cost.sh NEWSVANE MODEL ARTICLES [ROUNDS]: processor time of classify and of eval without bootstrap on the same articles, one thread, in
# turn, the least of ROUNDS (default 5), and their ratio.
set -eu
newsvane=$1 model=$2 articles=$3 rounds=${4:-5}
TIMEFORMAT='%U %S'

seconds() {
	{ time "$newsvane" "$@" --threads 1 --model "$model" "$articles" >/dev/null 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
}
for _ in $(seq "$rounds"); do
	echo "$(seconds classify) $(seconds eval --draws 0)"
done | awk '
	NR == 1 || $1 < classify { classify = $1 }
	NR == 1 || $2 < eval { eval = $2 }
	END { printf "classify %.2f s, eval %.2f s, ratio %.2f\n", classify, eval, eval / classify }'
