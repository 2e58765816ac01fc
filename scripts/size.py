#!/usr/bin/env python3
"""Measures the memory and the time that routellm needs for a large table.

    scripts/size.py [--binary bin/routellm] [--rows 1000000] [--models 10] [--dir out/size] [--only NAME,...]

It invents a table in CSV with the given numbers of rows and models, runs each command on it
once, and prints one line of a Markdown table per command: the peak of the resident memory of
the whole process and the elapsed time. docs/data.md has such a table. The invented table is the
same in every run. Files are kept in the folder, which needs about 1 GB.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from pathlib import Path

WORDS = """why how what when does would can the a an of to in for with from explain list compare write prove
compute sum product ratio speed train river engine market poem letter code function loop array string
number prime angle circle energy force cell gene enzyme war treaty king city law contract judge price
demand supply tax budget music film painting recipe garden planet orbit moon light wave lens mirror""".split()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=Path("bin/routellm"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--models", type=int, default=10)
    parser.add_argument("--dir", type=Path, default=Path("out/size"))
    parser.add_argument("--only", help="run only these steps, separated by commas")
    given = parser.parse_args()
    given.dir.mkdir(parents=True, exist_ok=True)
    table = given.dir / f"table-{given.rows}x{given.models}.csv"
    if not table.exists():
        write(table, given.rows, given.models)
    print("| command | peak memory | time |\n| --- | --- | --- |")
    for name, arguments in steps(table, given):
        if not given.only or name in given.only.split(","):
            print(measured(given.binary.resolve(), name, arguments, given.dir), flush=True)
    return 0


def steps(table: Path, given) -> list[tuple[str, list[str]]]:
    """Returns the commands to run, each with a short name."""
    data = "data.parquet"
    pair = ["--pair", "model-0,model-9"]
    models = [f for m in range(given.models) for f in ("--model", f"model-{m}")]
    return [
        ("import", ["datasets", "import", "table", table.name, "--id", "id", "--prompt", "prompt", "--task", "task", *models, "--out", data]),
        ("info", ["datasets", "info", data]),
        ("eval", ["eval", "--bench", data, *pair, "--router", "random,length", "--resamples", "2000", "--out", "results"]),
        ("eval mf", ["eval", "--bench", data, *pair, "--router", "mf", "--resamples", "2000"]),
        ("eval CSV", ["eval", "--bench", table.name, *pair, "--resamples", "2000"]),
        ("audit", ["audit", data, *pair]),
        ("plan", ["plan", data, *pair]),
        ("calibrate", ["calibrate", "--data", data, *pair, "--router", "mf", "--pgr", "0.8", "--artifact", "artifact.json"]),
        ("score", ["score", "--data", data, "--router", "mf", "--out", "scores.parquet"]),
        ("compare", ["compare", "length", "mf", "--bench", data, *pair]),
        ("train mf", ["train", "mf", "--data", data, *pair, "--out", "mf.safetensors"]),
    ]


def write(path: Path, rows: int, models: int) -> None:
    """Writes an invented table: harder prompts are longer, and later models are weaker."""
    rng = random.Random(1)
    with open(path.with_suffix(".part"), "w") as f:
        f.write("id,task,prompt," + ",".join(f"model-{m}" for m in range(models)) + "\n")
        for i in range(rows):
            hard = rng.random()
            prompt = f"{i // 2 if i % 50 == 1 else i} " + " ".join(rng.choices(WORDS, k=10 + int(10 * hard)))
            cells = (str(int(rng.random() > hard * (0.4 + 0.5 * m / models))) for m in range(models))
            f.write(f"sample-{i},task {rng.randrange(20)},{prompt}?,{','.join(cells)}\n")
    path.with_suffix(".part").rename(path)


def measured(binary: Path, name: str, arguments: list[str], folder: Path) -> str:
    """Runs a command and returns its line of the table."""
    log = open(folder / f"{name.replace(' ', '-')}.log", "w")
    start = time.monotonic()
    child = subprocess.Popen([binary, *arguments], cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    took = time.monotonic() - start
    if code := os.waitstatus_to_exitcode(status):
        return f"| `{name}` | exit {code}: see {log.name} | {took:.0f} s |"
    return f"| `{name}` | {usage.ru_maxrss / 1000:.0f} MB | {took:.0f} s |"


if __name__ == "__main__":
    sys.exit(main())
