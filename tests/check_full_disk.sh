#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_full_disk.sh NEWSVANE: outputs on a disk that fills, a tmpfs of 8 KB in a mount namespace of its own: status 4, the reason, the
# old file as it was and no temporary one; with room, the same command succeeds. Status 77, skipped, where no file system may be mounted.
set -u
if [ "$1" != --inside ]; then
	unshare --map-root-user --mount true 2>/dev/null || { echo 'skipped: no mount namespace is allowed here'; exit 77; }
	exec unshare --map-root-user --mount "$0" --inside "$@"
fi
newsvane=$2
fixtures=$(cd "$(dirname "$0")/fixtures" && pwd)
scratch=$(mktemp -d)
trap 'umount "$scratch/disk" 2>/dev/null; rm -rf "$scratch"' EXIT
mkdir "$scratch/disk"
mount -t tmpfs -o size=8k newsvane-test "$scratch/disk" || { echo 'skipped: no tmpfs can be mounted here'; exit 77; }
cd "$scratch" || exit 1
for _ in 1 2 3 4 5 6 7 8 9 10; do cat "$fixtures/desk.jsonl"; done >many.jsonl
"$newsvane" train --schema "$fixtures/desk.json" --model model "$fixtures/desk.jsonl" 2>log || { cat log; exit 1; }
failed=0

# on_disk NAME COMMAND…: the command, which writes disk/out, on the full disk and with room.
on_disk() {
	local name=$1 status
	shift
	mount -o remount,size=8k "$scratch/disk"
	printf old >disk/out
	[ "$name" != sqlite ] || rm disk/out
	"$newsvane" "$@" >/dev/null 2>log
	status=$?
	[ $status -eq 4 ] || { echo "$name: status $status on a full disk"; cat log; failed=1; }
	grep -qi 'no space\|full' log || { echo "$name: the reason is not told"; cat log; failed=1; }
	[ "$name" = sqlite ] || [ "$(cat disk/out)" = old ] || { echo "$name: the old file is lost"; failed=1; }
	[ "$name" = sqlite ] || [ "$(ls disk)" = out ] || { echo "$name: left $(ls disk)"; failed=1; }
	rm -f disk/*
	mount -o remount,size=16m "$scratch/disk"
	"$newsvane" "$@" >/dev/null 2>log || { echo "$name: failed with room"; cat log; failed=1; }
	rm -f disk/*
}
on_disk train train --schema "$fixtures/desk.json" --model disk/out "$fixtures/desk.jsonl"
on_disk classify classify --model model --output disk/out many.jsonl
on_disk sqlite classify --model model --to sqlite --output disk/out many.jsonl
on_disk json eval --model model --json disk/out "$fixtures/desk.jsonl"
on_disk html eval --model model --html disk/out "$fixtures/desk.jsonl"
exit $failed
