#!/usr/bin/env python3
"""Compares what two builds of routellm print and write.

    scripts/compare_outputs.py OLD NEW [--rules FILE] [--cache DIR] [--root DIR] [--shared DIR]

It runs every "$ routellm" line of README.md and docs/*.md, and those of
scripts/outputs/commands.md, with both binaries in scratch folders of their own. It compares
exit codes, stdout, stderr and every file written: pictures, Parquet and models byte for byte,
JSON and CSV value by value, tables by their numbers, pages by all of these. Differences
are grouped and counted. It exits with 1 if a number, a picture, a row, an exit code or a key
differs that the rules do not name; changed words are listed only.

If the documents' commands changed too, --root names the checkout that OLD was built from, and
the rules say which flags were renamed.

Reads the two binaries, the documents and ../shared where there is one; needs no network.
Writes to the cache folder only: what a binary did is recorded there and not run again.
"""

import argparse
import collections
import sys
import tempfile
from pathlib import Path

from outputs import documents, files, runs
from outputs.rules import Rules

HERE = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path, help="binary before the change")
    parser.add_argument("new", type=Path, help="binary after it")
    parser.add_argument("--rules", type=Path, help="JSON file of intended differences; scripts/outputs/rules.py describes it")
    parser.add_argument("--cache", type=Path, help="folder for recorded outputs (default a temporary one)")
    parser.add_argument("--root", type=Path, default=HERE, help="checkout whose documents are run (default this one)")
    parser.add_argument("--shared", type=Path, help="folder that commands call ../shared (default the one beside the checkout)")
    parser.add_argument("--only", help="run only documents whose names contain this")
    parser.add_argument("--show", type=int, default=30, help="groups to list of each kind (default 30)")
    given = parser.parse_args()
    rules = Rules(given.rules)
    with tempfile.TemporaryDirectory() as scratch:
        cache = given.cache or Path(scratch)
        shared = given.shared or given.root.resolve().parent / "shared"
        shared = shared.resolve() if shared.exists() else None
        old = runs.Recorder(given.old, cache, shared)
        new = runs.Recorder(given.new, cache, shared, rules.arguments)
        return report(compare_all(old, new, given.root, given.only, rules), rules, given.show)


def compare_all(old: runs.Recorder, new: runs.Recorder, root: Path, only: str | None, rules: Rules):
    """Returns the places of every difference, by kind and group, and the number of commands."""
    groups, commands = collections.defaultdict(list), 0
    for document in documents.read(root):
        if only and only not in document.name:
            continue
        print(document.name, file=sys.stderr, flush=True)
        for a, b in zip(old.record(document), new.record(document)):
            commands += 1
            for kind, group, where in compare_runs(a, b, old.blob, rules):
                groups[kind, group].append(f"{document.name}: {a.command}: {where}")
    return groups, commands


def compare_runs(a: runs.Run, b: runs.Run, blob, rules: Rules):
    """Yields (kind, group, part) for every difference between two runs of a command."""
    if a.code != b.code:
        yield "exit code", f"{a.code} -> {b.code}: {a.command}\n+ {blob(b.stderr).decode()[:300].strip()}", "exit code"
    name = files.output_name(a.command, blob(a.stdout))
    if a.stdout != b.stdout and name != files.output_name(a.command, blob(b.stdout)):
        yield "rows", f"output is no longer {name}: {a.command}", "stdout"
        name = "stdout.txt"
    pairs = [(name, a.stdout, b.stdout), ("stderr.txt", a.stderr, b.stderr)]
    pairs += [(path, digest, b.files[path]) for path, digest in a.files.items() if path in b.files]
    for path, was, now in pairs:
        for kind, group in files.compare(path, blob(was), blob(now), rules):
            yield kind, group, path
    for path in a.files.keys() - b.files.keys():
        yield "file gone", path, path
    for path in b.files.keys() - a.files.keys():
        yield "file new", path, path


def report(found, rules: Rules, show: int) -> int:
    """Prints the groups of differences, fatal ones first, and returns the exit code."""
    groups, commands = found
    kinds = collections.defaultdict(list)
    for (kind, group), places in groups.items():
        accepted = kind in files.FATAL and rules.accepts(f"{kind}: {group}")
        kinds[kind not in files.FATAL or accepted, ("accepted " if accepted else "") + kind].append((len(places), group, places[0]))
    for (fine, kind), entries in sorted(kinds.items()):
        entries.sort(key=lambda entry: (-entry[0], entry[1]))
        print(f"\n{'' if fine else 'FAIL '}{kind}: {len(entries)} groups, {sum(n for n, _, _ in entries)} places")
        for count, group, place in entries[:show]:
            indented = group.replace("\n", "\n        ")
            print(f"{count:5} x {indented}\n        in {place}")
        if len(entries) > show:
            print(f"        and {len(entries) - show} groups more (--show {len(entries)})")
    failed = any(not fine for fine, _ in kinds)
    print(f"\n{commands} commands compared: {'FAIL' if failed else 'no number differs'}")
    return 1 if failed or not commands else 0


if __name__ == "__main__":
    sys.exit(main())
