#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_packages.sh: builds the Debian packages; lintian may find no error. Then, as root and with a mirror of Debian in reach: installs
# them into a fresh root of the same release that holds nothing but what they depend on, runs the demo there, a program against the
# installed library and Python's module, removes them, and compares the root with what it was.
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$source/scripts/common.sh"
skip() {
	echo "skipped: $*"
	exit 77
}
root=$scratch/root
packages=(newsvane libnewsvane0 libnewsvane-dev python3-newsvane)

"$source/scripts/package.sh" "$scratch/packages"
for name in "${packages[@]}"; do
	ls "$scratch/packages/${name}"_*.deb >/dev/null || { echo "no package $name"; exit 1; }
done

need lintian >/dev/null 2>&1 || skip 'lintian could not be installed'
say lintian
lintian --fail-on error --suppress-tags initial-upload-closes-no-bugs "$scratch"/packages/*.deb
echo 'packages: built, lintian finds no error'

[ "$(id -u)" -eq 0 ] || skip 'a fresh root can be made by root alone'
need debootstrap >/dev/null 2>&1 || skip 'debootstrap could not be installed'

# What the packages want beside each other, without versions, and a compiler for the program that uses the library.
wanted() {
	for package in "$scratch"/packages/*.deb; do
		dpkg-deb -f "$package" Depends | tr ',' '\n'
	done | sed 's/([^)]*)//g; s/|.*//; s/ //g' | grep -v newsvane | sort -u
	printf '%s\n' gcc libc6-dev pkg-config
}

# Every file of the root with its kind, mode and contents; not what dpkg and ldconfig keep for themselves.
state() {
	(
		cd "$root"
		find . -xdev \( -path ./proc -o -path ./srv -o -path ./tmp -o -path ./var/log -o -path ./var/cache/ldconfig -o -path ./etc/ld.so.cache -o \
			-path './var/lib/dpkg/status*' -o -path ./var/lib/dpkg/triggers -o -path ./var/lib/dpkg/lock -o -path ./var/cache/debconf \) -prune -o -type f -printf '%m ' -exec sha256sum {} \; \
			-o -printf '%m %y %p %l\n' | LC_ALL=C sort -k3
	)
}
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }

release=$(. /etc/os-release && echo "$VERSION_CODENAME")
# shellcheck disable=SC2016 # names of apt's
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
	awk -v release="$release" '$2 == release && $3 == "main" { print $1; exit }')
say "debootstrap $release"
debootstrap --variant=minbase --include="$(wanted | paste -sd,)" "$release" "$root" "$mirror" >"$scratch/debootstrap.log" 2>&1 || {
	tail -n 5 "$scratch/debootstrap.log"
	skip 'no fresh root could be made'
}

say 'installing'
state >"$scratch/before"
mkdir "$root/srv/packages" "$root/srv/newsvane"
cp "$scratch"/packages/*.deb "$root/srv/packages"
cp -r "$source/scripts" "$source/docs" "$root/srv/newsvane"
mkdir "$root/srv/newsvane/data"
cp -r "$source/data/corpus" "$source/data/examples" "$root/srv/newsvane/data"
inside sh -c 'dpkg -i /srv/packages/*.deb'

say 'the demo, with the installed program'
inside env NEWSVANE=newsvane bash /srv/newsvane/scripts/demo.sh >"$scratch/demo.out" 2>&1 || {
	tail -n 20 "$scratch/demo.out"
	exit 1
}
tail -n 5 "$scratch/demo.out"

say 'the library and the module'
# shellcheck disable=SC2016 # the dollars are the inner shell's
inside sh -euc 'cd /srv/newsvane
	gcc -std=c17 docs/example/classify_one.c $(pkg-config --cflags --libs newsvane) -o classify_one
	./classify_one demo/tech_policy.model "A new chip" "A new chip for data centres was presented."
	echo "<p>A new chip for data centres was presented." >page.html
	newsvane classify --model demo/tech_policy.model page.html
	python3 -c "import newsvane; m = newsvane.load(\"demo/tech_policy.model\"); print(len(list(m.classify([\"A new chip was presented.\"]))))"
	test -s /usr/share/man/man1/newsvane.1.gz -a -s /usr/share/bash-completion/completions/newsvane'

say 'removing'
inside dpkg --purge "${packages[@]}"
state >"$scratch/after"
diff "$scratch/before" "$scratch/after" || {
	echo 'packages: something is left behind, or gone'
	exit 1
}
echo 'packages: installed into a fresh root, the demo run, removed without a trace'
