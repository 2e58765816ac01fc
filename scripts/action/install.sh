#!/usr/bin/env bash
# Installs routellm for the GitHub Action, as choose.sh has decided, and puts it on the path of the
# steps that follow. A release is checked against its checksums before it is unpacked.
set -euo pipefail

# fail shows an error in GitHub's page and ends the step.
fail() {
	echo "::error title=routellm::$1"
	exit 1
}

# platform prints GOOS_GOARCH of this machine.
platform() {
	local os arch
	case $(uname -s) in
		Linux) os=linux ;;
		Darwin) os=darwin ;;
		MINGW* | MSYS* | CYGWIN*) os=windows ;;
		*) fail "there is no release for $(uname -s)" ;;
	esac
	arch=${RUNNER_ARCH:-$(uname -m)} # uname -m is that of bash, which Windows may emulate
	case $arch in
		X64 | x86_64 | amd64) arch=amd64 ;;
		ARM64 | arm64 | aarch64) arch=arm64 ;;
		*) fail "there is no release for $arch" ;;
	esac
	echo "${os}_$arch"
}

# digest prints the SHA-256 of a file; macOS has no sha256sum.
digest() {
	if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# download fetches a file of the release.
download() {
	# shellcheck disable=SC2153 # the variables come from action.yml
	curl --fail --silent --show-error --location --retry 3 --output "$1" "$base/$1" ||
		fail "$base/$1 cannot be fetched: is $VERSION a release of that repository?"
}

# install_release puts the release's program into $bin.
install_release() {
	local platform name archive want
	base=$REPOSITORY/releases/download/$VERSION
	platform=$(platform) || { echo "$platform"; exit 1; }
	name=routellm_${VERSION#v}_$platform
	archive=$name.tar.gz
	case $platform in windows_*) archive=$name.zip ;; esac
	cd "$work"
	download checksums.txt
	download "$archive"
	want=$(awk -v name="$archive" '$2 == name { print $1 }' checksums.txt)
	[ -n "$want" ] || fail "checksums.txt does not list $archive"
	[ "$(digest "$archive")" = "$want" ] || fail "$archive has another SHA-256 than checksums.txt says"
	case $archive in
		*.zip) unzip -q "$archive" ;;
		*) tar -xzf "$archive" ;;
	esac
	mv "$name"/routellm* "$bin/"
}

# install_source builds the action's own source.
install_source() {
	cd "$GITHUB_ACTION_PATH"
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X github.com/routellm/routellm/internal/version.release=$VERSION" -o "$bin/" ./cmd/routellm
}

if [ "$FROM" != path ]; then
	bin=$RUNNER_TEMP/routellm-bin
	work=$(mktemp -d "$RUNNER_TEMP/routellm-XXXXXX")
	trap 'rm -rf "$work"' EXIT
	mkdir -p "$bin"
	(install_"$FROM")
	echo "$bin" >>"$GITHUB_PATH"
	if command -v cygpath >/dev/null; then bin=$(cygpath -u "$bin"); fi # C:\ would end an entry of PATH
	PATH=$bin:$PATH
fi
version=$(routellm version) || fail "routellm does not run"
echo "$version"
echo "version=$version" >>"$GITHUB_OUTPUT"
