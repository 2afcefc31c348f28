#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_pages.sh NEWSVANE PAGES [SANITIZERS]: the man pages and completions of a build, held against what the program itself says: every
# option of every command's --help is in its page and in each shell's completion, newsvane(3) has every function of newsvane.h, mandoc
# and man have nothing to warn of, and bash, zsh and fish complete as they should. What a missing tool would check is left out with a word.
set -u
source=$(cd "$(dirname "$0")/.." && pwd)
newsvane=$1 pages=$2
[ -z "${3-}" ] || {
	echo 'skipped: sanitized builds make no pages'
	exit 77
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export LC_ALL=C.UTF-8
failed=0
fail() {
	printf '%s\n' "$*"
	failed=1
}
has() { command -v "$1" >/dev/null || { echo "left out: no $1 here"; return 1; }; }

# Options by name: in the page as "\-name", in the completions as each shell writes them.
commands=$("$newsvane" help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | grep -v '^help$')
[ -n "$commands" ] || fail 'newsvane help lists no commands'
for command in $commands; do
	page=$pages/newsvane-$command.1
	[ -e "$page" ] || fail "no man page of $command: write docs/man/newsvane-$command.1.in"
	options=$("$newsvane" "$command" --help | sed -n 's/^  --\([a-z0-9-]*\).*/\1/p')
	[ -n "$options" ] || fail "$command --help lists no options"
	for option in $options; do
		grep -qE "^\.It Fl (\\\\-)${option//-/\\\\-}( |$)" "$page" 2>/dev/null || fail "newsvane-$command.1: no --$option"
		grep -qE -- "'$command -'.*--$option[ ']" "$pages/newsvane.bash" || fail "bash: no $command --$option"
		sed -n "/^\t$command)/,/;;/p" "$pages/_newsvane" | grep -qE -- "'--$option(=?\[)" || fail "zsh: no $command --$option"
		grep -qE "from $command' -l $option( |$)" "$pages/newsvane.fish" || fail "fish: no $command --$option"
	done
	# Defaults: as many in the page as in the help.
	[ "$("$newsvane" "$command" --help | tr -s ' \n' ' ' | grep -o '(default [^ )]*)' | wc -l)" -eq \
		"$(grep -cE '^The default is$|\(default [^ )]*\)' "$page")" ] || fail "newsvane-$command.1: other defaults than $command --help"
done

for function in $(sed -n 's/^NV_API[^(]*[ *]\(nv_[a-z0-9_]*\)(.*/\1/p' "$source/newsvane.h"); do
	grep -q "$function(" "$pages/newsvane.3" || fail "newsvane.3: no $function"
done
grep -q '^@' "$pages"/*.[135] && fail 'a directive was not filled in'
version=$("$newsvane" --version)
grep -L "^\.Os $version$" "$pages"/*.[135] | grep . && fail "these pages are not of $version"

if has mandoc; then
	mandoc -T lint -W warning "$pages"/*.[135] >"$scratch/lint" || fail "$(cat "$scratch/lint")"
fi
if has man && has groff; then
	for page in "$pages"/*.[135]; do
		man --warnings -E UTF-8 -l -Tutf8 -Z "$page" >/dev/null 2>"$scratch/man"
		[ ! -s "$scratch/man" ] || fail "$page: $(cat "$scratch/man")"
	done
fi

# completes SHELL WORDS… = EXPECTED: what bash offers for a line of these words, of which the last is under the cursor.
. "$pages/newsvane.bash"
bash_completes() {
	local expected=${*: -1}
	COMP_WORDS=(newsvane "${@:1:$#-1}")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_newsvane
	[ "${COMPREPLY[*]-}" = "$expected" ] || fail "bash: ${COMP_WORDS[*]}: \"${COMPREPLY[*]-}\", not \"$expected\""
}
bash_completes cl classify
bash_completes help ev eval
bash_completes train --algo --algorithm
bash_completes train --algorithm nb 'nb nblogreg'
bash_completes train --penalty = 'l2 l1 elasticnet'
bash_completes train --algorithm = sv svm
bash_completes classify --to t tsv
bash_completes train --model '' ''
bash_completes train --alpha '' ''
bash_completes inspect --ver --verify
bash_completes train articles ''

if has fish; then
	fish_completes() {
		local got
		got=$(XDG_CONFIG_HOME=$scratch HOME=$scratch fish --no-config -c "source $pages/newsvane.fish; complete -C '$1'" | cut -f1 | xargs)
		[ "$got" = "$2" ] || fail "fish: $1: \"$got\", not \"$2\""
	}
	fish_completes 'newsvane cl' classify
	fish_completes 'newsvane help ev' eval
	fish_completes 'newsvane train --algo' --algorithm
	fish_completes 'newsvane train --algorithm nb' 'nb nblogreg'
	fish_completes 'newsvane classify --to t' tsv
fi

if has zsh; then
	# A shell on a pseudo-terminal gets the line and a tab; the word that it completes is there when the line is run.
	mkdir "$scratch/zsh" && cp "$pages/_newsvane" "$scratch/zsh"
	cat >"$scratch/zsh/ask" <<-'END'
		zmodload zsh/zpty
		zpty shell zsh -f -i
		zpty -w shell "PROMPT= RPROMPT=; stty -echo; fpath=($1 \$fpath); autoload -U compinit; compinit -u -d $1/dump; newsvane() { print -r -- \"GOT:\$*:\" >>$1/got }"
		for line in "${@:2}"; do
			zpty -w -n shell "$line"$'\t\r'
		done
		zpty -w shell 'exit'
		while zpty -r shell chunk; do :; done
	END
	timeout 20 zsh -f "$scratch/zsh/ask" "$scratch/zsh" 'newsvane cla' 'newsvane train --algo' 'newsvane train --algorithm sv' \
		'newsvane classify --to=ts' 'newsvane help insp' >/dev/null 2>&1 </dev/null
	printf 'GOT:%s:\n' classify 'train --algorithm' 'train --algorithm svm' 'classify --to=tsv' 'help inspect' >"$scratch/zsh/expected"
	sed 's/ *:$/:/' "$scratch/zsh/got" | diff "$scratch/zsh/expected" - || fail 'zsh completes other words'
fi

[ "$failed" -eq 0 ] && echo 'pages: man pages and completions say what the program says'
exit "$failed"
