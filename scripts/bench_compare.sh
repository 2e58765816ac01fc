#!/usr/bin/env bash
# Compares the benchmarks of two revisions with benchstat.
#
#	scripts/bench_compare.sh REV1 REV2
#
# It builds the test binaries of both revisions and runs them in turns, so that what else the
# machine does slows both alike. Writes out/bench/REV.txt per revision, in benchstat's format.
#
# BENCH     regular expression of the benchmarks (default all)
# PACKAGES  folders to run (default all with benchmarks)
# ROUNDS    runs of every benchmark (default 10; benchstat wants at least 6)
# BENCHTIME time per run (default 1s)
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 2 ] || { sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }

export CGO_ENABLED=0
mkdir -p out/bench
out=$PWD/out/bench
work=$(mktemp -d)
trap 'for i in 0 1; do git worktree remove --force "$work/$i/src" 2>/dev/null || true; done; rm -rf "$work"' EXIT

names=()
for i in 0 1; do
	rev=$1
	shift
	commit=$(git rev-parse --verify --short "$rev^{commit}")
	names+=("$out/$(git describe --tags --always "$commit").txt")
	mkdir -p "$work/$i/bin"
	git worktree add --quiet --detach "$work/$i/src" "$commit"
	if [ -e ../shared ]; then ln -s "$(cd ../shared && pwd -P)" "$work/$i/shared"; fi
	(
		cd "$work/$i/src"
		for package in ${PACKAGES:-$(git grep -l '^func Benchmark' -- '*_test.go' | xargs -n1 dirname | sort -u)}; do
			[ -d "$package" ] || continue
			go test -c -trimpath -o "$work/$i/bin/${package//\//+}" "./$package"
		done
	)
done
[ "${names[0]}" != "${names[1]}" ] || { echo "bench_compare: both revisions are $commit" >&2; exit 2; }

for name in "${names[@]}"; do : >"$name"; done
for round in $(seq "${ROUNDS:-10}"); do
	for binary in $({ ls "$work/0/bin"; ls "$work/1/bin"; } | sort -u); do
		for i in $(((round + 1) % 2)) $((round % 2)); do # 0 1, then 1 0
			[ -x "$work/$i/bin/$binary" ] || continue
			echo "round $round: $binary of ${names[$i]##*/}" >&2
			(
				cd "$work/$i/src/${binary//+//}"
				"$work/$i/bin/$binary" -test.run '^$' -test.bench "${BENCH:-.}" -test.benchmem -test.benchtime "${BENCHTIME:-1s}" \
					>>"${names[$i]}"
			)
		done
	done
done
columns=()
for name in "${names[@]}"; do columns+=("$(basename "$name" .txt)=$name"); done
go tool -modfile=scripts/tools/go.mod benchstat "${columns[@]}"
