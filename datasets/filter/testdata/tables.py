"""Writes tables of all types with several writers, and checks what a filter made of them.

tables.py write DIR writes DIR/*.parquet and DIR/*.arrows. tables.py check DIR compares them with
the files of the same names in DIR/out, which must have the column score beside everything else: the
length of the column prompt in bytes divided by 7.
"""
import decimal
import glob
import os
import sys

import duckdb
import fastparquet
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

N = 3000
TEXTS = [f"prompt {i} " + "ä" * (i % 40) for i in range(N)]


def whole() -> pa.Table:
    """Returns a table with columns of all types, most of them with nulls."""
    numbers = list(range(N))
    holes = [None if i % 7 == 0 else i for i in numbers]
    return pa.table({
        "sample_id": [f"r{i}" for i in numbers],
        "prompt": TEXTS,
        "float": pa.array([None if i % 5 == 0 else i / 3 for i in numbers], pa.float32()),
        "int": pa.array([None if x is None else x % 100 for x in holes], pa.uint8()),
        "bool": pa.array([None if x is None else x % 2 == 0 for x in holes]),
        "date": pa.array(holes, pa.date32()),
        "time": pa.array(holes, pa.time64("us")),
        "when": pa.array(holes, pa.timestamp("us", "Europe/Berlin")),
        "took": pa.array(holes, pa.duration("us")),
        "money": pa.array([None if x is None else decimal.Decimal(x) / 4 for x in holes], pa.decimal128(20, 2)),
        "bytes": pa.array([None if x is None else bytes([x % 256]) for x in holes], pa.binary()),
        "fixed": pa.array([bytes([i % 256] * 4) for i in numbers], pa.binary(4)),
        "large": pa.array(TEXTS, pa.large_string()),
        "view": pa.array(TEXTS, pa.string_view()),
        "words": pa.array([f"word {i % 9}" for i in numbers]).dictionary_encode(),
        "list": pa.array([None if i % 4 == 0 else [i] * (i % 3) for i in numbers]),
        "vector": pa.array([[float(i), 2.0] for i in numbers], pa.list_(pa.float32(), 2)),
        "map": pa.array([[("k", i)] for i in numbers], pa.map_(pa.string(), pa.int64())),
        "struct": pa.array([{"a": i, "b": [str(i)]} for i in numbers]),
        "none": pa.nulls(N),
    }, metadata={"made by": "a test"})  # fmt: skip


def write(folder: str) -> None:
    """Writes the tables."""
    table = whole()
    for name, options in {
        "plain": {},
        "groups": {"row_group_size": 700, "write_page_index": True, "compression": "zstd"},
        "v2": {"data_page_version": "2.0", "use_dictionary": False, "compression": "gzip", "store_schema": False},
        "bare": {"version": "1.0", "compression": "none", "write_statistics": False, "sorting_columns": [pq.SortingColumn(0)]},
    }.items():
        pq.write_table(table, f"{folder}/{name}.parquet", **options)
    simple = table.select(["sample_id", "prompt", "float", "bool", "when"])
    frame = simple.to_pandas()
    frame.to_parquet(f"{folder}/pandas.parquet", index=True)
    frame.set_index("sample_id").to_parquet(f"{folder}/indexed.parquet")
    pl.from_arrow(table.select(["sample_id", "prompt", "float", "list", "words"])).write_parquet(f"{folder}/polars.parquet", row_group_size=1000)
    fastparquet.write(f"{folder}/fastparquet.parquet", pd.DataFrame({"prompt": TEXTS, "x": np.arange(N) / 3}), row_group_offsets=[0, 1000, 2500])
    duckdb.sql(f"COPY (SELECT sample_id, prompt, list, struct FROM '{folder}/plain.parquet') TO '{folder}/duckdb.parquet'")
    for name, prompt in {"text": "prompt", "large": "large", "view": "view", "dict": None}.items():
        column = table[prompt] if prompt else table["prompt"].combine_chunks().dictionary_encode()
        stream = table.drop_columns("prompt").append_column("prompt", column)
        with pa.OSFile(f"{folder}/{name}.arrows", "wb") as f, pa.ipc.new_stream(f, stream.schema) as w:
            w.write_table(stream, max_chunksize=1100)


def check(folder: str) -> None:
    """Compares the tables with the filtered ones."""
    found = 0
    for path in sorted(glob.glob(f"{folder}/*.parquet") + glob.glob(f"{folder}/*.arrows")):
        out, found = f"{folder}/out/{os.path.basename(path)}", found + 1
        before, after = read(path), read(out)
        assert after.column_names == before.column_names + ["score"], f"{path}: columns {after.column_names}"
        rest = after.drop_columns("score")
        assert rest.schema.equals(before.schema), f"{path}: {rest.schema}\nbefore: {before.schema}"
        assert rest.equals(before), f"{path}: values differ"
        want = [len(text.encode()) / 7 for text in before["prompt"].to_pylist()]
        assert after["score"].to_pylist() == want, f"{path}: other scores"
        if path.endswith(".parquet"):
            check_parquet(path, out, want)
    assert found == 13, found


def check_parquet(path: str, out: str, want: list[float]) -> None:
    """Checks what other readers make of a file."""
    pq.ParquetFile(out, page_checksum_verification=True).read()
    few = pq.read_table(out, columns=["score"], filters=[("score", ">", 8.0)])
    assert len(few) == sum(x > 8 for x in want), f"{path}: {len(few)} rows by statistics"
    assert duckdb.sql(f"SELECT score FROM '{out}'").fetchall() == [(x,) for x in want], f"{path}: DuckDB"
    assert fastparquet.ParquetFile(out).to_pandas(columns=["score"])["score"].tolist() == want, f"{path}: fastparquet"
    assert pl.read_parquet(out, columns=["score"])["score"].to_list() == want, f"{path}: polars"
    frame, before = pd.read_parquet(out), pd.read_parquet(path)
    assert frame.drop(columns="score").equals(before) and frame.index.equals(before.index), f"{path}: pandas"
    old, new = pq.ParquetFile(path).metadata, pq.ParquetFile(out).metadata
    assert old.num_row_groups == new.num_row_groups and old.created_by == new.created_by, path


def read(path: str) -> pa.Table:
    """Reads a table in any of the two formats."""
    if path.endswith(".parquet"):
        return pq.read_table(path)
    with pa.OSFile(path) as f:
        return pa.ipc.open_stream(f).read_all()


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]](sys.argv[2])
