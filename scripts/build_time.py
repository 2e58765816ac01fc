#!/usr/bin/env python3
"""Measures the CPU time of a first build, from an empty build cache.

    scripts/build_time.py [--package ./cmd/routellm] [--top 15]

It builds into a temporary cache, which it removes, and prints the CPU seconds (user and system, of
all processes) of the whole build and of the largest parts. CPU time depends little on what else the
machine does, elapsed time a lot. Modules must have been downloaded: run "go mod download" before.

Packages that use a generic type compile its methods, also if the type is only in a field or in the
signature of a method of a type that they use. So types of this module keep generic types of large
libraries out of their fields and methods: see layout in datasets/internal/parquetfile.
"""

import argparse
import collections
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MODULE = "github.com/routellm/routellm"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", default="./cmd/routellm")
    parser.add_argument("--top", type=int, default=15, help="number of parts to list")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="routellm-build-"))
    try:
        return measure(given, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(given: argparse.Namespace, folder: Path) -> int:
    standard = set(subprocess.run(["go", "list", "std"], check=True, capture_output=True, text=True).stdout.split())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    graph = folder / "graph.json"
    build = subprocess.run(
        ["go", "build", "-buildvcs=false", f"-debug-actiongraph={graph}", "-o", str(folder / "program"), given.package],
        env={**os.environ, "GOCACHE": str(folder / "cache")},
    )
    if build.returncode != 0:
        return build.returncode
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    parts = collections.Counter()
    for action in json.loads(graph.read_text()):
        seconds = ((action.get("CmdUser") or 0) + (action.get("CmdSys") or 0)) / 1e9
        parts[part_of(action, standard)] += seconds
    parts["go itself"] = total - sum(parts.values())
    print(f"| part | CPU s |\n| --- | ---: |\n| **all** | {total:.0f} |")
    for name, seconds in parts.most_common(given.top):
        print(f"| {name} | {seconds:.1f} |")
    return 0


def part_of(action: dict, standard: set[str]) -> str:
    """Returns the name of the module that an action of the build is about, as far as paths tell it."""
    package = action["Package"]
    if action["Mode"] == "link":
        return "linking"
    if package in standard or package.startswith(("vendor/", "internal/")):
        return "the standard library"
    if package.startswith(MODULE):
        return "this module"
    return "/".join(package.split("/")[: 3 if package.startswith(("github.com/", "gonum.org/")) else 2])


if __name__ == "__main__":
    sys.exit(main())
