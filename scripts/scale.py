#!/usr/bin/env python3
"""Measures what tables of growing size cost, and what larger ones would.

    scripts/scale.py [--binary bin/routellm] [--rows 100000,1000000,10000000] [--prompts 10000,100000,1000000] [--dir out/scale]

It invents tables of scores and of prompts, runs each job on every size once, and prints one line of a
Markdown table per job: the CPU seconds and the peak of the resident memory at each size, and the
seconds at 1e8, 1e9 and 1e10 rows that follow from the last two sizes in a straight line. docs/scale.md has such a table.
Queries run in DuckDB on one thread. The invented tables are the same in every run and take 1 GB.
"""

import argparse
import multiprocessing
import os
import random
import subprocess
import sys
from pathlib import Path

FUTURE = (10**8, 10**9, 10**10)
TABLE = """COPY (
  SELECT 's' || i AS sample_id, 'c' || (i // 5) AS cluster, score,
    CAST(hash(i * 3 + 1) % 1000 < 800 + 100 * score AS DOUBLE) AS "quality:big",
    CAST(hash(i * 3 + 2) % 1000 < 750 - 300 * score AS DOUBLE) AS "quality:small"
  FROM (SELECT i, (hash(i * 3) % 1000000000) / 1e9 AS score FROM range({rows}) AS r(i))
) TO '{path}' (FORMAT parquet)"""
WORDS = """why how what when does would can the a an of to in for with from explain list compare write prove
compute sum product ratio speed train river engine market poem letter code function loop array string
number prime angle circle energy force cell gene enzyme war treaty king city law contract judge price""".split()
QUERY = """import duckdb, sys
db = duckdb.connect()
db.execute("SET threads = 1")
db.execute(f"COPY ({open(sys.argv[1]).read()}) TO '{sys.argv[2]}'")"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=Path("bin/routellm"))
    parser.add_argument("--rows", default="100000,1000000,10000000")
    parser.add_argument("--prompts", default="10000,100000,1000000")
    parser.add_argument("--dir", type=Path, default=Path("out/scale"))
    parser.add_argument("--only", help="run only these jobs, separated by commas, and those that they need")
    given = parser.parse_args()
    given.dir.mkdir(parents=True, exist_ok=True)
    program, sizes = str(given.binary.resolve()), [int(n) for n in given.rows.split(",")]
    prompts = [int(n) for n in given.prompts.split(",")]
    heads = " | ".join(f"{n:.0e} rows".replace("e+0", "e").replace("e+", "e") for n in FUTURE)
    print(f"| job | measured, in CPU seconds and MB | {heads} |\n| --- | --- | --- | --- | --- |")
    lines = {}
    for n in sorted({*sizes, *prompts}):
        folder = given.dir / str(n)
        folder.mkdir(exist_ok=True)
        for name, command in jobs(program, folder, n in sizes, n in prompts):
            if not given.only or name in given.only.split(","):
                lines.setdefault(name, []).append((n, *measured(name, command, folder)))
    for name, found in lines.items():
        print(line(name, found), flush=True)
    return 0


def jobs(program: str, folder: Path, rows: bool, prompts: bool):
    """Makes the tables of a size, and returns its jobs, each a name and a command."""
    n = int(folder.name)
    if rows:
        apart(table, folder / "table.parquet", n)
        columns = ["--dialect", "duckdb", "--table", "'table.parquet'", "--pair", "big,small"]
        for kind, flags in {"bins": [], "buckets": ["--buckets", "200"]}.items():
            with open(folder / f"{kind}.sql", "w") as f:
                subprocess.run([program, "sql", "summary", *columns, "--range", "0,1", *flags], cwd=folder, stdout=f, stderr=subprocess.DEVNULL, check=True)
        (folder / "query.py").write_text(QUERY)
        yield "summary, DuckDB", [sys.executable, "query.py", "bins.sql", "bins.parquet"]
        yield "eval --summary", [program, "eval", "--summary", "x=bins.parquet"]
        yield "summary --buckets 200, DuckDB", [sys.executable, "query.py", "buckets.sql", "buckets.parquet"]
        yield "eval --summary, with intervals", [program, "eval", "--summary", "x=buckets.parquet"]
        yield "eval --summarise", [program, "eval", "--summarise", "--bench", "table.parquet", "--pair", "big,small", "--router", "x=scores:table.parquet"]
        if n <= 1_000_000:
            yield "eval", [program, "eval", "--bench", "table.parquet", "--pair", "big,small", "--router", "x=scores:table.parquet"]
    if prompts:
        apart(texts, folder / "prompts.parquet", n)
        yield "score --in", [program, "score", "--router", "mf", "--in", "prompts.parquet", "--out", "scored", "--jobs", "1"]


def apart(make, path: Path, rows: int) -> None:
    """Makes a file if there is none, in a process of its own: a child's peak of memory counts what its parent held."""
    if not path.exists():
        process = multiprocessing.get_context("spawn").Process(target=make, args=(path, rows))
        process.start()
        process.join()


def table(path: Path, rows: int) -> None:
    """Writes an invented table of scores and qualities, in clusters of five rows."""
    import duckdb
    duckdb.connect().execute(TABLE.format(rows=rows, path=path))


def texts(path: Path, rows: int) -> None:
    """Writes an invented table of prompts of about 180 characters."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    rng = random.Random(1)
    with pq.ParquetWriter(path, pa.schema([("sample_id", pa.string()), ("prompt", pa.string())])) as w:
        for start in range(0, rows, 100_000):
            ids = range(start, min(start + 100_000, rows))
            w.write_table(pa.table({"sample_id": [f"s{i}" for i in ids], "prompt": [" ".join(rng.choices(WORDS, k=33)) for _ in ids]}))


def measured(name: str, command: list[str], folder: Path) -> tuple[float, float]:
    """Runs a command and returns its CPU seconds and its peak memory in MB."""
    with open(folder / "log", "w") as log:
        child = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{name}: failed: see {log.name}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def line(name: str, found: list[tuple[int, float, float]]) -> str:
    """Returns the line of a job: what was measured, and what follows from the last two sizes."""
    cells = [f"{cpu:.1f} s, {memory:.0f} MB" for _, cpu, memory in found]
    (n, a, _), (m, b, _) = found[-2:]
    slope = (b - a) / (m - n)
    ahead = [duration(b + slope * (future - m)) for future in FUTURE]
    return f"| `{name}` | {'; '.join(cells)} | {' | '.join(ahead)} |"


def duration(seconds: float) -> str:
    """Returns CPU seconds in the unit that reads best."""
    for unit, size in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
