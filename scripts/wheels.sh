#!/usr/bin/env bash
# Makes a Python wheel of every archive of a release, with the very program that the archive holds.
#
#   scripts/wheels.sh DIST OUT
#
# PYTHON names the Python whose pip builds them (default python3).
set -euo pipefail

[ $# -eq 2 ] || { echo 'usage: scripts/wheels.sh DIST OUT' >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

found=
for archive in "$1"/routellm_*.tar.gz "$1"/routellm_*.zip; do
	[ -f "$archive" ] || continue # a pattern that matches nothing
	found=yes
	name=$(basename "$archive")
	case $name in
		*.zip) name=${name%.zip} && unzip -q "$archive" "$name/routellm.exe" -d "$work" ;;
		*) name=${name%.tar.gz} && tar -xzf "$archive" -C "$work" "$name/routellm" ;;
	esac
	IFS=_ read -r _ version os arch <<<"$name"
	GOOS=$os GOARCH=$arch ROUTELLM_VERSION=$version ROUTELLM_BINARY=$(echo "$work/$name"/routellm*) \
		"${PYTHON:-python3}" -m pip wheel --quiet --no-deps --wheel-dir "$2" "$(dirname "$0")/../python"
done
[ -n "$found" ] || { echo "wheels: $1 holds no archive: run make dist first" >&2; exit 1; }
