#!/usr/bin/env bash
# Runs the README's first commands as somebody does who has a clone, Go and nothing else: in a root
# folder of its own, with an empty build cache, as an unprivileged user and without a network.
#
# From this machine it takes only the Go toolchain, the module cache (read-only), a shell and make.
# It needs root, for chroot and mounts. ROUTELLM_FRESH_PAGES names the pages whose commands run.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" != --inside ]; then
	[ "$(id -u)" = 0 ] || { echo "fresh.sh needs root, for chroot and mounts" >&2; exit 1; }
	root=$(mktemp -d)
	trap 'rm -rf --one-file-system "$root"' EXIT
	# Mounts and processes end with the namespaces. --net leaves no network, not even loopback.
	FRESH_ROOT=$root FRESH_GOROOT=$(go env GOROOT) FRESH_MODULES=$(go env GOMODCACHE) \
		unshare --mount --net --pid --fork --kill-child "$0" --inside
	exit
fi

root=$FRESH_ROOT
mkdir -p "$root"/{bin,dev,etc,proc,tmp,go,modules,home/user}
echo 'user:x:1000:1000::/home/user:/bin/sh' > "$root/etc/passwd"
chmod 755 "$root"
chmod 1777 "$root/tmp"

# give copies programs into the new root, with the libraries that they load.
give() {
	local program library
	for program in "$@"; do
		cp -L "$(command -v "$program")" "$root/bin/"
		ldd "$(command -v "$program")" 2>/dev/null | grep -o '/[^ )]*' | while read -r library; do
			mkdir -p "$root$(dirname "$library")"
			cp -L "$library" "$root$library"
		done
	done
}
give sh env make

mount --bind "$FRESH_GOROOT" "$root/go"
mount -o remount,ro,bind "$root/go"
mount --bind "$FRESH_MODULES" "$root/modules"
mount -o remount,ro,bind "$root/modules"
mount -t proc proc "$root/proc"
for device in null urandom; do
	touch "$root/dev/$device"
	mount --bind "/dev/$device" "$root/dev/$device"
done

git clone --quiet --no-hardlinks . "$root/home/user/routellm"

# as_user runs a shell command in the clone, as the user of the new root.
as_user() {
	echo "\$ $1"
	chroot --userspec=1000:1000 "$root" /bin/env -i HOME=/home/user PATH=/home/user/routellm/bin:/go/bin:/bin \
		GOROOT=/go GOMODCACHE=/modules GOPROXY=off GOSUMDB=off GOTOOLCHAIN=local \
		sh -ec "cd ~/routellm; $1"
}

# commands lists the lines of a page's blocks of console that run the program.
commands() { awk '/^```/ { inside = !inside } inside && sub(/^\$ /, "") && /^routellm / { print }' "$1"; }

chown -R 1000:1000 "$root/home/user"
clone=$root/home/user/routellm
begun=$SECONDS
as_user "$(sed -n 's/^    \(go run .*\)/\1/p' "$clone/README.md" | head -n 1)"
echo "the first number after $((SECONDS - begun)) s"
as_user 'make build'

for page in ${ROUTELLM_FRESH_PAGES:-README.md docs/start.md}; do
	count=0
	while read -r line; do
		as_user "$line" > "$root/output" 2>&1 < /dev/null || { cat "$root/output" >&2; echo "$page: a command fails in a fresh clone" >&2; exit 1; }
		count=$((count + 1))
	done < <(commands "$clone/$page")
	[ "$count" -gt 0 ] || { echo "$page has no commands" >&2; exit 1; }
	echo "$page: $count commands run"
done
echo "$((SECONDS - begun)) s in all"
